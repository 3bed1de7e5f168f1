"""A system whose replica is promoted for good survives its own failover on the Pulumi CLI: Oracle APEX on RDS for Oracle."""

from __future__ import annotations

import pytest
import yaml

from sandbox.aws import server
from sandbox.drills import system as systems
from sandbox.drills import ways
from sandbox.drills.world import World
from tests.engine.test_own_failover import named
from tests.engine.test_own_failover_stores import EAST, LOST, STACKS, WEST, ended, faulty, left, planned

SYSTEM = "crm"


@pytest.fixture(scope="module")
def deployed(holdfast):
    for stack in STACKS:
        told = yaml.safe_load((holdfast.root / "examples" / "apex" / f"{stack}.yaml").read_text())
        (holdfast.root / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump(told, sort_keys=False))
    holdfast("up").ok()
    return holdfast


def databases(deployed):
    """By region: whether an instance there still follows another one."""
    found = {}
    for region in (EAST, WEST):
        (kept,) = deployed.boto("rds", region).describe_db_instances()["DBInstances"]
        found[region] = "ReadReplicaSourceDBInstanceIdentifier" in kept
    return found


def test_what_a_promotion_changes_is_left_alone(deployed):
    first, began = left(deployed), databases(deployed)
    aws = server.running(deployed.state)
    world, outputs = World(aws), [deployed.engine().outputs(stack) for stack in STACKS]
    system = systems.read(SYSTEM, outputs)
    faulty(aws, {EAST: LOST})
    begun = ways.take_over(world, system, system.place(WEST), lossy=True)
    ended(deployed, WEST, begun.execution)
    faulty(aws, {EAST: None})
    after, moved = left(deployed), databases(deployed)
    named(deployed, WEST)
    wanted = {}
    for stack in STACKS:  # the founder first, with whom the other one must agree
        wanted[stack] = planned(deployed, stack)
        deployed("up", "--stack", stack).ok()
    last = left(deployed)
    assert first == {"prod": set(), "dr": set()}, "a second `up` changes nothing"
    assert began == {EAST: False, WEST: True}
    assert moved == {EAST: False, WEST: False}
    assert after == {"prod": set(), "dr": set()}, "until the settings say so, the program wants nothing else"
    gone = {kind for steps in wanted.values() for kind, op, _ in steps if op == "delete"}
    assert gone == {"MetricAlarm", "ZonalAutoshift", "ZonalAutoshiftConfiguration"}, (
        "what goes with the tasks"
    )
    assert last == {"prod": set(), "dr": set()}
