"""The rotation of a master password: who may do what, what runs, and who is told when it fails."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pulumi
import pytest

from components.data import PasswordRotation, PasswordRotationArgs
from components.data.rotation import CODE
from functions.master_password import handler
from tests.components.data_arguments import KEY, REQUIRED_TAGS, TAGS
from tests.pulumi_mocks import Deployment, deploy

SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-a1b2c3"
TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"


def made(preview: bool = False, **changes: Any) -> Deployment:
    args = {
        "tags": TAGS,
        "secret_arn": SECRET,
        "kms_key_arn": KEY,
        "kind": "global",
        "identifier": "shop",
        "databases": [],
        "topic_arn": TOPIC,
        **changes,
    }
    return deploy(lambda: PasswordRotation("db", PasswordRotationArgs(**args)) and None, preview=preview)


def statements(**changes: Any) -> dict[str, dict[str, Any]]:
    """By their first action."""
    document = json.loads(made(**changes).one("RolePolicy").inputs["policy"])
    return {statement["Action"][0]: statement for statement in document["Statement"]}


def test_the_function_is_the_one_that_is_tested_here():
    function = made().one("aws:lambda/function:Function").inputs
    assert (function["handler"], function["runtime"]) == ("handler.handler", "python3.13")
    module, name = function["handler"].split(".")
    assert (CODE.stem, getattr(handler, name)) == (module, handler.handler)
    assert CODE.read_text() == Path(handler.__file__).read_text()
    assert function["code"] == {"handler.py": CODE.read_text()}
    assert "vpcConfig" not in function
    assert function["timeout"] * 1000 > 2 * handler.RESERVE_MILLISECONDS


@pytest.mark.parametrize("kind", ["global", "cluster", "instance"])
def test_the_function_is_told_what_it_rotates(kind):
    told = made(kind=kind).one("aws:lambda/function:Function").inputs["environment"]["variables"]
    assert told == {"DATABASE_KIND": kind, "DATABASE": "shop"}


def test_the_role_reads_and_writes_one_secret():
    found = statements()
    assert found.pop("secretsmanager:DescribeSecret") == {
        "Effect": "Allow",
        "Action": [
            "secretsmanager:DescribeSecret",
            "secretsmanager:GetSecretValue",
            "secretsmanager:PutSecretValue",
            "secretsmanager:UpdateSecretVersionStage",
        ],
        "Resource": SECRET,
    }
    key = found.pop("kms:Decrypt")
    assert key["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert key["Resource"] == KEY
    assert key["Condition"] == {"StringLike": {"kms:ViaService": "secretsmanager.*.amazonaws.com"}}
    assert found.pop("logs:CreateLogStream")["Resource"].endswith(":db-log:*")
    assert found.pop("secretsmanager:GetRandomPassword")["Resource"] == "*"
    assert all(action.startswith("rds:") for action in found)


def test_the_role_changes_any_member_of_the_systems_global_database_and_nothing_else():
    found = statements(tags=replace(TAGS, workload="web"))
    assert found["rds:DescribeGlobalClusters"]["Resource"] == "arn:aws:rds::123456789012:global-cluster:shop"
    assert found["rds:DescribeDBClusters"]["Resource"] == "arn:aws:rds:*:123456789012:cluster:*"
    assert found["rds:ModifyDBCluster"] == {
        "Effect": "Allow",
        "Action": ["rds:ModifyDBCluster"],
        "Resource": "arn:aws:rds:*:123456789012:cluster:*",
        "Condition": {
            "StringEquals": {
                "aws:ResourceTag/environment": "prod",
                "aws:ResourceTag/system": "shop",
                "aws:ResourceTag/workload": "web",
            }
        },
    }


@pytest.mark.parametrize(
    ("kind", "actions", "arn"),
    [
        ("cluster", ["rds:DescribeDBClusters", "rds:ModifyDBCluster"], "cluster"),
        ("instance", ["rds:DescribeDBInstances", "rds:ModifyDBInstance"], "db"),
    ],
)
def test_the_role_changes_one_cluster_or_instance(kind, actions, arn):
    found = statements(kind=kind)
    (database,) = [each for action, each in found.items() if action.startswith("rds:")]
    assert database["Action"] == actions
    assert database["Resource"] == f"arn:aws:rds:*:123456789012:{arn}:shop"


def test_the_function_can_do_all_that_it_does():
    """Each call in its code has its action in the policy."""
    names = set(re.findall(r"\bclient\.([a-z_]+)\(|\"\)\.([a-z_]+)\(", CODE.read_text()))
    called = {first or second for first, second in names}
    assert called >= {"put_secret_value", "describe_secret", "describe_global_clusters"}
    allowed = {
        action.split(":")[1].lower()
        for statement in json.loads(made().one("RolePolicy").inputs["policy"])["Statement"]
        for action in statement["Action"]
    }
    assert {name.replace("_", "") for name in called} <= allowed


def test_secrets_manager_alone_calls_the_function_and_only_once_it_can_work():
    deployment = made()
    permission = deployment.one("Permission")
    assert permission.inputs == {
        "action": "lambda:InvokeFunction",
        "function": "db-function-1234567",
        "principal": "secretsmanager.amazonaws.com",
        "sourceAccount": "123456789012",
    }
    rotation = deployment.one("SecretRotation")
    assert rotation.inputs == {
        "secretId": SECRET,
        "rotationLambdaArn": "arn:aws:mock:us-east-1:123456789012:db-function",
        "rotationRules": {"automaticallyAfterDays": 30},
        "rotateImmediately": True,
    }
    assert permission.urn in rotation.dependencies
    function = deployment.one("aws:lambda/function:Function")
    assert deployment.one("RolePolicy").urn in function.dependencies


def test_the_database_stands_before_the_first_rotation():
    def program() -> None:
        database = pulumi.CustomResource("aws:rds/cluster:Cluster", "d", {})
        args = PasswordRotationArgs(
            tags=TAGS,
            secret_arn=SECRET,
            kms_key_arn=KEY,
            kind="cluster",
            identifier="d",
            databases=[database],
        )
        PasswordRotation("db", args)

    found = deploy(program)
    assert found.one("Cluster").urn in found.one("SecretRotation").dependencies


def test_a_step_that_fails_is_told_and_silence_is_not():
    alarm = made().one("MetricAlarm").inputs
    assert (alarm["namespace"], alarm["metricName"], alarm["statistic"]) == ("AWS/Lambda", "Errors", "Sum")
    assert alarm["dimensions"] == {"FunctionName": "db-function-1234567"}
    assert (alarm["comparisonOperator"], alarm["threshold"]) == ("GreaterThanThreshold", 0)
    assert alarm["treatMissingData"] == "notBreaching"
    assert alarm["alarmActions"] == alarm["okActions"] == [TOPIC]
    assert not made(topic_arn=None).all("MetricAlarm")


def test_what_the_function_says_is_kept_encrypted_for_a_while():
    deployment = made(log_retention_days=30)
    log = deployment.one("LogGroup").inputs
    assert (log["retentionInDays"], log["kmsKeyId"]) == (30, KEY)
    function = deployment.one("aws:lambda/function:Function").inputs
    assert function["loggingConfig"] == {"logFormat": "JSON", "logGroup": "db-log-1234567"}


def test_all_that_can_carry_tags_does_and_everything_is_the_components():
    deployment = made()
    for resource in deployment.taggable():
        assert resource.tags.keys() >= REQUIRED_TAGS, resource.name
    component = deployment.one("holdfast:data:PasswordRotation")
    assert {r.parent for r in deployment.resources if r is not component} == {component.urn}
    assert {r.type for r in made(preview=True).resources} == {r.type for r in deployment.resources}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "table"}, "kind: got 'table', allowed is one of global, cluster, instance"),
        ({"days": 0}, "rotation_days: got 0, allowed is 1 to 1000 days"),
        ({"days": 1001}, "rotation_days: got 1001, allowed is 1 to 1000 days"),
        ({"log_retention_days": 2}, "log_retention_days: got 2, allowed is one of 1, 3, 5"),
    ],
)
def test_bad_arguments(changes, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        made(**changes)
