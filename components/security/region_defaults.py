"""What holds for all of a region, whoever deploys there."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.options import handed_down


class RegionDefaults(pulumi.ComponentResource):
    """Defaults of an account's region.

    Creates: encryption by default of EBS volumes and of copies of snapshots. Several stacks of a region say the same, so none takes
    it back when it is destroyed. Survives: nothing depends on it at run time. Costs: nothing.
    Source: https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html
    """

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdfast:security:RegionDefaults", name, {}, handed_down(opts))
        aws.ebs.EncryptionByDefault(
            f"{name}-volumes", enabled=True, opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True)
        )
        self.register_outputs({})
