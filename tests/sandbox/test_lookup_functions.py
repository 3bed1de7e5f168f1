"""Functions without a row: they find what AWS, or the sandbox's store, has of the type that they read."""

from __future__ import annotations

import json

import pytest

from sandbox.provider import ProviderError
from tests.sandbox.module_aws import module_aws_endpoint, module_boto, module_provider  # noqa: F401
from tests.sandbox.test_public_rows import TRUST, World


def ask(provider, short: str, **args):
    module, name = short.split(":")
    return provider.invoke(f"aws:{module}/{name}:{name}", args)


def test_the_default_network_is_found(provider, boto):
    vpc = ask(provider, "ec2:getVpc", default=True)
    assert (
        vpc["id"]
        == boto("ec2").describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]["VpcId"]
    )
    assert vpc["cidrBlock"] == "172.31.0.0/16"
    assert vpc["mainRouteTableId"].startswith("rtb-")
    assert vpc["arn"].endswith(vpc["id"])
    subnets = ask(provider, "ec2:getSubnets", filters=[{"name": "vpc-id", "values": [vpc["id"]]}])
    known = boto("ec2").describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc["id"]]}])["Subnets"]
    assert set(subnets["ids"]) == {each["SubnetId"] for each in known}
    one = ask(provider, "ec2:getSubnet", id=subnets["ids"][0])
    assert (one["vpcId"], one["id"]) == (vpc["id"], subnets["ids"][0])
    group = ask(provider, "ec2:getSecurityGroup", name="default", vpcId=vpc["id"])
    assert group["id"] == vpc.get("defaultSecurityGroupId", group["id"])
    assert ask(provider, "ec2:getRouteTable", vpcId=vpc["id"])["id"] == vpc["mainRouteTableId"]


def test_tags_and_ids_choose(provider):
    made = World(provider).make("aws:ec2/vpc:Vpc", {"cidrBlock": "10.3.0.0/16", "tags": {"Name": "mine"}})
    assert ask(provider, "ec2:getVpc", tags={"Name": "mine"})["id"] == made.id
    assert ask(provider, "ec2:getVpc", id=made.id)["tags"] == {"Name": "mine"}
    assert ask(provider, "ec2:getVpcs", tags={"Name": "mine"})["ids"] == [made.id]


def test_none_and_several_are_errors(provider):
    with pytest.raises(
        ProviderError, match="aws:ec2/getVpc:getVpc: getVpc: NoMatch: the arguments fit nothing"
    ):
        ask(provider, "ec2:getVpc", cidrBlock="1.2.3.0/24")
    with pytest.raises(ProviderError, match=r"AmbiguousMatch: the arguments fit \d+ things"):
        ask(provider, "ec2:getSubnet")


def test_things_are_found_by_name(provider):
    world = World(provider)
    role = world.make("aws:iam/role:Role", {"assumeRolePolicy": TRUST, "name": "reader"})
    found = ask(provider, "iam:getRole", name="reader")
    assert (found["arn"], found["id"]) == (role.outputs["arn"], "reader")
    bucket = world.make("aws:s3/bucket:Bucket", {"bucket": "some-bucket"})
    assert ask(provider, "s3:getBucket", bucket="some-bucket")["arn"] == bucket.outputs["arn"]
    table = world.make("aws:dynamodb/table:Table", {"name": "t-1", "hashKey": "a", "billingMode": "PAY_PER_REQUEST", "attributes": [{"name": "a", "type": "S"}]})  # fmt: skip
    assert ask(provider, "dynamodb:getTable", name="t-1")["arn"] == table.outputs["arn"]
    secret = world.make("aws:secretsmanager/secret:Secret", {"name": "s-1"})
    assert ask(provider, "secretsmanager:getSecret", name="s-1")["arn"] == secret.outputs["arn"]
    with pytest.raises(ProviderError, match="getRole: NoMatch"):
        ask(provider, "iam:getRole", name="nobody")


def test_a_hosted_zone_is_found_by_its_name(provider, boto):
    zone = boto("route53").create_hosted_zone(Name="find.example", CallerReference="r")["HostedZone"]["Id"]
    found = ask(provider, "route53:getZone", name="find.example.")
    assert found["zoneId"] == zone.rsplit("/", 1)[-1]
    assert found["nameServers"]
    with pytest.raises(ProviderError, match=r"no hosted zone fits 'lost\.example'"):
        ask(provider, "route53:getZone", name="lost.example")


def test_recorded_things_are_found_in_the_sandbox_s_store(provider):
    made = World(provider).make(
        "aws:batch/jobQueue:JobQueue", {"name": "q", "priority": 1, "state": "ENABLED"}
    )
    found = ask(provider, "batch:getJobQueue", name="q")
    assert (found["arn"], found["priority"], found["id"]) == (made.outputs["arn"], 1, made.id)
    with pytest.raises(ProviderError, match="getJobQueue: NoMatch"):
        ask(provider, "batch:getJobQueue", name="other")


def test_what_reads_no_type_is_refused_by_name(provider):
    with pytest.raises(
        ProviderError, match="aws:pricing/getProduct:getProduct: the sandbox has no row for this function"
    ):
        ask(provider, "pricing:getProduct", serviceCode="AmazonEC2")


def test_a_policy_document_is_put_together(provider):
    statement = {
        "actions": ["s3:Get", "s3:Put"],
        "resources": ["*"],
        "principals": [{"type": "AWS", "identifiers": ["a"]}],
        "conditions": [{"test": "StringEquals", "variable": "aws:x", "values": ["y"]}],
        "sid": "One",
    }
    source = json.dumps({"Statement": {"Sid": "Zero", "Effect": "Deny", "Action": "*", "Resource": "*"}})
    override = json.dumps(
        {"Statement": [{"Sid": "One", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}
    )
    made = json.loads(
        ask(provider, "iam:getPolicyDocument", statements=[statement], sourcePolicyDocuments=[source])["json"]
    )
    assert made == {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "Zero", "Effect": "Deny", "Action": "*", "Resource": "*"},
            {
                "Sid": "One",
                "Effect": "Allow",
                "Action": ["s3:Put", "s3:Get"],
                "Resource": "*",
                "Principal": {"AWS": "a"},
                "Condition": {"StringEquals": {"aws:x": "y"}},
            },
        ],
    }
    changed = ask(
        provider, "iam:getPolicyDocument", statements=[statement], overridePolicyDocuments=[override]
    )
    assert [each["Effect"] for each in json.loads(changed["json"])["Statement"]] == ["Deny"]


def test_an_argument_given_as_text_comes_back_in_its_type(provider):
    found = ask(provider, "ec2:getAmi", mostRecent="true", owners=["amazon"])
    assert found["mostRecent"] is True
