"""The tags that every resource carries: the interface between program, policies and AWS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

BACKED_UP = {"backup": "required"}
LOG_OBJECTIVES = {"dr-tier": "3", "rto-hours": "72", "rpo-minutes": "2880"}
"""Logs are for looking back: no recovery waits for them. Two days cover what a daily backup and its copy may lose."""


@dataclass(frozen=True, kw_only=True)
class Tags:
    """Who owns a resource and what it promises.

    Every component puts these on each taggable resource explicitly: a stack transform would be invisible to mocks and policies.
    """

    environment: str
    system: str
    owner: str
    cost_center: str
    dr_tier: int
    """1 (most critical), 2 or 3."""
    rto_hours: float
    """Recovery time objective in hours, above 0."""
    rpo_minutes: float
    """Recovery point objective of the stores in minutes, 0 or more."""
    corruption: tuple[float, float] | None = None
    """Both for corrupted or deleted data: hours, minutes. None: the same as for every failure."""
    workload: str | None = None
    """Name of the system that the resource belongs to; None for what all systems share."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """Further tags of the stores that tell what recovery takes, e.g. `dr:data-gib`; docs/recovery.md lists them."""

    def resource(self, name: str) -> dict[str, str]:
        """Tags of a resource that keeps no data."""
        belongs = {} if self.workload is None else {"workload": self.workload}
        return {
            "Name": name,
            "environment": self.environment,
            "system": self.system,
            **belongs,
            "owner": self.owner,
            "cost-center": self.cost_center,
            "dr-tier": str(self.dr_tier),
            "rto-hours": f"{self.rto_hours:g}",
        }

    @property
    def _of_corruption(self) -> dict[str, str]:
        if self.corruption is None:
            return {}
        hours, minutes = self.corruption
        return {"dr:rto-hours-corruption": f"{hours:g}", "dr:rpo-minutes-corruption": f"{minutes:g}"}

    def store(self, name: str) -> dict[str, str]:
        """Tags of a resource that keeps data: the recovery point objective, and the mark that backup plans select by."""
        kept = {"rpo-minutes": f"{self.rpo_minutes:g}", **BACKED_UP}
        return {**self.resource(name), **kept, **self._of_corruption, **self.facts}

    def unsaved(self, name: str) -> dict[str, str]:
        """Tags of a store that no backup service has: it promises like every store, and no backup plan selects it."""
        return {key: value for key, value in self.store(name).items() if key not in BACKED_UP}

    def passing(self, name: str) -> dict[str, str]:
        """Tags of what keeps data until somebody has taken it, a queue or a stream: it promises, and no backup has it."""
        return {**self.resource(name), "rpo-minutes": f"{self.rpo_minutes:g}"}

    def unbacked(self, name: str) -> dict[str, str]:
        """Tags of a store that AWS Backup knows no backup of: it promises all that stores do."""
        return {key: value for key, value in self.store(name).items() if key not in BACKED_UP}

    @property
    def backed_up(self) -> dict[str, str]:
        """Tags that all stores of this system and environment have in common, and no other's: backup plans select by them."""
        return {**BACKED_UP, "environment": self.environment, "system": self.system}

    def logs(self, name: str) -> dict[str, str]:
        """Tags of a store of logs: weaker objectives of its own, and no backup.

        Logs expire, and in a locked vault nobody could delete what should not have been written to them.
        """
        return {**self.resource(name), **LOG_OBJECTIVES}
