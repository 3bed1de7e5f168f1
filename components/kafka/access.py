"""Who may do what in a cluster: Kafka's own actions, as IAM names them.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_apachekafkaapisforamazonmskclusters.html
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from components.permissions import Statement, allow

_NETWORK = (
    "CreateNetworkInterface",
    "DeleteNetworkInterface",
    "DescribeNetworkInterfaces",
    "DescribeSecurityGroups",
    "DescribeSubnets",
    "DescribeVpcs",
)
_INTERNAL = ("*__amazon_msk_replicator_*", "mskr-offset-syncs.*", "*.checkpoints.internal")
"""What a replicator calls its own topics, and its groups as the first."""


def _kafka(*actions: str) -> list[str]:
    return [f"kafka-cluster:{each}" for each in actions]


def of_cluster(cluster_arn: pulumi.Input[str], kind: str, name: str) -> pulumi.Output[str]:
    """The ARN of a cluster's topics or groups of that name, which may have `*` in it."""
    return pulumi.Output.from_input(cluster_arn).apply(
        lambda known: f"{known.replace(':cluster/', f':{kind}/', 1)}/{name}"
    )


def consuming(cluster_arn: pulumi.Input[str], topic: str, group: str) -> list[Statement]:
    """What Lambda's pollers need to read one topic as one group.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/with-msk-permissions.html,
    https://docs.aws.amazon.com/lambda/latest/dg/msk-cluster-auth.html
    """
    return [
        allow(["kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"], cluster_arn),
        allow(_kafka("Connect", "DescribeClusterDynamicConfiguration"), cluster_arn),
        allow(_kafka("DescribeTopic", "ReadData"), of_cluster(cluster_arn, "topic", topic)),
        allow(_kafka("AlterGroup", "DescribeGroup"), of_cluster(cluster_arn, "group", group)),
        allow([f"ec2:{each}" for each in _NETWORK], "*"),  # before there is an interface
    ]


def copying(
    source_arn: pulumi.Input[str],
    target_arn: pulumi.Input[str],
    topics: Sequence[str],
    groups: Sequence[str],
) -> list[Statement]:
    """What a replicator needs that copies topics, and where groups have read to, from one cluster to another under the same names.

    Topics of its own it keeps in both. Source:
    https://docs.aws.amazon.com/msk/latest/developerguide/msk-replicator-perms-topic-replication.html,
    https://docs.aws.amazon.com/msk/latest/developerguide/msk-replicator-perms-consumer-group-sync.html
    """

    def those(arn: pulumi.Input[str], kind: str, names: Sequence[str]) -> list[pulumi.Output[str]]:
        return [of_cluster(arn, kind, each) for each in names]

    both = [source_arn, target_arn]
    internal = [arn for each in both for arn in those(each, "topic", _INTERNAL)]
    heartbeat = those(target_arn, "group", _INTERNAL[:1])
    described = ("DescribeTopic", "DescribeTopicDynamicConfiguration")
    managed = ("AlterTopic", "AlterTopicDynamicConfiguration", "CreateTopic", "ReadData", "WriteData")
    return [
        allow(_kafka("Connect", "DescribeCluster", "WriteDataIdempotently"), both),
        allow(_kafka(*described, *managed), internal),
        allow(_kafka(*described, "ReadData"), those(source_arn, "topic", topics)),
        allow(_kafka(*described, "CreateTopic", "WriteData"), those(target_arn, "topic", topics)),
        allow(_kafka("DescribeGroup"), those(source_arn, "group", groups)),
        allow(_kafka("AlterGroup", "DescribeGroup"), [*heartbeat, *those(target_arn, "group", groups)]),
    ]
