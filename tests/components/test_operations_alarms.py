from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.operations import Comparison, Expression, Metric, Missing, alarm, health_check_alarm
from components.operations.alarms import _check
from components.tags import Tags
from tests.pulumi_mocks import Registered, deploy

TAGS = Tags(
    environment="production",
    system="shop",
    owner="platform",
    cost_center="cc-1",
    dr_tier=1,
    rto_hours=1,
    rpo_minutes=5,
)
TOPIC = "arn:aws:sns:us-east-1:123456789012:ops"
METRIC = Metric(namespace="AWS/X", name="Y", statistic="Sum", dimensions={"Z": "1"})


def made(source: Metric | Expression = METRIC, threshold: float = 5, **given: Any) -> Registered:
    settings: dict[str, Any] = {
        "missing": Missing.BREACHING,
        "description": "Something",
        "tags": TAGS,
        "actions": [TOPIC],
        **given,
    }
    return deploy(lambda: alarm("a", source, Comparison.ABOVE, threshold, **settings)).one("MetricAlarm")


def test_plain_metric() -> None:
    found = made(periods=3, datapoints=2)
    assert found.inputs == {
        "namespace": "AWS/X",
        "metricName": "Y",
        "statistic": "Sum",
        "dimensions": {"Z": "1"},
        "period": 60,
        "threshold": 5,
        "comparisonOperator": "GreaterThanThreshold",
        "evaluationPeriods": 3,
        "datapointsToAlarm": 2,
        "treatMissingData": "breaching",
        "alarmDescription": "Something",
        "alarmActions": [TOPIC],
        "okActions": [TOPIC],
        "tags": TAGS.resource("a"),
    }


def test_percentile_is_an_extended_statistic() -> None:
    found = made(Metric(namespace="AWS/X", name="Y", statistic="p99.9")).inputs
    assert found["extendedStatistic"] == "p99.9"
    assert found["evaluateLowSampleCountPercentiles"] == "ignore"
    assert "statistic" not in found


def test_expression() -> None:
    source = Expression(
        expression="100 * e / r",
        label="rate",
        metrics={"e": METRIC, "r": Metric(namespace="AWS/X", name="R", statistic="Sum")},
    )
    found = made(source).inputs
    assert "metricName" not in found
    assert "period" not in found
    result, errors, requests = found["metricQueries"]
    assert result == {"id": "result", "expression": "100 * e / r", "label": "rate", "returnData": True}
    assert errors["id"] == "e"
    assert errors["metric"] == {
        "namespace": "AWS/X",
        "metricName": "Y",
        "stat": "Sum",
        "period": 60,
        "dimensions": {"Z": "1"},
    }
    assert requests["metric"]["metricName"] == "R"
    assert [q.get("returnData") for q in found["metricQueries"]] == [True, None, None]


def test_missing_data_and_region() -> None:
    found = made(missing=Missing.INSUFFICIENT, notify_insufficient_data=True, region="us-east-1").inputs
    assert found["treatMissingData"] == "missing"
    assert found["insufficientDataActions"] == [TOPIC]
    assert found["region"] == "us-east-1"


def test_health_check_alarm_lives_where_route_53_reports() -> None:
    deployment = deploy(lambda: health_check_alarm("shop-site", "hc-1", tags=TAGS, actions=[TOPIC]))
    found = deployment.one("MetricAlarm")
    assert found.inputs["region"] == "us-east-1"
    assert found.inputs["metricName"] == "HealthCheckStatus"
    assert found.inputs["dimensions"] == {"HealthCheckId": "hc-1"}
    assert (found.inputs["statistic"], found.inputs["comparisonOperator"], found.inputs["threshold"]) == (
        "Minimum",
        "LessThanThreshold",
        1,
    )
    assert found.inputs["treatMissingData"] == "breaching"
    assert found.tags == TAGS.resource("shop-site")


@pytest.mark.parametrize(
    ("source", "given", "message"),
    [
        (
            Metric(namespace="N", name="M", statistic="Median"),
            {},
            "statistic: got 'Median', allowed is one of Average, Maximum, Minimum,",
        ),
        (
            Metric(namespace="N", name="M", statistic="p101"),
            {},
            "statistic: got 'p101', allowed is one of Average, Maximum, Minimum,",
        ),
        (
            Metric(namespace="N", name="M", statistic="Sum", period_seconds=45),
            {},
            "period_seconds: got 45, allowed is 10, 30 or a multiple of 60",
        ),
        (
            Metric(namespace="N", name="M", statistic="Sum", period_seconds=0),
            {},
            "period_seconds: got 0, allowed is 10, 30 or a multiple of 60",
        ),
        (METRIC, {"periods": 0}, "periods: got 0, allowed is 1 or more"),
        (METRIC, {"periods": 2, "datapoints": 3}, r"datapoints: got 3, allowed is 1 to 2 \(periods\)"),
        (METRIC, {"periods": 1441}, "periods: got 1441 of 60 s, allowed is up to 86400 s together"),
        (
            Metric(namespace="N", name="M", statistic="Sum", period_seconds=3600),
            {"periods": 169},
            "periods: got 169 of 3600 s, allowed is up to 604800 s together",
        ),
        (
            Expression(expression="1", label="x", metrics={}),
            {},
            r"metrics: got \[\], allowed is 1 or more: an expression is over",
        ),
        (
            Expression(expression="A", label="x", metrics={"A": METRIC}),
            {},
            "metrics: got the id 'A', allowed is a lower-case letter, then letters,",
        ),
        (
            Expression(expression="result", label="x", metrics={"result": METRIC}),
            {},
            "metrics: got the id 'result', allowed is a lower-case letter, then letters,",
        ),
        (
            Expression(
                expression="a+b",
                label="x",
                metrics={
                    "a": METRIC,
                    "b": Metric(namespace="N", name="M", statistic="Sum", period_seconds=300),
                },
            ),
            {},
            r"metrics: got periods of \[60, 300\] s, allowed is one period for all of an expression",
        ),
    ],
)
def test_bad_arguments(source: Metric | Expression, given: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        made(source, **given)


@given(
    seconds=st.sampled_from([10, 30, 60, 300, 3600, 86400]),
    periods=st.integers(1, 200),
    datapoints=st.integers(1, 200),
)
def test_window_is_bounded_by_what_cloudwatch_looks_back(seconds: int, periods: int, datapoints: int) -> None:
    source = Metric(namespace="N", name="M", statistic="Sum", period_seconds=seconds)
    fits = seconds * periods <= (604_800 if seconds >= 3600 else 86_400) and datapoints <= periods
    if fits:
        _check(source, periods, datapoints)
    else:
        with pytest.raises(ValueError, match=r"periods|datapoints"):
            _check(source, periods, datapoints)
