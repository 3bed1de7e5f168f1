"""VPC endpoints: AWS services reached without the internet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.checks import ArgumentError, each_once
from components.tags import Tags

GATEWAY_SERVICES = ("s3", "dynamodb")
"""Services with a gateway endpoint, which costs nothing.
https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html"""

POLICED = ("kms", "logs", "secretsmanager", "ssm")
"""Services whose interface endpoint gets a policy of ours; there are others that take none.
https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html"""

_SERVICE = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")


def validate_endpoints(services: Sequence[str]) -> None:
    """Refuse, with an ArgumentError, what is no service, is listed twice, or has a gateway endpoint already."""
    for service in services:
        if not _SERVICE.fullmatch(service) or service.startswith("com.amazonaws"):
            allowed = (
                "what follows com.amazonaws.<region>. in the endpoint's service name, e.g. ssm or ecr.api"
            )
            raise ArgumentError("interface_endpoints", repr(service), allowed)
        if service in GATEWAY_SERVICES:
            allowed = "a service without a gateway endpoint: every VPC has those for s3 and dynamodb already"
            raise ArgumentError("interface_endpoints", repr(service), allowed)
    each_once("interface_endpoints", services)


def endpoint_policy(service: str, account: str) -> dict[str, Any]:
    """Only principals of this account get through, so that nobody carries data off with keys of another one.

    S3 is read by everybody as well: package repositories, images' layers and patches lie in buckets of AWS, some without a principal.
    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html
    """
    anyone: dict[str, Any] = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    ours = {
        **anyone,
        "Sid": "OwnPrincipals",
        "Condition": {"StringEquals": {"aws:PrincipalAccount": account}},
    }
    reading = {**anyone, "Sid": "Reading", "Action": "s3:GetObject"}
    return {"Version": "2012-10-17", "Statement": [ours, reading] if service == "s3" else [ours]}


def _policy(service: str, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    account = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=opts.parent)).account_id
    return pulumi.Output.json_dumps(account.apply(lambda known: endpoint_policy(service, known)))


def create_gateway_endpoints(
    name: str,
    *,
    region: str,
    vpc_id: pulumi.Input[str],
    route_table_ids: Sequence[pulumi.Input[str]],
    tags: Tags,
    opts: pulumi.ResourceOptions,
) -> dict[str, pulumi.Output[str]]:
    """Create the endpoints for S3 and DynamoDB in every route table given; return their ids by service."""
    return {
        service: aws.ec2.VpcEndpoint(
            f"{name}-endpoint-{service}",
            vpc_id=vpc_id,
            service_name=f"com.amazonaws.{region}.{service}",
            vpc_endpoint_type="Gateway",
            route_table_ids=list(route_table_ids),
            policy=_policy(service, opts),
            tags=tags.resource(f"{name}-endpoint-{service}"),
            opts=opts,
        ).id
        for service in GATEWAY_SERVICES
    }


def create_interface_endpoints(
    name: str,
    services: Sequence[str],
    *,
    region: str,
    vpc_id: pulumi.Input[str],
    cidr: str,
    subnet_ids: Mapping[str, pulumi.Input[str]],
    tags: Tags,
    opts: pulumi.ResourceOptions,
) -> dict[str, pulumi.Output[str]]:
    """Create an endpoint per service with an address in each zone's subnet; return their ids by service.

    One security group before them all lets in HTTPS from the VPC and nothing else.
    """
    if not services:
        return {}
    group = aws.ec2.SecurityGroup(
        f"{name}-endpoints",
        vpc_id=vpc_id,
        description="Interface endpoints of AWS services",
        tags=tags.resource(f"{name}-endpoints"),
        opts=opts,
    )
    aws.vpc.SecurityGroupIngressRule(
        f"{name}-endpoints-https",
        security_group_id=group.id,
        description="HTTPS from the VPC",
        cidr_ipv4=cidr,
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        tags=tags.resource(f"{name}-endpoints-https"),
        opts=opts,
    )
    ids: dict[str, pulumi.Output[str]] = {}
    for service in services:
        child = f"{name}-endpoint-{service.replace('.', '-')}"
        ids[service] = aws.ec2.VpcEndpoint(
            child,
            vpc_id=vpc_id,
            service_name=f"com.amazonaws.{region}.{service}",
            vpc_endpoint_type="Interface",
            private_dns_enabled=True,
            subnet_ids=[subnet_ids[zone] for zone in sorted(subnet_ids)],
            security_group_ids=[group.id],
            policy=_policy(service, opts) if service in POLICED else None,
            tags=tags.resource(child),
            opts=opts,
        ).id
    return ids
