"""A data platform that two regions have."""

from __future__ import annotations

import pulumi

from architectures.data_platform.batch import BatchParts
from architectures.data_platform.ingestion import IngestionParts
from architectures.data_platform.runbook import written
from architectures.data_platform.search import SearchParts
from architectures.data_platform.settings import DataPlatformSettings
from architectures.data_platform.warehouse import WarehouseParts
from architectures.parts.shelf import Shelf
from architectures.system import Place, System


class DataPlatform(System):
    """One region's part of the platform.

    Creates: where the strategy has it, a search domain over three zones with a function that takes its snapshots, or restores the other
    region's; the founding stack's bucket of snapshots and its copy, each of which gets what is written to the other; by setting a Redshift
    cluster in the region that serves, with the grant by which its snapshots are copied to the other one; by setting what takes records from
    devices, into such a pair of buckets, and an application of EMR Serverless with a pair for its scripts and results; alarms, runbooks.
    Survives: instance and zone; a region: from the newest snapshot that has arrived in the other one.
    Costs: nodes and storage by the hour, twice where both regions have a domain; buckets and functions by use; alarms.
    Source: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/disaster-recovery-resiliency.html
    """

    search: SearchParts
    warehouse: WarehouseParts | None
    """None where the settings have none."""
    ingestion: IngestionParts | None
    batch: BatchParts | None
    """The same."""

    def __init__(
        self,
        name: str,
        settings: DataPlatformSettings,
        place: Place,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("holdfast:architectures:DataPlatform", name, {}, opts)
        self.search = SearchParts(name, settings, place, parent=self)
        given = settings.warehouse
        self.warehouse = WarehouseParts(name, given, place, parent=self) if given else None
        sent, stands = settings.ingestion, settings.takes(place.stack)
        self.ingestion = IngestionParts(name, sent, place, stands=stands, parent=self) if sent else None
        self.batch = self._batch(name, settings, place)
        shelf = Shelf(name, place, self)
        runbooks = written(name, settings, place, (self.search, self.warehouse, self.ingestion, self.batch))
        parts = (self.warehouse, self.ingestion, self.batch)
        kept = [fact for part in parts if part is not None for fact in part.recovery]
        self.recovery = [*self.search.recovery, *kept, *shelf.recovery]
        self.outputs = {
            "kind": settings.kind,
            "search": self.search.outputs,
            **({"warehouse": self.warehouse.outputs} if self.warehouse else {}),
            **({"ingestion": self.ingestion.outputs} if self.ingestion else {}),
            **({"batch": self.batch.outputs} if self.batch else {}),
            **shelf.outputs,
            "runbook": shelf.put(runbooks),
        }
        self.register_outputs(dict(self.outputs))

    def _batch(self, name: str, settings: DataPlatformSettings, place: Place) -> BatchParts | None:
        given, stack = settings.batch, place.stack
        if given is None:
            return None
        return BatchParts(
            name,
            given,
            place,
            records=self.ingestion.records if self.ingestion else None,
            stands=settings.takes(stack),
            begins=settings.begins(stack),
            parent=self,
        )
