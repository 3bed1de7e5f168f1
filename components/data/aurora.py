"""One region's cluster of an Aurora global database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components import outputs
from components.data import database, groups
from components.data.aurora_args import SERVERLESS_CLASS, AuroraGlobalArgs
from components.data.engines import AURORA, engine_of
from components.facts import Fact, fact
from components.options import handed_down

WRITER_TIER, READER_TIER = 0, 1
"""Promotion tiers. Serverless v2 keeps readers of tiers 0 and 1 at the writer's size: each can take over."""


class AuroraGlobal(pulumi.ComponentResource):
    """One region's cluster of an Aurora global database, created here or joined.

    Creates: cluster, one instance in each zone, with `zone_endpoints` an endpoint of each, subnet group, parameter groups, role for
    Enhanced Monitoring.
    Where no global cluster is given: also the global cluster, the secret with the master password and its
    rotation (a global database can't use passwords managed by RDS).

    Survives: an instance or a zone by promoting a reader (under 60 s, no loss); a region by failing the
    global database over (minutes; seconds of data, none in a planned switchover). Which member writes is
    AWS's data, not the program's: after a failover the same program changes nothing. Does not survive
    corruption by replication: that is what backups are for.

    Costs: the instances, storage and requests in each region, and replicated writes.
    Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.html
    """

    endpoint: pulumi.Output[str]
    """Writer endpoint of this region's cluster; refuses writes while another region writes."""
    reader_endpoint: pulumi.Output[str]
    global_endpoint: pulumi.Output[str] | None
    """Endpoint that follows the writer through failovers; None in a joined region, and alone."""
    port: int
    cluster_arn: pulumi.Output[str]
    cluster_identifier: pulumi.Output[str]
    cluster_resource_id: pulumi.Output[str]
    global_cluster_identifier: pulumi.Output[str] | None
    """None alone."""
    global_cluster_arn: pulumi.Output[str] | None
    """None in a joined region, and alone."""
    secret_arn: pulumi.Output[str] | None
    """None in a joined region, which has the replica."""
    secret_replica_arns: dict[str, pulumi.Output[str]]
    """ARN of the secret in each region of `secret_replicas`."""
    instance_identifiers: dict[str, pulumi.Output[str]]
    """By zone id."""
    zone_endpoints: dict[str, pulumi.Output[str]]
    """By zone id, where they are asked for: the host that reads in the zone."""
    recovery_fact: Fact

    def __init__(self, name: str, args: AuroraGlobalArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:data:AuroraGlobal", name, {}, handed_down(opts))
        self._name, self._args = name, args
        self.port = args.facts.port
        self.global_cluster_identifier = self.global_cluster_arn = self.global_endpoint = None
        if args.global_cluster_identifier is not None:
            self.global_cluster_identifier = pulumi.Output.from_input(args.global_cluster_identifier)
        elif args.recovery_point is None and not args.alone:
            self._create_global(
                engine=args.engine, engine_version=args.engine_version, storage_encrypted=True
            )
        self.secret = (
            database.master_secret(name, args, self) if args.global_cluster_identifier is None else None
        )
        subnets, identifier, logs = groups.home(name, "cluster", args, self)
        cluster = self._cluster(subnets, identifier, logs)
        if args.recovery_point is not None and not args.alone:
            # AWS restores no cluster into a global database; it makes one around it, which lets go of it before it goes itself.
            self._create_global(source_db_cluster_identifier=cluster.arn, force_destroy=True)
        groups.event_subscription(name, "db-cluster", cluster.cluster_identifier, args, self)
        instances = self._instances(cluster)
        whole = self.global_cluster_identifier
        if self.secret is not None:
            database.rotated(
                name,
                args,
                self.secret,
                kind="cluster" if whole is None else "global",
                identifier=cluster.cluster_identifier if whole is None else whole,
                databases=[cluster, *instances.values()],
                parent=self,
            )
        self.endpoint = cluster.endpoint
        self.reader_endpoint = cluster.reader_endpoint
        self.cluster_arn = cluster.arn
        self.cluster_identifier = cluster.cluster_identifier
        self.cluster_resource_id = cluster.cluster_resource_id
        self.secret_arn = self.secret.arn if self.secret else None
        self.secret_replica_arns = self.secret.replica_arns if self.secret else {}
        self.zone_endpoints = self._zone_endpoints(cluster, instances) if args.zone_endpoints else {}
        self.instance_identifiers = {zone: made.identifier for zone, made in instances.items()}
        self.recovery_fact = fact(
            "aurora",
            f"{name}-cluster",
            args.tags.store(""),
            group=self.global_cluster_identifier,
            role="active" if args.global_cluster_identifier is None else "replica",
            instances=len(instances),
            **{} if args.alone else {"global": True},
        )
        outputs.register(
            self,
            "endpoint",
            "reader_endpoint",
            "global_endpoint",
            "cluster_arn",
            "cluster_identifier",
            "global_cluster_identifier",
            "secret_arn",
            "instance_identifiers",
            *(["zone_endpoints"] if self.zone_endpoints else []),
        )

    def _create_global(self, **made_of: Any) -> None:
        args = self._args
        made = aws.rds.GlobalCluster(
            f"{self._name}-global",
            global_cluster_identifier=args.global_cluster_name or self._name,
            deletion_protection=args.deletion_protection,
            tags=args.tags.store(f"{self._name}-global"),
            **made_of,
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        self.global_cluster_identifier = made.id.apply(str)
        self.global_cluster_arn = made.arn
        self.global_endpoint = made.endpoint

    def _cluster(
        self,
        subnets: aws.rds.SubnetGroup,
        identifier: pulumi.Input[str],
        logs: Sequence[pulumi.Resource],
    ) -> aws.rds.Cluster:
        args, name = self._args, self._name
        wait = {"rds.global_db_rpo": str(args.global_rpo_seconds)} if args.global_rpo_seconds else {}
        parameters = groups.cluster_parameter_group(name, args, self, wait)
        serverless = None
        if args.serverless is not None:
            serverless = aws.rds.ClusterServerlessv2ScalingConfigurationArgs(
                min_capacity=args.serverless.min_units, max_capacity=args.serverless.max_units
            )
        return aws.rds.Cluster(
            f"{name}-cluster",
            cluster_identifier=identifier,
            global_cluster_identifier=self.global_cluster_identifier,
            snapshot_identifier=args.recovery_point,
            enable_global_write_forwarding=args.write_forwarding or None,
            storage_type="aurora-iopt1" if args.io_optimized else None,
            serverlessv2_scaling_configuration=serverless,
            tags=args.tags.store(f"{name}-cluster"),
            **database.own_cluster(args, subnets, parameters, self.secret),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args.protect,
                depends_on=logs,
                ignore_changes=[
                    # AWS spreads storage over three zones of its choice, and a change would replace the
                    # cluster.
                    "availability_zones",
                    # A failover or switchover of the global database makes a writer a replica and back.
                    "replication_source_identifier",
                    # Cleared while AWS rebuilds a member after a failover; a change would detach it or ask
                    # to replace it.
                    "global_cluster_identifier",
                    # The global cluster upgrades its members.
                    "engine_version",
                    # Read at creation only, and told by AWS of members that joined too; a change would
                    # replace the cluster.
                    "master_username",
                    "database_name",
                    "snapshot_identifier",
                ],
            ),
        )

    def _instances(self, cluster: aws.rds.Cluster) -> dict[str, aws.rds.ClusterInstance]:
        args, name = self._args, self._name
        parameters = groups.member_parameter_group(name, args, args.instance_parameters, self)
        monitoring = groups.monitoring(name, args, self)
        return {
            zone: aws.rds.ClusterInstance(
                f"{name}-{zone}",
                cluster_identifier=cluster.id,
                engine=aws.rds.EngineType(args.engine),
                instance_class=SERVERLESS_CLASS if args.serverless else args.instance_class,
                availability_zone=zone_name,
                promotion_tier=WRITER_TIER if position == 0 else READER_TIER,
                db_parameter_group_name=parameters.name,
                publicly_accessible=False,
                ca_cert_identifier=args.ca_cert_identifier,
                auto_minor_version_upgrade=args.auto_minor_version_upgrade,
                preferred_maintenance_window=args.preferred_maintenance_window,
                copy_tags_to_snapshot=True,
                apply_immediately=args.apply_immediately,
                tags=args.tags.store(f"{name}-{zone}"),
                **database.insights(args, args.kms_key_arn),
                **monitoring,
                opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
            )
            for position, (zone, zone_name) in enumerate(args.zones.items())
        }

    def _zone_endpoints(
        self, cluster: aws.rds.Cluster, instances: Mapping[str, aws.rds.ClusterInstance]
    ) -> dict[str, pulumi.Output[str]]:
        """One for each zone's instance. Of the type ANY: the writer's zone reads from the writer, whichever instance that is."""
        return {
            zone: aws.rds.ClusterEndpoint(
                f"{self._name}-reads-{zone}",
                cluster_identifier=cluster.id,
                cluster_endpoint_identifier=pulumi.Output.concat(cluster.cluster_identifier, "-", zone),
                custom_endpoint_type="ANY",
                static_members=[instance.identifier],
                tags=self._args.tags.resource(f"{self._name}-reads-{zone}"),
                opts=pulumi.ResourceOptions(parent=self),
            ).endpoint
            for zone, instance in instances.items()
        }


def engine_port(engine: str) -> int:
    """Port of an Aurora engine, for security groups that are made before the cluster."""
    return engine_of(engine, AURORA).port
