"""What takes records from devices in both regions, what is refused, and what the loss of a region costs of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.recovery import Report
from tests.architectures.conftest import PEER, deployed, outputs
from tests.architectures.data_platform.conftest import REGIONS, configured, pair
from tests.architectures.strategies import assert_facts_as_read
from tests.architectures.test_recovery_facts import COMPARED
from tests.pulumi_mocks import Deployment
from tests.test_settings import refusals

STREAM = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
RULE, POLICY, ROLE = "aws:iot/topicRule:TopicRule", "aws:iot/policy:Policy", "aws:iam/rolePolicy:RolePolicy"
ALARM, BUCKET = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:s3/bucket:Bucket"
IDENTIFIER = "example-production-data-ingestion"
THING = "${iot:Connection.Thing.ThingName}"


def statements(stack: Deployment, name: str) -> list[dict[str, Any]]:
    return json.loads(stack.one(ROLE, name).inputs["policy"])["Statement"]


def bucket(example: dict[str, Deployment], name: str) -> str:
    """ARN of the region's bucket, both of which the founder makes."""
    prod = example["prod"]
    found = prod.one(BUCKET, "data-records-bucket" if name == "prod" else "data-records-copy-bucket")
    return str(prod.made[found.urn]["arn"])


def test_each_region_writes_into_its_own_bucket_under_its_own_key(example: dict[str, Deployment]) -> None:
    for name, region in REGIONS.items():
        stack = example[name]
        made = stack.one(STREAM).inputs
        key = outputs(example["prod"])["foundation"]["keyArn" if name == "prod" else "peerKeyArn"]
        assert (made["name"], made["destination"]) == (IDENTIFIER, "extended_s3")
        assert made["serverSideEncryption"] == {
            "enabled": True,
            "keyType": "CUSTOMER_MANAGED_CMK",
            "keyArn": key,
        }
        s3 = made["extendedS3Configuration"]
        assert (s3["bucketArn"], s3["kmsKeyArn"]) == (bucket(example, name), key)
        assert (s3["bufferingInterval"], s3["bufferingSize"], s3["compressionFormat"]) == (60, 5, "GZIP")
        assert s3["prefix"] == f"records/{region}/!{{timestamp:yyyy/MM/dd/HH}}/"
        assert s3["errorOutputPrefix"].startswith(f"errors/{region}/!{{firehose:error-output-type}}/")
        assert s3["cloudwatchLoggingOptions"]["enabled"] is True
        assert made["tags"]["rpo-minutes"] == "240"
        assert "backup" not in made["tags"], "what passes is not backed up"
        listing, objects, using, _log = statements(stack, "data-ingestion-delivery-policy")
        assert (listing["Resource"], objects["Resource"]) == (
            bucket(example, name),
            f"{bucket(example, name)}/*",
        )
        assert using["Condition"] == {"StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"}}


def test_a_device_sends_below_its_own_thing_s_topic_alone(example: dict[str, Deployment]) -> None:
    for name, region in REGIONS.items():
        connect, publish = json.loads(example[name].one(POLICY).inputs["policy"])["Statement"]
        here = f"arn:aws:iot:{region}:123456789012"
        assert (connect["Action"], connect["Resource"]) == ("iot:Connect", f"{here}:client/{THING}")
        assert connect["Condition"] == {"Bool": {"iot:Connection.Thing.IsAttached": ["true"]}}
        assert (publish["Action"], publish["Resource"]) == ("iot:Publish", f"{here}:topic/data/{THING}/*")


def test_what_can_not_be_handed_on_is_a_letter(stack: Deployment) -> None:
    rule = stack.one(RULE).inputs
    assert rule["name"] == "example_production_data_ingestion"
    assert rule["sql"].endswith("FROM 'data/+/#'")
    assert rule["sql"].startswith("SELECT *, topic() AS topic, topic(2) AS thing, timestamp() AS received")
    [hose] = rule["firehoses"]
    assert (hose["deliveryStreamName"], hose["separator"]) == (IDENTIFIER, "\n")
    letters = stack.made[stack.one("aws:sqs/queue:Queue", "data-ingestion-letters").urn]
    assert rule["errorAction"]["sqs"]["queueUrl"] == letters["url"]
    put, send, _key = statements(stack, "data-ingestion-sender-policy")
    assert put["Resource"] == stack.made[stack.one(STREAM).urn]["arn"]
    assert (send["Action"], send["Resource"]) == ("sqs:SendMessage", letters["arn"])
    trusted = json.loads(stack.one("aws:iam/role:Role", "data-ingestion-sender").inputs["assumeRolePolicy"])
    [statement] = trusted["Statement"]
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def test_what_comes_late_is_told_of(stack: Deployment) -> None:
    found = {
        each.name.removeprefix("data-ingestion-"): each.inputs
        for each in stack.all(ALARM)
        if each.name.startswith("data-ingestion")
    }
    late, throttled = found["delivery-late"], found["delivery-throttled"]
    assert (late["metricName"], late["threshold"]) == ("DeliveryToS3.DataFreshness", 660)
    assert (throttled["metricName"], throttled["threshold"]) == ("ThrottledRecords", 0)
    assert late["dimensions"] == throttled["dimensions"] == {"DeliveryStreamName": IDENTIFIER}
    assert found["letters-some"]["alarmActions"]


def test_the_buckets_are_one_pair_that_both_regions_watch(example: dict[str, Deployment]) -> None:
    made = {each.name: each for each in example["prod"].all(BUCKET) if each.name.startswith("data-records")}
    assert {name: each.inputs.get("region") for name, each in made.items()} == {
        "data-records-bucket": None,
        "data-records-copy-bucket": "us-west-2",
    }
    assert all(each.protect for each in made.values())
    for stack in example.values():
        assert {each.name for each in stack.all(ALARM) if each.name.startswith("data-records")}
    told = outputs(example["prod"])["systems"]["data"]["ingestion"]
    assert told["topics"] == "data/<thing>/"


def test_with_backup_and_restore_a_region_takes_nothing_until_it_is_built() -> None:
    more: dict[str, Any] = {"strategy": "backup-and-restore"}
    prod, dr = pair(**more).values()
    there = {PEER: outputs(prod)}
    assert (len(prod.all(STREAM)), dr.all(STREAM), dr.all(RULE)) == (1, [], [])
    assert "## Ingestion" in dr.one("BucketObjectv2", "data-runbook-us-west-2").inputs["content"]
    assert len(deployed("dr", configured("dr", rebuild=True, **more), there).all(STREAM)) == 1


@pytest.mark.parametrize(
    ("ingestion", "line"),
    [
        ({"bufferSeconds": 901}, "bufferSeconds: got 901, allowed is 0 to 900 s"),
        ({"bufferMib": 0}, "bufferMib: got 0, allowed is 1 to 128 MiB"),
        (
            {"root": "a/b"},
            "root: got 'a/b', allowed is 1 to 64 letters, digits, _ and -: one part of a topic",
        ),
        ({"root": ""}, "root: got '', allowed is 1 to 64 letters, digits, _ and -: one part of a topic"),
    ],
)
def test_what_can_not_be_is_one_line(ingestion: dict[str, Any], line: str) -> None:
    assert refusals(configured("prod", ingestion=ingestion)) == [f"holdfast:systems.data.ingestion.{line}"]


def test_what_is_told_is_what_is_read(example: dict[str, Deployment]) -> None:
    for name, region in REGIONS.items():
        mine = assert_facts_as_read(example[name], name, region, {*COMPARED, "age_s"} - {"needs"})
        assert mine["data-ingestion-delivery-stream"]["age_s"] == 60


@pytest.mark.parametrize(
    ("failure", "option", "time", "loss"),
    [
        ("zone", "regional service over several zones", (0, 0), (0, 0)),
        # detect 300..900 + decide 600..1800 + producers move 60..1800
        ("region", "producers send to us-west-2; what waits is back with its own region", (960, 4500), (0, 60)),
    ],
)  # fmt: skip
def test_what_a_loss_costs(
    report: Report, failure: str, option: str, time: tuple[int, int], loss: tuple[int, int]
) -> None:
    mine = ("data-ingestion-delivery-stream", "us-east-1")
    found = report.failures[failure].nodes
    [node] = [each for each in found if (each.unit.name, each.unit.region) == mine]
    assert node.option == option
    assert ((node.rto.low, node.rto.high), (node.rpo.low, node.rpo.high)) == (time, loss)
