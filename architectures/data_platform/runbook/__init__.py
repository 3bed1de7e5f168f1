"""The runbook of a data platform: what to look at and what to call, with the real names filled in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pulumi

from architectures.data_platform.batch import BatchParts
from architectures.data_platform.ingestion import IngestionParts
from architectures.data_platform.search import SearchParts
from architectures.data_platform.settings import DataPlatformSettings
from architectures.data_platform.warehouse import WarehouseParts
from architectures.parts.runbook import filled, told
from architectures.strategies import Strategy
from architectures.system import Place
from components.search import Mode

HERE = Path(__file__).parent
PARTS = {
    "follow": ("begin", "search-look", "search-follow", "search-back"),
    "build": ("begin", "search-build", "search-back"),
    "both": ("begin", "search-look", "search-both"),
    "own": ("begin", "search-look", "search-own"),
}
"""Kinds of runbook, and the texts that each is made of: the domain gets the other region's snapshots; there is none until it is built; both
regions have one that is written; it serves here, and the other region gets its snapshots."""
WAREHOUSE = {
    "restore": ("warehouse-look", "warehouse-restore", "warehouse-back"),
    "serves": ("warehouse-look", "warehouse-own", "warehouse-back"),
    "zones": ("warehouse-look", "warehouse-own", "warehouse-zone", "warehouse-back"),
}
"""The same of a warehouse: a snapshot is restored here; a cluster stands here, in one zone; or in two."""
BATCH = {"batch": ("batch",), "batch-waits": ("batch-build",)}
"""The same of batch jobs: the application stands here; or not before it is built."""
INGESTION = {"takes": ("ingestion",), "waits": ("ingestion-build",)}
"""The same of ingestion: devices may send here; or not before it is built."""
FURTHER = {**WAREHOUSE, **INGESTION, **BATCH}
"""Kinds of what not every platform has, told after a `+`."""


def texts(kind: str) -> list[Path]:
    """The files that a runbook of that kind is made of: one of PARTS, and of FURTHER whatever follows."""
    search, *further = kind.split("+")
    return [HERE / f"{part}.md" for part in (*PARTS[search], *(p for each in further for p in FURTHER[each]))]


def text(kind: str, values: Mapping[str, str]) -> str:
    """The runbook of that kind, in Markdown. Raises KeyError for a name it lacks."""
    return filled(texts(kind), values)


def written(
    name: str,
    settings: DataPlatformSettings,
    place: Place,
    parts: tuple[SearchParts, WarehouseParts | None, IngestionParts | None, BatchParts | None],
) -> dict[str, pulumi.Output[str]]:
    """The runbook of this stack's region, by region."""
    stack, (search, warehouse, ingestion, batch) = place.stack, parts
    common = {"SYSTEM": name, "REGION": stack.region, "PEER": stack.peer_region}
    kind, own = _of_search(settings, place, search)
    if warehouse is not None:
        more, values = _of_warehouse(settings, warehouse)
        kind, own = f"{kind}+{more}", {**own, **values}
    if ingestion is not None:
        more, values = _of_ingestion(ingestion)
        kind, own = f"{kind}+{more}", {**own, **values}
    if batch is not None:
        more, values = _of_batch(batch)
        kind, own = f"{kind}+{more}", {**own, **values}
    return {stack.region: told(text, kind, {**common, **own})}


def _of_search(
    settings: DataPlatformSettings, place: Place, search: SearchParts
) -> tuple[str, dict[str, pulumi.Input[str]]]:
    if search.domain is None or search.keeper is None:
        return "build", {}
    own: dict[str, pulumi.Input[str]] = {
        "DOMAIN": search.domain.name,
        "KEEPER": search.keeper.function_name,
        "ALARMS": _names(search.domain.alarms),
    }
    if settings.mode(place.stack) is Mode.FOLLOW:
        return "follow", own
    return "both" if settings.followed(place.stack) is Strategy.ACTIVE_ACTIVE else "own", own


def _of_warehouse(
    settings: DataPlatformSettings, warehouse: WarehouseParts
) -> tuple[str, dict[str, pulumi.Input[str]]]:
    serves = warehouse.serves
    if serves is None:
        return "restore", {}
    own: dict[str, pulumi.Input[str]] = {
        "CLUSTER": serves.identifier,
        "WAREHOUSE_ALARMS": _names(serves.alarms),
    }
    two = settings.warehouse is not None and settings.warehouse.multi_az
    return "zones" if two else "serves", own


def _of_ingestion(ingestion: IngestionParts) -> tuple[str, dict[str, pulumi.Input[str]]]:
    if ingestion.takes is None:
        return "waits", {}
    alarms = pulumi.Output.all(*ingestion.takes.delivery.alarms).apply(" ".join)
    return "takes", {"INGESTION_ALARMS": alarms, "INGESTION_LETTERS": ingestion.takes.letters_url}


def _of_batch(batch: BatchParts) -> tuple[str, dict[str, pulumi.Input[str]]]:
    if batch.application is None or batch.start is None:
        return "batch-waits", {"BATCH": batch.bucket}
    return "batch", {
        "BATCH": batch.bucket,
        "APPLICATION": batch.application.application_id,
        "START": batch.start.function_name,
        "START_ALIAS": batch.start.alias,
    }


def _names(alarms: Mapping[str, pulumi.Output[str]]) -> pulumi.Output[str]:
    return pulumi.Output.all(*alarms.values()).apply(" ".join)
