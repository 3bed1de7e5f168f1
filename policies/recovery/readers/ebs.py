"""EBS volumes: bound to one zone; snapshots by AWS Backup or Data Lifecycle Manager bring them back.

https://docs.aws.amazon.com/ebs/latest/userguide/initalize-volume.html
"""

from __future__ import annotations

import math
from typing import Any

from policies.graph import Graph, Resource, Unknown
from policies.recovery.model import NOTHING, Estimate, I, Option, Step, survive
from policies.recovery.schedule import largest_gap
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit
from policies.recovery.ways import MIB, Timed, backups, data_bytes, failover, term

from .backup import backups_of
from .common import DAY, unit

KIND = "ebs"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
VOLUME, LIFECYCLE = "aws:ebs/volume:Volume", "aws:dlm/lifecyclePolicy:LifecyclePolicy"
_UNIT_S = {"HOURS": 3600, "DAYS": DAY, "WEEKS": 7 * DAY, "MONTHS": 30 * DAY, "YEARS": 365 * DAY}


def read(graph: Graph) -> list[Unit]:
    """One unit for each volume that is declared on its own; one that a launch template's script names is attached by each new instance."""
    found = []
    for r in graph.of(VOLUME):
        facts = {
            "allocated_gib": r.number("size"),
            "rate_mib": r.number("volumeInitializationRate"),
            "rejoined": bool(graph.users(r, "userData", TEMPLATE)) or None,
            "backups": backups_of(graph, r) + _lifecycle(graph, r),
        }
        found.append(unit(graph, KIND, r, facts))
    return found


def _lifecycle(graph: Graph, volume: Resource) -> list[dict[str, Any]]:
    found = []
    for policy in graph.of(LIFECYCLE):
        if graph.region(policy) != graph.region(volume) or policy.get("state", "ENABLED") == "DISABLED":
            continue
        unsure = _targets(policy, volume)
        schedules = policy.rows("policyDetails.schedules")
        if unsure is None or isinstance(schedules, Unknown):
            continue
        found += [_schedule(policy, f"policyDetails.schedules.{i}", unsure) for i, _ in enumerate(schedules)]
    return found


def _targets(policy: Resource, volume: Resource) -> list[str] | None:
    """None when the policy doesn't target the volume, else the properties that decide whether it does."""
    wanted, tags = policy.get("policyDetails.targetTags", {}), volume.tags
    if isinstance(wanted, Unknown):
        return [wanted.path]
    unsure = []
    for key, value in wanted.items() if isinstance(wanted, dict) else ():
        have = tags.get(key)
        if isinstance(value, Unknown) or isinstance(have, Unknown):
            unsure.append(f"{policy.name}.policyDetails.targetTags.{key}")
        elif have == value:
            return []
    return unsure or None


def _schedule(policy: Resource, path: str, unsure: list[str]) -> dict[str, Any]:
    gap: float | Unknown | None
    expression = policy.text(f"{path}.createRule.cronExpression")
    if isinstance(expression, str):
        try:
            gap = largest_gap(expression)
        except ValueError as error:
            gap = Unknown(f"{policy.name}.{path}.createRule.cronExpression ({error})")
    elif isinstance(expression, Unknown):
        gap = expression
    else:
        hours = policy.number(f"{path}.createRule.interval", 24)
        gap = hours * 3600 if isinstance(hours, int | float) else hours
    copies = policy.rows(f"{path}.crossRegionCopyRules")
    rows = copies if isinstance(copies, list) else [copies]
    return {
        "plan": policy.name,
        "gap_s": gap,
        "start_window_s": 3600,
        "retention_s": _kept(policy, f"{path}.retainRule", gap),
        "copies": [
            {
                "region": _target(policy, f"{path}.crossRegionCopyRules.{i}"),
                "retention_s": _kept(policy, f"{path}.crossRegionCopyRules.{i}.retainRule", gap),
            }
            for i, _ in enumerate(rows)
        ],
        "unsure": unsure,
    }


def _target(policy: Resource, path: str) -> str | Unknown:
    region = policy.text(f"{path}.targetRegion") or policy.text(f"{path}.target")
    return region or Unknown(f"{policy.name}.{path}.targetRegion")


def _kept(policy: Resource, path: str, gap: Any) -> float | Unknown | None:
    interval, name = policy.number(f"{path}.interval"), policy.text(f"{path}.intervalUnit", "DAYS")
    if isinstance(interval, int | float) and name in _UNIT_S:
        return interval * _UNIT_S[name]
    count = policy.number(f"{path}.count")
    if isinstance(count, int | float) and isinstance(gap, int | float):
        return count * gap
    return next((v for v in (interval, name, count) if isinstance(v, Unknown)), None)


def restore_time(u: Unit, world: Surroundings) -> Timed:
    """A volume is usable at once and at full speed after size / rate."""
    attach = world.figures["ebs.attach"]
    size, rate = data_bytes(u, world), u.fact("rate_mib")
    if isinstance(size, Unknown) or isinstance(rate, Unknown):
        paths = tuple(v.path for v in (size, rate) if isinstance(v, Unknown))
        return Estimate(attach.low, math.inf, "D", attach.sources), paths
    if rate:
        full = Estimate(size / (rate * MIB), size / (rate * MIB), "A")
    else:
        figure = world.figures.number("ebs.rate") * MIB
        margin = world.figures.number("restore.margin")
        full = Estimate(size / figure, size / figure * margin, "D", frozenset({"ebs.rate", "restore.margin"}))
    return attach + full, ()


def options(u: Unit, world: Surroundings) -> list[Option]:
    """The volume survives its instance; anything else is a restore."""
    moved = Option(
        name="volume attached to another instance of its zone",
        survives=survive(I),
        rpo=NOTHING,
        terms=(failover(world.figures["ebs.attach"], u, "the volume is attached again"),),
    )
    figures = world.figures
    again = figures["launch.ec2"] + figures["launch.bootstrap"] + figures["ebs.attach"]
    seen = term(Step.DETECT, figures["detect.status_check"], u, "the group finds its instance ill")
    rejoined = Option(
        name="attached by the instance that replaces the lost one",
        survives=survive(I),
        rpo=NOTHING,
        terms=(seen, failover(again, u, "its successor is launched, and attaches the volume")),
        manual=False,
    )
    by_itself = [rejoined] if u.fact("rejoined", False) is True else []
    return [*by_itself, moved, *backups(u, world, restore_time(u, world))]
