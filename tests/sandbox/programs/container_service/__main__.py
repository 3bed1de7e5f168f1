"""A container service behind a load balancer, with its images in two regions."""

import sys
from pathlib import Path

import pulumi
import pulumi_aws as aws

sys.path.insert(0, str(Path(__file__).parents[4]))

from components.compute import (
    ContainerService,
    ContainerServiceArgs,
    ImageReplica,
    ImageReplication,
    ImageReplicationArgs,
    ImageRepository,
    ImageRepositoryArgs,
    Target,
)
from components.security import MultiRegionKey, MultiRegionKeyArgs
from components.tags import Tags

tags = Tags(
    environment="test",
    system="shop",
    owner="web",
    cost_center="cc-1",
    dr_tier=2,
    rto_hours=4,
    rpo_minutes=15,
)
key = MultiRegionKey(
    "key", MultiRegionKeyArgs(region="us-east-1", peer_region="us-west-2", tags=tags, protect=False)
)
vpc = aws.ec2.Vpc("v", cidr_block="10.0.0.0/16", tags=tags.resource("v"))
subnets = {
    f"use1-az{number}": aws.ec2.Subnet(
        f"s{number}",
        vpc_id=vpc.id,
        cidr_block=f"10.0.{number}.0/24",
        availability_zone_id=f"use1-az{number}",
        tags=tags.resource(f"s{number}"),
    ).id
    for number in (1, 2, 4)
}
gateway = aws.ec2.InternetGateway("g", vpc_id=vpc.id, tags=tags.resource("g"))
group = aws.ec2.SecurityGroup("app", vpc_id=vpc.id, description="tasks", tags=tags.resource("app"))
front = aws.lb.LoadBalancer(
    "front",
    subnets=list(subnets.values()),
    security_groups=[group.id],
    drop_invalid_header_fields=True,
    tags=tags.resource("front"),
    opts=pulumi.ResourceOptions(depends_on=[gateway]),
)
target = aws.lb.TargetGroup(
    "t", vpc_id=vpc.id, port=8080, protocol="HTTP", target_type="ip", tags=tags.resource("t")
)
listener = aws.lb.Listener(
    "l",
    load_balancer_arn=front.arn,
    port=80,
    protocol="HTTP",
    default_actions=[{"type": "forward", "target_group_arn": target.arn}],
    tags=tags.resource("l"),
)
secret = aws.secretsmanager.Secret("s", kms_key_id=key.arn, tags=tags.store("s"))
images = ImageRepository(
    "web",
    ImageRepositoryArgs(
        tags=tags,
        name="shop/test/web",
        key_arn=key.arn,
        replica=ImageReplica(region="us-west-2", key_arn=key.peer_arn),
        protect=False,
    ),
)
ImageReplication("images", ImageReplicationArgs(peer_region="us-west-2", prefixes=["shop/test/"]))
service = ContainerService(
    "web",
    ContainerServiceArgs(
        tags=tags,
        subnet_ids=subnets,
        security_group_ids=[group.id],
        image=pulumi.Output.concat(images.url, ":1.0.0"),
        required=4,
        key_arn=key.arn,
        repository_arn=images.arn,
        target=Target(
            arn=target.arn,
            arn_suffix=target.arn_suffix,
            load_balancer_arn_suffix=front.arn_suffix,
            listener_arn=listener.arn,
        ),
        secrets={"PASSWORD": secret.arn},
        secret_key_arns=[key.arn],
        environment={"STAGE": "test"},
        statements=[{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}],
        alarm_topic_arn=aws.sns.Topic("ops", tags=tags.resource("ops")).arn,
    ),
)
pulumi.export("service", service.service_name)
pulumi.export("cluster", service.cluster_arn)
pulumi.export("url", images.url)
