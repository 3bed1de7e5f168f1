"""What the Region switch plans of a system are given; the settings' checks look at the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pulumi

from architectures.faults import PLACEHOLDER
from architectures.parts import names
from architectures.parts.sections import Switch
from architectures.stack import Stack
from architectures.strategies import Traffic as Sent
from components.operations.peer_watch import MINUTES, PERIOD_SECONDS
from components.switch import (
    Approval,
    GlobalDatabase,
    Minutes,
    MovedStores,
    RegionSwitchArgs,
    Report,
    ServicePair,
    Traffic,
    Trigger,
)
from components.tags import Tags

KEYS = {
    **{f"minutes.{each}": f"switch.minutes.{each}" for each in ("capacity", "database", "stores", "traffic")},
    "approval.minutes": "switch.minutes.approval",
    "minutes": "switch.minutes",
    "tags.rto_hours": "objectives.rtoHours",
}
"""Argument of the plan that a setting decides -> key within the system."""


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What a plan moves: both regions' parts."""

    groups: Mapping[str, pulumi.Input[str]]
    """ARN of each region's Auto Scaling group; none: no servers are started."""
    services: Sequence[ServicePair] = ()
    database: GlobalDatabase | None = None
    """None: nothing fails over."""
    stores: MovedStores | None = None
    health: Mapping[str, pulumi.Input[str]]
    """By region: the alarm that tells whether the system is well there."""


def _minutes(given: Switch) -> Minutes:
    waits = given.minutes
    return Minutes(
        capacity=waits.capacity, database=waits.database, stores=waits.stores, traffic=waits.traffic
    )


def _regions(stack: Stack) -> Sequence[str]:
    """The founding stack's region first: AWS changes neither a plan's regions nor their order when roles swap."""
    here, there = stack.region, stack.peer_region
    return (here, there) if stack.founder else (there, here)


def plan_of_system(name: str, stack: Stack) -> str:
    """What the plan that moves all is called."""
    return names.plan(stack.named(name), "region")


def of_traffic(
    given: Switch, name: str, stack: Stack, sent: Sent, *, site: str, zone_id: pulumi.Input[str], tags: Tags
) -> RegionSwitchArgs:
    """The plan of the stack that founds a system: it has the health checks that the site follows, and runs as a step of the other."""
    return RegionSwitchArgs(
        plan_name=names.plan(stack.named(name), "traffic"),
        regions=_regions(stack),
        both_serve=sent is Sent.NEAREST,
        traffic=Traffic(zone_id=zone_id, name=site),
        minutes=_minutes(given),
        tags=tags,
    )


def of_system(
    given: Switch,
    name: str,
    stack: Stack,
    sent: Sent,
    *,
    planned: Planned,
    children: Sequence[pulumi.Input[str]],
    report: Report | None,
    tags: Tags,
    watch: pulumi.Input[str] | None = None,
) -> RegionSwitchArgs:
    """The plan of the stack that joins: it knows what both regions have. `watch`: the alarm of this region that tells the other's loss."""
    red: dict[str, pulumi.Input[str]] = {
        f"lost-{number}": arn for number, arn in enumerate(given.started_by, 1)
    }
    if watch is not None:
        red["lost"] = watch
    return RegionSwitchArgs(
        plan_name=plan_of_system(name, stack),
        regions=_regions(stack),
        both_serve=sent is Sent.NEAREST,
        groups=planned.groups,
        services=planned.services,
        database=planned.database,
        stores=planned.stores,
        children=children,
        approval=Approval(role_arn=given.approval_role, minutes=given.minutes.approval)
        if given.approval_role
        else None,
        minutes=_minutes(given),
        health=planned.health,
        trigger=Trigger(
            red=red, look_back=(PERIOD_SECONDS, MINUTES) if watch and not given.started_by else None
        )
        if red
        else None,
        report=report,
        tags=tags,
    )


def regions_of(stack: Stack) -> dict[str, str]:
    """For each region what stands for a part there that doesn't exist yet."""
    return dict.fromkeys(_regions(stack), PLACEHOLDER)


def placeholder(
    given: Switch, name: str, stack: Stack, sent: Sent, *, site: str | None, planned: Planned, tags: Tags
) -> RegionSwitchArgs:
    """Both plans as one, for its checks; in `planned` what doesn't exist yet is replaced."""
    whole = of_system(given, name, stack, sent, planned=planned, children=[], report=None, tags=tags)
    return replace(whole, traffic=Traffic(zone_id=PLACEHOLDER, name=site) if site else None)
