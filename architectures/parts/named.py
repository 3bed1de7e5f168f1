"""A system that may have a site: how one of any kind ends, once what serves of it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pulumi

from architectures.parts.shelf import Shelf
from architectures.parts.site import Site
from architectures.system import Place, System
from components.edge import HealthChecks, Served, SiteRecords
from components.facts import Fact


class NamedSystem(System):
    """One region's part of it."""

    site: Site
    health: HealthChecks | None
    records: SiteRecords | None
    runbooks: Mapping[str, pulumi.Output[str]]
    """By region: what to look at and what to call to move the system there."""

    def _end(
        self,
        name: str,
        place: Place,
        *,
        served: Served | None,
        recovery: Iterable[Fact],
        names: Callable[[SiteRecords], Iterable[Fact]],
        runbooks: Mapping[str, pulumi.Output[str]],
        outputs: Mapping[str, pulumi.Input[Any]],
        shelf: Shelf | None = None,
    ) -> None:
        """Name what serves, put the runbooks where people find them, and tell of all of it. `shelf` is made unless it is there."""
        self.records = self.site.records(served)
        shelf = shelf or Shelf(name, place, self)
        self.runbooks = runbooks
        named = names(self.records) if self.records else ()
        self.recovery = [*recovery, *named, *shelf.recovery]
        self.outputs = {
            **outputs,
            **shelf.outputs,
            "runbook": shelf.put(runbooks),
            **self.site.outputs(self.records),
        }
        self.register_outputs(dict(self.outputs))
