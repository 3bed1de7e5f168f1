"""Batch jobs of a data platform: an application of each region, what its jobs may touch, and which region begins them."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

from policies.recovery import Report
from tests.architectures.conftest import PEER, deployed, outputs
from tests.architectures.data_platform.conftest import REGIONS, configured, pair
from tests.pulumi_mocks import Deployment
from tests.test_settings import refusals

APPLICATION, SCHEDULE = "aws:emrserverless/application:Application", "aws:scheduler/schedule:Schedule"
FUNCTION, ROLE_POLICY = "aws:lambda/function:Function", "aws:iam/rolePolicy:RolePolicy"
DAILY = {"schedule": "rate(1 day)", "script": "daily.py"}


def allowed(stack: Deployment, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(stack.one(ROLE_POLICY, name).inputs["policy"])["Statement"]
    return found


def test_both_regions_have_an_application_that_stops_and_stands_in_every_zone(
    example: dict[str, Deployment],
) -> None:
    for name, stack in example.items():
        made = stack.one(APPLICATION, "data-batch-application")
        given = made.inputs
        assert (given["type"], given["architecture"], given["releaseLabel"]) == (
            "spark",
            "ARM64",
            "emr-7.9.0",
        )
        assert given["autoStartConfiguration"] == {"enabled": True}
        assert given["autoStopConfiguration"] == {"enabled": True, "idleTimeoutMinutes": 15}
        assert given["maximumCapacity"] == {"cpu": "32 vCPU", "memory": "128 GB", "disk": "640 GB"}
        zones = configured(name)["holdfast:network"]["zones"]
        subnets = [f"base-net-private-{zone}-id" for zone in zones]
        assert given["networkConfiguration"]["subnetIds"] == subnets
        assert given["networkConfiguration"]["securityGroupIds"] == ["data-batch-workers-id"]


def test_jobs_read_scripts_and_records_and_write_results_and_logs_alone(
    example: dict[str, Deployment],
) -> None:
    told = outputs(example["prod"])["systems"]["data"]
    for name, own, records in (("prod", "filesArn", "recordsArn"), ("dr", "peerFilesArn", "peerRecordsArn")):
        bucket, lake = told["batch"][own], told["ingestion"][records]
        found = {str(each["Action"]): each for each in allowed(example[name], "data-batch-jobs-policy")}
        assert found["s3:ListBucket"]["Resource"] == [bucket, lake]
        assert found["s3:GetObject"]["Resource"] == [
            f"{bucket}/scripts/*",
            f"{bucket}/results/*",
            f"{lake}/*",
        ]
        written = found[str(["s3:PutObject", "s3:AbortMultipartUpload"])]["Resource"]
        assert written == [f"{bucket}/results/*", f"{bucket}/logs/*"]
        assert found["s3:DeleteObject"]["Resource"] == f"{bucket}/results/*"
        via = found[str(["kms:Decrypt", "kms:GenerateDataKey"])]["Condition"]["StringEquals"][
            "kms:ViaService"
        ]
        assert via == f"s3.{REGIONS[name]}.amazonaws.com"


def test_what_begins_jobs_begins_that_application_s_in_that_role(example: dict[str, Deployment]) -> None:
    for stack in example.values():
        begins, passes = [
            each
            for each in allowed(stack, "data-batch-start-policy")
            if "emr" in str(each) or "Pass" in str(each)
        ]
        application = stack.one(APPLICATION, "data-batch-application")
        assert begins["Resource"] == stack.made[application.urn]["arn"]
        assert passes["Resource"] == stack.made[stack.one("aws:iam/role:Role", "data-batch-jobs").urn]["arn"]
        assert passes["Condition"] == {
            "StringEquals": {"iam:PassedToService": "emr-serverless.amazonaws.com"}
        }
        told = stack.one(FUNCTION, "data-batch-start-function").inputs["environment"]["variables"]
        assert json.loads(told["JOBS"])["daily"] == {
            "script": "daily.py", "arguments": ["--days", "1"], "parameters": "", "timeout": 60, "attempts": 3,
        }  # fmt: skip
        assert told["INPUT"].endswith("/records/")


def states(stack: Deployment) -> dict[str, Any]:
    return {each.name: each.inputs.get("state") for each in stack.all(SCHEDULE) if "batch" in each.name}


def test_one_region_s_schedules_begin_jobs_and_say_which_and_when(example: dict[str, Deployment]) -> None:
    name = "data-batch-clock-daily-schedule"
    assert (states(example["prod"]), states(example["dr"])) == ({name: "ENABLED"}, {name: "DISABLED"})
    for stack in example.values():
        given = stack.one(SCHEDULE, name).inputs
        said = json.loads(given["target"]["input"])
        assert said == {"job": "daily", "due": "<aws.scheduler.scheduled-time>"}
        alias = stack.one("aws:lambda/alias:Alias", "data-batch-start-live")
        assert given["target"]["arn"] == stack.made[alias.urn]["arn"]
        assert given["target"]["deadLetterConfig"]["arn"]


def test_a_run_that_failed_is_told_of(example: dict[str, Deployment]) -> None:
    for stack in example.values():
        pattern = json.loads(
            stack.one("aws:cloudwatch/eventRule:EventRule", "data-batch-failed-rule").inputs["eventPattern"]
        )
        application = stack.one(APPLICATION, "data-batch-application")
        assert pattern["detail"] == {
            "applicationId": [f"{application.name}-id"],
            "state": ["FAILED", "CANCELLED"],
        }
        topic = stack.one("aws:sns/topic:Topic", "base-alerts-topic")
        told = stack.one("EventTarget", "data-batch-failed-told-1").inputs
        assert told["arn"] == stack.made[topic.urn]["arn"]


def test_without_it_nothing_of_it_is_there(example: dict[str, Deployment]) -> None:
    for name, stack in pair(batch=None).items():
        kept = {r.urn: r.inputs for r in stack.resources}
        assert not [urn for urn in kept if "batch" in urn or "emrserverless" in urn]
        having = {r.urn: r.inputs for r in example[name].resources}
        changed = {urn for urn, inputs in kept.items() if having[urn] != inputs}
        assert all("data-runbook-" in urn for urn in changed), changed


def test_both_regions_have_the_same_jobs(example: dict[str, Deployment]) -> None:
    mine = configured("dr", batch={"jobs": {"nightly": DAILY}})
    with pytest.raises(pulumi.RunError, match=r"data\.batch\.jobs: got .*nightly.*, allowed is .*daily"):
        deployed("dr", mine, {PEER: outputs(example["prod"])})


def test_a_lost_region_s_jobs_are_begun_in_the_other_one(report: Report) -> None:
    nodes = {node.unit.name: node for node in report.failures["region"].nodes if node.unit.stack == "prod"}
    assert nodes["data-batch-application"].option == "jobs are begun in us-west-2"
    assert (nodes["data-batch-files-bucket"].rpo.low, nodes["data-batch-files-bucket"].rpo.high) == (0, 900)


@pytest.mark.parametrize(
    ("batch", "line"),
    [
        ({"release": "emr-7.0.0"}, "batch.release: got 'emr-7.0.0', allowed is emr-7.1.0 or later, such as emr-7.9.0"),
        ({"release": "7.9.0"}, "batch.release: got '7.9.0', allowed is emr-7.1.0 or later, such as emr-7.9.0"),
        ({"engine": "flink"}, "batch.engine: got 'flink', allowed is one of spark, hive"),
        ({"cpus": 3}, "batch.cpus: got 3, allowed is 4 to 4000 vCPUs"),
        ({"cpus": 10}, "batch.memoryGib: got 800, allowed is 20 to 80 GiB for 10 vCPUs"),
        ({"diskGib": 19}, "batch.diskGib: got 19, allowed is 20 to 1000000 GiB"),
        ({"idleMinutes": 0}, "batch.idleMinutes: got 0, allowed is 1 to 10080"),
        ({"jobs": {"daily": {**DAILY, "schedule": "daily"}}}, "batch.jobs.daily.schedule: got 'daily', allowed is rate(1 hour)"),
        ({"jobs": {"daily": {**DAILY, "timezone": "Mars"}}}, "batch.jobs.daily.timezone: got 'Mars', allowed is a time zone"),
        ({"jobs": {"daily": {**DAILY, "script": "/daily.py"}}}, "batch.jobs.daily.script: got '/daily.py', allowed is the end of a key"),
        ({"jobs": {"daily": {**DAILY, "script": "a/../b.py"}}}, "batch.jobs.daily.script: got 'a/../b.py', allowed is the end of a key"),
        ({"jobs": {"daily": {**DAILY, "timeoutMinutes": 4}}}, "batch.jobs.daily.timeoutMinutes: got 4, allowed is 5 to 10080"),
        ({"jobs": {"daily": {**DAILY, "attempts": 11}}}, "batch.jobs.daily.attempts: got 11, allowed is 1 to 10"),
        (
            {"engine": "hive", "jobs": {"daily": {**DAILY, "arguments": ["a"]}}},
            "batch.jobs.daily.arguments: got 1, allowed is none: Hive takes parameters",
        ),
        (
            {"jobs": {"daily": {**DAILY, "parameters": "x" * 3000}}},
            "batch.jobs: got 3099 bytes, allowed is 3000 bytes in JSON at most",
        ),
    ],
)  # fmt: skip
def test_what_can_not_be_is_one_line(batch: dict[str, Any], line: str) -> None:
    (found,) = refusals(configured("prod", batch=batch))
    assert found.startswith(f"holdfast:systems.data.{line}")
