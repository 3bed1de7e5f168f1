"""The tags that every resource carries: the interface between program, policies and AWS."""

from __future__ import annotations

from dataclasses import dataclass


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

    def resource(self, name: str) -> dict[str, str]:
        """Tags of a resource that keeps no data."""
        return {
            "Name": name,
            "environment": self.environment,
            "system": self.system,
            "owner": self.owner,
            "cost-center": self.cost_center,
            "dr-tier": str(self.dr_tier),
            "rto-hours": f"{self.rto_hours:g}",
        }

    def store(self, name: str) -> dict[str, str]:
        """Tags of a resource that keeps data: the recovery point objective, and the mark that backup plans select by."""
        return {**self.resource(name), "rpo-minutes": f"{self.rpo_minutes:g}", "backup": "required"}
