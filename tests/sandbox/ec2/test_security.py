"""The rows of security groups and their rules."""

from __future__ import annotations

import pytest
from pulumi.output import UNKNOWN

from sandbox.provider import ProviderError
from tests.sandbox.ec2.steps import VPC, change, refused, replaces, tags

GROUP = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
TAGS = {"Name": "net", "owner": "platform"}
PORT = {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443}


@pytest.fixture
def vpc(make) -> str:
    return make(VPC, cidrBlock="10.0.0.0/16")[0]


def rules(ec2, group: str, *, egress: bool) -> list[dict]:
    found = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])[
        "SecurityGroupRules"
    ]
    return [rule for rule in found if rule["IsEgress"] is egress]


def test_security_group(provider, make, ec2, vpc) -> None:
    made = make(GROUP, vpcId=vpc, description="Tier web", tags=TAGS)
    id_, inputs, outputs = made
    [group] = ec2.describe_security_groups(GroupIds=[id_])["SecurityGroups"]
    assert (group["Description"], group["VpcId"], tags(group)) == ("Tier web", vpc, TAGS)
    assert group["GroupName"] == outputs["name"]
    assert outputs["name"].startswith("net-")
    assert outputs["arn"] == f"arn:aws:ec2:us-east-1:123456789012:security-group/{id_}"
    assert rules(ec2, id_, egress=True) == rules(ec2, id_, egress=False) == []
    change(provider, GROUP, made, tags={"Name": "other"})
    assert replaces(provider, GROUP, made, description="other") == ["description"]
    assert replaces(provider, GROUP, made, vpcId="vpc-1") == ["vpcId"]
    provider.delete(GROUP, id_, inputs, outputs)
    assert provider.read(GROUP, id_, inputs) is None


def test_the_default_group_may_have_rules_of_its_own(provider, make, ec2, vpc) -> None:
    rule = {"protocol": "tcp", "fromPort": 443, "toPort": 443, "self": True}
    id_, inputs, outputs = make(DEFAULT, vpcId=vpc, ingress=[rule])
    [found] = rules(ec2, id_, egress=False)
    assert (found["FromPort"], found["ReferencedGroupInfo"]["GroupId"]) == (443, id_)
    provider.delete(DEFAULT, id_, inputs, outputs)


def test_the_default_group_is_adopted_and_emptied(provider, make, ec2, vpc) -> None:
    made = make(DEFAULT, vpcId=vpc, tags=TAGS)
    id_, inputs, outputs = made
    [group] = ec2.describe_security_groups(GroupIds=[id_])["SecurityGroups"]
    assert (group["GroupName"], group["VpcId"], tags(group)) == ("default", vpc, TAGS)
    assert rules(ec2, id_, egress=True) == rules(ec2, id_, egress=False) == []
    change(provider, DEFAULT, made, tags={"Name": "other"})
    provider.delete(DEFAULT, id_, inputs, outputs)
    assert provider.read(DEFAULT, id_, inputs) is not None
    ec2.delete_vpc(VpcId=vpc)
    assert provider.read(DEFAULT, id_, inputs) is None


@pytest.mark.parametrize(("token", "egress"), [(INGRESS, False), (EGRESS, True)])
def test_rule_for_a_network(provider, make, ec2, vpc, *, token: str, egress: bool) -> None:
    group = make(GROUP, vpcId=vpc)[0]
    made = make(token, securityGroupId=group, cidrIpv4="10.0.0.0/16", description="HTTPS", **PORT, tags=TAGS)
    id_, inputs, outputs = made
    [rule] = rules(ec2, group, egress=egress)
    assert rule["SecurityGroupRuleId"] == id_ == outputs["securityGroupRuleId"]
    assert (rule["CidrIpv4"], rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) == (
        "10.0.0.0/16",
        "tcp",
        443,
        443,
    )
    assert (rule["Description"], tags(rule)) == ("HTTPS", TAGS)
    after = change(
        provider,
        token,
        made,
        fromPort=80,
        toPort=80,
        cidrIpv4="10.0.0.0/17",
        description="HTTP",
        tags={"a": "b"},
    )
    [rule] = rules(ec2, group, egress=egress)
    assert (rule["CidrIpv4"], rule["ToPort"], rule["Description"], tags(rule)) == (
        "10.0.0.0/17",
        80,
        "HTTP",
        {"a": "b"},
    )
    assert replaces(provider, token, after, securityGroupId="sg-1") == ["securityGroupId"]
    provider.delete(token, *after)
    assert rules(ec2, group, egress=egress) == []
    assert provider.read(token, id_, inputs) is None
    provider.delete(token, *after)


@pytest.mark.parametrize(("token", "egress"), [(INGRESS, False), (EGRESS, True)])
def test_rule_for_a_group(provider, make, ec2, vpc, *, token: str, egress: bool) -> None:
    # Two groups of one stack differ in their logical names; here the name is given.
    group, other, third = (make(GROUP, vpcId=vpc, name=name) for name in ("group", "other", "third"))
    made = make(
        token, securityGroupId=group[0], referencedSecurityGroupId=other[0], description="From other", **PORT
    )
    [rule] = rules(ec2, group[0], egress=egress)
    assert (rule["ReferencedGroupInfo"]["GroupId"], rule["Description"]) == (other[0], "From other")
    with pytest.raises(ProviderError, match="DeleteSecurityGroup: DependencyViolation"):
        provider.delete(GROUP, *other)
    after = change(provider, token, made, referencedSecurityGroupId=third[0], description="From third")
    [rule] = rules(ec2, group[0], egress=egress)
    assert (rule["ReferencedGroupInfo"]["GroupId"], rule["Description"]) == (third[0], "From third")
    provider.delete(token, *after)
    for one in (other, third, group):
        provider.delete(GROUP, *one)


def test_a_rule_has_exactly_one_other_side(provider) -> None:
    rule = {"securityGroupId": UNKNOWN, **PORT}
    assert "exactly one of cidrIpv4, cidrIpv6, prefixListId" in refused(provider, INGRESS, **rule)[0]
    assert "got cidrIpv4, referencedSecurityGroupId" in refused(
        provider, EGRESS, **rule, cidrIpv4="10.0.0.0/8", referencedSecurityGroupId=UNKNOWN
    )[0]  # fmt: skip
    assert refused(provider, INGRESS, **rule, referencedSecurityGroupId=UNKNOWN) == []
