"""Elastic Disaster Recovery for servers that can't be rebuilt: their disks are copied to another region block by block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.checks import at_least, between
from components.options import handed_down
from components.tags import Tags

MOST_DAYS = 365


@dataclass(frozen=True, kw_only=True)
class ServerRecoveryArgs:
    """How servers are replicated into a region."""

    subnet_id: pulumi.Input[str]
    """Private subnet of the staging area, in the region that takes over, with a way to the service and to S3."""
    security_group_ids: Sequence[pulumi.Input[str]]
    """Of the replication servers, which take port 1500 from the servers' networks; at least one."""
    key_arn: pulumi.Input[str]
    """Key of the staged disks, of the region that takes over."""
    instance_type: str = "t3.small"
    """Of a replication server, which copies some 15 disks."""
    retention_days: int = 7
    """Daily points in time, 1 to 365; besides, every 10 minutes for an hour and every hour for a day."""
    tags: Tags

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse."""
        at_least(
            "security_group_ids",
            self.security_group_ids,
            1,
            "the service's own default group opens more than is needed",
        )
        between("retention_days", self.retention_days, 1, MOST_DAYS, "days")


class ServerRecovery(pulumi.ComponentResource):
    """The settings that servers get when their replication agent is installed.

    Creates: a replication template. Survives: loss of the servers' region, of a server, of a zone: points in time are in the
    region that takes over. Costs: each replicated server by the hour, its staged disks and snapshots.
    Source: https://docs.aws.amazon.com/drs/latest/userguide/default-replication-settings.html
    """

    id: pulumi.Output[str]

    def __init__(
        self, name: str, args: ServerRecoveryArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.check()
        super().__init__("holdfast:switch:ServerRecovery", name, {}, handed_down(opts))
        points = (("MINUTE", 10, 60), ("HOUR", 1, 24), ("DAY", 1, args.retention_days))
        template = aws.drs.ReplicationConfigurationTemplate(
            f"{name}-template",
            staging_area_subnet_id=args.subnet_id,
            replication_servers_security_groups_ids=list(args.security_group_ids),
            associate_default_security_group=False,
            replication_server_instance_type=args.instance_type,
            use_dedicated_replication_server=False,
            default_large_staging_disk_type="GP3",
            ebs_encryption="CUSTOM",
            ebs_encryption_key_arn=args.key_arn,
            data_plane_routing="PRIVATE_IP",
            create_public_ip=False,
            bandwidth_throttling=0,  # none: what lags behind is lost
            auto_replicate_new_disks=True,
            pit_policies=[
                {
                    "enabled": True,
                    "rule_id": rule,
                    "units": unit,
                    "interval": interval,
                    "retention_duration": kept,
                }
                for rule, (unit, interval, kept) in enumerate(points, 1)
            ],
            staging_area_tags=args.tags.resource(f"{name}-staging"),
            tags=args.tags.resource(f"{name}-template"),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.id = template.id
        self.register_outputs({"id": self.id})
