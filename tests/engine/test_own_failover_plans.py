"""What more than a pilot light waits in the other region survives its own failover by a plan of ARC Region switch, on the Pulumi CLI.

A warm standby; two regions that serve and of which one writes; two that both write.
"""

from __future__ import annotations

import pytest

from sandbox.aws import server
from tests.engine.test_own_failover import required, writers
from tests.engine.test_own_failover_plan import run
from tests.engine.test_own_failover_stores import (
    EAST,
    FULL,
    LOST,
    OBJECTIVES,
    STACKS,
    WEST,
    ZONES,
    answers,
    faulty,
    left,
    swapped,
    with_systems,
)

SWITCH = {"switch": {"by": "region-switch"}}
SYSTEMS = {
    "warm": {"strategy": "warm-standby", **SWITCH},
    "both": {"strategy": "active-active", **SWITCH},
    "rows": {"strategy": "active-active", "database": {"engine": "aurora-dsql"}, **SWITCH},
}


@pytest.fixture(scope="module")
def deployed(holdfast):
    return with_systems(holdfast, SYSTEMS, OBJECTIVES)


def turned(stack):
    """What naming another region changes of a stack: sizes of the warm standby, and which region forwards writes."""
    watched = {("MetricAlarm", "update", f"warm-app-healthy-{zone}") for zone in ZONES[stack]}
    return watched | {("Group", "update", "warm-app-group"), ("Cluster", "update", "both-db-cluster")}


def each(region):
    return dict.fromkeys(SYSTEMS, region)


def test_what_the_plans_change_is_left_alone(deployed):
    aws = server.running(deployed.state)
    first = left(deployed)
    faulty(aws, {EAST: LOST})
    done = {run(deployed, name, WEST, lossy=True)[0] for name in SYSTEMS}
    meanwhile = answers(deployed, SYSTEMS)
    faulty(aws, {EAST: None})
    after = left(deployed)
    assert first == {"prod": set(), "dr": set()}, "a second `up` changes nothing"
    assert done == {"completed"}
    assert meanwhile == answers(deployed, SYSTEMS) == each(WEST), "the plans' checks keep clients there"
    assert required(deployed, WEST) == dict.fromkeys(SYSTEMS, (FULL, FULL))
    assert set(writers(deployed).values()) == {WEST}
    # The plan has raised the least that a group may have; until roles are swapped, the program wants its own.
    assert after == {"prod": set(), "dr": {("Group", "update", "warm-app-group")}}


def test_two_runs_make_the_region_that_took_over_the_one_that_serves(deployed):
    found = swapped(deployed, WEST, SYSTEMS)
    after = left(deployed)
    for stack in STACKS:
        assert found[stack] == (turned(stack), each(WEST), dict.fromkeys(SYSTEMS, FULL))
    assert after == {"prod": set(), "dr": set()}


def test_the_way_back_ends_where_it_began(deployed):
    done = {run(deployed, name, EAST, lossy=False)[0] for name in SYSTEMS}
    found = swapped(deployed, EAST, SYSTEMS)
    after = left(deployed)
    assert done == {"completed"}
    for stack in STACKS:
        assert found[stack] == (turned(stack), each(EAST), dict.fromkeys(SYSTEMS, FULL))
    assert after == {"prod": set(), "dr": set()}
    assert set(writers(deployed).values()) == {EAST}
