"""A shard is lost: only its keys fail, and its replica alone is promoted. A region is lost: one machine promotes all of them beside each other.

Clients read the parameters of their region, as an application would, and the sandbox has no SQL: a shard can be written where the instance at
its address is available and no replica. The function that is deployed does its migrations in SQLite, one file a shard.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from functions.sharded_database.shard_map import ShardMap
from sandbox.drills.ground import Ground
from sandbox.drills.world import World
from tests.sandbox.test_runbook import call, commands

EAST, WEST = "us-east-1", "us-west-2"
KEYS = [f"tenant-{number}" for number in range(8)]
LOST = "a"


@pytest.fixture(scope="module")
def ground(services: Ground) -> Ground:
    return services


@pytest.fixture
def world(ground: Ground) -> Iterator[World]:
    with ground.copy() as found:
        found.start(0.5, without=set(ground.names()) - {"orders"})
        yield found


class Clients:
    """One for each key, in one region."""

    def __init__(self, world: World, region: str) -> None:
        self.ssm, self.rds = world.boto("ssm", region), world.boto("rds", region)
        path = "/example/production/orders"
        pages = self.ssm.get_paginator("get_parameters_by_path").paginate(Path=path, Recursive=True)
        found = {
            p["Name"].removeprefix(f"{path}/"): json.loads(p["Value"])
            for page in pages
            for p in page["Parameters"]
        }
        self.map = ShardMap.plain(found.pop("map"))
        self.places = {name.removeprefix("shards/"): where for name, where in found.items()}

    def writes(self, key: str) -> bool:
        where = self.places[self.map.shard(key)]
        try:
            known = self.rds.describe_db_instances()["DBInstances"]
        except (ClientError, BotoCoreError):
            return False
        [found] = [each for each in known if each["Endpoint"]["Address"] == where["host"]] or [None]
        if found is None or found["Endpoint"]["Port"] != where["port"]:
            return False
        return (
            found["DBInstanceStatus"] == "available" and "ReadReplicaSourceDBInstanceIdentifier" not in found
        )

    def answered(self) -> set[str]:
        return {key for key in KEYS if self.writes(key)}

    def of(self, shard: str) -> set[str]:
        return {key for key in KEYS if self.map.shard(key) == shard}


def told(ground: Ground, region: str) -> dict[str, Any]:
    found: dict[str, Any] = ground.outputs[region == WEST]["systems"]["orders"]
    return found


@pytest.fixture
def command(ground: Ground, world: World) -> Callable[[str, str], dict[str, Any]]:
    """`command(heading, words)` runs the one command of the western region's runbook, below the heading, that has all these words."""
    bucket, _, path = told(ground, WEST)["runbook"][WEST].removeprefix("s3://").partition("/")
    text = world.boto("s3", WEST).get_object(Bucket=bucket, Key=path)["Body"].read().decode()

    def run(heading: str, *words: str) -> dict[str, Any]:
        [line] = [each for each in commands(text, heading) if all(word in each for word in words)]
        return call(world.aws.endpoint, line)

    return run


def test_a_lost_shard_touches_only_its_keys_and_its_replica_alone_takes_over(
    ground: Ground, world: World, command: Callable[..., dict[str, Any]]
) -> None:
    here, there = Clients(world, EAST), Clients(world, WEST)
    assert here.map == there.map
    mine = here.of(LOST)
    assert 0 < len(mine) < len(KEYS)
    assert (here.answered(), there.answered()) == (set(KEYS), set())
    database = told(ground, EAST)["shards"][LOST]["database"]
    here.rds.modify_db_instance(
        DBInstanceIdentifier=database, DeletionProtection=False, ApplyImmediately=True
    )
    here.rds.delete_db_instance(DBInstanceIdentifier=database, SkipFinalSnapshot=True)
    for _ in range(3):
        world.advance(60)
        assert here.answered() == set(KEYS) - mine
    replica = told(ground, WEST)["shards"][LOST]["database"]
    command("Act", "rds promote-read-replica", replica)
    world.advance(1200)
    assert there.answered() == mine, "the other shard's replica follows as before"
    assert here.answered() == set(KEYS) - mine


def test_a_lost_regions_shards_take_over_beside_each_other(
    world: World, command: Callable[..., dict[str, Any]]
) -> None:
    here, there = Clients(world, EAST), Clients(world, WEST)
    world.call("break", region=EAST)
    assert (here.answered(), there.answered()) == (set(), set())
    command("Act", "stepfunctions start-execution")
    world.advance(1500)
    [run] = command("Act", "stepfunctions list-executions")["executions"]
    assert run["status"] == "SUCCEEDED"
    assert there.answered() == set(KEYS)
    assert Clients(world, WEST).map == here.map, "no map was written"
    promoted = [
        line["at"] for line in world.timeline if line["who"] == "RDS" and line["what"].endswith("is promoted")
    ]
    assert len(promoted) == 2
    assert max(promoted) - min(promoted) < 60, "beside each other"


def test_a_shard_without_a_replica_fails_the_machine_and_takes_no_other_one_along(
    ground: Ground, world: World, command: Callable[..., dict[str, Any]]
) -> None:
    replica, rds = told(ground, WEST)["shards"][LOST]["database"], world.boto("rds", WEST)
    there = Clients(world, WEST)
    rds.modify_db_instance(DBInstanceIdentifier=replica, DeletionProtection=False, ApplyImmediately=True)
    rds.delete_db_instance(DBInstanceIdentifier=replica, SkipFinalSnapshot=True)
    world.call("break", region=EAST)
    command("Act", "stepfunctions start-execution")

    def status() -> str:
        return str(command("Act", "stepfunctions list-executions")["executions"][0]["status"])

    world.advance(120)
    assert status() == "RUNNING", "the other one is still being promoted"
    world.advance(1400)
    assert status() == "FAILED"
    assert there.answered() == set(KEYS) - there.of(LOST)


def test_the_function_that_is_deployed_does_a_migration_in_every_shard_of_its_region(
    ground: Ground, world: World, shards: Path
) -> None:
    event = {"migration": "0001", "statements": ["CREATE TABLE orders (id INTEGER)"]}

    def invoked() -> tuple[bool, dict[str, Any]]:
        found = world.boto("lambda", EAST).invoke(
            FunctionName=told(ground, EAST)["migrator"], Qualifier="live", Payload=json.dumps(event)
        )
        answer = json.loads(found["Payload"].read())
        failed = "FunctionError" in found
        return failed, (json.loads(answer["errorMessage"]) if failed else answer)["shards"]

    hosts = {
        shard: shards / "hosts" / each["address"] for shard, each in told(ground, EAST)["shards"].items()
    }
    hosts["a"].touch()
    failed, shards = invoked()
    assert failed
    assert {shard: each["state"] for shard, each in shards.items()} == {"a": "applied", "b": "failed"}
    assert shards["b"]["said"] == f"OSError: no route to {hosts['b'].name}"
    hosts["b"].touch()
    assert invoked() == (False, {"a": {"state": "present"}, "b": {"state": "applied"}})
