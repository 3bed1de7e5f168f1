"""EBS volumes: bound to one zone; snapshots by AWS Backup or Data Lifecycle Manager bring them back.

https://docs.aws.amazon.com/ebs/latest/userguide/initalize-volume.html
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from policies.graph import Graph, Resource, Unknown
from policies.graph.functions import GROUP, pairs
from policies.recovery.model import NOTHING, Estimate, I, Option, Step, Z, survive
from policies.recovery.schedule import largest_gap
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit
from policies.recovery.ways import MIB, Timed, backups, data_bytes, failover, term, unsure_of

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
            "mirrored": _mirrored(graph, r),
            "backups": backups_of(graph, r) + _lifecycle(graph, r),
        }
        found.append(unit(graph, KIND, r, facts))
    return found


def _mirrored(graph: Graph, volume: Resource) -> dict[str, Any] | Unknown | None:
    """How it is mirrored to another zone: by a pair whose function is told of that, and whose machines have a volume there."""
    for template in graph.users(volume, "userData", TEMPLATE):
        halves = graph.linked(template, "userData", VOLUME)
        zones = [each.get("availabilityZone") for each in halves]
        known = [each for each in zones if not isinstance(each, Unknown)]
        if len(halves) < _HALVES or len(set(known)) < min(len(known), _HALVES):
            continue
        users = {each.urn for each in graph.users(template, "launchTemplate", GROUP)}
        users |= {each.urn for each in graph.users(template, "mixedInstancesPolicy", GROUP)}
        for pair in pairs(graph):
            told = pair.function.text("environment.variables.DISK")
            if told and users & {group.urn for group in pair.groups}:
                return _disk(pair.function, told)
    return None


def _disk(function: Resource, told: str | Unknown) -> dict[str, Any] | Unknown:
    if isinstance(told, Unknown):
        return told
    try:
        found = json.loads(told)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else Unknown(f"{function.name}.environment.variables.DISK")


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
    by_itself = [*_other_half(u, world)] if u.fact("mirrored") is not None else []
    by_itself += [rejoined] if u.fact("rejoined", False) is True else []
    return [*by_itself, moved, *backups(u, world, restore_time(u, world))]


_LONGEST_START = 600
_HALVES = 2


def _other_half(u: Unit, world: Surroundings) -> Iterator[Option]:
    """The machine of the other zone becomes primary. It has what was acknowledged; mirrored asynchronously, almost."""
    told = u.fact("mirrored")
    known = told if isinstance(told, dict) else {}
    protocol, starts = known.get("protocol"), known.get("starts", _LONGEST_START)
    most = starts if isinstance(starts, int | float) and not isinstance(starts, bool) else _LONGEST_START
    yield Option(
        name="the other half, in another zone, becomes primary",
        survives=survive(I, Z),
        rpo=NOTHING if protocol == "C" else world.figures["mirror.loss"],
        terms=(
            term(Step.DETECT, NOTHING, u, "the function of its pair finds it, whose time is that one's"),
            failover(
                world.figures["mirror.fence"],
                u,
                "the former primary gives the disk up, or is taken to be reset",
            ),
            failover(
                Estimate(0, most, "A"),
                u,
                "the other one mounts it, and starts what serves",
                "a shorter readySeconds",
            ),
        ),
        manual=False,
        vague=unsure_of(told),
    )
