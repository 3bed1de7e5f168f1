"""EC2 where moto alone answers otherwise than AWS: each test fails without the extension."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def vpc(ec2) -> str:
    return ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]


def subnet(ec2, vpc: str, block: int, zone: str) -> str:
    made = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{block}.0/24", AvailabilityZoneId=zone)
    return made["Subnet"]["SubnetId"]


def address(ec2) -> str:
    return ec2.allocate_address(Domain="vpc")["AllocationId"]


def internet(ec2, vpc: str) -> str:
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    return gateway


def regional(ec2, vpc: str, *zones: tuple[str, str]) -> dict:
    given = [{"AvailabilityZoneId": z, "AllocationIds": [a]} for z, a in zones]
    more = {"AvailabilityZoneAddresses": given} if given else {}
    return ec2.create_nat_gateway(VpcId=vpc, AvailabilityMode="regional", **more)["NatGateway"]


def nat(ec2, id_: str) -> dict:
    return ec2.describe_nat_gateways(NatGatewayIds=[id_])["NatGateways"][0]


def table(ec2, id_: str) -> dict:
    return ec2.describe_route_tables(RouteTableIds=[id_])["RouteTables"][0]


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return error.value.response["Error"]["Code"]


def test_a_subnet_stands_in_the_zone_that_its_id_names(ec2, vpc: str, boto) -> None:
    id_ = subnet(ec2, vpc, 1, "use1-az4")
    [found] = ec2.describe_subnets(SubnetIds=[id_])["Subnets"]
    zones = ec2.describe_availability_zones()["AvailabilityZones"]
    assert found["AvailabilityZone"] == next(z["ZoneName"] for z in zones if z["ZoneId"] == "use1-az4")
    assert found["MapPublicIpOnLaunch"] is False
    assert found["DefaultForAz"] is False
    with pytest.raises(ClientError) as error:
        subnet(ec2, vpc, 2, "usw2-az1")
    assert code(error) == "InvalidParameterValue"


def test_a_regional_nat_gateway_has_an_address_in_each_zone_and_no_subnet(ec2, vpc: str) -> None:
    gateway = internet(ec2, vpc)
    one, two = address(ec2), address(ec2)
    made = regional(ec2, vpc, ("use1-az1", one), ("use1-az2", two))
    found = nat(ec2, made["NatGatewayId"])
    assert (found["AvailabilityMode"], found["VpcId"], found["State"]) == ("regional", vpc, "available")
    assert (found["AutoProvisionZones"], found["ConnectivityType"]) == ("disabled", "public")
    assert "SubnetId" not in found
    assert {a["AvailabilityZoneId"]: a["AllocationId"] for a in found["NatGatewayAddresses"]} == {
        "use1-az1": one,
        "use1-az2": two,
    }
    for held in ec2.describe_addresses(AllocationIds=[one, two])["Addresses"]:
        assert held["AssociationId"] in {a["AssociationId"] for a in found["NatGatewayAddresses"]}
    own = table(ec2, found["RouteTableId"])
    assert gateway in {r.get("GatewayId") for r in own["Routes"]}


def test_without_addresses_aws_provisions_the_zones_of_a_regional_nat_gateway(ec2, vpc: str) -> None:
    found = regional(ec2, vpc)
    assert found["AutoProvisionZones"] == found["AutoScalingIps"] == "enabled"
    assert found.get("NatGatewayAddresses", []) == []


def test_zones_of_a_regional_nat_gateway_come_and_go(ec2, vpc: str) -> None:
    one, two = address(ec2), address(ec2)
    id_ = regional(ec2, vpc, ("use1-az1", one))["NatGatewayId"]
    ec2.associate_nat_gateway_address(NatGatewayId=id_, AllocationIds=[two], AvailabilityZoneId="use1-az4")
    assert [a["AvailabilityZoneId"] for a in nat(ec2, id_)["NatGatewayAddresses"]] == ["use1-az1", "use1-az4"]
    first = nat(ec2, id_)["NatGatewayAddresses"][0]["AssociationId"]
    ec2.disassociate_nat_gateway_address(NatGatewayId=id_, AssociationIds=[first])
    assert [a["AllocationId"] for a in nat(ec2, id_)["NatGatewayAddresses"]] == [two]
    assert not ec2.describe_addresses(AllocationIds=[one])["Addresses"][0].get("AssociationId")


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"SubnetId": "subnet-1", "VpcId": "vpc-1"}, "InvalidParameterCombination"),
        ({"AllocationId": "eipalloc-1", "VpcId": "vpc-1"}, "InvalidParameterCombination"),
        ({}, "MissingParameter"),
        ({"VpcId": "vpc-1"}, "InvalidVpcID.NotFound"),
    ],
)
def test_a_regional_nat_gateway_takes_a_vpc_and_nothing_zonal(ec2, params: dict, expected: str) -> None:
    with pytest.raises(ClientError) as error:
        ec2.create_nat_gateway(AvailabilityMode="regional", **params)
    assert code(error) == expected


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ({"AvailabilityZoneId": "usw2-az1"}, "InvalidParameterValue"),
        ({}, "InvalidParameterCombination"),
        ({"AvailabilityZoneId": "use1-az1", "AvailabilityZone": "us-east-1b"}, "InvalidParameterCombination"),
        ({"AvailabilityZoneId": "use1-az1", "AllocationIds": []}, "MissingParameter"),
    ],
)
def test_a_bad_zone_of_a_regional_nat_gateway_is_refused(ec2, vpc: str, zone: dict, expected: str) -> None:
    addresses = [{"AllocationIds": [address(ec2)], **zone}]
    with pytest.raises(ClientError) as error:
        ec2.create_nat_gateway(VpcId=vpc, AvailabilityMode="regional", AvailabilityZoneAddresses=addresses)
    assert code(error) == expected


def test_an_address_serves_one_gateway(ec2, vpc: str) -> None:
    one = address(ec2)
    regional(ec2, vpc, ("use1-az1", one))
    with pytest.raises(ClientError) as error:
        regional(ec2, vpc, ("use1-az2", one))
    assert code(error) == "Resource.AlreadyAssociated"


@pytest.mark.parametrize("mode", ["zonal", "regional"])
def test_routes_to_a_deleted_nat_gateway_are_blackholes(ec2, vpc: str, mode: str) -> None:
    allocation = address(ec2)
    if mode == "regional":
        id_ = regional(ec2, vpc, ("use1-az1", allocation))["NatGatewayId"]
    else:
        made = ec2.create_nat_gateway(SubnetId=subnet(ec2, vpc, 1, "use1-az1"), AllocationId=allocation)
        id_ = made["NatGateway"]["NatGatewayId"]
    routes = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=routes, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=id_)

    def state() -> str:
        return next(r["State"] for r in table(ec2, routes)["Routes"] if r.get("NatGatewayId") == id_)

    assert state() == "active"
    tables = len(ec2.describe_route_tables()["RouteTables"])
    ec2.delete_nat_gateway(NatGatewayId=id_)
    assert state() == "blackhole"
    assert nat(ec2, id_)["State"] == "deleted"
    assert not ec2.describe_addresses(AllocationIds=[allocation])["Addresses"][0].get("AssociationId")
    assert not ec2.describe_network_interfaces(Filters=[{"Name": "vpc-id", "Values": [vpc]}])[
        "NetworkInterfaces"
    ]
    assert len(ec2.describe_route_tables()["RouteTables"]) == tables - (mode == "regional")
    ec2.delete_nat_gateway(NatGatewayId=id_)


def test_routes_to_a_detached_internet_gateway_are_blackholes(ec2, vpc: str) -> None:
    gateway = internet(ec2, vpc)
    routes = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=routes, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    assert {r["GatewayId"]: r["State"] for r in table(ec2, routes)["Routes"]} == {
        "local": "active",
        gateway: "blackhole",
    }


def test_a_route_needs_a_nat_gateway_that_exists(ec2, vpc: str) -> None:
    gateway = internet(ec2, vpc)
    routes = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    route = {"RouteTableId": routes, "DestinationCidrBlock": "0.0.0.0/0"}
    with pytest.raises(ClientError) as error:
        ec2.create_route(**route, NatGatewayId="nat-0123456789abcdef0")
    assert code(error) == "InvalidNatGatewayID.NotFound"
    ec2.create_route(**route, GatewayId=gateway)
    with pytest.raises(ClientError) as error:
        ec2.replace_route(**route, NatGatewayId="nat-0123456789abcdef0")
    assert code(error) == "InvalidNatGatewayID.NotFound"
    with pytest.raises(ClientError) as error:
        ec2.delete_nat_gateway(NatGatewayId="nat-0123456789abcdef0")
    assert code(error) == "NatGatewayNotFound"


def group(ec2, vpc: str, name: str) -> str:
    return ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]


def permit(from_group: str) -> list[dict]:
    pairs = [{"GroupId": from_group, "Description": "from the tier before"}]
    return [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "UserIdGroupPairs": pairs}]


def test_a_security_group_that_a_rule_refers_to_stays(ec2, vpc: str) -> None:
    front, back = group(ec2, vpc, "front"), group(ec2, vpc, "back")
    ec2.authorize_security_group_ingress(GroupId=back, IpPermissions=permit(front))
    with pytest.raises(ClientError) as error:
        ec2.delete_security_group(GroupId=front)
    assert code(error) == "DependencyViolation"
    ec2.delete_security_group(GroupId=back)
    ec2.delete_security_group(GroupId=front)
    assert "front" not in {g["GroupName"] for g in ec2.describe_security_groups()["SecurityGroups"]}


def test_a_security_group_that_refers_to_itself_can_go(ec2, vpc: str) -> None:
    alone = group(ec2, vpc, "alone")
    ec2.authorize_security_group_ingress(GroupId=alone, IpPermissions=permit(alone))
    ec2.delete_security_group(GroupId=alone)


def test_rules_between_groups_keep_their_description_and_can_be_changed(ec2, vpc: str) -> None:
    front, other, back = (group(ec2, vpc, name) for name in ("front", "other", "back"))
    made = ec2.authorize_security_group_ingress(GroupId=back, IpPermissions=permit(front))
    id_ = made["SecurityGroupRules"][0]["SecurityGroupRuleId"]

    def rule() -> tuple[str, str, int]:
        [found] = ec2.describe_security_group_rules(SecurityGroupRuleIds=[id_])["SecurityGroupRules"]
        return found["ReferencedGroupInfo"]["GroupId"], found["Description"], found["ToPort"]

    assert rule() == (front, "from the tier before", 80)
    new = {
        "IpProtocol": "tcp",
        "FromPort": 90,
        "ToPort": 90,
        "ReferencedGroupId": other,
        "Description": "new",
    }
    ec2.modify_security_group_rules(
        GroupId=back, SecurityGroupRules=[{"SecurityGroupRuleId": id_, "SecurityGroupRule": new}]
    )
    assert rule() == (other, "new", 90)


def test_a_gateway_endpoint_has_routes_in_its_route_tables(ec2, vpc: str) -> None:
    one, two = (ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"] for _ in range(2))
    made = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3", RouteTableIds=[one],
                                   VpcEndpointType="Gateway")  # fmt: skip
    id_ = made["VpcEndpoint"]["VpcEndpointId"]

    def routed(routes: str) -> bool:
        return id_ in {r.get("GatewayId") for r in table(ec2, routes)["Routes"]}

    assert (routed(one), routed(two)) == (True, False)
    ec2.modify_vpc_endpoint(VpcEndpointId=id_, AddRouteTableIds=[two], RemoveRouteTableIds=[one])
    assert (routed(one), routed(two)) == (False, True)
    ec2.delete_vpc_endpoints(VpcEndpointIds=[id_])
    assert (routed(one), routed(two)) == (False, False)


def test_an_interface_endpoint_has_a_network_interface_in_each_subnet(ec2, vpc: str) -> None:
    one, two = subnet(ec2, vpc, 1, "use1-az1"), subnet(ec2, vpc, 2, "use1-az2")
    mine = group(ec2, vpc, "endpoints")
    made = ec2.create_vpc_endpoint(
        VpcId=vpc,
        ServiceName="com.amazonaws.us-east-1.ssm",
        VpcEndpointType="Interface",
        SubnetIds=[one],
        SecurityGroupIds=[mine],
        PrivateDnsEnabled=True,
    )
    id_ = made["VpcEndpoint"]["VpcEndpointId"]

    def endpoint() -> dict:
        return ec2.describe_vpc_endpoints(VpcEndpointIds=[id_])["VpcEndpoints"][0]

    def subnets() -> list[str]:
        found = ec2.describe_network_interfaces(NetworkInterfaceIds=endpoint()["NetworkInterfaceIds"])
        return sorted(i["SubnetId"] for i in found["NetworkInterfaces"])

    ec2.modify_vpc_endpoint(VpcEndpointId=id_, AddSubnetIds=[two], PrivateDnsEnabled=False)
    assert subnets() == sorted([one, two])
    assert endpoint()["PrivateDnsEnabled"] is False
    ec2.modify_vpc_endpoint(VpcEndpointId=id_, RemoveSubnetIds=[one])
    assert subnets() == [two]
    assert endpoint()["PrivateDnsEnabled"] is False
    with pytest.raises(ClientError) as error:
        ec2.delete_security_group(GroupId=mine)
    assert code(error) == "DependencyViolation"
    ec2.delete_vpc_endpoints(VpcEndpointIds=[id_])
    ec2.delete_security_group(GroupId=mine)


@pytest.mark.parametrize(("there", "status"), [(True, "SUCCESS"), (False, "FAILED")])
def test_a_flow_log_knows_the_log_group_behind_an_arn(ec2, vpc: str, boto, there: bool, status: str) -> None:
    name = f"flows-{there}"
    if there:
        boto("logs").create_log_group(logGroupName=name)
    request = {
        "ResourceType": "VPC",
        "ResourceIds": [vpc],
        "TrafficType": "ALL",
        "LogDestinationType": "cloud-watch-logs",
        "LogDestination": f"arn:aws:logs:us-east-1:123456789012:log-group:{name}",
        "DeliverLogsPermissionArn": "arn:aws:iam::123456789012:role/flows",
    }
    ids = ec2.create_flow_logs(**request)["FlowLogIds"]
    [found] = ec2.describe_flow_logs(FlowLogIds=ids)["FlowLogs"]
    assert (found["DeliverLogsStatus"], found["LogGroupName"]) == (status, name)
    with pytest.raises(ClientError) as error:
        ec2.create_flow_logs(**request)
    assert code(error) == "FlowLogAlreadyExists"
