"""A region's part of a site: certificate, web ACL, page of last resort, records."""

from __future__ import annotations

import functools
from typing import Protocol

import pulumi

from architectures.parts import arguments, names
from architectures.parts.content import Content, ContentArgs
from architectures.parts.settings import NamedSettings
from architectures.strategies import Traffic
from architectures.system import Place
from components.edge import (
    CLOUDFRONT_REGION,
    Alias,
    Certificate,
    HealthChecks,
    HealthChecksArgs,
    LoadBalancer,
    LoadBalancerArgs,
    Scope,
    Served,
    SiteRecords,
    SiteRecordsArgs,
    TargetArgs,
    WebAcl,
)
from components.network.groups import ANYWHERE
from components.outputs import once


class Front(Protocol):
    """What answers in a region."""

    dns_name: pulumi.Output[str]
    """Its own name, which no record moves."""


class Balanced(Front, Protocol):
    """A load balancer, whoever makes it."""

    zone_id: pulumi.Output[str]
    """Hosted zone of that name, for alias records."""


class Site:
    """The parts of the site that stand whether or not the region serves, as children of the system."""

    content: Content | None
    """What one stack declares for both regions. None without a site, and in the joining stack."""

    def __init__(self, name: str, settings: NamedSettings, place: Place, parent: pulumi.Resource) -> None:
        self._name, self._settings, self._place, self._parent = name, settings, place, parent
        self._child = pulumi.ResourceOptions(parent=parent)
        self.content = None
        self._shallow = HealthChecksArgs.shallow_path
        self._sorry = self._last_resort(settings.site) if settings.site else None

    def firewall(self) -> WebAcl | None:
        """What stands before the load balancer, or a REST API; None where nothing faces the Internet."""
        if not self._settings.site:
            return None
        args = arguments.firewall(
            self._settings.firewall,
            Scope.REGIONAL,
            self._name,
            self._place.stack,
            tags=self._place.tags,
            key_arn=self._place.ground.key_arn,
        )
        return WebAcl(f"{self._name}-firewall", args, self._child)

    def balancer(
        self, security_group_id: pulumi.Input[str], target: TargetArgs | None, *, zonal_shift: bool = True
    ) -> LoadBalancer:
        """The load balancer: public, behind the firewall, with a site; else inside the VPC. Without `target` paths have theirs."""
        ground, stack, public = self._place.ground, self._place.stack, bool(self._settings.site)
        network, firewall = ground.network, self.firewall()
        args = LoadBalancerArgs(
            vpc_id=network.vpc_id,
            subnet_ids=network.public_subnet_ids if public else network.private_subnet_ids,
            internal=not public,
            security_group_id=security_group_id,
            certificate_arn=self.certificate.arn,
            web_acl_arn=firewall.arn if firewall else None,
            target=target,
            zonal_shift=zonal_shift,
            deletion_protection=stack.protect,
            protect=stack.protect,
            tags=self._place.tags,
        )
        return LoadBalancer(names.load_balancer(self._name), args, self._child)

    @property
    def clients(self) -> str:
        """The network that may reach the load balancer: everybody with a site, else the VPC's own."""
        return ANYWHERE if self._settings.site else self._place.ground.network.cidr

    def health(
        self,
        front: Front,
        *,
        shallow: str = HealthChecksArgs.shallow_path,
        deep: str = HealthChecksArgs.deep_path,
        base: str = "",
    ) -> HealthChecks | None:
        """The checks of this region, by a light path and by one that works only if what is behind does; None without a site.

        `base` stands before both where the front is asked by its own name.
        """
        if not self._settings.site:
            return None
        self._shallow = shallow
        # The endpoint is the front's own name: a name that fails over would always be healthy.
        args = HealthChecksArgs(
            endpoint=front.dns_name,
            shallow_path=base + shallow,
            deep_path=base + deep,
            tags=self._place.tags,
        )
        return HealthChecks(f"{self._name}-check", args, self._child)

    def records(self, served: Served | None) -> SiteRecords | None:
        """The region's records; None without a site."""
        if self._settings.site is None or self._sorry is None:
            return None
        stack, settings = self._place.stack, self._settings
        args = SiteRecordsArgs(
            zone_id=self._place.ground.zone_id,
            site=self._settings.site,
            region=stack.region,
            # The pair outlives the roles: checks decide, those that somebody turns, or the one of a region that yields.
            first=stack.founder,
            yields_to=None
            if stack.active or not stack.founder or settings.switched(stack)
            else stack.peer_region,
            yields_path=self._shallow,
            served=served,
            nearest=settings.posture(stack).traffic is Traffic.NEAREST,
            sorry=self._sorry,
            withdrawn=settings.withdrawn,
            tags=self._place.tags,
        )
        return SiteRecords(f"{self._name}-site", args, self._child)

    def _last_resort(self, site: str) -> Alias:
        """What answers when no region does: the founding stack makes it, the other one reads it."""
        ground, stack, peer = self._place.ground, self._place.stack, self._place.peer
        if peer:
            return Alias(name=peer.text("sorryName"), zone_id=peer.text("sorryZoneId"), cloudfront=True)
        content = ContentArgs(
            site=site,
            regions=(stack.region, stack.peer_region),
            zone_id=ground.zone_id,
            key_arn=ground.key_arn,
            peer_key_arn=ground.peer_key_arn,
            firewall=arguments.firewall(
                self._settings.firewall,
                Scope.CLOUDFRONT,
                self._name,
                stack,
                tags=self._place.tags,
                key_arn=ground.key_in(CLOUDFRONT_REGION),
            ),
            tags=self._place.tags,
            protect=stack.protect,
        )
        self.content = Content(f"{self._name}-content", content, self._child)
        return self.content.sorry

    @functools.cached_property
    def certificate(self) -> Certificate:
        """Of the load balancer."""
        site, stack = self._settings.site, self._place.stack
        args = arguments.certificate(
            site, self._name, stack, tags=self._place.tags, zone_id=self._place.ground.zone_id
        )
        after = [self.content.certificate.issued] if self.content else []
        own = pulumi.ResourceOptions(parent=self._parent, depends_on=after)
        return Certificate(f"{self._name}-tls", args, own)

    def outputs(self, records: SiteRecords | None) -> dict[str, pulumi.Input[str]]:
        """What people and the other region's stack read of it."""
        found: dict[str, pulumi.Input[str]] = {}
        if records:
            found["site"] = f"https://{self._settings.site}"
            if records.region_fqdn is not None:
                found["regionSite"] = records.region_fqdn
        if self.content:
            found |= {"sorryName": self.content.sorry.name, "sorryZoneId": self.content.sorry.zone_id}
        return found


def served(
    balancer: Balanced,
    after: pulumi.Input[str],
    health: HealthChecks | None,
    switch_check: pulumi.Input[str] | None,
    *,
    evaluated: bool = True,
) -> Served | None:
    """What answers in the region; `evaluated`: by the load balancer's own health too.

    Nobody is sent there before `after` is: what serves runs. The page of last resort waits for nothing.
    """
    if health is None:
        return None
    return Served(
        load_balancer=Alias(
            name=once(balancer.dns_name, after), zone_id=balancer.zone_id, evaluated=evaluated
        ),
        health_check_id=health.calculated_id,
        site_check_id=switch_check,
    )
