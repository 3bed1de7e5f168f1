"""What the components of an active-standby system are given. The settings' checks look at the same arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from architectures.active_standby import names
from architectures.active_standby.sections import Disk, DiskRestore, Server, Watch
from architectures.faults import PLACEHOLDER
from architectures.parts.arguments import PLACEHOLDER_TAGS, image
from architectures.stack import Stack
from components.compute import MirrorArgs, PairArgs, PairWatcherArgs
from components.data import DataVolumesArgs, SnapshotCopies
from components.edge import SideListenerArgs, TargetArgs
from components.tags import Tags

TARGET_KEYS = {
    "target.port": "server.port",
    "target.health_path": "server.healthPath",
    "target.deregistration_delay": "watch.drainSeconds",
}
"""Argument of a target group that a setting decides -> key within the system."""
PAIR_KEYS = {
    "instance_types": "server.instanceTypes",
    "image.release": "server.imageRelease",
    "user_data": "server.userData",
}
"""The same for the pair."""
WATCH_KEYS = {
    "timing.poll": "watch.pollSeconds",
    "timing.unhealthyPolls": "watch.unhealthyPolls",
    "timing.healthyPolls": "watch.healthyPolls",
    "timing.coolDown": "watch.coolDownSeconds",
    "timing.drain": "watch.drainSeconds",
}
"""The same for the watcher."""
DISK_KEYS = {"size_gib": "disk.sizeGb", "snapshots": "disk.snapshots", "fast_restore": "disk.fastRestore"}
"""The same for the disks."""
SIDE_KEYS = {"ingress_cidrs": "testFrom"}
"""The same for the test listener."""


def target(server: Server, watch: Watch) -> TargetArgs:
    """Both target groups: a dead instance is found in 12 s, two checks five seconds apart and a wait of two; no shorter is allowed."""
    return TargetArgs(
        port=server.port,
        health_path=server.health_path,
        interval=5,
        timeout=2,
        healthy_threshold=2,
        unhealthy_threshold=2,
        deregistration_delay=watch.drain_seconds,
    )


def side(
    target: TargetArgs,
    *,
    vpc_id: pulumi.Input[str],
    load_balancer_arn: pulumi.Input[str],
    security_group_id: pulumi.Input[str],
    certificate_arn: pulumi.Input[str],
    networks: Sequence[str],
    tags: Tags,
) -> SideListenerArgs:
    """The test listener, by which the one that stands by is checked."""
    return SideListenerArgs(
        vpc_id=vpc_id,
        load_balancer_arn=load_balancer_arn,
        security_group_id=security_group_id,
        certificate_arn=certificate_arn,
        ingress_cidrs=networks,
        target=target,
        tags=tags,
    )


def pair(
    server: Server,
    running: int,
    *,
    tags: Tags,
    subnet_ids: Mapping[str, pulumi.Input[str]],
    security_group_ids: Sequence[pulumi.Input[str]],
    key_arn: pulumi.Input[str],
    user_data: pulumi.Input[str],
    statements: Sequence[Mapping[str, Any]],
    members_arn: pulumi.Input[str],
    root_device: str = PairArgs.root_device,
) -> PairArgs:
    """The two instances, of which so many run."""
    checks = target(server, Watch())
    return PairArgs(
        tags=tags,
        subnet_ids=subnet_ids,
        security_group_ids=security_group_ids,
        key_arn=key_arn,
        image=image(server),
        root_device=root_device,
        user_data=user_data,
        instance_types=server.instance_types,
        statements=statements,
        grace_period=server.start_seconds + checks.interval * checks.healthy_threshold,
        running=running,
        members_arn=members_arn,
    )


def watcher(
    given: Watch,
    running: int,
    *,
    name: str,
    serving_arn: pulumi.Input[str],
    members_arn: pulumi.Input[str],
    group_names: Sequence[pulumi.Input[str]],
    table: tuple[pulumi.Input[str], pulumi.Input[str]],
    topic_arn: pulumi.Input[str],
    key_arn: pulumi.Input[str],
    tags: Tags,
    mirror: MirrorArgs | None = None,
) -> PairWatcherArgs:
    """What watches them. `name` is the pair's in the account; `table` the name and ARN of its lease's."""
    return PairWatcherArgs(
        pair=name,
        serving_arn=serving_arn,
        members_arn=members_arn,
        group_names=group_names,
        table_name=table[0],
        table_arn=table[1],
        topic_arn=topic_arn,
        key_arn=key_arn,
        timing={
            "poll": given.poll_seconds,
            "unhealthyPolls": given.unhealthy_polls,
            "healthyPolls": given.healthy_polls,
            "coolDown": given.cool_down_seconds,
            "drain": given.drain_seconds,
        },
        mirror=mirror,
        running=running,
        tags=tags,
    )


def disk(
    given: Disk,
    restore: DiskRestore | None,
    *,
    name: str,
    zone_names: Mapping[str, pulumi.Input[str]],
    key_arn: pulumi.Input[str],
    copies: SnapshotCopies | None,
    protect: bool,
    tags: Tags,
) -> DataVolumesArgs:
    """A disk in each zone: the original ones, or those of a restore. `name` is what hourly snapshots know them by."""
    return DataVolumesArgs(
        zone_names=zone_names,
        size_gib=given.size_gb,
        snapshots=given.snapshots,
        mark=name,
        key_arn=key_arn,
        snapshot_id=restore.snapshot if restore else None,
        copies=copies,
        fast_restore=given.fast_restore,
        tags=tags,
        protect=protect,
    )


def check_disk(given: Disk, stack: Stack) -> None:
    """Raise ArgumentError for what the disks would refuse; what doesn't exist yet is replaced."""
    disk(
        given,
        None,
        name=PLACEHOLDER,
        zone_names=dict.fromkeys(stack.zones, PLACEHOLDER),
        key_arn=PLACEHOLDER,
        copies=None,
        protect=stack.protect,
        tags=PLACEHOLDER_TAGS,
    ).check()


def check_pair(server: Server, zones: Sequence[str], user_data: str = "") -> None:
    """Raise ArgumentError for what the pair would refuse; what doesn't exist yet is replaced. `user_data` stands for none of its own."""
    pair(
        server,
        len(zones),
        tags=PLACEHOLDER_TAGS,
        subnet_ids=dict.fromkeys(zones, PLACEHOLDER),
        security_group_ids=[PLACEHOLDER],
        key_arn=PLACEHOLDER,
        user_data=user_data or server.user_data or "",
        statements=(),
        members_arn=PLACEHOLDER,
    ).check()


def check_watcher(given: Watch) -> None:
    """The same for the watcher."""
    watcher(
        given,
        0,
        name=PLACEHOLDER,
        serving_arn=PLACEHOLDER,
        members_arn=PLACEHOLDER,
        group_names=[PLACEHOLDER] * 2,
        table=(PLACEHOLDER, PLACEHOLDER),
        topic_arn=PLACEHOLDER,
        key_arn=PLACEHOLDER,
        tags=PLACEHOLDER_TAGS,
    ).check()


def check_side(name: str, server: Server, watch: Watch, networks: Sequence[str]) -> None:
    """The same for the test listener, and so for both target groups."""
    side(
        target(server, watch),
        vpc_id=PLACEHOLDER,
        load_balancer_arn=PLACEHOLDER,
        security_group_id=PLACEHOLDER,
        certificate_arn=PLACEHOLDER,
        networks=networks,
        tags=PLACEHOLDER_TAGS,
    ).check(names.side(name))
