"""Alarms, topics, events, roles."""

from __future__ import annotations

from sandbox.provider.deviations.deviation import Deviation
from sandbox.provider.table import Read

_QUERIES = (
    "Metrics[].{id: Id, accountId: AccountId, expression: Expression, label: Label, period: Period, returnData: ReturnData,"
    " metric: MetricStat && {namespace: MetricStat.Metric.Namespace, metricName: MetricStat.Metric.MetricName,"
    " dimensions: MetricStat.Metric.Dimensions, period: MetricStat.Period, stat: MetricStat.Stat, unit: MetricStat.Unit}}"
)

DEVIATIONS = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": Deviation(told={"metricQueries": _QUERIES}),
    "aws:iam/role:Role": Deviation(
        reads=(
            Read(
                "ListAttachedRolePolicies",
                {"RoleName": "id"},
                path="{Attached: AttachedPolicies[].PolicyArn}",
            ),
        ),
        told={"managedPolicyArns": "Attached"},
        silent={"inlinePolicies": "AWS lists names only; policies that stand alone are read back"},
    ),
    "aws:sqs/queue:Queue": Deviation(
        told={
            "maxMessageSize": "MaximumMessageSize",
            "messageRetentionSeconds": "MessageRetentionPeriod",
            "receiveWaitTimeSeconds": "ReceiveMessageWaitTimeSeconds",
            "visibilityTimeoutSeconds": "VisibilityTimeout",
        },
        silent={"name": "the last part of its URL, by which it is found"},
    ),
    "aws:sns/topic:Topic": Deviation(silent={"name": "the last part of its ARN, by which it is found"}),
    "aws:iam/instanceProfile:InstanceProfile": Deviation(told={"role": "Roles[0].RoleName"}),
}
