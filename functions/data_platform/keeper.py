"""The function: what it does by the clock, and what a person asks of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from functions.data_platform import access, restores, snapshots
from functions.data_platform.cluster import Cluster
from functions.data_platform.configuration import FOLLOW, configuration

_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,127}")


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Take a snapshot, or follow the other region's; with `takeOver` serve from what is restored, `snapshot` says from which.

    Raises ValueError for what it can't be asked, and whatever stands in the way: a run that fails is told of by its alarm.
    """
    given = configuration()
    name = event.get("snapshot")
    if name is not None and not (isinstance(name, str) and _NAME.fullmatch(name)):
        raise ValueError(f"snapshot: got {name!r}, allowed is the name of a snapshot")
    if event.get("takeOver") and given.mode != FOLLOW:
        raise ValueError(f"takeOver: {given.region} serves already, and takes snapshots")
    cluster, now = Cluster(given.endpoint, given.region), datetime.now(UTC)
    access.grant(cluster, given)
    if event.get("takeOver"):
        return restores.take_over(cluster, given, now, name)
    if given.mode == FOLLOW:
        return restores.follow(cluster, given, now)
    restores.own(cluster)
    return snapshots.take(cluster, given, now)
