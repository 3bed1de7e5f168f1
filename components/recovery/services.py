"""Which services AWS Backup works for in a region: what is tagged is backed up only where its service was opted in."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

OPTED_IN = (
    "Aurora",
    "DSQL",
    "DocumentDB",
    "DynamoDB",
    "EBS",
    "EC2",
    "EFS",
    "FSx",
    "Neptune",
    "RDS",
    "Redshift",
    "S3",
)
"""Services of stores. The choice is the region's, for the whole account; services that aren't named stay as they are.
https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html"""


def declare_services(name: str, parent: pulumi.Resource) -> aws.backup.RegionSettings:
    """Declare the choice. Several stacks of a region say the same, so none takes it back when it is destroyed."""
    return aws.backup.RegionSettings(
        name,
        resource_type_opt_in_preference=dict.fromkeys(OPTED_IN, True),
        opts=pulumi.ResourceOptions(parent=parent, retain_on_delete=True),
    )
