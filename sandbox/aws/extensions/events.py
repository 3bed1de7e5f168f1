"""EventBridge rules that reach SNS topics and state machines, and other buses as AWS has it.

moto delivers to queues, log groups and other buses, and fails the sender's call for any other target; it also
takes a rule that has only a schedule for one that matches every event. What it sends to another bus it puts there as a new event, with that
bus's region: to AWS an event keeps its own, by which a rule knows what came from elsewhere. A region that is lost gets nothing,
and nothing is tried again here.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-global-endpoints.html
"""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

from moto.events.models import Rule, events_backends
from moto.events.utils import EventTemplateParser
from moto.utilities.arns import parse_arn

from sandbox.aws import faults
from sandbox.aws.extensions.stepfunctions import begin

_MOTO_DELIVERS = ("logs", "sqs", "events")


def _message(target: dict[str, Any], event: dict[str, Any]) -> str:
    """Return what a target gets: its constant input, its transformed input, or the event."""
    if target.get("Input"):
        return str(target["Input"])
    transformer = target.get("InputTransformer")
    if transformer:
        template, paths = transformer["InputTemplate"], transformer.get("InputPathsMap", {})
        transformed = EventTemplateParser.parse(input_template=template, input_paths_map=paths, event=event)
        return transformed if isinstance(transformed, str) else json.dumps(transformed)
    when = datetime.fromtimestamp(float(event["time"]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.dumps({k: v for k, v in {**event, "time": when}.items() if k != "ingestion-time"})


def _deliver(original: Any, rule: Rule, target: dict[str, Any], event: Any, *, transform: bool) -> bool:
    """Deliver an event to one target; False when there is no such target or no way to it."""
    arn = parse_arn(target["Arn"])
    if arn.service == "events" and arn.resource_type == "event-bus":
        return _sent_on(arn, event)
    if arn.service in _MOTO_DELIVERS:
        alone = copy.copy(rule)
        alone.targets = [target]
        original(alone, event, transform)
        return True
    if arn.region != rule.region_name:
        return False
    if arn.service == "states":
        return _begun(arn, target, event)
    return arn.service == "sns" and _published(arn, target, event)


def _published(arn: Any, target: dict[str, Any], event: Any) -> bool:
    """Publish on a topic; False when there is no such topic."""
    from moto.sns.models import sns_backends

    topic = sns_backends[arn.account][arn.region].topics.get(target["Arn"])
    if topic is None:
        return False
    topic.publish(_message(target, event))
    return True


def _sent_on(arn: Any, event: Any) -> bool:
    """Have the rules of another bus see an event as it is; False when there is no such bus, or its region is lost."""
    bus = events_backends[arn.account][arn.region].event_buses.get(arn.resource_id)
    if bus is None or faults.TABLE.region_lost(arn.region):
        return False
    for rule in bus.rules.values():
        rule.send_to_targets(copy.deepcopy(event))
    return True


def _begun(arn: Any, target: dict[str, Any], event: Any) -> bool:
    """Start an execution; False when there is no such state machine."""
    from moto.stepfunctions.exceptions import StateMachineDoesNotExist

    try:
        begin(arn.region, arn.account, target["Arn"], _message(target, event))
    except StateMachineDoesNotExist:
        return False
    return True


def _count_failure(rule: Rule) -> None:
    """Count a failed delivery where AWS counts it.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
    """
    from moto.cloudwatch.models import cloudwatch_backends

    datum = {
        "MetricName": "FailedInvocations",
        "Dimensions": [{"Name": "RuleName", "Value": rule.name}],
        "Value": 1,
        "Unit": "Count",
    }
    cloudwatch_backends[rule.account_id][rule.region_name].put_metric_data("AWS/Events", [datum])


def _send_to_targets(original: Any) -> Any:
    def send_to_targets(self: Rule, original_event: Any, transform_input: bool = True) -> None:
        if self.state != "ENABLED" or not self.event_pattern.get_pattern():
            return
        if not self.event_pattern.matches_event(original_event):
            return
        for target in self.targets:
            event = copy.deepcopy(original_event)
            if not _deliver(original, self, target, event, transform=transform_input):
                _count_failure(self)

    return send_to_targets


def install() -> None:
    """Patch moto's EventBridge."""
    Rule.send_to_targets = _send_to_targets(Rule.send_to_targets)
