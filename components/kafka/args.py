"""What a cluster of Amazon MSK needs, and MSK's limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.checks import at_least, between, need, one_of
from components.logs import check_retention
from components.tags import Tags

ZONES = 3
"""Replicas of each message, one a zone: two acknowledge it, so that one may be lost and writing goes on.
https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html"""
IN_SYNC = 2
VERSIONS = ("3.7.x", "3.8.x", "3.8.x.kraft", "3.9.x", "3.9.x.kraft", "4.0.x.kraft")
"""Without a published end of support; 3.8.x is the one that AWS recommends, `kraft` keeps its metadata without ZooKeeper.
https://docs.aws.amazon.com/msk/latest/developerguide/supported-kafka-versions.html (2026-11)"""
_SIZES = {
    "m5": ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge"),
    "m7g": ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"),
}
INSTANCE_TYPES = tuple(f"kafka.{family}.{size}" for family, sizes in _SIZES.items() for size in sizes)
"""Standard brokers. Without t3.small: MSK connects none of it with other VPCs, as replicators of another region need.
https://docs.aws.amazon.com/msk/latest/developerguide/broker-instance-sizes.html,
https://docs.aws.amazon.com/msk/latest/developerguide/aws-access-mult-vpc.html"""
BROKERS = (3, 15)
"""In steps of `ZONES`; 15 is the most that CreateCluster takes."""
STORAGE_GIB = (1, 16_384)
"""Of each broker: https://docs.aws.amazon.com/msk/latest/developerguide/limits.html"""
NAME_LENGTH = 64
RETENTION_HOURS = (1, 8760)
"""Kafka takes any; more than a year in brokers' volumes is a mistake."""
PARTITIONS = (1, 1000)
"""Of a topic; 1,000 with their replicas is what AWS recommends for a whole broker of the smallest sizes.
https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html#partitions-per-broker"""


@dataclass(frozen=True, kw_only=True)
class KafkaTopicArgs:
    """A topic that one group of consumers reads."""

    group: str
    """The consumers' group: its position in the topic follows to the other region."""
    partitions: int = 6
    """1 to 1,000; more may be added, none taken away."""
    retention_hours: int = 168
    """How long messages are kept, 1 to 8,760."""
    behind_seconds: int = 600
    """How far the consumers may be behind before somebody is told, 1 or more and less than messages are kept."""

    def check(self, argument: str) -> None:
        """Raise ArgumentError on what Kafka would refuse, or what loses messages unseen."""
        between(f"{argument}.partitions", self.partitions, *PARTITIONS)
        between(f"{argument}.retention_hours", self.retention_hours, *RETENTION_HOURS, "h")
        longest = self.retention_hours * 3600 - 1
        between(
            f"{argument}.behind_seconds", self.behind_seconds, 1, longest, "s, less than messages are kept"
        )


@dataclass(frozen=True, kw_only=True)
class KafkaClusterArgs:
    """What a cluster needs."""

    tags: Tags
    cluster_name: str
    """The same in both regions; at most 64 characters."""
    key_arn: pulumi.Input[str]
    """Customer key of the region, for the brokers' volumes and logs."""
    actions: Sequence[pulumi.Input[str]]
    """Topics that are told of what is wrong with brokers, partitions or consumers; at least one."""
    vpc_id: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """By zone id, three or more, of which the first three are used, as listed: with a way to AWS's APIs, which Lambda's pollers call."""
    topics: Mapping[str, KafkaTopicArgs]
    """By name, at least one: nobody else makes topics."""
    version: str = "3.8.x"
    instance_type: str = "kafka.m7g.large"
    brokers: int = 3
    """3 to 15, as many in each zone."""
    storage_gib: int = 100
    """Of each broker to begin with, 1 to 16,384; it grows by itself."""
    storage_maximum_gib: int = 1000
    """The most that each broker's grows to, from `storage_gib` to 16,384. It never shrinks."""
    log_days: int = 90
    protect: bool = True

    @property
    def placed(self) -> list[pulumi.Input[str]]:
        """Subnets of the three zones that have brokers; a zone that is added behind them changes nothing."""
        return list(self.subnet_ids.values())[:ZONES]

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse or that undoes resilience."""
        need(
            len(self.cluster_name) <= NAME_LENGTH,
            "cluster_name",
            repr(self.cluster_name),
            f"{NAME_LENGTH} characters at most",
        )
        at_least("actions", self.actions, 1, "partitions without a leader that nobody hears of stay so")
        at_least("subnet_ids", self.subnet_ids, ZONES, "one of three replicas in each zone")
        at_least("topics", self.topics, 1, "clients make none")
        one_of("version", self.version, VERSIONS)
        one_of("instance_type", self.instance_type, INSTANCE_TYPES)
        between("brokers", self.brokers, *BROKERS)
        need(self.brokers % ZONES == 0, "brokers", self.brokers, f"a multiple of {ZONES}: one in each zone")
        between("storage_gib", self.storage_gib, *STORAGE_GIB, "GiB")
        most = (self.storage_gib, STORAGE_GIB[1])
        between("storage_maximum_gib", self.storage_maximum_gib, *most, "GiB, no less than there is at first")
        check_retention("log_days", self.log_days)
        for name, topic in self.topics.items():
            topic.check(f"topics[{name}]")
