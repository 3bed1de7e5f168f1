"""The rows of IAM against a real server."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from sandbox.provider import Provider
from tests.sandbox.module_aws import module_aws_endpoint, module_boto, module_provider  # noqa: F401

ROLE = "aws:iam/role:Role"
INLINE = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
PROFILE = "aws:iam/instanceProfile:InstanceProfile"
POLICY = "aws:iam/policy:Policy"
PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
NUMBERS = itertools.count()
MANAGED = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"


def document(**statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


def trust(service: str) -> str:
    return document(Principal={"Service": service}, Action="sts:AssumeRole")


READ, WRITE = (document(Action=f"s3:{verb}Object", Resource="*") for verb in ("Get", "Put"))


@pytest.fixture
def make(provider: Provider):
    def made(token: str, **inputs: Any) -> tuple[str, dict, dict]:
        checked, failures = provider.check(
            token, f"urn:pulumi:prod::holdfast::{token}::web{next(NUMBERS)}", {}, inputs
        )
        assert failures == []
        id_, outputs = provider.create(token, checked)
        return id_, checked, outputs

    return made


@pytest.fixture
def role(make) -> str:
    return make(ROLE, assumeRolePolicy=trust("ec2.amazonaws.com"))[0]


def gone(provider: Provider, token: str, made: tuple[str, dict, dict]) -> bool:
    id_, inputs, outputs = made
    provider.delete(token, id_, inputs, outputs)
    provider.delete(token, id_, inputs, outputs)
    return provider.read(token, id_, inputs) is None


def test_a_role(provider: Provider, boto, make) -> None:
    made = make(
        ROLE,
        assumeRolePolicy=trust("ec2.amazonaws.com"),
        description="Instances of web",
        maxSessionDuration=7200,
        tags={"owner": "platform"},
    )
    id_, inputs, outputs = made
    found = boto("iam").get_role(RoleName=id_)["Role"]
    assert outputs["name"] == id_
    assert outputs["arn"] == found["Arn"] == f"arn:aws:iam::123456789012:role/{id_}"
    assert outputs["uniqueId"] == found["RoleId"]
    assert found["AssumeRolePolicyDocument"] == json.loads(trust("ec2.amazonaws.com"))
    assert (found["Description"], found["MaxSessionDuration"]) == ("Instances of web", 7200)
    assert found["Tags"] == [{"Key": "owner", "Value": "platform"}]
    assert "region" not in outputs

    new, failures = provider.check(
        ROLE,
        f"urn:pulumi:prod::holdfast::{ROLE}::web",
        inputs,
        {"assumeRolePolicy": trust("ecs.amazonaws.com"), "description": "Tasks", "maxSessionDuration": 3600},
    )
    assert failures == []
    assert provider.diff(ROLE, inputs, new).replaces == []
    provider.update(ROLE, id_, inputs, outputs, new)
    found = boto("iam").get_role(RoleName=id_)["Role"]
    assert found["AssumeRolePolicyDocument"] == json.loads(trust("ecs.amazonaws.com"))
    assert (found["Description"], found["MaxSessionDuration"]) == ("Tasks", 3600)
    assert not found.get("Tags")
    assert provider.diff(ROLE, inputs, {**inputs, "path": "/x/"}).replaces == ["path"]
    assert gone(provider, ROLE, made)


def test_an_inline_policy(provider: Provider, boto, make, role: str) -> None:
    made = make(INLINE, role=role, policy=READ)
    id_, inputs, outputs = made
    assert id_ == f"{role}:{inputs['name']}"
    provider.update(INLINE, id_, inputs, outputs, {**inputs, "policy": WRITE})
    found = boto("iam").get_role_policy(RoleName=role, PolicyName=inputs["name"])
    assert found["PolicyDocument"] == json.loads(WRITE)
    assert provider.diff(INLINE, inputs, {**inputs, "role": "other"}).replaces == ["role"]
    assert gone(provider, INLINE, made)


def test_an_attachment(provider: Provider, boto, make, role: str) -> None:
    made = make(ATTACHMENT, role=role, policyArn=MANAGED)
    [attached] = boto("iam").list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    assert attached["PolicyArn"] == MANAGED
    id_, inputs, _ = made
    assert provider.read(ATTACHMENT, id_, inputs)["policyArn"] == MANAGED
    assert provider.diff(ATTACHMENT, inputs, {**inputs, "policyArn": "other"}).replaces == ["policyArn"]
    assert gone(provider, ATTACHMENT, made)


def test_an_instance_profile_exchanges_its_role(provider: Provider, boto, make, role: str) -> None:
    made = make(PROFILE, role=role, tags={"owner": "platform"})
    id_, inputs, outputs = made

    def roles() -> list[str]:
        profile = boto("iam").get_instance_profile(InstanceProfileName=id_)["InstanceProfile"]
        return [each["RoleName"] for each in profile["Roles"]]

    assert roles() == [role]
    assert outputs["arn"] == f"arn:aws:iam::123456789012:instance-profile/{id_}"
    other = make(ROLE, assumeRolePolicy=trust("ec2.amazonaws.com"))[0]
    new = {**inputs, "role": other}
    provider.update(PROFILE, id_, inputs, outputs, new)
    assert roles() == [other]
    assert gone(provider, PROFILE, made)


def test_a_managed_policy_keeps_one_version(provider: Provider, boto, make) -> None:
    made = make(POLICY, policy=READ, description="Reads", tags={"owner": "platform"})
    arn, inputs, outputs = made
    assert outputs["arn"] == arn
    for number in range(6):
        new = {**inputs, "policy": document(Action="s3:GetObject", Resource=f"arn:aws:s3:::b{number}/*")}
        assert provider.diff(POLICY, inputs, new).replaces == []
        provider.update(POLICY, arn, inputs, outputs, new)
        inputs = new
    iam = boto("iam")
    [version] = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    found = iam.get_policy_version(PolicyArn=arn, VersionId=version["VersionId"])["PolicyVersion"]
    assert found["Document"] == json.loads(inputs["policy"])
    assert provider.diff(POLICY, inputs, {**inputs, "description": "x"}).replaces == ["description"]
    assert gone(provider, POLICY, (arn, inputs, outputs))


def test_a_provider_of_identities(provider: Provider, boto, make) -> None:
    url = "token.actions.githubusercontent.com"
    made = make(
        PROVIDER, url=f"https://{url}", clientIdLists=["sts.amazonaws.com"], tags={"owner": "platform"}
    )
    id_, _, outputs = made
    assert id_ == outputs["arn"] == f"arn:aws:iam::123456789012:oidc-provider/{url}"
    found = boto("iam").get_open_id_connect_provider(OpenIDConnectProviderArn=id_)
    assert (found["Url"], found["ClientIDList"]) == (url, ["sts.amazonaws.com"])
    assert found["Tags"] == [{"Key": "owner", "Value": "platform"}]
    assert gone(provider, PROVIDER, made)


FUNCTION = "aws:lambda/function:Function"


def test_a_published_function_has_its_last_version(provider: Provider, boto, make) -> None:
    taken = make(ROLE, assumeRolePolicy=trust("lambda.amazonaws.com"))[2]["arn"]
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop@sha256:"
    given = {"role": taken, "packageType": "Image", "imageUri": f"{image}{'a' * 64}"}
    id_, inputs, outputs = make(FUNCTION, **given, publish=True)
    assert outputs["version"] == "1"
    urn = f"urn:pulumi:prod::holdfast::{FUNCTION}::web"
    for version, more in (("2", {"imageUri": f"{image}{'b' * 64}"}), ("3", {"memorySize": 512})):
        new, _ = provider.check(FUNCTION, urn, inputs, {**given, "publish": True, **more})
        outputs = provider.update(FUNCTION, id_, inputs, outputs, new)
        assert outputs["version"] == version
        inputs = new
    assert [v["Version"] for v in boto("lambda").list_versions_by_function(FunctionName=id_)["Versions"]] == [
        "$LATEST", "1", "2", "3"
    ]  # fmt: skip
    assert make(FUNCTION, **given)[2]["version"] == "$LATEST"
