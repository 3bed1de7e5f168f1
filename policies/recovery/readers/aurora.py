"""Aurora clusters, alone or in a global database; Neptune and DocumentDB clusters, which share its storage.

https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html
"""

from __future__ import annotations

from dataclasses import replace

from policies.graph import Graph, Resource, Unknown
from policies.graph.zones import spread
from policies.recovery.model import NOTHING, Estimate, I, Option, R, X, Z, survive
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit
from policies.recovery.ways import endpoint, failover, present, unsure_of

from .backup import backups_of
from .common import at_least, unit
from .rds import CLUSTER, PROXY_TARGET, is_aurora, point_in_time

KIND = "aurora"
_FAMILIES = (
    (
        CLUSTER,
        "aws:rds/clusterInstance:ClusterInstance",
        "aws:rds/globalCluster:GlobalCluster",
        "global-aurora",
    ),
    (
        "aws:neptune/cluster:Cluster",
        "aws:neptune/clusterInstance:ClusterInstance",
        "aws:neptune/globalCluster:GlobalCluster",
        "global-neptune",
    ),
    (
        "aws:docdb/cluster:Cluster",
        "aws:docdb/clusterInstance:ClusterInstance",
        "aws:docdb/globalCluster:GlobalCluster",
        "global-documentdb",
    ),
)
_MEMBERS = 2


def read(graph: Graph) -> list[Unit]:
    """One unit for each cluster; its instances and its global database belong to it."""
    return [
        _cluster(graph, r, instance, global_, block)
        for cluster, instance, global_, block in _FAMILIES
        for r in graph.of(cluster)
        if cluster != CLUSTER or is_aurora(r)
    ]


def _cluster(graph: Graph, r: Resource, instance: str, global_type: str, block: str) -> Unit:
    members = graph.users(r, "clusterIdentifier", instance)
    zones, left = spread(graph, members)
    identifier = r.get("globalClusterIdentifier")
    globals_ = graph.linked(r, "globalClusterIdentifier", global_type)
    globals_ += [g for g in graph.users(r, "sourceDbClusterIdentifier", global_type) if g not in globals_]
    keys, vague = set[str](), list[str]()
    for g in globals_:
        keys.add(f"{KIND}:{g.urn}")
        known = g.get("globalClusterIdentifier")
        if isinstance(known, str):
            keys.add(f"{KIND}:{known}")
    if isinstance(identifier, str):
        keys.add(f"{KIND}:{identifier}")
    elif isinstance(identifier, Unknown) and not globals_:
        vague.append(identifier.path)
    joined = bool(keys or vague)
    source = any(r.get(p) is not None for p in ("sourceRegion", "replicationSourceIdentifier"))
    # A cluster that joins a global database of another stack has no master user of its own.
    follows = joined and (source or (not globals_ and r.get("masterUsername") is None))
    facts = {
        "instances": len(members),
        "zones": zones,
        "placed_by_aws": left or None,
        "retention_days": r.number("backupRetentionPeriod", 1),
        "backtrack_s": r.number("backtrackWindow"),
        "proxy": bool(graph.users(r, "dbClusterIdentifier", PROXY_TARGET)),
        "backups": backups_of(graph, r),
        "assumed": block if block != "global-aurora" else None,
        "global": joined or None,
    }
    return unit(
        graph,
        KIND,
        r,
        facts,
        keys=frozenset(keys),
        vague=tuple(vague),
        role="replica" if follows else "active",
        elsewhere=(f"global database of {r.name}",) if joined else (),
        owned=[m.urn for m in members] + [g.urn for g in globals_],
    )


def options(u: Unit, world: Surroundings) -> list[Option]:
    """Readers, the global database's other members, backtrack, point in time, backups."""
    figures = world.figures
    zones, instances = u.fact("zones", 0), u.fact("instances", 0)
    promote = figures["aurora.promote"]
    if u.fact("proxy") is True:
        share = figures.figure("aurora.proxy_share")
        promote = Estimate(
            promote.low * share.low, promote.high * share.high, promote.grade, promote.sources | {share.key}
        )
    apart = at_least(zones, _MEMBERS)
    reader = Option(
        name="reader in another zone" if apart is not False else "reader in the same zone",
        survives=survive(I, Z) if apart is not False else survive(I),
        rpo=NOTHING,
        terms=(failover(promote, u, "a reader is promoted"), *endpoint(u, world)),
        managed=True,
        manual=False,
        unsure=unsure_of(apart),
        findings=(f"{u.name}: AWS chooses the zones of its instances",) if u.fact("placed_by_aws") else (),
    )
    same_zone = replace(reader, name="reader", survives=survive(I), unsure=())
    recreate = Option(
        name="writer recreated in its zone",
        survives=survive(I),
        rpo=NOTHING,
        terms=(
            failover(
                figures["aurora.recreate"],
                u,
                "the writer is recreated",
                "another aws.rds.ClusterInstance in another zone",
            ),
        ),
        managed=True,
        manual=False,
    )
    create = Option(
        name="instance created in another zone",
        survives=survive(Z),
        rpo=NOTHING,
        terms=(
            failover(
                figures["aurora.create_instance"],
                u,
                "an instance is created",
                "another aws.rds.ClusterInstance in another zone",
            ),
        ),
    )
    several = instances >= _MEMBERS
    found = present([reader if several else None, same_zone if several else None, recreate, create])
    found += _global(u, world) + _backtrack(u, world) + point_in_time(u, world)
    return [_assumed(o) for o in found] if u.fact("assumed") else found


def _assumed(option: Option) -> Option:
    """Neptune and DocumentDB: Aurora's figures, held as assumptions."""
    terms = tuple(replace(t, time=t.time.graded("D")) for t in option.terms)
    return replace(option, terms=terms, rpo=option.rpo.graded("D"))


def _global(u: Unit, world: Surroundings) -> list[Option]:
    found = []
    for sibling in world.siblings(u):
        time = world.figures["aurora.global_failover"]
        headless = sibling.fact("instances", 0) == 0
        if headless:
            time = time + world.figures["aurora.create_instance"]
        found.append(
            Option(
                name=f"global database's member in {sibling.region}",
                survives=survive(I, Z, R),
                rpo=world.figures["aurora.global_lag"],
                terms=(
                    failover(
                        time, u, f"fails over to {sibling.name}", "give it an instance" if headless else ""
                    ),
                    *endpoint(u, world),
                ),
                automation=u.fact("assumed", "global-aurora"),
            )
        )
    return found


def _backtrack(u: Unit, world: Surroundings) -> list[Option]:
    window = u.fact("backtrack_s")
    if at_least(window, 1) is False:
        return []
    return [
        Option(
            name="backtrack",
            survives=survive(X),
            rpo=world.figures["aurora.backtrack_point"],
            terms=(failover(world.figures["aurora.backtrack"], u, "the cluster is backtracked"),),
            retention=window,
            unsure=unsure_of(window),
        )
    ]
