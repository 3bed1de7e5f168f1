"""S3 buckets: versions, replication, continuous backup.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html
"""

from __future__ import annotations

from typing import Any

from policies.graph import Graph, Resource, Unknown
from policies.recovery.model import NOTHING, Estimate, I, Option, R, X, Z, survive
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit
from policies.recovery.ways import always_on, backups, failover, unsure_of

from .backup import backups_of
from .common import unit

KIND = "s3"
BUCKETS = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
VERSIONING = ("aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2")
REPLICATION = ("aws:s3/bucketReplicationConfig:BucketReplicationConfig",)


def read(graph: Graph) -> list[Unit]:
    """One unit for each bucket."""
    return [_bucket(graph, r) for r in graph.of(*BUCKETS)]


def _versioned(graph: Graph, r: Resource) -> bool | Unknown:
    for v in graph.users(r, "bucket", *VERSIONING):
        status = v.get("versioningConfiguration.status")
        if isinstance(status, Unknown) or status == "Enabled":
            return status if isinstance(status, Unknown) else True
    return r.flag("versioning.enabled")


def _bucket(graph: Graph, r: Resource) -> Unit:
    configs = graph.users(r, "bucket", *REPLICATION)
    replicas = [x for c in configs for x in _replicas(graph, c, "rules")]
    replicas += _replicas(graph, r, "replicationConfiguration.rules")
    follows = not replicas and any(
        r in graph.linked(c, "rules", r.type) for c in graph.of(*REPLICATION) if c not in configs
    )
    name = r.get("bucket")
    facts = {"versioned": _versioned(graph, r), "replicas": replicas, "backups": backups_of(graph, r)}
    keys = frozenset({f"{KIND}:{name}"}) if isinstance(name, str) else frozenset[str]()
    return unit(graph, KIND, r, facts, keys=keys, role="replica" if follows else "active")


def _replicas(graph: Graph, holder: Resource, path: str) -> list[dict[str, Any]]:
    rules = holder.rows(path)
    if isinstance(rules, Unknown):
        return [{"region": rules, "time_control": False, "versioned": False}]
    found = []
    for i, rule in enumerate(rules):
        if isinstance(rule, Unknown):
            found.append({"region": rule, "time_control": False, "versioned": False})
            continue
        here = f"{path}.{i}"
        if rule.get("status") == "Disabled" or holder.get(f"{path}.{i}.filter.prefix") or rule.get("prefix"):
            continue  # a rule for some of the objects doesn't bring the bucket back
        arn = holder.get(f"{here}.destination.bucket")
        source = graph.linked(holder, "bucket", *BUCKETS) if path == "rules" else [holder]
        targets = graph.named([arn], *BUCKETS) if isinstance(arn, str) else []
        targets = targets or [b for b in graph.linked(holder, path, *BUCKETS) if b not in source]
        found.append(
            {
                "region": graph.region(targets[0])
                if targets
                else Unknown(f"{holder.name}.{here}.destination.bucket (its region)"),
                "bucket": arn.rsplit(":", 1)[-1] if isinstance(arn, str) else None,
                "time_control": _enabled(holder, f"{here}.destination.replicationTime.status"),
                "versioned": _versioned(graph, targets[0]) if targets else False,
            }
        )
    return found


def _enabled(holder: Resource, path: str) -> bool | Unknown:
    status = holder.get(path)
    return status if isinstance(status, Unknown) else status == "Enabled"


def options(u: Unit, world: Surroundings) -> list[Option]:
    """The service itself, earlier versions, replicas, backups."""
    figures = world.figures
    found = [always_on(u, figures["s3.regional"])]
    versioned = u.fact("versioned", False)
    rollback = failover(
        figures["s3.rollback"], u, "earlier versions are put back", "script and rehearse the roll-back"
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
    where = "another region" if isinstance(region, Unknown) else region
    found = []
    if region != u.region:
        found.append(
            Option(
                name=f"replica in {where}",
                survives=survive(I, Z, R),
                rpo=lag,
                unsure=unsure_of(region),
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
                unsure=unsure_of(kept),
                vague=unsure_of(controlled),
            )
        )
    return found
