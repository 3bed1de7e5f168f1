"""The rows of Elastic IP addresses and NAT gateways."""

from __future__ import annotations

import pytest
from pulumi.output import UNKNOWN

from tests.sandbox.ec2.steps import SUBNET, VPC, change, refused, replaces, tags

EIP = "aws:ec2/eip:Eip"
NAT = "aws:ec2/natGateway:NatGateway"
TAGS = {"Name": "net", "owner": "platform"}


@pytest.fixture
def vpc(make) -> str:
    return make(VPC, cidrBlock="10.0.0.0/16")[0]


def zones(**addresses: str) -> list[dict]:
    """Zone number -> address, as a regional gateway takes them."""
    return [{"availabilityZoneId": f"use1-{zone}", "allocationIds": [a]} for zone, a in addresses.items()]


def test_elastic_ip(provider, make, ec2) -> None:
    made = make(EIP, domain="vpc", tags=TAGS)
    id_, inputs, outputs = made
    [address] = ec2.describe_addresses(AllocationIds=[id_])["Addresses"]
    assert (outputs["allocationId"], outputs["publicIp"]) == (id_, address["PublicIp"])
    assert tags(address) == TAGS
    change(provider, EIP, made, tags={"Name": "other"})
    assert tags(ec2.describe_addresses(AllocationIds=[id_])["Addresses"][0]) == {"Name": "other"}
    provider.delete(EIP, id_, inputs, outputs)
    assert provider.read(EIP, id_, inputs) is None
    assert ec2.describe_addresses(Filters=[{"Name": "allocation-id", "Values": [id_]}])["Addresses"] == []


def test_zonal_gateway(provider, make, ec2, vpc) -> None:
    subnet = make(SUBNET, vpcId=vpc, cidrBlock="10.0.0.0/24", availabilityZoneId="use1-az1")[0]
    address = make(EIP, domain="vpc")
    made = make(NAT, subnetId=subnet, allocationId=address[0], connectivityType="public", tags=TAGS)
    id_, inputs, outputs = made
    [gateway] = ec2.describe_nat_gateways(NatGatewayIds=[id_])["NatGateways"]
    assert (gateway["SubnetId"], gateway["VpcId"], gateway["State"]) == (subnet, vpc, "available")
    assert tags(gateway) == TAGS
    assert outputs["publicIp"] == address[2]["publicIp"]
    assert outputs["networkInterfaceId"].startswith("eni-")
    assert replaces(provider, NAT, made, subnetId="subnet-1") == ["subnetId"]
    assert replaces(provider, NAT, made, allocationId="eipalloc-1") == ["allocationId"]
    provider.delete(NAT, id_, inputs, outputs)
    assert provider.read(NAT, id_, inputs) is None
    provider.delete(EIP, *address)


def test_regional_gateway(provider, make, ec2, vpc) -> None:
    one, two, three = (make(EIP, domain="vpc")[0] for _ in range(3))
    made = make(
        NAT,
        vpcId=vpc,
        availabilityMode="regional",
        availabilityZoneAddresses=zones(az1=one, az2=two),
        tags=TAGS,
    )
    id_ = made[0]

    def addresses() -> dict[str, str]:
        [gateway] = ec2.describe_nat_gateways(NatGatewayIds=[id_])["NatGateways"]
        assert gateway["AvailabilityMode"] == "regional"
        return {a["AvailabilityZoneId"]: a["AllocationId"] for a in gateway["NatGatewayAddresses"]}

    assert addresses() == {"use1-az1": one, "use1-az2": two}
    assert made[2]["routeTableId"].startswith("rtb-")
    more = change(provider, NAT, made, availabilityZoneAddresses=zones(az1=one, az2=two, az4=three))
    assert addresses() == {"use1-az1": one, "use1-az2": two, "use1-az4": three}
    less = change(provider, NAT, more, availabilityZoneAddresses=zones(az2=two, az4=three))
    assert addresses() == {"use1-az2": two, "use1-az4": three}
    moved = change(provider, NAT, less, availabilityZoneAddresses=zones(az2=two, az4=one))
    assert addresses() == {"use1-az2": two, "use1-az4": one}
    assert replaces(provider, NAT, moved, availabilityMode="zonal") == ["availabilityMode"]
    retagged = change(provider, NAT, moved, tags={"Name": "other"})
    provider.delete(NAT, *retagged)
    assert provider.read(NAT, id_, retagged[1]) is None
    assert not any(
        a.get("AssociationId") for a in ec2.describe_addresses(AllocationIds=[one, two, three])["Addresses"]
    )


def test_an_address_moves_to_another_zone(provider, make, ec2, vpc) -> None:
    one = make(EIP, domain="vpc")[0]
    made = make(NAT, vpcId=vpc, availabilityMode="regional", availabilityZoneAddresses=zones(az1=one))
    change(provider, NAT, made, availabilityZoneAddresses=zones(az2=one))
    [gateway] = ec2.describe_nat_gateways(NatGatewayIds=[made[0]])["NatGateways"]
    assert [a["AvailabilityZoneId"] for a in gateway["NatGatewayAddresses"]] == ["use1-az2"]


def test_a_zonal_gateway_without_subnet_or_address_is_refused(provider) -> None:
    assert refused(provider, NAT, allocationId="eipalloc-1") == [
        f"{NAT}: MissingParameter: the request must contain subnetId"
    ]
    assert refused(provider, NAT, subnetId="subnet-1") == [
        f"{NAT}: MissingParameter: the request must contain allocationId"
    ]
    assert refused(provider, NAT, subnetId="subnet-1", connectivityType="private") == []
    assert refused(provider, NAT, subnetId=UNKNOWN, allocationId=UNKNOWN) == []
