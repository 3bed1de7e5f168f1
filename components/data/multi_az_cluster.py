"""An RDS Multi-AZ DB cluster: a writer and two readable standbys in three zones."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import outputs
from components.checks import between, need, one_of
from components.data import checks, database, groups
from components.data.database_args import OwnDatabaseArgs
from components.data.engines import MULTI_AZ_CLUSTER
from components.options import handed_down

ZONES = 3
STORAGE_GIB = (100, 65_536)
"""gp3 and io1 of a Multi-AZ DB cluster.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/create-multi-az-db-cluster.html
"""
STORAGE_TYPES = ("gp3", "io1", "io2")
PROVISIONED = ("io1", "io2")


@dataclass(frozen=True, kw_only=True)
class RdsMultiAzClusterArgs(OwnDatabaseArgs):
    """What a Multi-AZ DB cluster needs; its subnets lie in exactly three zones."""

    ENGINES = MULTI_AZ_CLUSTER

    instance_class: str = "db.m6gd.large"
    """Class of all three instances; classes with local disks ("d") commit faster."""
    storage_type: str = "gp3"
    """gp3, io1 or io2."""
    allocated_storage: int = 100
    """GiB, 100 to 65,536."""
    iops: int | None = None
    """Provisioned operations a second; needed for io1 and io2."""

    def check(self) -> None:
        """Raise ArgumentError on an argument that AWS would refuse or that undoes resilience."""
        super().check()
        checks.instance_class(self.instance_class)
        between("subnet_ids", len(self.subnet_ids), ZONES, ZONES, "zones")
        one_of("storage_type", self.storage_type, STORAGE_TYPES)
        between("allocated_storage", self.allocated_storage, *STORAGE_GIB, "GiB")
        given = self.storage_type not in PROVISIONED or self.iops is not None
        need(given, "iops", "None", f"1000 or more with storage_type {self.storage_type!r}")


class RdsMultiAzCluster(pulumi.ComponentResource):
    """A Multi-AZ DB cluster.

    Creates: the cluster, whose writer and two readable standbys AWS places in three zones, subnet group,
    parameter group, role for Enhanced Monitoring, and the secret with the master password and its rotation.

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
        super().__init__("holdfast:data:RdsMultiAzCluster", name, {}, handed_down(opts))
        secret = database.master_secret(name, args, self)
        subnets, identifier, logs = groups.home(name, "cluster", args, self)
        parameters = groups.cluster_parameter_group(name, args, self)
        made = aws.rds.Cluster(
            f"{name}-cluster",
            cluster_identifier=identifier,
            db_cluster_instance_class=args.instance_class,
            tags=args.tags.store(f"{name}-cluster"),
            storage_type=args.storage_type,
            allocated_storage=args.allocated_storage,
            iops=args.iops,
            ca_certificate_identifier=args.ca_cert_identifier,
            auto_minor_version_upgrade=args.auto_minor_version_upgrade,
            **database.own_cluster(args, subnets, parameters, secret),
            **groups.monitoring(name, args, self),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args.protect,
                depends_on=logs,
                ignore_changes=[
                    # AWS places the three instances; a change would replace the cluster.
                    "availability_zones",
                    # Read at creation only; a change would replace the cluster.
                    "database_name",
                    "master_username",
                ],
            ),
        )
        database.rotated(
            name,
            args,
            secret,
            kind="cluster",
            identifier=made.cluster_identifier,
            databases=[made],
            parent=self,
        )
        groups.event_subscription(name, "db-cluster", made.cluster_identifier, args, self)
        self.endpoint = made.endpoint
        self.reader_endpoint = made.reader_endpoint
        self.port = args.facts.port
        self.cluster_arn = made.arn
        self.cluster_identifier = made.cluster_identifier
        self.secret_arn = secret.arn
        outputs.register(
            self, "endpoint", "reader_endpoint", "cluster_arn", "cluster_identifier", "secret_arn"
        )
