"""The keys of a system of users' files: what is refused, in one line each, before anything is registered."""

from __future__ import annotations

from typing import Any

import pytest

from tests.architectures.content.conftest import configured
from tests.test_settings import load, refusals


def refused(stack: str = "prod", **changes: Any) -> list[str]:
    return refusals(configured(stack, **changes))


def test_the_example_is_taken() -> None:
    for stack in ("prod", "dr"):
        assert set(load(configured(stack)).systems) == {"files"}


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"noncurrentDays": 0}, "noncurrentDays: got 0, allowed is 1 day or more"),
        ({"table": {"recoveryDays": 36}}, "table.recoveryDays: got 36, allowed is 1 to 35 days"),
        ({"queue": {"visibilitySeconds": 59}}, "queue.visibilitySeconds: got 59, allowed is 60 s or more: 6 times the function's 10 s"),
        ({"queue": {"receives": 0}}, "queue.receives: got 0, allowed is 1 to 1000 times"),
        ({"queue": {"ageSeconds": 345600}}, "queue.ageSeconds: got 345600, allowed is 1 to 345599 s, less than messages are kept"),
        ({"reconcile": {"everyMinutes": 14}}, "reconcile.everyMinutes: got 14, allowed is 15 to 720 minutes"),
        ({"reconcile": {"everyMinutes": 721}}, "reconcile.everyMinutes: got 721, allowed is 15 to 720 minutes"),
        ({"reconcile": {"graceMinutes": 4}}, "reconcile.graceMinutes: got 4, allowed is 5 to 1440 minutes"),
        ({"rebuild": True}, "rebuild: got true, allowed is false but in the joining stack with backup-and-restore: elsewhere all of it stands"),
        (
            {"objectives": {"drTier": 1, "rtoHours": 1, "rpoMinutes": 14}},
            "objectives.rpoMinutes: got 14, allowed is 15 or more: so long may an object take to the other region, as S3 agrees to",
        ),
    ],
)  # fmt: skip
def test_what_can_not_be_is_one_line(changes: dict[str, Any], line: str) -> None:
    assert refused(**changes) == [f"holdfast:systems.files.{line}"]


def test_a_bucket_that_nothing_leaves_may_promise_less() -> None:
    less = {"drTier": 1, "rtoHours": 1, "rpoMinutes": 14}
    assert load(configured("prod", strategy="backup-and-restore", objectives=less)).systems
