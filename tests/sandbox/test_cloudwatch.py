"""Alarms in the sandbox: what follows from a change of state, by boto3, and the provider's rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import botocore.exceptions
import pytest

from sandbox.provider import Provider
from tests.sandbox.emptied import emptied

METRIC, COMPOSITE, DASHBOARD = (
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    "aws:cloudwatch/compositeAlarm:CompositeAlarm",
    "aws:cloudwatch/dashboard:Dashboard",
)
Boto = Callable[..., Any]
MEASURE = {
    "Namespace": "N",
    "MetricName": "M",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1,
    "ComparisonOperator": "GreaterThanThreshold",
}


@pytest.fixture
def aws_endpoint(aws_server: Any) -> str:
    return emptied(aws_server, "cloudwatch", "sns", "sqs", "events")


def state(boto: Boto, name: str) -> str:
    found = boto("cloudwatch").describe_alarms(
        AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"]
    )
    return (found["MetricAlarms"] + found["CompositeAlarms"])[0]["StateValue"]


def change(boto: Boto, name: str, value: str) -> None:
    boto("cloudwatch").set_alarm_state(AlarmName=name, StateValue=value, StateReason="test")


def listener(boto: Boto, topic: str, region: str = "us-east-1") -> Callable[[], list[dict]]:
    """Subscribe a queue to a topic; the result reads the messages that came since the last reading."""
    queue = boto("sqs", region).create_queue(QueueName="heard")["QueueUrl"]
    arn = f"arn:aws:sqs:{region}:123456789012:heard"
    boto("sns", region).subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    def read() -> list[dict]:
        found = (
            boto("sqs", region).receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        )
        for message in found:
            boto("sqs", region).delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(json.loads(m["Body"])["Message"]) for m in found]

    return read


def test_composite_alarms_follow_their_children_and_notify(boto: Boto) -> None:
    cloudwatch = boto("cloudwatch")
    topic = boto("sns").create_topic(Name="ops")["TopicArn"]
    heard = listener(boto, topic)
    for name in ("a", "b"):
        cloudwatch.put_metric_alarm(AlarmName=name, **MEASURE)
    cloudwatch.put_composite_alarm(
        AlarmName="both", AlarmRule='ALARM("a") AND ALARM(b)', AlarmActions=[topic], OKActions=[topic]
    )
    cloudwatch.put_composite_alarm(AlarmName="over", AlarmRule="ALARM(both) OR FALSE")
    change(boto, "a", "ALARM")
    assert (state(boto, "both"), state(boto, "over"), heard()) == ("OK", "OK", [])
    change(boto, "b", "ALARM")
    assert (state(boto, "both"), state(boto, "over")) == ("ALARM", "ALARM")
    [message] = heard()
    assert message["AlarmName"] == "both"
    assert (message["OldStateValue"], message["NewStateValue"]) == ("OK", "ALARM")
    assert message["AlarmRule"] == 'ALARM("a") AND ALARM(b)'
    assert message["Region"] == "us-east-1"
    change(boto, "a", "OK")
    assert [m["NewStateValue"] for m in heard()] == ["OK"]
    assert state(boto, "over") == "OK"


def test_a_composite_alarm_is_judged_when_it_is_put(boto: Boto) -> None:
    cloudwatch = boto("cloudwatch")
    cloudwatch.put_metric_alarm(AlarmName="a", **MEASURE)
    change(boto, "a", "ALARM")
    cloudwatch.put_composite_alarm(AlarmName="c", AlarmRule="ALARM(a)", AlarmDescription="d")
    assert cloudwatch.describe_alarms(AlarmNames=["c"])["MetricAlarms"] == []
    assert cloudwatch.describe_alarms(AlarmNames=["c"])["CompositeAlarms"] == [], "shown only when asked for"
    [found] = cloudwatch.describe_alarms(AlarmNames=["c"], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    assert (found["StateValue"], found["AlarmRule"], found["AlarmDescription"]) == ("ALARM", "ALARM(a)", "d")
    cloudwatch.put_composite_alarm(AlarmName="c", AlarmRule="NOT ALARM(a)")
    assert state(boto, "c") == "OK"
    cloudwatch.delete_alarms(AlarmNames=["a"])
    assert state(boto, "c") == "OK"


@pytest.mark.parametrize("rule", ["ALARM(", "ALARM(nobody)", "ALARM(c)"])
def test_refused_rules(boto: Boto, rule: str) -> None:
    boto("cloudwatch").put_metric_alarm(AlarmName="a", **MEASURE)
    boto("cloudwatch").put_composite_alarm(AlarmName="c", AlarmRule="ALARM(a)")
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        boto("cloudwatch").put_composite_alarm(AlarmName="c", AlarmRule=rule)
    assert caught.value.response["Error"]["Code"] == "ValidationError"
    assert "AlarmRule" in caught.value.response["Error"]["Message"]


def test_a_metric_alarm_acts_once_a_change(boto: Boto) -> None:
    topic = boto("sns").create_topic(Name="ops")["TopicArn"]
    heard = listener(boto, topic)
    given = {"AlarmName": "a", "AlarmActions": [topic], "InsufficientDataActions": [topic], **MEASURE}
    boto("cloudwatch").put_metric_alarm(**given)
    change(boto, "a", "ALARM")
    change(boto, "a", "ALARM")
    [message] = heard()
    assert message["Trigger"]["MetricName"] == "M"
    change(boto, "a", "INSUFFICIENT_DATA")
    assert [m["NewStateValue"] for m in heard()] == ["INSUFFICIENT_DATA"]
    boto("cloudwatch").disable_alarm_actions(AlarmNames=["a"])
    change(boto, "a", "ALARM")
    assert heard() == []
    boto("cloudwatch").put_metric_alarm(**{**given, "Threshold": 2})
    assert state(boto, "a") == "ALARM", "a changed alarm keeps its state"


def test_failing_actions_are_history(boto: Boto) -> None:
    topic = boto("sns").create_topic(Name="ops")["TopicArn"]
    elsewhere = boto("sns", "us-west-2").create_topic(Name="ops")["TopicArn"]
    lambda_arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
    actions = [topic, elsewhere, f"{topic}-gone", lambda_arn]
    boto("cloudwatch").put_metric_alarm(AlarmName="a", AlarmActions=actions, **MEASURE)
    change(boto, "a", "ALARM")
    history = boto("cloudwatch").describe_alarm_history(AlarmName="a")["AlarmHistoryItems"]
    said = {item["HistorySummary"] for item in history if item["HistoryItemType"] == "Action"}
    assert f"Successfully executed action {topic}" in said
    assert sum(text.startswith("Failed to execute action") for text in said) == 3
    assert any("own region" in text for text in said)
    assert any("can't call lambda" in text for text in said)
    updates = boto("cloudwatch").describe_alarm_history(AlarmName="a", HistoryItemType="StateUpdate")
    assert [item["HistorySummary"] for item in updates["AlarmHistoryItems"]] == [
        "Alarm updated from OK to ALARM"
    ]


def test_state_changes_reach_event_bridge_rules(boto: Boto) -> None:
    """A rule on the alarm's ARN publishes to its topic; rules on other alarms and disabled ones don't."""
    topic = boto("sns").create_topic(Name="ops")["TopicArn"]
    heard = listener(boto, topic)
    boto("cloudwatch").put_metric_alarm(AlarmName="a", **MEASURE)
    boto("cloudwatch").put_metric_alarm(AlarmName="b", **MEASURE)
    pattern = {
        "source": ["aws.cloudwatch"],
        "detail-type": ["CloudWatch Alarm State Change"],
        "resources": ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:a"],
    }
    boto("events").put_rule(Name="r", EventPattern=json.dumps(pattern))
    boto("events").put_targets(Rule="r", Targets=[{"Id": "1", "Arn": topic}])
    change(boto, "b", "ALARM")
    assert heard() == []
    change(boto, "a", "ALARM")
    [event] = heard()
    assert event["detail"]["alarmName"] == "a"
    assert event["detail"]["state"]["value"] == "ALARM"
    assert event["detail"]["previousState"]["value"] == "OK"
    boto("events").disable_rule(Name="r")
    change(boto, "a", "OK")
    assert heard() == []


def test_event_targets(boto: Boto) -> None:
    """Constant and transformed input, a target that can't be reached, a rule with a schedule only."""
    events = boto("events")
    topic = boto("sns").create_topic(Name="ops")["TopicArn"]
    heard = listener(boto, topic)
    pattern = json.dumps({"source": ["shop"]})
    events.put_rule(Name="r", EventPattern=pattern)
    transformer = {"InputPathsMap": {"o": "$.detail.order"}, "InputTemplate": '{"order": "<o>"}'}
    events.put_targets(
        Rule="r",
        Targets=[
            {"Id": "1", "Arn": topic, "Input": '{"constant": 1}'},
            {"Id": "2", "Arn": topic, "InputTransformer": transformer},
            {"Id": "3", "Arn": "arn:aws:lambda:us-east-1:123456789012:function:f"},
            {"Id": "4", "Arn": f"{topic}-gone"},
        ],
    )
    events.put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
    events.put_targets(Rule="nightly", Targets=[{"Id": "1", "Arn": topic, "Input": '"never"'}])
    answer = events.put_events(
        Entries=[{"Source": "shop", "DetailType": "sold", "Detail": json.dumps({"order": "7"})}]
    )
    assert answer["FailedEntryCount"] == 0
    assert sorted(heard(), key=str) == [{"constant": 1}, {"order": "7"}]
    [metric] = boto("cloudwatch").list_metrics(Namespace="AWS/Events")["Metrics"]
    assert metric["MetricName"] == "FailedInvocations"
    assert metric["Dimensions"] == [{"Name": "RuleName", "Value": "r"}]


def test_queues_are_still_reached(boto: Boto) -> None:
    queue = boto("sqs").create_queue(QueueName="q")["QueueUrl"]
    boto("events").put_rule(Name="r", EventPattern=json.dumps({"source": ["shop"]}))
    boto("events").put_targets(Rule="r", Targets=[{"Id": "1", "Arn": "arn:aws:sqs:us-east-1:123456789012:q"}])
    boto("events").put_events(Entries=[{"Source": "shop", "DetailType": "sold", "Detail": '{"a": 1}'}])
    [message] = boto("sqs").receive_message(QueueUrl=queue)["Messages"]
    assert json.loads(message["Body"])["detail"] == {"a": 1}


def make(provider: Provider, token: str, inputs: dict) -> tuple[str, dict, dict]:
    checked, failures = provider.check(token, f"urn:pulumi:prod::holdfast::{token}::shop", {}, inputs)
    assert failures == []
    id_, outputs = provider.create(token, checked)
    assert id_ is not None
    return id_, checked, outputs


PLAIN = {
    "namespace": "AWS/X",
    "metricName": "Y",
    "statistic": "Sum",
    "dimensions": {"B": "2", "A": "1"},
    "period": 60.0,
    "threshold": 1.5,
    "comparisonOperator": "GreaterThanThreshold",
    "evaluationPeriods": 3.0,
    "treatMissingData": "breaching",
    "alarmActions": ["arn:aws:sns:us-east-1:123456789012:ops"],
    "okActions": ["arn:aws:sns:us-east-1:123456789012:ops"],
    "tags": {"system": "shop"},
}


def test_metric_alarm_row(provider: Provider, boto: Boto) -> None:
    id_, inputs, outputs = make(provider, METRIC, PLAIN)
    assert id_ == inputs["name"]
    assert id_.startswith("shop-")
    [found] = boto("cloudwatch").describe_alarms(AlarmNames=[id_])["MetricAlarms"]
    assert found["Dimensions"] == [{"Name": "A", "Value": "1"}, {"Name": "B", "Value": "2"}]
    assert (found["Threshold"], found["Period"], found["TreatMissingData"]) == (1.5, 60, "breaching")
    assert outputs["arn"] == found["AlarmArn"]
    tags = boto("cloudwatch").list_tags_for_resource(ResourceARN=outputs["arn"])["Tags"]
    assert tags == [{"Key": "system", "Value": "shop"}]
    news = {**inputs, "threshold": 9.0, "dimensions": {"A": "3"}}
    assert provider.diff(METRIC, inputs, news).replaces == []
    provider.update(METRIC, id_, inputs, outputs, news)
    [found] = boto("cloudwatch").describe_alarms(AlarmNames=[id_])["MetricAlarms"]
    assert (found["Threshold"], found["Dimensions"]) == (9, [{"Name": "A", "Value": "3"}])
    assert found["OKActions"] == PLAIN["okActions"]
    assert provider.diff(METRIC, inputs, {**inputs, "name": "x"}).replaces == ["name"]
    provider.delete(METRIC, id_, news, outputs)
    assert provider.read(METRIC, id_, news) is None


def test_metric_math_and_percentile_rows(provider: Provider, boto: Boto) -> None:
    metric = {"namespace": "N", "metricName": "E", "stat": "Sum", "period": 60.0, "dimensions": {"L": "x"}}
    queries = [
        {"id": "result", "expression": "100 * e", "label": "rate", "returnData": True},
        {"id": "e", "metric": metric},
    ]
    common = {k: PLAIN[k] for k in ("comparisonOperator", "evaluationPeriods", "threshold")}
    id_, _, _ = make(provider, METRIC, {**common, "metricQueries": queries})
    [found] = boto("cloudwatch").describe_alarms(AlarmNames=[id_])["MetricAlarms"]
    result, errors = found["Metrics"]
    assert (result["Id"], result["Expression"], result["ReturnData"]) == ("result", "100 * e", True)
    assert errors["ReturnData"] is False
    assert errors["MetricStat"]["Metric"] == {
        "Namespace": "N",
        "MetricName": "E",
        "Dimensions": [{"Name": "L", "Value": "x"}],
    }
    percentile = {
        **{k: v for k, v in PLAIN.items() if k != "statistic"},
        "extendedStatistic": "p99",
        "evaluateLowSampleCountPercentiles": "ignore",
        "region": "us-west-2",
    }
    id_, _, _ = make(provider, METRIC, percentile)
    [found] = boto("cloudwatch", "us-west-2").describe_alarms(AlarmNames=[id_])["MetricAlarms"]
    assert (found["ExtendedStatistic"], found["EvaluateLowSampleCountPercentile"]) == ("p99", "ignore")


def test_composite_alarm_row(provider: Provider, boto: Boto) -> None:
    child, _, _ = make(provider, METRIC, PLAIN)
    given = {
        "alarmName": "shop-unhealthy",
        "alarmRule": f'ALARM("{child}")',
        "alarmActions": PLAIN["alarmActions"],
        "tags": {"system": "shop"},
    }
    id_, inputs, outputs = make(provider, COMPOSITE, given)
    assert id_ == "shop-unhealthy"
    assert outputs["arn"] == "arn:aws:cloudwatch:us-east-1:123456789012:alarm:shop-unhealthy"
    tags = boto("cloudwatch").list_tags_for_resource(ResourceARN=outputs["arn"])["Tags"]
    assert tags == [{"Key": "system", "Value": "shop"}]
    change(boto, child, "ALARM")
    assert state(boto, id_) == "ALARM"
    news = {**inputs, "alarmRule": f'NOT ALARM("{child}")'}
    assert provider.diff(COMPOSITE, inputs, news).replaces == []
    provider.update(COMPOSITE, id_, inputs, outputs, news)
    assert state(boto, id_) == "OK"
    assert provider.diff(COMPOSITE, inputs, {**inputs, "alarmName": "x"}).replaces == ["alarmName"]
    provider.delete(COMPOSITE, id_, news, outputs)
    assert provider.read(COMPOSITE, id_, news) is None
    assert provider.read(METRIC, child, PLAIN | {"name": child}) is not None


def test_dashboard_row(provider: Provider, boto: Boto) -> None:
    body = json.dumps({"widgets": []})
    id_, inputs, outputs = make(provider, DASHBOARD, {"dashboardName": "shop", "dashboardBody": body})
    assert outputs["dashboardArn"].endswith(":dashboard/shop")
    news = {**inputs, "dashboardBody": json.dumps({"widgets": [], "start": "-PT1H"})}
    assert provider.diff(DASHBOARD, inputs, news).replaces == []
    provider.update(DASHBOARD, id_, inputs, outputs, news)
    assert "PT1H" in boto("cloudwatch").get_dashboard(DashboardName="shop")["DashboardBody"]
    provider.delete(DASHBOARD, id_, news, outputs)
    assert provider.read(DASHBOARD, id_, news) is None


@pytest.mark.parametrize(
    ("change_", "message"),
    [
        ({"metricQueries": []}, "exactly one of MetricName and Metrics"),
        ({"metricName": None}, "exactly one of MetricName and Metrics"),
        (
            {"metricName": None, "metricQueries": [{"id": "a"}, {"id": "b"}]},
            "exactly one element of the metrics list should return data",
        ),
    ],
)
def test_refused_by_the_provider(provider: Provider, change_: dict, message: str) -> None:
    _, failures = provider.check(METRIC, "urn:a::b::c::d", {}, {**PLAIN, **change_})
    assert message in failures[0][1]
