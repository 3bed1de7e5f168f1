"""Stores can be brought back from what they keep themselves: backups, versions, snapshots."""

from __future__ import annotations

from collections.abc import Iterator

from policies.graph import Resource, sure
from policies.graph.buckets import versioned

from .kernel.rule import Context, Finding, Scope, number, rule
from .tokens import BUCKETS, CACHE, DB_CLUSTERS, DB_INSTANCE, TABLE, WAREHOUSE


@rule(
    "rds-backup-retention",
    DB_INSTANCE,
    *DB_CLUSTERS,
    options={"minimumDays": number(1, 35, 7, "least backup_retention_period, days")},
)
def rds_backup_retention(resource: Resource, context: Context) -> Iterator[Finding]:
    """A replica is backed up at its source. AWS's default is 0 for instances made by API, 1 for clusters."""
    if resource.known.has("replicateSourceDb"):
        return
    days = resource.known.number("backupRetentionPeriod", 0 if resource.type == DB_INSTANCE else 1)
    least = context.options.number("minimumDays")
    if days < least:
        yield Finding(f"backupRetentionPeriod is {days:g} days, less than {least:g}.")


@rule("dynamodb-table-point-in-time-recovery", TABLE, "aws:dynamodb/tableReplica:TableReplica")
def dynamodb_table_point_in_time_recovery(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Replicas have their own switch: the table's does not reach them."""
    if resource.type != TABLE:
        if not resource.known.flag("pointInTimeRecovery"):
            yield Finding("pointInTimeRecovery is not true.")
        return
    if not resource.known.view("pointInTimeRecovery").flag("enabled"):
        yield Finding("pointInTimeRecovery is not enabled.")
    for replica in resource.known.views("replicas"):
        if not replica.flag("pointInTimeRecovery"):
            yield Finding(f"the replica in {replica.get('regionName')} has no pointInTimeRecovery.")


@rule("s3-bucket-versioning", *BUCKETS, scope=Scope.GRAPH)
def s3_bucket_versioning(resource: Resource, context: Context) -> Iterator[Finding]:
    """The bucket's versioning is inline or a resource of its own."""
    if not sure(versioned(context.graph, resource)):
        yield Finding("its versioning is not enabled.")


@rule(
    "elasticache-replication-group-snapshots",
    CACHE,
    options={"minimumDays": number(1, 35, 1, "least snapshot_retention_limit, days")},
)
def elasticache_replication_group_snapshots(resource: Resource, context: Context) -> Iterator[Finding]:
    """AWS's default is no snapshot."""
    days, least = resource.known.number("snapshotRetentionLimit"), context.options.number("minimumDays")
    if days < least:
        yield Finding(f"snapshotRetentionLimit is {days:g} days, less than {least:g}.")


@rule("redshift-cluster-snapshot-copy", WAREHOUSE, scope=Scope.GRAPH)
def redshift_cluster_snapshot_copy(resource: Resource, context: Context) -> Iterator[Finding]:
    """The copying is a resource of its own. One that is restored may have no other region left: advice."""
    if context.graph.users(resource, "clusterIdentifier", "aws:redshift/snapshotCopy:SnapshotCopy"):
        return
    restored = resource.known.has("snapshotIdentifier") or resource.known.has("snapshotArn")
    yield Finding("no other region gets its snapshots.", advice=restored)
