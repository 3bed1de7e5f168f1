"""What serves a router of cells in one region: the table of places, the function, the API."""

from __future__ import annotations

from typing import Any

import pulumi

from architectures.cells import arguments, names
from architectures.cells.settings import CellsSettings
from architectures.parts.api.front import http_api, target
from architectures.parts.api.table import ServedTable
from architectures.parts.site import Site
from architectures.system import Place
from components.compute import ServingFunction
from components.edge import HttpApi
from components.facts import Fact


class Serving:
    """The parts of a region that serve, as children of the system."""

    table: ServedTable
    function: ServingFunction
    api: HttpApi

    def __init__(
        self,
        name: str,
        settings: CellsSettings,
        place: Place,
        site: Site,
        addresses: dict[str, str],
        *,
        parent: pulumi.Resource,
    ) -> None:
        """`addresses` has the URL of each cell."""
        child, ground = pulumi.ResourceOptions(parent=parent), place.ground
        self.table = ServedTable(names.table(name), settings, place, child)
        args = arguments.function(
            settings.router,
            settings.posture(place.stack).share,
            tags=place.tags,
            key_arn=ground.key_arn,
            topic_arn=ground.topic.arn,
            variables={"TABLE": self.table.name, **settings.told(addresses)},
            statements=self.table.statements,
        )
        self.function = ServingFunction(names.function(name), args, child)
        self.api = http_api(
            name,
            settings,
            place,
            site,
            routes=arguments.routes(settings.auth or "", settings.scopes),
            targets={arguments.ROUTER: target(self.function)},
            child=child,
        )

    @property
    def recovery(self) -> list[Fact]:
        """The units that serve, front to back."""
        function = {**self.function.recovery_fact, "needs": self.table.used}
        return [{**self.api.recovery_fact, "needs": [function["name"]]}, function, *self.table.stores]

    @property
    def outputs(self) -> dict[str, Any]:
        """What people and the other region's stack read of it."""
        return {
            "api": self.api.dns_name,
            "router": self.function.function_name,
            "table": self.table.told,
        }
