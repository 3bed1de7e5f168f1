"""An RDS Multi-AZ DB cluster: a writer and two readable standbys in three zones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.data import checks, groups
from components.data.engines import MULTI_AZ_CLUSTER, engine_of
from components.data.instance_args import check_class
from components.data.secret import DatabaseSecret, DatabaseSecretArgs, SecretReplica
from components.tags import Tags

ZONES = 3
STORAGE_GIB = (100, 65_536)
"""gp3 and io1 of a Multi-AZ DB cluster.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/create-multi-az-db-cluster.html
"""
STORAGE_TYPES = ("gp3", "io1", "io2")
PROVISIONED = ("io1", "io2")


@dataclass(frozen=True, kw_only=True)
class RdsMultiAzClusterArgs:
    """What a Multi-AZ DB cluster needs."""

    tags: Tags
    engine: str
    """mysql or postgres."""
    engine_version: str
    instance_class: str = "db.m6gd.large"
    """Class of all three instances; classes with local disks ("d") commit faster."""
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Data subnets by zone id, in exactly three zones."""
    security_group_ids: Sequence[pulumi.Input[str]]
    kms_key_arn: pulumi.Input[str]
    database_name: str | None = None
    username: str = "holdfast"
    password_version: int = 1
    """Raise by one to rotate the password."""
    secret_replicas: Sequence[SecretReplica] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Further cluster parameters. TLS can't be switched off."""
    storage_type: str = "gp3"
    """gp3, io1 or io2."""
    allocated_storage: int = 100
    """GiB, 100 to 65,536."""
    iops: int | None = None
    """Provisioned operations a second; needed for io1 and io2."""
    backup_retention_days: int = 35
    """Point-in-time recovery reaches back so far; 1 to 35."""
    preferred_backup_window: str = "02:00-03:00"
    preferred_maintenance_window: str = "sun:08:00-sun:09:00"
    log_exports: Sequence[str] | None = None
    insights_mode: str = "standard"
    insights_retention_days: int = 7
    monitoring_interval: int = 60
    """Seconds between samples of Enhanced Monitoring: 0 (off), 1, 5, 10, 15, 30, 60."""
    monitoring_role_arn: pulumi.Input[str] | None = None
    auto_minor_version_upgrade: bool = True
    ca_cert_identifier: str = "rds-ca-rsa2048-g1"
    iam_authentication: bool = True
    apply_immediately: bool = False
    deletion_protection: bool = True
    protect: bool = True

    def check(self) -> None:
        """Raise ValueError on an argument that AWS would refuse or that undoes resilience."""
        engine = engine_of(self.engine, MULTI_AZ_CLUSTER)
        engine.parameter_family(self.engine_version)
        groups.check_parameters(engine, self.parameters)
        check_class("instance_class", self.instance_class)
        checks.within("number of subnet_ids", len(self.subnet_ids), ZONES, ZONES, "zones")
        checks.at_least(
            "security_group_ids", self.security_group_ids, 1, "RDS would use the VPC's default group"
        )
        checks.one_of("storage_type", self.storage_type, STORAGE_TYPES)
        checks.within("allocated_storage", self.allocated_storage, *STORAGE_GIB, "GiB")
        if self.storage_type in PROVISIONED and self.iops is None:
            msg = f"iops is None: storage_type {self.storage_type!r} needs a number, 1000 or more"
            raise ValueError(msg)
        checks.backup_retention(self.backup_retention_days)
        checks.windows(self.preferred_backup_window, self.preferred_maintenance_window)
        checks.log_exports(self.log_exports or (), engine.all_logs)
        checks.insights(self.insights_mode, self.insights_retention_days)
        checks.one_of("monitoring_interval", self.monitoring_interval, checks.MONITORING_INTERVALS)
        checks.username(self.username)
        checks.password_version(self.password_version)


class RdsMultiAzCluster(pulumi.ComponentResource):
    """A Multi-AZ DB cluster.

    Creates: the cluster, whose writer and two readable standbys AWS places in three zones, subnet group,
    parameter group, role for Enhanced Monitoring, and the secret with the master password.

    Survives: an instance or a zone by promoting a reader (typically under 35 s, no loss). A region: no.
    Costs: three instances and three times the storage. Source:
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/multi-az-db-clusters-concepts.html
    """

    endpoint: pulumi.Output[str]
    reader_endpoint: pulumi.Output[str]
    port: int
    cluster_arn: pulumi.Output[str]
    cluster_identifier: pulumi.Output[str]
    secret_arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: RdsMultiAzClusterArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.check()
        super().__init__("holdfast:data:RdsMultiAzCluster", name, {}, opts)
        engine = engine_of(args.engine, MULTI_AZ_CLUSTER)
        secret = DatabaseSecret(
            f"{name}-master",
            DatabaseSecretArgs(
                tags=args.tags,
                kms_key_arn=args.kms_key_arn,
                username=args.username,
                password_version=args.password_version,
                replicas=args.secret_replicas,
                protect=args.protect,
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        subnets = groups.subnet_group(name, args.subnet_ids, args.tags, self)
        parameters = groups.cluster_parameter_group(
            name, engine, args.engine_version, args.parameters, tags=args.tags, parent=self
        )
        made = aws.rds.Cluster(
            f"{name}-cluster",
            engine=args.engine,
            engine_version=args.engine_version,
            db_cluster_instance_class=args.instance_class,
            storage_type=args.storage_type,
            allocated_storage=args.allocated_storage,
            iops=args.iops,
            storage_encrypted=True,
            kms_key_id=args.kms_key_arn,
            database_name=args.database_name,
            master_username=secret.username,
            master_password_wo=secret.password,
            master_password_wo_version=secret.password_version,
            iam_database_authentication_enabled=args.iam_authentication,
            port=engine.port,
            db_subnet_group_name=subnets.name,
            vpc_security_group_ids=args.security_group_ids,
            db_cluster_parameter_group_name=parameters.name,
            ca_certificate_identifier=args.ca_cert_identifier,
            backup_retention_period=args.backup_retention_days,
            delete_automated_backups=False,
            preferred_backup_window=args.preferred_backup_window,
            preferred_maintenance_window=args.preferred_maintenance_window,
            copy_tags_to_snapshot=True,
            skip_final_snapshot=False,
            # The subnet group's name is unique; a second cluster's final snapshot must not meet the first
            # one's.
            final_snapshot_identifier=pulumi.Output.concat(subnets.name, "-final"),
            enabled_cloudwatch_logs_exports=list(
                engine.logs if args.log_exports is None else args.log_exports
            ),
            database_insights_mode=args.insights_mode,
            performance_insights_enabled=True,
            performance_insights_kms_key_id=args.kms_key_arn,
            performance_insights_retention_period=args.insights_retention_days,
            monitoring_interval=args.monitoring_interval,
            monitoring_role_arn=groups.monitoring_role_arn(
                name, args.monitoring_interval, args.monitoring_role_arn, args.tags, self
            ),
            auto_minor_version_upgrade=args.auto_minor_version_upgrade,
            apply_immediately=args.apply_immediately,
            deletion_protection=args.deletion_protection,
            tags=args.tags.store(f"{name}-cluster"),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args.protect,
                # AWS places the three instances; a change would replace the cluster.
                ignore_changes=["availability_zones"],
            ),
        )
        self.endpoint = made.endpoint
        self.reader_endpoint = made.reader_endpoint
        self.port = engine.port
        self.cluster_arn = made.arn
        self.cluster_identifier = made.cluster_identifier
        self.secret_arn = secret.arn
        self.register_outputs(
            {
                "endpoint": self.endpoint,
                "readerEndpoint": self.reader_endpoint,
                "clusterArn": self.cluster_arn,
                "clusterIdentifier": self.cluster_identifier,
                "secretArn": self.secret_arn,
            }
        )
