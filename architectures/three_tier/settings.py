"""The keys of a three-tier system, and what is allowed in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from architectures.faults import Fault, fault, refusals
from architectures.keys import Domain, SystemSettings
from architectures.stack import Stack
from architectures.three_tier import arguments, names
from architectures.three_tier.sections import Compute, Database
from components.compute import Size, standby_size, statically_stable_size
from components.compute.validation import validate
from components.data import engine_port
from components.edge.load_balancer import check_name
from components.network.cidr import MINIMUM_ZONES


class ThreeTierSettings(SystemSettings):
    """One three-tier system."""

    kind: Literal["three-tier"]
    site: Domain | None = None
    """The name that users type, in the foundation's hosted zone. None: only reached from inside the VPC."""
    withdrawn: bool = False
    """Leave the site's name to the other region: the first step of swapping roles, see docs/architecture.md."""
    standby_fraction: float = 0.34
    """Share of the active region's instances that the standby keeps running, never fewer than one a zone."""
    compute: Compute = Compute()
    database: Database = Database()

    @property
    def port(self) -> int:
        """The database's port."""
        return engine_port(self.database.engine)

    def faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        """What can't be in that stack under that name: pairs of a key within the system and what is said of it."""
        yield from refusals(lambda: check_name(names.load_balancer(name)), {"name": ""})
        yield from self._site_faults(name, stack)
        if len(stack.zones) >= MINIMUM_ZONES:  # fewer are the network's own fault
            yield from self._tier_faults(stack)
        database = arguments.placeholder_database(self.database, name, stack)
        yield from refusals(lambda: arguments.check_database(database), arguments.DATABASE_KEYS)

    def _site_faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        site = self.site
        if site is None:
            if self.withdrawn:
                yield fault("withdrawn", "true", "false without a site: there is no name to leave")
        elif site != stack.domain and not site.endswith(f".{stack.domain}"):
            yield fault("site", repr(site), f"a name in {stack.domain}")
        certificate = arguments.placeholder_certificate(site, name, stack)
        yield from refusals(certificate.check, {"domain": "site" if site else ""})

    def sizes(self, stack: Stack) -> tuple[Size, Size]:
        """The size of the application tier where it serves, and where it stands by."""
        full = statically_stable_size(self.compute.required_instances, len(stack.zones))
        return full, standby_size(full, self.standby_fraction)

    def _tier_faults(self, stack: Stack) -> Iterator[Fault]:
        keys = {"required": "compute.requiredInstances", "fraction": "standbyFraction"}
        if faults := list(refusals(lambda: self.sizes(stack), keys)):
            yield from faults
            return
        full, _ = self.sizes(stack)
        if self.compute.maximum_instances < full.total:
            allowed = f"at least {full.total}: requiredInstances in {full.zones} zones with one of them gone"
            yield fault("compute.maximumInstances", self.compute.maximum_instances, allowed)
            return
        tier = arguments.placeholder_tier(self.compute, full, stack)
        yield from refusals(lambda: validate(tier), arguments.TIER_KEYS)

    def hosts(self, name: str, stack: Stack) -> list[str]:
        """DNS names that the system takes in the hosted zone."""
        regions = (stack.region, stack.peer_region)
        if self.site is None:
            return [names.inside(name, region, stack.domain) for region in regions]
        return names.of_site(self.site, regions)

    def agreement(self) -> Mapping[str, Any]:
        """What both regions' stacks must say alike of the system, by key."""
        database = self.database
        return {
            "kind": self.kind,
            "leaving": self.leaving,
            "site": self.site,
            "withdrawn": self.withdrawn,
            "database.engine": database.engine,
            "database.engineVersion": database.engine_version,
        }
