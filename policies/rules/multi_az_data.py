"""Data stores survive the loss of a zone."""

from __future__ import annotations

from collections.abc import Iterator

from policies.graph import Resource
from policies.graph.zones import zone_of

from .kernel.rule import Context, Finding, Scope, rule
from .tokens import (
    CACHE,
    CACHE_CLUSTER,
    DB_CLUSTER_INSTANCES,
    DB_CLUSTERS,
    DB_INSTANCE,
    FILE_SYSTEM,
    FSX,
    MOUNT_TARGET,
    WAREHOUSE,
)


@rule("rds-instance-multi-az", DB_INSTANCE)
def rds_instance_multi_az(resource: Resource, _context: Context) -> Iterator[Finding]:
    """An instance that is itself a replica is judged with its source."""
    if not resource.known.has("replicateSourceDb") and not resource.known.flag("multiAz"):
        yield Finding("multiAz is not true.")


@rule("rds-cluster-multi-az", *DB_CLUSTERS, scope=Scope.GRAPH)
def rds_cluster_multi_az(resource: Resource, context: Context) -> Iterator[Finding]:
    """Counts the members. A cluster of the Multi-AZ kind has its three instances inside."""
    if resource.gives("dbClusterInstanceClass"):
        return
    members = context.graph.users(resource, "clusterIdentifier", *DB_CLUSTER_INSTANCES)
    if len(members) < 2:  # noqa: PLR2004
        found = f"it has {len(members)} instance{'' if len(members) == 1 else 's'}."
        joined = resource.known.has("globalClusterIdentifier") and not resource.known.has("masterUsername")
        yield Finding(
            found, advice=joined and not members
        )  # a second region's headless cluster: a slower strategy
        return
    zones = {zone_of(context.graph, member) for member in members}
    if len(zones) == 1 and isinstance(zone := zones.pop(), str):
        yield Finding(f"all its instances are in {zone}.")


@rule("elasticache-replication-group-multi-az", CACHE, CACHE_CLUSTER)
def elasticache_replication_group_multi_az(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Replication groups by their flags and nodes; single clusters only as Memcached over zones."""
    props = resource.known
    if resource.type == CACHE_CLUSTER:
        if not props.has("replicationGroupId") and props.text("azMode") != "cross-az":
            yield Finding("it is a single cache cluster in one zone.")
        return
    if props.has("globalReplicationGroupId") and not props.has("automaticFailoverEnabled"):
        return  # a member inherits failover from the global datastore
    for name in ("automaticFailoverEnabled", "multiAzEnabled"):
        if not props.flag(name):
            yield Finding(f"{name} is not true.")
    sharded = props.has("replicasPerNodeGroup") or props.has("nodeGroupConfigurations")
    replicas = props.number("replicasPerNodeGroup") if sharded else props.number("numCacheClusters", 1) - 1
    counts = [group.number("replicaCount", replicas) for group in props.views("nodeGroupConfigurations")]
    if min(counts, default=replicas) < 1:
        yield Finding("it has no replica.")


@rule("efs-file-system-multi-az", FILE_SYSTEM, scope=Scope.GRAPH)
def efs_file_system_multi_az(resource: Resource, context: Context) -> Iterator[Finding]:
    """Looks at the mount targets of the stack. One in a region where the stack mounts nothing is mounted by that region's own."""
    graph = context.graph
    targets = graph.users(resource, "fileSystemId", MOUNT_TARGET)
    mounted = {graph.region(target) for target in graph.of(MOUNT_TARGET)}
    if not targets and mounted and resource.gives("region") and graph.region(resource) not in mounted:
        return
    if len(targets) < 2:  # noqa: PLR2004
        yield Finding(f"it has {len(targets)} mount target{'' if len(targets) == 1 else 's'}.")


@rule("efs-file-system-regional", FILE_SYSTEM)
def efs_file_system_regional(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Inputs only: AWS fills the zone in for One Zone file systems alone."""
    if resource.known.has("availabilityZoneName"):
        yield Finding("availabilityZoneName is set.")


@rule("redshift-cluster-multi-node", WAREHOUSE)
def redshift_cluster_multi_node(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Two nodes mirror their data; Multi-AZ adds the other zone."""
    if not resource.known.flag("multiAz") and resource.known.number("numberOfNodes", 1) < 2:  # noqa: PLR2004
        yield Finding("it has one node.")


@rule("fsx-file-system-multi-az", *FSX)
def fsx_file_system_multi_az(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Lustre has no Multi-AZ deployment: advice."""
    lustre = resource.type.endswith(":LustreFileSystem")
    kind = resource.known.text("deploymentType", "SCRATCH_1" if lustre else "SINGLE_AZ_1")
    if not kind.startswith("MULTI_AZ"):
        yield Finding(f"deploymentType is {kind}.", advice=lustre)
