"""A system that a plan of ARC Region switch moves survives its own failover on the Pulumi CLI, with its cache, table and files."""

from __future__ import annotations

import time

import pytest

from sandbox.aws import server
from sandbox.drills import system as systems
from sandbox.drills import ways
from sandbox.drills.world import World
from tests.engine.test_own_failover import required, writers
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
    pilot,
    protection,
    swapped,
    with_systems,
)

NAME = "plan"
SYSTEMS = {
    NAME: {
        "strategy": "pilot-light",
        "switch": {"by": "region-switch"},
        "cache": {},
        "sessions": {},
        "files": {},
    }
}
STEPS = {
    *("move", "start-servers", "fail-over-database", "move-cache", "open-files-unless-planned"),
    *("follow-files", "open-files", "child-1"),
}


@pytest.fixture(scope="module")
def deployed(holdfast):
    return with_systems(holdfast, SYSTEMS, OBJECTIVES)


def run(deployed, name, region, *, lossy):
    """The plan moves a system to a region; what became of its last execution."""
    world = World(server.running(deployed.state))
    system = systems.read(name, [deployed.engine().outputs(stack) for stack in STACKS])
    begun = ways.take_over(world, system, system.place(region), lossy=lossy)
    assert begun.plan
    deadline = time.monotonic() + 120
    while True:
        assert begun.problem(world) == ""
        switch = deployed.boto("arc-region-switch", begun.region)
        found = switch.get_plan_execution(planArn=begun.plan, executionId=begun.execution)
        if found["executionState"] != "inProgress" and not begun.then:
            break
        assert time.monotonic() < deadline
        time.sleep(0.2)
    return found["executionState"], {each["name"]: each["status"] for each in found["stepStates"]}


def guarded(deployed):
    """What protects the files of each region from being overwritten."""
    return {region: protection(deployed, region)[1] for region in (EAST, WEST)}


def test_what_the_plan_changes_is_left_alone(deployed):
    aws = server.running(deployed.state)
    first = left(deployed)
    faulty(aws, {EAST: LOST})
    done, meanwhile = run(deployed, NAME, WEST, lossy=True), answers(deployed, SYSTEMS)
    faulty(aws, {EAST: None})
    servers, plans = required(deployed, WEST), left(deployed)
    assert first == {"prod": set(), "dr": set()}, "a second `up` changes nothing"
    assert done == ("completed", dict.fromkeys(STEPS, "completed"))
    assert meanwhile == answers(deployed, SYSTEMS) == {NAME: WEST}, "the plan's checks keep clients there"
    assert servers == {NAME: (FULL, FULL)}
    assert set(writers(deployed).values()) == {WEST}
    # The plan has raised the least that a group may have; until roles are swapped, the program wants its own.
    # The founding stack's files are to be overwritten, since the database writes elsewhere.
    assert plans == {
        "prod": {("FileSystem", "update", f"{NAME}-files-files")},
        "dr": {("Group", "update", f"{NAME}-app-group")},
    }


def test_two_runs_make_the_region_that_took_over_the_one_that_serves(deployed):
    opened(deployed, EAST)
    found = swapped(deployed, WEST, SYSTEMS)
    after = left(deployed)
    for stack, op in (("prod", "delete"), ("dr", "create")):
        assert found[stack] == (pilot(NAME, stack, op), {NAME: WEST}, {NAME: FULL})
    assert after == {"prod": set(), "dr": set()}
    assert guarded(deployed) == {EAST: "REPLICATING", WEST: "ENABLED"}


def test_the_way_back_ends_where_it_began(deployed):
    done = run(deployed, NAME, EAST, lossy=False)
    opened(deployed, WEST)
    found = swapped(deployed, EAST, SYSTEMS)
    after = left(deployed)
    assert done == ("completed", dict.fromkeys(STEPS, "completed"))
    for stack, op in (("prod", "create"), ("dr", "delete")):
        assert found[stack] == (pilot(NAME, stack, op), {NAME: EAST}, {NAME: FULL})
    assert after == {"prod": set(), "dr": set()}
    assert set(writers(deployed).values()) == {EAST}
    assert guarded(deployed) == {EAST: "ENABLED", WEST: "REPLICATING"}
