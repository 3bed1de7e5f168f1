"""Stores can be brought back from what they keep themselves: backups, versions, snapshots."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import Resource, sure
from policies.graph.buckets import versioned

from .kernel.rule import ALL, UPPER, Context, Finding, Scope, Severity, rule
from .tokens import BUCKETS, CACHE, DB_CLUSTERS, DB_INSTANCE, TABLE

_AUTOMATIC: Final = "REL09-BP03 Perform data backup automatically"


@rule(
    "rds-backup-retention",
    DB_INSTANCE,
    *DB_CLUSTERS,
    severity=Severity.HIGH,
    tiers=ALL,
    why="Point-in-time recovery reaches back only as far as backups are kept; damage is often found days later.",
    remedy="Set backup_retention_period to the minimum or more.",
    page="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.BackupRetention.html",
    pillar=_AUTOMATIC,
    principles=("R28",),
    control="RDS.11, DocumentDB.2, Neptune.5",
    options={
        "minimumDays": {
            "type": "integer",
            "minimum": 1,
            "maximum": 35,
            "default": 7,
            "description": "least backup_retention_period, days",
        }
    },
)
def rds_backup_retention(resource: Resource, context: Context) -> Iterator[Finding]:
    """A replica is backed up at its source. AWS's default is 0 for instances made by API, 1 for clusters."""
    if resource.known.has("replicateSourceDb"):
        return
    days = resource.known.number("backupRetentionPeriod", 0 if resource.type == DB_INSTANCE else 1)
    least = context.options.number("minimumDays")
    if days < least:
        yield Finding(f"backupRetentionPeriod is {days:g} days, less than {least:g}.")


@rule(
    "dynamodb-table-point-in-time-recovery",
    TABLE,
    "aws:dynamodb/tableReplica:TableReplica",
    severity=Severity.HIGH,
    tiers=ALL,
    why="A global table copies a bad write to every region within a second; only point-in-time recovery goes back before it.",
    remedy="Enable point_in_time_recovery on the table and on each replica.",
    page="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html",
    pillar=_AUTOMATIC,
    principles=(
        "R27",
        "R28",
    ),
    control="DynamoDB.2",
    finding="No backup for DynamoDB",
)
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


@rule(
    "s3-bucket-versioning",
    *BUCKETS,
    scope=Scope.GRAPH,
    severity=Severity.HIGH,
    tiers=ALL,
    why="Without versions an overwritten or deleted object is gone, here and in every replica.",
    remedy='Add a BucketVersioning with status "Enabled".',
    page="https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",
    pillar=_AUTOMATIC,
    principles=("R26",),
    control="S3.14",
)
def s3_bucket_versioning(resource: Resource, context: Context) -> Iterator[Finding]:
    """The bucket's versioning is inline or a resource of its own."""
    if not sure(versioned(context.graph, resource)):
        yield Finding("its versioning is not enabled.")


@rule(
    "elasticache-replication-group-snapshots",
    CACHE,
    severity=Severity.MEDIUM,
    tiers=UPPER,
    why="A cache that comes back empty sends its whole load to the database; a snapshot warms it.",
    remedy="Set snapshot_retention_limit to the minimum or more.",
    page="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-automatic.html",
    pillar=_AUTOMATIC,
    control="ElastiCache.1",
    finding="ElastiCache without replica and snapshot",
    options={
        "minimumDays": {
            "type": "integer",
            "minimum": 1,
            "maximum": 35,
            "default": 1,
            "description": "least snapshot_retention_limit, days",
        }
    },
)
def elasticache_replication_group_snapshots(resource: Resource, context: Context) -> Iterator[Finding]:
    """AWS's default is no snapshot."""
    days, least = resource.known.number("snapshotRetentionLimit"), context.options.number("minimumDays")
    if days < least:
        yield Finding(f"snapshotRetentionLimit is {days:g} days, less than {least:g}.")
