"""Aurora DSQL clusters.

https://docs.aws.amazon.com/aurora-dsql/latest/userguide/disaster-recovery-resiliency.html
"""

from __future__ import annotations

from typing import Any

from policies.graph import Graph, Resource, Unknown, arn_region
from policies.recovery.model import NOTHING, I, Option, R, Z, survive
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit
from policies.recovery.ways import always_on, backups, elsewhere, failover

from .backup import backups_of
from .common import unit

KIND = "dsql"
CLUSTER, PEERING = "aws:dsql/cluster:Cluster", "aws:dsql/clusterPeering:ClusterPeering"


def read(graph: Graph) -> list[Unit]:
    """One unit for each region's cluster; peered clusters are its replicas."""
    found = []
    for r in graph.of(CLUSTER):
        halves = graph.users(r, "identifier", PEERING)
        facts = {
            "replicas": [row for half in halves for row in _peers(graph, r, half)],
            "backups": backups_of(graph, r) + [b for half in halves for b in _their_backups(graph, r, half)],
        }
        found.append(unit(graph, KIND, r, facts))
    return found


def _their_backups(graph: Graph, r: Resource, half: Resource) -> list[dict[str, Any]]:
    """Backups of the peers, which hold the same data: they lie in the peer's region, as if they were copies."""
    found = []
    for peer in _serving(graph, r, half):
        there = graph.region(peer)
        for backup in backups_of(graph, peer):
            lies = {"region": there, "retention_s": backup.get("retention_s")}
            found.append({**backup, "copies": [*backup.get("copies", []), lies]})
    return found


def _linked(graph: Graph, r: Resource, half: Resource) -> list[Resource]:
    return [c for c in graph.linked(half, "clusters", CLUSTER) if c is not r]


def _serving(graph: Graph, r: Resource, half: Resource) -> list[Resource]:
    """The peers at hand that have a half of the peering too."""
    return [c for c in _linked(graph, r, half) if graph.users(c, "identifier", PEERING)]


def _peers(graph: Graph, r: Resource, half: Resource) -> list[dict[str, object]]:
    """Where a cluster's half of a peering leads; one that is at hand counts with a half of its own, without which neither serves."""
    if _linked(graph, r, half):
        return [{"region": graph.region(p)} for p in _serving(graph, r, half)]
    arns = half.items("clusters")
    regions = [region for a in arns if (region := arn_region(a))] if isinstance(arns, list) else []
    if not regions:
        return [{"region": Unknown(f"{half.name}.clusters")}]
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
    back = failover(
        world.figures["dsql.copy_back"], u, "rows are copied back out of the restored cluster", "script it"
    )
    return found + backups(u, world, (world.figures["restore.unrated"], ()), then=back)
