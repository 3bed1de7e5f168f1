"""What a system of users' files registers: buckets and table of the founder, functions of each region; its recovery and its runbook."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pulumi
import pytest

from architectures.content.runbook import HERE, text
from architectures.strategies import Strategy
from functions.identities.accounts import key
from policies.recovery import judge
from policies.recovery.model import Verdict
from tests.architectures.conftest import PEER, deployed, outputs
from tests.architectures.content.conftest import REGIONS, configured, pair
from tests.architectures.runbooks import all_is_filled_in
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment
from tests.test_settings import load

BUCKET, REPLICATION = "aws:s3/bucket:Bucket", "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
NOTIFICATION, QUEUE = "aws:s3/bucketNotification:BucketNotification", "aws:sqs/queue:Queue"
TABLE, FUNCTION = "aws:dynamodb/table:Table", "aws:lambda/function:Function"
ALARM, ROLE_POLICY = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:iam/rolePolicy:RolePolicy"


def test_the_founder_has_a_protected_bucket_in_each_region_and_objects_go_both_ways(
    example: dict[str, Deployment],
) -> None:
    prod, dr = example["prod"], example["dr"]
    buckets = [prod.one(BUCKET, f"files-blobs-{what}") for what in ("bucket", "copy-bucket")]
    assert [each.inputs.get("region") for each in buckets] == [None, "us-west-2"]
    for each in buckets:
        assert each.protect
        assert each.inputs["tags"]["backup"] == "required"
        assert each.inputs["tags"]["rpo-minutes"] == "15"
    ways = [prod.one(REPLICATION, f"files-blobs-{what}") for what in ("replication", "copy-replication")]
    for each, target in zip(ways, reversed(buckets), strict=True):
        (rule,) = each.inputs["rules"]
        assert rule["destination"]["bucket"] == prod.made[target.urn]["arn"]
        assert rule["destination"]["replicationTime"] == {"status": "Enabled", "time": {"minutes": 15}}
        assert rule["deleteMarkerReplication"] == {"status": "Enabled"}
    assert [each.name for each in dr.all(BUCKET)] == []
    assert [each.name for each in dr.all(TABLE)] == []


def test_each_region_s_bucket_tells_its_own_queue_which_only_that_bucket_may_send_to(
    example: dict[str, Deployment],
) -> None:
    told = outputs(example["prod"])["systems"]["files"]["blobs"]
    for name, bucket, arn in (("prod", "bucket", "arn"), ("dr", "peerBucket", "peerArn")):
        stack = example[name]
        queue, notification = stack.one(QUEUE, "files-events-queue"), stack.one(NOTIFICATION)
        assert notification.inputs["bucket"] == told[bucket]
        (sent,) = notification.inputs["queues"]
        assert sent["queueArn"] == stack.made[queue.urn]["arn"]
        assert sent["events"] == ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]
        policy = stack.one("aws:sqs/queuePolicy:QueuePolicy", "files-events-queue-policy")
        assert policy.urn in notification.property_dependencies["queues"], "S3 is refused before it may send"
        _, allowed = json.loads(policy.inputs["policy"])["Statement"]
        assert allowed["Principal"] == {"Service": "s3.amazonaws.com"}
        assert allowed["Condition"] == {
            "ArnEquals": {"aws:SourceArn": told[arn]},
            "StringEquals": {"aws:SourceAccount": "123456789012"},
        }


def test_the_key_lets_s3_send_to_an_encrypted_queue(example: dict[str, Deployment]) -> None:
    for token in ("aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey"):
        statements = json.loads(example["prod"].one(token).inputs["policy"])["Statement"]
        (found,) = [each for each in statements if each.get("Sid") == "PublishByS3"]
        assert found["Principal"] == {"Service": "s3.amazonaws.com"}
        assert found["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]


def test_no_function_may_touch_an_object(stack: Deployment) -> None:
    for what in ("record", "reconcile", "compare"):
        statements = json.loads(stack.one(ROLE_POLICY, f"files-{what}-policy").inputs["policy"])["Statement"]
        actions = [
            a
            for each in statements
            for a in ([each["Action"]] if isinstance(each["Action"], str) else each["Action"])
        ]
        assert {each for each in actions if each.startswith("s3:")} == {"s3:ListBucket", "s3:GetObject"}
        assert ("dynamodb:Scan" in actions) is (what != "record")
        assert ("cloudwatch:PutMetricData" in actions) is (what == "reconcile")


def test_the_functions_are_told_what_they_follow(stack: Deployment) -> None:
    for what, seconds in (("record", 10), ("reconcile", 900), ("compare", 900)):
        made = stack.one(FUNCTION, f"files-{what}-function").inputs
        assert made["handler"] == f"functions.content.{what}.handler"
        assert {f"functions/content/{what}.py", "functions/content/items.py", "functions/__init__.py"} <= set(
            made["code"]
        )
        assert made["timeout"] == seconds
        told = made["environment"]["variables"]
        assert told["BUCKET"] == stack.one(NOTIFICATION).inputs["bucket"]
        assert float(told["KEPT_SECONDS"]) == 15 * 86_400
        assert told["SYSTEM"] == "example-production-files"
    schedule = stack.one("aws:scheduler/schedule:Schedule", "files-reconcile-schedule").inputs
    assert schedule["scheduleExpression"] == "rate(60 minutes)"
    alias = stack.one("aws:lambda/alias:Alias", "files-reconcile-live")
    assert schedule["target"]["arn"] == stack.made[alias.urn]["arn"]


def test_what_a_round_finds_and_rounds_that_do_not_come_are_told_of(stack: Deployment) -> None:
    found = {
        each: stack.one(ALARM, f"files-{each}").inputs for each in ("unrecorded", "missing", "unreconciled")
    }
    assert {each["treatMissingData"] for each in found.values()} == {"ignore", "breaching"}
    assert found["unreconciled"]["treatMissingData"] == "breaching"
    for each in found.values():
        assert each["namespace"] == "Holdfast/Content"
        assert each["dimensions"] == {"System": "example-production-files"}
        assert each["alarmActions"]


def test_each_region_watches_what_comes_to_it_and_what_fails_to_leave(example: dict[str, Deployment]) -> None:
    told = outputs(example["prod"])["systems"]["files"]["blobs"]
    east, west = told["bucket"], told["peerBucket"]
    for name, alarm, source, target in (
        ("prod", "files-blobs-failed", east, west),
        ("prod", "files-blobs-copy-latency", west, east),
        ("dr", "files-blobs-failed", west, east),
        ("dr", "files-blobs-in-latency", east, west),
    ):
        dimensions = example[name].one(ALARM, alarm).inputs["dimensions"]
        assert (dimensions["SourceBucket"], dimensions["DestinationBucket"]) == (source, target), (
            name,
            alarm,
        )


@pytest.mark.parametrize("strategy", Strategy)
def test_the_strategy_decides_what_stands(strategy: Strategy) -> None:
    for name, active in (("prod", True), ("dr", False)):
        loaded = load(configured(name, strategy=str(strategy), identities=None))
        stands = loaded.systems["files"].posture(loaded.stack)
        assert stands.data == (active or strategy is not Strategy.BACKUP_AND_RESTORE)
        assert stands.replicated == (strategy is not Strategy.BACKUP_AND_RESTORE)


def test_with_backups_alone_the_other_region_is_built_when_it_is_needed() -> None:
    found = pair(strategy="backup-and-restore", identities=None)
    prod, dr = found["prod"], found["dr"]
    assert [each.name for each in prod.all(REPLICATION)] == ["files-runbooks-replication"]
    assert "replicas" not in prod.one(TABLE).inputs
    assert (dr.all(QUEUE), dr.all(TABLE), dr.all(NOTIFICATION), dr.all(BUCKET)) == ([], [], [], [])
    rebuilt = deployed(
        "dr",
        configured("dr", strategy="backup-and-restore", identities=None, rebuild=True),
        {PEER: outputs(prod)},
    )
    assert [each.name for each in rebuilt.all(BUCKET)] == ["files-blobs-bucket"]
    assert rebuilt.one(NOTIFICATION).inputs["bucket"] == rebuilt.made[rebuilt.one(BUCKET).urn]["bucket"]


def swapped(stack: str) -> dict[str, Any]:
    config = configured(stack)
    config["holdfast:recovery"] = {**config["holdfast:recovery"], "activeRegion": "us-west-2"}
    return config


def test_its_own_failover_changes_nothing_of_it(example: dict[str, Deployment]) -> None:
    prod = deployed("prod", swapped("prod"), {})
    dr = deployed("dr", swapped("dr"), {PEER: outputs(prod)})
    for before, after in ((example["prod"], prod), (example["dr"], dr)):
        mine = [{r.urn: r.inputs for r in each.resources if "files" in r.name} for each in (before, after)]
        assert mine[0] == mine[1]


def test_a_lost_region_costs_what_replication_lags_behind(example: dict[str, Deployment]) -> None:
    read = [r for name, region in REGIONS.items() for r in resources(example[name], region)]
    nodes = {node.unit.name: node for node in judge(read).failures["region"].nodes}
    for each in ("files-blobs-bucket", "files-blobs-copy-bucket"):
        assert (nodes[each].rpo.low, nodes[each].rpo.high) == (0, 900)
        assert (nodes[each].rto_verdict, nodes[each].rpo_verdict) == (Verdict.MET, Verdict.MET)
    assert (nodes["files-metadata-table"].rpo.low, nodes["files-metadata-table"].rpo.high) == (1, 5)


@pytest.mark.parametrize("kind", ["take", "take identities mail video", "restore"])
def test_a_runbook_leaves_nothing_open(kind: str) -> None:
    all_is_filled_in(text, kind, [HERE / f"{part}.md" for part in kind.split()])


def test_a_region_s_runbook_calls_nothing_of_the_other_one(example: dict[str, Deployment]) -> None:
    for name, region in REGIONS.items():
        said = (
            example[name]
            .one("aws:s3/bucketObjectv2:BucketObjectv2", f"files-runbook-{region}")
            .inputs["content"]
        )
        commands = [line for line in said.splitlines() if line.startswith("    aws ")]
        assert len(commands) == 15
        assert all(f"--region {region} " in line for line in commands)


def test_users_sign_in_only_where_it_is_said(example: dict[str, Deployment]) -> None:
    found = pair(identities=None)
    for name in ("prod", "dr"):
        without = {r.urn: r.inputs for r in found[name].resources}
        assert not [urn for urn in without if "cognito" in urn or "identify" in urn or "accounts" in urn]
        assert not {"accounts", "identities"} & set(outputs(found[name])["systems"]["files"])
        having = {r.urn: r.inputs for r in example[name].resources if "runbook" not in r.name}
        for urn, inputs in without.items():
            assert having.get(urn, inputs) == inputs, "who signs in changes nothing of what keeps files"
    said = (
        found["dr"].one("aws:s3/bucketObjectv2:BucketObjectv2", "files-runbook-us-west-2").inputs["content"]
    )
    assert "Users who sign in" not in said


def test_both_regions_say_alike_whether_users_sign_in(example: dict[str, Deployment]) -> None:
    for got, peers in (("true", pair(identities=None)), ("nothing", example)):
        mine = configured("dr") if got == "true" else configured("dr", identities=None)
        with pytest.raises(pulumi.RunError, match=rf"files\.identities: got {got}, allowed is"):
            deployed("dr", mine, {PEER: outputs(peers["prod"])})


def test_each_region_s_users_have_their_objects_in_its_own_bucket(example: dict[str, Deployment]) -> None:
    told = outputs(example["prod"])["systems"]["files"]
    for name, arn, kind in (
        ("prod", "arn", "aws:kms/key:Key"),
        ("dr", "peerArn", "aws:kms/replicaKey:ReplicaKey"),
    ):
        policy = json.loads(example[name].one(ROLE_POLICY, "files-access-user-policy").inputs["policy"])
        objects, listed, used = policy["Statement"]
        assert objects["Resource"] == told["blobs"][arn] + "/${aws:PrincipalTag/user}/*"
        assert listed["Resource"] == told["blobs"][arn]
        made = example["prod"].one(kind)
        assert used["Resource"] == example["prod"].made[made.urn]["arn"]
        via = used["Condition"]["StringEquals"]["kms:ViaService"]
        assert via == f"s3.{REGIONS[name]}.amazonaws.com"
        function = example[name].one(FUNCTION, "files-identify-function").inputs
        assert function["environment"]["variables"] == {
            "TABLE": told["accounts"]["name"],
            "SYSTEM": "example-production-files",
        }
        assert function["timeout"] <= 5, "Cognito waits no longer"
        role = json.loads(example[name].one(ROLE_POLICY, "files-identify-policy").inputs["policy"])
        items = [each for each in role["Statement"] if "dynamodb:GetItem" in each["Action"]]
        assert [each["Action"] for each in items] == [["dynamodb:GetItem", "dynamodb:PutItem"]]


def test_the_runbook_s_key_of_an_account_is_the_function_s(stack: Deployment) -> None:
    region = stack.one("aws:s3/bucketObjectv2:BucketObjectv2").name.removeprefix("files-runbook-")
    said = stack.one("aws:s3/bucketObjectv2:BucketObjectv2", f"files-runbook-{region}").inputs["content"]
    (line,) = [line.strip() for line in said.splitlines() if line.startswith("    KEY=")]
    command = line.replace("<ADDRESS>", "anna@holdfast.example") + '; printf %s "$KEY"'
    found = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True).stdout
    assert found == key("example-production-files", "anna@holdfast.example")
