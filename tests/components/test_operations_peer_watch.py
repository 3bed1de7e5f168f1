"""A region that watches another one."""

from __future__ import annotations

import json
import re
from typing import Any

import pulumi
import pytest

from components.checks import ArgumentError
from components.operations import PeerWatch, PeerWatchArgs
from tests.components.data_arguments import KEY, REQUIRED_TAGS, TAGS
from tests.pulumi_mocks import Deployment, deploy

TOPIC = "arn:aws:sns:us-west-2:123456789012:alarms"
URL = "https://us-east-1.www.example.com/health"


def args(**changes: Any) -> PeerWatchArgs:
    base: dict[str, Any] = {
        "region": "us-west-2",
        "peer_region": "us-east-1",
        "system": "shop-production-web",
        "url": URL,
        "key_arn": KEY,
        "actions": [TOPIC],
        "tags": TAGS,
    }
    return PeerWatchArgs(**{**base, **changes})


def made(**changes: Any) -> Deployment:
    def program() -> None:
        pulumi.export("arn", PeerWatch("east", args(**changes)).arn)

    return deploy(program, config={"aws:region": "us-west-2"})


def test_the_loss_rings_when_two_minutes_long_nobody_answered() -> None:
    found = made()
    alarm = found.one("MetricAlarm", "east-lost")
    seen = {
        key: alarm.inputs[key]
        for key in ("namespace", "metricName", "statistic", "period", "evaluationPeriods")
    }
    assert seen == {
        "namespace": "Holdfast/Watch",
        "metricName": "Lost",
        "statistic": "Minimum",
        "period": 60,
        "evaluationPeriods": 2,
    }
    assert (alarm.inputs["comparisonOperator"], alarm.inputs["threshold"]) == ("GreaterThanThreshold", 0)
    assert alarm.inputs["dimensions"] == {"Region": "us-east-1", "System": "shop-production-web"}
    assert alarm.inputs["treatMissingData"] == "notBreaching"
    assert alarm.inputs["alarmActions"] == [TOPIC]
    assert (
        next(values["arn"] for values in found.outputs.values() if "arn" in values)
        == found.made[alarm.urn]["arn"]
    )
    assert made(minutes=3).one("MetricAlarm", "east-lost").inputs["evaluationPeriods"] == 3


def test_a_watch_that_sees_nothing_is_told() -> None:
    blind = made().one("MetricAlarm", "east-blind").inputs
    assert (blind["statistic"], blind["comparisonOperator"], blind["threshold"]) == (
        "SampleCount",
        "LessThanThreshold",
        1,
    )
    assert (blind["treatMissingData"], blind["evaluationPeriods"]) == ("breaching", 5)
    assert blind["dimensions"] == {"Region": "us-east-1", "System": "shop-production-web"}


def test_the_function_looks_every_minute_and_may_write_one_namespace() -> None:
    found = made()
    function = found.one("aws:lambda/function:Function").inputs
    assert function["environment"]["variables"] == {
        "URL": URL,
        "THIRD": "https://sts.us-east-2.amazonaws.com",
        "NAMESPACE": "Holdfast/Watch",
        "METRIC": "Lost",
        "DIMENSIONS": json.dumps({"Region": "us-east-1", "System": "shop-production-web"}),
    }
    assert (function["handler"], function["timeout"]) == ("handler.handler", 55)
    rule = found.one("EventRule")
    assert rule.inputs["scheduleExpression"] == "rate(1 minute)"
    target = found.one("EventTarget")
    assert target.inputs["arn"] == found.made[found.one("aws:lambda/function:Function").urn]["arn"]
    permission = found.one("aws:lambda/permission:Permission")
    assert permission.inputs["principal"] == "events.amazonaws.com"
    assert permission.inputs["sourceArn"] == found.made[rule.urn]["arn"]
    assert permission.urn in target.dependencies
    statements = json.loads(found.one("RolePolicy").inputs["policy"])["Statement"]
    assert [(s["Action"], s.get("Condition")) for s in statements] == [
        ("cloudwatch:PutMetricData", {"StringEquals": {"cloudwatch:namespace": "Holdfast/Watch"}}),
        (["logs:CreateLogStream", "logs:PutLogEvents"], None),
    ]
    logs = found.one("LogGroup").inputs
    assert (logs["kmsKeyId"], logs["retentionInDays"]) == (KEY, 90)


def test_the_third_place_is_in_neither_region() -> None:
    def looks_at(**changes: Any) -> str:
        function = made(**changes).one("aws:lambda/function:Function").inputs
        return str(function["environment"]["variables"]["THIRD"])

    assert looks_at(peer_region="us-east-2") == "https://sts.us-west-1.amazonaws.com"
    assert looks_at(third="https://status.example.org") == "https://status.example.org"


def test_all_of_it_is_the_components_and_tagged() -> None:
    found = made()
    component = found.one("holdfast:operations:PeerWatch").urn
    assert {r.parent for r in found.resources if r.type.startswith("aws:")} == {component}
    assert all(each.tags.keys() >= REQUIRED_TAGS for each in found.taggable())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"peer_region": "us-west-2"}, "peer_region: got 'us-west-2', allowed is another than region"),
        ({"minutes": 0}, "minutes: got 0, allowed is 1 to 10"),
        ({"minutes": 11}, "minutes: got 11, allowed is 1 to 10"),
        ({"actions": []}, "actions: got [], allowed is 1 or more: somebody is told that a region is lost"),
        ({"log_days": 8}, "log_days: got 8, allowed is"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_said_before_anything_is_registered(changes: dict[str, Any], said: str) -> None:
    into = Deployment()
    with pytest.raises(ArgumentError, match=re.escape(said)):
        deploy(lambda: PeerWatch("east", args(**changes)), into=into)
    assert not [each for each in into.resources if each.type.startswith(("aws:", "holdfast:"))]
