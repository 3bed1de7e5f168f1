"""The program itself: both stacks as they are, deployed and at a first preview."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.output import Unknown as NotKnown

from policies.recovery import Report, Resource, facts, judge
from policies.recovery.model import Failure, Verdict
from tests.architectures.conftest import PEER, outputs, run
from tests.policies.recovery.build import UNKNOWN
from tests.pulumi_mocks import Deployment

EAST, WEST = "us-east-1", "us-west-2"
KEPT = (Verdict.MET, Verdict.MET_IF)


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return UNKNOWN if isinstance(value, NotKnown) else value


NAMED_BY_ARN = ("aws:arcregionswitch/plan:Plan", "aws:rds/instance:Instance")


def _told(deployment: Deployment, token: str, urn: str) -> dict[str, Any]:
    """What AWS tells of a plan, or of a DB instance, once it is there: another one runs it, or follows it, by its ARN."""
    known = deployment.made.get(urn, {}) if token in NAMED_BY_ARN else {}
    return {"arn": known["arn"]} if "arn" in known else {}


def resources(deployment: Deployment, region: str) -> list[Resource]:
    return [
        Resource(
            type=r.type,
            name=r.name,
            urn=r.urn,
            props={**_told(deployment, r.type, r.urn), **plain(r.inputs)},
            parent=r.parent,
            dependencies=r.dependencies,
            property_dependencies=r.property_dependencies,
            provider={"region": region},
        )
        for r in deployment.resources
    ]


@pytest.fixture(scope="module")
def deployed() -> Deployment:
    return run("prod", {})


@pytest.fixture(scope="module", params=[False, True], ids=["deployed", "preview"])
def prod(request: pytest.FixtureRequest) -> Report:
    return judge(resources(run("prod", {}, preview=request.param), EAST))


@pytest.fixture(scope="module", params=[False, True], ids=["deployed", "preview"])
def together(request: pytest.FixtureRequest, deployed: Deployment) -> Report:
    dr = run("dr", {PEER: outputs(deployed)}, preview=request.param)
    told = facts(resources(deployed, EAST), stack="prod", region=EAST, role="active")
    return judge(resources(dr, WEST), peers=[told])


@pytest.mark.parametrize("failure", [Failure.INSTANCE, Failure.ZONE])
def test_instance_and_zone_keep_their_promises(prod: Report, failure: Failure) -> None:
    result = prod.failures[failure]
    assert result.verdict in KEPT
    path = [n.unit.kind for n in result.tiers[0].path]
    assert path[-3:] == ["load-balancer", "compute", "aurora"]


def test_alone_the_region_is_left_open(prod: Report) -> None:
    assert prod.failures[Failure.REGION].verdict is Verdict.UNDETERMINED


def test_together_the_region_keeps_its_promise(together: Report) -> None:
    region = together.failures[Failure.REGION]
    assert region.verdict in KEPT
    options = {n.unit.kind: n.option for n in region.nodes}
    assert options["aurora"] == f"global database's member in {WEST}"
    assert options["compute"] == f"members in {WEST}"
    assert options["dns"] == "DNS failover"
    assert [n.unit.kind for n in region.tiers[0].path][-3:] == ["load-balancer", "compute", "aurora"]


def test_what_the_stack_tells_of_itself_names_the_system(deployed: Deployment) -> None:
    told = plain(outputs(deployed)["recovery"])
    assert {m["tags"]["workload"] for m in told["members"] if m.get("tags")} == {"web"}
    dr = run("dr", {PEER: outputs(deployed)})
    tiers = judge(resources(dr, WEST), peers=[told]).failures[Failure.REGION].tiers
    assert [t.system for t in tiers] == ["web"]


def test_what_is_taken_away_is_missed(deployed: Deployment) -> None:
    without = [
        r
        for r in resources(deployed, EAST)
        if "bucketReplicationConfig" not in r.type and "backup/" not in r.type
    ]
    lost = {
        n.unit.kind
        for n in judge(without).failures[Failure.REGION].nodes
        if n.verdict is Verdict.UNATTAINABLE
    }
    assert lost == {"s3"}
    alone = [
        r
        for r in resources(deployed, EAST)
        if not (r.type.endswith(":ClusterInstance") and r.name.endswith("az2"))
    ]
    assert len(alone) == len(deployed.resources) - 1
    zone = judge(alone).failures[Failure.ZONE]
    assert next(n for n in zone.nodes if n.unit.kind == "aurora").option == "instance created in another zone"
