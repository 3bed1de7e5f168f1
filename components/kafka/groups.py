"""The security groups of a cluster: brokers take connections of each other, of what stands in their group, and of clients alone."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.network.groups import ANYWHERE
from components.tags import Tags

PORT = 9098
"""IAM, over TLS, inside the VPC: https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html"""
HTTPS = 443


@dataclass(frozen=True)
class KafkaGroups:
    """Ids of the brokers' group, in which Lambda's pollers and replicators stand too, and of the clients'."""

    brokers: pulumi.Output[str]
    clients: pulumi.Output[str]


def declare_groups(
    name: str, vpc_id: pulumi.Input[str], tags: Tags, opts: pulumi.ResourceOptions
) -> KafkaGroups:
    """Both groups and their rules.

    Lambda polls from interfaces in the brokers' own subnets and group, and calls AWS from there:
    https://docs.aws.amazon.com/lambda/latest/dg/with-msk-cluster-network.html
    """

    def group(what: str, about: str) -> pulumi.Output[str]:
        return aws.ec2.SecurityGroup(
            f"{name}-{what}",
            vpc_id=vpc_id,
            description=about,
            tags=tags.resource(f"{name}-{what}"),
            opts=opts,
        ).id

    def rule(
        make: type[aws.vpc.SecurityGroupIngressRule | aws.vpc.SecurityGroupEgressRule],
        what: str,
        group_id: pulumi.Output[str],
        about: str,
        other_id: pulumi.Output[str] | None,
    ) -> None:
        port = PORT if other_id is not None else HTTPS
        make(
            f"{name}-{what}",
            security_group_id=group_id,
            description=about,
            referenced_security_group_id=other_id,
            cidr_ipv4=None if other_id is not None else ANYWHERE,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            tags=tags.resource(f"{name}-{what}"),
            opts=opts,
        )

    into, out = aws.vpc.SecurityGroupIngressRule, aws.vpc.SecurityGroupEgressRule
    brokers = group("brokers", "Brokers of Kafka, pollers of Lambda and replicators")
    clients = group("clients", "Clients of Kafka: whoever sends to topics")
    rule(into, "brokers-from-brokers", brokers, "From pollers and replicators", brokers)
    rule(out, "brokers-to-brokers", brokers, "To the brokers", brokers)
    rule(out, "brokers-to-https", brokers, "Pollers call Lambda and IAM", None)
    rule(into, "brokers-from-clients", brokers, "From clients", clients)
    rule(out, "clients-to-brokers", clients, "To the brokers", brokers)
    return KafkaGroups(brokers, clients)
