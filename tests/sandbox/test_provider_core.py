"""The provider's verbs, with two rows of the test's own: a VPC and a subnet."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pulumi.output import UNKNOWN

from sandbox.provider import Provider, ProviderError, services
from sandbox.provider.core import autoname
from sandbox.provider.table import Call, Read, Resource, ec2_tags

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
ROWS = {
    VPC: Resource(
        token=VPC,
        service="ec2",
        create=Call("CreateVpc"),
        id="Vpc.VpcId",
        read=Read("DescribeVpcs", {"VpcIds": "[id]"}, path="Vpcs[0]"),
        update=(
            Call("ModifyVpcAttribute", {"VpcId": "id"}, take=("enableDnsSupport",)),
            Call("ModifyVpcAttribute", {"VpcId": "id"}, take=("enableDnsHostnames",)),
        ),
        delete=(Call("DeleteVpc", {"VpcId": "id"}),),
        outputs={"arn": "join('', ['arn:aws:ec2:', region, ':', account, ':vpc/', id])"},
        tags=ec2_tags("vpc"),
    ),
    SUBNET: Resource(
        token=SUBNET,
        service="ec2",
        create=Call("CreateSubnet"),
        id="Subnet.SubnetId",
        read=Read("DescribeSubnets", {"SubnetIds": "[id]"}, path="Subnets[0]"),
        update=(Call("ModifySubnetAttribute", {"SubnetId": "id"}, take=("mapPublicIpOnLaunch",)),),
        delete=(Call("DeleteSubnet", {"SubnetId": "id"}),),
        outputs={"arn": "SubnetArn"},
        tags=ec2_tags("subnet"),
    ),
}
URN = f"urn:pulumi:prod::holdfast::{VPC}::net"


@pytest.fixture(autouse=True)
def _rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "resources", lambda: ROWS)


def make(provider: Provider, token: str, inputs: dict) -> tuple[str, dict, dict]:
    checked, failures = provider.check(token, URN, {}, inputs)
    assert failures == []
    id_, outputs = provider.create(token, checked)
    return id_, checked, outputs


def test_create_sends_attributes_that_other_calls_take(provider: Provider, boto) -> None:
    id_, _, outputs = make(
        provider, VPC, {"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": True, "tags": {"a": "b"}}
    )
    [vpc] = boto("ec2").describe_vpcs(VpcIds=[id_])["Vpcs"]
    assert vpc["CidrBlock"] == "10.0.0.0/16"
    assert vpc["Tags"] == [{"Key": "a", "Value": "b"}]
    assert boto("ec2").describe_vpc_attribute(VpcId=id_, Attribute="enableDnsHostnames")[
        "EnableDnsHostnames"
    ]["Value"]
    assert outputs["arn"] == f"arn:aws:ec2:us-east-1:123456789012:vpc/{id_}"
    assert outputs["region"] == "us-east-1"


def test_computed_outputs_are_read_from_aws(provider: Provider) -> None:
    vpc, _, _ = make(provider, VPC, {"cidrBlock": "10.0.0.0/16"})
    subnet = {"vpcId": vpc, "cidrBlock": "10.0.1.0/24", "availabilityZoneId": "use1-az1"}
    _, _, outputs = make(provider, SUBNET, subnet)
    assert outputs["availabilityZone"].startswith("us-east-1")
    assert ":subnet/" in outputs["arn"]


def test_region_of_the_resource_wins(provider: Provider, boto) -> None:
    id_, _, outputs = make(provider, VPC, {"cidrBlock": "10.9.0.0/16", "region": "us-west-2"})
    assert outputs["region"] == "us-west-2"
    assert boto("ec2", "us-west-2").describe_vpcs(VpcIds=[id_])["Vpcs"]


def test_default_tags_reach_aws_and_tags_all(aws_endpoint: str, boto) -> None:
    provider = Provider(aws_endpoint, "us-east-1", {"owner": "x", "a": "default"})
    id_, checked, outputs = make(provider, VPC, {"cidrBlock": "10.0.0.0/16", "tags": {"a": "own"}})
    assert checked["tagsAll"] == outputs["tagsAll"] == {"owner": "x", "a": "own"}
    assert outputs["tags"] == {"a": "own"}
    tags = boto("ec2").describe_vpcs(VpcIds=[id_])["Vpcs"][0]["Tags"]
    assert {t["Key"]: t["Value"] for t in tags} == {"owner": "x", "a": "own"}


def test_a_property_that_no_call_takes_fails_at_check(provider: Provider) -> None:
    _, failures = provider.check(SUBNET, URN, {}, {"vpcId": "v", "customerOwnedIpv4Pool": "pool"})
    assert [p for p, _ in failures] == ["customerOwnedIpv4Pool"]
    assert "does not simulate" in failures[0][1]


def test_a_value_that_aws_does_not_allow_fails_at_check(provider: Provider) -> None:
    _, [(name, reason)] = provider.check(
        VPC, URN, {}, {"cidrBlock": "10.0.0.0/16", "instanceTenancy": "shared"}
    )
    assert name == "instanceTenancy"
    assert "'shared' is not allowed" in reason
    assert "dedicated" in reason


def test_unknown_values_pass_the_check_and_the_preview(provider: Provider) -> None:
    checked, failures = provider.check(SUBNET, URN, {}, {"vpcId": UNKNOWN, "tags": {"a": UNKNOWN}})
    assert failures == []
    id_, outputs = provider.create(SUBNET, checked, preview=True)
    assert id_ is None
    assert outputs["vpcId"] is UNKNOWN
    assert "availabilityZone" not in outputs


def test_diff_updates_what_a_call_takes_and_replaces_what_only_create_takes(provider: Provider) -> None:
    old = {"cidrBlock": "10.0.0.0/16", "enableDnsSupport": True, "tags": {"a": "b"}}
    assert not provider.diff(VPC, old, dict(old)).changes
    gentle = provider.diff(VPC, old, {**old, "enableDnsSupport": False, "tags": {}})
    assert (gentle.diffs, gentle.replaces) == (["enableDnsSupport", "tags"], [])
    hard = provider.diff(VPC, old, {**old, "cidrBlock": "10.1.0.0/16"})
    assert hard.replaces == ["cidrBlock"]


def test_update_changes_tags_and_attributes(provider: Provider, boto) -> None:
    id_, old, outputs = make(provider, VPC, {"cidrBlock": "10.0.0.0/16", "tags": {"a": "b", "c": "d"}})
    new, _ = provider.check(
        VPC, URN, old, {"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": True, "tags": {"a": "x"}}
    )
    after = provider.update(VPC, id_, old, outputs, new)
    assert after["enableDnsHostnames"] is True
    assert boto("ec2").describe_vpcs(VpcIds=[id_])["Vpcs"][0]["Tags"] == [{"Key": "a", "Value": "x"}]
    assert boto("ec2").describe_vpc_attribute(VpcId=id_, Attribute="enableDnsHostnames")[
        "EnableDnsHostnames"
    ]["Value"]


def test_an_update_preview_keeps_what_is_known(provider: Provider, boto) -> None:
    id_, old, outputs = make(provider, VPC, {"cidrBlock": "10.0.0.0/16"})
    shown = provider.update(VPC, id_, old, outputs, {**old, "enableDnsHostnames": True}, preview=True)
    assert shown["arn"] == outputs["arn"]
    assert not boto("ec2").describe_vpc_attribute(VpcId=id_, Attribute="enableDnsHostnames")[
        "EnableDnsHostnames"
    ]["Value"]


def test_an_update_preview_leaves_unknown_what_every_update_changes(provider: Provider, monkeypatch) -> None:
    monkeypatch.setitem(ROWS, VPC, replace(ROWS[VPC], recomputed=("arn",)))
    id_, old, outputs = make(provider, VPC, {"cidrBlock": "10.0.0.0/16"})
    tagged = provider.update(VPC, id_, old, outputs, {**old, "tags": {"a": "b"}}, preview=True)
    assert tagged["arn"] == outputs["arn"]
    shown = provider.update(VPC, id_, old, outputs, {**old, "enableDnsHostnames": True}, preview=True)
    assert shown["arn"] is UNKNOWN


def test_what_is_no_longer_given_goes_back_to_its_documented_default(provider: Provider, boto) -> None:
    id_, old, outputs = make(provider, VPC, {"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": True})
    provider.update(VPC, id_, old, outputs, {"cidrBlock": "10.0.0.0/16"})
    answer = boto("ec2").describe_vpc_attribute(VpcId=id_, Attribute="enableDnsHostnames")
    assert answer["EnableDnsHostnames"]["Value"] is False


def test_read_finds_what_is_there_and_says_when_it_is_gone(provider: Provider, boto) -> None:
    id_, inputs, outputs = make(provider, VPC, {"cidrBlock": "10.0.0.0/16"})
    assert provider.read(VPC, id_, inputs)["arn"] == outputs["arn"]
    boto("ec2").delete_vpc(VpcId=id_)
    assert provider.read(VPC, id_, inputs) is None


def test_delete_removes_and_is_no_error_when_gone(provider: Provider, boto) -> None:
    id_, inputs, outputs = make(provider, VPC, {"cidrBlock": "10.0.0.0/16"})
    provider.delete(VPC, id_, inputs, outputs)
    assert id_ not in [v["VpcId"] for v in boto("ec2").describe_vpcs()["Vpcs"]]
    provider.delete(VPC, id_, inputs, outputs)


def test_aws_errors_name_type_call_and_code(provider: Provider) -> None:
    with pytest.raises(ProviderError, match=r"aws:ec2/vpc:Vpc: CreateVpc: InvalidVpc.Range"):
        provider.create(VPC, {"cidrBlock": "10.0.0.0/8"})


def test_what_was_half_made_is_removed(provider: Provider, boto, monkeypatch: pytest.MonkeyPatch) -> None:
    real, before = provider.api.call, len(boto("ec2").describe_vpcs()["Vpcs"])

    def failing(service, operation, params, region):
        if operation == "ModifyVpcAttribute":
            return real(service, operation, {**params, "VpcId": "vpc-missing"}, region)
        return real(service, operation, params, region)

    monkeypatch.setattr(provider.api, "call", failing)
    with pytest.raises(ProviderError, match="ModifyVpcAttribute"):
        provider.create(VPC, {"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": True})
    assert len(boto("ec2").describe_vpcs()["Vpcs"]) == before


def test_unknown_types_and_functions_are_errors_that_name_them(provider: Provider) -> None:
    with pytest.raises(ProviderError, match="aws:braket/job:Job"):
        provider.check("aws:braket/job:Job", URN, {}, {})
    with pytest.raises(ProviderError, match="aws:no/where:where"):
        provider.invoke("aws:no/where:where", {})


def test_automatic_names_fit_and_repeat() -> None:
    name = autoname(URN, 32)
    assert name.startswith("net-")
    assert len(name) == 11
    assert autoname(URN, 32) == name != autoname(URN, 32, b"seed")
    with pytest.raises(ProviderError, match="at most 2 characters"):
        autoname(URN, 10)
