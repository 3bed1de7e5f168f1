"""Databases on the clock. Aurora: members that fail, readers that take over, endpoints that follow, rows that are written or refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sandbox.aws.client import ACCOUNT
from sandbox.aws.clockwork import everywhere, rows
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.extensions import _rds_endpoints
from sandbox.aws.faults import TABLE

FAILED: set[str] = set()
"""Instances whose host has failed, until it is replaced."""
AVAILABLE = "available"
_follows: dict[str, float] = {}
"""When a cluster's endpoint leads clients to its writer, by the cluster's ARN."""


def _backends() -> Any:
    from moto.rds.models import rds_backends

    return rds_backends[ACCOUNT]


def by_arn(arn: str) -> Any | None:
    """A cluster by its ARN."""
    clusters = _backends()[arn.split(":")[3]].clusters.values()
    return next((each for each in clusters if each.db_cluster_arn == arn), None) or everywhere.by_arn(arn)


def by_host(host: str, region: str) -> tuple[Any, bool] | None:
    """The cluster in a region whose endpoint a host is, and whether it is the one for writing; None: no such cluster."""
    clusters = _backends()[region].clusters
    # A name of AWS's begins with the cluster's own, unless that was changed meanwhile.
    named = clusters.get(host.partition(".")[0])
    for cluster in [named, *clusters.values()] if named is not None else clusters.values():
        if host in (writes := cluster.endpoint, cluster.reader_endpoint):
            return cluster, host == writes
    found = everywhere.by_host(host, region)
    return None if found is None else (found, True)


def told(region: str, host: str) -> Any | None:
    """The cluster that an application writes to."""
    found = by_host(host, region)
    return None if found is None else found[0]


def global_of(cluster: Any) -> Any | None:
    """The global database that a cluster is in."""
    name = cluster.global_cluster_identifier
    # moto keeps global clusters with one region's.
    return _backends()["us-east-1"].global_clusters.get(name) if name else None


def writing(cluster: Any) -> Any | None:
    """The cluster that writes for this one: itself, its global database's writer, or none."""
    whole = global_of(cluster)
    return cluster if whole is None else next((m for m in whole.members if m.is_writer), None)


def lives(instance: Any) -> bool:
    """Whether a member's host and zone are there."""
    return instance.status == AVAILABLE and instance.db_instance_identifier not in FAILED


def fail(instance_id: str, region: str) -> None:
    """A member's host fails: a reader takes over if it wrote, and the host is replaced. ValueError when there is no such member."""
    instance = _backends()[region].databases.get(instance_id)
    if instance is None:
        raise ValueError(f"database is {instance_id!r}, allowed is a DB instance in {region}")
    FAILED.add(instance_id)
    settle(region)
    # Where a reader lives, Aurora fails over first: the host comes back behind the new writer.
    first = ("aurora.promote",) if _has_reader(instance, region) else ()
    CLOCK.after(CLOCK.lasts("aurora.recreate", *first), lambda: FAILED.discard(instance_id))


def _has_reader(instance: Any, region: str) -> bool:
    cluster = _backends()[region].clusters.get(instance.db_cluster_identifier)
    return cluster is not None and any(lives(member) for member in cluster.members)


def settle(region: str) -> None:
    """Let RDS see what has failed in a region: whoever describes its clusters makes it look."""
    _backends()[region].describe_db_clusters()


def promoted(cluster: Any) -> None:
    """Another member writes from now on; clients find it when its endpoint's answer has changed."""
    CLOCK.note("RDS", f"{cluster.writer.db_instance_identifier} writes", cluster.region)
    follow(cluster)


def follow(cluster: Any) -> None:
    """The cluster's endpoint leads to its writer soon."""
    _follows[cluster.db_cluster_arn] = CLOCK.now + CLOCK.lasts("propagate.database_endpoint")


def reads(host: str, region: str) -> bool:
    """Whether somebody who asks a host gets an answer from a database."""
    found = by_host(host, region)
    if found is None or TABLE.region_lost(region):
        return False
    if isinstance(found[0], everywhere.Cluster):
        return not found[0].refuses()
    return reader(host, region) is not None


def reader(host: str, region: str) -> Any | None:
    """The instance that answers who reads by a host.

    Of a custom endpoint one of its own, of the endpoint for reading a replica first, of the one for writing the writer alone: until a
    replica is promoted, and the name leads to it, nobody answers there. A cluster that only follows has no writer, and any member answers.
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Overview.Endpoints.html
    """
    if TABLE.region_lost(region):
        return None
    custom = _rds_endpoints.by_host(host, region)
    if custom is not None:
        return next(filter(lives, custom.members), None)
    found = by_host(host, region)
    if found is None or isinstance(found[0], everywhere.Cluster):
        return None
    cluster, for_writing = found
    if for_writing and not _only_reads(cluster):
        answers = [] if _led_astray(cluster) else [cluster.writer]
    else:
        members = cluster.members  # which makes one of them the writer, where none is
        writer = cluster.writer
        answers = sorted(members, key=lambda member: member is writer)
    return next((each for each in answers if each is not None and lives(each)), None)


def _led_astray(cluster: Any) -> bool:
    """Whether the endpoint for writing still leads to who wrote before."""
    return CLOCK.now < _follows.get(cluster.db_cluster_arn, 0.0)


def silence(hosts: Sequence[str], region: str) -> str:
    """Why no database answers at those hosts."""
    found = [by_host(host, region) for host in hosts]
    said = [each[0].refuses() for each in found if each and isinstance(each[0], everywhere.Cluster)]
    return ", ".join(filter(None, said)) or "no database answers"


def _only_reads(cluster: Any) -> bool:
    return bool(cluster.global_cluster_identifier) and not cluster.is_writer


def write(host: str, region: str, number: int) -> str:
    """Write a row through a host; empty when it is acknowledged, else why not."""
    found = by_host(host, region)
    if found is None or TABLE.region_lost(region):
        return f"there is no database at {host}"
    cluster, for_writing = found
    if not for_writing:
        return f"{host} only reads"
    return _write(cluster, number)


def _write(cluster: Any, number: int) -> str:
    if isinstance(cluster, everywhere.Cluster):
        refused = cluster.refuses()
        if not refused:
            rows.write(cluster, number)
        return refused
    target, refused = _writer_for(cluster)
    refused = refused or _not_ready(target)
    if not refused:
        rows.write(target, number)
    return refused


def _writer_for(cluster: Any) -> tuple[Any, str]:
    """The cluster that a write to this one ends in, or why it can't: a follower forwards writes only if it is told to."""
    if not _only_reads(cluster):
        return cluster, ""
    name, target = f"{cluster.db_cluster_identifier} in {cluster.region}", writing(cluster)
    if not cluster.global_write_forwarding_requested or target is None:
        return cluster, f"{name} only reads"
    if TABLE.region_lost(target.region):
        return cluster, f"{name} forwards writes to {target.region}, which is lost"
    return target, ""


def _not_ready(cluster: Any) -> str:
    """Why a cluster takes no writes now; empty when it does."""
    name, whole = f"{cluster.db_cluster_identifier} in {cluster.region}", global_of(cluster)
    if cluster.status != AVAILABLE:
        return f"{name} is {cluster.status}"
    if whole is not None and whole.status != AVAILABLE:
        return f"{whole.global_cluster_identifier} is {whole.status}"
    writer = cluster.writer
    if writer is None or not lives(writer):
        return f"{name} has no writer"
    if _led_astray(cluster):
        return f"the endpoint of {name} doesn't lead to its writer yet"
    return ""


def content(cluster: Any) -> list[rows.Row]:
    """The rows that somebody who reads a cluster sees."""
    return rows.content(cluster, writing(cluster))


def hand_over(whole: Any, target: Any, *, lossy: bool) -> None:
    """Rows of a global database's next writer: what has arrived, or with a switchover all that was acknowledged."""
    source = next((m for m in whole.members if m.is_writer), None)
    if source is not None and source is not target:
        kept = rows.content(target, source) if lossy else rows.content(source)
        rows.take_over(target, kept)
