"""The rows of VPCs, subnets, internet gateways, route tables and routes, against a real server."""

from __future__ import annotations

import pytest

from sandbox.provider import Provider, ProviderError
from tests.sandbox.ec2.steps import SUBNET, VPC, change, replaces, tags

GATEWAY = "aws:ec2/internetGateway:InternetGateway"
TABLE = "aws:ec2/routeTable:RouteTable"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
ROUTE = "aws:ec2/route:Route"
TAGS = {"Name": "net", "owner": "platform"}


def test_vpc(provider: Provider, make, ec2) -> None:
    made = make(VPC, cidrBlock="10.0.0.0/16", enableDnsSupport=True, enableDnsHostnames=True, tags=TAGS)
    id_, inputs, outputs = made
    [vpc] = ec2.describe_vpcs(VpcIds=[id_])["Vpcs"]
    assert (vpc["CidrBlock"], tags(vpc)) == ("10.0.0.0/16", TAGS)
    assert outputs["arn"] == f"arn:aws:ec2:us-east-1:123456789012:vpc/{id_}"
    [default] = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [id_]}])["SecurityGroups"]
    assert outputs["defaultSecurityGroupId"] == default["GroupId"]
    [main] = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [id_]}])["RouteTables"]
    assert outputs["mainRouteTableId"] == outputs["defaultRouteTableId"] == main["RouteTableId"]
    change(provider, VPC, made, enableDnsHostnames=False, tags={"Name": "other"})
    hostnames = ec2.describe_vpc_attribute(VpcId=id_, Attribute="enableDnsHostnames")["EnableDnsHostnames"]
    assert hostnames["Value"] is False
    assert tags(ec2.describe_vpcs(VpcIds=[id_])["Vpcs"][0]) == {"Name": "other"}
    assert replaces(provider, VPC, made, cidrBlock="10.1.0.0/16") == ["cidrBlock"]
    provider.delete(VPC, id_, inputs, outputs)
    assert provider.read(VPC, id_, inputs) is None


def test_subnet(provider: Provider, make, ec2) -> None:
    vpc = make(VPC, cidrBlock="10.0.0.0/16")[0]
    made = make(SUBNET, vpcId=vpc, cidrBlock="10.0.16.0/20", availabilityZoneId="use1-az4", tags=TAGS)
    id_, inputs, outputs = made
    [subnet] = ec2.describe_subnets(SubnetIds=[id_])["Subnets"]
    assert (subnet["AvailabilityZoneId"], subnet["CidrBlock"], subnet["VpcId"]) == (
        "use1-az4",
        "10.0.16.0/20",
        vpc,
    )
    assert tags(subnet) == TAGS
    assert outputs["availabilityZone"] == subnet["AvailabilityZone"]
    assert outputs["arn"] == subnet["SubnetArn"]
    change(provider, SUBNET, made, mapPublicIpOnLaunch=True)
    assert ec2.describe_subnets(SubnetIds=[id_])["Subnets"][0]["MapPublicIpOnLaunch"] is True
    assert replaces(provider, SUBNET, made, availabilityZoneId="use1-az1") == ["availabilityZoneId"]
    provider.delete(SUBNET, id_, inputs, outputs)
    assert provider.read(SUBNET, id_, inputs) is None


def test_a_zone_id_of_another_region_is_refused_by_aws(provider: Provider, make) -> None:
    vpc = make(VPC, cidrBlock="10.0.0.0/16")[0]
    with pytest.raises(ProviderError, match=r"CreateSubnet: InvalidParameterValue: Value \(usw2-az1\)"):
        make(SUBNET, vpcId=vpc, cidrBlock="10.0.0.0/20", availabilityZoneId="usw2-az1")


def test_internet_gateway(provider: Provider, make, ec2) -> None:
    vpc, other = make(VPC, cidrBlock="10.0.0.0/16")[0], make(VPC, cidrBlock="10.1.0.0/16")[0]
    made = make(GATEWAY, vpcId=vpc, tags=TAGS)
    id_, inputs, outputs = made
    [gateway] = ec2.describe_internet_gateways(InternetGatewayIds=[id_])["InternetGateways"]
    assert [a["VpcId"] for a in gateway["Attachments"]] == [vpc]
    assert tags(gateway) == TAGS
    assert replaces(provider, GATEWAY, made, vpcId=other) == ["vpcId"]
    change(provider, GATEWAY, made, tags={"Name": "other"})
    provider.delete(GATEWAY, id_, inputs, outputs)
    assert provider.read(GATEWAY, id_, inputs) is None


def test_route_table_and_association(provider: Provider, make, ec2) -> None:
    vpc = make(VPC, cidrBlock="10.0.0.0/16")[0]
    subnet = make(SUBNET, vpcId=vpc, cidrBlock="10.0.0.0/20")[0]
    table = make(TABLE, vpcId=vpc, tags=TAGS)
    made = make(ASSOCIATION, subnetId=subnet, routeTableId=table[0])
    [found] = ec2.describe_route_tables(RouteTableIds=[table[0]])["RouteTables"]
    assert [(a["SubnetId"], a["RouteTableAssociationId"]) for a in found["Associations"]] == [
        (subnet, made[0])
    ]
    assert tags(found) == TAGS
    diff = provider.diff(ASSOCIATION, made[1], {**made[1], "routeTableId": "rtb-1"})
    assert diff.replaces == ["routeTableId"]
    assert diff.delete_before_replace
    assert provider.read(ASSOCIATION, made[0], made[1]) is not None
    with pytest.raises(ProviderError, match="DependencyViolation"):
        provider.delete(TABLE, *table)
    provider.delete(ASSOCIATION, *made)
    assert provider.read(ASSOCIATION, made[0], made[1]) is None
    provider.delete(TABLE, *table)
    assert provider.read(TABLE, table[0], table[1]) is None
    assert provider.read(ASSOCIATION, made[0], made[1]) is None


def test_route(provider: Provider, make, ec2) -> None:
    vpc = make(VPC, cidrBlock="10.0.0.0/16")[0]
    table = make(TABLE, vpcId=vpc)[0]
    one, other = make(GATEWAY, vpcId=vpc)[0], ec2.create_internet_gateway()["InternetGateway"]
    made = make(ROUTE, routeTableId=table, destinationCidrBlock="0.0.0.0/0", gatewayId=one)
    id_, inputs, outputs = made

    def targets() -> list[str]:
        [found] = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
        return [r["GatewayId"] for r in found["Routes"] if r["DestinationCidrBlock"] == "0.0.0.0/0"]

    assert targets() == [one]
    assert outputs["state"] == "active"
    assert outputs["origin"] == "CreateRoute"
    _, _, after = change(provider, ROUTE, made, gatewayId=other["InternetGatewayId"])
    assert targets() == [other["InternetGatewayId"]]
    assert after["gatewayId"] == other["InternetGatewayId"]
    assert replaces(provider, ROUTE, made, destinationCidrBlock="10.9.0.0/16") == ["destinationCidrBlock"]
    provider.delete(ROUTE, id_, inputs, outputs)
    assert targets() == []
    assert provider.read(ROUTE, id_, inputs) is None
    provider.delete(ROUTE, id_, inputs, outputs)


def test_routes_of_one_table_are_told_apart(provider: Provider, make) -> None:
    vpc = make(VPC, cidrBlock="10.0.0.0/16")[0]
    table, gateway = make(TABLE, vpcId=vpc)[0], make(GATEWAY, vpcId=vpc)[0]
    first = make(ROUTE, routeTableId=table, destinationCidrBlock="0.0.0.0/0", gatewayId=gateway)
    second = make(ROUTE, routeTableId=table, destinationCidrBlock="8.8.8.0/24", gatewayId=gateway)
    assert first[0] != second[0]
    provider.delete(ROUTE, *first)
    assert provider.read(ROUTE, first[0], first[1]) is None
    assert provider.read(ROUTE, second[0], second[1]) is not None


def test_a_network_interface_and_the_route_that_leads_to_it(provider: Provider, make, ec2) -> None:
    """What outlives the machines that it is attached to."""
    interface = "aws:ec2/networkInterface:NetworkInterface"
    vpc = make(VPC, cidrBlock="10.0.0.0/16")[0]
    subnet = make(SUBNET, vpcId=vpc, cidrBlock="10.0.16.0/20", availabilityZoneId="use1-az4")[0]
    groups = [
        ec2.create_security_group(GroupName=n, Description=n, VpcId=vpc)["GroupId"] for n in ("one", "two")
    ]
    made = make(
        interface,
        subnetId=subnet,
        description="half",
        securityGroups=groups[:1],
        sourceDestCheck=False,
        tags=TAGS,
    )
    id_, inputs, outputs = made
    [found] = ec2.describe_network_interfaces(NetworkInterfaceIds=[id_])["NetworkInterfaces"]
    assert (found["SourceDestCheck"], found["Description"], found["SubnetId"]) == (False, "half", subnet)
    assert [group["GroupId"] for group in found["Groups"]] == groups[:1]
    assert outputs["privateIp"] == found["PrivateIpAddress"]
    assert outputs["privateIp"].startswith("10.0.")
    assert outputs["arn"] == f"arn:aws:ec2:us-east-1:123456789012:network-interface/{id_}"
    change(provider, interface, made, sourceDestCheck=True)
    change(provider, interface, made, securityGroups=groups[1:])
    [found] = ec2.describe_network_interfaces(NetworkInterfaceIds=[id_])["NetworkInterfaces"]
    assert found["SourceDestCheck"] is True
    assert [group["GroupId"] for group in found["Groups"]] == groups[1:]
    assert replaces(provider, interface, made, subnetId="subnet-other") == ["subnetId"]
    table = make(TABLE, vpcId=vpc)[0]
    route = make(ROUTE, routeTableId=table, destinationCidrBlock="192.168.255.1/32", networkInterfaceId=id_)
    (led,) = (
        each["NetworkInterfaceId"]
        for each in ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
        if each["DestinationCidrBlock"] == "192.168.255.1/32"
    )
    assert led == id_
    provider.delete(ROUTE, *route)
    provider.delete(interface, id_, inputs, outputs)
    assert provider.read(interface, id_, inputs) is None
