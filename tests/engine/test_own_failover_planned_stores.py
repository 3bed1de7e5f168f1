"""Cache, files and a strongly consistent table survive their system's own failover by a plan of ARC Region switch where more than a pilot
light waits in the other region, on the Pulumi CLI.

Those of a pilot light are in test_own_failover_plan.py, what a state machine moves is in test_own_failover_shared.py.
"""

from __future__ import annotations

import pytest

from sandbox.aws import server
from tests.engine.test_own_failover import required, writers
from tests.engine.test_own_failover_plan import run
from tests.engine.test_own_failover_shared import SYSTEMS as SHARED
from tests.engine.test_own_failover_shared import caches, each, guarded, turned
from tests.engine.test_own_failover_stores import (
    EAST,
    FULL,
    LOST,
    OBJECTIVES,
    STACKS,
    WEST,
    answers,
    faulty,
    left,
    opened,
    swapped,
    with_systems,
)

SYSTEMS = {
    name: {**said, "sessions": {"consistency": "strong"}, "switch": {"by": "region-switch"}}
    for name, said in SHARED.items()
}

STRONG = {region: {("STRONG", "us-east-2", "ACTIVE")} for region in (EAST, WEST)}


@pytest.fixture(scope="module")
def deployed(holdfast):
    return with_systems(holdfast, SYSTEMS, OBJECTIVES)


def moved(deployed, region, *, lossy):
    return {run(deployed, name, region, lossy=lossy)[0] for name in SYSTEMS}


def strong(deployed):
    """Of each system's table, by region: how consistent it is, and where its witness is."""
    found = {}
    for region in (EAST, WEST):
        dynamodb = deployed.boto("dynamodb", region)
        tables = [dynamodb.describe_table(TableName=t)["Table"] for t in dynamodb.list_tables()["TableNames"]]
        found[region] = {
            (t["MultiRegionConsistency"], t["GlobalTableWitnesses"][0]["RegionName"], t["TableStatus"])
            for t in tables
            if "sessions" in t["TableName"]
        }
    return found


def test_what_the_plans_change_is_left_alone(deployed):
    aws = server.running(deployed.state)
    first, tables = left(deployed), strong(deployed)
    faulty(aws, {EAST: LOST})
    done = moved(deployed, WEST, lossy=True)
    meanwhile = answers(deployed, SYSTEMS)
    faulty(aws, {EAST: None})
    after = left(deployed)
    assert first == {"prod": set(), "dr": set()}, "a second `up` changes nothing"
    assert done == {"completed"}
    assert meanwhile == answers(deployed, SYSTEMS) == each(WEST), "the plans' checks keep clients there"
    assert required(deployed, WEST) == dict.fromkeys(SYSTEMS, (FULL, FULL))
    assert (set(writers(deployed).values()), caches(deployed)) == ({WEST}, [WEST] * 2)
    assert tables == strong(deployed) == STRONG
    # The plan has raised the least that a group may have; until roles are swapped, the program wants its own. The founding
    # stack's files are to be overwritten, since the databases write elsewhere.
    assert after == {
        "prod": {("FileSystem", "update", f"{name}-files-files") for name in SYSTEMS},
        "dr": {("Group", "update", "warm-app-group")},
    }


def test_two_runs_make_the_region_that_took_over_the_one_that_serves(deployed):
    for name in SYSTEMS:
        opened(deployed, EAST, name)
    found = swapped(deployed, WEST, SYSTEMS)
    after = left(deployed)
    for stack, op in (("prod", "delete"), ("dr", "create")):
        assert found[stack] == (turned(stack, op), each(WEST), dict.fromkeys(SYSTEMS, FULL))
    assert after == {"prod": set(), "dr": set()}
    assert guarded(deployed) == {EAST: {"REPLICATING"}, WEST: {"ENABLED"}}


def test_the_way_back_ends_where_it_began(deployed):
    done = moved(deployed, EAST, lossy=False)
    for name in SYSTEMS:
        opened(deployed, WEST, name)
    found = swapped(deployed, EAST, SYSTEMS)
    after = left(deployed)
    assert done == {"completed"}
    for stack, op in zip(STACKS, ("create", "delete"), strict=True):
        assert found[stack] == (turned(stack, op), each(EAST), dict.fromkeys(SYSTEMS, FULL))
    assert after == {"prod": set(), "dr": set()}
    assert (set(writers(deployed).values()), caches(deployed)) == ({EAST}, [EAST] * 2)
    assert strong(deployed) == STRONG
