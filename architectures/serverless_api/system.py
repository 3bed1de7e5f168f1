"""An API without servers that two regions serve: routes, functions, a table with a replica in each, queues."""

from __future__ import annotations

import pulumi

from architectures.parts.api.system import ApiSystem
from architectures.serverless_api.runbook import written
from architectures.serverless_api.serving import Serving
from architectures.serverless_api.settings import ServerlessApiSettings
from architectures.system import Place


class ServerlessApi(ApiSystem):
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
        self._begin(name, settings, place)
        serves = settings.posture(place.stack).data
        self.serving = Serving(name, settings, place, self.site, parent=self) if serves else None
        self._answer(
            settings,
            self.serving,
            written(name, settings, place, self.serving),
            shallow=settings.health_path,
            deep=settings.deep_health_path,
        )
