"""Cells that two regions serve: a router before systems of the same stack, and where each key's place is written down."""

from __future__ import annotations

import pulumi

from architectures.cells.runbook import written
from architectures.cells.serving import Serving
from architectures.cells.settings import CellsSettings
from architectures.parts.api.system import ApiSystem
from architectures.system import Place
from functions.cells.requests import DEEP_HEALTH, HEALTH


class Cells(ApiSystem):
    """One region's part of the router; the cells themselves are systems beside it.

    Creates: the table of places with its replica (the founding stack's), a function behind the alias `live`, an HTTP API with authorizers,
    throttling and access log, alarms, runbooks; with a site also certificate, custom domains, health checks and records, and in the
    founding stack the page of last resort.
    Survives: a cell (its keys are answered by nobody, all others as before), instance and zone (AWS runs all of it in several), region
    (health checks move the router's clients in about 100 s; each cell's own clients follow that cell's name).
    Costs: by use; provisioned concurrency, alarms and health checks.
    Source: https://docs.aws.amazon.com/wellarchitected/latest/reducing-scope-of-impact-with-cell-based-architecture/reducing-scope-of-impact-with-cell-based-architecture.html
    """

    serving: Serving | None
    """None where the strategy leaves the region empty."""

    def __init__(
        self,
        name: str,
        settings: CellsSettings,
        place: Place,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("holdfast:architectures:Cells", name, {}, opts)
        self._begin(name, settings, place)
        # The settings make sure that each of them has a site.
        addresses = {
            each: str(place.others[cell.system].outputs["site"]) for each, cell in settings.cells.items()
        }
        serves = settings.posture(place.stack).data
        self.serving = Serving(name, settings, place, self.site, addresses, parent=self) if serves else None
        self._ask(self.serving, shallow=HEALTH.removeprefix("GET "), deep=DEEP_HEALTH.removeprefix("GET "))
        self._answer(
            settings,
            self.serving,
            written(name, settings, place, self.serving),
            cells=addresses,
        )
