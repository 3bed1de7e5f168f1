"""RDS instances and Multi-AZ clusters.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.html
"""

from __future__ import annotations

from policies.graph import Graph, Resource, Unknown
from policies.graph.zones import zone_of
from policies.recovery.model import NOTHING, I, Option, R, X, Z, survive
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit
from policies.recovery.ways import (
    backups,
    database_restore,
    endpoint,
    failover,
    new_endpoint,
    pitr,
    present,
    unsure_of,
)

from .backup import backups_of
from .common import at_least, days, unit

KIND, CLUSTER_KIND = "rds", "rds-cluster"
INSTANCE, CLUSTER = "aws:rds/instance:Instance", "aws:rds/cluster:Cluster"
REPLICATION = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
PROXY_TARGET = "aws:rds/proxyTarget:ProxyTarget"


def is_aurora(cluster: Resource) -> bool | Unknown:
    """A Multi-AZ cluster of RDS has the same resource type as an Aurora cluster; its engine tells them apart."""
    engine = cluster.get("engine", "")
    if isinstance(engine, Unknown):
        return cluster.get("dbClusterInstanceClass") is None
    return str(engine).startswith("aurora") or not engine


def read(graph: Graph) -> list[Unit]:
    """Instances that stand alone or lead replicas, and Multi-AZ clusters."""
    found = [_instance(graph, r) for r in graph.of(INSTANCE) if r.get("replicateSourceDb") is None]
    found += [
        _follower(graph, r)
        for r in graph.of(INSTANCE)
        if r.get("replicateSourceDb") is not None and not graph.linked(r, "replicateSourceDb", INSTANCE)
    ]
    return found + [_cluster(graph, r) for r in graph.of(CLUSTER) if not is_aurora(r)]


def _instance(graph: Graph, r: Resource) -> Unit:
    replicas = [
        {
            "region": graph.region(replica),
            "zone": zone_of(graph, replica),
            "name": replica.name,
        }
        for replica in graph.users(r, "replicateSourceDb", INSTANCE)
    ]
    copies = [
        {"region": graph.region(c), "retention_s": days(c.number("retentionPeriod", 7))}
        for c in graph.users(r, "sourceDbInstanceArn", REPLICATION)
    ]
    facts = {
        "multi_az": r.flag("multiAz"),
        "zone": zone_of(graph, r),
        "retention_days": r.number("backupRetentionPeriod", 0),
        "allocated_gib": r.number("allocatedStorage"),
        "proxy": bool(graph.users(r, "dbInstanceIdentifier", PROXY_TARGET)),
        "replicas": replicas,
        "log_copies": copies,
        "backups": backups_of(graph, r),
    }
    keys = frozenset(f"{KIND}:{v}" for k in ("arn", "identifier") if isinstance(v := r.get(k), str))
    owned = [x.urn for x in graph.users(r, "replicateSourceDb", INSTANCE)]
    return unit(graph, KIND, r, facts, keys=keys, owned=owned)


def _follower(graph: Graph, r: Resource) -> Unit:
    """A read replica whose source is in another stack: it may have a standby and backups of its own."""
    source = r.get("replicateSourceDb")
    keys = frozenset({f"{KIND}:{source}"}) if isinstance(source, str) else frozenset[str]()
    vague = (source.path,) if isinstance(source, Unknown) else ()
    said = (f"source of the read replica {r.name}",)
    facts = {
        "multi_az": r.flag("multiAz"),
        "zone": zone_of(graph, r),
        "retention_days": r.number("backupRetentionPeriod", 0),
        "allocated_gib": r.number("allocatedStorage"),
        "backups": backups_of(graph, r),
    }
    return unit(graph, KIND, r, facts, keys=keys, vague=vague, role="replica", elsewhere=said)


def _cluster(graph: Graph, r: Resource) -> Unit:
    facts = {
        "retention_days": r.number("backupRetentionPeriod", 1),
        "allocated_gib": r.number("allocatedStorage"),
        "proxy": bool(graph.users(r, "dbClusterIdentifier", PROXY_TARGET)),
        "backups": backups_of(graph, r),
    }
    return unit(graph, CLUSTER_KIND, r, facts)


def options(u: Unit, world: Surroundings) -> list[Option]:
    """Every way back that the instance, its replicas and its backups give."""
    figures = world.figures
    multi_az = u.fact("multi_az", False)
    standby = Option(
        name="Multi-AZ standby",
        survives=survive(I, Z),
        rpo=NOTHING,
        terms=(failover(figures["rds.multi_az"], u, "fails over to its standby"), *endpoint(u, world)),
        managed=True,
        manual=False,
        unsure=unsure_of(multi_az),
    )
    host = Option(
        name="replacement of the host",
        survives=survive(I),
        rpo=figures["rds.host_loss"],
        terms=(
            failover(
                figures["rds.host_replacement"], u, "a single instance's host is replaced", "multi_az=True"
            ),
        ),
        managed=True,
        manual=False,
    )
    found = present([standby if multi_az is not False else None, host])
    found += [_replica(u, world, r) for r in u.fact("replicas", [])]
    found += [_replica(u, world, {"region": s.region, "name": s.name}) for s in world.siblings(u)]
    return found + _copies(u, world) + point_in_time(u, world)


def _replica(u: Unit, world: Surroundings, replica: dict[str, object]) -> Option:
    away = replica.get("region") != u.region
    zone, own = replica.get("zone"), u.fact("zone")
    apart = isinstance(zone, str) and isinstance(own, str) and zone != own
    maybe = isinstance(zone, Unknown) or isinstance(own, Unknown)
    reach = survive(I, Z, R) if away else survive(I, Z) if apart or maybe else survive(I)
    where = f"read replica in {replica.get('region')}" if away else "read replica"
    why = f"{replica.get('name', where)} is promoted"
    return Option(
        name=where,
        survives=reach,
        rpo=world.figures["rds.replica_lag"],
        terms=(failover(world.figures["rds.promote_replica"], u, why), new_endpoint(u, world)),
        unsure=unsure_of(zone, own) if maybe and not away else (),
        automation="rds-replica" if away else "",
    )


def _copies(u: Unit, world: Surroundings) -> list[Option]:
    time, vague = database_restore(u, world)
    return [
        Option(
            name=f"replicated backups in {copy['region']}",
            survives=survive(I, Z, R, X),
            rpo=world.figures["rds.pitr_lag"] + world.figures["rds.log_copy"],
            terms=(failover(time, u, "restore in the other region"), new_endpoint(u, world)),
            retention=copy.get("retention_s"),
            vague=vague,
        )
        for copy in u.fact("log_copies", [])
        if copy["region"] != u.region
    ]


def point_in_time(u: Unit, world: Surroundings) -> list[Option]:
    """PITR from automated backups, and the backups of AWS Backup."""
    restore = database_restore(u, world)
    kept = u.fact("retention_days", 0)
    found = backups(u, world, restore)
    if at_least(kept, 1) is not False:
        seconds = days(kept)
        found.append(
            pitr(u, world, lag="rds.pitr_lag", retention=0 if seconds is None else seconds, restore=restore)
        )
    return found


def cluster_options(u: Unit, world: Surroundings) -> list[Option]:
    """Every way back of a Multi-AZ cluster."""
    promoted = Option(
        name="Multi-AZ cluster's reader",
        survives=survive(I, Z),
        rpo=NOTHING,
        terms=(
            failover(world.figures["rds.multi_az_cluster"], u, "a reader is promoted"),
            *endpoint(u, world),
        ),
        managed=True,
        manual=False,
    )
    return [promoted, *point_in_time(u, world)]
