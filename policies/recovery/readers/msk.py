"""MSK clusters.

https://docs.aws.amazon.com/msk/latest/developerguide/msk-replicator.html
"""

from __future__ import annotations

from typing import Any

from policies.graph import Graph, Resource, Unknown, both
from policies.graph.zones import zones
from policies.recovery.model import NOTHING, I, Option, Z, survive
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit
from policies.recovery.ways import by_itself, failover, follower, new_endpoint, present

from .common import at_least, unit

KIND = "msk"
CLUSTER, SERVERLESS = "aws:msk/cluster:Cluster", "aws:msk/serverlessCluster:ServerlessCluster"
REPLICATOR = "aws:msk/replicator:Replicator"
_ENOUGH = 3
"""Replication factor 3 with min.insync.replicas 2 needs three zones to go on writing when one is lost."""


def read(graph: Graph) -> list[Unit]:
    """One unit for each cluster; replicators are options of the clusters they connect."""
    found = []
    for r in graph.of(CLUSTER):
        facts: dict[str, Any] = {
            "brokers": r.number("numberOfBrokerNodes"),
            "zones": zones(graph, r, "brokerNodeGroupInfo.clientSubnets", apart=True),
            "replicas": _replicas(graph, r),
        }
        found.append(_unit(graph, r, facts))
    for r in graph.of(SERVERLESS):
        facts = {"brokers": _ENOUGH, "zones": _ENOUGH, "replicas": _replicas(graph, r)}
        found.append(_unit(graph, r, facts))
    return found


def _unit(graph: Graph, r: Resource, facts: dict[str, Any]) -> Unit:
    fed = any(
        r in _clusters(graph, x) and r not in _sources(graph, x) and _sources(graph, x)
        for x in graph.of(REPLICATOR)
    )
    return unit(graph, KIND, r, facts, role="replica" if fed and not facts["replicas"] else "active")


def _clusters(graph: Graph, replicator: Resource) -> list[Resource]:
    return graph.linked(replicator, "kafkaClusters", CLUSTER, SERVERLESS)


def _sources(graph: Graph, replicator: Resource) -> list[Resource]:
    """The clusters that a replicator reads from. Replicators run in the target's region."""
    arn = replicator.get("replicationInfoList.sourceKafkaClusterArn")
    if isinstance(arn, str):
        return graph.named([arn], CLUSTER, SERVERLESS)
    home = graph.region(replicator)
    return [c for c in _clusters(graph, replicator) if graph.region(c) != home]


def _replicas(graph: Graph, r: Resource) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for x in graph.of(REPLICATOR):
        if r not in _sources(graph, x):
            continue
        others = [c for c in _clusters(graph, x) if c is not r]
        region = (
            graph.region(others[0])
            if others
            else Unknown(f"{x.name}.replicationInfoList.targetKafkaClusterArn")
        )
        found.append({"region": region, "name": x.name})
    return found


def options(u: Unit, world: Surroundings) -> list[Option]:
    """Other brokers, and a replicator's target in another region."""
    figures = world.figures
    several = at_least(u.fact("brokers"), 2)
    wide = both(several, at_least(u.fact("zones", 1), _ENOUGH))
    election = failover(figures["msk.election"], u, "new partition leaders", "brokers over three zones")
    exactly = NOTHING.graded("D")
    found = present(
        [
            by_itself("other brokers", survive(I), exactly, election, several),
            by_itself("brokers in other zones", survive(I, Z), exactly, election, wide),
        ]
    )
    move = failover(figures["msk.switch"], u, "producers and consumers move")
    terms = (move, new_endpoint(u, world))
    return found + follower(u, "replicator's target", figures["msk.replicator_lag"], terms)
