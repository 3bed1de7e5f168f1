from __future__ import annotations

from tests.policies.case import NOT_KNOWN, Case, R, subnets
from tests.policies.cases.multi_az_compute import THREE

NAT = "aws:ec2/natGateway:NatGateway"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
ATTACHMENT = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"


def nat(home: str, user: str, **props: object) -> list[R]:
    """A NAT gateway in a subnet of zone `home`, used by a subnet of zone `user`."""
    return [
        R(
            NAT,
            props={"subnetId": NOT_KNOWN, "availabilityMode": NOT_KNOWN, **props},
            refs={"subnetId": ["public-0"]},
        ),
        *subnets(home, prefix="public"),
        *subnets(user, prefix="private"),
        R("aws:ec2/routeTable:RouteTable", "table"),
        R(
            "aws:ec2/route:Route",
            "out",
            {"natGatewayId": NOT_KNOWN, "routeTableId": NOT_KNOWN},
            {"natGatewayId": ["it"], "routeTableId": ["table"]},
        ),
        R(
            "aws:ec2/routeTableAssociation:RouteTableAssociation",
            "link",
            {"subnetId": NOT_KNOWN, "routeTableId": NOT_KNOWN},
            {"subnetId": ["private-0"], "routeTableId": ["table"]},
        ),
    ]


def in_vpc(token: str, count: int, *, seen: bool = True, **props: object) -> list[R]:
    """`it` with the first `count` of three subnets of its VPC."""
    taken = [f"subnet-{i}" for i in range(count)]
    refs = {"subnetIds": taken if seen else [], "vpcId": ["vpc"]}
    return [
        R("aws:ec2/vpc:Vpc", "vpc"),
        R(token, props={"vpcId": NOT_KNOWN, "subnetIds": [NOT_KNOWN] * count, **props}, refs=refs),
        *subnets(*THREE),
    ]


CASES = [
    Case(
        rule="ec2-nat-gateway-per-zone",
        bad=nat("use1-az1", "use1-az2"),
        good=nat("use1-az1", "use1-az1"),
        unsure=nat(NOT_KNOWN, "use1-az2"),
    ),
    Case(
        rule="ec2-nat-gateway-per-zone",
        note="regional",
        bad=nat("use1-az1", "use1-az2", availabilityMode="zonal"),
        good=nat("use1-az1", "use1-az2", availabilityMode="regional"),
        unsure=nat("use1-az1", NOT_KNOWN),
    ),
    Case(
        rule="ec2-vpc-endpoint-per-zone",
        bad=in_vpc(ENDPOINT, 2, vpcEndpointType="Interface"),
        good=in_vpc(ENDPOINT, 3, vpcEndpointType="Interface"),
        unsure=[*in_vpc(ENDPOINT, 0, vpcEndpointType="Interface", subnetIds=NOT_KNOWN)],
    ),
    Case(
        rule="ec2-vpc-endpoint-per-zone",
        note="gateway",
        bad=in_vpc(ENDPOINT, 1, vpcEndpointType="Interface"),
        good=in_vpc(ENDPOINT, 0, vpcEndpointType="Gateway"),
        unsure=in_vpc(ENDPOINT, 0, vpcEndpointType=NOT_KNOWN),
        then="good",
    ),
    Case(
        rule="ec2-transit-gateway-attachment-per-zone",
        bad=in_vpc(ATTACHMENT, 1),
        good=in_vpc(ATTACHMENT, 3),
        unsure=in_vpc(ATTACHMENT, 0, subnetIds=NOT_KNOWN),
    ),
]
