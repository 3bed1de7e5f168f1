"""Security groups, the default one too, and their rules, one a resource."""
# ruff: noqa: S106 - a resource type's token is no secret

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.services.ec2_network import arn
from sandbox.provider.table import Call, Read, Resource, ec2_tags

EVERYWHERE = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
"""The egress rule with which AWS makes every security group of a VPC."""
SIDES = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
RULE = (*SIDES, "description", "fromPort", "ipProtocol", "toPort")


INLINE = (
    ("cidrBlocks", "IpRanges", "CidrIp"),
    ("ipv6CidrBlocks", "Ipv6Ranges", "CidrIpv6"),
    ("prefixListIds", "PrefixListIds", "PrefixListId"),
    ("securityGroups", "UserIdGroupPairs", "GroupId"),
)


def _inline(rule: Mapping[str, Any], group: str) -> dict[str, Any]:
    """A rule that stands in its group, as a permission."""
    what = {"Description": rule["description"]} if rule.get("description") else {}
    found: dict[str, Any] = {"IpProtocol": "-1" if rule["protocol"] == "all" else str(rule["protocol"])}
    if found["IpProtocol"] != "-1":
        found |= {"FromPort": int(rule["fromPort"]), "ToPort": int(rule["toPort"])}
    given = {
        **rule,
        "securityGroups": [*(rule.get("securityGroups") or ()), *([group] if rule.get("self") else ())],
    }
    return found | {m: [{k: v, **what} for v in given[n]] for n, m, k in INLINE if given.get(n)}


class Group(Resource):
    """A security group without the rule that AWS puts in, as the real provider makes it, and with those given in the group."""

    def made(self, ctx: Context) -> None:
        """Make the group, take its default egress rule away and put its own rules in."""
        ctx.make()
        ctx.call("RevokeSecurityGroupEgress", {"GroupId": ctx.id, "IpPermissions": EVERYWHERE})
        self.change(ctx, frozenset())

    def change(self, ctx: Context, _changed: frozenset[str]) -> None:
        """Take away the rules that are no longer given, then put in the new ones."""
        for direction in ("Ingress", "Egress"):
            have, want = (
                [_inline(rule, str(ctx.id)) for rule in given.get(direction.lower()) or ()]
                for given in (ctx.old, ctx.inputs)
            )
            for verb, first, second in (("Revoke", have, want), ("Authorize", want, have)):
                if rules := [rule for rule in first if rule not in second]:
                    ctx.call(f"{verb}SecurityGroup{direction}", {"GroupId": ctx.id, "IpPermissions": rules})


class DefaultGroup(Group):
    """A VPC's default security group: adopted and emptied, never made or deleted."""

    def made(self, ctx: Context) -> None:
        """Adopt the group, remove all its rules, put in those given, and tag it."""
        filters = {"vpc-id": ctx.inputs["vpcId"], "group-name": "default"}
        found = ctx.call(
            "DescribeSecurityGroups", {"Filters": [{"Name": n, "Values": [v]} for n, v in filters.items()]}
        )
        ctx.id = str(found["SecurityGroups"][0]["GroupId"])
        rules = ctx.call(
            "DescribeSecurityGroupRules", {"Filters": [{"Name": "group-id", "Values": [ctx.id]}]}
        )["SecurityGroupRules"]
        for egress, operation in ((False, "RevokeSecurityGroupIngress"), (True, "RevokeSecurityGroupEgress")):
            ids = [rule["SecurityGroupRuleId"] for rule in rules if rule["IsEgress"] is egress]
            if ids:
                ctx.call(operation, {"GroupId": ctx.id, "SecurityGroupRuleIds": ids})
        self.change(ctx, frozenset())
        ctx.retag({}, ctx.tags)


def permission(_params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """Write the rule as the one permission of an authorize call."""
    rule, what = (
        ctx.inputs,
        {"Description": ctx.inputs["description"]} if ctx.inputs.get("description") else {},
    )
    permission: dict[str, Any] = {"IpProtocol": rule["ipProtocol"]}
    permission |= {m: rule[p] for p, m in (("fromPort", "FromPort"), ("toPort", "ToPort")) if p in rule}
    if rule.get("cidrIpv4"):
        permission["IpRanges"] = [{"CidrIp": rule["cidrIpv4"], **what}]
    if rule.get("cidrIpv6"):
        permission["Ipv6Ranges"] = [{"CidrIpv6": rule["cidrIpv6"], **what}]
    if rule.get("prefixListId"):
        permission["PrefixListIds"] = [{"PrefixListId": rule["prefixListId"], **what}]
    if rule.get("referencedSecurityGroupId"):
        permission["UserIdGroupPairs"] = [{"GroupId": rule["referencedSecurityGroupId"], **what}]
    return {"GroupId": rule["securityGroupId"], "IpPermissions": [permission]}


def modification(_params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """Write the rule as ModifySecurityGroupRules has it."""
    names = {
        "ipProtocol": "IpProtocol",
        "fromPort": "FromPort",
        "toPort": "ToPort",
        "description": "Description",
        "cidrIpv4": "CidrIpv4",
        "cidrIpv6": "CidrIpv6",
        "prefixListId": "PrefixListId",
        "referencedSecurityGroupId": "ReferencedGroupId",
    }
    rule = {member: ctx.inputs[name] for name, member in names.items() if ctx.inputs.get(name) is not None}
    rules = [{"SecurityGroupRuleId": ctx.id, "SecurityGroupRule": rule}]
    return {"GroupId": ctx.inputs["securityGroupId"], "SecurityGroupRules": rules}


def refuse_rule(inputs: Mapping[str, Any], _ctx: Context) -> str | None:
    """Refuse a rule whose other side is not exactly one thing."""
    sides = [side for side in SIDES if inputs.get(side) is not None]
    if len(sides) != 1:
        return f"InvalidParameterCombination: exactly one of {', '.join(SIDES)} is needed, got {', '.join(sides) or 'none'}"
    return None


def rule_row(direction: str) -> Resource:
    """Write the row of ingress or egress rules."""
    return Resource(
        token=f"aws:vpc/securityGroup{direction}Rule:SecurityGroup{direction}Rule",
        service="ec2",
        create=Call(f"AuthorizeSecurityGroup{direction}", take=(*RULE, "securityGroupId"), adjust=permission),
        id="SecurityGroupRules[0].SecurityGroupRuleId",
        read=Read(
            "DescribeSecurityGroupRules", {"SecurityGroupRuleIds": "[id]"}, path="SecurityGroupRules[0]"
        ),
        update=(Call("ModifySecurityGroupRules", take=RULE, whole=True, adjust=modification),),
        delete=(
            Call(
                f"RevokeSecurityGroup{direction}",
                {"GroupId": "in.securityGroupId", "SecurityGroupRuleIds": "[id]"},
            ),
        ),
        outputs={"arn": arn("security-group-rule"), "securityGroupRuleId": "id"},
        tags=ec2_tags("security-group-rule"),
        refuse=refuse_rule,
        kind="extended",
    )


SECURITY_GROUP = simulated(
    "aws:ec2/securityGroup:SecurityGroup",
    Group,
    create=Call("CreateSecurityGroup", rename={"name": "GroupName"}),
    id="GroupId",
    read=Read("DescribeSecurityGroups", {"GroupIds": "[id]"}, path="SecurityGroups[0]"),
    delete=(Call("DeleteSecurityGroup", {"GroupId": "id"}),),
    autoname=("name", 255),
    ignore={
        "egress": "the group's own rules are put in once it is made",
        "ingress": "the same",
        "revokeRulesOnDelete": "rules are resources of their own and go first",
    },
    outputs={"arn": "SecurityGroupArn"},
    kind="extended",
)

DEFAULT_SECURITY_GROUP = DefaultGroup(
    token="aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    service="ec2",
    create=Call("DescribeSecurityGroups", take=("vpcId",)),
    id="SecurityGroups[0].GroupId",
    read=Read("DescribeSecurityGroups", {"GroupIds": "[id]"}, path="SecurityGroups[0]"),
    ignore={
        "egress": "the group's own rules are put in once it is emptied",
        "ingress": "the same",
        "revokeRulesOnDelete": "AWS keeps the group as long as its VPC",
    },
    outputs={"arn": "SecurityGroupArn", "name": "GroupName"},
    tags=ec2_tags("security-group"),
)

RESOURCES = (SECURITY_GROUP, DEFAULT_SECURITY_GROUP, rule_row("Ingress"), rule_row("Egress"))
