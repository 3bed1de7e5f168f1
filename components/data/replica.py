"""A read replica of a DB instance, in its region or in another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import outputs
from components.checks import at_least, need, one_of
from components.data import checks, database, groups, oracle
from components.data.database_args import DatabaseArgs
from components.data.engines import REPLICATED
from components.data.instance_args import STORAGE_GIB, check_storage
from components.data.oracle import REPLICA_MODES, DatabaseOption, check_options
from components.data.replicated_backups import INSTANCE_ARN
from components.facts import Fact, fact
from components.operations.alarms import Comparison, Expression, Metric, Missing, alarm
from components.options import handed_down

LAG_PERIODS = 5


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
class RdsReplicaArgs(DatabaseArgs):
    """What a read replica needs.

    Engine, version and growth of storage are the source's; with backups it has point-in-time recovery from the moment of its promotion.
    """

    ENGINES = REPLICATED

    source: pulumi.Input[str]
    """The DB instance replicated: its identifier in the same region, its ARN across regions."""
    instance_class: str = "db.m7g.large"
    """As large as the source's, if the replica is to take over."""
    home: ReplicaHome | None = None
    """Where the replica lives when not in its source's region; None: there, with the source's key and
    subnets."""
    availability_zone: pulumi.Input[str] | None = None
    """Name of the zone, another than the source's; None: AWS chooses. Not with multi_az."""
    multi_az: bool = False
    """The replica has a standby of its own: set it where the replica is to take over."""
    max_allocated_storage: int | None = 1000
    """GiB up to which storage grows by itself; the source's."""
    mode: str | None = None
    """Oracle's: mounted, or open-read-only with a licence of Active Data Guard. None with any other engine."""
    options: Sequence[DatabaseOption] = ()
    """Oracle's: options of the group that a promoted replica is given. RDS makes a group for the replica of another region, which it can't
    leave before, and in which what listens for TLS is missing."""
    iam_authentication: bool = True
    """Users may sign in with IAM tokens: RDS doesn't take it over from the source."""
    lag_seconds: float = 300
    """How far the replica may be behind before `event_topic_arn` is told; above 0. Promoted, it is behind nobody."""
    insights_key_arn: pulumi.Input[str] | None = None
    """Key of insights and logs in the source's region; across regions home's key is used."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse."""
        super().check()
        checks.instance_class(self.instance_class)
        if self.max_allocated_storage is not None:
            check_storage(STORAGE_GIB[0], self.max_allocated_storage)
        if self.home is not None:
            at_least("home.subnet_ids", self.home.subnet_ids, 2, "RDS wants subnets in two zones")
        chosen = self.multi_az and self.availability_zone is not None
        need(not chosen, "availability_zone", "one", "None with multi_az: AWS chooses both zones")
        need(self.lag_seconds > 0, "lag_seconds", self.lag_seconds, "above 0")
        if self.facts.dialect.iam:
            need(self.mode is None, "mode", repr(self.mode), f"None with {self.engine}")
        else:
            one_of("mode", self.mode, REPLICA_MODES)
            need(not self.iam_authentication, "iam_authentication", "true", f"false with {self.engine}")
        check_options(self.engine, self.options)
        if isinstance(self.source, str):
            self._check_source(self.source)

    def _check_source(self, source: str) -> None:
        if self.home is None:
            allowed = "an identifier, or home: an ARN names an instance of another region"
            need(not source.startswith("arn:"), "source", repr(source), allowed)
            return
        found = INSTANCE_ARN.fullmatch(source)
        need(bool(found), "source", repr(source), "the ARN of a DB instance, across regions")
        away = found is None or found["region"] != self.home.region
        need(away, "home.region", repr(self.home.region), "another than the source's")


class RdsReplica(pulumi.ComponentResource):
    """A read replica of a DB instance.

    Creates: the replica, its parameter group, role for Enhanced Monitoring; in another region also a subnet group; with a topic,
    an alarm on its lag. Survives: with `home`, the loss of the source's region, by promotion (minutes; data as old as the
    replica's lag is lost). Costs: an instance and its storage, and the transfer between regions. Source:
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html
    """

    endpoint: pulumi.Output[str]
    address: pulumi.Output[str]
    arn: pulumi.Output[str]
    identifier: pulumi.Output[str]
    option_group: aws.rds.OptionGroup | None
    """Of `options`: who promotes the replica gives it the group."""
    recovery_fact: Fact
    """As the replica of an instance that another stack declares; in the instance's own stack it belongs to that one's fact, among
    its `replicas`."""

    def __init__(self, name: str, args: RdsReplicaArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:data:RdsReplica", name, {}, handed_down(opts))
        home = args.home
        region = home.region if home else None
        subnets = groups.subnet_group(name, home.subnet_ids, args.tags, self, region) if home else None
        key = home.kms_key_arn if home else None
        parameters = groups.parameter_group(name, args, self, region)
        identifier = groups.identifier(args, parameters.name, "-parameters")
        insights_key = key if home else args.insights_key_arn
        logs = groups.log_groups(
            name, "instance", identifier, args, self, key_arn=insights_key, region=region
        )
        options = oracle.option_group(name, args, args.options, self, region) if args.options else None
        made = aws.rds.Instance(
            f"{name}-db",
            identifier=identifier,
            replicate_source_db=args.source,
            replica_mode=args.mode,
            instance_class=args.instance_class,
            multi_az=args.multi_az,
            availability_zone=args.availability_zone,
            # Subnets and key of a replica in its source's region are the source's.
            db_subnet_group_name=subnets.name if subnets else None,
            kms_key_id=key,
            storage_type="gp3",
            max_allocated_storage=args.max_allocated_storage,
            publicly_accessible=False,
            parameter_group_name=parameters.name,
            backup_window=args.preferred_backup_window,
            maintenance_window=args.preferred_maintenance_window,
            iam_database_authentication_enabled=args.iam_authentication,
            database_insights_mode=args.insights_mode,
            # AWS makes no snapshot of a replica at its deletion: its source has the data. Promoted, it leaves its backups.
            skip_final_snapshot=True,
            delete_automated_backups=False,
            # A replica must not run ahead of, or fall behind, its source.
            auto_minor_version_upgrade=False,
            ca_cert_identifier=args.ca_cert_identifier,
            region=region,
            tags=args.tags.store(f"{name}-db"),
            **database.kept(args),
            **database.insights(args, insights_key),
            **groups.monitoring(name, args, self),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args.protect,
                depends_on=logs,
                ignore_changes=[
                    # Promoting the replica, in a failover, ends replication.
                    "replicate_source_db",
                    # A failover of a Multi-AZ replica swaps its zones.
                    *(["availability_zone"] if args.multi_az else []),
                    # Who promotes one of Oracle ends its mode, too, and gives it its option group.
                    *(["replica_mode", "option_group_name"] if args.mode else []),
                ],
            ),
        )
        groups.event_subscription(name, "db-instance", made.identifier, args, self, region=region)
        self._lag(name, args, made.identifier, region)
        self.option_group = options
        self.endpoint = made.endpoint
        self.address = made.address
        self.arn = made.arn
        self.identifier = made.identifier
        self.recovery_fact = fact(
            "rds",
            f"{name}-db",
            args.tags.store(""),
            region=region,
            role="replica",
            multi_az=args.multi_az,
            retention_days=args.backup_retention_days,
            group=pulumi.Output.concat("rds:", args.source),
        )
        outputs.register(self, "endpoint", "arn", "identifier")

    def _lag(
        self, name: str, args: RdsReplicaArgs, identifier: pulumi.Output[str], region: str | None
    ) -> None:
        """Tell the topic when replication is late or, which RDS reports as -1 s, stands still.

        Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.Monitoring.html
        """
        if args.event_topic_arn is None:
            return
        late = args.lag_seconds
        lag = Metric(
            namespace="AWS/RDS",
            name="ReplicaLag",
            statistic="Maximum",
            dimensions={"DBInstanceIdentifier": identifier},
        )
        alarm(
            f"{name}-lag",
            Expression(
                expression=f"IF(lag < 0, {late:g} + 1, lag)",
                label="Seconds behind the source",
                metrics={"lag": lag},
            ),
            Comparison.ABOVE,
            late,
            periods=LAG_PERIODS,
            # A promoted replica reports none any more.
            missing=Missing.NOT_BREACHING,
            description=f"{name} is more than {late:g} s behind its source, or replicates no more",
            tags=args.tags,
            actions=[args.event_topic_arn],
            region=region,
            opts=pulumi.ResourceOptions(parent=self),
        )
