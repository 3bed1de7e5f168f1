"""The program as it is passes the pack; with one thing taken away the pack names it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.policy import PolicyHost, PolicyInput, ProviderInput
from tests.architectures.conftest import ROOT, run
from tests.pulumi_mocks import Deployment, Registered

AWS = ProviderInput(props={"region": "us-east-1"})


@pytest.fixture(scope="module")
def pack() -> Iterator[PolicyHost]:
    with PolicyHost(ROOT / "policies", "holdfast", "prod", dry_run=False) as host:
        yield host


@pytest.fixture(scope="module")
def program() -> Deployment:
    return run("prod", {})


def given(found: Registered, **changes: object) -> PolicyInput:
    props = {key: value for key, value in {**found.inputs, **changes}.items() if value is not None}
    return PolicyInput(
        type=found.type,
        urn=found.urn,
        name=found.name,
        props=props,
        protect=found.protect,
        parent=found.parent,
        dependencies=sorted(found.dependencies),
        property_dependencies={
            key: sorted(urns) for key, urns in found.property_dependencies.items() if key in props
        },
        provider=AWS if found.type.startswith("aws:") else None,
    )


def refused(pack: PolicyHost, resources: list[PolicyInput]) -> set[tuple[str, str]]:
    found = [v for each in resources for v in pack.analyze(each)] + pack.analyze_stack(resources)
    return {(v.rule, v.urn.rsplit("::", 1)[-1]) for v in found if v.level == "mandatory"}


def test_as_it_is_nothing_is_refused(pack: PolicyHost, program: Deployment) -> None:
    assert refused(pack, [given(r) for r in program.resources]) == set()


def test_without_the_copy_to_the_other_region(pack: PolicyHost, program: Deployment) -> None:
    def without(found: Registered) -> PolicyInput:
        if found.type != "aws:backup/plan:Plan":
            return given(found)
        return given(found, rules=[{**rule, "copyActions": None} for rule in found.inputs["rules"]])

    assert ("backup-plan-cross-region-copy", "base-backup-plan") in refused(
        pack, list(map(without, program.resources))
    )


def test_without_the_reader(pack: PolicyHost, program: Deployment) -> None:
    second = program.all("ClusterInstance")[1].urn
    left = [given(r) for r in program.resources if r.urn != second]
    assert ("rds-cluster-multi-az", "web-db-cluster") in refused(pack, left)


def test_without_the_health_check(pack: PolicyHost, program: Deployment) -> None:
    def without(found: Registered) -> PolicyInput:
        if found.name != "web-site-site-record":
            return given(found)
        aliases = [{**each, "evaluateTargetHealth": False} for each in found.inputs["aliases"]]
        return given(found, healthCheckId=None, aliases=aliases)

    broken = refused(pack, list(map(without, program.resources)))
    assert ("route53-record-health-check", "web-site-site-record") in broken
