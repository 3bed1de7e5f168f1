"""Queues, alarms and logs: nothing is lost in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import Graph, Resource, either, sure

from .kernel.rule import Context, Finding, Scope, rule
from .tokens import LISTENERS

QUEUE: Final = "aws:sqs/queue:Queue"
_REDRIVE: Final = "aws:sqs/redrivePolicy:RedrivePolicy"
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
