"""An RDS DB instance with a standby in another zone."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components import outputs
from components.data import database, groups, oracle
from components.data.instance_args import RdsInstanceArgs
from components.data.secret import WRITTEN
from components.facts import Fact, fact
from components.options import handed_down


class RdsInstance(pulumi.ComponentResource):
    """A Multi-AZ DB instance.

    Creates: the instance with its synchronous standby, subnet group, parameter group, role for Enhanced
    Monitoring, and the secret with the master password and its rotation. Read replicas, in this region or another, are
    `RdsReplica`; connection pooling is `RdsProxy`.

    Survives: an instance or a zone by failing over to the standby (60 to 120 s, no loss). A region: only with
    a replica or `ReplicatedBackups` there. Costs: twice the instance and storage of a single one. Source:
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
    recovery_fact: Fact
    """Alone; replicas and copies of the backups that the same stack declares belong to its `replicas` and `log_copies`."""

    def __init__(self, name: str, args: RdsInstanceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:data:RdsInstance", name, {}, handed_down(opts))
        secret = database.master_secret(name, args, self)
        subnets, identifier, logs = groups.home(name, "instance", args, self)
        options = oracle.option_group(name, args, args.options, self) if args.options else None
        made = aws.rds.Instance(
            f"{name}-db",
            identifier=identifier,
            **database.own(args, subnets),
            **groups.monitoring(name, args, self),
            instance_class=args.instance_class,
            multi_az=args.multi_az,
            db_name=args.database_name,
            username=secret.username,
            password_wo=secret.password,
            password_wo_version=WRITTEN,
            license_model=args.license_model,
            option_group_name=options.name if options else None,
            snapshot_identifier=args.snapshot_identifier,
            restore_to_point_in_time=args.moment.told() if args.moment else None,
            publicly_accessible=False,
            parameter_group_name=groups.parameter_group(name, args, self).name,
            storage_type="gp3",
            allocated_storage=args.allocated_storage,
            max_allocated_storage=args.max_allocated_storage,
            backup_window=args.preferred_backup_window,
            maintenance_window=args.preferred_maintenance_window,
            auto_minor_version_upgrade=args.auto_minor_version_upgrade,
            ca_cert_identifier=args.ca_cert_identifier,
            tags=args.tags.store(f"{name}-db"),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args.protect,
                depends_on=logs,
                ignore_changes=[
                    # A failover swaps the zones of instance and standby.
                    "availability_zone",
                    # Restoring is done once; another snapshot here would replace the database.
                    "snapshot_identifier",
                    "restore_to_point_in_time",
                    # Read at creation only; a change would replace the database.
                    "db_name",
                    "username",
                ],
            ),
        )
        database.rotated(
            name, args, secret, kind="instance", identifier=made.identifier, databases=[made], parent=self
        )
        groups.event_subscription(name, "db-instance", made.identifier, args, self)
        self.endpoint = made.endpoint
        self.address = made.address
        self.port = args.facts.port
        self.arn = made.arn
        self.identifier = made.identifier
        self.resource_id = made.resource_id
        self.secret_arn = secret.arn
        self.secret_replica_arns = secret.replica_arns
        self.recovery_fact = fact(
            "rds",
            f"{name}-db",
            args.tags.store(""),
            group=pulumi.Output.concat("rds:", made.arn),
            multi_az=args.multi_az,
            retention_days=args.backup_retention_days,
            allocated_gib=args.allocated_storage,
        )
        outputs.register(self, "endpoint", "address", "arn", "identifier", "secret_arn")
