"""Enough is left when a zone is gone, and what is left is not Spot's to take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from policies.graph import Graph, NotKnownError, Resource
from policies.graph.functions import only_rotates
from policies.graph.zones import zone_range

from .kernel.rule import Context, Finding, Scope, number, rule
from .tokens import DB_CLUSTERS, DB_INSTANCE, FUNCTION, GROUP, SERVICE

_UTILISATION: Final = {"ASGAverageCPUUtilization", "ECSServiceAverageCPUUtilization"}
"""Target-tracking metrics in per cent of what an instance or a task can do."""
_POLICY: Final = "aws:autoscaling/policy:Policy"
_OF_SERVICE, _RANGE = "aws:appautoscaling/policy:Policy", "aws:appautoscaling/target:Target"


def _scaled(graph: Graph, policy: Resource) -> list[tuple[Resource, str, list[Any] | None]]:
    """What a policy scales, with the property that has its subnets, and these."""
    if policy.type == _POLICY:
        groups = graph.linked(policy, "autoscalingGroupName", GROUP)
        key = "vpcZoneIdentifiers"
        return [(group, key, group.known.entries(key)) for group in groups]
    ranges = graph.linked(policy, "resourceId", _RANGE)
    services = graph.linked(policy, "resourceId", SERVICE)
    services += [each for found in ranges for each in graph.linked(found, "resourceId", SERVICE)]
    key = "networkConfiguration"
    return [(service, key, service.known.view(key).entries("subnets")) for service in services]


@rule(
    "autoscaling-policy-zone-loss-headroom",
    _POLICY,
    _OF_SERVICE,
    scope=Scope.GRAPH,
    options={
        "limitPercent": number(
            1,
            100,
            100,
            "utilisation that instances may reach after the loss of a zone, per cent",
            whole=False,
        )
    },
)
def autoscaling_policy_zone_loss_headroom(resource: Resource, context: Context) -> Iterator[Finding]:
    """Target tracking of CPU, of a group or a service: the target times n/(n-1) must stay within the limit."""
    of_service = resource.type == _OF_SERVICE
    kind = "targetTrackingScalingPolicyConfiguration" if of_service else "targetTrackingConfiguration"
    tracking = resource.known.view(kind)
    metric = tracking.view("predefinedMetricSpecification").text("predefinedMetricType")
    if metric not in _UTILISATION:
        return
    target, limit = tracking.number("targetValue"), context.options.number("limitPercent")
    for group, key, subnets in _scaled(context.graph, resource):
        least, most = zone_range(context.graph, group, key, subnets)
        if most < 2:  # noqa: PLR2004 - the Multi-AZ rule speaks of that
            continue
        if target * most / (most - 1) > limit:
            after = target * most / (most - 1)
            yield Finding(f"its target of {target:g} % becomes {after:.0f} % with one of {most} zones gone.")
        elif least < most and target * 2 > limit:
            raise NotKnownError(f"the zones of {group.name}")


@rule("autoscaling-group-on-demand-base", GROUP)
def autoscaling_group_on_demand_base(resource: Resource, _context: Context) -> Iterator[Finding]:
    """A group without a mixed policy is on demand."""
    mixed = resource.known.view("mixedInstancesPolicy")
    if not mixed.raw:
        return
    spread = mixed.view("instancesDistribution")
    if spread.number("onDemandPercentageAboveBaseCapacity", 100) >= 100:  # noqa: PLR2004 - no Spot
        return
    if spread.number("onDemandBaseCapacity") < 1:
        yield Finding("onDemandBaseCapacity is 0 under Spot.")
    overrides = list(mixed.view("launchTemplate").views("overrides"))
    by_attributes = any(override.has("instanceRequirements") for override in overrides)
    if not by_attributes and len(overrides) < 3:  # noqa: PLR2004
        yield Finding(f"it names {len(overrides)} instance types for Spot.", advice=True)


@rule("ecs-service-on-demand-base", SERVICE)
def ecs_service_on_demand_base(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Only where a Spot provider is used."""
    strategies = list(resource.known.views("capacityProviderStrategies"))
    spot = [each for each in strategies if "SPOT" in each.text("capacityProvider").upper()]
    base = sum(each.number("base") for each in strategies if each not in spot)
    if spot and base < 2:  # noqa: PLR2004
        yield Finding(f"its on-demand base is {base:g}.")


@rule("lambda-function-database-concurrency", FUNCTION, scope=Scope.GRAPH)
def lambda_function_database_concurrency(resource: Resource, context: Context) -> Iterator[Finding]:
    """A function whose environment comes from a relational database. One that only rotates its password runs once at a time."""
    if only_rotates(context.graph, resource):
        return
    databases = {
        target.name
        for target in context.graph.linked(
            resource, "environment", DB_INSTANCE, *DB_CLUSTERS, "aws:rds/clusterEndpoint:ClusterEndpoint"
        )
    }
    name = "reservedConcurrentExecutions"
    unlimited = not resource.gives(name) or resource.get(name) == -1  # AWS's default: no limit
    if databases and unlimited:
        yield Finding(f"it connects to {', '.join(sorted(databases))} without a proxy and without a limit.")


@rule("autoscaling-group-elb-health-check", GROUP, scope=Scope.GRAPH)
def autoscaling_group_elb_health_check(resource: Resource, context: Context) -> Iterator[Finding]:
    """A group behind a load balancer."""
    behind = any(resource.gives(name) for name in ("targetGroupArns", "trafficSources", "loadBalancers"))
    if not behind and not _attachments(context.graph, resource):
        return
    kind = resource.known.text("healthCheckType") if resource.gives("healthCheckType") else ""
    if "ELB" not in kind.split(","):
        yield Finding("healthCheckType is not ELB.")


def _attachments(graph: Graph, group: Resource) -> list[Resource]:
    return graph.users(
        group,
        "autoscalingGroupName",
        "aws:autoscaling/attachment:Attachment",
        "aws:autoscaling/trafficSourceAttachment:TrafficSourceAttachment",
    )
