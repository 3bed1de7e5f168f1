"""Steps of a drill that are made at once are those that would be made one by one."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.aws.clockwork import control
from sandbox.drills.client import Client
from sandbox.drills.ground import Ground
from sandbox.drills.restore import Restore
from sandbox.drills.world import OPERATOR, World

TTL = 60.0


@pytest.fixture
def world(ground: Ground) -> Iterator[World]:
    with ground.copy() as found:
        yield found


def cluster(world: World, ground: Ground) -> str:
    """The database that is broken."""
    endpoint = ground.system("web").home.endpoint
    found = world.boto("rds", "us-east-1").describe_db_clusters()["DBClusters"]
    return next(str(each["DBClusterArn"]) for each in found if each["Endpoint"] == endpoint)


def passed(world: World, ground: Ground, times: int, *, lost_after: int) -> list[Any]:
    """What a client saw of 60 steps, so many at once, and what happened; the region is lost after some of them."""
    system = ground.system("web")
    client = Client(world, system, TTL)
    world.start(0.5, without=[each for each in world.systems if each != "web"])
    found = []
    for number in range(60):
        if number == lost_after:
            world.call("break", region=system.home.region)
        at_once = min(times, (lost_after if number < lost_after else 60) - number)
        answer = client.pass_time(5, at_once, capacity=system.home.asked)
        found.append((world.now, answer["capacity"], answer["request"]["host"], client.tries[-1].refused))
    if lost_after == 60:
        found.append(world.call("rows", host=system.home.load_balancer)["there"])
    return [found, [(each.number, each.at, each.region) for each in client.tries], world.timeline]


def test_steps_at_once_are_what_they_are_one_by_one(ground: Ground) -> None:
    seen = []
    for times in (1, 4, 60):
        with ground.copy() as world:
            seen.append(passed(world, ground, times, lost_after=7))
    assert seen[0] == seen[1] == seen[2]
    assert {each[3] == "" for each in seen[0][0]} == {True, False}


def test_each_row_is_written_once(ground: Ground) -> None:
    with ground.copy() as world:
        [*_, there], tries, _timeline = passed(world, ground, 60, lost_after=60)
    assert there == [number for number, _at, _region in tries] == list(range(60))


def test_a_name_is_asked_for_anew_when_its_answer_is_kept_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    hosts = iter("abcd")
    monkeypatch.setattr(control.looks, "resolved", lambda _name: next(hosts))
    asked = {"name": {}, "host": "first", "until": 10.0, "keeps": 60.0, "row": 1}
    found = []
    for now in (5.0, 10.0, 69.0, 70.0, 131.0):
        monkeypatch.setattr(control.CLOCK, "now", now)
        found.append(control._request(asked)["host"])
    assert found == ["first", "a", "a", "b", "c"]
    assert [control._request({"name": {}, "row": 1})["host"]] == ["d"]


def test_steps_end_where_something_happens(world: World, ground: Ground) -> None:
    world.start(0.5)
    world.step(1, 9)
    assert (world.now, world.ahead) == (1, False), "nobody was told before how it is"
    world.step(1, 3)
    assert (world.now, world.ahead) == (2, True)
    with pytest.raises(RuntimeError, match="the clock is 2 steps ahead of second 2"):
        world.call("rows", host=ground.system("web").home.load_balancer)
    with pytest.raises(RuntimeError, match="2 steps ahead"):
        world.boto("rds", "us-east-1")
    assert [world.step(1, 9)["now"], world.step(1, 9)["now"]] == [3, 4]
    assert not world.ahead
    world.note(OPERATOR, "acts")
    assert [each["what"] for each in world.step(1, 9)["timeline"]] == ["acts"]
    assert (world.now, world.ahead) == (5, False)


def test_steps_end_with_the_first_that_says_something_else(world: World, ground: Ground) -> None:
    host = ground.system("web").home.load_balancer
    asked = {"spoilt": {"host": host}}
    world.start(0.5)
    world.write(host, 0, times=1, every=1)
    said = [world.step(1, 1, **asked)["spoilt"] for _ in range(2)]
    world.call("break", rows=cluster(world, ground))
    world.step(1, 9)  # what was broken is told
    said.append(world.step(1, 9, **asked)["spoilt"])
    assert not world.ahead, "it has changed at once"
    said.append(world.step(1, 3, **asked)["spoilt"])
    assert world.ahead, "it stays as it is"
    assert said == [{"any": False}] * 2 + [{"any": True}] * 2


def test_what_has_no_database_has_no_corrupted_row(world: World) -> None:
    assert world.call("spoilt", host="nobody.example") == {"any": False}


@pytest.mark.parametrize(("who", "rests"), [("RDS", False), ("Auto Scaling", True)])
def test_who_restores_rests_until_it_hears_of_the_database(
    world: World, ground: Ground, who: str, rests: bool
) -> None:
    world.start(0.5)
    world.advance(600)  # a point in time is minutes old
    work = Restore(world, ground.system("web"))
    assert work.rests_until == math.inf
    world.note(who, "says something")
    world.advance(1)
    assert (work.rests_until == math.inf) is rests
