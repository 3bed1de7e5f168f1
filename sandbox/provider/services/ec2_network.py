"""VPCs: subnets, the internet gateway, route tables and routes."""
# ruff: noqa: S106 - a resource type's token is no secret

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Read, Resource, ec2_tags

DESTINATIONS = {
    "DestinationCidrBlock": "in.destinationCidrBlock",
    "DestinationIpv6CidrBlock": "in.destinationIpv6CidrBlock",
    "DestinationPrefixListId": "in.destinationPrefixListId",
}
TARGETS = (
    "gatewayId",
    "natGatewayId",
    "egressOnlyGatewayId",
    "networkInterfaceId",
    "transitGatewayId",
    "vpcPeeringConnectionId",
)


def arn(kind: str) -> str:
    """Write the JMESPath of an EC2 resource's ARN."""
    return f"join('', ['arn:aws:ec2:', region, ':', account, ':{kind}/', id])"


def given(params: dict[str, Any], _ctx: Context) -> dict[str, Any]:
    """Leave out parameters without a value."""
    return {name: value for name, value in params.items() if value is not None}


class Association(Resource):
    """A subnet's route table, found in the route table's description."""

    def find(self, ctx: Context) -> dict[str, Any] | None:
        """Find the association, if the route table still has it."""
        associations = (ctx.look() or {}).get("Associations", [])
        return next((a for a in associations if a["RouteTableAssociationId"] == ctx.id), None)


INLINE = {
    "cidrBlock": "DestinationCidrBlock",
    "ipv6CidrBlock": "DestinationIpv6CidrBlock",
    "destinationPrefixListId": "DestinationPrefixListId",
}
"""A route's destination, where it stands in its table."""


class Table(Resource):
    """A route table, with the routes given in it."""

    def made(self, ctx: Context) -> None:
        """Make the table and its routes."""
        ctx.make()
        self.change(ctx, frozenset())

    def change(self, ctx: Context, _changed: frozenset[str]) -> None:
        """Take away the routes that are no longer given, then make the new ones."""
        have, want = ([_route(each) for each in given.get("routes") or ()] for given in (ctx.old, ctx.inputs))
        for route in (each for each in have if each not in want):
            where = {name: value for name, value in route.items() if name.startswith("Destination")}
            ctx.call("DeleteRoute", {"RouteTableId": ctx.id, **where})
        for route in (each for each in want if each not in have):
            ctx.call("CreateRoute", {"RouteTableId": ctx.id, **route})


class DefaultTable(Table):
    """A VPC's main route table: adopted, never made or deleted."""

    def made(self, ctx: Context) -> None:
        """Adopt the table, make its routes and tag it."""
        ctx.id = str(ctx.inputs["defaultRouteTableId"])
        self.change(ctx, frozenset())
        ctx.retag({}, ctx.tags)


class MainAssociation(Resource):
    """A VPC's main route table: another takes its place, and the first comes back when this goes."""

    def made(self, ctx: Context) -> None:
        """Put the route table in the place of the main one."""
        main = [
            {"Name": "vpc-id", "Values": [ctx.inputs["vpcId"]]},
            {"Name": "association.main", "Values": ["true"]},
        ]
        [table] = ctx.call("DescribeRouteTables", {"Filters": main})["RouteTables"]
        [first] = [each for each in table["Associations"] if each["Main"]]
        ctx.id = self._put(ctx, first["RouteTableAssociationId"], ctx.inputs["routeTableId"])
        ctx.api.record("PUT", self._note(ctx), {"OriginalRouteTableId": table["RouteTableId"]})

    def find(self, ctx: Context) -> dict[str, Any] | None:
        """Find the association in the route table, and which table was the main one before."""
        associations = (ctx.look() or {}).get("Associations", [])
        found = next((each for each in associations if each["RouteTableAssociationId"] == ctx.id), None)
        return None if found is None else ctx.api.record("GET", self._note(ctx))

    def remove(self, ctx: Context) -> None:
        """Bring the first one back."""
        found = self.find(ctx)
        if found is not None:
            self._put(ctx, str(ctx.id), found["OriginalRouteTableId"])
        ctx.api.record("DELETE", self._note(ctx))

    @staticmethod
    def _note(ctx: Context) -> str:
        """Where the sandbox keeps which table was the main one: AWS has no word of it."""
        return f"ec2/{ctx.region}/MainRouteTableAssociation/{ctx.id}"

    @staticmethod
    def _put(ctx: Context, association: str, table: str) -> str:
        params = {"AssociationId": association, "RouteTableId": table}
        return str(ctx.call("ReplaceRouteTableAssociation", params)["NewAssociationId"])


def _route(given: Mapping[str, Any]) -> dict[str, Any]:
    """A route of a table as CreateRoute has it."""
    targets = {
        name: "EgressOnlyInternetGatewayId" if name.startswith("egress") else name[:1].upper() + name[1:]
        for name in (*TARGETS, "vpcEndpointId")
    }
    return {member: given[name] for name, member in {**INLINE, **targets}.items() if given.get(name)}


class Route(Resource):
    """A route, found in its route table's description by destination."""

    def find(self, ctx: Context) -> dict[str, Any] | None:
        """Find the route to this destination, blackhole or not."""
        wanted = given(ctx.params_of(Call("", DESTINATIONS)), ctx)
        routes = (ctx.look() or {}).get("Routes", [])
        return next((r for r in routes if wanted.items() <= r.items()), None)


VPC = simulated(
    "aws:ec2/vpc:Vpc",
    read=Read(
        "DescribeVpcs",
        {"VpcIds": "[id]"},
        path="Vpcs[0]",
        merge=(
            Read(
                "DescribeSecurityGroups",
                {"Filters": "[{Name: 'vpc-id', Values: [id]}, {Name: 'group-name', Values: ['default']}]"},
                path="{DefaultSecurityGroupId: SecurityGroups[0].GroupId}",
            ),
            Read(
                "DescribeRouteTables",
                {"Filters": "[{Name: 'vpc-id', Values: [id]}, {Name: 'association.main', Values: ['true']}]"},
                path="{MainRouteTableId: RouteTables[0].RouteTableId}",
            ),
        ),
    ),
    update=(
        Call("ModifyVpcAttribute", {"VpcId": "id"}, take=("enableDnsSupport",)),
        Call("ModifyVpcAttribute", {"VpcId": "id"}, take=("enableDnsHostnames",)),
    ),
    outputs={"arn": arn("vpc"), "defaultRouteTableId": "MainRouteTableId"},
)

SUBNET = simulated(
    "aws:ec2/subnet:Subnet",
    update=(
        Call("ModifySubnetAttribute", {"SubnetId": "id"}, take=("mapPublicIpOnLaunch",)),
        Call("ModifySubnetAttribute", {"SubnetId": "id"}, take=("assignIpv6AddressOnCreation",)),
    ),
    outputs={"arn": "SubnetArn"},
)

INTERNET_GATEWAY = simulated(
    "aws:ec2/internetGateway:InternetGateway",
    update=(Call("AttachInternetGateway", {"InternetGatewayId": "id"}, take=("vpcId",)),),
    replace=("vpcId",),
    delete=(
        Call("DetachInternetGateway", {"InternetGatewayId": "id", "VpcId": "in.vpcId"}),
        Call("DeleteInternetGateway", {"InternetGatewayId": "id"}),
    ),
    outputs={"arn": arn("internet-gateway")},
)

ROUTES = {"routes": "the table's own routes are made once it is there"}
DEFAULT_ROUTE_TABLE = DefaultTable(
    token="aws:ec2/defaultRouteTable:DefaultRouteTable",
    service="ec2",
    create=Call("CreateRouteTable", take=("defaultRouteTableId",)),
    id="in.defaultRouteTableId",
    read=Read("DescribeRouteTables", {"RouteTableIds": "[id]"}, path="RouteTables[0]"),
    ignore=ROUTES,
    outputs={"arn": arn("route-table")},
    tags=ec2_tags("route-table"),
)
MAIN_ROUTE_TABLE_ASSOCIATION = MainAssociation(
    token="aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",
    service="ec2",
    create=Call("ReplaceRouteTableAssociation", take=("routeTableId", "vpcId")),
    id="NewAssociationId",
    read=Read("DescribeRouteTables", {"RouteTableIds": "[in.routeTableId]"}, path="RouteTables[0]"),
    delete_before_replace=True,
)
ROUTE_TABLE = simulated(
    "aws:ec2/routeTable:RouteTable",
    Table,
    ignore=ROUTES,
    outputs={"arn": arn("route-table")},
)

ROUTE_TABLE_ASSOCIATION = simulated(
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    Association,
    id="AssociationId",
    read=Read("DescribeRouteTables", {"RouteTableIds": "[in.routeTableId]"}, path="RouteTables[0]"),
    delete=(Call("DisassociateRouteTable", {"AssociationId": "id"}),),
    # A subnet has one association at a time; ReplaceRouteTableAssociation would give it another id.
    delete_before_replace=True,
)

ROUTE = simulated(
    "aws:ec2/route:Route",
    Route,
    id="join('_', [in.routeTableId, in.destinationCidrBlock || in.destinationIpv6CidrBlock"
    " || in.destinationPrefixListId])",
    read=Read("DescribeRouteTables", {"RouteTableIds": "[in.routeTableId]"}, path="RouteTables[0]"),
    update=(
        Call("ReplaceRoute", {"RouteTableId": "in.routeTableId", **DESTINATIONS}, take=TARGETS, whole=True),
    ),
    delete=(Call("DeleteRoute", {"RouteTableId": "in.routeTableId", **DESTINATIONS}, adjust=given),),
    rename={"egressOnlyGatewayId": "EgressOnlyInternetGatewayId"},
)

INTERFACE = simulated(
    "aws:ec2/networkInterface:NetworkInterface",
    update=(
        Call("ModifyNetworkInterfaceAttribute", {"NetworkInterfaceId": "id"}, take=("description",)),
        Call("ModifyNetworkInterfaceAttribute", {"NetworkInterfaceId": "id"}, take=("sourceDestCheck",)),
        Call("ModifyNetworkInterfaceAttribute", {"NetworkInterfaceId": "id"}, take=("securityGroups",)),
    ),
    rename={"securityGroups": "Groups", "privateIp": "PrivateIpAddress"},
    outputs={"arn": arn("network-interface"), "securityGroups": "Groups[].GroupId"},
)

RESOURCES = (
    VPC,
    SUBNET,
    INTERNET_GATEWAY,
    ROUTE_TABLE,
    DEFAULT_ROUTE_TABLE,
    ROUTE_TABLE_ASSOCIATION,
    MAIN_ROUTE_TABLE_ASSOCIATION,
    ROUTE,
    INTERFACE,
)
