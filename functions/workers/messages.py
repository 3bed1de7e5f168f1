"""What a message of a queue is about, and the key by which a second one like it is known.

A message is sent by a producer, by a topic or by an event bus. The key is the producer's own, `id`: the ids that AWS gives differ when a
message is sent again, and when an event is replayed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def job(body: str) -> tuple[str, Mapping[str, Any]]:
    """The key of a message, and what it says. ValueError for one that has none: it is tried as often as others, then a dead letter."""
    said = json.loads(body)
    if isinstance(said, Mapping) and said.get("Type") == "Notification" and "Message" in said:
        said = json.loads(said["Message"])  # a topic's, unless it is delivered raw
    if isinstance(said, Mapping) and {"detail-type", "detail"} <= said.keys():
        said = said["detail"]  # an event's
    if not isinstance(said, Mapping) or not isinstance(said.get("id"), str) or not said["id"]:
        raise ValueError("a message has the key `id`, which its producer gave it")
    return said["id"], said
