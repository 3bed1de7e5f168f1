"""An API without servers that two regions serve: routes, functions, a table with a replica in each, queues."""

from __future__ import annotations

import pulumi

from architectures.parts.api.system import ApiSystem
from architectures.parts.way_over import WayOver
from architectures.serverless_api.moved import moved
from architectures.serverless_api.runbook import written
from architectures.serverless_api.serving import Serving
from architectures.serverless_api.settings import ServerlessApiSettings
from architectures.system import Place


class ServerlessApi(ApiSystem):
    """One region's part of the system.

    Creates: the table with its replica (the founding stack's), queues with their dead letters, functions behind the alias `live`, an HTTP
    or REST API with authorizers, throttling and access log, alarms, runbooks; where the settings say so an Aurora cluster behind RDS
    Proxy, and the switch to the other region; with a site also certificate, custom domains, health checks and records, and in the
    founding stack the page of last resort.
    Survives: instance and zone (AWS runs all of it in several), region (health checks move a site's clients in about 100 s; what was
    written in the last second or so is lost, and messages that wait in a queue wait until their region is back; a database is promoted
    by whoever decides it).
    Costs: by use; provisioned concurrency, alarms and health checks; the database and its proxy.
    Source: https://docs.aws.amazon.com/wellarchitected/latest/serverless-applications-lens/welcome.html
    """

    serving: Serving | None
    """None where the strategy leaves the region empty."""
    way_over: WayOver | None
    """None where nothing is switched: there is no database, the settings say so, or no data crosses."""

    def __init__(
        self,
        name: str,
        settings: ServerlessApiSettings,
        place: Place,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("holdfast:architectures:ServerlessApi", name, {}, opts)
        self._begin(name, settings, place)
        serves = settings.posture(place.stack).data
        self.serving = Serving(name, settings, place, self.site, parent=self) if serves else None
        self._ask(self.serving, shallow=settings.health_path, deep=settings.deep_health_path)
        if self.serving and settings.switched(place.stack):
            over = moved(settings, place.stack, self.serving)
            self.way_over = WayOver(name, settings, place, over, health=self.health, parent=self)
        self._answer(
            settings,
            self.serving,
            written(name, settings, place, self.serving, self.way_over),
        )
