"""Nothing that keeps data or carries traffic goes by mistake."""

from __future__ import annotations

from collections.abc import Iterator

from policies.graph import Resource

from .kernel.rule import Context, Finding, number, rule
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


@rule("rds-deletion-protection", DB_INSTANCE, *DB_CLUSTERS, *GLOBAL_CLUSTERS)
def rds_deletion_protection(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Instances, clusters and global clusters; members of a cluster have no such switch."""
    if not resource.known.flag("deletionProtection"):
        yield Finding("deletionProtection is not true.")


@rule("dynamodb-table-deletion-protection", TABLE, "aws:dynamodb/tableReplica:TableReplica")
def dynamodb_table_deletion_protection(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Replicas have their own switch."""
    if not resource.known.flag("deletionProtectionEnabled"):
        yield Finding("deletionProtectionEnabled is not true.")
    for replica in resource.known.views("replicas"):
        if not replica.flag("deletionProtectionEnabled"):
            yield Finding(f"the replica in {replica.get('regionName')} has no deletionProtectionEnabled.")


@rule("lb-deletion-protection", *LOAD_BALANCERS)
def lb_deletion_protection(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Application, network and gateway load balancers."""
    if not resource.known.flag("enableDeletionProtection"):
        yield Finding("enableDeletionProtection is not true.")


@rule("rds-final-snapshot", DB_INSTANCE, *DB_CLUSTERS, WAREHOUSE)
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
)
def aws_store_protect(resource: Resource, _context: Context) -> Iterator[Finding]:
    """The resource option, not a property. Mandatory where configuration says so."""
    if not resource.protect:
        yield Finding("it is not protected.")


@rule(
    "kms-key-deletion-window",
    KEY,
    REPLICA_KEY,
    options={"minimumDays": number(7, 30, 30, "least deletion_window_in_days")},
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
