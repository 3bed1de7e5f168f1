"""The keys of a warehouse: what is refused, in one line each, and which clusters a region has."""

from __future__ import annotations

from typing import Any

import pytest

from architectures.telling import SettingsError
from tests.architectures.data_platform.conftest import RESTORE, configured
from tests.test_settings import load, refusals

TYPES = "ra3.large, ra3.xlplus, ra3.4xlarge, ra3.16xlarge"
EVERY = "snapshots.everyHours"
DATABASE = "a lower-case letter and up to 63 letters, digits or underscores"
SNAPSHOT = "the identifier of a snapshot, letters, digits, hyphens and colons"


def refused(stack: str = "prod", **changes: Any) -> list[str]:
    return refusals(configured(stack, **changes))


@pytest.mark.parametrize(
    ("warehouse", "line"),
    [
        ({"nodeType": "dc2.large"}, f"nodeType: got 'dc2.large', allowed is one of {TYPES}"),
        ({"nodes": 1}, "nodes: got 1, allowed is 2 to 16"),
        ({"nodes": 17}, "nodes: got 17, allowed is 2 to 16"),
        ({"nodeType": "ra3.4xlarge", "nodes": 33}, "nodes: got 33, allowed is 2 to 32"),
        ({"nodeType": "ra3.16xlarge", "nodes": 129}, "nodes: got 129, allowed is 2 to 128"),
        ({"databaseName": "Dev"}, f"databaseName: got 'Dev', allowed is {DATABASE}"),
        ({"snapshots": {"everyHours": 5}}, f"{EVERY}: got 5, allowed is one of 1, 2, 3, 4, 6, 8, 12, 24"),
        ({"snapshots": {"everyHours": 2, "keepDays": 36}}, "snapshots.keepDays: got 36, allowed is 1 to 35 days"),
        ({"snapshots": {"everyHours": 2, "keepDays": 0}}, "snapshots.keepDays: got 0, allowed is 1 to 35 days"),
        ({"snapshots": {"everyHours": 6}}, f"{EVERY}: got 6, allowed is 4 or less: 240 minutes of data may be lost, and a snapshot is up to 6 h old"),
        ({"snapshots": {}}, f"{EVERY}: got none, allowed is 4 or less: 240 minutes of data may be lost, and a snapshot is up to 8 h old"),
        ({"restores": [{"name": "original", "snapshot": "it"}]}, "restores[0].name: got 'original', allowed is each name once, and not original"),
        ({"restores": [RESTORE, RESTORE]}, "restores[1].name: got 'first', allowed is each name once, and not original"),
        ({"restores": [{"name": "first", "snapshot": "of today"}]}, f"restores[0].snapshot: got 'of today', allowed is {SNAPSHOT}"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_one_line(warehouse: dict[str, Any], line: str) -> None:
    assert refused(warehouse=warehouse) == [f"holdfast:systems.data.warehouse.{line}"]


def test_both_regions_can_not_write() -> None:
    line = "any other with a warehouse: Redshift writes in one region, and snapshots alone reach another one"
    assert refused(strategy="active-active") == [
        f"holdfast:systems.data.strategy: got 'active-active', allowed is {line}"
    ]


@pytest.mark.parametrize("minutes", [0, 59])
def test_no_promise_is_shorter_than_a_snapshot_an_hour_allows(minutes: int) -> None:
    line = "60 or more with a warehouse: Redshift takes a snapshot an hour at most"
    promise = {"drTier": 2, "rtoHours": 8, "rpoMinutes": minutes}
    assert refused(objectives=promise) == [
        f"holdfast:systems.data.objectives.rpoMinutes: got {minutes}, allowed is {line}"
    ]
    load(
        configured(
            "prod", objectives={**promise, "rpoMinutes": 60}, warehouse={"snapshots": {"everyHours": 1}}
        )
    )


def test_it_needs_three_zones() -> None:
    found = configured("prod")
    found["holdfast:network"]["zones"] = ["use1-az1", "use1-az2"]
    with pytest.raises(SettingsError) as told:
        load(found)
    said = str(told.value)
    assert "holdfast:systems.data.warehouse.multiAz: got" in said
    assert "3 or more: two zones compute, and one takes the lost one's place" in said


def swapped(stack: str, **warehouse: Any) -> dict[str, Any]:
    found = configured(stack, warehouse=warehouse)
    found["holdfast:recovery"]["activeRegion"] = "us-west-2"
    return found


def test_a_region_that_serves_without_a_snapshot_has_nothing_to_serve() -> None:
    line = "a snapshot to restore: no cluster follows that of us-east-1"
    assert refusals(swapped("dr")) == [
        f"holdfast:systems.data.warehouse.restores: got none, allowed is {line}"
    ]
    load(swapped("dr", restores=[RESTORE]))
    load(swapped("prod"))  # what has served keeps its cluster
