"""Replicators between the clusters of two regions, one for each direction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components import outputs
from components.checks import at_least, between
from components.kafka.access import copying
from components.kafka.alarms import NAMESPACE
from components.kafka.cluster import SERVICE
from components.operations import Comparison, Expression, Metric, Missing, alarm
from components.options import handed_down
from components.roles import role_with_policy
from components.tags import Tags
from components.trust import trust

LAG_SECONDS = (1, 86_400)
"""An assumption: a replicator that is a day behind is no way back."""
_MINUTES, _BAD_MINUTES = 5, 3


@dataclass(frozen=True, kw_only=True)
class End:
    """One region's cluster."""

    region: str
    cluster_arn: pulumi.Input[str]
    """Known once it lets replicators in."""
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    group_id: pulumi.Input[str]
    """Security group that the brokers take connections of."""
    actions: Sequence[pulumi.Input[str]]
    """Topics of that region that are told when what is copied there stays behind; at least one."""

    def given(self, *groups: pulumi.Input[str]) -> Any:
        """As a replicator is told of it: as the target with its group, as a source of another region with none.

        https://docs.aws.amazon.com/msk/latest/developerguide/msk-replicator-cross-region.html
        """
        reached = {"security_groups_ids": list(groups)} if groups else {}
        return {
            "amazon_msk_cluster": {"msk_cluster_arn": self.cluster_arn},
            "vpc_config": {"subnet_ids": self.subnet_ids, **reached},
        }


@dataclass(frozen=True, kw_only=True)
class Direction:
    """What copies from one end to the other."""

    what: str
    """`here` or `back`: to the stack's own region, or from it."""
    source: End
    target: End
    elsewhere: str | None
    """The target's region where that isn't the stack's own."""


@dataclass(frozen=True, kw_only=True)
class KafkaReplicatorsArgs:
    """What the replicators between two clusters need."""

    tags: Tags
    name: str
    """How their names begin, of which each region's is the same in both stacks' runbooks."""
    here: End
    """The stack's own region."""
    there: End
    groups: Sequence[str]
    """Groups of consumers whose positions follow."""
    topics: Sequence[str]
    lag_seconds: int = 300
    """How far one may be behind before somebody is told, 1 to 86,400."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse."""
        between("lag_seconds", self.lag_seconds, *LAG_SECONDS, "s")
        at_least("topics", self.topics, 1, "a replicator copies something")
        for end in (self.here, self.there):
            at_least("actions", end.actions, 1, "what is lost with a region is what nobody heard of")


def replicator_name(name: str, region: str) -> str:
    """What the replicator that copies to a region is called."""
    return f"{name}-to-{region}"


class KafkaReplicators(pulumi.ComponentResource):
    """A replicator in each direction: topics keep their names, and consumers' positions follow wherever producers write.

    What came from the other region isn't copied back. Nothing of it depends on which region serves. Both belong to the stack that joins;
    the one that copies to the other region stands there.

    Creates: two replicators, a role for each, alarms on how far each is behind, on messages that it leaves, and on its failures.
    Survives: a zone. The loss of a region takes along what its replicator hadn't copied; the other direction waits until it is back.
    Costs: by the hour and by data, and transfer between regions.
    Source: https://docs.aws.amazon.com/msk/latest/developerguide/msk-replicator-bidirectional-offset-sync.html
    """

    replicas: list[Mapping[str, Any]]
    """What is copied from here, for the facts of this region's cluster."""

    def __init__(
        self, name: str, args: KafkaReplicatorsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.check()
        super().__init__("holdfast:kafka:KafkaReplicators", name, {}, handed_down(opts))
        self._name, self._args, self._child = name, args, pulumi.ResourceOptions(parent=self)
        self.replicas = []
        for each in self._directions():
            made = self._replicator(each)
            self._alarms(each, made)
            if each.source is args.here:
                self.replicas.append(
                    {
                        "region": each.target.region,
                        "name": f"{name}-{each.what}",
                        "lag_s": float(args.lag_seconds),
                    }
                )
        outputs.register(self)

    def _directions(self) -> Iterator[Direction]:
        here, there = self._args.here, self._args.there
        yield Direction(what="here", source=there, target=here, elsewhere=None)
        yield Direction(what="back", source=here, target=there, elsewhere=there.region)

    def _replicator(self, each: Direction) -> aws.msk.Replicator:
        args, name, source, target = self._args, f"{self._name}-{each.what}", each.source, each.target
        role = role_with_policy(
            f"{name}-role",
            copying(source.cluster_arn, target.cluster_arn, sorted(args.topics), sorted(args.groups)),
            policy=f"{name}-role-policy",
            about=f"Copies topics from {source.region} to {target.region}",
            trusted=trust(SERVICE, self, of_account=True),
            tags=args.tags,
            opts=self._child,
        )
        return aws.msk.Replicator(
            name,
            region=each.elsewhere,
            replicator_name=replicator_name(args.name, target.region),
            description=f"Topics of {source.region}, for {target.region}",
            service_execution_role_arn=role,
            kafka_clusters=[source.given(), target.given(target.group_id)],
            replication_info_list={
                "source_kafka_cluster_arn": source.cluster_arn,
                "target_kafka_cluster_arn": target.cluster_arn,
                "target_compression_type": "NONE",
                "topic_replications": [
                    {
                        "topics_to_replicates": sorted(args.topics),
                        "topic_name_configuration": {"type": "IDENTICAL"},
                        "starting_position": {"type": "EARLIEST"},
                        "detect_and_copy_new_topics": True,
                        # Each stack says how its own cluster keeps them, and who may what IAM says.
                        "copy_topic_configurations": False,
                        "copy_access_control_lists_for_topics": False,
                    }
                ],
                "consumer_group_replications": [
                    {
                        "consumer_groups_to_replicates": sorted(args.groups),
                        "synchronise_consumer_group_offsets": True,
                        "consumer_group_offset_sync_mode": "ENHANCED",
                        "detect_and_copy_new_consumer_groups": True,
                    }
                ],
            },
            tags=args.tags.resource(name),
            opts=self._child,
        )

    def _alarms(self, each: Direction, made: aws.msk.Replicator) -> None:
        """In the target's region, which has the metrics.

        https://docs.aws.amazon.com/msk/latest/developerguide/msk-replicator-metrics-ref.html
        """

        def metric(name: str, statistic: str = "Maximum") -> Metric:
            whose = {"ReplicatorName": made.replicator_name}
            return Metric(namespace=NAMESPACE, name=name, statistic=statistic, dimensions=whose)

        stalled = Expression(
            expression="IF(FILL(left, 0) > 0 AND FILL(copied, 0) == 0, 1, 0)",
            label="messages are left",
            metrics={"left": metric("MessageLag", "Sum"), "copied": metric("ReplicatorThroughput", "Sum")},
        )
        rows: tuple[tuple[str, Metric | Expression, float, str], ...] = (
            ("lag", metric("ReplicationLatency"), self._args.lag_seconds * 1000, "is behind"),
            ("stalled", stalled, 0, "copies nothing, and messages wait"),
            ("failures", metric("ReplicatorFailure"), 0, "fails"),
        )
        for what, source, above, about in rows:
            alarm(
                f"{self._name}-{each.what}-{what}",
                source,
                Comparison.ABOVE,
                above,
                missing=Missing.NOT_BREACHING,  # nobody sends anything
                description=f"{self._name}: what copies to {each.target.region} {about}",
                tags=self._args.tags,
                actions=each.target.actions,
                periods=_MINUTES,
                datapoints=_BAD_MINUTES,
                region=each.elsewhere,
                opts=self._child,
            )
