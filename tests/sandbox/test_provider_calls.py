"""What a resource costs in calls, and that the last of them tells what is kept of it."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.provider import Provider
from sandbox.provider.api import Api
from sandbox.provider.readback import KEPT

ALARM = {
    "name": "full",
    "comparisonOperator": "GreaterThanThreshold",
    "evaluationPeriods": 1,
    "metricName": "Used",
    "namespace": "Disk",
    "dimensions": {"Disk": "a"},
    "period": 60,
    "statistic": "Maximum",
    "threshold": 80,
}
TABLE = {
    "name": "orders",
    "billingMode": "PAY_PER_REQUEST",
    "hashKey": "id",
    "attributes": [{"name": "id", "type": "S"}],
    "streamEnabled": True,
    "streamViewType": "NEW_AND_OLD_IMAGES",
}
HERE, THERE = "us-east-1", "us-west-2"
COSTS: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "made by one call": (
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        ALARM,
        ["PutMetricAlarm", "DescribeAlarms"],
    ),
    "a property of it matters at its end alone": (
        "aws:secretsmanager/secret:Secret",
        {"name": "word", "recoveryWindowInDays": 30},
        ["CreateSecret", "DescribeSecret"],
    ),
    "another region's is made besides": (
        "aws:dynamodb/table:Table",
        {**TABLE, "replicas": [{"regionName": THERE}]},
        [
            *("CreateTable", "DescribeTable", "UpdateTable"),
            *("DescribeTable", "DescribeTable", "DescribeContinuousBackups"),  # the replica's as well
        ],
    ),
}


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The operations that are called from now on, in order."""
    made: list[str] = []
    call = Api.call

    def noted(self: Api, service: str, operation: str, params: Any, region: str) -> dict[str, Any]:
        made.append(operation)
        return call(self, service, operation, params, region)

    monkeypatch.setattr(Api, "call", noted)
    return made


@pytest.mark.parametrize("name", COSTS)
def test_aws_is_not_asked_again_while_nothing_was_called_since(
    provider: Provider, calls: list[str], name: str
) -> None:
    token, inputs, expected = COSTS[name]
    provider.create(token, inputs)
    assert calls == expected


def test_what_is_kept_of_a_resource_was_seen_after_the_last_call_that_changed_it(provider: Provider) -> None:
    token, inputs, _ = COSTS["another region's is made besides"]
    _, outputs = provider.create(token, inputs)
    assert [each["regionName"] for each in outputs["replicas"]] == [THERE]
    assert outputs["replicas"][0]["arn"].split(":")[3] == THERE


def test_what_was_asked_for_is_not_what_aws_says(provider: Provider) -> None:
    """DescribeSecret doesn't tell how long a deleted secret can be restored: it is no drift that it doesn't."""
    token, inputs, _ = COSTS["a property of it matters at its end alone"]
    id_, outputs = provider.create(token, inputs)
    assert outputs[KEPT]["silent"] == ["recoveryWindowInDays"]
    fresh, _ = provider.refresh(token, id_, inputs, outputs)
    assert fresh == inputs
