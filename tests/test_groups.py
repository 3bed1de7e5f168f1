"""What is deployed for many tests is deployed by one worker."""

from __future__ import annotations

import pytest

from tests.conftest import GROUPS, group

GROUNDS = {"whole": "whole", "strategies": "rehearsals", "managed": "managed", "services": "services"}
"""Fixtures that deploy for seconds, once a worker, and the group whose tests may use each."""


def test_no_other_worker_would_deploy_a_ground_again(request: pytest.FixtureRequest) -> None:
    """Of the tests that were collected with this one: all, where the whole suite runs."""
    wrong = set()
    for item in request.session.items:
        file = item.nodeid.partition("::")[0]
        asked = set(getattr(item, "fixturenames", ())) - set(
            getattr(getattr(item, "callspec", None), "params", ())
        )
        wrong |= {(file, each) for each in GROUNDS.keys() & asked if group(file) != GROUNDS[each]}
    assert not wrong


def test_each_ground_has_a_group() -> None:
    assert set(GROUNDS.values()) <= set(GROUPS)
