"""The network's own parts stand in each zone they serve."""

from __future__ import annotations

from collections.abc import Iterator

from policies.graph import Graph, NotKnownError, Resource
from policies.graph.zones import distinct_zones, same_zone, zone_range

from .kernel.rule import ALL, UPPER, Context, Finding, Scope, Severity, rule
from .tokens import SUBNET

_VPCS = ("aws:ec2/vpc:Vpc", "aws:ec2/defaultVpc:DefaultVpc")
_ROUTE_TABLES = ("aws:ec2/routeTable:RouteTable", "aws:ec2/defaultRouteTable:DefaultRouteTable")
_ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
_NETWORK = "REL02-BP01 Use highly available network connectivity for your workload public endpoints"


def _zones_of_vpc(graph: Graph, resource: Resource) -> int:
    """How many zones the subnets of the resource's VPC are in; 0 when the VPC is not in this stack, or they don't all tell."""
    for vpc in graph.linked(resource, "vpcId", *_VPCS):
        distinct, silent = distinct_zones(graph.users(vpc, "vpcId", SUBNET))
        return 0 if silent else distinct
    return 0


@rule(
    "ec2-nat-gateway-per-zone",
    "aws:ec2/natGateway:NatGateway",
    scope=Scope.GRAPH,
    severity=Severity.MEDIUM,
    tiers=UPPER,
    why="Subnets that leave through another zone's NAT gateway lose their way out with that zone.",
    remedy="Give each zone its own NAT gateway and route its subnets there, or use one regional NAT gateway.",
    page="https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html",
    pillar=_NETWORK,
    principles=("R13",),
)
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


@rule(
    "ec2-vpc-endpoint-per-zone",
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    scope=Scope.GRAPH,
    severity=Severity.MEDIUM,
    tiers=UPPER,
    why="An interface endpoint without an address in a zone is reached across zones, and not at all when its own are gone.",
    remedy="Give subnet_ids a subnet in each zone of the VPC.",
    page="https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
    pillar=_NETWORK,
)
def ec2_vpc_endpoint_per_zone(resource: Resource, context: Context) -> Iterator[Finding]:
    """Gateway endpoints have no zone."""
    kind = resource.get("vpcEndpointType")  # unknown when left out: AWS's default is a gateway endpoint
    if kind in ("Interface", "GatewayLoadBalancer"):
        yield from _per_zone(resource, context)


@rule(
    "ec2-transit-gateway-attachment-per-zone",
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment",
    scope=Scope.GRAPH,
    severity=Severity.MEDIUM,
    tiers=ALL,
    why="Zones without a subnet in the attachment can't reach the transit gateway.",
    remedy="Give subnet_ids a subnet in each zone of the VPC.",
    page="https://docs.aws.amazon.com/vpc/latest/tgw/tgw-best-design-practices.html",
    pillar="REL02-BP02 Provision redundant connectivity between private networks in the cloud and on-premises environments",
)
def ec2_transit_gateway_attachment_per_zone(resource: Resource, context: Context) -> Iterator[Finding]:
    """Every zone of the VPC, as far as the stack shows it."""
    yield from _per_zone(resource, context)
