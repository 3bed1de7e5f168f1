"""ElastiCache: replication groups, single clusters, serverless caches, Global Datastores.

https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html
"""

from __future__ import annotations

from policies.graph import Graph, Resource, Unknown, both
from policies.recovery.model import Estimate, I, Option, R, X, Z, survive
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit
from policies.recovery.ways import by_itself, failover, new_endpoint, present, unsure_of

from .common import at_least, days, unit
from .regionswitch import FUNCTION

KIND = "elasticache"
GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
GLOBAL = "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup"
CLUSTER = "aws:elasticache/cluster:Cluster"
SERVERLESS = "aws:elasticache/serverlessCache:ServerlessCache"
_MEMBERS = 2


def read(graph: Graph) -> list[Unit]:
    """Replication groups with their Global Datastore, caches that stand alone, serverless caches."""
    found = [_group(graph, r) for r in graph.of(GROUP)]
    for r in graph.of(CLUSTER):
        if r.get("replicationGroupId") is None:
            kept = r.number("snapshotRetentionLimit", 0)
            found.append(
                unit(graph, KIND, r, {"automatic_failover": False, "multi_az": False, "snapshot_days": kept})
            )
    for r in graph.of(SERVERLESS):
        kept = r.number("snapshotRetentionLimit", 0)
        found.append(
            unit(
                graph,
                KIND,
                r,
                {"automatic_failover": True, "multi_az": True, "members": 2, "snapshot_days": kept},
            )
        )
    return found


def _group(graph: Graph, r: Resource) -> Unit:
    # The provider computes it as well: at preview it is unknown for every group.
    joined = r.get("globalReplicationGroupId") if r.gives("globalReplicationGroupId") else None
    datastores = graph.linked(r, "globalReplicationGroupId", GLOBAL) + graph.users(
        r, "primaryReplicationGroupId", GLOBAL
    )
    keys = {f"{KIND}:{d.urn}" for d in datastores}
    names = [d.get("globalReplicationGroupId") for d in datastores] + [joined]
    keys |= {f"{KIND}:{n}" for n in names if isinstance(n, str)}
    vague = (joined.path,) if isinstance(joined, Unknown) and not datastores else ()
    replicas = r.number("replicasPerNodeGroup")
    members = r.number("numCacheClusters", None if replicas is None else 0)
    if isinstance(replicas, int | float):
        members = replicas + 1
    elif isinstance(replicas, Unknown):
        members = replicas
    led = graph.users(r, "primaryReplicationGroupId", GLOBAL)
    # Who joins is told neither: it takes both over from the datastore.
    own = joined is None or led or r.gives("automaticFailoverEnabled")
    facts = {
        "automatic_failover": r.flag("automaticFailoverEnabled") if own else None,
        "multi_az": r.flag("multiAzEnabled") if own else None,
        "members": 1 if members is None else members,
        "snapshot_days": r.number("snapshotRetentionLimit", 0),
    }
    return unit(
        graph,
        KIND,
        r,
        facts,
        keys=frozenset(keys),
        vague=vague,
        role="replica" if joined is not None and not led else "active",
        elsewhere=(f"Global Datastore of {r.name}",) if keys or vague else (),
        owned=[d.urn for d in datastores],
    )


def options(u: Unit, world: Surroundings) -> list[Option]:
    """Replicas, the Global Datastore's other members, snapshots."""
    figures = world.figures
    several = at_least(u.fact("members", 1), _MEMBERS)
    automatic = both(several, u.fact("automatic_failover", False))
    zones = both(automatic, u.fact("multi_az", False))
    promote = failover(figures["elasticache.failover"], u, "a replica is promoted")
    lag = figures["elasticache.lag"]
    found = present(
        [
            by_itself("replica", survive(I), lag, promote, automatic),
            by_itself("replica in another zone", survive(I, Z), lag, promote, zones),
        ]
    )
    found += [
        Option(
            name=f"Global Datastore's member in {sibling.region}",
            survives=survive(I, Z, R),
            rpo=figures["elasticache.global_lag"],
            terms=(
                failover(figures["elasticache.global_failover"], u, f"{sibling.name} is promoted"),
                new_endpoint(u, world),
            ),
            automation=FUNCTION,
        )
        for sibling in world.siblings(u)
    ]
    kept = u.fact("snapshot_days", 0)
    if at_least(kept, 1) is not False:
        daily = Estimate(0, 86400, "A") + figures["backup.job"]
        restore = failover(figures["restore.unrated"], u, "restore of the daily snapshot")
        found.append(
            Option(
                name="restore of a daily snapshot",
                survives=survive(I, Z, X),
                rpo=Estimate(daily.high, daily.high, daily.grade, daily.sources),
                terms=(restore, new_endpoint(u, world)),
                retention=days(kept),
                unsure=unsure_of(kept),
            )
        )
    return found
