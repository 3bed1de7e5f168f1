"""What is broken on purpose in the sandbox's AWS: one table a process, asked by extensions and server.

A change is a JSON object; what it names is set, `null` (for `zones` also false) mends it, all else stays:

    {"targets": {"i-0abc": ["unhealthy", "Target.Timeout"],    a target's state and reason, whatever it is
                 "i-0abc@<ARN>": ["initial", ""]},             the same in one target group alone
     "zones": {"use1-az1": true},                              a zone is gone, by id or name
     "health_checks": {"<id>": false},                         what the checkers of a Route 53 check see
     "endpoints": {"shop.example.org": false},                 whether a host answers, for every check of it
     "regions": {"us-east-1": [503, "ServiceUnavailable"]},    every regional call signed for it fails
     "actions": {"autoscaling:SetDesiredCapacity": [400, "Throttling"],
                 "rds:*@us-west-2": [500, "InternalFailure"]},
     "clear": true}                                            mend everything first
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

GLOBAL_SERVICES = frozenset(
    {"cloudfront", "globalaccelerator", "iam", "organizations", "route53", "shield", "support", "sts", "waf"}
)
"""Services whose data plane outlives any one region. Their calls never fail for a region's sake, only by
`actions`."""

TARGET_STATES = ("initial", "healthy", "unhealthy", "unused", "draining", "unavailable")
_ERRORS = range(400, 600)
_PAIR = 2
_KINDS = ("targets", "zones", "health_checks", "endpoints", "regions", "actions")


class FaultTable:
    """The table. Safe to use from the server's threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: dict[str, dict[str, Any]] = {kind: {} for kind in _KINDS}

    def apply(self, change: Mapping[str, Any]) -> dict[str, Any]:
        """Set and mend faults and answer the whole table.

        Raises ValueError that names what is wrong; nothing is changed then.
        """
        if not isinstance(change, Mapping):
            raise ValueError(f"a change of faults is an object, got {change!r}")  # noqa: TRY004 - one error type
        unknown = sorted(set(change) - {*_KINDS, "clear"})
        if unknown:
            raise ValueError(f"unknown fault {unknown[0]!r}: allowed are {', '.join((*_KINDS, 'clear'))}")
        checked = {kind: _checked(kind, change[kind]) for kind in _KINDS if kind in change}
        with self._lock:
            if change.get("clear"):
                self._faults = {kind: {} for kind in _KINDS}
            for kind, entries in checked.items():
                for name, value in entries.items():
                    if value is None:
                        self._faults[kind].pop(name, None)
                    else:
                        self._faults[kind][name] = value
        return self.snapshot()

    def snapshot(self) -> dict[str, Any]:
        """The table as a JSON object."""
        with self._lock:
            return {kind: dict(entries) for kind, entries in self._faults.items()}

    def reset(self) -> None:
        """Mend everything."""
        self.apply({"clear": True})

    def target(self, target_id: str, group: str) -> tuple[str, str] | None:
        """State and reason set for a target of a load balancer, whatever its group or in the group of that ARN."""
        found = self._get("targets", target_id) or self._get("targets", f"{target_id}@{group}")
        return None if found is None else (found[0], found[1])

    def zone_lost(self, *names: str | None) -> bool:
        """Whether a zone is gone, asked by its id, its name, or both."""
        return any(self._get("zones", name) for name in names if name)

    def health_check(self, check_id: str) -> bool | None:
        """What the checkers of a Route 53 health check see, if set."""
        found = self._get("health_checks", check_id)
        return None if found is None else bool(found)

    def endpoint(self, host: str) -> bool | None:
        """Whether a host answers, if set."""
        found = self._get("endpoints", host.rstrip(".").lower())
        return None if found is None else bool(found)

    def region_lost(self, region: str) -> bool:
        """Whether a region is gone."""
        return self._get("regions", region) is not None

    def verdict(self, service: str, region: str, action: str) -> tuple[int, str] | None:
        """HTTP status and error code with which a call must fail; None when it may pass."""
        for name in (
            f"{service}:{action}@{region}",
            f"{service}:{action}",
            f"{service}:*@{region}",
            f"{service}:*",
        ):
            found = self._get("actions", name)
            if found is not None:
                return (found[0], found[1])
        if service in GLOBAL_SERVICES:
            return None
        found = self._get("regions", region)
        return None if found is None else (found[0], found[1])

    def _get(self, kind: str, name: str) -> Any:
        # Without the lock: one look at one entry is whole, and the clock looks a hundred thousand times a drill.
        return self._faults[kind].get(name)


def _checked(kind: str, entries: Any) -> dict[str, Any]:
    if not isinstance(entries, Mapping):
        raise ValueError(f"{kind} is {entries!r}: allowed is an object of faults by name")  # noqa: TRY004
    return {
        str(name): None if value is None else _fault(kind, str(name), value)
        for name, value in entries.items()
    }


def _fault(kind: str, name: str, value: Any) -> Any:
    where = f"{kind}[{name!r}] is {value!r}: allowed is"
    if kind in ("zones", "health_checks", "endpoints"):
        if not isinstance(value, bool):
            raise ValueError(f"{where} true, false or null")
        return (value or None) if kind == "zones" else value
    pair = list(value) if isinstance(value, list | tuple) else []
    paired = len(pair) == _PAIR
    if kind == "targets":
        if not paired or pair[0] not in TARGET_STATES or not isinstance(pair[1], str):
            raise ValueError(f"{where} [state, reason] with a state of {', '.join(TARGET_STATES)}, or null")
        return pair
    if not paired or not isinstance(pair[0], int) or pair[0] not in _ERRORS or not isinstance(pair[1], str):
        raise ValueError(f"{where} [HTTP status of 400 to 599, error code], or null")
    if kind == "actions" and ":" not in name:
        raise ValueError(
            f"actions has {name!r}: allowed are service:Action and service:*, with @region after them if wanted"
        )
    return pair


TABLE = FaultTable()
"""The table of this process."""


def apply(change: Mapping[str, Any]) -> dict[str, Any]:
    """Change the process's table, see `FaultTable.apply`."""
    return TABLE.apply(change)


def snapshot() -> dict[str, Any]:
    """The process's table as a JSON object."""
    return TABLE.snapshot()
