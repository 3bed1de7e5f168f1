"""What the components of a data platform are given. The settings' checks look at the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from architectures.data_platform import names
from architectures.data_platform.sections import Search
from architectures.faults import PLACEHOLDER
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.stack import Stack
from components.search import KeeperArgs, Mode, SearchDomainArgs, Taken
from components.search.args import LOCAL, family
from components.tags import Tags

VOLUME_GIB = 100
"""Of a data node whose type has no disks of its own."""
DOMAIN_KEYS = {
    "domain_name": "",
    "version": "search.version",
    "data_nodes": "search.dataNodes",
    "data_type": "search.dataType",
    "master_type": "search.masterType",
    "volume_gib": "search.volumeGib",
    "off_peak_hour": "search.offPeakHour",
    "reached_from": "search.reachedFrom",
    "subnet_ids": "search.dataNodes",
}
"""Argument of a domain that a setting decides -> key within the system."""
KEEPER_KEYS = {
    "every_minutes": "search.snapshots.everyMinutes",
    "keep_days": "search.snapshots.keepDays",
    "administrators": "search.administrators",
}
"""The same of the function that keeps its snapshots."""


def domain(
    given: Search,
    name: str,
    stack: Stack,
    mode: Mode,
    *,
    tags: Tags,
    vpc_id: pulumi.Input[str],
    subnet_ids: Mapping[str, pulumi.Input[str]],
    key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
) -> SearchDomainArgs:
    """The arguments of the domain: as large in both regions, since each has all the data."""
    snapshots = given.snapshots
    taken = Taken(minutes=snapshots.every_minutes, days=snapshots.keep_days, region=stack.peer_region)
    return SearchDomainArgs(
        tags=tags,
        domain_name=names.domain(name, stack),
        region=stack.region,
        vpc_id=vpc_id,
        subnet_ids=subnet_ids,
        reached_from=given.reached_from or [stack.networks[0]],
        key_arn=key_arn,
        actions=[topic_arn],
        taken=taken if mode is Mode.TAKE else None,
        restores_from=stack.peer_region if mode is Mode.FOLLOW else None,
        version=given.version,
        data_nodes=given.data_nodes,
        data_type=given.data_type,
        master_type=given.master_type,
        volume_gib=_volume(given),
        off_peak_hour=given.off_peak_hour,
        protect=stack.protect,
    )


def _volume(given: Search) -> int | None:
    return (
        VOLUME_GIB if given.volume_gib is None and family(given.data_type) not in LOCAL else given.volume_gib
    )


def placeholder_domain(given: Search, name: str, stack: Stack) -> SearchDomainArgs:
    """The same for its checks."""
    return domain(
        given,
        name,
        stack,
        Mode.TAKE,
        tags=PLACEHOLDER_TAGS,
        vpc_id=PLACEHOLDER,
        subnet_ids=dict.fromkeys(stack.zones, PLACEHOLDER),
        key_arn=PLACEHOLDER,
        topic_arn=PLACEHOLDER,
    )


def keeper(
    given: Search,
    stack: Stack,
    mode: Mode,
    *,
    tags: Tags,
    vpc_id: pulumi.Input[str],
    subnet_ids: Sequence[pulumi.Input[str]],
    bucket: pulumi.Input[str],
    bucket_arn: pulumi.Input[str],
    key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
) -> KeeperArgs:
    """The arguments of the function that keeps the domain's snapshots."""
    return KeeperArgs(
        tags=tags,
        region=stack.region,
        peer_region=stack.peer_region,
        vpc_id=vpc_id,
        subnet_ids=subnet_ids,
        bucket=bucket,
        bucket_arn=bucket_arn,
        key_arn=key_arn,
        actions=[topic_arn],
        mode=mode,
        administrators=given.administrators,
        every_minutes=given.snapshots.every_minutes,
        keep_days=given.snapshots.keep_days,
    )


def placeholder_keeper(given: Search, stack: Stack) -> KeeperArgs:
    """The same for its checks."""
    return keeper(
        given,
        stack,
        Mode.TAKE,
        tags=PLACEHOLDER_TAGS,
        vpc_id=PLACEHOLDER,
        subnet_ids=[PLACEHOLDER],
        bucket=PLACEHOLDER,
        bucket_arn=PLACEHOLDER,
        key_arn=PLACEHOLDER,
        topic_arn=PLACEHOLDER,
    )
