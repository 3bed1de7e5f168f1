"""A read replica of a DB instance, in its region or in another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.data import checks, groups
from components.data.engines import INSTANCE, engine_of
from components.data.instance_args import check_class, check_storage
from components.tags import Tags


@dataclass(frozen=True, kw_only=True)
class ReplicaHome:
    """The region of a replica that isn't its source's."""

    kms_key_arn: pulumi.Input[str]
    """Key of that region: a copy is encrypted anew."""
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Data subnets there by zone id, in at least two zones."""
    region: str | None = None
    """Region, when the stack that declares the replica is another region's; None: the stack's own."""


@dataclass(frozen=True, kw_only=True)
class RdsReplicaArgs:
    """What a read replica needs."""

    tags: Tags
    source: pulumi.Input[str]
    """The DB instance replicated: its identifier in the same region, its ARN across regions."""
    engine: str
    """The source's: mariadb, mysql or postgres."""
    engine_version: str
    """The source's; chooses the parameter group's family."""
    instance_class: str = "db.m7g.large"
    """As large as the source's, if the replica is to take over."""
    security_group_ids: Sequence[pulumi.Input[str]]
    home: ReplicaHome | None = None
    """Where the replica lives when not in its source's region; None: there, with the source's key and
    subnets."""
    availability_zone: pulumi.Input[str] | None = None
    """Name of the zone, another than the source's; None: AWS chooses. Not with multi_az."""
    multi_az: bool = False
    """The replica has a standby of its own: set it where the replica is to take over."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    max_allocated_storage: int | None = 1000
    """GiB up to which storage grows by itself; the source's."""
    backup_retention_days: int = 35
    """1 to 35; a replica with backups has point-in-time recovery from the moment of its promotion."""
    preferred_backup_window: str = "02:00-03:00"
    preferred_maintenance_window: str = "sun:08:00-sun:09:00"
    log_exports: Sequence[str] | None = None
    insights_retention_days: int = 7
    insights_key_arn: pulumi.Input[str] | None = None
    """Key of the insights in the source's region; across regions home's key is used."""
    monitoring_interval: int = 60
    monitoring_role_arn: pulumi.Input[str] | None = None
    ca_cert_identifier: str = "rds-ca-rsa2048-g1"
    deletion_protection: bool = True
    protect: bool = True

    def check(self) -> None:
        """Raise ValueError, before anything is registered, on an argument that AWS would refuse."""
        engine = engine_of(self.engine, INSTANCE)
        engine.parameter_family(self.engine_version)
        groups.check_parameters(engine, self.parameters)
        check_class("instance_class", self.instance_class)
        if self.max_allocated_storage is not None:
            check_storage(20, self.max_allocated_storage)
        checks.at_least(
            "security_group_ids", self.security_group_ids, 1, "RDS would use the VPC's default group"
        )
        checks.backup_retention(self.backup_retention_days)
        checks.windows(self.preferred_backup_window, self.preferred_maintenance_window)
        checks.log_exports(self.log_exports or (), engine.all_logs)
        checks.insights("standard", self.insights_retention_days)
        checks.one_of("monitoring_interval", self.monitoring_interval, checks.MONITORING_INTERVALS)
        if self.home is not None:
            checks.at_least("home.subnet_ids", self.home.subnet_ids, 2, "RDS wants subnets in two zones")
        if self.multi_az and self.availability_zone is not None:
            msg = (
                "availability_zone is given with multi_az True: AWS chooses both zones of a Multi-AZ replica"
            )
            raise ValueError(msg)


class RdsReplica(pulumi.ComponentResource):
    """A read replica of a DB instance.

    Creates: the replica, its parameter group, role for Enhanced Monitoring; in another region also a subnet
    group. Survives: with `home`, the loss of the source's region, by promotion (minutes; data as old as the
    replica's lag is lost). Costs: an instance and its storage, and the transfer between regions. Source:
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html
    """

    endpoint: pulumi.Output[str]
    address: pulumi.Output[str]
    arn: pulumi.Output[str]
    identifier: pulumi.Output[str]

    def __init__(self, name: str, args: RdsReplicaArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:data:RdsReplica", name, {}, opts)
        engine = engine_of(args.engine, INSTANCE)
        home = args.home
        region = home.region if home else None
        subnets = groups.subnet_group(name, home.subnet_ids, args.tags, self, region) if home else None
        parameters = groups.parameter_group(
            name, engine, args.engine_version, args.parameters, tags=args.tags, parent=self, region=region
        )
        made = aws.rds.Instance(
            f"{name}-db",
            replicate_source_db=args.source,
            instance_class=args.instance_class,
            multi_az=args.multi_az,
            availability_zone=args.availability_zone,
            # Subnets and key of a replica in its source's region are the source's.
            db_subnet_group_name=subnets.name if subnets else None,
            kms_key_id=home.kms_key_arn if home else None,
            storage_encrypted=True,
            storage_type="gp3",
            max_allocated_storage=args.max_allocated_storage,
            vpc_security_group_ids=args.security_group_ids,
            publicly_accessible=False,
            parameter_group_name=parameters.name,
            backup_retention_period=args.backup_retention_days,
            backup_window=args.preferred_backup_window,
            maintenance_window=args.preferred_maintenance_window,
            copy_tags_to_snapshot=True,
            # AWS makes no snapshot of a replica at its deletion: its source has the data.
            skip_final_snapshot=True,
            enabled_cloudwatch_logs_exports=list(
                engine.logs if args.log_exports is None else args.log_exports
            ),
            performance_insights_enabled=True,
            performance_insights_kms_key_id=home.kms_key_arn if home else args.insights_key_arn,
            performance_insights_retention_period=args.insights_retention_days,
            monitoring_interval=args.monitoring_interval,
            monitoring_role_arn=groups.monitoring_role_arn(
                name, args.monitoring_interval, args.monitoring_role_arn, args.tags, self
            ),
            # A replica must not run ahead of, or fall behind, its source.
            auto_minor_version_upgrade=False,
            ca_cert_identifier=args.ca_cert_identifier,
            deletion_protection=args.deletion_protection,
            region=region,
            tags=args.tags.store(f"{name}-db"),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args.protect,
                ignore_changes=[
                    # Promoting the replica, in a failover, ends replication.
                    "replicate_source_db",
                    # A failover of a Multi-AZ replica swaps its zones.
                    *(["availability_zone"] if args.multi_az else []),
                ],
            ),
        )
        self.endpoint = made.endpoint
        self.address = made.address
        self.arn = made.arn
        self.identifier = made.identifier
        self.register_outputs({"endpoint": self.endpoint, "arn": self.arn, "identifier": self.identifier})
