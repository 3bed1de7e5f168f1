"""The row of Systems Manager parameters, and the function that reads one."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.provider import Provider, ProviderError
from tests.sandbox.module_aws import module_aws_endpoint, module_boto, module_provider  # noqa: F401

PARAMETER = "aws:ssm/parameter:Parameter"
GET = "aws:ssm/getParameter:getParameter"
URN = f"urn:pulumi:prod::holdfast::{PARAMETER}::golden"


@pytest.fixture
def make(provider: Provider):
    def made(**inputs: Any) -> tuple[str, dict, dict]:
        checked, failures = provider.check(PARAMETER, URN, {}, inputs)
        assert failures == []
        id_, outputs = provider.create(PARAMETER, checked)
        return id_, checked, outputs

    return made


def test_a_parameter(provider: Provider, boto, make) -> None:
    name, inputs, outputs = make(
        name="/golden/web", type="String", value="ami-1", description="d", tags={"owner": "platform"}
    )
    assert name == "/golden/web"
    assert outputs["arn"] == "arn:aws:ssm:us-east-1:123456789012:parameter/golden/web"
    assert outputs["version"] == 1
    new = {**inputs, "value": "ami-2", "tags": {"owner": "web"}, "tagsAll": {"owner": "web"}}
    assert provider.diff(PARAMETER, inputs, new).replaces == []
    assert provider.update(PARAMETER, name, inputs, outputs, new)["version"] == 2
    ssm = boto("ssm")
    assert ssm.get_parameter(Name=name)["Parameter"]["Value"] == "ami-2"
    tags = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=name)["TagList"]
    assert tags == [{"Key": "owner", "Value": "web"}]
    assert provider.diff(PARAMETER, inputs, {**inputs, "name": "/other"}).replaces == ["name"]
    provider.delete(PARAMETER, name, new, outputs)
    assert provider.read(PARAMETER, name, new) is None


def test_a_write_only_value_reaches_aws_and_never_comes_back(provider: Provider, boto, make) -> None:
    name, inputs, outputs = make(name="/secret", type="SecureString", valueWo="hush", valueWoVersion=1)
    value = boto("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    assert value == "hush"
    assert "hush" not in str(outputs)
    new = {**inputs, "valueWo": "louder", "valueWoVersion": 2}
    after = provider.update(PARAMETER, name, inputs, outputs, new)
    assert "louder" not in str(after)
    assert "louder" not in str(provider.read(PARAMETER, name, new))
    assert boto("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"] == "louder"


def test_reading_a_parameter(provider: Provider, make) -> None:
    make(name="/golden/app", type="String", value="ami-1")
    found = provider.invoke(GET, {"name": "/golden/app"})
    assert (found["id"], found["value"], found["insecureValue"], found["type"]) == (
        "/golden/app",
        "ami-1",
        "ami-1",
        "String",
    )
    assert (found["version"], found["region"]) == (1, "us-east-1")
    assert found["arn"] == "arn:aws:ssm:us-east-1:123456789012:parameter/golden/app"


def test_a_secret_parameter_is_decrypted_and_not_shown_as_insecure(provider: Provider, make) -> None:
    make(name="/sealed", type="SecureString", value="hush")
    found = provider.invoke(GET, {"name": "/sealed"})
    assert found["value"] == "hush"
    assert not found.get("insecureValue")
    sealed = provider.invoke(GET, {"name": "/sealed", "withDecryption": False})
    assert sealed["value"] != "hush"


@pytest.mark.parametrize("region", ["us-east-1", "us-west-2"])
def test_the_golden_image_of_each_region(provider: Provider, boto, region: str) -> None:
    name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
    found = provider.invoke(GET, {"name": name, "region": region})
    [image] = boto("ec2", region).describe_images(ImageIds=[found["value"]])["Images"]
    assert image["RootDeviceName"] == "/dev/xvda"


def test_a_missing_parameter_is_an_error(provider: Provider) -> None:
    with pytest.raises(ProviderError, match="GetParameter: ParameterNotFound"):
        provider.invoke(GET, {"name": "/none"})
