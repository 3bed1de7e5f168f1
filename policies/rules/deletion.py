"""Nothing that keeps data or carries traffic goes by mistake."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import Resource

from .kernel.rule import ALL, NONE, UPPER, Context, Finding, Severity, rule
from .tokens import (
    BUCKETS,
    DB_CLUSTERS,
    DB_INSTANCE,
    FILE_SYSTEM,
    GLOBAL_CLUSTERS,
    KEY,
    LOAD_BALANCERS,
    REPLICA_KEY,
    TABLE,
    VAULT,
    WAREHOUSE,
)

_PROTECT: Final = "REL09-BP02 Secure and encrypt backups"
_CHANGE: Final = "REL08-BP05 Deploy changes with automation"


@rule(
    "rds-deletion-protection",
    DB_INSTANCE,
    *DB_CLUSTERS,
    *GLOBAL_CLUSTERS,
    severity=Severity.HIGH,
    tiers=ALL,
    why="One wrong update deletes a database that is not protected.",
    remedy="Set deletion_protection=True.",
    page="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html",
    pillar=_PROTECT,
    principles=("R34",),
    control="RDS.7, RDS.8, DocumentDB.5, Neptune.4",
)
def rds_deletion_protection(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Instances, clusters and global clusters; members of a cluster have no such switch."""
    if not resource.known.flag("deletionProtection"):
        yield Finding("deletionProtection is not true.")


@rule(
    "dynamodb-table-deletion-protection",
    TABLE,
    "aws:dynamodb/tableReplica:TableReplica",
    severity=Severity.HIGH,
    tiers=ALL,
    why="One wrong update deletes a table that is not protected.",
    remedy="Set deletion_protection_enabled=True on the table and on each replica.",
    page="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html",
    pillar=_PROTECT,
    principles=("R34",),
    control="DynamoDB.6",
    finding="DSQL, DynamoDB deletion protection off",
)
def dynamodb_table_deletion_protection(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Replicas have their own switch."""
    if not resource.known.flag("deletionProtectionEnabled"):
        yield Finding("deletionProtectionEnabled is not true.")
    for replica in resource.known.views("replicas"):
        if not replica.flag("deletionProtectionEnabled"):
            yield Finding(f"the replica in {replica.get('regionName')} has no deletionProtectionEnabled.")


@rule(
    "lb-deletion-protection",
    *LOAD_BALANCERS,
    severity=Severity.MEDIUM,
    tiers=UPPER,
    why="A deleted load balancer takes its name along: every record and every client that knows it fails.",
    remedy="Set enable_deletion_protection=True.",
    page="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html",
    pillar=_CHANGE,
    control="ELB.6",
    finding="ALB deletion protection off",
)
def lb_deletion_protection(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Application, network and gateway load balancers."""
    if not resource.known.flag("enableDeletionProtection"):
        yield Finding("enableDeletionProtection is not true.")


@rule(
    "rds-final-snapshot",
    DB_INSTANCE,
    *DB_CLUSTERS,
    WAREHOUSE,
    severity=Severity.HIGH,
    tiers=UPPER,
    why="A database that is deleted without a final snapshot takes its last hours along.",
    remedy="Set skip_final_snapshot=False and a final_snapshot_identifier.",
    page="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html",
    pillar=_PROTECT,
    principles=("R34",),
)
def rds_final_snapshot(resource: Resource, _context: Context) -> Iterator[Finding]:
    """A replica can't take one."""
    if resource.known.has("replicateSourceDb"):
        return
    if resource.known.flag("skipFinalSnapshot"):
        yield Finding("skipFinalSnapshot is true.")
    elif not resource.known.has("finalSnapshotIdentifier"):
        yield Finding("finalSnapshotIdentifier is not set, so the deletion will fail or take none.")


@rule(
    "aws-store-protect",
    DB_INSTANCE,
    *DB_CLUSTERS,
    *GLOBAL_CLUSTERS,
    TABLE,
    FILE_SYSTEM,
    WAREHOUSE,
    VAULT,
    *BUCKETS,
    KEY,
    severity=Severity.MEDIUM,
    tiers=NONE,
    why="Protection in the state stops a replacement or a deletion before anything is sent to AWS.",
    remedy="Give the resource the option protect=True.",
    page="https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_tracking_change_management_automated_changemgmt.html",
    pillar=_CHANGE,
)
def aws_store_protect(resource: Resource, _context: Context) -> Iterator[Finding]:
    """The resource option, not a property. Mandatory where configuration says so."""
    if not resource.protect:
        yield Finding("it is not protected.")


@rule(
    "kms-key-deletion-window",
    KEY,
    REPLICA_KEY,
    severity=Severity.MEDIUM,
    tiers=ALL,
    why="When a key is gone, all data under it is: the waiting time is the only way back.",
    remedy="Leave deletion_window_in_days out (30), or set the minimum or more.",
    page="https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
    pillar=_PROTECT,
    control="KMS.3",
    options={
        "minimumDays": {
            "type": "integer",
            "minimum": 7,
            "maximum": 30,
            "default": 30,
            "description": "least deletion_window_in_days",
        }
    },
)
def kms_key_deletion_window(resource: Resource, context: Context) -> Iterator[Finding]:
    """AWS's default is its longest window."""
    days, least = resource.known.number("deletionWindowInDays", 30), context.options.number("minimumDays")
    if days < least:
        yield Finding(f"deletionWindowInDays is {days:g}, less than {least:g}.")


@rule(
    "aws-resource-no-force-destroy",
    *BUCKETS,
    VAULT,
    "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault",
    "aws:ecr/repository:Repository",
    "aws:route53/zone:Zone",
    "aws:rds/globalCluster:GlobalCluster",
    severity=Severity.HIGH,
    tiers=ALL,
    why="A forced deletion empties the resource first: objects, recovery points, images or records with it.",
    remedy="Remove force_destroy (force_delete of a repository).",
    page="https://docs.aws.amazon.com/AmazonS3/latest/userguide/delete-bucket.html",
    pillar=_PROTECT,
    options={
        "environments": {
            "type": "array",
            "items": {"type": "string"},
            "default": ["dev", "test", "sandbox"],
            "description": "values of the tag `environment` that may use it",
        }
    },
)
def aws_resource_no_force_destroy(resource: Resource, context: Context) -> Iterator[Finding]:
    """Judged as production unless the tag `environment` says otherwise."""
    name = "forceDelete" if resource.type.startswith("aws:ecr/") else "forceDestroy"
    if not resource.known.flag(name):
        return
    environment = resource.tags.get("environment")
    if not isinstance(environment, str) or environment not in context.options.texts("environments"):
        yield Finding(f"{name} is true.")
