"""The keys of a data platform: what is refused, in one line each, before anything is registered."""

from __future__ import annotations

from typing import Any

import pytest

from architectures.strategies import Strategy
from architectures.telling import SettingsError
from components.search import Mode
from tests.architectures.data_platform.conftest import configured
from tests.test_settings import load, refusals

ROLE = "arn:aws:iam::123456789012:role/search"
FAMILIES = "c5, c6g, c7g, i3, m5, m6g, m7g, r5, r6g, r6gd, r7g, r7gd"
TYPE = f"allowed is a type such as r6g.large.search of the families {FAMILIES}: Multi-AZ with standby takes no other"
ELSEWHERE = "allowed is false but in the joining stack with backup-and-restore or pilot-light: elsewhere all of it stands"


def refused(stack: str = "prod", **changes: Any) -> list[str]:
    return refusals(configured(stack, **changes))


def test_the_example_is_taken() -> None:
    for stack in ("prod", "dr"):
        assert set(load(configured(stack)).systems) == {"data"}


@pytest.mark.parametrize(
    ("search", "line"),
    [
        ({"dataNodes": 4}, "dataNodes: got 4, allowed is a multiple of three: one share a zone"),
        ({"dataNodes": 0}, "dataNodes: got 0, allowed is 3 to 1002"),
        ({"dataType": "t3.small.search"}, f"dataType: got 't3.small.search', {TYPE}"),
        ({"dataType": "r6g.large"}, f"dataType: got 'r6g.large', {TYPE}"),
        ({"masterType": "or1.large.search"}, f"masterType: got 'or1.large.search', {TYPE}"),
        ({"version": "1.2"}, "version: got '1.2', allowed is a version of OpenSearch such as 2.19, 1.3 or newer"),
        ({"version": "latest"}, "version: got 'latest', allowed is a version of OpenSearch such as 2.19, 1.3 or newer"),
        ({"volumeGib": 9}, "volumeGib: got 9, allowed is 10 to 24576 GiB"),
        ({"dataType": "i3.large.search", "volumeGib": 200}, "volumeGib: got 200, allowed is none with i3.large.search, which has disks of its own"),
        ({"offPeakHour": 24}, "offPeakHour: got 24, allowed is 0 to 23"),
        ({"reachedFrom": ["10.0.0.1/16"]}, "reachedFrom: got '10.0.0.1/16', allowed is an IPv4 network in CIDR notation without host bits, e.g. 198.51.100.0/24"),
        ({"reachedFrom": ["0.0.0.0/0"]}, "reachedFrom: got '0.0.0.0/0', allowed is a private network: the domain is in the VPC"),
        ({"reachedFrom": ["10.0.0.0/16", "10.0.0.0/16"]}, "reachedFrom: got 10.0.0.0/16 more than once, allowed is each once"),
        ({"administrators": ["search"]}, "administrators[0]: got 'search', allowed is the ARN of an IAM role"),
        ({"administrators": [ROLE, ROLE]}, f"administrators: got {ROLE} more than once, allowed is each once"),
        ({"snapshots": {"everyMinutes": 90}}, "snapshots.everyMinutes: got 90, allowed is whole hours: 60, 120 and so on"),
        ({"snapshots": {"everyMinutes": 30}}, "snapshots.everyMinutes: got 30, allowed is 60 to 1440 min"),
        ({"snapshots": {"keepDays": 17}}, "snapshots.keepDays: got 17, allowed is what makes 400 snapshots at most, not 408"),
        ({"snapshots": {"keepDays": 0}}, "snapshots.keepDays: got 0, allowed is 1 to 365 days"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_one_line(search: dict[str, Any], line: str) -> None:
    assert refused(search=search) == [f"holdfast:systems.data.search.{line}"]


def test_a_domain_needs_three_zones() -> None:
    found = configured("prod", warehouse=None)
    found["holdfast:network"]["zones"] = ["use1-az1", "use1-az2"]
    with pytest.raises(SettingsError) as told:
        load(found)
    said = "holdfast:systems.data.search.dataNodes: got 2, allowed is 3 or more: a domain with standby stands in three zones"
    assert str(told.value).replace("['use1-az1', 'use1-az2']", "2") == said


@pytest.mark.parametrize(
    ("stack", "strategy"), [("prod", "backup-and-restore"), ("dr", "warm-standby"), ("dr", "active-active")]
)
def test_what_stands_is_not_built_again(stack: str, strategy: str) -> None:
    line = f"holdfast:systems.data.rebuild: got true, {ELSEWHERE}"
    assert refused(stack, rebuild=True, strategy=strategy, warehouse=None) == [line]


TAKE, FOLLOW = Mode.TAKE, Mode.FOLLOW


@pytest.mark.parametrize(
    ("strategy", "here", "there", "swapped"),
    [
        (Strategy.BACKUP_AND_RESTORE, TAKE, None, (TAKE, TAKE)),
        (Strategy.PILOT_LIGHT, TAKE, None, (TAKE, TAKE)),
        (Strategy.WARM_STANDBY, TAKE, FOLLOW, (FOLLOW, TAKE)),
        (Strategy.ACTIVE_ACTIVE, TAKE, TAKE, (TAKE, TAKE)),
    ],
)
def test_the_strategy_decides_where_a_domain_stands_and_what_it_does(
    strategy: Strategy, here: Mode, there: Mode | None, swapped: tuple[Mode, Mode]
) -> None:
    def found(stack: str, active: str, **changes: Any) -> Mode | None:
        given = configured(stack, strategy=str(strategy), warehouse=None, **changes)
        given["holdfast:recovery"]["activeRegion"] = active
        loaded = load(given)
        mine: Any = loaded.systems["data"]
        return mine.mode(loaded.stack) if mine.stands(loaded.stack) else None

    assert (found("prod", "us-east-1"), found("dr", "us-east-1")) == (here, there)
    assert (found("prod", "us-west-2"), found("dr", "us-west-2")) == swapped, (
        "what has served keeps its domain"
    )
    if there is None:
        assert found("dr", "us-east-1", rebuild=True) is FOLLOW
