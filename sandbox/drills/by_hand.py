"""The calls by which a person moves what a system writes, where nothing is deployed that makes them: as the runbook tells.

All are asked of the region that takes over.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.drills.system import System
from sandbox.drills.world import World


def clusters(world: World, system: System, region: str) -> dict[str, str]:
    """Regions of the global database's members, and their ARNs, as the API of `region` says."""
    known = world.boto("rds", region).describe_global_clusters(GlobalClusterIdentifier=system.global_cluster)
    members = known["GlobalClusters"][0]["GlobalClusterMembers"]
    return {member["DBClusterArn"].split(":")[3]: member["DBClusterArn"] for member in members}


def promote(world: World, system: System, region: str, *, lossy: bool) -> None:
    """Make the region's cluster the writer. Raises LookupError when there is none, ClientError when AWS refuses."""
    rds = world.boto("rds", region)
    target = clusters(world, system, region).get(region)
    if target is None:
        raise LookupError(f"global database {system.global_cluster} has no member in {region}")
    asked = {"GlobalClusterIdentifier": system.global_cluster, "TargetDbClusterIdentifier": target}
    if lossy:
        rds.failover_global_cluster(**asked, AllowDataLoss=True)
    else:
        rds.switchover_global_cluster(**asked)


def fail_over_cache(world: World, system: System, region: str) -> None:
    """Make the region's cache the one that writes; one call, whether the other region answers or not. Nothing without a cache."""
    if region in system.caches:
        world.boto("elasticache", region).failover_global_replication_group(
            GlobalReplicationGroupId=system.datastore,
            PrimaryRegion=region,
            PrimaryReplicationGroupId=system.caches[region],
        )


def end_replication(world: World, system: System, region: str) -> None:
    """Let the region's files be written, where they follow the other region's. What had not come yet is lost."""
    if _followed(world, system, region) is not None:
        [source] = [each for there, each in system.files.items() if there != region]
        world.boto("efs", region).delete_replication_configuration(SourceFileSystemId=source)


def synced(world: World, system: System, region: str, since: datetime) -> bool:
    """Whether the region's files have all that was written to those they follow until that moment; also where they follow none."""
    found = _followed(world, system, region)
    return found is None or ("LastReplicatedTimestamp" in found and found["LastReplicatedTimestamp"] > since)


def _followed(world: World, system: System, region: str) -> dict[str, Any] | None:
    """What EFS tells in a region of its files as those that follow; None where they follow none, or there are none."""
    if region not in system.files:
        return None
    known = world.boto("efs", region).describe_replication_configurations()["Replications"]
    own = system.files[region]
    found = (dict(end) for each in known for end in each["Destinations"] if end["FileSystemId"] == own)
    return next(found, None)
