"""Stores can be brought back: continuous backups, versions, plans, copies in another region, locked vaults."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

from .kernel.resource import Resource
from .kernel.rule import ALL, UPPER, Context, Finding, Scope, Severity, rule
from .kernel.values import UNKNOWN, NotKnownError, View
from .tokens import BACKED_UP, BUCKETS, CACHE, DB_CLUSTERS, DB_INSTANCE, TABLE, VAULT

_AUTOMATIC: Final = "REL09-BP03 Perform data backup automatically"
_IDENTIFY: Final = "REL09-BP01 Identify and back up all data that needs to be backed up"
_SELECTION: Final = "aws:backup/selection:Selection"


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
    if resource.props.has("replicateSourceDb"):
        return
    days = resource.props.number("backupRetentionPeriod", 0 if resource.type == DB_INSTANCE else 1)
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
    control="DynamoDB.2",
    finding="No backup for DynamoDB",
)
def dynamodb_table_point_in_time_recovery(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Replicas have their own switch: the table's does not reach them."""
    if resource.type != TABLE:
        if not resource.props.flag("pointInTimeRecovery"):
            yield Finding("pointInTimeRecovery is not true.")
        return
    if not resource.props.view("pointInTimeRecovery").flag("enabled"):
        yield Finding("pointInTimeRecovery is not enabled.")
    for replica in resource.props.views("replicas"):
        if not replica.flag("pointInTimeRecovery"):
            yield Finding(f"the replica in {replica.raw.get('regionName')} has no pointInTimeRecovery.")


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
    control="S3.14",
)
def s3_bucket_versioning(resource: Resource, context: Context) -> Iterator[Finding]:
    """The bucket's versioning is a resource of its own."""
    found = context.graph.referrers(
        resource,
        "bucket",
        "aws:s3/bucketVersioning:BucketVersioning",
        "aws:s3/bucketVersioningV2:BucketVersioningV2",
    )
    states = [each.props.view("versioningConfiguration").text("status") for each in found]
    if "Enabled" not in states:
        yield Finding(f"its versioning is {states[0] or 'not set'}." if states else "it has no versioning.")


@rule(
    "backup-selection-every-store",
    *BACKED_UP,
    scope=Scope.GRAPH,
    severity=Severity.HIGH,
    tiers=ALL,
    why="A store that no backup plan selects has no copy that outlives its account's mistakes, and none in another region.",
    remedy="Give the store a tag that a backup selection asks for, or name it in the selection.",
    page="https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html",
    pillar=_IDENTIFY,
    control="RDS.26, DynamoDB.4, EFS.2, EC2.28",
    finding="No backup for DSQL, DynamoDB; no immutable Aurora backup",
    options={
        "tagsOfOtherPlans": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "default": {},
            "description": "tags that plans outside this stack select by",
        }
    },
)
def backup_selection_every_store(resource: Resource, context: Context) -> Iterator[Finding]:
    """A replica is backed up at its source."""
    if resource.props.raw.get("replicateSourceDb") not in (None, "", UNKNOWN):
        return
    if "replicateSourceDb" in resource.property_dependencies:
        return
    tags = resource.tags()
    others = context.options.view("tagsOfOtherPlans").raw
    if any(tags.get(key) == value for key, value in others.items()):
        return
    unsure = ""
    for selection in context.graph.of(_SELECTION):
        named = resource in context.graph.targets(selection, "resources")
        try:
            if named or _selects(selection.props, resource, tags):
                return
        except NotKnownError as unknown:
            unsure = unknown.path
    if unsure:
        raise NotKnownError(f"the backup selections' {unsure}")
    yield Finding("no backup selection of this stack selects it.")


def _selects(selection: View, resource: Resource, tags: dict[str, object]) -> bool:
    """Whether a selection takes a resource: by pattern and all conditions, or by any one selection tag."""
    for tag in selection.views("selectionTags"):
        if tags.get(tag.text("key")) == tag.text("value"):
            return True
    arn = resource.props.raw.get("arn")
    named = selection.items("resources") if selection.known("resources") else [UNKNOWN]
    matched = any(
        isinstance(pattern, str) and (pattern == "*" or (isinstance(arn, str) and fnmatchcase(arn, pattern)))
        for pattern in named
    )
    if not matched:
        return False
    return all(_condition(condition, tags) for condition in selection.views("conditions"))


def _condition(condition: View, tags: dict[str, object]) -> bool:
    tests = (
        ("stringEquals", lambda have, want: have == want),
        ("stringLikes", lambda have, want: have is not None and fnmatchcase(str(have), want)),
        ("stringNotEquals", lambda have, want: have != want),
        ("stringNotLikes", lambda have, want: have is None or not fnmatchcase(str(have), want)),
    )
    for name, holds in tests:
        for wanted in condition.views(name):
            key = wanted.text("key").removeprefix("aws:ResourceTag/")
            if not holds(tags.get(key), wanted.text("value")):
                return False
    return True


@rule(
    "backup-plan-cross-region-copy",
    "aws:backup/plan:Plan",
    scope=Scope.GRAPH,
    severity=Severity.HIGH,
    tiers=UPPER,
    why="Backups in the region of their source can't be restored while that region is away.",
    remedy="Add a copy action to a vault in another region.",
    page="https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-region-backup.html",
    pillar=_IDENTIFY,
    control="Backup cross-region copy",
)
def backup_plan_cross_region_copy(resource: Resource, context: Context) -> Iterator[Finding]:
    """The destination's region, from its ARN or from the vault that the plan refers to."""
    rules = list(resource.props.views("rules"))
    targets = [copy.raw.get("destinationVaultArn") for each in rules for copy in each.views("copyActions")]
    if not targets:
        yield Finding("no rule has a copy action.")
        return
    home = resource.region
    known = {target.split(":")[3] for target in targets if isinstance(target, str) and target.count(":") > 3}  # noqa: PLR2004
    vaults = [vault for vault in context.graph.targets(resource, "rules") if vault.type in _VAULTS]
    known |= {vault.region for vault in vaults if vault.props.has("region") or vault.region}
    if known - {home, ""}:
        return
    if not home or UNKNOWN in targets:
        raise NotKnownError("the region of the copy's destination vault")
    yield Finding(f"its copies stay in {home}.")


_VAULTS: Final = (VAULT, "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault")


@rule(
    "backup-vault-locked",
    VAULT,
    scope=Scope.GRAPH,
    severity=Severity.MEDIUM,
    tiers=UPPER,
    why="Whoever takes over an account deletes its backups first; a locked vault refuses that.",
    remedy="Add a VaultLockConfiguration, or use a LogicallyAirGappedVault.",
    page="https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html",
    pillar="REL09-BP02 Secure and encrypt backups",
    finding="No immutable Aurora backup",
)
def backup_vault_locked(resource: Resource, context: Context) -> Iterator[Finding]:
    """The lock is a resource of its own."""
    lock = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
    if not context.graph.referrers(resource, "backupVaultName", lock):
        yield Finding("it has no lock.")


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
    days, least = resource.props.number("snapshotRetentionLimit"), context.options.number("minimumDays")
    if days < least:
        yield Finding(f"snapshotRetentionLimit is {days:g} days, less than {least:g}.")
