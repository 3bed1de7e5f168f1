"""Functions that are mapped to topics of Kafka in the sandbox, and what the runbook calls of them. Brokers, and so messages, it has none."""

from __future__ import annotations

import contextlib
import copy
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from pulumi.output import UNKNOWN

from sandbox.aws.recorded import RECORDED
from sandbox.provider import Provider
from tests.architectures.workers.conftest import example  # noqa: F401
from tests.pulumi_mocks import Deployment
from tests.sandbox.emptied import emptied
from tests.sandbox.test_runbook import call, commands
from tests.sandbox.test_sns import make

WEST = "us-west-2"
ARN = f"arn:aws:kafka:{WEST}:123456789012:cluster/jobs/1"
TRUST = {
    "Effect": "Allow",
    "Principal": {"Service": "lambda.amazonaws.com"},
    "Action": "sts:AssumeRole",
}


@pytest.fixture
def aws_endpoint(aws_server: Any) -> Iterator[str]:
    endpoint = emptied(aws_server, "cloudwatch")
    RECORDED.put(("kafka", WEST, "Cluster"), ARN, {"outputs": {"arn": ARN}})
    yield endpoint
    RECORDED.reset()


@pytest.fixture
def mapped(boto: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """Maps a function to a topic: what the program asks for, with changes."""
    roles = boto("iam", WEST)
    document = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
    with contextlib.suppress(roles.exceptions.EntityAlreadyExistsException):
        roles.create_role(RoleName="reader", AssumeRolePolicyDocument=document)
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("a.py", "def handler(event, context): return None")
    functions = boto("lambda", WEST)
    with contextlib.suppress(functions.exceptions.ResourceConflictException):
        functions.create_function(
            FunctionName="reader",
            Runtime="python3.13",
            Role="arn:aws:iam::123456789012:role/reader",
            Handler="a.handler",
            Code={"ZipFile": code.getvalue()},
        )

    def make(**changes: Any) -> dict[str, Any]:
        asked = {
            "EventSourceArn": ARN,
            "FunctionName": "reader",
            "Topics": ["payments"],
            "StartingPosition": "TRIM_HORIZON",
            "AmazonManagedKafkaEventSourceConfig": {"ConsumerGroupId": "jobs-payments"},
            "Enabled": False,
        }
        asked = {key: value for key, value in {**asked, **changes}.items() if value is not None}
        made: dict[str, Any] = functions.create_event_source_mapping(**asked)
        return made

    return make


def test_a_topic_is_mapped_as_it_is_asked(mapped: Callable[..., dict[str, Any]]) -> None:
    made = mapped()
    assert (made["State"], made["Topics"], made["BatchSize"]) == ("Disabled", ["payments"], 100)
    assert made["AmazonManagedKafkaEventSourceConfig"] == {"ConsumerGroupId": "jobs-payments"}
    assert made["EventSourceArn"] == ARN


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"EventSourceArn": ARN.replace("/jobs/", "/other/")}, "ResourceNotFoundException"),
        ({"EventSourceArn": ARN.replace(WEST, "us-east-1")}, "ResourceNotFoundException"),
        ({"Topics": None}, "InvalidParameterValueException"),
        ({"Topics": ["a", "b"]}, "InvalidParameterValueException"),
        ({"StartingPosition": None}, "InvalidParameterValueException"),
        ({"BatchSize": 10_001}, "InvalidParameterValueException"),
    ],
)
def test_what_lambda_does_not_take_is_refused(
    mapped: Callable[..., dict[str, Any]], changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(ClientError) as told:
        mapped(**changes)
    assert told.value.response["Error"]["Code"] == code


SUBNETS = ["subnet-1", "subnet-2", "subnet-3"]
TOKENS = {"cluster": "aws:msk/cluster:Cluster", "replicator": "aws:msk/replicator:Replicator"}

INPUTS: dict[str, dict[str, Any]] = {
    "cluster": {
        "clusterName": "jobs",
        "kafkaVersion": "3.8.x",
        "numberOfBrokerNodes": 3,
        "clientAuthentication": {"sasl": {"iam": True}},
        "brokerNodeGroupInfo": {
            "instanceType": "kafka.m7g.large",
            "clientSubnets": SUBNETS,
            "securityGroups": ["sg-1"],
            "connectivityInfo": {"vpcConnectivity": {"clientAuthentication": {"sasl": {"iam": True}}}},
        },
    },
    "replicator": {
        "replicatorName": "jobs",
        "serviceExecutionRoleArn": "arn:aws:iam::123456789012:role/r",
        "kafkaClusters": [
            {
                "amazonMskCluster": {"mskClusterArn": ARN},
                "vpcConfig": {"subnetIds": SUBNETS, "securityGroupsIds": ["sg-1"]},
            }
        ]
        * 2,
        "replicationInfoList": {
            "sourceKafkaClusterArn": ARN,
            "targetKafkaClusterArn": ARN.replace(WEST, "us-east-1"),
            "targetCompressionType": "NONE",
            "topicReplications": [
                {"topicsToReplicates": ["payments"], "topicNameConfiguration": {"type": "IDENTICAL"}}
            ],
            "consumerGroupReplications": [
                {"consumerGroupsToReplicates": ["jobs"], "consumerGroupOffsetSyncMode": "ENHANCED"}
            ],
        },
    },
}


def checked(provider: Provider, which: str, path: str = "", value: Any = None) -> list[str]:
    """What is said of these inputs, of which the one at the path is another one."""
    inputs = copy.deepcopy(INPUTS[which])
    at: Any = inputs
    *above, last = path.split(".") if path else [""]
    for name in above:
        at = at[int(name)] if name.isdigit() else at[name]
    if path:
        at[last] = value
    token = TOKENS[which]
    _, failures = provider.check(token, f"urn:pulumi:s::p::{token}::x", {}, inputs)
    return [f"{name}: {reason}" for name, reason in failures]


@pytest.mark.parametrize(
    ("which", "path", "value", "said"),
    [
        ("cluster", "numberOfBrokerNodes", 4, "numberOfBrokerNodes: {}: BadRequestException: the number of broker nodes must be a multiple of the 3 Availability Zones of the client subnets, not 4"),
        ("cluster", "brokerNodeGroupInfo.instanceType", "kafka.t3.small", "brokerNodeGroupInfo: {}: BadRequestException: kafka.t3.small has no private connectivity with other VPCs"),
        ("cluster", "clientAuthentication.sasl", {"scram": True}, "brokerNodeGroupInfo: {}: BadRequestException: private connectivity asks for iam, which clientAuthentication of the cluster doesn't have"),
        ("replicator", "kafkaClusters", INPUTS["replicator"]["kafkaClusters"][:1], "kafkaClusters: {}: BadRequestException: a replicator connects two clusters, not 1"),
        ("replicator", "replicationInfoList.topicReplications", [{"topicsToReplicates": ["payments"]}], "replicationInfoList: {}: BadRequestException: consumerGroupOffsetSyncMode ENHANCED needs topicNameConfiguration IDENTICAL"),
    ],
)  # fmt: skip
def test_what_msk_does_not_take_is_refused_before_anything_is_made(
    provider: Provider, which: str, path: str, value: Any, said: str
) -> None:
    assert checked(provider, which) == []
    assert checked(provider, which, path, value) == [said.format(TOKENS[which])]


@pytest.mark.parametrize(
    ("which", "path"),
    [
        ("cluster", "brokerNodeGroupInfo.clientSubnets"),
        ("cluster", "clientAuthentication"),
        ("cluster", "brokerNodeGroupInfo"),
        ("replicator", "replicationInfoList"),
        ("replicator", "replicationInfoList.topicReplications"),
        ("replicator", "kafkaClusters"),
    ],
)
def test_what_is_not_known_yet_is_not_judged(provider: Provider, which: str, path: str) -> None:
    assert not [each for each in checked(provider, which, path, UNKNOWN) if "BadRequest" in each]


def filled(command: str) -> str:
    """A command with the shell's dates in it."""
    now = datetime.now(UTC)
    hour = (now - timedelta(hours=1)).isoformat()
    command = re.sub(r"\$\(date -u -d '-1 hour' [^)]*\)", hour, command)
    return re.sub(r"\$\(date -u [^)]*\)", now.isoformat(), command)


def test_the_runbook_looks_begins_and_ends(
    example: dict[str, Deployment],  # noqa: F811
    aws_endpoint: str,
    boto: Callable[..., Any],
    mapped: Callable[..., dict[str, Any]],
) -> None:
    said = example["dr"].one("aws:s3/bucketObjectv2:BucketObjectv2", f"jobs-runbook-{WEST}").inputs["content"]
    text = said.replace("jobs-payments-source-uuid", mapped()["UUID"])
    lag = {
        "MetricName": "ReplicationLatency",
        "Dimensions": [{"Name": "ReplicatorName", "Value": f"example-production-jobs-to-{WEST}"}],
        "Value": 1200,
    }
    behind = {
        "MetricName": "EstimatedMaxTimeLag",
        "Dimensions": [
            {"Name": "Cluster Name", "Value": "example-production-jobs-kafka"},
            {"Name": "Consumer Group", "Value": "example-production-jobs-payments"},
            {"Name": "Topic", "Value": "payments"},
        ],
        "Value": 7,
    }
    earlier = {"Timestamp": datetime.now(UTC) - timedelta(minutes=10)}
    left = {**lag, "MetricName": "MessageLag", "Value": 3}
    data = [{**each, **earlier} for each in (lag, left, behind)]
    boto("cloudwatch", WEST).put_metric_data(Namespace="AWS/Kafka", MetricData=data)
    look, copied, before, begin, reads, cease = [
        call(aws_endpoint, filled(each)) for each in commands(text, "Topics of Kafka")
    ]
    assert [each["Maximum"] for each in look["Datapoints"]] == [1200]
    assert [each["Sum"] for each in copied["Datapoints"]] == [3]
    assert (before["State"], begin["State"], cease["State"]) == ("Disabled", "Enabled", "Disabled")
    assert [each["Maximum"] for each in reads["Datapoints"]] == [7]


def test_a_mapping_is_switched_in_place_and_read_back(
    provider: Provider, boto: Callable[..., Any], mapped: Callable[..., dict[str, Any]]
) -> None:
    """What `pulumi up` does when another region is active, and `pulumi refresh` after a person did it."""
    token = "aws:lambda/eventSourceMapping:EventSourceMapping"
    arn = mapped()["FunctionArn"]
    inputs = {
        "eventSourceArn": ARN,
        "functionName": arn,
        "topics": ["payments"],
        "startingPosition": "TRIM_HORIZON",
        "batchSize": 100,
        "amazonManagedKafkaEventSourceConfig": {"consumerGroupId": "jobs-payments"},
        "enabled": False,
        "region": WEST,
    }
    id_, inputs, outputs = make(provider, token, inputs)
    on = {**inputs, "enabled": True}
    found = provider.diff(token, inputs, on)
    assert (found.diffs, found.replaces) == (["enabled"], [])
    provider.update(token, id_, inputs, outputs, on)
    assert boto("lambda", WEST).get_event_source_mapping(UUID=id_)["State"] == "Enabled"
    told = provider.refresh(token, id_, on, outputs)
    assert told is not None
    assert provider.diff(token, told[0], on).diffs == []
