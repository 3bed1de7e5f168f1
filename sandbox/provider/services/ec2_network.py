"""VPCs: subnets, the internet gateway, route tables and routes."""
# ruff: noqa: S106 - a resource type's token is no secret

from __future__ import annotations

from typing import Any

from sandbox.provider.context import Context
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


class Route(Resource):
    """A route, found in its route table's description by destination."""

    def find(self, ctx: Context) -> dict[str, Any] | None:
        """Find the route to this destination, blackhole or not."""
        wanted = given(ctx.params_of(Call("", DESTINATIONS)), ctx)
        routes = (ctx.look() or {}).get("Routes", [])
        return next((r for r in routes if wanted.items() <= r.items()), None)


VPC = Resource(
    token="aws:ec2/vpc:Vpc",
    service="ec2",
    create=Call("CreateVpc"),
    id="Vpc.VpcId",
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
    delete=(Call("DeleteVpc", {"VpcId": "id"}),),
    outputs={"arn": arn("vpc"), "defaultRouteTableId": "MainRouteTableId"},
    tags=ec2_tags("vpc"),
)

SUBNET = Resource(
    token="aws:ec2/subnet:Subnet",
    service="ec2",
    create=Call("CreateSubnet"),
    id="Subnet.SubnetId",
    read=Read("DescribeSubnets", {"SubnetIds": "[id]"}, path="Subnets[0]"),
    update=(
        Call("ModifySubnetAttribute", {"SubnetId": "id"}, take=("mapPublicIpOnLaunch",)),
        Call("ModifySubnetAttribute", {"SubnetId": "id"}, take=("assignIpv6AddressOnCreation",)),
    ),
    delete=(Call("DeleteSubnet", {"SubnetId": "id"}),),
    outputs={"arn": "SubnetArn"},
    tags=ec2_tags("subnet"),
)

INTERNET_GATEWAY = Resource(
    token="aws:ec2/internetGateway:InternetGateway",
    service="ec2",
    create=Call("CreateInternetGateway"),
    id="InternetGateway.InternetGatewayId",
    read=Read("DescribeInternetGateways", {"InternetGatewayIds": "[id]"}, path="InternetGateways[0]"),
    update=(Call("AttachInternetGateway", {"InternetGatewayId": "id"}, take=("vpcId",)),),
    replace=("vpcId",),
    delete=(
        Call("DetachInternetGateway", {"InternetGatewayId": "id", "VpcId": "in.vpcId"}),
        Call("DeleteInternetGateway", {"InternetGatewayId": "id"}),
    ),
    outputs={"arn": arn("internet-gateway")},
    tags=ec2_tags("internet-gateway"),
)

ROUTE_TABLE = Resource(
    token="aws:ec2/routeTable:RouteTable",
    service="ec2",
    create=Call("CreateRouteTable"),
    id="RouteTable.RouteTableId",
    read=Read("DescribeRouteTables", {"RouteTableIds": "[id]"}, path="RouteTables[0]"),
    delete=(Call("DeleteRouteTable", {"RouteTableId": "id"}),),
    outputs={"arn": arn("route-table")},
    tags=ec2_tags("route-table"),
)

ROUTE_TABLE_ASSOCIATION = Association(
    token="aws:ec2/routeTableAssociation:RouteTableAssociation",
    service="ec2",
    create=Call("AssociateRouteTable"),
    id="AssociationId",
    read=Read("DescribeRouteTables", {"RouteTableIds": "[in.routeTableId]"}, path="RouteTables[0]"),
    delete=(Call("DisassociateRouteTable", {"AssociationId": "id"}),),
    # A subnet has one association at a time; ReplaceRouteTableAssociation would give it another id.
    delete_before_replace=True,
)

ROUTE = Route(
    token="aws:ec2/route:Route",
    service="ec2",
    create=Call("CreateRoute"),
    id="join('_', [in.routeTableId, in.destinationCidrBlock || in.destinationIpv6CidrBlock"
    " || in.destinationPrefixListId])",
    read=Read("DescribeRouteTables", {"RouteTableIds": "[in.routeTableId]"}, path="RouteTables[0]"),
    update=(
        Call("ReplaceRoute", {"RouteTableId": "in.routeTableId", **DESTINATIONS}, take=TARGETS, whole=True),
    ),
    delete=(Call("DeleteRoute", {"RouteTableId": "in.routeTableId", **DESTINATIONS}, adjust=given),),
    rename={"egressOnlyGatewayId": "EgressOnlyInternetGatewayId"},
)

RESOURCES = (VPC, SUBNET, INTERNET_GATEWAY, ROUTE_TABLE, ROUTE_TABLE_ASSOCIATION, ROUTE)
