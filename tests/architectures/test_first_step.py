"""Before the registrar knows the zone: the ground, the servers to name, and nothing that waits for them."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from tests.architectures.conftest import PEER, outputs, run
from tests.pulumi_mocks import Deployment
from tests.test_settings import configuration


def dns(**more: Any) -> dict[str, Any]:
    return {**configuration("prod")["holdfast:dns"], "delegated": False, **more}


@pytest.fixture(scope="module")
def first() -> Deployment:
    return run("prod", {}, dns=dns())


def test_the_first_step_lays_the_ground_and_no_system(first: Deployment, prod: Deployment) -> None:
    ground = {r.urn for r in prod.resources if "architectures:ThreeTier" not in r.urn}
    assert {r.urn for r in first.resources} == ground
    assert not first.all("aws:acm/certificateValidation:CertificateValidation")


def test_it_ends_with_what_to_do_next(first: Deployment, prod: Deployment) -> None:
    assert outputs(first)["next"] == (
        "At the registrar of holdfast.example name the servers ns-1.awsdns-00.com, ns-2.awsdns-00.net; "
        "then set holdfast:dns.delegated to true and run `pulumi up` again."
    )
    assert outputs(first)["systems"] == {}
    assert outputs(first)["recovery"]["members"] == []
    assert "next" not in outputs(prod)


def test_the_other_stack_is_told_to_wait(first: Deployment) -> None:
    with pytest.raises(
        pulumi.RunError,
        match=r"systems.web: got 'three-tier', allowed is a system that .* deploy it there first",
    ):
        run("dr", {PEER: outputs(first)})


@pytest.mark.parametrize(
    ("stack", "more", "message"),
    [
        ("prod", {"existingZoneId": "Z0123456789"}, "true with existingZoneId, a zone that is there already"),
        ("dr", {}, "true in a stack that joins another, whose zone it uses"),
    ],
)
def test_only_a_zone_that_the_stack_makes_waits_for_its_delegation(
    stack: str, more: dict[str, str], message: str
) -> None:
    with pytest.raises(pulumi.RunError, match=f"^holdfast:dns.delegated: got false, allowed is {message}$"):
        run(stack, {}, dns=dns(**more))
