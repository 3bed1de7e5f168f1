"""A region's way to its Aurora DSQL cluster."""

from __future__ import annotations

import re
from typing import Any

import pulumi
import pytest

from components.checks import ArgumentError
from components.data import DsqlAccess, DsqlAccessArgs, connecting_statements
from components.data.dsql_access import grants
from tests.components.data_arguments import REQUIRED_TAGS, TAGS
from tests.pulumi_mocks import Deployment, deploy

TOPIC = "arn:aws:sns:us-west-2:123456789012:alarms"
SUBNETS = {"usw2-az2": "subnet-2", "usw2-az1": "subnet-1"}


def args(**changes: Any) -> DsqlAccessArgs:
    base: dict[str, Any] = {
        "tags": TAGS,
        "region": "us-west-2",
        "cluster_identifier": "abcdefghijklmnopqrstuvwxyz",
        "service_name": "com.amazonaws.us-west-2.dsql-fnh4",
        "vpc_id": "vpc-1",
        "subnet_ids": SUBNETS,
        "security_group_ids": ["sg-1"],
        "topic_arn": TOPIC,
    }
    return DsqlAccessArgs(**{**base, **changes})


def made(preview: bool = False, **changes: Any) -> Deployment:
    def program() -> None:
        way = DsqlAccess("ledger", args(**changes))
        pulumi.export("host", way.host)

    return deploy(program, config={"aws:region": "us-west-2"}, preview=preview)


def test_an_endpoint_in_every_zone_under_the_clusters_private_name() -> None:
    found = made()
    endpoint = found.one("aws:ec2/vpcEndpoint:VpcEndpoint")
    assert endpoint.inputs == {
        "vpcId": "vpc-1",
        "serviceName": "com.amazonaws.us-west-2.dsql-fnh4",
        "vpcEndpointType": "Interface",
        "privateDnsEnabled": True,
        "subnetIds": ["subnet-1", "subnet-2"],
        "securityGroupIds": ["sg-1"],
        "tags": TAGS.resource("ledger-endpoint"),
    }
    component = found.one("holdfast:data:DsqlAccess").urn
    assert {r.parent for r in found.resources if r.type.startswith("aws:")} == {component}
    assert all(each.tags.keys() >= REQUIRED_TAGS for each in found.taggable())
    (outputs,) = [values for urn, values in found.outputs.items() if "DsqlAccess" in urn]
    assert outputs == {"host": "abcdefghijklmnopqrstuvwxyz.dsql-fnh4.us-west-2.on.aws", "port": 5432}


def test_who_is_told_the_host_waits_for_the_endpoint() -> None:
    hosts = [values["host"] for values in made(preview=True).outputs.values() if "host" in values]
    assert hosts
    assert not [host for host in hosts if isinstance(host, str) and host.endswith("on.aws")]


def test_queries_that_time_out_are_told() -> None:
    alarm = made().one("MetricAlarm", "ledger-timeouts").inputs
    assert (alarm["namespace"], alarm["metricName"]) == ("AWS/AuroraDSQL", "QueryTimeouts")
    assert alarm["dimensions"] == {"ResourceId": "abcdefghijklmnopqrstuvwxyz"}
    assert alarm["alarmActions"] == [TOPIC]
    assert (alarm["period"], alarm["evaluationPeriods"], alarm["datapointsToAlarm"]) == (60, 5, 3)


def test_servers_connect_as_whom_they_were_granted_and_never_as_the_administrator() -> None:
    assert connecting_statements("arn") == [
        {"Effect": "Allow", "Action": "dsql:DbConnect", "Resource": "arn"}
    ]
    assert grants("app", "arn:aws:iam::1:role/a") == [
        "CREATE ROLE app WITH LOGIN",
        "AWS IAM GRANT app TO 'arn:aws:iam::1:role/a'",
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"subnet_ids": {"usw2-az1": "subnet-1"}}, "subnet_ids: got ['usw2-az1'], allowed is 2 or more: a zone may be lost"),
        ({"security_group_ids": []}, "security_group_ids: got [], allowed is 1 or more: AWS would take the VPC's default"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_said_before_anything_is_registered(changes: dict[str, Any], said: str) -> None:
    into = Deployment()
    with pytest.raises(ArgumentError, match=re.escape(said)):
        deploy(lambda: DsqlAccess("ledger", args(**changes)), into=into)
    assert not [each for each in into.resources if each.type.startswith(("aws:", "holdfast:"))]
