"""An Aurora DSQL cluster, alone or peered with one in another region."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import outputs
from components.data.dsql_args import DsqlClusterArgs
from components.facts import Fact, fact
from components.operations import Comparison, Metric, Missing, alarm
from components.options import handed_down
from components.tags import Tags

PORT = 5432
"""https://docs.aws.amazon.com/aurora-dsql/latest/userguide/getting-started.html"""
_MINUTES, _BAD_MINUTES = 5, 3


@dataclass(frozen=True)
class _Side:
    """One region's cluster, as it is asked for."""

    name: str
    region: str
    kms_key_arn: pulumi.Input[str]
    topic_arn: pulumi.Input[str] | None
    elsewhere: str | None
    """Its region where that isn't the stack's own."""


def declare_timeouts(
    name: str,
    identifier: pulumi.Input[str],
    region: str,
    tags: Tags,
    topic_arn: pulumi.Input[str],
    *,
    elsewhere: str | None = None,
    opts: pulumi.ResourceOptions,
) -> None:
    """Declare the alarm on queries that time out in a cluster of that region; `elsewhere` is the region where it isn't the stack's own.

    Source: https://docs.aws.amazon.com/aurora-dsql/latest/userguide/cloudwatch-monitoring.html
    """
    alarm(
        name,
        Metric(
            namespace="AWS/AuroraDSQL",
            name="QueryTimeouts",
            statistic="Sum",
            dimensions={"ResourceId": identifier},
        ),
        Comparison.ABOVE,
        0,
        missing=Missing.NOT_BREACHING,  # a cluster that nobody uses has no values
        description=f"{name}: queries time out in {region}",
        tags=tags,
        actions=[topic_arn],
        periods=_MINUTES,
        datapoints=_BAD_MINUTES,
        region=elsewhere,
        opts=opts,
    )


class DsqlCluster(pulumi.ComponentResource):
    """An Aurora DSQL cluster (PostgreSQL's protocol) and its peer in another region: one database with two endpoints.

    Creates: the cluster with a customer key and protection against deletion; with `peer` the other region's too, both halves of their
    peering, and alarms on queries that time out in each region that names a topic. All of it belongs to the stack that founds the
    database: another stack reads identifiers and endpoints. No region leads, so nothing changes with the region that serves.

    Survives: an instance or a zone; a region with `peer`, at once and without loss: a commit is in two of the three regions, one of
    which only witnesses. Corruption by a backup, restored as a new cluster: there is no point in time in between.

    The peering needs both clusters, and each half waits until the other stands: `pulumi up --parallel 1` would wait in vain. The
    provider sends the peers that it last saw with every other change of a cluster: run `pulumi refresh` before one of its key or its
    protection.

    Costs: by use, no instances; with `peer` each write in both regions. Source:
    https://docs.aws.amazon.com/aurora-dsql/latest/userguide/configuring-multi-region-clusters.html
    """

    identifiers: dict[str, pulumi.Output[str]]
    """The cluster's identifier by region; known once the peering stands."""
    arns: dict[str, pulumi.Output[str]]
    endpoints: dict[str, pulumi.Output[str]]
    """Host name by region; sign in with IAM, over TLS, at `PORT`."""
    endpoint_services: dict[str, pulumi.Output[str]]
    """Name of the service that a VPC's interface endpoint connects to, by region."""
    port: int
    recovery_facts: list[Fact]
    """The cluster's and its peer's."""

    def __init__(self, name: str, args: DsqlClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:data:DsqlCluster", name, {}, handed_down(opts))
        self._name, self._args, self.port = name, args, PORT
        sides = [_Side(name, args.region, args.kms_key_arn, args.topic_arn, None)]
        if args.peer is not None:
            there = args.peer
            sides.append(
                _Side(f"{name}-peer", there.region, there.kms_key_arn, there.topic_arn, there.region)
            )
        made = {side.region: self._cluster(side) for side in sides}
        before = self._peerings(sides, made)
        for side in sides:
            self._alarm(side, made[side.region])
        self.arns = {region: cluster.arn for region, cluster in made.items()}
        self.identifiers = {
            region: outputs.once(cluster.identifier, *before) for region, cluster in made.items()
        }
        self.endpoints = {
            region: pulumi.Output.concat(identifier, f".dsql.{region}.on.aws")
            for region, identifier in self.identifiers.items()
        }
        self.endpoint_services = {
            region: cluster.vpc_endpoint_service_name for region, cluster in made.items()
        }
        self.recovery_facts = self._facts(sides)
        outputs.register(self, "identifiers", "arns", "endpoints", "endpoint_services", "port")

    def _cluster(self, side: _Side) -> aws.dsql.Cluster:
        args = self._args
        shared = (
            aws.dsql.ClusterMultiRegionPropertiesArgs(witness_region=args.peer.witness_region)
            if args.peer
            else None
        )
        return aws.dsql.Cluster(
            f"{side.name}-cluster",
            region=side.elsewhere,
            multi_region_properties=shared,
            kms_encryption_key=side.kms_key_arn,
            deletion_protection_enabled=args.deletion_protection,
            tags=args.tags.store(f"{side.name}-cluster"),
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )

    def _peerings(self, sides: list[_Side], made: dict[str, aws.dsql.Cluster]) -> list[pulumi.Output[str]]:
        """Both halves: each cluster is told of the other."""
        if self._args.peer is None:
            return []
        return [
            aws.dsql.ClusterPeering(
                f"{side.name}-peering",
                region=side.elsewhere,
                identifier=made[side.region].identifier,
                clusters=[cluster.arn for region, cluster in made.items() if region != side.region],
                witness_region=self._args.peer.witness_region,
                opts=pulumi.ResourceOptions(parent=self),
            ).id
            for side in sides
        ]

    def _alarm(self, side: _Side, cluster: aws.dsql.Cluster) -> None:
        if side.topic_arn is not None:
            declare_timeouts(
                f"{self._name}-{side.region}-timeouts",
                cluster.identifier,
                side.region,
                self._args.tags,
                side.topic_arn,
                elsewhere=side.elsewhere,
                opts=pulumi.ResourceOptions(parent=self),
            )

    def _facts(self, sides: list[_Side]) -> list[Fact]:
        tags = self._args.tags.store("")
        regions = [side.region for side in sides]
        return [
            fact(
                "dsql",
                f"{side.name}-cluster",
                tags,
                region=side.elsewhere,
                replicas=[{"region": other} for other in regions if other != side.region] or None,
            )
            for side in sides
        ]
