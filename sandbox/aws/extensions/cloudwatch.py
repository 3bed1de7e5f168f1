"""CloudWatch alarms that act: composite alarms, actions on a change of state, history.

moto keeps metric alarms and sets their state by request; nothing follows from it. The state stays what it was set to: metric
data changes no alarm here either, but for those that look at one period and ignore missing data. Such an alarm stands where the last
datum put it, and needs no clock.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from moto.cloudwatch.exceptions import ValidationError
from moto.cloudwatch.models import Alarm, CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult, EmptyResult

from sandbox.aws.extensions._alarm_actions import act
from sandbox.aws.extensions._alarm_rule import Rule, parse

_TYPES = ("MetricAlarm", "CompositeAlarm")


def _rule(backend: CloudWatchBackend, text: str) -> Rule:
    try:
        rule = parse(text)
    except ValueError as error:
        raise ValidationError(str(error)) from error
    missing = [name for name in rule.children if name not in backend.alarms]
    if missing:
        raise ValidationError(f"AlarmRule: there is no alarm {', '.join(missing)}")
    return rule


def _verdict(backend: CloudWatchBackend, rule: Rule) -> str:
    def state(name: str) -> str:
        # An alarm deleted under a composite alarm has no state any more, so nothing that is said of it holds.
        return backend.alarms[name].state_value if name in backend.alarms else "DELETED"

    return "ALARM" if rule.holds(state) else "OK"


def _put_composite_alarm(self: CloudWatchResponse) -> ActionResult:
    name, backend = self._get_param("AlarmName"), self.cloudwatch_backend
    rule = _rule(backend, self._get_param("AlarmRule"))
    if name in rule.children:
        raise ValidationError(f"AlarmRule: {name} can't look at itself")
    self.put_metric_alarm()
    alarm = backend.alarms[name]
    alarm.alarm_rule = alarm.rule
    _settle(backend, name)
    return EmptyResult()


def _settle(backend: CloudWatchBackend, name: str) -> None:
    """Bring a composite alarm to what its rule says now."""
    verdict = _verdict(backend, parse(backend.alarms[name].rule))
    if backend.alarms[name].state_value != verdict:
        reason = f"{backend.alarms[name].rule} is {'TRUE' if verdict == 'ALARM' else 'FALSE'}"
        backend.set_alarm_state(name, reason, None, verdict)


def _put_metric_alarm(original: Any) -> Any:
    def put_metric_alarm(self: CloudWatchBackend, name: str, **given: Any) -> Alarm:
        before = self.alarms.get(name)
        alarm: Alarm = original(self, name=name, **given)
        if before is not None:  # a changed alarm keeps its state and its history
            for kept in (
                "state_value",
                "state_reason",
                "state_reason_data",
                "state_updated_timestamp",
                "history",
            ):
                setattr(alarm, kept, getattr(before, kept))
        return alarm

    return put_metric_alarm


def _set_alarm_state(original: Any) -> Any:
    def set_alarm_state(
        self: CloudWatchBackend, alarm_name: str, reason: str, reason_data: str | None, state_value: str
    ) -> None:
        alarm = self.alarms.get(alarm_name)
        old = alarm.state_value if alarm else None
        original(self, alarm_name, reason, reason_data, state_value)
        if alarm is None or old is None or old == state_value:
            return
        changed = f"Alarm updated from {old} to {state_value}"
        alarm.history[-1] = ("StateUpdate", changed, reason_data, state_value, alarm.state_updated_timestamp)
        act(self, alarm, old)
        for name, other in list(self.alarms.items()):
            if other.rule and alarm_name in parse(other.rule).children:
                _settle(self, name)

    return set_alarm_state


_COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


def _put_metric_data(original: Any) -> Any:
    def put_metric_data(self: CloudWatchBackend, namespace: str, metric_data: list[dict[str, Any]]) -> None:
        original(self, namespace, metric_data)
        for datum in metric_data:
            for alarm in [a for a in self.alarms.values() if _follows(a, namespace, datum)]:
                over = _COMPARED[alarm.comparison_operator](float(datum["Value"]), float(alarm.threshold))
                state = "ALARM" if over else "OK"
                if alarm.state_value != state:
                    self.set_alarm_state(alarm.name, f"the last datum is {datum['Value']}", None, state)

    return put_metric_data


def _follows(alarm: Alarm, namespace: str, datum: dict[str, Any]) -> bool:
    """Whether an alarm stands where this datum puts it."""
    if (
        alarm.treat_missing_data != "ignore"
        or int(alarm.evaluation_periods or 0) != 1
        or "Value" not in datum
    ):
        return False
    said = {each["Name"]: each["Value"] for each in datum.get("Dimensions") or ()}
    same = (alarm.namespace, alarm.metric_name) == (namespace, datum["MetricName"])
    return (
        same
        and {d.name: d.value for d in alarm.dimensions} == said
        and alarm.comparison_operator in _COMPARED
    )


def _describe_alarms(original: Any) -> Any:
    def describe_alarms(self: CloudWatchResponse) -> ActionResult:
        kinds = self._get_param("AlarmTypes", []) or [
            "MetricAlarm"
        ]  # composite alarms are shown when asked for
        result: dict[str, Iterable[Alarm]] = original(self).result
        lists = {kind: result[f"{kind}s"] if kind in kinds else [] for kind in _TYPES}
        return ActionResult({f"{kind}s": alarms for kind, alarms in lists.items()})

    return describe_alarms


def _describe_alarm_history(self: CloudWatchResponse) -> ActionResult:
    name, kind = self._get_param("AlarmName"), self._get_param("HistoryItemType")
    items = [
        {
            "AlarmName": alarm.name,
            "AlarmType": "CompositeAlarm" if alarm.rule else "MetricAlarm",
            "Timestamp": when,
            "HistoryItemType": item,
            "HistorySummary": summary,
            "HistoryData": data or "{}",
        }
        for alarm in self.cloudwatch_backend.alarms.values()
        if name in (None, alarm.name)
        for item, summary, data, _state, when in alarm.history
        if kind in (None, item)
    ]
    items.sort(key=lambda item: item["Timestamp"], reverse=True)
    return ActionResult({"AlarmHistoryItems": items})


def install() -> None:
    """Patch moto's CloudWatch."""
    CloudWatchBackend.put_metric_data = _put_metric_data(CloudWatchBackend.put_metric_data)
    CloudWatchBackend.put_metric_alarm = _put_metric_alarm(CloudWatchBackend.put_metric_alarm)
    CloudWatchBackend.set_alarm_state = _set_alarm_state(CloudWatchBackend.set_alarm_state)
    CloudWatchResponse.put_composite_alarm = _put_composite_alarm
    CloudWatchResponse.describe_alarms = _describe_alarms(CloudWatchResponse.describe_alarms)
    CloudWatchResponse.describe_alarm_history = _describe_alarm_history
