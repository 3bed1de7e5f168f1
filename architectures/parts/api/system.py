"""A system with an API: how one of any kind ends, once what serves of it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import pulumi

from architectures.parts.api.settings import ApiSettings
from architectures.parts.moved import MovedSystem
from components.edge import HttpApi, RestApi, Served, SiteRecords, region_name
from components.facts import Fact


class Answering(Protocol):
    """What serves in a region."""

    @property
    def api(self) -> HttpApi | RestApi:
        """What clients ask."""

    @property
    def recovery(self) -> list[Fact]:
        """Its units, front to back."""

    @property
    def outputs(self) -> Mapping[str, Any]:
        """What people and the other region's stack read of it."""


class ApiSystem(MovedSystem):
    """One region's part of it; health checks move its clients unless a switch does."""

    def _ask(self, serving: Answering | None, *, shallow: str, deep: str) -> None:
        """Have Route 53 ask what serves, by a light path and a deep one; nothing is switched yet."""
        self.way_over = None
        if serving is not None:
            self.health = self.site.health(serving.api, shallow=shallow, deep=deep, base=serving.api.base)

    def _answer(
        self,
        settings: ApiSettings,
        serving: Answering | None,
        runbooks: Mapping[str, pulumi.Output[str]],
        **more: Any,
    ) -> None:
        """Name what serves, and tell of it."""

        def names(records: SiteRecords) -> list[Fact]:
            front = serving.api.recovery_fact["name"] if serving else None
            return self._named(records, front=front, servers=[])

        self._end(
            self._name,
            self._place,
            served=self._served(settings.site, serving),
            recovery=[
                *(serving.recovery if serving else []),
                *(self.way_over.recovery if self.way_over else []),
            ],
            names=names,
            runbooks=runbooks,
            outputs=self._told(settings.kind, serving, **more),
        )

    def _served(self, site: str | None, serving: Answering | None) -> Served | None:
        if serving is None or self.health is None or site is None:
            return None
        names = serving.api.names
        return Served(
            load_balancer=names[region_name(self._place.stack.region, site)],
            site=names[site],
            health_check_id=self.health.calculated_id,
            site_check_id=self._check_id,
        )
