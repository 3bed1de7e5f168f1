"""What the joining stack compares before it registers anything."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from tests.architectures.conftest import PEER, outputs, run, with_system
from tests.pulumi_mocks import Deployment
from tests.test_settings import configuration

PLAIN = {"kind": "three-tier"}


def said(founder: Deployment, change: Callable[[dict[str, Any], dict[str, Any]], None]) -> dict[str, Any]:
    """The founder's outputs with something else in its agreement: of the stack, and of the system `web`."""
    found = copy.deepcopy(outputs(founder))
    change(found["foundation"]["agreement"], found["systems"]["web"]["agreement"])
    return found


def refused(peers: dict[str, Any], *, preview: bool = True, **changes: Any) -> list[str]:
    """The lines that the joining stack ends with, before it has registered anything."""
    seen = Deployment()
    with pytest.raises(pulumi.RunError) as raised:
        run("dr", {PEER: peers}, preview=preview, into=seen, **changes)
    assert seen.resources == []
    return str(raised.value).splitlines()


DISAGREEMENTS = [
    ("system", "store", "holdfast:system: got 'shop', allowed is 'store', the system of"),
    (
        "environment",
        "staging",
        "holdfast:environment: got 'production', allowed is 'staging', the environment of",
    ),
    (
        "aws:region",
        "eu-west-1",
        "holdfast:recovery.peerRegion: got 'us-east-1', allowed is 'eu-west-1', the aws:region of",
    ),
    (
        "recovery.peerRegion",
        "eu-west-1",
        "aws:region: got 'us-west-2', allowed is 'eu-west-1', the recovery.peerRegion of",
    ),
    (
        "recovery.activeRegion",
        "us-west-2",
        "holdfast:recovery.activeRegion: got 'us-east-1', allowed is 'us-west-2', the recovery.activeRegion of",
    ),
    (
        "network.cidr",
        "10.11.0.0/16",
        "holdfast:network.peerCidr: got '10.10.0.0/16', allowed is '10.11.0.0/16', the network.cidr of",
    ),
    (
        "network.peerCidr",
        "10.21.0.0/16",
        "holdfast:network.cidr: got '10.20.0.0/16', allowed is '10.21.0.0/16', the network.peerCidr of",
    ),
    (
        "dns.domain",
        "other.example",
        "holdfast:dns.domain: got 'holdfast.example', allowed is 'other.example', the dns.domain of",
    ),
]


@pytest.mark.parametrize(("key", "value", "line"), DISAGREEMENTS, ids=[key for key, _, _ in DISAGREEMENTS])
def test_the_stacks_must_say_the_same(prod: Deployment, key: str, value: str, line: str) -> None:
    def otherwise(stack: dict[str, Any], _web: dict[str, Any]) -> None:
        stack[key] = value

    assert refused(said(prod, otherwise)) == [f"{line} {PEER}"]


def test_everything_that_the_founder_says_is_compared(prod: Deployment) -> None:
    agreement = outputs(prod)["foundation"]["agreement"]
    assert set(agreement) == {key for key, _, _ in DISAGREEMENTS}


SYSTEMS = [
    (
        "site",
        "shop.holdfast.example",
        "holdfast:systems.web.site: got 'www.holdfast.example', allowed is 'shop.holdfast.example'",
    ),
    ("kind", "four-tier", "holdfast:systems.web.kind: got 'three-tier', allowed is 'four-tier'"),
    (
        "database.engine",
        "aurora-mysql",
        "holdfast:systems.web.database.engine: got 'aurora-postgresql', allowed is 'aurora-mysql'",
    ),
    (
        "database.engineVersion",
        "16.5",
        "holdfast:systems.web.database.engineVersion: got '17.7', allowed is '16.5'",
    ),
]


@pytest.mark.parametrize(("key", "value", "line"), SYSTEMS, ids=[key for key, _, _ in SYSTEMS])
def test_systems_must_be_the_same(prod: Deployment, key: str, value: str, line: str) -> None:
    def otherwise(_stack: dict[str, Any], web: dict[str, Any]) -> None:
        web[key] = value

    assert refused(said(prod, otherwise)) == [f"{line}, which {PEER} says"]


def test_a_site_that_only_one_has_is_told(prod: Deployment) -> None:
    assert refused(outputs(prod), systems=with_system("dr", "web", site=None)) == [
        f"holdfast:systems.web.site: got nothing, allowed is 'www.holdfast.example', which {PEER} says"
    ]


def test_a_system_that_only_one_has_is_told(prod: Deployment) -> None:
    both = {**with_system("dr", "web"), "orders": PLAIN}
    assert refused(outputs(prod), systems=both) == [
        f"holdfast:systems.orders: got 'three-tier', allowed is a system that {PEER} has: deploy it there first"
    ]
    assert refused(outputs(prod), systems={}) == [
        f"holdfast:systems.web: got nothing, allowed is a three-tier system, as {PEER} has it"
    ]


def test_every_disagreement_is_told_also_by_a_deployment(prod: Deployment) -> None:
    def otherwise(stack: dict[str, Any], web: dict[str, Any]) -> None:
        stack["dns.domain"], web["database.engineVersion"] = "other.example", "16.5"

    lines = refused(said(prod, otherwise), preview=False)
    assert [line.split(":")[1] for line in lines] == ["dns.domain", "systems.web.database.engineVersion"]


def test_a_system_that_leaves_may_be_left_out(prod: Deployment) -> None:
    def leaves(_stack: dict[str, Any], web: dict[str, Any]) -> None:
        web["leaving"] = True

    assert outputs(run("dr", {PEER: said(prod, leaves)}, preview=True, systems={}))["systems"] == {}


def test_roles_may_differ_while_one_stack_has_withdrawn(prod: Deployment) -> None:
    recovery = {**configuration("dr")["holdfast:recovery"], "activeRegion": "us-west-2"}

    def withdrawn(_stack: dict[str, Any], web: dict[str, Any]) -> None:
        web["withdrawn"] = True

    line = "holdfast:recovery.activeRegion: got 'us-west-2', allowed is 'us-east-1'"
    assert refused(outputs(prod), recovery=recovery)[0].startswith(line)
    assert run("dr", {PEER: said(prod, withdrawn)}, preview=True, recovery=recovery).resources


def test_only_one_stack_withdraws(prod: Deployment) -> None:
    def withdrawn(_stack: dict[str, Any], web: dict[str, Any]) -> None:
        web["withdrawn"] = True

    systems = with_system("dr", "web", withdrawn=True)
    assert refused(said(prod, withdrawn), systems=systems) == [
        f"holdfast:systems.web.withdrawn: got true, allowed is false while {PEER} has withdrawn: the name would answer nothing"
    ]


def test_an_output_that_says_nothing_to_agree_on_is_named(prod: Deployment) -> None:
    found = copy.deepcopy(outputs(prod))
    del found["systems"]["web"]["agreement"]
    [line] = refused(found)
    assert f"got {PEER!r}, which has no output 'systems.web.agreement' (it has databaseEndpoint, " in line


def test_a_stack_of_another_program_is_named() -> None:
    [line] = refused({"vpcId": "vpc-1"})
    assert line.startswith(
        f"holdfast:recovery.peerStack: got {PEER!r}, which has no output 'foundation' (it has vpcId); allowed is a stack"
    )
