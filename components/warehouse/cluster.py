"""A Redshift cluster that a zone's loss leaves standing."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components import outputs
from components.facts import Fact, fact
from components.options import handed_down
from components.warehouse.alarms import declare_alarms
from components.warehouse.args import WarehouseArgs
from components.warehouse.groups import PORT, WarehouseGroups

FAMILY = "redshift-1.0"
"""https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateClusterParameterGroup.html"""
PARAMETERS = {"enable_user_activity_logging": "true", "require_ssl": "true"}
LOGS = ("connectionlog", "useractivitylog", "userlog")
MASTER = "holdfast"


class Warehouse(pulumi.ComponentResource):
    """A private cluster of RA3 nodes, in two of three zones or with leave to be moved to another one.

    Creates: the cluster (encrypted, entered by TLS alone, its administrator's password kept and rotated by Secrets Manager, what it loads
    and unloads sent through the VPC), its subnet group and parameter group, a security group of its own and one for its clients, logs of
    connections, users and queries, the schedule of its snapshots where it isn't Redshift's own, their copying to the other region where
    that is asked for, alarms.
    Survives: an instance; a zone without loss. Not the region: snapshots do, of which another cluster is restored. Costs: nodes by the
    hour, twice with Multi-AZ; storage; snapshots and their copies; logs; alarms. Source:
    https://docs.aws.amazon.com/redshift/latest/mgmt/managing-cluster-multi-az.html
    """

    identifier: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    """Host name and port, inside the VPC."""
    secret_arn: pulumi.Output[str]
    """Of the administrator's user name and password."""
    clients_id: pulumi.Output[str]
    """The security group whose members may open connections."""
    alarms: dict[str, pulumi.Output[str]]
    recovery_fact: Fact

    def __init__(self, name: str, args: WarehouseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:warehouse:Warehouse", name, {}, handed_down(opts))
        self._name, self._args, self._child = name, args, pulumi.ResourceOptions(parent=self)
        groups = WarehouseGroups(f"{name}-sg", args.vpc_id, args.tags, self._child)
        made = self._cluster(self._subnets(), self._parameters(), groups)
        self._log(made)
        self._snapshots(made)
        self.identifier, self.endpoint = made.cluster_identifier, made.endpoint
        self.secret_arn, self.clients_id = made.master_password_secret_arn, groups.clients_id
        self.alarms = declare_alarms(name, args, identifier=made.cluster_identifier, opts=self._child)
        self.recovery_fact = fact(
            "redshift",
            f"{name}-cluster",
            args.tags.store(""),
            multi_az=args.multi_az,
            relocation=not args.multi_az,
            nodes=args.nodes,
            snapshot_days=args.keep_days,
            snapshot_s=args.gap_s,
            snapshot_copies=args.copies,
        )
        outputs.register(self, "identifier", "endpoint", "secret_arn", "clients_id")

    def _subnets(self) -> aws.redshift.SubnetGroup:
        args, name = self._args, f"{self._name}-subnets"
        return aws.redshift.SubnetGroup(
            name,
            subnet_ids=[args.subnet_ids[zone] for zone in sorted(args.subnet_ids)],
            description=f"Subnets of {args.identifier}",
            tags=args.tags.resource(name),
            opts=self._child,
        )

    def _parameters(self) -> aws.redshift.ParameterGroup:
        name = f"{self._name}-parameters"
        return aws.redshift.ParameterGroup(
            name,
            family=FAMILY,
            description=f"Parameters of {self._args.identifier}: TLS required",
            parameters=[{"name": key, "value": value} for key, value in PARAMETERS.items()],
            tags=self._args.tags.resource(name),
            opts=self._child,
        )

    def _cluster(
        self,
        subnets: aws.redshift.SubnetGroup,
        parameters: aws.redshift.ParameterGroup,
        groups: WarehouseGroups,
    ) -> aws.redshift.Cluster:
        args, name = self._args, f"{self._name}-cluster"
        return aws.redshift.Cluster(
            name,
            cluster_identifier=args.identifier,
            cluster_type="multi-node",
            node_type=args.node_type,
            number_of_nodes=args.nodes,
            multi_az=args.multi_az,
            # A cluster of two zones is not moved to a third one: AWS and the provider take one of both.
            availability_zone_relocation_enabled=not args.multi_az,
            database_name=args.database_name,
            master_username=MASTER,
            manage_master_password=True,
            master_password_secret_kms_key_id=args.key_arn,
            encrypted="true",
            kms_key_id=args.key_arn,
            port=PORT,
            publicly_accessible=False,
            enhanced_vpc_routing=True,
            cluster_subnet_group_name=subnets.name,
            cluster_parameter_group_name=parameters.name,
            vpc_security_group_ids=[groups.warehouse_id],
            automated_snapshot_retention_period=args.keep_days,
            snapshot_identifier=args.snapshot,
            skip_final_snapshot=False,
            final_snapshot_identifier=f"{args.identifier}-final",
            tags=args.tags.store(name),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args.protect,
                ignore_changes=[
                    # Redshift chooses the zones, and others when one is lost.
                    "availability_zone",
                    # Restoring is done once; another snapshot here would replace the cluster.
                    "snapshot_identifier",
                    # Read at creation only, and a restored cluster has its source's; a change would replace it.
                    "database_name",
                    "master_username",
                ],
            ),
        )

    def _log(self, cluster: aws.redshift.Cluster) -> None:
        """Into groups of the names that Redshift writes to, made beforehand: it would keep them for ever, under no key of ours."""
        args = self._args
        groups = [
            aws.cloudwatch.LogGroup(
                f"{self._name}-{kind}",
                name=f"/aws/redshift/cluster/{args.identifier}/{kind}",
                retention_in_days=args.log_days,
                kms_key_id=args.key_arn,
                tags=args.tags.resource(f"{self._name}-{kind}"),
                opts=self._child,
            )
            for kind in LOGS
        ]
        aws.redshift.Logging(
            f"{self._name}-logging",
            cluster_identifier=cluster.cluster_identifier,
            log_destination_type="cloudwatch",
            log_exports=list(LOGS),
            opts=pulumi.ResourceOptions(parent=self, depends_on=groups),
        )

    def _snapshots(self, cluster: aws.redshift.Cluster) -> None:
        args = self._args
        if args.schedule is not None:
            schedule = aws.redshift.SnapshotSchedule(
                f"{self._name}-schedule",
                identifier=args.identifier,
                description=f"Snapshots of {args.identifier}",
                definitions=[args.schedule],
                tags=args.tags.resource(f"{self._name}-schedule"),
                opts=self._child,
            )
            aws.redshift.SnapshotScheduleAssociation(
                f"{self._name}-scheduled",
                cluster_identifier=cluster.cluster_identifier,
                schedule_identifier=schedule.identifier,
                opts=self._child,
            )
        if args.copied is not None:
            aws.redshift.SnapshotCopy(
                f"{self._name}-copy",
                cluster_identifier=cluster.cluster_identifier,
                destination_region=args.copied.region,
                snapshot_copy_grant_name=args.copied.grant,
                retention_period=args.keep_days,
                # Manual snapshots are copied too, AWS Backup's among them: the copies would stay for ever.
                manual_snapshot_retention_period=args.keep_days,
                opts=self._child,
            )
