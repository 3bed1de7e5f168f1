"""Aurora DSQL clusters.

https://docs.aws.amazon.com/aurora-dsql/latest/userguide/disaster-recovery-resiliency.html
"""

from __future__ import annotations

from policies.graph import Graph, Resource, Unknown, arn_region
from policies.recovery.model import NOTHING, I, Option, R, Z, survive
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit
from policies.recovery.ways import always_on, backups, elsewhere

from .backup import backups_of
from .common import unit

KIND = "dsql"
CLUSTER, PEERING = "aws:dsql/cluster:Cluster", "aws:dsql/clusterPeering:ClusterPeering"


def read(graph: Graph) -> list[Unit]:
    """One unit for each region's cluster; peered clusters are its replicas."""
    found = []
    for r in graph.of(CLUSTER):
        replicas = [
            row for peering in graph.users(r, "identifier", PEERING) for row in _peers(graph, r, peering)
        ]
        found.append(unit(graph, KIND, r, {"replicas": replicas, "backups": backups_of(graph, r)}))
    return found


def _peers(graph: Graph, r: Resource, peering: Resource) -> list[dict[str, object]]:
    """Where a cluster's half of a peering leads; one that is at hand counts with a half of its own, without which neither serves."""
    peers = [c for c in graph.linked(peering, "clusters", CLUSTER) if c is not r]
    if peers:
        return [{"region": graph.region(p)} for p in peers if graph.users(p, "identifier", PEERING)]
    arns = peering.items("clusters")
    regions = [region for a in arns if (region := arn_region(a))] if isinstance(arns, list) else []
    if not regions:
        return [{"region": Unknown(f"{peering.name}.clusters")}]
    return [{"region": region} for region in regions]


def options(u: Unit, world: Surroundings) -> list[Option]:
    """Active in all zones, and in the regions it is peered with, without any loss."""
    found = [always_on(u, world.figures["dsql.failover"])]
    found += [
        Option(
            name=f"peered cluster in {where}",
            survives=survive(I, Z, R),
            rpo=NOTHING,
            managed=True,
            manual=False,
            unsure=unsure,
        )
        for _, where, unsure in elsewhere(u, u.fact("replicas", []))
    ]
    return found + backups(u, world, (world.figures["restore.unrated"], ()))
