"""Two stacks: `second` reads what `first` exports."""

import pulumi
import pulumi_aws as aws

config = pulumi.Config()


class Network(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("test:network:Network", name, {}, opts)
        self.vpc = aws.ec2.Vpc(
            f"{name}-vpc",
            cidr_block=config.require("cidr"),
            tags={"Name": name},
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        self.group = aws.ec2.SecurityGroup(
            f"{name}-group",
            description="test",
            vpc_id=self.vpc.id,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({"vpcId": self.vpc.id})


network = Network("net")
pulumi.export("vpcId", network.vpc.id)
pulumi.export("vpcArn", network.vpc.arn)
pulumi.export("zones", config.get_object("zones"))
pulumi.export("password", pulumi.Output.secret("hidden"))
if peer := config.get("peer"):
    reference = pulumi.StackReference(f"organization/{pulumi.get_project()}/{peer}")
    pulumi.export("peerVpcId", reference.require_output("vpcId"))
