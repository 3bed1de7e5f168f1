"""What a worker on servers is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pulumi

from architectures.faults import PLACEHOLDER, Fault, fault
from architectures.parts.arguments import PLACEHOLDER_TAGS, image
from architectures.parts.tier import KEYS, fleet_faults, full_size, spot
from architectures.stack import Stack
from architectures.workers import names
from architectures.workers.arguments.function import SERVER, sample
from architectures.workers.bootstrap import script
from architectures.workers.sections import Servers
from components.compute import (
    AutoScaledTierArgs,
    Backlog,
    LifecycleHook,
    Size,
    Transition,
    standby_size,
)
from components.permissions import Statement, allow
from components.tags import Tags

AROUND_SECONDS = 80
"""Besides the work itself: a long poll of 20 s, which may still bring messages, and half a minute each to see and to tell that it goes."""
LONGEST_SECONDS = 7_200 - AROUND_SECONDS
"""A lifecycle hook waits two hours at most without being asked to wait on.
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutLifecycleHook.html"""
SERVERS_KEYS = {**KEYS, "backlog.target": "backlogPerInstance", "user_data": "userData"}
"""Argument of a tier that a setting decides -> key within `servers`."""


def size(given: Servers, stack: Stack, share: float) -> Size:
    """Instances that run in the region: that share of what the whole load needs with a zone lost."""
    return standby_size(full_size(given, stack), share)


def user_data(given: Servers, variables: Mapping[str, str]) -> str:
    """The script of the first start."""
    return script(given.user_data, {**given.environment, **variables}, _files(), _held(given))


def _files() -> Sequence[Path]:
    """The sample, and its part for instances."""
    found = sample()
    return [*found, found[-1].parent / SERVER]


def _held(given: Servers) -> int:
    """How long an instance that is to go is held at most."""
    return given.work_seconds + AROUND_SECONDS


def servers(
    given: Servers,
    running: Size,
    full: Size,
    *,
    tags: Tags,
    subnet_ids: Mapping[str, pulumi.Input[str]],
    security_group_id: pulumi.Input[str],
    key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    queue_name: pulumi.Input[str],
    user_data: pulumi.Input[str],
    statements: Sequence[Statement],
) -> AutoScaledTierArgs:
    """The arguments of a worker on servers: `running` run, `full` carry the whole load with a zone lost."""
    return AutoScaledTierArgs(
        tags=tags,
        subnet_ids=subnet_ids,
        security_group_ids=[security_group_id],
        key_arn=key_arn,
        min_size=running.total,
        required=given.required_instances,
        max_size=given.maximum_instances,
        image=image(given),
        instance_types=given.instance_types,
        user_data=user_data,
        statements=[*statements, _leaving(tags)],
        tracking=(),
        backlog=Backlog(
            queue_name=queue_name,
            target=given.backlog_per_instance,
            first=full.total,
            topic_arn=topic_arn,
        ),
        spot=spot(given, full),
        lifecycle_hooks=[
            LifecycleHook(
                name=names.LEAVING, transition=Transition.TERMINATING, heartbeat_timeout=_held(given)
            )
        ],
    )


def _leaving(tags: Tags) -> Statement:
    """What an instance needs to tell its group that it may go: the group is made after the role, so that its tags say which."""
    own = {
        f"autoscaling:ResourceTag/{key}": tag
        for key, tag in tags.resource("").items()
        if key in ("environment", "system", "workload")
    }
    return allow("autoscaling:CompleteLifecycleAction", "*", {"StringEquals": own})


def servers_faults(given: Servers, stack: Stack, share: float) -> Iterator[Fault]:
    """What can't be of it."""
    if not 1 <= given.work_seconds <= LONGEST_SECONDS:
        allowed = f"1 to {LONGEST_SECONDS}: an instance that is to go is held two hours at most"
        yield fault("servers.workSeconds", given.work_seconds, allowed)
        return
    yield from fleet_faults(
        given, "servers", stack, lambda full: _placeholder(given, full, stack, share), SERVERS_KEYS
    )


def _placeholder(given: Servers, full: Size, stack: Stack, share: float) -> AutoScaledTierArgs:
    """The arguments for their checks; names that AWS gives are about as long as these."""
    told = dict.fromkeys((names.TABLE, names.QUEUE), "x" * 120)
    return servers(
        given,
        size(given, stack, share),
        full,
        tags=PLACEHOLDER_TAGS,
        subnet_ids=dict.fromkeys(stack.zones, PLACEHOLDER),
        security_group_id=PLACEHOLDER,
        key_arn=PLACEHOLDER,
        topic_arn=PLACEHOLDER,
        queue_name=PLACEHOLDER,
        user_data=user_data(given, told),
        statements=(),
    )
