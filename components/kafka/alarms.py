"""What is watched of a cluster.

https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html
"""

from __future__ import annotations

import pulumi

from components.kafka.args import KafkaClusterArgs
from components.operations import Comparison, Metric, Missing, alarm

NAMESPACE = "AWS/Kafka"
MONITORING = "PER_TOPIC_PER_BROKER"
"""The level that has partitions under their minimum by broker."""
DISK_PERCENT = 85
"""AWS's own: https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html#bestpractices-monitor-disk-space"""


def declare_alarms(
    name: str, args: KafkaClusterArgs, cluster_name: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> None:
    """Alarms on the controller, partitions without a leader, each broker's partitions and disk, and each topic's consumers."""

    def declare(
        what: str,
        metric: str,
        about: str,
        comparison: Comparison,
        threshold: float,
        *,
        missing: Missing = Missing.NOT_BREACHING,
        **dimensions: pulumi.Input[str],
    ) -> None:
        own = {key.replace("_", " "): value for key, value in dimensions.items()}
        alarm(
            f"{name}-{what}",
            Metric(
                namespace=NAMESPACE,
                name=metric,
                statistic="Maximum",
                dimensions={"Cluster Name": cluster_name, **own},
            ),
            comparison,
            threshold,
            missing=missing,
            description=f"{name}: {about}",
            tags=args.tags,
            actions=args.actions,
            periods=5,
            datapoints=3,
            opts=opts,
        )

    proof = Missing.BREACHING  # a cluster that works tells of its controller
    about = "no broker is the controller: nobody elects leaders"
    declare("controller", "ActiveControllerCount", about, Comparison.BELOW, 1, missing=proof)
    about = "partitions without a leader: nobody reads or writes them"
    declare("offline", "OfflinePartitionsCount", about, Comparison.ABOVE, 0)
    for broker in map(str, range(1, args.brokers + 1)):
        about = f"broker {broker} leads partitions that too few follow: nobody writes them with acks=all"
        metric = "UnderMinIsrPartitionCount"
        declare(f"in-sync-{broker}", metric, about, Comparison.ABOVE, 0, Broker_ID=broker)
        about = f"the disk of broker {broker} is full above {DISK_PERCENT} %"
        declare(
            f"disk-{broker}", "KafkaDataLogsDiskUsed", about, Comparison.ABOVE, DISK_PERCENT, Broker_ID=broker
        )
    for topic, given in args.topics.items():
        declare(
            f"{topic}-behind",
            "EstimatedMaxTimeLag",
            f"consumers of {topic} are behind",
            Comparison.ABOVE,
            given.behind_seconds,
            Consumer_Group=given.group,
            Topic=topic,
        )
