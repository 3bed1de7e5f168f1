"""The keys of a workflow: what is refused, in one line each, before anything is registered."""

from __future__ import annotations

from typing import Any

import pytest

from tests.architectures.workflow.conftest import configured
from tests.test_settings import configuration, load, refusals

ORDERS = "holdfast:systems.orders"
HERE = "arn:aws:lambda:us-east-1:123456789012:function:charge:live"
CALLED = {"name": "charge", "function": HERE, "timeoutSeconds": 10}
ALIAS = "allowed is the ARN of a function's alias, arn:aws:lambda:REGION:ACCOUNT:function:NAME:ALIAS"


def refused(stack: str = "prod", **changes: Any) -> list[str]:
    return refusals(configured(stack, **changes))


def test_the_example_is_taken() -> None:
    for stack in ("prod", "dr"):
        assert set(load(configured(stack)).systems) == {"orders", "documents"}


def queued(**keys: Any) -> dict[str, Any]:
    return {"steps": [{"name": "ship", "queue": {}, **keys}]}


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"type": "fast"}, "type: got 'fast', allowed is 'standard' or 'express'"),
        ({"steps": []}, "steps: got [], allowed is 1 or more: a workflow does something"),
        (queued(attempts=21), "steps[0].attempts: got 21, allowed is 1 to 20 times"),
        (queued(undoAttempts=0), "steps[0].undoAttempts: got 0, allowed is 1 to 20 times"),
        (queued(timeoutSeconds=0), "steps[0].timeoutSeconds: got 0, allowed is 1 or more"),
        (
            queued(timeoutSeconds=60, heartbeatSeconds=60),
            "steps[0].heartbeatSeconds: got 60, allowed is 1 or more and less than the time-out",
        ),
        (
            queued(function=HERE),
            "steps[0].queue: got both or neither, allowed is a queue or a function, one of them",
        ),
        (
            {"steps": [{"name": "ship"}]},
            "steps[0].queue: got both or neither, allowed is a queue or a function, one of them",
        ),
        (
            {"steps": [{"name": "ship", "queue": {"visibilitySeconds": 0}}]},
            "steps[0].queue.visibilitySeconds: got 0, allowed is 1 to 43200 s",
        ),
        (
            {"steps": [{"name": "ship", "queue": {}}, {"name": "ship", "queue": {}}]},
            "steps: got ship more than once, allowed is each once",
        ),
        (
            {"steps": [{**CALLED, "function": HERE.replace("us-east-1", "us-west-2")}], "approval": None},
            (
                f"steps[0].function: got '{HERE.replace('us-east-1', 'us-west-2')}', allowed is one of us-east-1: "
                "us-west-2 may be lost when the step is done"
            ),
        ),
        (
            {"steps": [{**CALLED, "function": HERE.removesuffix(":live")}]},
            f"steps[0].function: got '{HERE.removesuffix(':live')}', {ALIAS}",
        ),
        (
            {"steps": [{**CALLED, "function": HERE.replace(":live", ":$LATEST")}]},
            f"steps[0].function: got '{HERE.replace(':live', ':$LATEST')}', {ALIAS}",
        ),
        (
            {"steps": [{**CALLED, "heartbeatSeconds": 5}], "approval": None},
            "steps[0].heartbeatSeconds: got 5, allowed is nothing with a function, which sends none",
        ),
        (
            {"approval": {"before": "pack"}},
            "approval.before: got 'pack', allowed is one of charge, reserve, ship, notify",
        ),
        ({"approval": {"before": "ship", "timeoutHours": 0}}, "approval.timeoutHours: got 0, allowed is above 0"),
        (
            {"approval": {"before": "ship", "emails": ["desk"]}},
            "approval.emails: got 'desk', allowed is an e-mail address",
        ),
        (
            {"approval": {"before": "ship", "timeoutHours": 8760}},
            # Six and a half hours of steps beside a whole year.
            "steps: got 31559442 s at the longest, undone too, allowed is up to 31536000 s, as standard has",
        ),
        (
            {"steps": [{"name": f"s-{n}", "queue": {}, "timeoutSeconds": 1, "attempts": 20} for n in range(200)], "approval": None},
            "steps: got 25908 events at the most, allowed is up to 25000, as standard has",
        ),
        (
            {"type": "express", "approval": None},
            "steps[0].queue: got a queue, allowed is a function with express, which has no task tokens",
        ),
        (
            {"type": "express", "steps": [CALLED], "approval": {"before": "charge"}},
            "approval: got an approval, allowed is none with express, which has no task tokens",
        ),
        (
            {"type": "express", "steps": [{**CALLED, "timeoutSeconds": 60, "undo": True}], "approval": None},
            "steps: got 372 s at the longest, undone too, allowed is up to 300 s, as express has",
        ),
        (
            {"objectives": {"drTier": 1, "rtoHours": 4, "rpoMinutes": 0}},
            (
                "objectives.rpoMinutes: got 'eventual', allowed is strong with tags.rpo_minutes 0: the last second of writes is lost "
                "with an eventual table's region"
            ),
        ),
        (
            {"rebuild": True},
            "rebuild: got true, allowed is false but in the joining stack with backup-and-restore: elsewhere all of it stands",
        ),
    ],
)  # fmt: skip
def test_what_can_not_be_is_one_line(changes: dict[str, Any], line: str) -> None:
    if "steps" in changes:
        changes = {"approval": None, **changes}
    assert refused(**changes) == [f"{ORDERS}.{line}"]


def test_an_express_workflow_of_functions_is_taken() -> None:
    for stack in ("prod", "dr"):
        region = {"prod": "us-east-1", "dr": "us-west-2"}[stack]
        step = {**CALLED, "function": HERE.replace("us-east-1", region), "undo": True}
        load(configured(stack, type="express", steps=[step], approval=None))


def test_what_cuts_the_subnets_of_another_system_need_not_be_borne_by_a_workflow() -> None:
    found = configuration("prod")
    systems = found["holdfast:systems"]
    systems["web"]["experiments"] = ["zone-power"]
    systems["orders"] = configured("prod")["holdfast:systems"]["orders"]
    assert set(load(found).systems) == {"web", "orders"}
