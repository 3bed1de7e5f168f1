"""A tier of instances in every zone: what its component is given, and what is said at load of settings that it refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pulumi

from architectures.faults import PLACEHOLDER, Fault, fault, refusals
from architectures.known import INSTANCE_TYPE, table
from architectures.parts.arguments import PLACEHOLDER_TAGS, image
from architectures.parts.sections import Compute, Fleet
from architectures.stack import Stack
from components.compute import (
    AutoScaledTierArgs,
    Size,
    Spot,
    Target,
    WarmPool,
    ZoneAlarms,
    statically_stable_size,
)
from components.compute.validation import validate
from components.tags import Tags

KEYS = {
    "instance_types": "instanceTypes",
    "image.release": "imageRelease",
    "max_size": "maximumInstances",
    "warm_pool": "warmPool",
    "spot.on_demand_base": "maximumInstances",
}
"""Argument of the tier that a setting decides -> key within its section."""


def full_size(fleet: Fleet, stack: Stack) -> Size:
    """The size that carries the whole load, with a zone lost."""
    return statically_stable_size(fleet.required_instances, len(stack.zones))


def spot(fleet: Fleet, full: Size) -> Spot | None:
    """Spot beyond the full size: a region that takes over runs that on demand, not only what stood by."""
    return Spot(on_demand_base=full.total) if fleet.spot_above_base else None


def tier(
    compute: Compute,
    size: Size,
    full: Size,
    *,
    tags: Tags,
    subnet_ids: Mapping[str, pulumi.Input[str]],
    security_group_ids: Sequence[pulumi.Input[str]],
    key_arn: pulumi.Input[str],
    user_data: pulumi.Input[str],
    statements: Sequence[Mapping[str, Any]],
    target: Target,
    zone_alarms: ZoneAlarms,
    instance_tags: Mapping[str, str] = MappingProxyType({}),
) -> AutoScaledTierArgs:
    """The tier's arguments: `size` runs, `full` is what the whole load needs."""
    return AutoScaledTierArgs(
        tags=tags,
        instance_tags=instance_tags,
        subnet_ids=subnet_ids,
        security_group_ids=security_group_ids,
        key_arn=key_arn,
        min_size=size.total,
        required=compute.required_instances,
        max_size=compute.maximum_instances,
        image=image(compute),
        user_data=user_data,
        instance_types=compute.instance_types,
        statements=statements,
        target=target,
        spot=spot(compute, full),
        warm_pool=WarmPool() if compute.warm_pool else None,
        zone_alarms=zone_alarms if size.total else None,
    )


def faults(compute: Compute, key: str, stack: Stack) -> Iterator[Fault]:
    """What can't be of the tier whose section is called `key`."""
    yield from fleet_faults(compute, key, stack, lambda full: _placeholder(compute, full, stack), KEYS)


def fleet_faults(
    fleet: Fleet,
    key: str,
    stack: Stack,
    placeholder: Callable[[Size], AutoScaledTierArgs],
    keys: Mapping[str, str],
) -> Iterator[Fault]:
    """The same of any group, whose arguments of its full size are the placeholder's; `keys`: argument -> key within the section."""
    required = {"required": f"{key}.requiredInstances"}
    if found := list(refusals(lambda: full_size(fleet, stack), required)):
        yield from found
        return
    full = full_size(fleet, stack)
    if fleet.maximum_instances < full.total:
        allowed = f"at least {full.total}: requiredInstances in {full.zones} zones with one of them gone"
        yield fault(f"{key}.maximumInstances", fleet.maximum_instances, allowed)
        return
    types = fleet.instance_types
    yield from list(table(INSTANCE_TYPE).faults(f"{key}.instanceTypes", types, stack.unlisted)) or refusals(
        lambda: validate(placeholder(full)),
        {argument: f"{key}.{name}" for argument, name in keys.items()},
    )


def _placeholder(compute: Compute, full: Size, stack: Stack) -> AutoScaledTierArgs:
    """The tier's arguments for its checks: all that settings decide, the ids of what doesn't exist yet replaced."""
    ids = dict.fromkeys(stack.zones, PLACEHOLDER)
    return tier(
        compute,
        full,
        full,
        tags=PLACEHOLDER_TAGS,
        subnet_ids=ids,
        security_group_ids=[PLACEHOLDER],
        key_arn=PLACEHOLDER,
        user_data="",
        statements=(),
        target=Target(
            arn=PLACEHOLDER,
            arn_suffix=PLACEHOLDER,
            load_balancer_arn_suffix=PLACEHOLDER,
            listener_arn=PLACEHOLDER,
        ),
        zone_alarms=ZoneAlarms(zone_names=ids, topic_arn=PLACEHOLDER),
    )
