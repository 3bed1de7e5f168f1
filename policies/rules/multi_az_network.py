"""The network's own parts stand in each zone they serve."""

from __future__ import annotations

from collections.abc import Iterator

from policies.graph import Graph, NotKnownError, Resource
from policies.graph.zones import distinct_zones, same_zone, zone_range

from .kernel.rule import Context, Finding, Scope, rule
from .tokens import SUBNET

_VPCS = ("aws:ec2/vpc:Vpc", "aws:ec2/defaultVpc:DefaultVpc")
_ROUTE_TABLES = ("aws:ec2/routeTable:RouteTable", "aws:ec2/defaultRouteTable:DefaultRouteTable")
_ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"


def _zones_of_vpc(graph: Graph, resource: Resource) -> int:
    """How many zones the subnets of the resource's VPC are in; 0 when the VPC is not in this stack, or they don't all tell."""
    for vpc in graph.linked(resource, "vpcId", *_VPCS):
        distinct, silent = distinct_zones(graph.users(vpc, "vpcId", SUBNET))
        return 0 if silent else distinct
    return 0


@rule("ec2-nat-gateway-per-zone", "aws:ec2/natGateway:NatGateway", scope=Scope.GRAPH)
def ec2_nat_gateway_per_zone(resource: Resource, context: Context) -> Iterator[Finding]:
    """Follows routes to the subnets that use the gateway. A regional gateway is in every zone."""
    if resource.known.get("availabilityMode") == "regional":
        return
    graph = context.graph
    homes = graph.linked(resource, "subnetId", SUBNET)
    tables: dict[str, Resource] = {}
    for route in graph.users(resource, "natGatewayId", "aws:ec2/route:Route"):
        tables |= {table.urn: table for table in graph.linked(route, "routeTableId", *_ROUTE_TABLES)}
    tables |= {table.urn: table for table in graph.users(resource, "routes", *_ROUTE_TABLES)}
    unknown = False
    for table in tables.values():
        for link in graph.users(table, "routeTableId", _ASSOCIATION):
            for user in graph.linked(link, "subnetId", SUBNET):
                together = [same_zone(home, user) for home in homes] or [None]
                if together[0] is False:
                    yield Finding(f"{user.name}, in another zone, leaves through it.")
                unknown |= together[0] is None
    if unknown:
        raise NotKnownError("the zone of subnetId")


def _per_zone(resource: Resource, context: Context) -> Iterator[Finding]:
    least, most = zone_range(
        context.graph, resource, "subnetIds", resource.known.entries("subnetIds"), apart=True
    )
    need = max(2, _zones_of_vpc(context.graph, resource))
    if most < need:
        yield Finding(f"its subnets are in {most} of {need} zones.")
    elif least < need:
        raise NotKnownError("the zones of subnetIds")


@rule("ec2-vpc-endpoint-per-zone", "aws:ec2/vpcEndpoint:VpcEndpoint", scope=Scope.GRAPH)
def ec2_vpc_endpoint_per_zone(resource: Resource, context: Context) -> Iterator[Finding]:
    """Gateway endpoints have no zone."""
    kind = resource.get("vpcEndpointType")  # unknown when left out: AWS's default is a gateway endpoint
    if kind in ("Interface", "GatewayLoadBalancer"):
        yield from _per_zone(resource, context)


@rule(
    "ec2-transit-gateway-attachment-per-zone",
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment",
    scope=Scope.GRAPH,
)
def ec2_transit_gateway_attachment_per_zone(resource: Resource, context: Context) -> Iterator[Finding]:
    """Every zone of the VPC, as far as the stack shows it."""
    yield from _per_zone(resource, context)
