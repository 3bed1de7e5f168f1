"""S3 buckets: versions, replication, continuous backup.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html
"""

from __future__ import annotations

from typing import Any

from policies.graph import Graph, Resource, Unknown
from policies.graph.buckets import BUCKETS, bucket_of, replications, versioned, whole
from policies.recovery.model import NOTHING, Estimate, I, Option, R, X, Z, survive
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit
from policies.recovery.ways import always_on, backups, failover, place, unsure_of

from .backup import backups_of
from .common import unit

KIND = "s3"


def read(graph: Graph) -> list[Unit]:
    """One unit for each bucket; one that others replicate to, and that replicates to none, is their replica."""
    copies = {
        b.urn
        for source in graph.of(*BUCKETS)
        for holder, rule in replications(graph, source)
        for b in _destinations(graph, source, holder, rule)
    }
    return [_bucket(graph, r, follows=r.urn in copies) for r in graph.of(*BUCKETS)]


def _bucket(graph: Graph, r: Resource, *, follows: bool) -> Unit:
    rules = replications(graph, r)
    replicas = [x for holder, rule in rules if (x := _replica(graph, r, holder, rule)) is not None]
    name = r.get("bucket")
    facts = {"versioned": versioned(graph, r), "replicas": replicas, "backups": backups_of(graph, r)}
    keys = frozenset({f"{KIND}:{name}"}) if isinstance(name, str) else frozenset[str]()
    return unit(graph, KIND, r, facts, keys=keys, role="replica" if follows and not rules else "active")


def _destinations(graph: Graph, source: Resource, holder: Resource, rule: str) -> list[Resource]:
    """The buckets of a rule: by its ARN, else those that the rules refer to."""
    found = bucket_of(graph, holder.get(f"{rule}.destination.bucket"))
    return [found] if found else [b for b in graph.linked(holder, rule, *BUCKETS) if b is not source]


def _replica(graph: Graph, source: Resource, holder: Resource, rule: str) -> dict[str, Any] | None:
    """Where a rule replicates to; None when it doesn't bring the whole bucket back."""
    covers = whole(graph, source, holder, rule)
    if covers is False:
        return None
    arn = holder.get(f"{rule}.destination.bucket")
    targets = _destinations(graph, source, holder, rule)
    status = holder.get(f"{rule}.destination.replicationTime.status")
    return {
        "region": graph.region(targets[0])
        if targets
        else Unknown(f"{holder.name}.{rule}.destination.bucket (its region)"),
        "bucket": arn.rsplit(":", 1)[-1] if isinstance(arn, str) else None,
        "whole": covers,
        "time_control": status if isinstance(status, Unknown) else status == "Enabled",
        "versioned": versioned(graph, targets[0]) if targets else False,
    }


def options(u: Unit, world: Surroundings) -> list[Option]:
    """The service itself, earlier versions, replicas, backups."""
    figures = world.figures
    found = [always_on(u, figures["s3.regional"])]
    versioned = u.fact("versioned", False)
    rollback = failover(
        figures["s3.rollback"],
        u,
        "earlier versions are put back",
        "the tag dr:measured-rto-seconds-corruption after a rehearsed roll-back",
    )
    if versioned is not False:
        found.append(
            Option(
                name="earlier versions",
                survives=survive(X),
                rpo=NOTHING,
                terms=(rollback,),
                unsure=unsure_of(versioned),
            )
        )
    for replica in u.fact("replicas", []):
        found += _replica_options(u, world, replica, rollback)
    restore = figures["restore.unrated"], ()
    return found + backups(u, world, restore)


def _replica_options(u: Unit, world: Surroundings, replica: dict[str, Any], rollback: Any) -> list[Option]:
    region = replica.get("region")
    if isinstance(region, Unknown) and replica.get("bucket"):
        region = world.region_of_key(f"{KIND}:{replica['bucket']}") or region
    rtc, crr = world.figures["s3.rtc"], world.figures["s3.crr"]
    controlled = replica.get("time_control", False)
    if isinstance(controlled, Unknown):
        lag = Estimate(rtc.low, crr.high, crr.grade, rtc.sources | crr.sources)
    else:
        lag = rtc if controlled else crr
    where = place(region)
    found = []
    if region != u.region:
        found.append(
            Option(
                name=f"replica in {where}",
                survives=survive(I, Z, R),
                rpo=lag,
                unsure=unsure_of(region, replica.get("whole", True)),
                vague=unsure_of(controlled),
                manual=False,
                managed=True,
            )
        )
    kept = replica.get("versioned", False)
    if kept is not False:
        # Deleting a version is not replicated, so the destination's versions survive at the source's end.
        found.append(
            Option(
                name=f"versions of the replica in {where}",
                survives=survive(X),
                rpo=lag,
                terms=(rollback,),
                unsure=unsure_of(kept, replica.get("whole", True)),
                vague=unsure_of(controlled),
            )
        )
    return found
