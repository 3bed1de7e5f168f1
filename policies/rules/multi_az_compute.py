"""Compute and load balancers stand in more than one zone."""

from __future__ import annotations

from collections.abc import Iterator

from policies.graph import Graph, NotKnownError, Resource
from policies.graph.zones import SUBNETS, same_zone, spans, zone_range

from .kernel.rule import Context, Finding, Scope, rule
from .tokens import FUNCTION, GROUP, LOAD_BALANCERS, SERVICE, TARGET_GROUPS


@rule("autoscaling-group-multi-az", GROUP, scope=Scope.GRAPH)
def autoscaling_group_multi_az(resource: Resource, context: Context) -> Iterator[Finding]:
    """By subnets, or by the names of zones where a group has no subnets. Groups behind one load balancer, a zone each, are as good."""
    props = resource.known
    if "vpcZoneIdentifiers" in resource.property_dependencies or props.has("vpcZoneIdentifiers"):
        several = spans(
            context.graph, resource, "vpcZoneIdentifiers", props.entries("vpcZoneIdentifiers"), need=2
        )
    else:
        several = len(set(props.texts("availabilityZones"))) > 1
    if not several and not _beside(context.graph, resource):
        yield Finding("its subnets are in one zone.")


def _beside(graph: Graph, group: Resource) -> bool:
    """Whether a group with the same target group is in another zone. Raises `NotKnownError` when that is not known."""
    own = graph.linked(group, "vpcZoneIdentifiers", *SUBNETS)
    targets = graph.linked(group, "targetGroupArns", *TARGET_GROUPS)
    others = [other for target in targets for other in graph.users(target, "targetGroupArns", GROUP)]
    subnets = [
        each
        for other in others
        if other is not group
        for each in graph.linked(other, "vpcZoneIdentifiers", *SUBNETS)
    ]
    same = {same_zone(one, each) for one in own for each in subnets}
    if None in same and False not in same:
        raise NotKnownError("the zones of the groups beside it")
    return False in same


@rule("autoscaling-group-minimum-per-zone", GROUP, scope=Scope.GRAPH)
def autoscaling_group_minimum_per_zone(resource: Resource, context: Context) -> Iterator[Finding]:
    """A group that is switched off waits for a failover of the region: advice. It has 0 at least and wants 0, or says so by a tag.

    A preview shows what runs in place of what is wanted where the program ignores its changes: after a failover, only the tag tells.
    """
    props = resource.known
    if props.has("vpcZoneIdentifiers"):
        subnets = props.entries("vpcZoneIdentifiers")
        least, most = zone_range(context.graph, resource, "vpcZoneIdentifiers", subnets)
    else:
        least = most = len(set(props.texts("availabilityZones")))
    wanted = props.number("minSize")
    if wanted < least:
        idle = props.known("desiredCapacity") and props.number("desiredCapacity") == 0
        off = wanted == 0 and (idle or resource.tags.get("dr:switched-off") == "true")
        yield Finding(f"minSize is {wanted:g}, with {least} zones.", advice=off)
    elif wanted < most:
        raise NotKnownError("the zones of vpcZoneIdentifiers")


@rule("lb-load-balancer-multi-az", *LOAD_BALANCERS, scope=Scope.GRAPH)
def lb_load_balancer_multi_az(resource: Resource, context: Context) -> Iterator[Finding]:
    """By `subnets`, or by `subnetMappings`."""
    props = resource.known
    if resource.gives("subnets"):
        prop, subnets = "subnets", props.entries("subnets")
    else:
        prop = "subnetMappings"
        subnets = [item.get("subnetId") for item in props.views(prop)]
    if not spans(context.graph, resource, prop, subnets, need=2, apart=True):
        yield Finding("its subnets are in one zone.")


@rule("lambda-function-multi-az", FUNCTION, scope=Scope.GRAPH)
def lambda_function_multi_az(resource: Resource, context: Context) -> Iterator[Finding]:
    """A function outside a VPC runs in every zone."""
    if not resource.known.has("vpcConfig") or not resource.known.known("vpcConfig"):
        if "vpcConfig" in resource.property_dependencies:
            raise NotKnownError("vpcConfig")
        return
    subnets = resource.known.view("vpcConfig").entries("subnetIds")
    if subnets != [] and not spans(context.graph, resource, "vpcConfig", subnets, need=2):
        yield Finding("its subnets are in one zone.")


@rule("ecs-service-multi-az", SERVICE, scope=Scope.GRAPH)
def ecs_service_multi_az(resource: Resource, context: Context) -> Iterator[Finding]:
    """A daemon has no count; without one a service starts no task. What another resource scales is still what the service starts with."""
    props = resource.known
    daemon = props.text("schedulingStrategy") == "DAEMON"
    if not daemon and props.text("availabilityZoneRebalancing") not in ("ENABLED", ""):
        yield Finding("availabilityZoneRebalancing is not ENABLED.", advice=True)
    count = props.number("desiredCount")
    if not props.has("networkConfiguration"):
        if not daemon and count < 2:  # noqa: PLR2004
            yield Finding(f"desiredCount is {count:g}.", advice=count == 0)
        return
    subnets = props.view("networkConfiguration").entries("subnets")
    least, most = zone_range(context.graph, resource, "networkConfiguration", subnets)
    if most < 2:  # noqa: PLR2004
        yield Finding("its subnets are in one zone.")
    if not daemon and count < max(least, 2):
        yield Finding(f"desiredCount is {count:g}, with {max(least, 2)} zones.", advice=count == 0)
    elif least < min(2, most) or (not daemon and count < most):
        raise NotKnownError("the zones of networkConfiguration")


@rule("eks-node-group-multi-az", "aws:eks/nodeGroup:NodeGroup", scope=Scope.GRAPH)
def eks_node_group_multi_az(resource: Resource, context: Context) -> Iterator[Finding]:
    """One group per zone is as good: the groups of the same cluster are taken together."""
    groups = [resource]
    for cluster in context.graph.linked(resource, "clusterName", "aws:eks/cluster:Cluster"):
        groups += context.graph.users(cluster, "clusterName", resource.type)
    if len({group.urn for group in groups}) > 1 and len(resource.known.entries("subnetIds") or ()) == 1:
        own = {subnet.urn for subnet in context.graph.linked(resource, "subnetIds", *SUBNETS)}
        others = {
            subnet.urn for group in groups for subnet in context.graph.linked(group, "subnetIds", *SUBNETS)
        }
        if others - own:
            return
    subnets = resource.known.entries("subnetIds")
    if not spans(context.graph, resource, "subnetIds", subnets, need=2):
        yield Finding("its subnets are in one zone.")
