"""Replicas that a takeover promotes: several beside each other, with options to be given or without."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from components.switch import PromotedReplica
from tests.components.test_switch_takeover import ARGS, definition, holds, run, states

PLAIN = PromotedReplica(label="a", identifier="shop-a", arn="arn:shop-a")
OPTIONS = PromotedReplica(
    identifier="crm", arn="arn:crm", option_group="crm-options", option_group_arn="arn:crm-options"
)


def made(replicas: Sequence[PromotedReplica]) -> Any:
    return replace(ARGS, groups=[], database=None, cache=None, files=None, replicas=replicas)


def branches(*replicas: PromotedReplica) -> list[dict[str, Any]]:
    return list(definition(made(replicas))["States"]["Move"]["Branches"])


def test_each_is_a_branch_of_its_own() -> None:
    other = replace(PLAIN, label="b", identifier="shop-b", arn="arn:shop-b")
    found = branches(PLAIN, other)
    assert [branch["StartAt"] for branch in found] == ["LookAtReplica-a", "LookAtReplica-b"]
    names = [name for branch in found for name in branch["States"]]
    assert len(set(names)) == len(names) == 12
    asked = [
        {s["Parameters"]["DbInstanceIdentifier"] for s in branch["States"].values() if s["Type"] == "Task"}
        for branch in found
    ]
    assert asked == [{"shop-a"}, {"shop-b"}]


@pytest.mark.parametrize(
    ("replica", "status", "source", "options", "then"),
    [
        (PLAIN, "available", '["arn"]', "[]", "Promote-a"),
        (PLAIN, "available", "[]", "[]", "ReplicaWrites-a"),
        (PLAIN, "modifying", "[]", "[]", "AwaitReplica-a"),
        (PLAIN, "modifying", '["arn"]', "[]", "AwaitReplica-a"),
        (OPTIONS, "available", '["arn"]', "[]", "Promote"),
        (OPTIONS, "available", "[]", '["rds-made"]', "GiveOptions"),
        (OPTIONS, "available", "[]", '["crm-options"]', "ReplicaWrites"),
    ],
)
def test_what_becomes_of_one(
    replica: PromotedReplica, status: str, source: str, options: str, then: str
) -> None:
    [branch] = branches(replica)
    choice = next(state for state in branch["States"].values() if state["Type"] == "Choice")
    known = {"$.replica.status": status, "$.replica.source": source, "$.replica.options": options}
    found = next((each["Next"] for each in choice["Choices"] if holds(each, known)), choice["Default"])
    assert found == then
    assert then in branch["States"]


def test_the_role_may_modify_what_is_given_options_alone() -> None:
    policy = json.loads(run(made([PLAIN, OPTIONS])).one("RolePolicy").inputs["policy"])
    allowed = {str(s["Action"]): [] for s in policy["Statement"]}
    for each in policy["Statement"]:
        allowed[str(each["Action"])].append(each["Resource"])
    assert allowed["['rds:DescribeDBInstances', 'rds:PromoteReadReplica']"] == ["arn:shop-a", "arn:crm"]
    assert allowed["rds:ModifyDBInstance"] == [["arn:crm", "arn:crm-options"]]


def test_two_of_one_label_are_refused() -> None:
    with pytest.raises(ValueError, match="replicas: got a more than once, allowed is each once"):
        run(made([PLAIN, PLAIN]))


def test_one_that_can_not_be_promoted_ends_no_other_and_fails_the_machine_at_the_end() -> None:
    other = replace(PLAIN, label="b", identifier="shop-b", arn="arn:shop-b")
    whole = definition(made([PLAIN, other]))["States"]
    for label, branch in zip("ab", whole["Move"]["Branches"], strict=True):
        tasks = [state for state in branch["States"].values() if state["Type"] == "Task"]
        caught = {(each["ResultPath"], each["Next"]) for task in tasks for each in task["Catch"]}
        assert caught == {("$.problem", f"ReplicaLost-{label}")}
        assert len([task for task in tasks if "Catch" in task]) == len(tasks) == 2
        assert branch["States"][f"ReplicaLost-{label}"] == {"Type": "Pass", "End": True}
        assert not [state for state in branch["States"].values() if state["Type"] == "Fail"]
    assert whole["Move"]["Next"] == "EachMoved"
    [wrong] = whole["EachMoved"]["Choices"]
    assert holds(wrong, {"$.moved.said": json.dumps([{"mode": "failover"}, {"problem": {"Error": "x"}}])})
    assert not holds(wrong, {"$.moved.said": json.dumps([{"mode": "failover"}, {"mode": "failover"}])})
    assert (whole["OneLost"]["Type"], whole["EachMoved"]["Default"]) == ("Fail", "SendTraffic")


def test_one_alone_fails_as_it_did() -> None:
    whole = definition(made([OPTIONS]))["States"]
    assert set(whole) == {"Action", "NotKnown", "Move", "SendTraffic", "GiveBack"}
    assert not [state for state in states(definition(made([OPTIONS]))).values() if "Catch" in state]


def test_without_options_no_state_gives_any() -> None:
    assert not [name for name in states(definition(made([PLAIN]))) if name.startswith("GiveOptions")]
