"""Applications of EMR Serverless: what was lost is begun again, in another zone where there is one, in the other region by somebody."""

from __future__ import annotations

import dataclasses

import pytest

from policies.recovery import judge
from policies.recovery.model import Failure, Verdict
from tests.policies.recovery.build import TIER1, UNKNOWN, home, node, res

APPLICATION = "aws:emrserverless/application:Application"


def placed(subnets: object) -> object:
    return {"networkConfiguration": {"subnetIds": subnets}}


def zones(*names: str) -> list[object]:
    return [res("subnet", f"subnet-{n}", {"availabilityZoneId": name}) for n, name in enumerate(names)]


@pytest.mark.parametrize(
    ("names", "verdict"),
    [(("a", "b"), Verdict.MET_IF), (("a", "a"), Verdict.UNATTAINABLE), ((), Verdict.MET_IF)],
)
def test_runs_of_a_lost_zone_are_tried_again_where_there_is_another(
    names: tuple[str, ...], verdict: Verdict
) -> None:
    subnets = zones(*names)
    own = {"networkConfiguration": {"subnetIds": [UNKNOWN] * len(names)}} if names else {}
    made = res(APPLICATION, "jobs", {"tags": TIER1, **own}, networkConfiguration=subnets)
    report = home(made, *subnets)
    assert node(report, "instance", "jobs").verdict is Verdict.MET
    assert node(report, "zone", "jobs").verdict is verdict


def test_the_other_region_s_application_begins_what_was_due() -> None:
    regions = {"prod": "us-east-1", "dr": "us-west-2"}
    both = [
        dataclasses.replace(
            res(APPLICATION, "jobs", {"tags": TIER1}, stack=stack), provider={"region": region}
        )
        for stack, region in regions.items()
    ]
    (found,) = [each for each in judge(both).failures[Failure.REGION].nodes if each.unit.stack == "prod"]
    assert found.option == "jobs are begun in us-west-2"
    assert found.rto.high > 0
    alone = node(home(res(APPLICATION, "jobs", {"tags": TIER1})), "region", "jobs")
    assert alone.verdict is Verdict.UNATTAINABLE
