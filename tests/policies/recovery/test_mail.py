"""Identities that mail is sent from: in several zones by themselves, and in each region by itself."""

from __future__ import annotations

import dataclasses

import pytest

from policies.graph import Resource
from policies.recovery import judge
from policies.recovery.model import Failure, Verdict
from tests.policies.recovery.build import TIER1, home, node, res

IDENTITY, OLD = "aws:sesv2/emailIdentity:EmailIdentity", "aws:ses/domainIdentity:DomainIdentity"
FROM = "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes"
REGIONS = {"prod": "us-east-1", "dr": "us-west-2"}


def mail(stack: str, type_: str = IDENTITY) -> list[Resource]:
    identity = res(type_, "mail", {"tags": TIER1}, stack=stack)
    return [identity, res(FROM, "from", stack=stack, emailIdentity=identity)]


@pytest.mark.parametrize("type_", [IDENTITY, OLD])
def test_an_identity_outlives_its_zone(type_: str) -> None:
    report = home(*mail("prod", type_))
    assert {node(report, failure, "mail").verdict for failure in ("instance", "zone")} == {Verdict.MET}
    assert node(report, "region", "mail").verdict is Verdict.UNATTAINABLE, "nothing of it is elsewhere"
    assert not [note for note in report.notes if "not judged" in note and "mail" in note]


def test_the_identity_of_another_region_sends() -> None:
    placed = [
        dataclasses.replace(each, provider={"region": region})
        for stack, region in REGIONS.items()
        for each in mail(stack)
    ]
    nodes = judge(placed).failures[Failure.REGION].nodes
    (found,) = [each for each in nodes if each.unit.name == "mail" and each.unit.stack == "prod"]
    assert (found.option, found.rto.high, found.verdict) == ("identity in us-west-2", 0, Verdict.MET)
