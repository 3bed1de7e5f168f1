"""Snapshots of a domain in a bucket: one repository that this region writes, one that it reads of the other region's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from functions.data_platform.cluster import Cluster
from functions.data_platform.configuration import Configuration

OWN, OTHER = "holdfast", "holdfast-other"
INDICES = "*,-.kibana*,-.opendistro*,-.opensearch*,-.plugins*,-.tasks*,-.holdfast*"
"""Everything but what belongs to a domain itself.
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-snapshot-restore.html"""
SUCCESS, RUNNING = "SUCCESS", "IN_PROGRESS"
AT_ONCE = 20
"""Snapshots that one run deletes at most: each takes its time."""
Snapshot = Mapping[str, Any]


class StaleError(RuntimeError):
    """There has been no new snapshot for so long that somebody must look."""


def register(cluster: Cluster, given: Configuration, name: str) -> None:
    """Register the repository of that name, unless it is."""
    whose = given.region if name == OWN else given.peer_region
    settings = {
        "bucket": given.bucket,
        "base_path": whose,
        "region": given.region,
        "role_arn": given.snapshot_role,
        # Only one domain may write to a repository.
        **({"readonly": True} if name == OTHER else {}),
    }
    found = (cluster.ask("GET", f"_snapshot/{name}") or {}).get(name, {}).get("settings", {})
    if any(found.get(key) != settings[key] for key in ("bucket", "base_path")):
        cluster.ask("PUT", f"_snapshot/{name}", {"type": "s3", "settings": settings})


def listed(cluster: Cluster, repository: str) -> list[Snapshot]:
    """The snapshots of a repository, the oldest first."""
    found = (cluster.ask("GET", f"_snapshot/{repository}/_all") or {}).get("snapshots", [])
    return sorted(found, key=lambda each: each["start_time_in_millis"])


def ended(snapshot: Snapshot) -> float:
    """When it was complete, in seconds since 1970."""
    return float(snapshot["end_time_in_millis"]) / 1000


def succeeded(found: Sequence[Snapshot]) -> list[Snapshot]:
    """Those that have everything: one of which a shard failed has not."""
    return [each for each in found if each["state"] == SUCCESS]


def take(cluster: Cluster, given: Configuration, now: datetime) -> dict[str, Any]:
    """Delete what is too old, begin a snapshot unless one runs, and say so. Raises StaleError when none has succeeded for long."""
    register(cluster, given, OWN)
    found = listed(cluster, OWN)
    if any(each["state"] == RUNNING for each in found):
        said: dict[str, Any] = {"running": True}
    else:
        deleted = _prune(cluster, given, found, now)
        name = now.astimezone(UTC).strftime("%Y%m%dt%H%M%Sz")
        wanted = {"indices": INDICES, "include_global_state": False, "partial": False}
        cluster.ask("PUT", f"_snapshot/{OWN}/{name}", wanted)
        said = {"began": name, "deleted": deleted}
    _look(found, now, 2 * given.every_seconds)
    return said


def _prune(cluster: Cluster, given: Configuration, found: Sequence[Snapshot], now: datetime) -> list[str]:
    """Delete those that were complete before the time for which they are kept; the newest that succeeded stays."""
    kept = {each["snapshot"] for each in succeeded(found)[-1:]}
    before = now.timestamp() - given.keep_seconds
    old = [each["snapshot"] for each in found if ended(each) < before and each["snapshot"] not in kept]
    for name in old[:AT_ONCE]:
        cluster.ask("DELETE", f"_snapshot/{OWN}/{name}")
    return old[:AT_ONCE]


def _look(found: Sequence[Snapshot], now: datetime, seconds: float) -> None:
    """A region has `seconds` for its first snapshot, and for each after the one before."""
    good = succeeded(found)
    since = ended(good[-1]) if good else min((s["start_time_in_millis"] / 1000 for s in found), default=None)
    if since is not None and now.timestamp() - since > seconds:
        raise StaleError(
            f"no snapshot has succeeded for {now.timestamp() - since:.0f} s, allowed is {seconds:.0f}"
        )
