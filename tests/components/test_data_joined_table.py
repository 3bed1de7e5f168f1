"""A region's share of a table that another stack founded."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from components.checks import ArgumentError
from components.data import JoinedTable, JoinedTableArgs, item_statements
from tests.components.data_arguments import REQUIRED_TAGS, TAGS
from tests.pulumi_mocks import Deployment, deploy

ARN = "arn:aws:dynamodb:us-west-2:123456789012:table/orders"
TOPIC = "arn:aws:sns:us-west-2:123456789012:alarms"


def made(**changes: Any) -> Deployment:
    base: dict[str, Any] = {
        "tags": TAGS,
        "region": "us-west-2",
        "founder_region": "us-east-1",
        "table_name": "orders",
        "table_arn": ARN,
        "strong": False,
        "topic_arn": TOPIC,
    }

    def program() -> None:
        table = JoinedTable("orders", JoinedTableArgs(**{**base, **changes}))
        pulumi.export("told", {"name": table.table_name, "arn": table.table_arn})

    return deploy(program, config={"aws:region": "us-west-2"})


def test_it_declares_alarms_alone() -> None:
    found = made()
    component = found.one("holdfast:data:JoinedTable")
    alarms = [r for r in found.resources if r.type.startswith("aws:")]
    assert {r.type for r in alarms} == {"aws:cloudwatch/metricAlarm:MetricAlarm"}
    assert {r.name for r in alarms} == {
        f"orders-us-west-2-{part}" for part in ("errors", "throttles", "lag-us-east-1")
    }
    for alarm in alarms:
        assert alarm.parent == component.urn
        assert alarm.inputs["alarmActions"] == [TOPIC]
        assert set(alarm.tags) >= REQUIRED_TAGS
        assert "region" not in alarm.inputs
    lag = found.one("MetricAlarm", "orders-us-west-2-lag-us-east-1").inputs
    assert lag["dimensions"] == {"TableName": "orders", "ReceivingRegion": "us-east-1"}
    assert found.outputs[component.urn] == {"tableName": "orders", "tableArn": ARN}


def test_a_strong_table_has_no_lag() -> None:
    assert not [r for r in made(strong=True).resources if "lag" in r.name]


def test_a_table_is_not_its_own_replica() -> None:
    with pytest.raises(
        ArgumentError, match="founder_region: got 'us-west-2', allowed is another than region"
    ):
        made(founder_region="us-west-2")


def test_items_are_read_and_written_in_one_table() -> None:
    (statement,) = item_statements(ARN)
    assert (statement["Effect"], statement["Resource"]) == ("Allow", ARN)
    assert {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"} <= set(statement["Action"])
    assert not [action for action in statement["Action"] if "*" in action or "Table" in action]
