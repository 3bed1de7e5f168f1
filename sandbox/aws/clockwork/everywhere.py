"""Aurora DSQL on the clock: one database with a cluster in each of two regions, both of which write, and a witness in a third.

What AWS's IAM decides, and roles that are granted in SQL, are not simulated: whoever reaches the cluster is let in.
Source: https://docs.aws.amazon.com/aurora-dsql/latest/userguide/disaster-recovery-resiliency.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.aws.client import ACCOUNT
from sandbox.aws.faults import TABLE

ACTIVE = "ACTIVE"


@dataclass(frozen=True)
class Cluster:
    """One region's cluster, with the names that an Aurora cluster has."""

    made: Any
    global_cluster_identifier: None = None
    """No region leads, so none is followed."""

    @property
    def region(self) -> str:
        """Where it is."""
        return str(self.made.region_name)

    @property
    def db_cluster_identifier(self) -> str:
        """What AWS calls it."""
        return str(self.made.identifier)

    @property
    def db_cluster_arn(self) -> str:
        """The ARN of the first of the peers: their rows are the same ones."""
        return min(self._peers)

    @property
    def own_arn(self) -> str:
        """Its own ARN, which AWS Backup knows it by."""
        return str(self.made.arn)

    @property
    def _peers(self) -> list[str]:
        return [self.made.arn, *((self.made.multi_region_properties or {}).get("clusters") or ())]

    @property
    def regions(self) -> set[str]:
        """Regions that have a say in a commit: the clusters' and the witness's."""
        witness = (self.made.multi_region_properties or {}).get("witnessRegion")
        return {*(arn.split(":")[3] for arn in self._peers), *([witness] if witness else ())}

    def refuses(self) -> str:
        """Why it neither reads nor writes now; empty when it does: itself, and most of the regions, must be there."""
        if TABLE.region_lost(self.region):
            return f"{self.region} is lost"
        self.made.advance()
        if self.made.status != ACTIVE:
            return f"{self.made.identifier} in {self.region} is {self.made.status}"
        there = [region for region in self.regions if not TABLE.region_lost(region)]
        if 2 * len(there) <= len(self.regions):
            return f"{self.made.identifier} in {self.region} can't commit: only {', '.join(there)} of its regions are there"
        return ""


def by_host(host: str, region: str) -> Cluster | None:
    """The cluster in a region that a host is a name of: its public one, or the private one where an endpoint has it."""
    from moto.dsql.models import dsql_backends

    for made in dsql_backends[ACCOUNT][region].clusters.values():
        service = made.endpoint_service_name
        private = f"{made.identifier}.{service.rpartition('.')[2]}.{region}.on.aws"
        if host == made.endpoint or (host == private and _endpoint(service, region)):
            return Cluster(made)
    return None


def tagged(region: str) -> Iterator[tuple[Cluster, Mapping[str, str]]]:
    """A region's clusters, and their tags."""
    from moto.dsql.models import dsql_backends

    for made in dsql_backends[ACCOUNT][region].clusters.values():
        yield Cluster(made), made.tags or {}


def _endpoint(service: str, region: str) -> bool:
    """Whether an interface endpoint gives the service's private names to its VPC."""
    from moto.ec2.models import ec2_backends

    found = ec2_backends[ACCOUNT][region].vpc_end_points.values()
    living = [each for each in found if each.state == "available"]
    return any(each.service_name == service and each.private_dns_enabled for each in living)


def by_arn(arn: str) -> Cluster | None:
    """A cluster by its ARN."""
    from moto.dsql.models import dsql_backends

    clusters = dsql_backends[ACCOUNT][arn.split(":")[3]].clusters.values()
    return next((Cluster(each) for each in clusters if each.arn == arn), None)
