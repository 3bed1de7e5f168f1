"""An API without servers that two regions serve: routes, functions, a table with a replica in each, queues."""

from __future__ import annotations

import pulumi

from architectures.parts.moved import MovedSystem
from architectures.parts.site import Site
from architectures.serverless_api.runbook import written
from architectures.serverless_api.serving import Serving
from architectures.serverless_api.settings import ServerlessApiSettings
from architectures.system import Place
from components.edge import Served, SiteRecords, region_name
from components.facts import Fact


class ServerlessApi(MovedSystem):
    """One region's part of the system.

    Creates: the table with its replica (the founding stack's), queues with their dead letters, functions behind the alias `live`, an
    HTTP API with authorizers, throttling and access log, alarms, runbooks; with a site also certificate, custom domains, health checks and
    records, and in the founding stack the page of last resort.
    Survives: instance and zone (AWS runs all of it in several), region (health checks move a site's clients in about 100 s; what was
    written in the last second or so is lost, and messages that wait in a queue wait until their region is back).
    Costs: by use; provisioned concurrency, alarms and health checks.
    Source: https://docs.aws.amazon.com/wellarchitected/latest/serverless-applications-lens/welcome.html
    """

    serving: Serving | None
    """None where the strategy leaves the region empty."""

    def __init__(
        self,
        name: str,
        settings: ServerlessApiSettings,
        place: Place,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("holdfast:architectures:ServerlessApi", name, {}, opts)
        self._settings, self._place = settings, place
        self.site = Site(name, settings, place, self)
        self.serving = self.health = self.way_over = None
        if settings.posture(place.stack).data:
            self.serving = Serving(name, settings, place, self.site, parent=self)
            self.health = self.site.health(
                self.serving.api, shallow=settings.health_path, deep=settings.deep_health_path
            )
        self._end(
            name,
            place,
            served=self._served(),
            recovery=self.serving.recovery if self.serving else [],
            names=self._names,
            runbooks=written(name, settings, place, self.serving),
            outputs=self._told(settings.kind, self.serving),
        )

    def _served(self) -> Served | None:
        site = self._settings.site
        if self.serving is None or self.health is None or site is None:
            return None
        names = self.serving.api.names
        return Served(
            load_balancer=names[region_name(self._place.stack.region, site)],
            site=names[site],
            health_check_id=self.health.calculated_id,
        )

    def _names(self, records: SiteRecords) -> list[Fact]:
        serving = self.serving
        return self._named(
            records,
            front=serving.api.recovery_fact["name"] if serving else None,
            servers=[],
        )
