"""A cluster of Amazon MSK over three zones, and its topics."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pulumi_aws as aws

from components import outputs
from components.facts import Fact, fact
from components.functions import declare_log
from components.kafka.access import consuming
from components.kafka.alarms import MONITORING, declare_alarms
from components.kafka.args import IN_SYNC, ZONES, KafkaClusterArgs, KafkaTopicArgs
from components.kafka.groups import KafkaGroups
from components.options import handed_down
from components.permissions import Statement, document

SERVICE = "kafka.amazonaws.com"
SCALING, SCALABLE = "kafka", "kafka:broker-storage:VolumeSize"
STORAGE_PERCENT = 60
"""Above that each broker's storage grows: https://docs.aws.amazon.com/msk/latest/developerguide/msk-autoexpand.html"""
_KEPT = ["brokerNodeGroupInfo.clientSubnets", "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"]
_LETS_IN = ["kafka:CreateVpcConnection", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"]
PROPERTIES = {
    "auto.create.topics.enable": "false",
    "default.replication.factor": str(ZONES),
    "min.insync.replicas": str(IN_SYNC),
    "unclean.leader.election.enable": "false",
}
"""https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-properties.html"""


class KafkaCluster(pulumi.ComponentResource):
    """A cluster whose acknowledged messages (acks=all) are in two zones at least, open to IAM over TLS alone, inside the VPC.

    Creates: the cluster with a customer key, protected; its configuration, log, security groups, topics; storage that grows; alarms; the
    private connectivity and the policy by which replicators of the other region read it.
    Survives: a broker, a zone: two of three replicas are left, and leaders are elected anew. Not the region: replicators copy to the other
    one. Wrong messages stay until their retention ends, and are copied too; consumers may read again what is kept.
    Costs: brokers by the hour, storage, private connectivity by the hour; alarms.
    Source: https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html,
    https://docs.aws.amazon.com/msk/latest/developerguide/msk-replicator-prepare-clusters.html
    """

    arn: pulumi.Output[str]
    name: pulumi.Output[str]
    bootstrap: pulumi.Output[str]
    """Host names and ports of the brokers, for clients that sign in with IAM."""
    groups: KafkaGroups
    subnet_ids: list[pulumi.Input[str]]
    """Of the three zones that have brokers."""
    ready: pulumi.Output[str]
    """The ARN, known once topics stand and replicators are let in."""
    recovery_fact: Fact

    def __init__(self, name: str, args: KafkaClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:kafka:KafkaCluster", name, {}, handed_down(opts))
        self._name, self._args, self._child = name, args, pulumi.ResourceOptions(parent=self)
        self._kept = pulumi.ResourceOptions(parent=self, protect=args.protect)
        self.groups = KafkaGroups(name, args.vpc_id, args.tags, self._child)
        cluster = self._cluster()
        self._growing(cluster)
        declare_alarms(name, args, cluster.cluster_name, self._child)
        topics = [self._topic(each, given, cluster) for each, given in args.topics.items()]
        letting = {
            "Effect": "Allow",
            "Principal": {"Service": SERVICE},
            "Action": _LETS_IN,
            "Resource": cluster.arn,
        }
        policy = aws.msk.ClusterPolicy(
            f"{name}-policy", cluster_arn=cluster.arn, policy=document([letting]), opts=self._child
        )
        self.arn, self.name, self.subnet_ids = cluster.arn, cluster.cluster_name, args.placed
        self.bootstrap = cluster.bootstrap_brokers_sasl_iam
        self.ready = outputs.once(cluster.arn, *(each.id for each in topics), policy.id)
        self.recovery_fact = fact(
            "msk",
            f"{name}-cluster",
            args.tags.unbacked(""),
            group=args.cluster_name,
            retention_s=min(each.retention_hours for each in args.topics.values()) * 3600,
        )
        outputs.register(self, "arn", "name", "bootstrap")

    def consuming(self, topic: str) -> list[Statement]:
        """What the role needs by which Lambda reads a topic as its group."""
        return consuming(self.arn, topic, self._args.topics[topic].group)

    def _cluster(self) -> aws.msk.Cluster:
        args, name = self._args, f"{self._name}-cluster"
        configuration = aws.msk.Configuration(
            f"{self._name}-configuration",
            name=args.cluster_name,
            description=f"{args.cluster_name}: two of three replicas acknowledge",
            server_properties="".join(f"{key}={value}\n" for key, value in PROPERTIES.items()),
            opts=self._child,
        )
        logs = declare_log(
            self._name, days=args.log_days, key_arn=args.key_arn, tags=args.tags, opts=self._child
        )
        iam = {"sasl": {"iam": True}}
        shape: dict[str, Any] = {
            "broker_node_group_info": {
                "instance_type": args.instance_type,
                "client_subnets": args.placed,
                "security_groups": [self.groups.brokers_id],
                "storage_info": {"ebs_storage_info": {"volume_size": args.storage_gib}},
                "connectivity_info": {
                    "public_access": {"type": "DISABLED"},
                    "vpc_connectivity": {"client_authentication": iam},
                },
            },
            "configuration_info": {"arn": configuration.arn, "revision": configuration.latest_revision},
            "client_authentication": {**iam, "unauthenticated": False},
            "encryption_info": {
                "encryption_at_rest_kms_key_arn": args.key_arn,
                "encryption_in_transit": {"client_broker": "TLS", "in_cluster": True},
            },
            "logging_info": {"broker_logs": {"cloudwatch_logs": {"enabled": True, "log_group": logs.name}}},
        }
        return aws.msk.Cluster(
            name,
            cluster_name=args.cluster_name,
            kafka_version=args.version,
            number_of_broker_nodes=args.brokers,
            enhanced_monitoring=MONITORING,
            tags=args.tags.unbacked(name),
            # Brokers stay in the zones that they were made in; storage grows by itself, and never shrinks.
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect, ignore_changes=_KEPT),
            **shape,
        )

    def _topic(self, each: str, given: KafkaTopicArgs, cluster: aws.msk.Cluster) -> aws.msk.Topic:
        said = {
            "cleanup.policy": "delete",
            "min.insync.replicas": str(IN_SYNC),
            "retention.ms": str(given.retention_hours * 3_600_000),
        }
        return aws.msk.Topic(
            f"{self._name}-{each}",
            name=each,
            cluster_arn=cluster.arn,
            partition_count=given.partitions,
            replication_factor=ZONES,
            configs=json.dumps(said),
            opts=self._kept,
        )

    def _growing(self, cluster: aws.msk.Cluster) -> None:
        args = self._args
        target = aws.appautoscaling.Target(
            f"{self._name}-storage",
            service_namespace=SCALING,
            scalable_dimension=SCALABLE,
            resource_id=cluster.arn,
            min_capacity=1,  # AWS's own: what there is doesn't shrink
            max_capacity=args.storage_maximum_gib,
            tags=args.tags.resource(f"{self._name}-storage"),
            opts=self._child,
        )
        aws.appautoscaling.Policy(
            f"{self._name}-growing",
            policy_type="TargetTrackingScaling",
            service_namespace=target.service_namespace,
            scalable_dimension=target.scalable_dimension,
            resource_id=target.resource_id,
            target_tracking_scaling_policy_configuration={
                "target_value": STORAGE_PERCENT,
                "disable_scale_in": True,
                "predefined_metric_specification": {
                    "predefined_metric_type": "KafkaBrokerStorageUtilization"
                },
            },
            opts=self._child,
        )
