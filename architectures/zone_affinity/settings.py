"""The keys of a system whose requests stay in their zone, and what is allowed in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

from architectures.faults import Fault, fault, refusals
from architectures.parts import names, tier
from architectures.parts.arguments import autoshift_faults
from architectures.parts.aurora.settings import AuroraSettings
from architectures.parts.sections import Compute, Move
from architectures.parts.settings import BearingSettings, SiteSettings
from architectures.stack import Stack
from architectures.zone_affinity.sections import Traffic, ZonalDatabase
from components.compute import Size, standby_size
from components.data.aurora_args import ENDPOINTS_AT_MOST
from components.edge.load_balancer import check_name
from components.network.cidr import MINIMUM_ZONES


class ZoneAffinitySettings(BearingSettings, AuroraSettings, SiteSettings):
    """One system of that kind."""

    kind: Literal["zone-affinity"]
    switch: Move = Move()
    """What moves it to the other region. Nothing with backup-and-restore: there is nothing to move to."""
    web: Compute = Compute()
    """The web tier, which clients reach."""
    application: Compute = Compute()
    """The application tier, which the web tier asks."""
    database: ZonalDatabase = ZonalDatabase()
    traffic: Traffic = Traffic()
    """What the estimate of saved traffic reckons with."""

    ZONE_ENDPOINTS: ClassVar[bool] = True

    @property
    def aurora(self) -> ZonalDatabase:
        """What the database is to be."""
        return self.database

    def faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        """What can't be in that stack under that name: pairs of a key within the system and what is said of it."""
        yield from self.site_faults(name, stack)
        yield from refusals(lambda: check_name(names.inner_balancer(name)), {"name": ""})
        yield from self.strategy_faults(stack)
        if not len(set(stack.zones)) >= MINIMUM_ZONES:  # the network's own fault
            return
        yield from autoshift_faults(self.autoshift)
        yield from tier.faults(self.web, "web", stack)
        yield from tier.faults(self.application, "application", stack)
        if len(stack.zones) > ENDPOINTS_AT_MOST:
            allowed = f"at most {ENDPOINTS_AT_MOST} zones in network.zones: a cluster has no more endpoints of its zones' instances"
            yield fault("kind", f"'{self.kind}' in {len(stack.zones)} zones", allowed)
            return
        yield from self.aurora_faults(name, stack)

    def size(self, compute: Compute, stack: Stack) -> Size:
        """A tier's size in that stack's region."""
        return standby_size(tier.full_size(compute, stack), self.posture(stack).share or 0)

    @property
    def restored_types(self) -> set[str]:
        """Types of resources, in AWS Backup's words, whose restores are rehearsed."""
        return {"Aurora"}

    def agreement(self, stack: Stack) -> Mapping[str, Any]:
        """What both regions' stacks must say alike of the system, by key."""
        return {
            **super().agreement(stack),
            "database.engine": self.database.engine,
            "database.engineVersion": self.database.engine_version,
            **(self.restored() if self.posture(stack).replicated else {}),
        }
