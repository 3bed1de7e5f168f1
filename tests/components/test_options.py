"""What a component depends on, its children wait for."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.edge import Alias, LoadBalancer, LoadBalancerArgs, RoutedRecord, RoutedRecordArgs
from tests.components.data_arguments import TAGS
from tests.pulumi_mocks import Deployment, deploy


def balancer(*before: str) -> Deployment:
    def program() -> None:
        made = [aws.sns.Topic(name) for name in before]
        LoadBalancer(
            "lb",
            LoadBalancerArgs(
                vpc_id="vpc-1",
                subnet_ids={"use1-az1": "subnet-1", "use1-az2": "subnet-2"},
                security_group_id="sg-1",
                certificate_arn="arn:c",
                tags=TAGS,
            ),
            pulumi.ResourceOptions(depends_on=made) if made else None,
        )

    return deploy(program)


def test_children_at_any_depth_wait() -> None:
    deployment = balancer("first", "second")
    before = {topic.urn for topic in deployment.all("Topic")}
    children = [r for r in deployment.resources if r.type != "aws:sns/topic:Topic"]
    assert any(r.parent == deployment.one("holdfast:data:Bucket").urn for r in children)
    assert [r.urn for r in children if not before <= r.dependencies] == []


def test_without_dependencies_nothing_is_added() -> None:
    found = {r.name: r.dependencies for r in balancer().resources}
    assert found["lb-alb"]
    assert not found["lb-tg"]


def test_a_component_waits_for_all_of_another_component() -> None:
    def program() -> None:
        args = RoutedRecordArgs(zone_id="Z1", name="a.example.com", target=Alias(name="x", zone_id="Z2"))
        first = RoutedRecord("first", args)
        RoutedRecord("second", args, pulumi.ResourceOptions(depends_on=[first]))

    deployment = deploy(program)
    assert (
        deployment.one("Record", "first-record").urn in deployment.one("Record", "second-record").dependencies
    )
