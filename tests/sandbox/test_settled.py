"""When a plan of the Pulumi CLI leaves a stack as it is: only then is the update left out."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.engines.pulumi_cli.events import planned, resource
from sandbox.engines.pulumi_cli.settled import settled
from sandbox.protocol import SECRET, SIGNATURE

STACK, ROOM, VPC, SUBNET = (
    f"urn:pulumi:one::small::{kind}"
    for kind in (
        "pulumi:pulumi:Stack::small-one",
        "test:a:Room::r",
        "test:a:Room$aws:ec2/vpc:Vpc::v",
        "aws:ec2/subnet:Subnet::s",
    )
)
PROVIDER = "urn:pulumi:one::small::pulumi:providers:aws::default"
HIDDEN = {SIGNATURE: SECRET, "ciphertext": "v1:abc"}


def code(hash_: str, text: str) -> dict[str, Any]:
    """An archive with one file, as the engine writes it."""
    file = {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "hash": hash_, "text": text}
    return {SIGNATURE: "0def7320c3a5731c473e5ecbe6d01bc7", "hash": f"all {hash_}", "assets": {"a.py": file}}


def kept() -> list[dict[str, Any]]:
    """The state of a stack with a component, two resources and a default provider."""
    return [
        {"urn": STACK, "type": "pulumi:pulumi:Stack", "custom": False, "outputs": {"note": "old"}},
        {"urn": PROVIDER, "type": "pulumi:providers:aws", "custom": True, "id": "1"},
        {"urn": ROOM, "type": "test:a:Room", "custom": False, "parent": STACK, "outputs": {"vpc": "vpc-1"}},
        {
            "urn": VPC,
            "type": "aws:ec2/vpc:Vpc",
            "custom": True,
            "id": "vpc-1",
            "parent": ROOM,
            "protect": True,
            "inputs": {"cidrBlock": "10.0.0.0/16"},
            "outputs": {"arn": "arn", "password": HIDDEN, "code": code("h1", "print()")},
            "created": "2026-01-01T00:00:00Z",
        },
        {
            "urn": SUBNET,
            "type": "aws:ec2/subnet:Subnet",
            "custom": True,
            "id": "subnet-1",
            "parent": STACK,
            "inputs": {"vpcId": "vpc-1"},
            "outputs": {"arn": "arn"},
            "dependencies": [VPC, ROOM],
            "propertyDependencies": {"vpcId": [VPC, ROOM]},
        },
    ]


class Plan:
    """A plan that changes nothing: its steps, which have no ids and outputs, and what the event log tells."""

    def __init__(self) -> None:
        states = copy.deepcopy([found for found in kept() if found["urn"] != PROVIDER])
        self.seen = {found["urn"]: resource(found) for found in states}
        lacking = ("id", "outputs", "created")
        self.steps = [
            {
                "op": "same",
                "urn": found["urn"],
                "newState": {k: v for k, v in found.items() if k not in lacking},
            }
            for found in states
        ]

    def new(self, urn: str) -> dict[str, Any]:
        return next(step["newState"] for step in self.steps if step["urn"] == urn)

    def settled(self, state: list[dict[str, Any]] | None = None) -> bool:
        return settled(self.steps, self.seen, state or kept())


def test_a_plan_that_changes_nothing_is_settled_in_whatever_order_dependencies_come() -> None:
    plan = Plan()
    plan.new(SUBNET)["dependencies"].reverse()
    plan.new(SUBNET)["propertyDependencies"]["vpcId"].reverse()
    assert plan.settled()


def test_files_are_compared_by_their_hashes_as_the_event_log_leaves_out_what_is_in_them() -> None:
    plan = Plan()
    outputs = {**kept()[3]["outputs"], "code": code("h1", "<contents elided>")}
    plan.seen[VPC] = resource({**kept()[3], "outputs": outputs})
    assert plan.settled()


def _step(plan: Plan) -> None:
    plan.steps[2]["op"] = "update"


def _removed(plan: Plan) -> None:
    plan.steps.pop()


def _added(plan: Plan) -> None:
    plan.steps.append({"op": "same", "urn": STACK + "2", "newState": {"urn": STACK + "2"}})


def _unprotected(plan: Plan) -> None:
    plan.new(VPC)["protect"] = False


def _retained(plan: Plan) -> None:
    plan.new(VPC)["retainOnDelete"] = True


def _elsewhere(plan: Plan) -> None:
    plan.new(VPC)["parent"] = STACK


def _independent(plan: Plan) -> None:
    plan.new(SUBNET)["propertyDependencies"]["vpcId"] = []


def _output(plan: Plan) -> None:
    plan.seen[STACK] = resource({**kept()[0], "outputs": {"note": "new"}})


def _output_of_a_component(plan: Plan) -> None:
    plan.seen[ROOM] = resource({**kept()[2], "outputs": {}})


def _unseen(plan: Plan) -> None:
    del plan.seen[ROOM]


def _other_file(plan: Plan) -> None:
    plan.seen[VPC] = resource(
        {**kept()[3], "outputs": {**kept()[3]["outputs"], "code": code("h2", "<contents elided>")}}
    )


CHANGES = (
    _other_file,
    _step,
    _removed,
    _added,
    _unprotected,
    _retained,
    _elsewhere,
    _independent,
    _output,
    _output_of_a_component,
    _unseen,
)


@pytest.mark.parametrize("change", CHANGES, ids=[change.__name__.strip("_") for change in CHANGES])
def test_any_change_is_carried_out(change: Callable[[Plan], None]) -> None:
    plan = Plan()
    change(plan)
    assert not plan.settled()


def test_a_secret_output_of_a_stack_can_not_be_compared() -> None:
    plan, state = Plan(), kept()
    state[0]["outputs"] = {"note": HIDDEN}
    plan.seen[STACK] = resource(state[0])
    assert not plan.settled(state)


def test_what_stays_the_same_has_its_id_and_outputs_from_the_event_log() -> None:
    plan = Plan()
    found = planned(plan.steps, plan.seen)
    assert set(found) == {STACK, ROOM, VPC, SUBNET}
    assert (found[VPC].id, found[VPC].outputs["arn"], found[VPC].secrets) == ("vpc-1", "arn", {"password"})
    assert found[SUBNET].dependencies == [VPC, ROOM]
    plan.steps[2]["op"] = "delete"
    assert VPC not in planned(plan.steps, plan.seen)
