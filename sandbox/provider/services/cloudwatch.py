"""CloudWatch: alarms, composite alarms, dashboards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider import shapes
from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Read, arn_tags

_TAGS = arn_tags(arn_param="ResourceARN")
_DELETE = (Call("DeleteAlarms", {"AlarmNames": "[id]"}),)

_PLAIN = (
    "name",
    "actionsEnabled",
    "alarmActions",
    "alarmDescription",
    "comparisonOperator",
    "datapointsToAlarm",
    "evaluateLowSampleCountPercentiles",
    "evaluationPeriods",
    "extendedStatistic",
    "insufficientDataActions",
    "metricName",
    "namespace",
    "okActions",
    "period",
    "statistic",
    "threshold",
    "thresholdMetricId",
    "treatMissingData",
    "unit",
)
_SHAPED = ("dimensions", "metricQueries")


def _dimensions(given: Mapping[str, Any] | None) -> list[dict[str, str]]:
    return [{"Name": name, "Value": str(value)} for name, value in sorted((given or {}).items())]


def _query(query: Mapping[str, Any], shape: Any) -> dict[str, Any]:
    """Turn a query into AWS's form, which has metric and statistic apart."""
    own = {key: value for key, value in query.items() if key != "metric"}
    result: dict[str, Any] = shapes.to_aws(own, shape, {}, "metricQueries")
    metric = query.get("metric")
    if metric:
        result["MetricStat"] = {
            "Metric": {
                "Namespace": metric["namespace"],
                "MetricName": metric["metricName"],
                "Dimensions": _dimensions(metric.get("dimensions")),
            },
            "Period": int(metric["period"]),
            "Stat": metric["stat"],
            **({"Unit": metric["unit"]} if metric.get("unit") else {}),
        }
    # pulumi_aws leaves it out for the queries whose data only the expression uses; AWS takes that for true.
    result.setdefault("ReturnData", False)
    return result


def _alarm(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    if ctx.inputs.get("dimensions"):
        params["Dimensions"] = _dimensions(ctx.inputs["dimensions"])
    if ctx.inputs.get("metricQueries"):
        shape = ctx.api.input_shape("cloudwatch", "PutMetricAlarm").members["Metrics"].member
        params["Metrics"] = [_query(query, shape) for query in ctx.inputs["metricQueries"]]
    return params


def _refuse_alarm(inputs: Mapping[str, Any], _ctx: Context) -> str | None:
    """Refuse what CloudWatch refuses and moto takes."""
    if ("metricName" in inputs) == ("metricQueries" in inputs):
        return "ValidationError: exactly one of MetricName and Metrics is needed"
    queries = inputs.get("metricQueries")
    if isinstance(queries, list) and sum(bool(q.get("returnData")) for q in queries) != 1:
        return "ValidationError: exactly one element of the metrics list should return data"
    return None


_PUT_ALARM = Call("PutMetricAlarm", take=_PLAIN, when=_SHAPED, whole=True, adjust=_alarm)

METRIC_ALARM = simulated(
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    create=_PUT_ALARM,
    read=Read("DescribeAlarms", {"AlarmNames": "[id]"}, path="MetricAlarms[0]"),
    update=(_PUT_ALARM,),
    delete=_DELETE,
    rename={
        "name": "AlarmName",
        "evaluateLowSampleCountPercentiles": "EvaluateLowSampleCountPercentile",
    },
    replace=("name",),
    autoname=("name", 255),
    outputs={"arn": "AlarmArn"},
    refuse=_refuse_alarm,
    kind="extended",
)

_PUT_COMPOSITE = Call("PutCompositeAlarm", whole=True)

COMPOSITE_ALARM = simulated(
    "aws:cloudwatch/compositeAlarm:CompositeAlarm",
    create=_PUT_COMPOSITE,
    read=Read(
        "DescribeAlarms",
        {"AlarmNames": "[id]", "AlarmTypes": "['CompositeAlarm']"},
        path="CompositeAlarms[0]",
    ),
    update=(_PUT_COMPOSITE,),
    delete=_DELETE,
    replace=("alarmName",),
    outputs={"arn": "AlarmArn"},
    kind="extended",
)

_PUT_DASHBOARD = Call("PutDashboard", whole=True)

DASHBOARD = simulated(
    "aws:cloudwatch/dashboard:Dashboard",
    create=_PUT_DASHBOARD,
    update=(_PUT_DASHBOARD,),
    replace=("dashboardName",),
    outputs={"dashboardArn": "DashboardArn"},
)

RESOURCES = (METRIC_ALARM, COMPOSITE_ALARM, DASHBOARD)
