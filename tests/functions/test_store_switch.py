"""The function that moves stores for Region switch, invoked in this process against the sandbox's AWS."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.store_switch import handler
from functions.store_switch.handler import NotYetError
from tests.sandbox.emptied import emptied
from tests.sandbox.test_takeover import EAST, WEST, stores, written  # noqa: F401

PLANNED, LOST = "graceful", "ungraceful"


@pytest.fixture
def aws_endpoint(aws_server: Any) -> str:
    return emptied(aws_server, "elasticache", "efs")


@pytest.fixture
def step(
    in_lambda: Callable[..., None],
    stores: dict[str, Any],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., bool]:
    """Invoke it in the west for a step of that name, in an execution of that mode, begun then; whether it is done."""
    in_lambda("AWS_DEFAULT_REGION", WEST)
    in_lambda("AWS_REGION", WEST)
    in_lambda("DATASTORE", stores["cache"].identifier)
    in_lambda("CACHE_GROUP", stores["cache"].group_id)
    in_lambda("FILES", stores["files"].file_system_id)
    in_lambda("PEER_FILES", stores["files"].source_id)

    def invoke(name: str, mode: str = LOST, begun: datetime | None = None) -> bool:
        steps = [{"name": name, "startTime": begun or datetime.now(UTC) - timedelta(hours=1)}]
        monkeypatch.setattr(handler.Step, "_execution", lambda _self: {"mode": mode, "stepStates": steps})
        event = {"PlanArn": "arn:plan", "ExecutionId": "1", "StepName": name}
        try:
            return handler.handler(event, None) == {"done": name}
        except NotYetError:
            return False

    return invoke


def test_the_cache_is_moved_looked_at_and_left_alone(step: Any, boto: Any, stores: Any) -> None:  # noqa: F811
    assert [step("move-cache") for _ in range(3)] == [False, True, True]
    assert written(boto, stores) == (WEST, "REPLICATING")


def test_files_are_opened_looked_at_and_left_alone(step: Any, boto: Any, stores: Any) -> None:  # noqa: F811
    assert [step("open-files", PLANNED) for _ in range(3)] == [False, True, True]
    assert written(boto, stores) == (EAST, "ENABLED")


def test_in_a_planned_move_they_are_opened_later(step: Any, boto: Any, stores: Any) -> None:  # noqa: F811
    assert step("open-files-unless-planned", PLANNED)
    assert written(boto, stores) == (EAST, "REPLICATING")
    assert [step("open-files-unless-planned", LOST) for _ in range(2)] == [False, True]
    assert written(boto, stores) == (EAST, "ENABLED")


def test_later_is_when_all_has_come_that_was_written_before(step: Any, boto: Any, stores: Any) -> None:  # noqa: F811
    ahead = datetime.now(UTC) + timedelta(hours=1)
    assert not step("follow-files", PLANNED, ahead)
    assert written(boto, stores) == (EAST, "REPLICATING")
    assert [step("follow-files", PLANNED) for _ in range(2)] == [False, True]
    assert written(boto, stores) == (EAST, "ENABLED")


def test_files_of_others_keep_following(step: Any, boto: Any, stores: Any, in_lambda: Any) -> None:  # noqa: F811
    in_lambda("FILES", "fs-0123456789abcdef0")
    assert step("open-files")
    assert written(boto, stores) == (EAST, "REPLICATING")


def test_a_step_that_nobody_knows_fails(step: Any) -> None:
    with pytest.raises(KeyError, match="rename-files"):
        step("rename-files")
