"""Files of one file system on their way to the other region's, and how late they are."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.data.files_args import FilesPeer, SharedFilesArgs
from components.operations.alarms import Comparison, Metric, Missing, alarm

PERIODS = 5


def replicate(
    name: str,
    args: SharedFilesArgs,
    peer: FilesPeer,
    *,
    own: pulumi.Output[str],
    theirs: pulumi.Output[str],
    parent: pulumi.Resource,
) -> None:
    """Declare the replication in the direction asked for, and with somebody to tell, the alarm on its lag; neither when it is off."""
    if peer.replication == "off":
        return
    outward = peer.replication == "to-peer"
    source, target = (own, theirs) if outward else (theirs, own)
    # Declared, and measured, in the source's region.
    region = None if outward else peer.region
    made: list[pulumi.Resource] = []
    if peer.held:
        replication = aws.efs.ReplicationConfiguration(
            f"{name}-replication",
            source_file_system_id=source,
            destination={"file_system_id": target, "region": peer.region if outward else peer.home_region},
            region=region,
            # A file system is part of one replication only: the old direction ends before the new one begins.
            opts=pulumi.ResourceOptions(parent=parent, delete_before_replace=True),
        )
        made.append(replication)
    actions = args.alarm_actions if outward else peer.alarm_actions
    opts = pulumi.ResourceOptions(parent=parent, depends_on=made)
    declare_lag(name, args, source=source, target=target, actions=actions, region=region, opts=opts)


def declare_lag(
    name: str,
    args: SharedFilesArgs,
    *,
    source: pulumi.Input[str],
    target: pulumi.Input[str],
    actions: Sequence[pulumi.Input[str]],
    region: str | None,
    opts: pulumi.ResourceOptions,
) -> None:
    """Declare the alarm on what `target` lacks of `source`, in the source's region (None: the own one), if there is somebody to tell."""
    if not actions:
        return
    alarm(
        f"{name}-lag",
        Metric(
            namespace="AWS/EFS",
            name="TimeSinceLastSync",
            statistic="Maximum",
            dimensions={"FileSystemId": source, "DestinationFileSystemId": target},
        ),
        Comparison.ABOVE,
        args.lag_seconds,
        periods=PERIODS,
        missing=Missing.BREACHING,
        description=f"{name}: seconds since the replica last had everything",
        tags=args.tags,
        actions=actions,
        region=region,
        opts=opts,
    )
