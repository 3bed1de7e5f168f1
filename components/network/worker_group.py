"""The security group of what nobody calls: it takes from queues, and opens connections to AWS alone."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.network.groups import ANYWHERE
from components.options import handed_down
from components.outputs import register
from components.tags import Tags


class WorkerGroup(pulumi.ComponentResource):
    """A group that nothing reaches, and that opens HTTPS connections.

    Creates: the group and its one rule. Survives: instance and zone; security groups belong to the region. Costs: nothing.
    Source: https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
    """

    group_id: pulumi.Output[str]

    def __init__(
        self, name: str, vpc_id: pulumi.Input[str], tags: Tags, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:network:WorkerGroup", name, {}, handed_down(opts))
        own = pulumi.ResourceOptions(parent=self)
        group = aws.ec2.SecurityGroup(
            f"{name}-workers",
            vpc_id=vpc_id,
            description="Workers, which nobody calls",
            tags=tags.resource(f"{name}-workers"),
            opts=own,
        )
        aws.vpc.SecurityGroupEgressRule(
            f"{name}-workers-to-https",
            security_group_id=group.id,
            description="HTTPS to VPC endpoints and AWS services",
            cidr_ipv4=ANYWHERE,
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            tags=tags.resource(f"{name}-workers-to-https"),
            opts=own,
        )
        self.group_id = group.id
        register(self, "group_id")
