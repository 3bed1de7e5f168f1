"""What an alarm does when its state changes: notify, scale, tell EventBridge, and start Region switch plans."""

from __future__ import annotations

import json
from typing import Any

from moto.cloudwatch.models import Alarm, CloudWatchBackend

from sandbox.aws.extensions._switch_store import alarmed

_ACTIONS = {
    "ALARM": "alarm_actions",
    "OK": "ok_actions",
    "INSUFFICIENT_DATA": "insufficient_data_actions",
}


def _time(alarm: Alarm) -> str:
    return str(alarm.state_updated_timestamp.strftime("%Y-%m-%dT%H:%M:%S.000+0000"))


def _message(backend: CloudWatchBackend, alarm: Alarm, old: str) -> dict[str, Any]:
    """Write the notification that CloudWatch sends to a topic.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
    """
    message = {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AWSAccountId": backend.account_id,
        "NewStateValue": alarm.state_value,
        "NewStateReason": alarm.state_reason,
        "StateChangeTime": _time(alarm),
        "Region": backend.region_name,
        "AlarmArn": alarm.alarm_arn,
        "OldStateValue": old,
        "OKActions": alarm.ok_actions,
        "AlarmActions": alarm.alarm_actions,
        "InsufficientDataActions": alarm.insufficient_data_actions,
    }
    if alarm.rule:
        return {**message, "AlarmRule": alarm.rule}
    trigger = {
        "MetricName": alarm.metric_name,
        "Namespace": alarm.namespace,
        "Period": alarm.period,
        "EvaluationPeriods": alarm.evaluation_periods,
        "ComparisonOperator": alarm.comparison_operator,
        "Threshold": alarm.threshold,
        "TreatMissingData": alarm.treat_missing_data,
    }
    return {**message, "Trigger": {key: value for key, value in trigger.items() if value is not None}}


def _run(backend: CloudWatchBackend, alarm: Alarm, action: str, old: str) -> None:
    """Run one action. Raises LookupError when its target is not there or nothing the sandbox can call."""
    service, region, account = action.split(":")[2:5]
    if region and region != backend.region_name:
        raise LookupError("an alarm acts in its own region only")
    if service == "sns":
        from moto.sns.models import sns_backends

        topic = sns_backends[account][region].topics[action]
        topic.publish(
            json.dumps(_message(backend, alarm, old)),
            subject=f'{alarm.state_value}: "{alarm.name}" in {backend.region_name}',
        )
    elif service == "autoscaling":
        from moto.autoscaling.models import autoscaling_backends

        policies = autoscaling_backends[account][region].policies.values()
        next(policy for policy in policies if policy.arn == action).execute()
    else:
        raise LookupError(f"the sandbox can't call {service}")


def act(backend: CloudWatchBackend, alarm: Alarm, old: str) -> None:
    """Run the actions of an alarm's new state, each noted in its history, and tell EventBridge.

    A failing action is history, too, as on AWS, and keeps no other from running.
    """
    if alarm.actions_enabled is not False:
        for action in getattr(alarm, _ACTIONS[alarm.state_value]) or []:
            try:
                _run(backend, alarm, action, old)
            except (LookupError, StopIteration) as error:
                summary = f"Failed to execute action {action}: {error}"
            else:
                summary = f"Successfully executed action {action}"
            alarm.history.append(("Action", summary, None, alarm.state_value, alarm.state_updated_timestamp))
    _tell_event_bridge(backend, alarm, old)
    alarmed(alarm.alarm_arn)


def _tell_event_bridge(backend: CloudWatchBackend, alarm: Alarm, old: str) -> None:
    """Send the event of a state change.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
    """
    from moto.events.models import events_backends

    detail = {
        "alarmName": alarm.name,
        "state": {"value": alarm.state_value, "reason": alarm.state_reason, "timestamp": _time(alarm)},
        "previousState": {"value": old},
        "configuration": {
            "description": alarm.description,
            **({"alarmRule": alarm.rule} if alarm.rule else {}),
        },
    }
    event = {
        "Source": "aws.cloudwatch",
        "DetailType": "CloudWatch Alarm State Change",
        "Resources": [alarm.alarm_arn],
        "Detail": json.dumps(detail),
    }
    events_backends[backend.account_id][backend.region_name].put_events([event])
