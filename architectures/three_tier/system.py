"""A three-tier web system that two regions serve: load balancer, auto-scaled application, Aurora Global Database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from architectures.strategies import Traffic
from architectures.system import Place, System
from architectures.three_tier import arguments, recovery
from architectures.three_tier.content import Content, ContentArgs
from architectures.three_tier.rehearsals import Rehearsals
from architectures.three_tier.runbook.shelf import Shelf
from architectures.three_tier.runbook.write import written
from architectures.three_tier.serving import Serving
from architectures.three_tier.settings import ThreeTierSettings
from architectures.three_tier.way_over import WayOver
from components.edge import (
    CLOUDFRONT_REGION,
    Alias,
    Certificate,
    HealthChecks,
    Scope,
    Served,
    SiteRecords,
    SiteRecordsArgs,
)
from components.outputs import once


class ThreeTier(System):
    """One region's part of the system.

    Creates: security groups, certificate, load balancer, Auto Scaling group, Aurora cluster, cache, table of sessions and shared files
    where the settings say so, alarms, the switch to the other region, zonal autoshift, experiments, runbooks; with a site also health
    checks and records, and in the founding stack the static content and the site of last resort. Without one the load balancer is
    internal.
    Survives: instance (load balancer and Auto Scaling), zone (capacity stays enough; Aurora fails over in under a minute), region
    (health checks move a site's traffic in about 100 s; the database is promoted by whoever decides it). Costs: instances and database.
    Source: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_disaster_recovery.html
    """

    content: Content | None
    """None without a site, and in the joining stack."""
    serving: Serving | None
    """None where the strategy leaves the region without data."""
    health: HealthChecks | None
    way_over: WayOver | None
    """None where nothing is switched: the settings say so, or no data crosses."""
    rehearsals: Rehearsals | None
    records: SiteRecords | None
    runbooks: Mapping[str, pulumi.Output[str]]
    """By region: what to look at and what to call to move the system there."""

    def __init__(
        self,
        name: str,
        settings: ThreeTierSettings,
        place: Place,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("holdfast:architectures:ThreeTier", name, {}, opts)
        self._name, self._settings, self._place = name, settings, place
        self._stack, self._ground, self._tags = place.stack, place.ground, place.tags
        self._child = pulumi.ResourceOptions(parent=self)
        self.content = self.serving = self.health = self.way_over = self.records = None
        self.rehearsals = None
        sorry = self._last_resort(settings.site) if settings.site else None
        certificate = self._certificate()
        if settings.posture(place.stack).data:
            self.serving = Serving(name, settings, place, certificate, self)
        if self.serving and settings.site:
            self.health = self.serving.health()
        if self.serving and settings.switched(place.stack):
            self.way_over = WayOver(name, settings, place, self.serving, health=self.health, parent=self)
        if self.serving:
            self.rehearsals = Rehearsals(name, settings, place, self.serving, parent=self)
        if settings.site and sorry:
            self.records = self._records(settings.site, sorry)
        self.recovery = self.serving.recovery if self.serving else []
        self.recovery += self.way_over.recovery if self.way_over else []
        if self.records:
            self.recovery += recovery.names(
                self.records, self.health, self.serving, self.content, self.way_over
            )
        self._shelf = Shelf(name, place, self)
        self.runbooks = written(name, settings, place, self.serving, self.way_over)
        self._written = self._shelf.put(self.runbooks)
        self.recovery += self._shelf.recovery
        self.outputs = self._outputs()
        self.register_outputs(dict(self.outputs))

    def _last_resort(self, site: str) -> Alias:
        """What answers when no region does: the founding stack makes it, the other one reads it."""
        ground, stack, peer = self._ground, self._stack, self._place.peer
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
                tags=self._tags,
                key_arn=ground.key_in(CLOUDFRONT_REGION),
            ),
            tags=self._tags,
            protect=stack.protect,
        )
        self.content = Content(f"{self._name}-content", content, self._child)
        return self.content.sorry

    def _certificate(self) -> Certificate:
        site, zone_id = self._settings.site, self._ground.zone_id
        args = arguments.certificate(site, self._name, self._stack, tags=self._tags, zone_id=zone_id)
        after = [self.content.certificate.issued] if self.content else []
        return Certificate(f"{self._name}-tls", args, pulumi.ResourceOptions(parent=self, depends_on=after))

    def _records(self, site: str, sorry: Alias) -> SiteRecords:
        stack, stands = self._stack, self._settings.posture(self._stack)
        args = SiteRecordsArgs(
            zone_id=self._ground.zone_id,
            site=site,
            region=stack.region,
            # Checks that somebody turns outlive the roles: the records needn't follow them.
            first=stack.founder if self._settings.switched(stack) else stack.active,
            served=self._served(),
            nearest=stands.traffic is Traffic.NEAREST,
            sorry=sorry,
            withdrawn=self._settings.withdrawn,
            tags=self._tags,
        )
        return SiteRecords(f"{self._name}-site", args, self._child)

    def _served(self) -> Served | None:
        if self.serving is None or self.health is None:
            return None
        lb = self.serving.load_balancer
        # Nobody is sent here before what serves runs. The page of last resort waits for nothing.
        name = once(lb.dns_name, self.serving.tier.group.id)
        return Served(
            load_balancer=Alias(name=name, zone_id=lb.zone_id),
            health_check_id=self.health.calculated_id,
            site_check_id=self.way_over.check_id if self.way_over else None,
        )

    def _outputs(self) -> dict[str, Any]:
        found: dict[str, Any] = {"kind": self._settings.kind, **self._shelf.outputs, "runbook": self._written}
        if self.serving:
            found |= self.serving.outputs
        if self.way_over:
            found |= self.way_over.outputs
        if self.rehearsals:
            found |= self.rehearsals.outputs
        if self.records:
            found["site"] = f"https://{self._settings.site}"
            if self.records.region_fqdn is not None:
                found["regionSite"] = self.records.region_fqdn
        if self.content:
            found |= {"sorryName": self.content.sorry.name, "sorryZoneId": self.content.sorry.zone_id}
        return found
