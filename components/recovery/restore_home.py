"""Where a restore test puts what it restores: subnets of ours, behind a security group that lets nothing in or out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.tags import Tags

DATABASES = ("Aurora", "DocumentDB", "Neptune", "RDS")
"""Types that AWS Backup would restore into the region's default VPC, and fail where there is none.
https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-inferred-metadata.html"""


@dataclass(frozen=True, kw_only=True)
class RestoreHome:
    """The network of restored databases."""

    vpc_id: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Data subnets by zone id, in at least two zones."""


def declare_home(
    name: str, home: RestoreHome, tags: Tags, opts: pulumi.ResourceOptions
) -> dict[str, dict[str, pulumi.Input[str]]]:
    """Declare the subnet group and the security group; return the restore settings by resource type.

    Keys are in lower case: AWS Backup gives them back so.
    """
    subnets = aws.rds.SubnetGroup(
        f"{name}-subnets",
        description="What restore tests restore",
        subnet_ids=[home.subnet_ids[zone] for zone in sorted(home.subnet_ids)],
        tags=tags.resource(f"{name}-subnets"),
        opts=opts,
    )
    group = aws.ec2.SecurityGroup(
        f"{name}-isolated",
        vpc_id=home.vpc_id,
        description="What restore tests restore: nothing in, nothing out",
        tags=tags.resource(f"{name}-isolated"),
        opts=opts,
    )
    inside: dict[str, pulumi.Input[str]] = {
        "dbsubnetgroupname": subnets.name,
        "vpcsecuritygroupids": pulumi.Output.json_dumps([group.id]),
    }
    return dict.fromkeys(DATABASES, inside)
