from __future__ import annotations

from typing import Any

from tests.policies.case import NOT_KNOWN, Case, R

RULE = "recovery-objectives"
EAST = {"region": "us-east-1"}
PROMISE = {"rto-hours": "4", "rpo-minutes": "15"}


def table(tags: dict[str, str] = PROMISE, **props: Any) -> list[R]:
    """A table that keeps its promise in every failure, but for what `props` takes away."""
    kept = {"replicas": [{"regionName": "us-west-2"}], "pointInTimeRecovery": {"enabled": True}}
    return [R("aws:dynamodb/table:Table", props={**kept, "tags": tags, **props}, provider=EAST)]


CASES = [
    Case(
        rule=RULE,
        note="region",
        remedy="What to change: replicas=[",
        bad=table(replicas=[]),
        good=table(),
        unsure=table(replicas=[{"regionName": NOT_KNOWN}]),
    ),
    Case(
        rule=RULE,
        note="corruption",
        remedy="What to change: point_in_time_recovery=",
        bad=table(pointInTimeRecovery={"enabled": False}),
        good=table(),
        unsure=table(pointInTimeRecovery={"enabled": NOT_KNOWN}),
    ),
    Case(
        rule=RULE,
        note="promise",
        remedy="What to change: ",
        bad=table({"rto-hours": "0.01", "rpo-minutes": "15"}),
        good=table(),
        unsure=table({"rto-hours": NOT_KNOWN, "rpo-minutes": "15"}),  # type: ignore[dict-item]
    ),
]
