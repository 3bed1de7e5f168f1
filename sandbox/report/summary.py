"""The summary at the end of a command, for a person to read."""

from __future__ import annotations

import json
import re
import textwrap
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.tree import Tree

from policies.recovery import Report, undetermined
from policies.recovery import table as recovery_text
from sandbox.engines.model import Resource, StackResult, Violation
from sandbox.report.document import shown
from sandbox.report.recovery import OUTPUTS

_TRY = "What isn't known before a deployment is known after it: `python -m sandbox report` tries it on an AWS of its own."
_WAITS = re.compile(r"\S+(?= is not known before the deployment)")
Section = Callable[[StackResult], RenderableType | None]
"""A part of a stack's summary; None when it has nothing to say."""

_KINDS = {
    "simulated": "the moto server does it",
    "extended": "moto with the sandbox's extension does it",
    "recorded": "validated against AWS's API model and kept, nothing behind it",
}


def short(type_: str) -> str:
    """`aws:ec2/vpc:Vpc` as `ec2.Vpc`, `holdfast:network:Vpc` as `network.Vpc`."""
    parts = type_.split(":")
    return f"{parts[1].split('/')[0]}.{parts[-1]}" if len(parts) > 2 else type_  # noqa: PLR2004


def tree(result: StackResult) -> RenderableType | None:
    """The resources under their components. What is not simply simulated says so."""
    if not result.resources:
        return None
    known = {found.urn for found in result.resources}
    children: dict[str, list[Resource]] = defaultdict(list)
    for found in result.resources:
        children[found.parent if found.parent in known else ""].append(found)
    root = Tree(f"[bold]{escape(result.name)}[/]", guide_style="dim")
    _grow(root, children, "")
    return root


def _grow(branch: Tree, children: dict[str, list[Resource]], parent: str) -> None:
    for found in sorted(children[parent], key=lambda each: (each.custom, each.name)):
        if found.type == "pulumi:pulumi:Stack":
            _grow(branch, children, found.urn)
            continue
        note = f" [yellow]({found.kind})[/]" if found.kind not in ("", "simulated") else ""
        label = f"{escape(found.name)} [dim]{escape(short(found.type))}[/]{note}"
        _grow(branch.add(label if found.custom else f"[cyan]{label}[/]"), children, found.urn)


def counts(result: StackResult) -> RenderableType | None:
    """How many resources there are, and how the sandbox does them: all types that moto does not do alone are named."""
    mine = [found for found in result.resources if found.type.startswith("aws:")]
    if not mine:
        return None
    by_kind = Counter(found.kind for found in mine)
    table = Table(title=f"{len(mine)} AWS resources", title_justify="left", box=None, padding=(0, 2, 0, 0))
    for column in ("", "count", "types", "meaning"):
        table.add_column(column, justify="right" if column == "count" else "left", overflow="fold")
    for kind, meaning in _KINDS.items():
        types = sorted({short(found.type) for found in mine if found.kind == kind})
        listed = f"{len(types)} types" if kind == "simulated" else ", ".join(types) or "-"
        table.add_row(kind, str(by_kind[kind]), listed, meaning)
    if blind := sum(len(found.unchecked) for found in mine):
        table.add_row(
            "",
            str(blind),
            "",
            "properties that AWS's API model can't judge: see --json",
        )
    if by_kind[""]:
        names = ", ".join(sorted({found.type for found in mine if not found.kind}))
        table.add_row("[red]unknown[/]", str(by_kind[""]), names, "the sandbox can't do it")
    return table


def changes(result: StackResult) -> RenderableType | None:
    """What was changed, or would be."""
    done = ", ".join(f"{count} {action}" for action, count in result.changes.items() if count)
    return f"{'planned' if result.preview else 'done'}: {done}" if done else None


def policy(result: StackResult) -> RenderableType | None:
    """What the policy pack found; mandatory violations first."""
    if not result.violations:
        return "[green]policy: no violation[/]" if result.policy_checked else None
    stopping = sorted((found for found in result.violations if found.stops), key=lambda found: found.rule)
    advice: dict[tuple[str, str], list[Violation]] = defaultdict(list)
    for found in result.violations:
        if not found.stops:
            advice[found.rule, _said(found)].append(found)
    return Group(
        *(_violation(found) for found in stopping),
        *(_advice(rule, advice[rule, message]) for rule, message in sorted(advice)),
    )


def _said(found: Violation) -> str:
    """What an advice says of any resource: without its name, and without the property that it waits for."""
    return _WAITS.sub("", found.message.replace(f"{found.urn.rsplit('::', 1)[-1]}: ", ""))


def _violation(found: Violation) -> str:
    head = f"[red]policy {escape(found.level)}: {escape(found.rule)}[/] {_name(found)} [dim]{escape(found.urn)}[/]"
    return f"{head}\n{escape(textwrap.indent(found.message, '  '))}"


def _advice(rule: str, found: list[Violation]) -> str:
    """One advice: the message for the first resource, the names of the others that it is given for as well."""
    first, *others = sorted(found, key=lambda each: each.urn)
    also = f"\n  and so for {', '.join(map(_name, others))}" if others else ""
    message = escape(textwrap.indent(first.message, "  "))
    return f"[yellow]policy {escape(first.level)}: {escape(rule)}[/] {_name(first)}\n{message}{also}"


def _name(found: Violation) -> str:
    return escape(found.urn.rsplit("::", 1)[-1])


def outputs(result: StackResult) -> RenderableType | None:
    """The stack's outputs, each whole, however long; secrets hidden."""
    found = [
        leaf for name, value in shown(result).items() if name not in OUTPUTS for leaf in _leaves(name, value)
    ]
    if not found:
        return None
    width = max(len(path) for path, _ in found)
    lines = (
        f"  {path:{width}}  {leaf if isinstance(leaf, str) else json.dumps(leaf)}" for path, leaf in found
    )
    return escape("\n".join(("outputs", *lines)))


def _leaves(path: str, value: Any, *, inside: bool = False) -> Iterator[tuple[str, Any]]:
    """What stands in groups of outputs, each by its whole path; a group of plain values inside another stays together."""
    plain = not isinstance(value, dict) or not any(isinstance(inner, dict) for inner in value.values())
    if not isinstance(value, dict) or not value or (inside and plain):
        yield path, value
        return
    for name, inner in sorted(value.items()):
        yield from _leaves(f"{path}.{name}", inner, inside=True)


def drift(result: StackResult) -> RenderableType | None:
    """What a refresh found to be otherwise in AWS than the state had it."""
    lines = [
        f"  {urn.rsplit('::', 1)[-1]} {short(urn.split('::')[2].rsplit('$', 1)[-1])}: {', '.join(found) or 'gone'}"
        for urn, found in sorted(result.drift.items())
    ]
    if not lines:
        return None
    return escape("\n".join(["changed in AWS, and now in the state (preview shows the way back)", *lines]))


def failures(result: StackResult) -> RenderableType | None:
    """What went wrong."""
    return Group(*(f"[red]error:[/] {escape(error)}" for error in result.errors)) if result.errors else None


SECTIONS: tuple[Section, ...] = (tree, counts, changes, outputs, policy, failures)
"""The parts of a stack's summary in their order."""
REFRESHED: tuple[Section, ...] = (drift, failures)
"""The parts after a refresh."""


def summarize(console: Console, results: list[StackResult], sections: tuple[Section, ...] = SECTIONS) -> None:
    """Print every stack's summary."""
    for result in results:
        console.rule(f"[bold]{escape(result.name)}")
        for section in sections:
            part = section(result)
            if part is not None:
                console.print(part, highlight=False, soft_wrap=isinstance(part, str | Group))


def recovery_table(console: Console, report: Report, *, planned: bool) -> None:
    """Print how long recovery takes and what is lost, over all stacks. `planned` tells that nothing is deployed yet."""
    console.rule("[bold]recovery")
    if any(failure.nodes for failure in report.failures.values()):
        text = recovery_text(report)
    else:
        nothing = "not judged: nothing here serves or keeps data that the estimator knows"
        text = "\n".join((nothing, *(f"note: {note}" for note in report.notes)))
    console.print(escape(text), highlight=False, soft_wrap=True)
    if planned and undetermined(report):
        console.print(f"{_TRY}\n", highlight=False, soft_wrap=True)


def not_judged(console: Console, missing: list[str]) -> None:
    """Say that a graph which is only half there has no verdict."""
    console.rule("[bold]recovery")
    console.print(
        f"not judged: {escape(', '.join(missing))} is not there as a whole", highlight=False, soft_wrap=True
    )


def way_in(console: Console, endpoint: str, region: str, state: Path, end: str) -> None:
    """Say how to reach the running AWS; `end` is the command that ends it."""
    console.rule("[bold]AWS on this machine")
    console.print(
        f"It runs at {endpoint} (also in {escape(str(state / 'endpoint'))}) until `{escape(end)}`. To use it:\n\n"
        f"  export AWS_ENDPOINT_URL={endpoint} AWS_ACCESS_KEY_ID=sandbox AWS_SECRET_ACCESS_KEY=sandbox\n"
        f"  aws --region {region} ec2 describe-vpcs        # the AWS CLI\n"
        f'  boto3.client("ec2", region_name="{region}")     # boto3 reads the same variables',
        highlight=False,
        soft_wrap=True,
    )
