"""The functions that ask AWS for what exists."""

from __future__ import annotations

import pytest

from sandbox.provider import Provider, ProviderError
from tests.sandbox.module_aws import module_aws_endpoint, module_boto, module_provider  # noqa: F401

AMI = "aws:ec2/getAmi:getAmi"
LINUX = {"owners": ["amazon"], "filters": [{"name": "name", "values": ["amzn2-ami-*"]}]}
ZONES = "aws:index/getAvailabilityZones:getAvailabilityZones"


def test_the_account(provider: Provider) -> None:
    found = provider.invoke("aws:index/getCallerIdentity:getCallerIdentity", {})
    assert found["accountId"] == found["id"] == "123456789012"
    assert found["arn"].startswith("arn:aws:sts::123456789012:")


@pytest.mark.parametrize(
    ("asked", "region", "description"),
    [({}, "us-east-1", "US East (N. Virginia)"), ({"region": "us-west-2"}, "us-west-2", "US West (Oregon)")],
)
def test_the_region(provider: Provider, asked: dict, region: str, description: str) -> None:
    found = provider.invoke("aws:index/getRegion:getRegion", asked)
    assert (found["region"], found["id"], found["description"]) == (region, region, description)
    assert found["endpoint"] == f"ec2.{region}.amazonaws.com"


def test_an_unknown_region(provider: Provider) -> None:
    with pytest.raises(ProviderError, match="no region is called moon-1"):
        provider.invoke("aws:index/getRegion:getRegion", {"name": "moon-1"})


def test_the_partition(provider: Provider) -> None:
    found = provider.invoke("aws:index/getPartition:getPartition", {})
    assert (found["partition"], found["dnsSuffix"], found["reverseDnsPrefix"]) == (
        "aws",
        "amazonaws.com",
        "com.amazonaws",
    )


def test_the_zones_are_in_order_with_their_ids(provider: Provider, boto) -> None:
    found = provider.invoke(ZONES, {"state": "available"})
    real = boto("ec2").describe_availability_zones()["AvailabilityZones"]
    assert dict(zip(found["names"], found["zoneIds"], strict=True)) == {
        z["ZoneName"]: z["ZoneId"] for z in real
    }
    assert found["names"] == sorted(found["names"])


def test_zones_can_be_left_out_and_filtered(provider: Provider) -> None:
    everything = provider.invoke(ZONES, {})
    without = provider.invoke(
        ZONES, {"excludeNames": everything["names"][:1], "excludeZoneIds": everything["zoneIds"][1:2]}
    )
    assert without["names"] == everything["names"][2:]
    assert provider.invoke(ZONES, {"state": "impaired"})["names"] == []
    only = provider.invoke(ZONES, {"filters": [{"name": "zone-name", "values": ["us-east-1b"]}]})
    assert only["names"] == ["us-east-1b"]
    assert provider.invoke(ZONES, {"region": "us-west-2"})["names"][0] == "us-west-2a"


def test_the_most_recent_image(provider: Provider) -> None:
    asked = {**LINUX, "mostRecent": True, "nameRegex": "-x86_64-gp2$"}
    found = provider.invoke(AMI, asked)
    assert found["id"] == found["imageId"]
    assert found["name"].startswith("amzn2-ami")
    assert found["arn"] == f"arn:aws:ec2:us-east-1::image/{found['id']}"
    one = provider.invoke(AMI, {"filters": [{"name": "image-id", "values": [found["id"]]}]})
    assert one["name"] == found["name"]


def test_no_image_and_several_are_errors(provider: Provider) -> None:
    with pytest.raises(ProviderError, match="returned no image"):
        provider.invoke(AMI, {**LINUX, "nameRegex": "^no-such-image$"})
    with pytest.raises(ProviderError, match=r"returned .* images; narrow it or set mostRecent"):
        provider.invoke(AMI, LINUX)


def test_a_list_of_networks_that_aws_keeps(provider: Provider) -> None:
    lists = "aws:ec2/getManagedPrefixList:getManagedPrefixList"
    name = "com.amazonaws.us-west-2.vpc-lattice"
    found = provider.invoke(lists, {"name": name, "region": "us-west-2"})
    assert (found["name"], found["addressFamily"], found["ownerId"]) == (name, "IPv4", "AWS")
    assert [each["cidr"] for each in found["entries"]] == ["169.254.171.0/24"]
    assert provider.invoke(lists, {"id": found["id"], "region": "us-west-2"})["arn"] == found["arn"]
    with pytest.raises(ProviderError, match="0 prefix lists fit"):
        provider.invoke(lists, {"name": name})
    with pytest.raises(ProviderError, match="prefix lists fit, and the function answers one"):
        provider.invoke(lists, {})


def test_canonicals_images_by_their_parameters(provider: Provider) -> None:
    """The same at each question, another one in each region and for each architecture."""
    name = "/aws/service/canonical/ubuntu/server/24.04/stable/current/{}/hvm/ebs-gp3/ami-id"

    def asked(architecture: str, **more: str) -> str:
        given = {"name": name.format(architecture), **more}
        return str(provider.invoke("aws:ssm/getParameter:getParameter", given)["value"])

    found = [asked("arm64"), asked("amd64"), asked("arm64", region="us-west-2")]
    assert len(set(found)) == 3
    assert all(each.startswith("ami-") and len(each) == 21 for each in found)
    assert asked("arm64") == found[0]
    with pytest.raises(ProviderError, match="ParameterNotFound"):
        asked("mips")
