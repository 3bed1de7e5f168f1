"""Enough is left when a zone is gone, and what is left is not Spot's to take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import Graph, NotKnownError, Resource
from policies.graph.zones import zone_range

from .kernel.rule import NONE, TOP, UPPER, Context, Finding, Scope, Severity, rule
from .tokens import DB_CLUSTERS, DB_INSTANCE, FUNCTION, GROUP, SERVICE

_STABILITY: Final = "REL11-BP05 Use static stability to prevent bimodal behavior"
_UTILISATION: Final = {"ASGAverageCPUUtilization"}
"""Target-tracking metrics in per cent of what an instance can do."""


@rule(
    "autoscaling-policy-zone-loss-headroom",
    "aws:autoscaling/policy:Policy",
    scope=Scope.GRAPH,
    severity=Severity.MEDIUM,
    tiers=UPPER,
    why="When one of n zones goes, the others carry n/(n-1) of their load at once, before any new instance is there.",
    remedy="Lower the target to at most (n-1)/n of the limit: 66 for three zones, 50 for two.",
    page="https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/static-stability.html",
    pillar=_STABILITY,
    options={
        "limitPercent": {
            "type": "number",
            "minimum": 1,
            "maximum": 100,
            "default": 100,
            "description": "utilisation that instances may reach after the loss of a zone, per cent",
        }
    },
)
def autoscaling_policy_zone_loss_headroom(resource: Resource, context: Context) -> Iterator[Finding]:
    """Target tracking of CPU: the target times n/(n-1) must stay within the limit."""
    tracking = resource.known.view("targetTrackingConfiguration")
    metric = tracking.view("predefinedMetricSpecification").text("predefinedMetricType")
    if metric not in _UTILISATION:
        return
    target, limit = tracking.number("targetValue"), context.options.number("limitPercent")
    for group in context.graph.linked(resource, "autoscalingGroupName", GROUP):
        subnets = group.known.entries("vpcZoneIdentifiers")
        least, most = zone_range(context.graph, group, "vpcZoneIdentifiers", subnets)
        if most < 2:  # noqa: PLR2004 - the Multi-AZ rule speaks of that
            continue
        if target * most / (most - 1) > limit:
            after = target * most / (most - 1)
            yield Finding(f"its target of {target:g} % becomes {after:.0f} % with one of {most} zones gone.")
        elif least < most and target * 2 > limit:
            raise NotKnownError(f"the zones of {group.name}")


@rule(
    "autoscaling-group-on-demand-base",
    GROUP,
    severity=Severity.HIGH,
    tiers=UPPER,
    why="AWS takes Spot instances back with two minutes' notice, often all of a type in a zone at once.",
    remedy="Set on_demand_base_capacity to what must stay, and name three instance types or more.",
    page="https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-mixed-instances-groups.html",
    pillar=_STABILITY,
    principles=("R69",),
    control="AutoScaling.6",
    finding="Fargate Spot only",
)
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


@rule(
    "ecs-service-on-demand-base",
    SERVICE,
    severity=Severity.HIGH,
    tiers=TOP,
    why="Fargate Spot stops tasks with two minutes' notice and may not start them again for a long time.",
    remedy="Add a FARGATE strategy with base of 2 or more beside FARGATE_SPOT.",
    page="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html",
    pillar=_STABILITY,
    principles=("R69",),
    finding="Fargate Spot only",
)
def ecs_service_on_demand_base(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Only where a Spot provider is used."""
    strategies = list(resource.known.views("capacityProviderStrategies"))
    spot = [each for each in strategies if "SPOT" in each.text("capacityProvider").upper()]
    base = sum(each.number("base") for each in strategies if each not in spot)
    if spot and base < 2:  # noqa: PLR2004
        yield Finding(f"its on-demand base is {base:g}.")


@rule(
    "lambda-function-database-concurrency",
    FUNCTION,
    scope=Scope.GRAPH,
    severity=Severity.MEDIUM,
    tiers=NONE,
    why="A function scales to a thousand copies in seconds, each with a connection of its own: more than a database takes.",
    remedy="Put an RDS Proxy between, or set reserved_concurrent_executions below the database's connections.",
    page="https://docs.aws.amazon.com/lambda/latest/dg/services-rds.html",
    pillar="REL05-BP02 Throttle requests",
    principles=("R54",),
    control="Lambda concurrency check (Config lambda-concurrency-check)",
)
def lambda_function_database_concurrency(resource: Resource, context: Context) -> Iterator[Finding]:
    """A function whose environment comes from a relational database."""
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


@rule(
    "autoscaling-group-elb-health-check",
    GROUP,
    scope=Scope.GRAPH,
    severity=Severity.MEDIUM,
    tiers=UPPER,
    why="An instance whose application has died is replaced only when the group asks the load balancer.",
    remedy='Set health_check_type="ELB" and a grace period that covers the start.',
    page="https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-checks-overview.html",
    pillar="REL11-BP03 Automate healing on all layers",
    principles=("R06",),
    control="AutoScaling.1",
)
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
