"""A service of awsx behind a load balancer, with its repository, network and cluster."""

import pulumi
import pulumi_aws as aws
import pulumi_awsx as awsx

TAGS = {"system": "shop"}
FACTS = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:GetParameter","Resource":"*"}]}'
vpc = aws.ec2.Vpc("v", cidr_block="10.0.0.0/16")
subnets = [
    aws.ec2.Subnet(
        f"s-{zone}", vpc_id=vpc.id, cidr_block=f"10.0.{number}.0/24", availability_zone=f"us-east-1{zone}"
    )
    for number, zone in enumerate("abc")
]
gateway = aws.ec2.InternetGateway("g", vpc_id=vpc.id)
group = aws.ec2.SecurityGroup("app", vpc_id=vpc.id, description="tasks")
balancer = aws.lb.LoadBalancer(
    "front",
    subnets=[subnet.id for subnet in subnets],
    security_groups=[group.id],
    opts=pulumi.ResourceOptions(depends_on=[gateway]),
)
target = aws.lb.TargetGroup("t", vpc_id=vpc.id, port=8080, protocol="HTTP", target_type="ip")
listener = aws.lb.Listener(
    "l",
    load_balancer_arn=balancer.arn,
    port=80,
    protocol="HTTP",
    default_actions=[{"type": "forward", "target_group_arn": target.arn}],
)
images = awsx.ecr.Repository(
    "Images",
    image_tag_mutability="IMMUTABLE",
    force_delete=False,
    tags=TAGS,
    lifecycle_policy={
        "rules": [
            {"tag_status": "any", "maximum_number_of_images": 50},
            {"tag_status": "untagged", "maximum_age_limit": 7},
        ]
    },
)
cluster = aws.ecs.Cluster("apps", tags=TAGS)
service = awsx.ecs.FargateService(
    "web",
    cluster=cluster.arn,
    desired_count=6,
    network_configuration={"subnets": [subnet.id for subnet in subnets], "security_groups": [group.id]},
    availability_zone_rebalancing="ENABLED",
    deployment_circuit_breaker={"enable": True, "rollback": True},
    propagate_tags="SERVICE",
    tags=TAGS,
    task_definition_args={
        "container": {
            "name": "web",
            "image": pulumi.Output.concat(images.url, ":1.27"),
            "cpu": 512,
            "memory": 1024,
            "essential": True,
            "port_mappings": [{"container_port": 8080, "target_group": target}],
        },
        "log_group": {"args": {"retention_in_days": 90, "tags": TAGS}},
        "task_role": {"args": {"tags": TAGS, "inline_policies": [{"name": "facts", "policy": FACTS}]}},
        "execution_role": {"args": {"tags": TAGS}},
        "tags": TAGS,
    },
    opts=pulumi.ResourceOptions(depends_on=[listener]),
)
pulumi.export("service", service.service.apply(lambda found: found.name))
pulumi.export("family", service.task_definition.apply(lambda found: found.family))
pulumi.export("url", images.url)
