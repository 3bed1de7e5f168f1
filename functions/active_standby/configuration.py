"""What the function is told: by its environment once, and by each event."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .mirror import Mirror, mirror
from .timing import Timing, timing

ACTIONS: Mapping[str, tuple[str, ...]] = {
    "watch": (),
    "swap": ("to",),
    "pause": ("reason", "minutes"),
    "resume": (),
    "status": (),
}
"""What an event may ask for, and what else it may have then."""
PAUSE_MINUTES, MOST_PAUSE_MINUTES = 60, 1440
"""A pause ends by itself, so that a forgotten one doesn't leave the pair without failover."""
_PATTERNS: Mapping[str, tuple[str, str]] = {
    "LEASE_TABLE": (r"[A-Za-z0-9_.-]{3,255}", "a table's name"),
    "PAIR": (r"\S{1,255}", "the system's name"),
    "SERVING_TARGET_GROUP": (r"arn:[^:]+:elasticloadbalancing:\S+:targetgroup/\S+", "a target group's ARN"),
    "MEMBERS_TARGET_GROUP": (r"arn:[^:]+:elasticloadbalancing:\S+:targetgroup/\S+", "a target group's ARN"),
    "TOPIC": (r"arn:[^:]+:sns:\S+", "an SNS topic's ARN"),
}


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """The environment, checked."""

    table: str
    pair: str
    serving: str
    members_group: str
    members: tuple[str, str]
    """Names of the two Auto Scaling groups; the first one holds the first lease."""
    topic: str
    timing: Timing
    mirror: Mirror | None = None
    """Where the two have a mirrored disk: DISK says how it is mirrored, MIRROR who is led to whom."""


def configuration(environment: Mapping[str, str]) -> Configuration:
    """Read the environment. Raises ValueError that names variable, value and what is allowed."""
    found = {name: _matching(environment, name) for name in _PATTERNS}
    if found["SERVING_TARGET_GROUP"] == found["MEMBERS_TARGET_GROUP"]:
        raise ValueError(
            f"MEMBERS_TARGET_GROUP is {found['MEMBERS_TARGET_GROUP']!r}: allowed is another one than SERVING_TARGET_GROUP"
        )
    members = _json(environment, "MEMBERS", "a JSON list of two names of Auto Scaling groups")
    if not _two_names(members):
        raise ValueError(
            f"MEMBERS is {members!r}: allowed is a JSON list of two names of Auto Scaling groups"
        )
    return Configuration(
        table=found["LEASE_TABLE"],
        pair=found["PAIR"],
        serving=found["SERVING_TARGET_GROUP"],
        members_group=found["MEMBERS_TARGET_GROUP"],
        members=(members[0], members[1]),
        topic=found["TOPIC"],
        timing=timing(_json(environment, "TIMING", "a JSON object")),
        mirror=_mirror(environment) if "MIRROR" in environment else None,
    )


def _mirror(environment: Mapping[str, str]) -> Mirror:
    parts = [_json(environment, name, "a JSON object") for name in ("DISK", "MIRROR")]
    if not all(isinstance(part, dict) for part in parts):
        raise ValueError(f"DISK and MIRROR are {parts!r}: allowed are JSON objects")
    return mirror({**parts[0], **parts[1]})


def _matching(environment: Mapping[str, str], name: str) -> str:
    pattern, allowed = _PATTERNS[name]
    value = environment.get(name)
    if value is None or not re.fullmatch(pattern, value):
        raise ValueError(f"{name} is {value!r}: allowed is {allowed}")
    return value


def _json(environment: Mapping[str, str], name: str, allowed: str) -> Any:
    value = environment.get(name)
    try:
        return json.loads(value or "")
    except ValueError:
        raise ValueError(f"{name} is {value!r}: allowed is {allowed}") from None


def _two_names(members: Any) -> bool:
    names = members if isinstance(members, list) and all(isinstance(m, str) and m for m in members) else []
    return len(names) == len(set(names)) == 2  # noqa: PLR2004 - a pair


@dataclass(frozen=True)
class Asked:
    """What an event asks for."""

    action: str
    to: str | None = None
    reason: str = ""
    minutes: int = PAUSE_MINUTES


def asked(event: Any, members: tuple[str, str]) -> Asked:
    """Read an event. Raises ValueError that names key, value and what is allowed."""
    given = dict(event) if isinstance(event, Mapping) else {}
    action = given.pop("action", None)
    if not isinstance(action, str) or action not in ACTIONS:
        raise ValueError(f"action is {action!r}: allowed are {', '.join(ACTIONS)}")
    unknown = [key for key in given if key not in ACTIONS[action]]
    if unknown:
        allowed = ", ".join(ACTIONS[action]) or "no other key"
        raise ValueError(f"{action} has {unknown[0]!r}: allowed is {allowed}")
    if given.get("to") is not None and given["to"] not in members:
        raise ValueError(f"to is {given['to']!r}: allowed are {', '.join(members)}")
    if action == "pause":
        _check_pause(given)
    return Asked(action, **given)


def _check_pause(given: Mapping[str, Any]) -> None:
    reason, minutes = given.get("reason"), given.get("minutes", PAUSE_MINUTES)
    if not isinstance(reason, str) or not reason:
        raise ValueError(f"reason is {reason!r}: allowed is a text that says why")
    if isinstance(minutes, bool) or not isinstance(minutes, int) or not 1 <= minutes <= MOST_PAUSE_MINUTES:
        raise ValueError(f"minutes is {minutes!r}: allowed are whole numbers from 1 to {MOST_PAUSE_MINUTES}")
