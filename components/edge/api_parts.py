"""What both types of API have: who may call its functions, the way into the VPC, its names, its log."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components import outputs
from components.edge.api_args import ApiArgs, FunctionTarget
from components.edge.records import Alias

HTTPS = 443
"""Where load balancers listen that a route leads to."""


def permission(
    name: str, target: FunctionTarget, execution_arn: pulumi.Output[str], opts: pulumi.ResourceOptions
) -> aws.lambda_.Permission:
    """Let the API of that execution ARN, whatever its stage and route, call a function by its alias."""
    return aws.lambda_.Permission(
        name,
        action="lambda:InvokeFunction",
        function=target.name,
        qualifier=target.alias,
        principal="apigateway.amazonaws.com",
        source_arn=pulumi.Output.concat(execution_arn, "/*"),
        opts=opts,
    )


def link(name: str, args: ApiArgs, opts: pulumi.ResourceOptions) -> aws.apigatewayv2.VpcLink | None:
    """The way to load balancers inside the VPC, with its security group; None without such a target."""
    vpc, tags = args.vpc, args.tags
    if vpc is None:
        return None
    group = aws.ec2.SecurityGroup(
        f"{name}-link",
        vpc_id=vpc.vpc_id,
        description="From the API to load balancers inside the VPC",
        tags=tags.resource(f"{name}-link"),
        opts=opts,
    )
    aws.vpc.SecurityGroupEgressRule(
        f"{name}-link-https",
        security_group_id=group.id,
        description="HTTPS to the VPC",
        ip_protocol="tcp",
        from_port=HTTPS,
        to_port=HTTPS,
        cidr_ipv4=vpc.cidr,
        tags=tags.resource(f"{name}-link-https"),
        opts=opts,
    )
    return aws.apigatewayv2.VpcLink(
        f"{name}-link",
        name=args.prefix,
        subnet_ids=[vpc.subnet_ids[zone] for zone in sorted(vpc.subnet_ids)],
        security_group_ids=[group.id],
        tags=tags.resource(f"{name}-link"),
        opts=opts,
    )


def access_log(name: str, args: ApiArgs, opts: pulumi.ResourceOptions) -> aws.cloudwatch.LogGroup:
    """Where each request leaves a line."""
    return aws.cloudwatch.LogGroup(
        f"{name}-access",
        retention_in_days=args.log_days,
        kms_key_id=args.key_arn,
        tags=args.tags.resource(f"{name}-access"),
        opts=opts,
    )


def line(fields: Mapping[str, str]) -> str:
    """The form of a line of the access log: fields by name, each a variable of API Gateway's."""
    return json.dumps(fields)


def named(
    name: str,
    host: str,
    args: ApiArgs,
    *,
    api_id: pulumi.Output[str],
    stage: pulumi.Output[str],
    ready: list[pulumi.Output[str]],
    opts: pulumi.ResourceOptions,
) -> Alias:
    """A custom domain that leads to a stage: what a record of that name leads to, known once all of `ready` are.

    A domain of version 2 takes APIs of either type, so it stays where an API becomes one of the other.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html
    """
    assert args.certificate_arn is not None  # noqa: S101  with hosts
    domain = aws.apigatewayv2.DomainName(
        f"{name}-{host}",
        domain_name=host,
        domain_name_configuration={
            "certificate_arn": args.certificate_arn,
            "endpoint_type": "REGIONAL",
            "security_policy": "TLS_1_2",
        },
        tags=args.tags.resource(f"{name}-{host}"),
        opts=opts,
    )
    mapping = aws.apigatewayv2.ApiMapping(
        f"{name}-{host}-mapping", api_id=api_id, domain_name=domain.id, stage=stage, opts=opts
    )
    there = domain.domain_name_configuration
    return Alias(
        name=outputs.once(there.apply(lambda each: _known(each.target_domain_name)), mapping.id, *ready),
        zone_id=there.apply(lambda each: _known(each.hosted_zone_id)),
    )


def _known(value: str | None) -> str:
    """What AWS says of every custom domain. RuntimeError when it doesn't: a record would lead nowhere."""
    if not value:
        raise RuntimeError("API Gateway names no target of the custom domain")
    return value
