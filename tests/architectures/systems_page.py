"""docs/systems.md: each kind of system, made from its component's docstring, its keys' comments and what its example registers.

Run `python -m tests.architectures.systems_page` in the repository to write it; a test compares the file with what this module makes.
"""

from __future__ import annotations

import inspect
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from architectures.registry import KINDS
from policies.cost import cost
from policies.recovery import Resource, judge
from policies.recovery.words import span
from tests.architectures.conftest import PEER, ROOT, deployed, outputs
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment, Registered
from tests.test_documented import BY_KIND, COMMENTS, SYSTEMS
from tests.test_examples import REGIONS, config

PAGE = ROOT / "docs" / "systems.md"
HEAD = """# Kinds of system

Written by `python -m tests.architectures.systems_page` from the components' docstrings, the comments of the settings and what each kind's
example registers; a test compares. Every kind also takes the keys that are explained in `Pulumi.prod.yaml`, as far as it has them:
`site`, `objectives`, `strategy` and the like. What it can't bear is one line when the settings are read.

The resources are those of one system of the example, without the foundation (network, keys, vault, topic) that a stack's systems share;
times and losses are the estimator's for the whole example, costs those of all its resources in a region that are paid for being there, the
foundation's too (`docs/recovery.md` says what is left out).
"""
EXAMPLE_OF: Mapping[str, str] = {}
"""Kinds whose example isn't called like them."""


def example(kind: str) -> Path:
    """The folder of a kind's example."""
    return ROOT / "examples" / EXAMPLE_OF.get(kind, kind)


def system(kind: str) -> str:
    """The system of that kind in its example; the first of several."""
    systems = config(example(kind), "prod")["holdfast:systems"]
    return next(name for name, said in systems.items() if said["kind"] == kind)


def stacks(kind: str) -> dict[str, Deployment]:
    """Both stacks of a kind's example, run without an engine."""
    folder = example(kind)
    prod = deployed("prod", config(folder, "prod"), {})
    return {"prod": prod, "dr": deployed("dr", config(folder, "dr"), {PEER: outputs(prod)})}


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [_row(head), _row(["---"] * len(head)), *map(_row, rows), ""]


def _said(kind: str) -> Iterator[str]:
    """What it is for, and what the component says of itself: a paragraph each for what it creates, survives and costs."""
    package = sys.modules[KINDS[kind].place.__module__.rpartition(".")[0]]
    summary, _, facts = (inspect.getdoc(KINDS[kind].place) or "").partition("\n\n")
    words = " ".join(facts.split())
    for mark in ("Survives:", "Costs:", "Source:"):
        words = words.replace(f" {mark}", f"\n\n{mark}")
    yield from (f"{inspect.getdoc(package)}", "", f"{summary} {words}", "")


def _settings(kind: str) -> list[str]:
    before = f"systems.{SYSTEMS[kind]}."
    mine = [path for path in BY_KIND[kind] if path.startswith(before)]
    rows = [[f"`{path.removeprefix(before)}`", COMMENTS[kind][path].replace("|", "\\|")] for path in mine]
    return _table(["key", "what it says, what is allowed, what it is otherwise"], rows)


def _named(token: str) -> str:
    """A type as Python spells it, without the package."""
    return f"`{token.split(':')[1].split('/', maxsplit=1)[0]}.{token.rsplit(':', 1)[-1]}`"


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from value.split(",")  # as options of Elastic Beanstalk have several
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


class Zones:
    """In which zones a stack's resources stand: what names a zone, a subnet, or what names one of those."""

    def __init__(self, stack: Deployment) -> None:
        self._stack = stack
        subnets = {each.urn: each.inputs["availabilityZoneId"] for each in stack.all("aws:ec2/subnet:Subnet")}
        self.every = sorted(set(subnets.values()))
        self._of = {urn: {zone} for urn, zone in subnets.items()}
        ids = {stack.made[urn]["id"]: zone for urn, zone in subnets.items()}
        self._ids: dict[str, set[str]] = {each: {zone} for each, zone in ids.items()}
        self._ids |= {zone: {zone} for zone in self.every}
        for each in stack.resources:
            if each.type.endswith("SubnetGroup"):
                zones = self.of(each)
                self._ids[str(stack.made[each.urn].get("name", each.name))] = zones
                self._ids[str(stack.made[each.urn]["id"])] = zones

    def of(self, resource: Registered) -> set[str]:
        """Nothing for what belongs to its whole region."""
        named = [self._ids[text] for text in _strings(resource.inputs) if text in self._ids]
        return set().union(*named)


UNSEEN = ("aws:iam/", "aws:ec2/securityGroup", "aws:vpc/securityGroup")
"""Types that say nothing of where a system stands."""


def _mine(stack: Deployment, system: str) -> list[Registered]:
    """What AWS keeps of that system."""
    parents = {each.urn: each.parent for each in stack.resources}
    top = {each.urn for each in stack.resources if each.name == system and ":architectures:" in each.type}

    def within(urn: str) -> bool:
        while urn and urn not in top:
            urn = parents.get(urn, "")
        return bool(urn)

    return [each for each in stack.resources if each.type.startswith("aws:") and within(each.urn)]


NUMBERS = ("desiredCapacity", "desiredCount")


def _nodes(group: Registered) -> float | None:
    """Of a node group, and of an environment of Elastic Beanstalk."""
    least = [float(each["value"]) for each in group.inputs.get("settings") or () if each["name"] == "MinSize"]
    found: float | None = (group.inputs.get("scalingConfig") or {}).get("desiredSize", *least)
    return found


def _where(kind: str, name: str, stack: Deployment) -> Iterator[str]:
    """A region's part of the system: what stands in which zone, and what belongs to the whole region."""
    zones, mine = Zones(stack), _mine(stack, system(kind))
    config_ = config(example(kind), name)
    role = "active" if config_["holdfast:recovery"]["activeRegion"] == REGIONS[name] else "standing by"
    yield f"**{REGIONS[name]}** (stack `{name}`, {role})"
    yield ""
    rows, whole = [], Counter[str]()
    for each in mine:
        here = zones.of(each)
        if not here or each.type.startswith(UNSEEN) or each.type.endswith("SubnetGroup"):
            whole[_named(each.type)] += 1
            continue
        told = {**each.inputs, "desiredCount": each.inputs.get("desiredCount", _nodes(each))}
        number = next((f"{told[key]:g}" for key in NUMBERS if told.get(key) is not None), "")
        marks = ["●" if zone in here else "" for zone in zones.every]
        rows.append([f"{_named(each.type)} {each.name}", *marks, number])
    if rows:
        yield from _table(["", *zones.every, "instances or tasks"], sorted(rows))
    counted = ", ".join(f"{name} {number}" for name, number in sorted(whole.items()))
    yield f"Of the whole region or of none: {counted or 'nothing'}."
    yield ""


def _registered(found: Mapping[str, Deployment]) -> list[Resource]:
    return [each for stack, region in REGIONS.items() for each in resources(found[stack], region)]


def _recovery(read: Sequence[Resource]) -> list[str]:
    report = judge(read)
    rows = [
        [str(failure), span(result.rto), span(result.rpo), str(result.verdict)]
        for failure, result in report.failures.items()
    ]
    return _table(["failure", "time", "loss", "against the example's objectives"], rows)


def section(kind: str) -> str:
    """All that the page says of a kind."""
    found = stacks(kind)
    read = _registered(found)
    paid = cost(read)
    lines = [f"## {kind}", "", *_said(kind), "### Settings", "", *_settings(kind)]
    lines += [f"### Where it stands: `examples/{example(kind).name}`, system `{system(kind)}`", ""]
    for name, stack in found.items():
        lines += _where(kind, name, stack)
    lines += ["### Recovery and cost", "", *_recovery(read)]
    costs = " and ".join(f"{paid.of(region):,.0f} in {region}" for region in REGIONS.values())
    lines += [f"USD a month: {costs}.", ""]
    if missing := sorted(each for each in paid.unpriced if ": no price of " in each):
        lines += [f"Without {'; '.join(missing)}: the table has none.", ""]
    return "\n".join(lines)


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *map(section, KINDS)])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} written\n")
