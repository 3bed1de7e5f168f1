"""Runs without an engine that tests share: which are made once, and which anew."""

from __future__ import annotations

from typing import Any

import pytest

from tests.architectures import conftest
from tests.architectures.conftest import deployed
from tests.pulumi_mocks import Deployment

MADE = list[dict[str, Any]]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> MADE:
    """What is run in place of the program, of which the last one alone is remembered."""
    found: MADE = []

    def deploy(_program: object, **given: Any) -> Deployment:
        found.append(given)
        return Deployment()

    monkeypatch.setattr(conftest, "deploy", deploy)
    monkeypatch.setattr(conftest, "_RUNS", {})
    monkeypatch.setattr(conftest, "KEPT", 1)
    return found


@pytest.mark.parametrize(
    "other",
    [
        ("dr", {"a:b": {"c": 1}}, {}, {}),
        ("prod", {"a:b": {"c": 2}}, {}, {}),
        ("prod", {"a:b": {"c": 1}}, {"peer": {}}, {}),
        ("prod", {"a:b": {"c": 1}}, {}, {"preview": True}),
    ],
)
def test_a_run_that_differs_in_anything_is_made(made: MADE, other: tuple[Any, ...]) -> None:
    first = deployed("prod", {"a:b": {"c": 1}}, {})
    *given, more = other
    assert deployed(*given, **more) is not first
    assert deployed("prod", {"a:b": {"c": 1}}, {}) is first
    assert len(made) == 2


def test_what_nobody_has_any_more_is_forgotten_after_the_last_ones(made: MADE) -> None:
    deployed("prod", {"a:b": 3}, {})
    deployed("prod", {"a:b": 3}, {})
    deployed("prod", {"a:b": 4}, {})
    deployed("prod", {"a:b": 3}, {})
    assert [each["config"] for each in made] == [{"a:b": "3"}, {"a:b": "4"}, {"a:b": "3"}]


def test_a_run_that_is_to_tell_what_came_before_an_exception_is_made_anew(made: MADE) -> None:
    first = deployed("prod", {"a:b": 5}, {})
    deployed("prod", {"a:b": 5}, {}, into=Deployment())
    assert len(made) == 2
    assert deployed("prod", {"a:b": 5}, {}) is first


def test_an_unknown_is_like_no_other(made: MADE) -> None:
    for _ in range(2):
        deployed("prod", {}, {"peer": {"out": object()}})
    assert len(made) == 2
