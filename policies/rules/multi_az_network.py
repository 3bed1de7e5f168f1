"""The network's own parts stand in each zone they serve."""

from __future__ import annotations

from collections.abc import Iterator

from .kernel.graph import Graph, zone_of, zone_range
from .kernel.resource import Resource
from .kernel.rule import ALL, UPPER, Context, Finding, Scope, Severity, rule
from .kernel.values import NotKnownError
from .tokens import SUBNET

_ROUTE_TABLE = "aws:ec2/routeTable:RouteTable"
_ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
_NETWORK = "REL02-BP01 Use highly available network connectivity for your workload public endpoints"


def _zones_of_vpc(graph: Graph, resource: Resource) -> int:
    """How many zones the subnets of the resource's VPC are in; 0 when the VPC is not in this stack."""
    found: set[str] = set()
    for vpc in graph.targets(resource, "vpcId"):
        subnets = graph.referrers(vpc, "vpcId", SUBNET)
        for key in ("availabilityZoneId", "availabilityZone"):
            zones = [zone_of(subnet, key) for subnet in subnets]
            if subnets and all(zones):
                found = {zone for zone in zones if zone}
                break
    return len(found)


def _same_zone(one: Resource, other: Resource) -> bool | None:
    """Whether two subnets are in one zone; None when that is not known."""
    for key in ("availabilityZoneId", "availabilityZone"):
        zones = (zone_of(one, key), zone_of(other, key))
        if all(zones):
            return zones[0] == zones[1]
    return None


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
)
def ec2_nat_gateway_per_zone(resource: Resource, context: Context) -> Iterator[Finding]:
    """Follows routes to the subnets that use the gateway. A regional gateway is in every zone."""
    if resource.props.raw.get("availabilityMode") == "regional":
        return
    graph = context.graph
    homes = [target for target in graph.targets(resource, "subnetId") if target.type == SUBNET]
    tables: dict[str, Resource] = {}
    for route in graph.referrers(resource, "natGatewayId", "aws:ec2/route:Route"):
        tables |= {table.urn: table for table in graph.targets(route, "routeTableId")}
    tables |= {table.urn: table for table in graph.referrers(resource, "routes", _ROUTE_TABLE)}
    unknown = False
    for table in tables.values():
        for link in graph.referrers(table, "routeTableId", _ASSOCIATION):
            for user in graph.targets(link, "subnetId"):
                if user.type != SUBNET:
                    continue
                together = [_same_zone(home, user) for home in homes] or [None]
                if together[0] is False:
                    yield Finding(f"{user.name}, in another zone, leaves through it.")
                unknown |= together[0] is None
    if unknown:
        raise NotKnownError("the zone of subnetId")


def _per_zone(resource: Resource, context: Context) -> Iterator[Finding]:
    least, most = zone_range(context.graph, resource, "subnetIds", resource.props.entries("subnetIds"))
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
    kind = resource.props.raw.get(
        "vpcEndpointType"
    )  # unknown when left out: AWS's default is a gateway endpoint
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
