"""The keys of a system that may have a site: the name that users type, which two regions answer."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

from architectures.faults import Fault, fault, refusals
from architectures.keys import Domain, SystemSettings
from architectures.parts import arguments, names
from architectures.parts.sections import Autoshift, Firewall, Moved
from architectures.stack import Stack
from architectures.strategies import Posture, Strategy, posture
from components.edge.load_balancer import check_name

STANDBY_FRACTION = 0.34
"""A warm standby that serves a third of the load at once, as soon as traffic comes, and grows from there."""


class NamedSettings(SystemSettings):
    """A system that may have a site, and a share of it ready in the other region."""

    site: Domain | None = None
    """The name that users type, in the foundation's hosted zone. None: only reached from inside the VPC."""
    withdrawn: bool = False
    """Leave the site's name to the other region. Swapping roles doesn't need it, see docs/architecture.md."""
    standby_fraction: float | None = None
    """Share of the active region's servers that a warm standby keeps running, never fewer than one a zone. None: a third."""
    switch: Moved
    """What moves it to the other region. Nothing with backup-and-restore: there is nothing to move to."""
    firewall: Firewall = Firewall()
    """Of the site; without one nothing faces the Internet."""

    def rebuilt(self, _stack: Stack) -> bool:
        """Whether the region was built from recovery points, so that it is to serve."""
        return False

    def posture(self, stack: Stack) -> Posture:
        """How the system stands in that stack's region."""
        share = STANDBY_FRACTION if self.standby_fraction is None else self.standby_fraction
        stands = posture(
            self.followed(stack),
            active=stack.active,
            share=share,
            rebuilt=self.rebuilt(stack),
            kept=stack.founder,
        )
        # Who leaves the name may be the next to serve: everything runs before traffic comes.
        return dataclasses.replace(stands, share=1) if self.withdrawn and stands.data else stands

    def switched(self, stack: Stack) -> bool:
        """Whether something deployed beforehand moves the system between the regions."""
        return self.switch.by != "none" and self.posture(stack).replicated

    def site_faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        """What can't be of the site and the load balancer that answers for it."""
        site = self.site
        yield from refusals(lambda: check_name(names.load_balancer(name)), {"name": ""})
        if site is None:
            if self.withdrawn:
                yield fault("withdrawn", "true", "false without a site: there is no name to leave")
            if self.followed(stack) is Strategy.ACTIVE_ACTIVE:
                yield fault(
                    "strategy",
                    "'active-active'",
                    "any other without a site: there is no name that both regions answer",
                )
        elif site != stack.domain and not site.endswith(f".{stack.domain}"):
            yield fault("site", repr(site), f"a name in {stack.domain}")
        firewall = arguments.placeholder_firewall(self.firewall, name, stack)
        yield from refusals(firewall.check, arguments.FIREWALL_KEYS)
        certificate = arguments.placeholder_certificate(site, name, stack)
        yield from refusals(certificate.check, {"domain": "site" if site else ""})

    def strategy_faults(self, stack: Stack) -> Iterator[Fault]:
        """What can't be of the share that stands by."""
        strategy, fraction = self.followed(stack), self.standby_fraction
        if fraction is None:
            return
        if not 0 < fraction <= 1:
            yield fault("standbyFraction", fraction, "above 0 and at most 1")
        elif strategy is not Strategy.WARM_STANDBY:
            yield fault(
                "standbyFraction", fraction, f"nothing with {strategy}: it is a {Strategy.WARM_STANDBY}'s"
            )

    def hosts(self, name: str, stack: Stack) -> list[str]:
        """DNS names that the system takes in the hosted zone."""
        regions = (stack.region, stack.peer_region)
        if self.site is None:
            return [names.inside(name, region, stack.domain) for region in regions]
        return names.of_site(self.site, regions)

    def agreement(self, _stack: Stack) -> Mapping[str, Any]:
        """What both regions' stacks must say alike of the system, by key."""
        return {
            "kind": self.kind,
            "leaving": self.leaving,
            "site": self.site,
            "withdrawn": self.withdrawn,
            "switch.by": self.switch.by,
        }


class BearingSettings(NamedSettings):
    """One that has no experiments of its own."""

    bears: tuple[Literal["zone-power", "cross-region"], ...] = ()
    """Experiments of the stack's other systems that cut subnets, which this one stands in too, and so is hit by."""

    CUT_KEY: ClassVar[str] = "bears"

    @property
    def cuts(self) -> frozenset[str]:
        """What cuts the subnets that it is in."""
        return frozenset(self.bears)

    def looks_back(self, _stack: Stack) -> bool:
        """Whether the program asks what its last run left: it doesn't."""
        return False


class PlainSettings(BearingSettings):
    """One that is built anew by a key, not by a restore."""

    rebuild: bool = False
    """With backup-and-restore, in the joining stack: build what serves there, the other region being lost."""

    def rebuilt(self, stack: Stack) -> bool:
        """Whether the region is built because the other one is lost, so that it is to serve."""
        return self.rebuild and not stack.founder


class SiteSettings(NamedSettings):
    """One whose servers stand in every zone, and all of them serve."""

    autoshift: Autoshift = Autoshift()
    """What takes its traffic from an ill zone."""

    def shifts(self, stack: Stack) -> bool:
        """Whether AWS takes traffic from an ill zone: from a load balancer without servers there is none to take."""
        return self.autoshift.enabled and bool(self.posture(stack).share)
