"""What the function is told by its environment."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass

TAKE, FOLLOW = "take", "follow"


@dataclass(frozen=True)
class Configuration:
    """One region's part."""

    endpoint: str
    """URL of the domain."""
    region: str
    peer_region: str
    bucket: str
    """Of this region; the other region's snapshots arrive there below that region's name."""
    snapshot_role: str
    """ARN of the role with which the domain writes to the bucket."""
    own_role: str
    """ARN of the function's own."""
    mode: str
    administrators: tuple[str, ...]
    every_seconds: int
    keep_seconds: int


def configuration() -> Configuration:
    """Read it. KeyError for a variable that isn't set, ValueError for a mode that there isn't."""
    given = os.environ
    if given["MODE"] not in (TAKE, FOLLOW):
        raise ValueError(f"MODE: got {given['MODE']!r}, allowed is {TAKE} or {FOLLOW}")
    return Configuration(
        endpoint=given["ENDPOINT"],
        region=given["AWS_REGION"],
        peer_region=given["PEER_REGION"],
        bucket=given["BUCKET"],
        snapshot_role=given["SNAPSHOT_ROLE"],
        own_role=given["OWN_ROLE"],
        mode=given["MODE"],
        administrators=tuple(json.loads(given["ADMINISTRATORS"])),
        every_seconds=int(given["EVERY_MINUTES"]) * 60,
        keep_seconds=int(given["KEEP_DAYS"]) * 86_400,
    )
