"""An RDS DB instance with a standby in another zone."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.data import groups
from components.data.engines import INSTANCE, engine_of
from components.data.instance_args import RdsInstanceArgs
from components.data.secret import DatabaseSecret, DatabaseSecretArgs


class RdsInstance(pulumi.ComponentResource):
    """A Multi-AZ DB instance.

    Creates: the instance with its synchronous standby, subnet group, parameter group, role for Enhanced
    Monitoring, and the secret with the master password. Read replicas, in this region or another, are
    `RdsReplica`; connection pooling is `RdsProxy`.

    Survives: an instance or a zone by failing over to the standby (60 to 120 s, no loss). A region: only with
    a replica there. Costs: twice the instance and storage of a single one. Source:
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZSingleStandby.html
    """

    endpoint: pulumi.Output[str]
    """Host and port."""
    address: pulumi.Output[str]
    port: int
    arn: pulumi.Output[str]
    identifier: pulumi.Output[str]
    resource_id: pulumi.Output[str]
    secret_arn: pulumi.Output[str]
    secret_replica_arns: dict[str, pulumi.Output[str]]

    def __init__(self, name: str, args: RdsInstanceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:data:RdsInstance", name, {}, opts)
        engine = engine_of(args.engine, INSTANCE)
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
        parameters = groups.parameter_group(
            name, engine, args.engine_version, args.parameters, tags=args.tags, parent=self
        )
        made = aws.rds.Instance(
            f"{name}-db",
            engine=args.engine,
            engine_version=args.engine_version,
            instance_class=args.instance_class,
            multi_az=args.multi_az,
            db_name=args.database_name,
            username=secret.username,
            password_wo=secret.password,
            password_wo_version=secret.password_version,
            iam_database_authentication_enabled=args.iam_authentication,
            port=engine.port,
            snapshot_identifier=args.snapshot_identifier,
            db_subnet_group_name=subnets.name,
            vpc_security_group_ids=args.security_group_ids,
            publicly_accessible=False,
            parameter_group_name=parameters.name,
            storage_type="gp3",
            allocated_storage=args.allocated_storage,
            max_allocated_storage=args.max_allocated_storage,
            storage_encrypted=True,
            kms_key_id=args.kms_key_arn,
            backup_retention_period=args.backup_retention_days,
            delete_automated_backups=False,
            backup_window=args.preferred_backup_window,
            maintenance_window=args.preferred_maintenance_window,
            copy_tags_to_snapshot=True,
            skip_final_snapshot=False,
            # The subnet group's name is unique; a second instance's final snapshot must not meet the first
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
            ca_cert_identifier=args.ca_cert_identifier,
            apply_immediately=args.apply_immediately,
            deletion_protection=args.deletion_protection,
            tags=args.tags.store(f"{name}-db"),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args.protect,
                ignore_changes=[
                    # A failover swaps the zones of instance and standby.
                    "availability_zone",
                    # Restoring is done once; another snapshot here would replace the database.
                    "snapshot_identifier",
                ],
            ),
        )
        self.endpoint = made.endpoint
        self.address = made.address
        self.port = engine.port
        self.arn = made.arn
        self.identifier = made.identifier
        self.resource_id = made.resource_id
        self.secret_arn = secret.arn
        self.secret_replica_arns = secret.replica_arns
        self.register_outputs(
            {
                "endpoint": self.endpoint,
                "address": self.address,
                "arn": self.arn,
                "identifier": self.identifier,
                "secretArn": self.secret_arn,
            }
        )
