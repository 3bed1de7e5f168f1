"""Whose resources the clock plays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.aws.clockwork import scope


@pytest.fixture(autouse=True)
def left_out() -> Iterator[None]:
    scope.leave_out(["shop"])
    yield
    scope.leave_out([])


@pytest.mark.parametrize(
    ("tags", "plays"),
    [
        ({"workload": "shop"}, False),
        ({"workload": "web"}, True),
        ({"owner": "shop"}, True),
        ({}, True),
        (None, True),
        ([{"Key": "workload", "Value": "shop"}], False),
        ([{"key": "workload", "value": "shop"}], False),
        ([{"key": "workload", "value": "web"}, {"key": "owner", "value": "shop"}], True),
    ],
)
def test_what_bears_the_tag_of_a_system_that_is_left_out_is_not_played(tags: Any, plays: bool) -> None:
    assert scope.plays(tags) is plays


def test_nothing_is_left_out_unless_asked_for() -> None:
    scope.leave_out([])
    assert scope.plays({"workload": "shop"})


def test_whose_a_resource_is_is_asked_once_for_each_choice_of_systems() -> None:
    class Resource:
        """Anything."""

    asked: list[str] = []

    def tags() -> dict[str, str]:
        asked.append("tags")
        return {"workload": "shop"}

    shop = Resource()
    assert [scope.played(shop, tags), scope.played(shop, tags)] == [False, False]
    assert not asked[1:]
    assert scope.played(Resource(), dict)
    scope.leave_out(["web"])
    assert scope.played(shop, tags)
