"""Writes what is generated: `docs/policies.md` from the rules, and the table of taggable types from the installed pulumi_aws.

Run `python -m policies.generate` in the repository; the tests compare both files with what this module makes.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any, Final

from .rules import MODULES, RULES
from .rules.kernel.config import schema
from .rules.kernel.exemptions import entry_schema
from .rules.kernel.rule import Rule
from .rules.principles import PRINCIPLES, Principle
from .rules.recovery_objectives import recovery_objectives

ROOT: Final = Path(__file__).resolve().parent.parent
DOCUMENT: Final = ROOT / "docs" / "policies.md"
TAGGABLE: Final = ROOT / "policies" / "rules" / "taggable.txt"
_CLASS: Final = re.compile(r'@pulumi\.type_token\("(aws:[^"]+)"\)\nclass (\w+)\(pulumi\.CustomResource')
_TAGS: Final = re.compile(r"\n    def tags\(self\) -> [^\n]*Mapping")

_HEAD: Final = """# Policies

<!-- Written by `python -m policies.generate` from the rules themselves. -->

`policies/` is a CrossGuard pack of {count} rules for any Pulumi AWS program:
`pulumi preview --policy-pack policies [--policy-pack-config FILE]`.

- **Level.** A rule is *mandatory* (it fails preview and update) for the recovery tiers in its row, read from the resource's tag
  `dr-tier`, and *advisory* for the others. A resource without tier is judged as the strictest; one that takes no tags has the
  strictest tier in the component around it. A configured level `advisory` or `disabled` holds for every tier; `mandatory` for a rule that
  is advisory by default makes it mandatory for every tier.
- **Unknown values.** What can't be known at preview is one advisory note on that resource; everything else is judged.
- **Configuration** of each rule: its own settings below, `mandatoryTiers` (list of 1, 2, 3), and `exempt`, a list of
  [exemptions](#exemptions). An unknown rule or setting and a value of the wrong type end the operation with an error that names it.
- **Remediation.** At level `remediate`, `aws-resource-required-tags` adds the tags of its setting `add` to resources that take tags.

```json
{{"rds-instance-multi-az": {{"mandatoryTiers": [1, 2], "exempt": [
  {{"resource": "reports", "reason": "rebuilt from the warehouse each night", "until": "2027-06-30"}}]}},
 "route53-record-ttl": {{"enforcementLevel": "advisory", "maximumSeconds": 30}}}}
```

## Exemptions

An exemption keeps one rule from stated resources. It stands in the pack's configuration, under the rule's `exempt` as above, or in the
configuration of the stack that it is about, whatever the project is called, where it names its rule
([decision 0012](decisions/0012-exemptions-in-the-stacks-configuration.md)):

```yaml
config:
  holdfast:exemptions:
    - {{rule: {rule}, resource: "orders-*", failure: region, reason: one writer by its nature, until: "2027-06-30"}}
```

| key | meaning |
| --- | --- |
{keys}
- **Used**, it turns the violation into an advisory note with its reason and its last day.
- **After its last day** the violation is back, and says that the exemption ended.
- **Of no use**, because nothing matches or the rule has nothing to say there, it is an advisory note on the stack.
- **Malformed**, with an unknown rule, an empty reason, or a last day that is more than a year ahead, it ends the operation with one line
  that names it.

It changes nothing else: `python -m policies.recovery` and the sandbox's table and page of recovery show what is so. `pulumi policy analyze`
of a state file sees no stack's configuration, and so no exemption in it; and what a program only reads it shows as if it were declared.

## Rules

The last column names the finding in the assessment that AWS publishes of its own
[multi-region sample](https://github.com/aws-samples/sample-multi-region-resilient-microservice-on-aws) that the rule would have caught.

"""


_PRINCIPLES: Final = """## Principles

What the pack was written against, by number, with the rules that hold a program to it, or why there is none.

| number | principle | rules |
| --- | --- | --- |
"""


def document() -> str:
    """The documentation of the pack, in Markdown."""
    parts = [_HEAD.format(count=len(RULES), rule=recovery_objectives.name, keys=_exemption_keys())]
    parts += [
        "| rule | principle | mandatory for tiers | severity | Well-Architected | Security Hub, Config | finding |\n"
    ]
    parts += ["| --- | --- | --- | --- | --- | --- | --- |\n", *map(_row, RULES), "\n"]
    parts += [_PRINCIPLES, *(_principle(number, each) for number, each in PRINCIPLES.items()), "\n"]
    for module in MODULES:
        rules = [found for found in vars(module).values() if isinstance(found, Rule)]
        summary = (module.__doc__ or "").strip().splitlines()[0]
        parts += [f"## {summary.rstrip('.')}\n\n", *map(_section, rules)]
    return "".join(parts).rstrip("\n") + "\n"


def _exemption_keys() -> str:
    """Each key of an exemption, those that one rule alone knows last."""
    common = entry_schema(RULES[0])["properties"]
    rows = {
        "rule": "the rule, in a stack's configuration only",
        **{k: v["description"] for k, v in common.items()},
    }
    for rule in RULES:
        for name, mark in rule.marks.items():
            rows[name] = f"of `{rule.name}`: {mark['description']}"
            if "enum" in mark:
                rows[name] += f" ({', '.join(f'`{each}`' for each in mark['enum'])})"
    return "".join(f"| `{name}` | {meaning} |\n" for name, meaning in rows.items())


def _tiers(rule: Rule) -> str:
    return ", ".join(map(str, rule.tiers)) or "none (advisory)"


def _row(rule: Rule) -> str:
    cells = (
        f"[{rule.name}](#{rule.name})",
        ", ".join(rule.principles),
        _tiers(rule),
        rule.severity,
        rule.pillar,
        rule.control,
        rule.finding,
    )
    return f"| {' | '.join(cells)} |\n"


def _principle(number: str, principle: Principle) -> str:
    rules = ", ".join(f"[{rule.name}](#{rule.name})" for rule in RULES if number in rule.principles)
    return f"| {number} | {principle.text} | {rules or f'none: {principle.without}'} |\n"


def _section(rule: Rule) -> str:
    types = (
        "every AWS resource" if rule.types == ("aws:",) else ", ".join(f"`{token}`" for token in rule.types)
    )
    lines = [
        f"### {rule.name}\n",
        f"{rule.why} {rule.remedy} [AWS documentation]({rule.page})\n",
        f"Judges {types or 'the stack'}, {'from its inputs' if rule.scope == 'resource' else 'with the stack around it'}.\n",
    ]
    own = {name: wanted for name, wanted in schema(rule).items() if name in rule.options}
    if own:
        lines.append("\n".join(_setting(name, wanted) for name, wanted in own.items()) + "\n")
    return "\n".join(lines) + "\n"


def _setting(name: str, wanted: dict[str, Any]) -> str:
    return f"- `{name}` ({wanted['type']}, default `{wanted['default']}`): {wanted['description']}"


def taggable() -> str:
    """Every type of the installed pulumi_aws that has a map of tags among its arguments, one token a line."""
    spec = importlib.util.find_spec("pulumi_aws")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pulumi_aws is not installed: the table of taggable types is read from it")
    found = set()
    for source in Path(spec.origin).parent.rglob("*.py"):
        text = source.read_text("utf-8")
        made = _CLASS.search(text)
        if made and _TAGS.search(text.split(f"class _{made[2]}State")[0].split("@pulumi.type_token")[0]):
            found.add(made[1])
    return "\n".join(sorted(found)) + "\n"


if __name__ == "__main__":
    TAGGABLE.write_text(taggable(), "utf-8")
    DOCUMENT.write_text(document(), "utf-8")
