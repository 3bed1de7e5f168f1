"""Queues, alarms and logs: nothing is lost in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import Graph, Resource, either, sure

from .kernel.rule import Context, Finding, Scope, rule
from .tokens import FUNCTION, LISTENERS

QUEUE: Final = "aws:sqs/queue:Queue"
_REDRIVE: Final = "aws:sqs/redrivePolicy:RedrivePolicy"
_MAPPING: Final = "aws:lambda/eventSourceMapping:EventSourceMapping"
_ALIAS: Final = "aws:lambda/alias:Alias"
_VISIBLE, _KEPT = 30, 345_600
"""SQS's defaults: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html"""
_TIME, _TIMES = 3, 6
"""Lambda's default, and AWS's factor: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"""
_DAY_HOURS = 24
_ALARM: Final = "aws:cloudwatch/metricAlarm:MetricAlarm"
_COMPOSITE: Final = "aws:cloudwatch/compositeAlarm:CompositeAlarm"


@rule("sqs-queue-dead-letters", QUEUE, scope=Scope.GRAPH)
def sqs_queue_dead_letters(resource: Resource, context: Context) -> Iterator[Finding]:
    """Not for a queue that takes dead letters itself: another one names it, or it says who may."""
    graph = context.graph
    takes = resource.gives("redriveAllowPolicy") or any(
        graph.users(resource, "redrivePolicy", token) for token in (QUEUE, _REDRIVE)
    )
    if not takes and not resource.gives("redrivePolicy") and not graph.users(resource, "queueUrl", _REDRIVE):
        yield Finding("it has no queue for dead letters.")


@rule("cloudwatch-alarm-acts", _ALARM, _COMPOSITE, scope=Scope.GRAPH)
def cloudwatch_alarm_acts(resource: Resource, context: Context) -> Iterator[Finding]:
    """Or another resource acts on it: a composite alarm, a health check, a plan, a deployment."""
    if resource.urn in _referred_to(context.graph):
        return
    if not resource.gives("alarmActions"):
        yield Finding("alarmActions is not set, and nothing else uses it.")
    elif sure(resource.flag("actionsEnabled", default=True)) is False:
        yield Finding("actionsEnabled is false.")


def _referred_to(graph: Graph) -> frozenset[str]:
    """The URNs of everything that a property of another resource comes from."""
    found: frozenset[str] | None = graph.cache.get(("referred to", ""))
    if found is None:
        found = frozenset(
            u for r in graph.resources for urns in r.property_dependencies.values() for u in urns
        )
        graph.cache["referred to", ""] = found
    return found


@rule("cloudwatch-log-group-retention", "aws:cloudwatch/logGroup:LogGroup")
def cloudwatch_log_group_retention(resource: Resource, _context: Context) -> Iterator[Finding]:
    """AWS's default is to keep them for ever. Infrequent access makes no difference."""
    if resource.known.text("logGroupClass") != "DELIVERY" and not resource.known.has("retentionInDays"):
        yield Finding("retentionInDays is not set.")


@rule(
    "lb-access-logs",
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:alb/loadBalancer:LoadBalancer",
    scope=Scope.GRAPH,
)
def lb_access_logs(resource: Resource, context: Context) -> Iterator[Finding]:
    """Application load balancers, and network ones with a TLS listener: of other connections none writes a log."""
    kind = resource.known.text("loadBalancerType", "application")
    listeners = context.graph.users(resource, "loadBalancerArn", *LISTENERS)
    writes = kind == "application" or (
        kind == "network" and any(each.known.text("protocol") == "TLS" for each in listeners)
    )
    if writes and not resource.known.flag("accessLogs.enabled"):
        yield Finding("accessLogs is not enabled.")


@rule("cloudfront-access-logs", "aws:cloudfront/distribution:Distribution", scope=Scope.GRAPH)
def cloudfront_access_logs(resource: Resource, context: Context) -> Iterator[Finding]:
    """The older form in the distribution, or a delivery source beside it."""
    source = context.graph.users(
        resource, "resourceArn", "aws:cloudwatch/logDeliverySource:LogDeliverySource"
    )
    if not sure(either(resource.known.has("loggingConfig"), bool(source))):
        yield Finding("it writes no access logs.")


@rule("sqs-visibility-covers-function", _MAPPING, scope=Scope.GRAPH)
def sqs_visibility_covers_function(resource: Resource, context: Context) -> Iterator[Finding]:
    """For a mapping from a queue to a function, or to an alias of one. SQS's default is 30 s, Lambda's 3 s."""
    graph = context.graph
    functions = graph.linked(resource, "functionName", FUNCTION)
    for alias in graph.linked(resource, "functionName", _ALIAS):
        functions += graph.linked(alias, "functionName", FUNCTION)
    for queue in graph.linked(resource, "eventSourceArn", QUEUE):
        for function in functions:
            visible = queue.known.number("visibilityTimeoutSeconds", _VISIBLE)
            time = function.known.number("timeout", _TIME)
            if visible < _TIMES * time:
                yield Finding(
                    f"{queue.name} shows a message again after {visible:g} s, and {function.name} may take {time:g} s."
                )


@rule("sqs-dead-letters-kept-longer", QUEUE, scope=Scope.GRAPH)
def sqs_dead_letters_kept_longer(resource: Resource, context: Context) -> Iterator[Finding]:
    """A dead letter is as old as when it was first sent: with an equal time it expires as it arrives."""
    graph = context.graph
    places = [(resource, "redrivePolicy")]
    places += [(each, "redrivePolicy") for each in graph.users(resource, "queueUrl", _REDRIVE)]
    own = [(each, path) for each, path in places if each.gives(path)]
    for each, path in own:
        for dead in graph.linked(each, path, QUEUE):
            kept = resource.known.number("messageRetentionSeconds", _KEPT)
            letters = dead.known.number("messageRetentionSeconds", _KEPT)
            if dead is not resource and letters <= kept:
                yield Finding(f"{dead.name} keeps messages {letters:g} s, and it {kept:g} s.")


@rule("kinesis-stream-retention", "aws:kinesis/stream:Stream")
def kinesis_stream_retention(resource: Resource, _context: Context) -> Iterator[Finding]:
    """AWS's default is a day."""
    hours = resource.known.number("retentionPeriod", _DAY_HOURS)
    if hours <= _DAY_HOURS:
        yield Finding(f"it keeps records {hours:g} h.")


@rule("events-target-dead-letters", "aws:cloudwatch/eventTarget:EventTarget", scope=Scope.GRAPH)
def events_target_dead_letters(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Whatever the target is, of a rule on a bus of one's own: there are one's own events."""
    own = resource.known.text("eventBusName", "default") != "default"
    if own and not resource.gives("deadLetterConfig"):
        yield Finding("it has no queue for what could not be delivered.")
