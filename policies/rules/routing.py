"""Traffic leaves what has failed: records, health checks, load balancer targets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import NotKnownError, Resource, Unknown, View, sure
from policies.graph.dns import name_of, watched
from policies.graph.functions import pairs

from .kernel.rule import Context, Finding, Scope, number, rule
from .tokens import LISTENERS, LOAD_BALANCERS, RECORD, TARGET_GROUPS

_CLOUDFRONT: Final = "Z2FDTNDATAQYW2"
"""Hosted zone of every CloudFront distribution's name. Its health can't be evaluated."""
_CAN_FAIL: Final = "Set disabled=False on the check and on its children, and child_health_threshold=1 or more where it is calculated."
_RULES: Final = ("aws:lb/listenerRule:ListenerRule", "aws:alb/listenerRule:ListenerRule")
_DISTRIBUTION: Final = "aws:cloudfront/distribution:Distribution"
_POLICIES: Final = (
    "failoverRoutingPolicies",
    "latencyRoutingPolicies",
    "weightedRoutingPolicies",
    "geolocationRoutingPolicies",
    "geoproximityRoutingPolicy",
)


def _cloudfront(resource: Resource, alias: View, context: Context) -> bool:
    """Whether an alias is a distribution's, whose health Route 53 can't evaluate: by its zone, or by reference."""
    return alias.get("zoneId") == _CLOUDFRONT or bool(
        context.graph.linked(resource, "aliases", _DISTRIBUTION)
    )


def _routed(resource: Resource) -> bool:
    return any(resource.known.has(name) for name in _POLICIES) or resource.known.flag(
        "multivalueAnswerRoutingPolicy"
    )


def _failover_type(resource: Resource) -> str:
    return next((each.text("type") for each in resource.known.views("failoverRoutingPolicies")), "")


@rule("route53-record-health-check", RECORD, scope=Scope.GRAPH)
def route53_record_health_check(resource: Resource, context: Context) -> Iterator[Finding]:
    """A check that can fail, or an alias that evaluates its target's health; CloudFront is in no region."""
    if not _routed(resource) or sure(watched(context.graph, resource)):
        return
    kind = _failover_type(resource)
    evaluated = any(
        _cloudfront(resource, alias, context) or alias.flag("evaluateTargetHealth")
        for alias in resource.known.views("aliases")
    )
    if kind == "SECONDARY" or (evaluated and not (kind == "PRIMARY" and _to_cloudfront(resource, context))):
        return
    if resource.known.has("healthCheckId"):
        yield Finding(
            "its health check is disabled or needs no healthy child: it never fails.", remedy=_CAN_FAIL
        )
    elif kind == "PRIMARY":
        yield Finding("it is the primary of a failover pair without a health check.")
    else:
        yield Finding("it is routed by policy, but nothing checks its target.")


def _to_cloudfront(resource: Resource, context: Context) -> bool:
    return any(_cloudfront(resource, alias, context) for alias in resource.known.views("aliases"))


@rule("route53-failover-record-pair", RECORD, scope=Scope.GRAPH)
def route53_failover_record_pair(resource: Resource, context: Context) -> Iterator[Finding]:
    """Advice: the other half may be another stack's."""
    kind = _failover_type(resource)
    if not kind:
        return
    name = name_of(context.graph, resource)
    if isinstance(name, Unknown):
        raise NotKnownError(name.path)
    halves = {
        _failover_type(other)
        for other in context.graph.of(RECORD)
        if name_of(context.graph, other) == name and other.get("type") == resource.get("type")
    }
    missing = {"PRIMARY", "SECONDARY"} - halves
    if missing:
        shown = name.partition("@")[0]
        yield Finding(f"there is no {missing.pop()} record for {shown} in this stack.")


@rule(
    "route53-record-ttl",
    RECORD,
    options={
        "maximumSeconds": number(0, 86400, 60, "largest ttl of a record with a routing policy, seconds")
    },
)
def route53_record_ttl(resource: Resource, context: Context) -> Iterator[Finding]:
    """Aliases have their target's, 60 s for load balancers."""
    if not _routed(resource) or resource.known.has("aliases"):
        return
    ttl, most = resource.known.number("ttl"), context.options.number("maximumSeconds")
    if ttl > most:
        yield Finding(f"ttl is {ttl:g} s, more than {most:g}.")


@rule("route53-alias-target-health", RECORD, scope=Scope.GRAPH)
def route53_alias_target_health(resource: Resource, context: Context) -> Iterator[Finding]:
    """Not for CloudFront, where AWS does not allow it, nor for the last resort of a pair.

    Where a listener's rule has two target groups, as for blue/green deployments, one is empty, and where one server takes over from
    another there is nobody for some seconds: there the health check alone decides.
    """
    if not _routed(resource) or _failover_type(resource) == "SECONDARY":
        return
    for alias in resource.known.views("aliases"):
        if _cloudfront(resource, alias, context) or alias.flag("evaluateTargetHealth"):
            continue
        empties = _blue_green(resource, context) or _of_pair(resource, context)
        if not (resource.gives("healthCheckId") and empties):
            yield Finding("evaluateTargetHealth is not true.")


def _blue_green(resource: Resource, context: Context) -> bool:
    """Whether an alias leads to a load balancer of which a rule has several target groups."""
    return any(
        len({group.urn for group in context.graph.linked(found, "actions", *TARGET_GROUPS)}) > 1
        for balancer in context.graph.linked(resource, "aliases", *LOAD_BALANCERS)
        for listener in context.graph.users(balancer, "loadBalancerArn", *LISTENERS)
        for found in context.graph.users(listener, "listenerArn", *_RULES)
    )


def _of_pair(resource: Resource, context: Context) -> bool:
    """Whether an alias leads to the load balancer of a pair: while one takes over from the other its target group is empty."""
    balancers = {each.urn for each in context.graph.linked(resource, "aliases", *LOAD_BALANCERS)}
    listeners = (
        each
        for pair in pairs(context.graph)
        for each in context.graph.users(pair.serving, "defaultActions", *LISTENERS)
    )
    return any(
        balancer.urn in balancers
        for listener in listeners
        for balancer in context.graph.linked(listener, "loadBalancerArn", *LOAD_BALANCERS)
    )


@rule(
    "route53recoverycontrol-routing-control-safety-rule",
    "aws:route53recoverycontrol/routingControl:RoutingControl",
    scope=Scope.GRAPH,
)
def routing_control_safety_rule(resource: Resource, context: Context) -> Iterator[Finding]:
    """An assertion rule that names this control."""
    rules = context.graph.users(
        resource, "assertedControls", "aws:route53recoverycontrol/safetyRule:SafetyRule"
    )
    guards = [each.known.view("ruleConfig") for each in rules]
    if not any(guard.text("type") == "ATLEAST" and guard.number("threshold") >= 1 for guard in guards):
        yield Finding("no safety rule keeps at least one control on.")


@rule("route53-zone-accelerated-recovery", "aws:route53/zone:Zone")
def route53_zone_accelerated_recovery(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Public zones."""
    if not resource.known.has("vpcs") and not resource.known.flag("enableAcceleratedRecovery"):
        yield Finding("enableAcceleratedRecovery is not true.")
