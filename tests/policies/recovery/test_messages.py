"""What is said of objectives that can't be met: one line for each unit and failure, the worst first, each with what to type."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.recovery import Report, Resource, Settings, Verdict, judge, undetermined, violations
from policies.recovery.__main__ import main
from policies.recovery.advice import ADVICE
from tests.policies.recovery import test_monotone as kinds
from tests.policies.recovery.build import TIER1, UNKNOWN, res
from tests.policies.recovery.systems import dr, prod
from tests.policies.recovery.test_report import exported

CHANGE = re.compile(r"\. What to change: \S[^\n]+[^.]\.$")
TYPED = re.compile(r"\w+=|aws\.\w+\.\w+|\bthe tag \"?[\w:-]+|select it in|declare it")
"""An argument, a resource, a tag."""
SWITCHES = st.fixed_dictionaries(
    {name: st.booleans() for name in ("standby", "pitr", "replica", "extra", "backup", "copy")}
    | {"rto": st.sampled_from([0, 0.001, 0.5, 4, 100]), "rpo": st.sampled_from([0, 0.1, 5, 60, 10_000])}
)


def check(report: Report) -> None:
    found = violations(report)
    severities = [each.verdict.severity for each in found]
    assert severities == sorted(severities, reverse=True)
    own = [each for each in found if " along " not in each.message]
    assert len({(each.urn, each.failure) for each in own}) == len(own)
    together = [(each.system, each.tier, each.failure) for each in found if " along " in each.message]
    assert len(set(together)) == len(together)
    assert not {(each.system, each.tier, each.failure) for each in own} & set(together)
    for each in found:
        assert CHANGE.search(each.message), each.message
        assert TYPED.search(each.message.partition("What to change: ")[2]), each.message
        promise_less = "the tag rto-hours" in each.message or "the tag rpo-minutes" in each.message
        assert promise_less is (each.verdict is not Verdict.UNATTAINABLE), each.message
        assert f"{each.failure} failure" in each.message
    for each in undetermined(report):
        assert "\n" not in each.message
        assert "can't be judged: " in each.message


@settings(max_examples=200)
@given(st.sampled_from(kinds.BUILDERS), SWITCHES)
def test_of_each_kind(builder: Any, switches: dict[str, Any]) -> None:
    check(judge(kinds.build(builder, switches), Settings(home="us-east-1")))


def promising(resource: Resource, hours: str) -> Resource:
    """The resource with another promise, where it makes one in a map of tags."""
    tags = resource.props.get("tags")
    if not isinstance(tags, dict) or "rto-hours" not in tags:
        return resource
    return dataclasses.replace(resource, props={**resource.props, "tags": {**tags, "rto-hours": hours}})


@pytest.mark.parametrize("other", [(), dr(), dr(plan=True)], ids=["alone", "with dr", "with a plan"])
@pytest.mark.parametrize("hours", ["0.001", "0.3", "1", "4"])
def test_of_a_whole_system(other: tuple[Resource, ...], hours: str) -> None:
    stack = [promising(each, hours) for each in (*prod(), *other)]
    report = judge(stack, Settings(home="us-east-1"))
    check(report)
    assert bool(violations(report)) is (float(hours) < 4)


@pytest.mark.parametrize("kind", ADVICE)
def test_where_nothing_brings_it_back_it_says_what_to_type(kind: str) -> None:
    for failure, way in ADVICE[kind].items():
        assert TYPED.search(way), (kind, failure)


def test_the_command_says_what_it_waits_for(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """What is undetermined comes after what fails, with what decides it."""
    copied = {"pointInTimeRecovery": {"enabled": True}, "tags": {**TIER1, "rpo-minutes": "60"}}
    size = res(
        "rds", "db", {"multiAz": True, "backupRetentionPeriod": 7, "tags": {**TIER1, "rto-hours": "4"}}
    )
    path = tmp_path / "prod.json"
    path.write_text(exported([size, res("table", "orders", copied)], "us-east-1"))
    assert main([str(path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    told = [
        line.split(": ")[0]
        for line in lines
        if re.match(r"(unattainable|breached|at-risk|undetermined): ", line)
    ]
    assert told == ["unattainable", "unattainable", "undetermined"]
    assert lines[-1] == (
        "undetermined: db: RDS instance, corruption failure: can't be judged: db: its size, which the tag dr:data-gib tells."
    )


def test_another_stack_that_is_not_at_hand_is_asked_for() -> None:
    first, *_ = undetermined(judge(prod(), Settings(home="us-east-1")))
    assert "it exports recovery, and this stack recovery_peers; in files, add its export" in first.message
    waits = res("table", "t", {"replicas": UNKNOWN, "pointInTimeRecovery": {"enabled": True}, "tags": TIER1})
    (found,) = undetermined(judge([waits], Settings(home="us-east-1")))
    assert "can't be judged: t.replicas is not known before the deployment" in found.message
