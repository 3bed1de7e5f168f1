"""What keeps one of two instances behind the load balancer: the function as AWS is given it, and what invokes it."""

from __future__ import annotations

import ast
import importlib
import json
from dataclasses import replace
from typing import Any

import pytest

from components.checks import ArgumentError
from components.compute import MirrorArgs, PairWatcher, PairWatcherArgs
from components.compute.watcher import CODE, packaged
from functions.active_standby.configuration import configuration
from functions.active_standby.timing import FIELDS, timing
from tests.components.test_compute_tier import TAGS
from tests.pulumi_mocks import Deployment, deploy

KEY = "arn:aws:kms:us-east-1:123456789012:key/1"
TOPIC = "arn:aws:sns:us-east-1:123456789012:ops"
TARGETS = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/"
TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/lease"
ARGS = PairWatcherArgs(
    pair="shop-production-desk",
    serving_arn=f"{TARGETS}serving/1",
    members_arn=f"{TARGETS}members/1",
    group_names=["first", "second"],
    table_name="lease",
    table_arn=TABLE,
    topic_arn=TOPIC,
    key_arn=KEY,
    timing={"coolDown": 600},
    tags=TAGS,
)


def run(**changes: Any) -> Deployment:
    return deploy(lambda: PairWatcher("desk-watcher", replace(ARGS, **changes)) and None)


@pytest.fixture(scope="module")
def made() -> Deployment:
    return run()


def policy(deployment: Deployment, name: str) -> list[dict[str, Any]]:
    return list(json.loads(deployment.one("RolePolicy", name).inputs["policy"])["Statement"])


def allowed(statements: list[dict[str, Any]]) -> dict[str, Any]:
    """Resources by action."""
    found = {}
    for statement in statements:
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        found |= dict.fromkeys(actions, statement["Resource"])
    return found


# The function.


def test_the_function_understands_what_it_is_told(made: Deployment) -> None:
    told = made.one("Function").inputs["environment"]["variables"]
    found = configuration(told)
    assert (found.table, found.pair, found.topic) == ("lease", "shop-production-desk", TOPIC)
    assert (found.serving, found.members_group) == (f"{TARGETS}serving/1", f"{TARGETS}members/1")
    assert found.members == ("first", "second")
    assert found.timing == timing({"coolDown": 600})
    assert set(json.loads(told["TIMING"])) == set(FIELDS)


def test_the_archive_has_the_package_as_the_handler_imports_it(made: Deployment) -> None:
    function = made.one("Function").inputs
    module, _, name = function["handler"].rpartition(".")
    assert f"{module.replace('.', '/')}.py" in function["code"]
    assert callable(getattr(importlib.import_module(f"functions.{module}"), name))
    assert set(function["code"]) == {f"active_standby/{path.name}" for path in CODE.glob("*.py")}
    for name, text in function["code"].items():
        assert text == (CODE / name.rpartition("/")[2]).read_text()
        for node in ast.walk(ast.parse(text)):  # nothing of this repository but the package itself
            if isinstance(node, ast.ImportFrom) and not node.level:
                assert node.module is not None
                assert node.module.split(".")[0] not in ("functions", "components", "policies")
    assert len(packaged()) >= 5


def test_it_has_the_time_that_a_watch_takes_and_overlaps_itself(made: Deployment) -> None:
    function = made.one("Function").inputs
    assert function["timeout"] == timing({}).timeout > FIELDS["watch"].default
    assert function["reservedConcurrentExecutions"] == 5
    # An invocation each minute, up to 119 s apart, each as long as the timeout, and one by hand.
    assert function["reservedConcurrentExecutions"] > -(-function["timeout"] // 60) + 1
    assert "reservedConcurrentExecutions" not in run(reserved=None).one("Function").inputs


def test_lines_of_the_log_go_out_as_they_were_written(made: Deployment) -> None:
    """CloudWatch finds metrics in a line only where it is the whole of the JSON."""
    logs = made.one("LogGroup")
    assert made.one("Function").inputs["loggingConfig"] == {
        "logFormat": "Text",
        "logGroup": made.made[logs.urn]["name"],
    }
    assert (logs.inputs["retentionInDays"], logs.inputs["kmsKeyId"]) == (90, KEY)


CALLS = {
    "register_targets": "elasticloadbalancing:RegisterTargets",
    "deregister_targets": "elasticloadbalancing:DeregisterTargets",
    "describe_target_health": "elasticloadbalancing:DescribeTargetHealth",
    "describe_auto_scaling_groups": "autoscaling:DescribeAutoScalingGroups",
    "get_item": "dynamodb:GetItem",
    "update_item": "dynamodb:UpdateItem",
    "publish": "sns:Publish",
}
"""Calls of the function, and what allows them."""


def test_its_role_allows_what_the_function_calls_and_no_more(made: Deployment) -> None:
    attributes = {
        node.func.attr
        for path in CODE.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert set(CALLS) <= attributes
    found = allowed(policy(made, "desk-watcher-role-policy"))
    more = {
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    }
    assert set(found) == {*CALLS.values(), *more}


def test_it_may_change_the_group_that_serves_alone(made: Deployment) -> None:
    found = allowed(policy(made, "desk-watcher-role-policy"))
    for action in ("RegisterTargets", "DeregisterTargets"):
        assert found[f"elasticloadbalancing:{action}"] == f"{TARGETS}serving/1"
    assert found["dynamodb:UpdateItem"] == TABLE
    assert found["sns:Publish"] == TOPIC
    assert found["kms:Decrypt"] == KEY
    assert [action for action, resource in found.items() if resource == "*"] == [
        "elasticloadbalancing:DescribeTargetHealth",
        "autoscaling:DescribeAutoScalingGroups",
    ]


def test_the_role_is_known_once_its_policy_stands(made: Deployment) -> None:
    policies = {made.one("RolePolicy", f"desk-watcher-{each}-policy").urn for each in ("role", "caller")}
    assert policies <= made.one("Function").dependencies | made.one("Schedule").dependencies


# What invokes it.


def test_it_is_invoked_each_minute_to_watch(made: Deployment) -> None:
    schedule = made.one("Schedule").inputs
    assert schedule["scheduleExpression"] == "rate(1 minute)"
    assert schedule["flexibleTimeWindow"] == {"mode": "OFF"}
    target = schedule["target"]
    assert target["arn"] == made.made[made.one("Function").urn]["arn"]
    assert json.loads(target["input"]) == {"action": "watch"}
    assert target["deadLetterConfig"] == {"arn": made.made[made.one("Queue").urn]["arn"]}
    assert target["retryPolicy"]["maximumEventAgeInSeconds"] == 60
    assert target["roleArn"] == made.made[made.one("Role", "desk-watcher-caller").urn]["arn"]


def test_a_watch_that_fails_is_not_repeated_the_next_one_comes(made: Deployment) -> None:
    once = made.one("FunctionEventInvokeConfig").inputs
    assert once["functionName"] == made.made[made.one("Function").urn]["name"]
    assert (once["maximumRetryAttempts"], once["maximumEventAgeInSeconds"]) == (0, 60)


def test_scheduler_may_invoke_it_and_leave_letters(made: Deployment) -> None:
    found = allowed(policy(made, "desk-watcher-caller-policy"))
    assert found["lambda:InvokeFunction"] == made.made[made.one("Function").urn]["arn"]
    assert found["sqs:SendMessage"] == made.made[made.one("Queue").urn]["arn"]
    assert set(found) == {"lambda:InvokeFunction", "sqs:SendMessage", "kms:Decrypt", "kms:GenerateDataKey"}
    trust = json.loads(made.one("Role", "desk-watcher-caller").inputs["assumeRolePolicy"])
    assert trust["Statement"][0]["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trust["Statement"][0]["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def test_letters_are_encrypted_and_nobody_elses(made: Deployment) -> None:
    queue = made.one("Queue").inputs
    assert queue["kmsMasterKeyId"] == KEY
    assert queue["messageRetentionSeconds"] == 14 * 86_400
    assert json.loads(queue["redriveAllowPolicy"]) == {"redrivePermission": "denyAll"}


# Alarms.


def alarms(deployment: Deployment) -> dict[str, dict[str, Any]]:
    return {a.name.removeprefix("desk-watcher-"): a.inputs for a in deployment.all("MetricAlarm")}


def test_it_is_told_when_nobody_serves_watches_or_stands_by(made: Deployment) -> None:
    found = alarms(made)
    assert set(found) == {"serving", "spare", "errors", "unscheduled"}
    for what, metric, minutes in (("serving", "Serving", 2), ("spare", "StandbyHealthy", 15)):
        alarm = found[what]
        assert (alarm["namespace"], alarm["metricName"]) == ("Holdfast/ActiveStandby", metric)
        assert alarm["dimensions"] == {"Pair": "shop-production-desk"}
        assert (alarm["comparisonOperator"], alarm["threshold"]) == ("LessThanThreshold", 1)
        assert (alarm["evaluationPeriods"], alarm["period"]) == (minutes, 60)
        assert alarm["treatMissingData"] == "breaching"
    assert found["errors"]["dimensions"] == {"FunctionName": made.made[made.one("Function").urn]["name"]}
    assert found["unscheduled"]["dimensions"] == {"QueueName": made.made[made.one("Queue").urn]["name"]}
    for what in ("errors", "unscheduled"):
        assert (found[what]["comparisonOperator"], found[what]["threshold"]) == ("GreaterThanThreshold", 0)
        assert found[what]["treatMissingData"] == "notBreaching"
    assert {tuple(alarm["alarmActions"]) for alarm in found.values()} == {(TOPIC,)}


@pytest.mark.parametrize(
    ("running", "watched"),
    [(0, {"errors", "unscheduled"}), (1, {"errors", "unscheduled", "serving"})],
)
def test_nobody_is_missed_who_should_not_be_there(running: int, watched: set[str]) -> None:
    found = run(running=running)
    assert set(alarms(found)) == watched
    assert found.one("Schedule").inputs["scheduleExpression"] == "rate(1 minute)"  # a takeover needs it


def test_all_of_it_is_the_components_and_tagged(made: Deployment) -> None:
    component = made.one("PairWatcher").urn
    assert {r.parent for r in made.resources if r.type.startswith("aws:")} == {component}
    assert all(r.tags["Name"] == r.name for r in made.taggable())
    assert set(made.outputs[component]) == {"functionName", "functionArn", "alarmArns"}


def test_it_states_itself_as_a_unit_of_recovery() -> None:
    seen: list[PairWatcher] = []
    deploy(lambda: seen.append(PairWatcher("desk-watcher", ARGS)))
    told = seen[0].recovery_fact({"interval_s": 5, "threshold": 2, "timeout_s": 2})
    assert (told["kind"], told["name"]) == ("compute", "desk-watcher-function")
    assert (told["desired"], told["required"], told["max"]) == (2, 1, 2)
    assert told["swap"] == {**{key: each.default for key, each in FIELDS.items()}, "coolDown": 600}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"group_names": ["one"]}, r"group_names: got 1, allowed is 2 groups"),
        (
            {"timing": {"coolDown": 3601}},
            r"timing.coolDown: got 3601, allowed is 0 to 3600 \(seconds after a swap",
        ),
        ({"timing": {"poll": 0}}, r"timing.poll: got 0, allowed is 1 to 10"),
        ({"timing": {"sleep": 1}}, r"timing: got 'sleep', allowed is one of poll, watch, coolDown"),
        ({"reserved": 4}, r"reserved: got 4, allowed is 5 or more, or None"),
        ({"running": 3}, r"running: got 3, allowed is 0 to 2"),
        ({"log_retention_days": 2}, r"log_retention_days: got 2, allowed is one of 1, 3"),
    ],
)
def test_what_can_not_be_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=rf"^{message}"):
        run(**change)


# A disk that both have.

MIRROR = MirrorArgs(
    interface_ids=["eni-1", "eni-2"],
    route_table_ids=["rtb-1", "rtb-2"],
    address="192.168.255.1",
    protocol="C",
    starts=60,
)
EC2 = "arn:aws:ec2:us-east-1:123456789012:"


def test_a_mirrored_pair_may_stop_its_own_machines_and_move_its_own_routes(made: Deployment) -> None:
    mirrored = run(mirror=MIRROR)
    before, after = (allowed(policy(each, "desk-watcher-role-policy")) for each in (made, mirrored))
    assert {action: after[action] for action in after if action not in before} == {
        "ec2:DescribeInstances": "*",
        "ec2:DescribeRouteTables": "*",
        "ec2:StopInstances": f"{EC2}instance/*",
        "ec2:ReplaceRoute": [f"{EC2}route-table/rtb-1", f"{EC2}route-table/rtb-2"],
    }
    (stop,) = (s for s in policy(mirrored, "desk-watcher-role-policy") if s["Action"] == "ec2:StopInstances")
    assert set(stop["Condition"]["StringEquals"]) >= {"aws:ResourceTag/environment", "aws:ResourceTag/system"}


def test_the_function_understands_what_it_is_told_of_the_disk(made: Deployment) -> None:
    found = configuration(run(mirror=MIRROR).one("Function").inputs["environment"]["variables"]).mirror
    assert found is not None
    assert found.interfaces == {"first": "eni-1", "second": "eni-2"}
    assert (found.tables, found.address, found.starts) == (("rtb-1", "rtb-2"), "192.168.255.1/32", 60)
    assert not {"MIRROR", "DISK"} & set(made.one("Function").inputs["environment"]["variables"])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"interface_ids": ["eni-1"]}, "mirror.interface_ids: got 1, allowed is 2"),
        ({"protocol": "B"}, "mirror.protocol: got 'B', allowed is one of C, A"),
        ({"starts": 601}, "mirror.starts: got 601, allowed is 1 to 600 seconds"),
    ],
)
def test_what_it_refuses_of_a_disk(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=f"^{message}"):
        run(mirror=replace(MIRROR, **changes))
