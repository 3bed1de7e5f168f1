"""The groups of keys that decide what all systems of a stack stand on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated, Literal

from architectures.faults import Fault, refusals
from architectures.keys import Domain, Section, shaped
from architectures.known import ENDPOINT, ZONE, table
from components.network import NatMode
from components.network.cidr import zone_number
from components.network.endpoints import GATEWAY_SERVICES
from components.recovery import MONTHLY, WEEKLY, BackupRule, VaultLock, times_a_day

COMPLIANCE_GRACE_DAYS = 7
"""Days in which a compliance lock can still be lifted."""


def _numbered(zone: str) -> bool:
    """Whether the network takes it for a zone's id."""
    return not any(refusals(lambda: zone_number(zone), {"zones": ""}))


class Network(Section):
    """The VPC."""

    cidr: str
    peer_cidr: str
    zones: tuple[str, ...]
    nat: NatMode = NatMode.ZONE
    interface_endpoints: tuple[str, ...] = ()
    flow_log_retention_days: int = 90

    def faults(self, unlisted: Sequence[str]) -> Iterator[Fault]:
        """Endpoints that AWS doesn't list, and zones that a region of which any is listed doesn't have."""
        zones = table(ZONE)
        regions = {zone.partition("-")[0] for zone in zones.names}
        ours = [zone for zone in self.zones if zone.partition("-")[0] in regions and _numbered(zone)]
        yield from zones.faults("network.zones", ours, unlisted)
        services = [service for service in self.interface_endpoints if service not in GATEWAY_SERVICES]
        yield from table(ENDPOINT).faults("network.interfaceEndpoints", services, unlisted)


class Dns(Section):
    """The hosted zone."""

    domain: Domain
    existing_zone_id: (
        Annotated[str, shaped(r"Z[A-Z0-9]{5,31}", "the id of a hosted zone, such as Z0123456789ABCDEFGHIJ")]
        | None
    ) = None
    delegated: bool = True
    """Whether the registrar names the zone's servers. False: lay the ground and wait with the systems, whose certificates could not be
    validated."""


class Backup(Section):
    """The backup plan: days each recovery point is kept, here and in the other region."""

    times_a_day: Literal[1, 2, 3, 4, 6, 8, 12, 24] | None = None
    """How often the daily rule runs. None: as often as the strategies of the systems ask."""
    daily_retention_days: int = 35
    weekly_retention_days: int = 120
    monthly_retention_days: int = 365
    vault_lock: Literal["governance", "compliance"] = "governance"

    def rules(self, times: int) -> list[BackupRule]:
        """The plan's rules, with a daily one that runs `times` a day."""
        kept = {
            times_a_day(times): self.daily_retention_days,
            WEEKLY: self.weekly_retention_days,
            MONTHLY: self.monthly_retention_days,
        }
        return [
            replace(
                rule,
                retention=replace(rule.retention, delete_after_days=days),
                copy_retention=replace(rule.copy_retention, delete_after_days=days),
            )
            for rule, days in kept.items()
        ]

    @property
    def lock(self) -> VaultLock:
        """The lock of both vaults."""
        return VaultLock(
            max_retention_days=max(
                self.daily_retention_days, self.weekly_retention_days, self.monthly_retention_days
            ),
            changeable_for_days=COMPLIANCE_GRACE_DAYS if self.vault_lock == "compliance" else None,
        )


class Operations(Section):
    """Who is told."""

    alarm_emails: tuple[str, ...] = ()
