"""What lets Redshift encrypt copies of snapshots with a key of the region that they are copied to."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import outputs
from components.options import handed_down
from components.tags import Tags


@dataclass(frozen=True, kw_only=True)
class CopyGrantArgs:
    """What a grant needs."""

    tags: Tags
    grant_name: str
    """One of the account and region: up to 63 lower-case letters, digits and single hyphens, a letter first."""
    region: str
    """The region that gets the copies."""
    key_arn: pulumi.Input[str]
    """Customer key of that region."""


class CopyGrant(pulumi.ComponentResource):
    """A snapshot copy grant in another region.

    It is made while both regions are well, also by the stack whose cluster is yet to be restored. Creates: the grant. Survives: it is the
    other region's. Costs: nothing. Source:
    https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-db-encryption.html
    """

    name: pulumi.Output[str]

    def __init__(self, name: str, args: CopyGrantArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdfast:warehouse:CopyGrant", name, {}, handed_down(opts))
        made = aws.redshift.SnapshotCopyGrant(
            f"{name}-grant",
            snapshot_copy_grant_name=args.grant_name,
            kms_key_id=args.key_arn,
            region=args.region,
            tags=args.tags.resource(f"{name}-grant"),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name = made.snapshot_copy_grant_name
        outputs.register(self, "name")
