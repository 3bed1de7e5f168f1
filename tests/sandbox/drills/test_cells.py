"""A cell is lost: only its keys fail, all others are answered throughout; and a key is moved out of it, by the runbook's commands."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from functions.cells import router
from functions.cells.configuration import configuration
from sandbox.aws.client import environment
from sandbox.drills.ground import Ground
from sandbox.drills.world import CLIENT, World
from tests.architectures.cells.conftest import configured
from tests.sandbox.drills.examples import grounded
from tests.sandbox.test_runbook import call, commands

REGION = "us-east-1"
KEYS = [f"tenant-{number}" for number in range(6)]
LOST, KEPT = "c1", "c2"


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """The example's active region, whose router needs no name of its own here."""
    said = {"prod": configured("prod", site=None)}
    with grounded(tmp_path_factory.mktemp("settings"), said) as found:
        yield found


@pytest.fixture
def world(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A copy, on which the router that is deployed answers in this process, with the variables that it is deployed with."""
    with ground.copy() as found:
        deployed = found.boto("lambda", REGION).get_function_configuration(
            FunctionName=told(ground)["router"], Qualifier="live"
        )
        variables = deployed["Environment"]["Variables"] | environment(found.aws.endpoint, REGION)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        configuration.cache_clear()
        found.start(0.5)
        yield found
        configuration.cache_clear()


def told(ground: Ground) -> dict[str, Any]:
    found: dict[str, Any] = ground.outputs[0]["systems"]["shop"]
    return found


def event(key: str) -> dict[str, Any]:
    return {
        "version": "2.0",
        "routeKey": "ANY /{proxy+}",
        "rawPath": "/items",
        "rawQueryString": "",
        "headers": {},
        "requestContext": {"authorizer": {"jwt": {"claims": {"custom:tenant": key}}}},
    }


class Clients:
    """One for each key: it asks the router, and writes a row where that one sends it."""

    def __init__(self, ground: Ground, world: World) -> None:
        self.world, self.zone, self.rows = world, ground.outputs[0]["foundation"]["zoneId"], 0

    def ask(self, key: str) -> tuple[int, str, str]:
        """Status, cell, and what was said."""
        answer = router.handler(event(key), None)
        if answer["statusCode"] != 307:
            return answer["statusCode"], "", json.loads(answer["body"])["message"]
        there = urlsplit(answer["headers"]["location"])
        assert there.path == "/items"
        resolved = self.world.boto("route53", REGION, CLIENT).test_dns_answer(
            HostedZoneId=self.zone, RecordName=there.hostname, RecordType="A", ResolverIP=f"sandbox:{REGION}"
        )
        self.rows += 1
        found = self.world.call("request", host=resolved["RecordData"][0], row=self.rows)
        return found["status"], json.loads(answer["body"])["cell"], found["said"]


@pytest.fixture
def clients(ground: Ground, world: World) -> Clients:
    return Clients(ground, world)


def lose(ground: Ground, world: World) -> None:
    """All that answers in the cell is stopped, as by a change that was rolled out to the whole of it."""
    functions = ground.outputs[0]["systems"][f"shop-{LOST}"]["functions"]
    for name in functions.values():
        world.boto("lambda", REGION).put_function_concurrency(
            FunctionName=name, ReservedConcurrentExecutions=0
        )


def test_the_function_that_is_deployed_sends_a_key_to_its_cell(ground: Ground, world: World) -> None:
    sent = world.boto("lambda", REGION).invoke(
        FunctionName=told(ground)["router"], Qualifier="live", Payload=json.dumps(event(KEYS[0]))
    )
    answer = json.loads(sent["Payload"].read())
    assert answer["statusCode"] == 307, answer
    cell = json.loads(answer["body"])["cell"]
    assert answer["headers"]["location"] == f"https://{cell}.shop.holdfast.example/items"
    assert json.loads(router.handler(event(KEYS[0]), None)["body"])["cell"] == cell, "it was written down"


def test_a_lost_cell_touches_only_its_keys(ground: Ground, world: World, clients: Clients) -> None:
    world.advance(130)
    before = {key: clients.ask(key) for key in KEYS}
    assert {status for status, _, _ in before.values()} == {200}
    mine = {key for key, (_, cell, _) in before.items() if cell == LOST}
    assert 0 < len(mine) < len(KEYS)
    lose(ground, world)
    for _ in range(3):
        world.advance(60)
        after = {key: clients.ask(key) for key in KEYS}
        assert {key for key, (status, _, _) in after.items() if status != 200} == mine
        assert {cell for key, (_, cell, _) in after.items() if key in mine} == {LOST}, (
            "sent where its data is"
        )


@pytest.fixture
def command(ground: Ground, world: World) -> Callable[..., dict[str, Any]]:
    """`command(number, EPOCH=...)` runs a command of the runbook's part on moving a key, filled in as a person would."""
    bucket, _, path = told(ground)["runbook"][REGION].removeprefix("s3://").partition("/")
    text = world.boto("s3", REGION).get_object(Bucket=bucket, Key=path)["Body"].read().decode()
    found = commands(text, "Move a key")
    assert len(found) == 6

    def run(number: int, **given: str) -> dict[str, Any]:
        line = found[number]
        for name, value in given.items():
            line = line.replace(f"<{name}>", value)
        assert "<" not in line
        return call(world.aws.endpoint, line)

    return run


LOOK, WRITE, BEGIN, END, BACK, THERE = range(6)


def test_a_lost_cells_key_is_moved_by_the_runbook(
    ground: Ground, world: World, clients: Clients, command: Callable[..., dict[str, Any]]
) -> None:
    world.advance(130)
    key = next(each for each in KEYS if clients.ask(each)[1] == LOST)
    where = {"KEY": key, "FROM": LOST, "TO": KEPT}
    lose(ground, world)
    assert clients.ask(key)[0] == 500
    found = command(LOOK, KEY=key)["Item"]
    assert (found["cell"], found["epoch"]) == ({"S": LOST}, {"N": "1"})
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        command(WRITE, **where)
    command(BEGIN, **where, EPOCH="1")
    assert clients.ask(key)[0] == 503
    command(BACK, KEY=key, EPOCH="2")
    assert clients.ask(key)[:2] == (500, LOST)
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        command(BEGIN, **where, EPOCH="1")  # somebody else, who had looked before
    command(BEGIN, **where, EPOCH="3")
    for late in (END, BACK):  # of the first move, by who doesn't know that it was taken back
        with pytest.raises(ClientError, match="ConditionalCheckFailed"):
            command(late, **where, EPOCH="2")
    command(END, **where, EPOCH="4")
    assert clients.ask(key) == (200, KEPT, "")
    item = command(LOOK, KEY=key)["Item"]
    assert item == {"pk": {"S": key}, "cell": {"S": KEPT}, "epoch": {"N": "5"}, "phase": {"S": "settled"}}


def test_a_key_that_is_nowhere_is_written_down_by_the_runbook(
    clients: Clients, world: World, command: Callable[..., dict[str, Any]]
) -> None:
    world.advance(130)
    assert "Item" not in command(LOOK, KEY="new")
    command(WRITE, KEY="new", FROM=KEPT)
    assert clients.ask("new")[:2] == (200, KEPT)
