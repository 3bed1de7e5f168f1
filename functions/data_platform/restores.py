"""The other region's snapshots in this region's domain: restored one after the other, until somebody has it take over.

What is restored is closed to writes, and remembered by its UUID in an index of the function's own: only what it restored itself is ever
deleted, to make room for the next snapshot. Whatever else has a name that a snapshot has stops it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from functions.data_platform.cluster import Cluster
from functions.data_platform.configuration import Configuration
from functions.data_platform.snapshots import (
    INDICES,
    OTHER,
    Snapshot,
    StaleError,
    ended,
    listed,
    register,
    succeeded,
)

NOTED = ".holdfast-restored"
NOTES = f"{NOTED}/_doc/state"
SETTLED_SECONDS = 900
"""Of a snapshot that was complete so long ago every object has arrived: S3 agrees to copy 99.9 % within 15 minutes, in no order.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-time-control.html"""
REPLICAS = 2
"""A copy in each of three zones, which standby asks for."""
BACKING = ".ds-"
"""How the indices of data streams begin, which go with their stream."""
BLOCK = "index.blocks.write"


class RefusedError(RuntimeError):
    """Something stands in the way that the function may not touch."""


def noted(cluster: Cluster) -> dict[str, Any]:
    """What was restored: `snapshot`, `indices` by name with their UUID (None: not seen yet), `streams`, `serving`."""
    found: dict[str, Any] = (cluster.ask("GET", NOTES) or {}).get("_source", {})
    return found


def follow(cluster: Cluster, given: Configuration, now: datetime) -> dict[str, Any]:
    """Restore the newest settled snapshot, unless it is restored, one is being restored, or this region has taken over.

    Raises StaleError when none has come for long.
    """
    notes = noted(cluster)
    if notes.get("serving"):
        return {"serving": True}
    if busy := _restoring(cluster):
        return {"restoring": busy}
    newest = newest_settled(cluster, given, now)
    if newest is None:
        return {"waiting": "no snapshot of the other region has arrived"}
    said = {"restored": newest["snapshot"]}
    if newest["snapshot"] != notes.get("snapshot"):
        restore(cluster, newest, notes)
        said = {"restoring": newest["snapshot"]}
    age, most = now.timestamp() - ended(newest), 2 * given.every_seconds + SETTLED_SECONDS
    if age > most:
        raise StaleError(f"the newest snapshot of {given.peer_region} is {age:.0f} s old, allowed is {most}")
    return said


def newest_settled(cluster: Cluster, given: Configuration, now: datetime) -> Snapshot | None:
    """The newest snapshot of the other region that has arrived as a whole."""
    register(cluster, given, OTHER)
    before = now.timestamp() - SETTLED_SECONDS
    return next((s for s in reversed(succeeded(listed(cluster, OTHER))) if ended(s) <= before), None)


def _restoring(cluster: Cluster) -> list[str]:
    """Indices of which a shard is still being copied."""
    found = cluster.ask("GET", "_cat/recovery?active_only=true&format=json&h=index") or []
    return sorted({each["index"] for each in found})


def _there(cluster: Cluster) -> dict[str, str]:
    """UUID of each index."""
    found = cluster.ask("GET", "_cat/indices?expand_wildcards=all&format=json&h=index,uuid") or []
    return {each["index"]: each["uuid"] for each in found}


def restore(cluster: Cluster, snapshot: Snapshot, notes: Mapping[str, Any]) -> None:
    """Put a snapshot's indices in the place of those restored before. Raises RefusedError before anything is deleted."""
    there, mine = _there(cluster), notes.get("indices", {})
    ours = {name for name, uuid in mine.items() if name in there and uuid in (None, there[name])}
    if foreign := sorted(set(snapshot["indices"]) & there.keys() - ours):
        raise RefusedError(
            f"{', '.join(foreign)}: no snapshot restored it, or it was made again since: delete or rename it, "
            f"that {snapshot['snapshot']} can be restored"
        )
    for stream in notes.get("streams", []):
        cluster.ask("DELETE", f"_data_stream/{stream}")
    for name in sorted(ours):
        if not name.startswith(BACKING):
            cluster.ask("DELETE", name)
    # Written first: none of these is there now, so whoever is found later is what this restore made.
    told = {"indices": dict.fromkeys(snapshot["indices"]), "streams": snapshot.get("data_streams", [])}
    _note(cluster, {"snapshot": snapshot["snapshot"], **told})
    wanted = {
        "indices": INDICES,
        "include_global_state": False,
        "index_settings": {"index.number_of_replicas": REPLICAS, BLOCK: True},
    }
    cluster.ask("POST", f"_snapshot/{OTHER}/{snapshot['snapshot']}/_restore", wanted)
    there = _there(cluster)
    told["indices"] = {name: there.get(name) for name in snapshot["indices"]}
    _note(cluster, {"snapshot": snapshot["snapshot"], **told})


def _note(cluster: Cluster, notes: Mapping[str, Any]) -> None:
    """Write it down, in an index that a domain with standby takes too."""
    if cluster.ask("GET", f"{NOTED}/_settings") is None:
        settings = {"index.number_of_shards": 1, "index.number_of_replicas": REPLICAS}
        cluster.ask("PUT", NOTED, {"settings": settings})
    cluster.ask("PUT", f"{NOTES}?refresh=true", notes)


def take_over(cluster: Cluster, given: Configuration, now: datetime, name: str | None) -> dict[str, Any]:
    """Serve from what is restored: the snapshot of that name, else the last one, else the newest that has arrived.

    Called again until it says `serving`. Raises RefusedError where there is nothing to serve from, or a shard is lost.
    """
    notes = noted(cluster)
    if notes.get("serving"):
        return {"serving": True, "snapshot": notes["snapshot"]}
    if busy := _restoring(cluster):
        return {"restoring": busy}
    wanted = name or notes.get("snapshot")
    if wanted is None or wanted != notes.get("snapshot"):
        found = _named(cluster, given, name) if name else newest_settled(cluster, given, now)
        if found is None:
            raise RefusedError(f"{name or 'a snapshot'} of {given.peer_region}: none is in {given.bucket}")
        restore(cluster, found, notes)
        return {"restoring": found["snapshot"]}
    if (cluster.ask("GET", "_cluster/health") or {}).get("status") == "red":
        raise RefusedError(f"{wanted}: a shard is lost; restore an earlier snapshot by its name")
    _open(cluster, notes)
    _note(cluster, {**notes, "serving": True})
    return {"serving": True, "snapshot": wanted}


def _named(cluster: Cluster, given: Configuration, name: str) -> Snapshot | None:
    register(cluster, given, OTHER)
    return next((each for each in succeeded(listed(cluster, OTHER)) if each["snapshot"] == name), None)


def _open(cluster: Cluster, notes: Mapping[str, Any]) -> None:
    for index in sorted(notes.get("indices", {}).keys() & _there(cluster).keys()):
        cluster.ask("PUT", f"{index}/_settings", {BLOCK: None})


def own(cluster: Cluster) -> None:
    """Make what was restored this region's own, which it writes and takes snapshots of from now on."""
    if notes := noted(cluster):
        _open(cluster, notes)
        cluster.ask("DELETE", NOTED)
