"""Every example: both its stacks load, join each other, and keep what each of their systems promises."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from architectures.strategies import Strategy
from policies.recovery import Report, judge
from policies.recovery.model import Verdict
from sandbox.arguments import choices, parser
from sandbox.engines import project
from sandbox.engines.model import EngineError, StackChoice
from tests.architectures.conftest import PEER, ROOT, deployed, outputs
from tests.policies.recovery.test_program import KEPT, resources
from tests.pulumi_mocks import Deployment
from tests.test_settings import read

EXAMPLES = sorted(path for path in (ROOT / "examples").iterdir() if path.is_dir())
REGIONS = {"prod": "us-east-1", "dr": "us-west-2"}


def config(example: Path, stack: str) -> dict[str, Any]:
    return read(example / f"{stack}.yaml")


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda path: path.name)
def stacks(request: pytest.FixtureRequest) -> dict[str, Deployment]:
    prod = deployed("prod", config(request.param, "prod"), {})
    return {"prod": prod, "dr": deployed("dr", config(request.param, "dr"), {PEER: outputs(prod)})}


def test_every_kind_has_an_example_and_each_is_a_pair() -> None:
    assert [path.name for path in EXAMPLES] == [
        "active-standby",
        "apex",
        "backup-and-restore",
        "cells",
        "containers",
        "content",
        "data-platform",
        "delivery",
        "elastic-beanstalk",
        "kubernetes",
        "pilot-light",
        "replicated-disk",
        "serverless-api",
        "serverless-api-database",
        "serverless-api-rest",
        "sharded-database",
        "three-tier",
        "three-tier-dsql",
        "three-tier-stores",
        "two-systems",
        "warm-standby",
        "workers",
        "workers-servers",
        "workflow",
        "zone-affinity",
    ]
    for path in EXAMPLES:
        assert sorted(file.name for file in path.iterdir()) == ["dr.yaml", "prod.yaml"]


def both(stacks: dict[str, Deployment]) -> Report:
    return judge([r for stack, region in REGIONS.items() for r in resources(stacks[stack], region)])


def test_any_target_answers_any_client(stacks: dict[str, Deployment]) -> None:
    """Nothing binds clients to one: who asks for that says so."""
    for stack in stacks.values():
        for group in stack.all("TargetGroup"):
            assert not group.inputs.get("stickiness", {}).get("enabled"), group.name


def test_it_keeps_what_it_promises(stacks: dict[str, Deployment]) -> None:
    verdicts = {failure: found.verdict for failure, found in both(stacks).failures.items()}
    assert len(verdicts) == 4
    assert set(verdicts.values()) <= set(KEPT), verdicts


OWN = {
    "backup-and-restore": (Strategy.BACKUP_AND_RESTORE, 24, 24 * 60),
    "pilot-light": (Strategy.PILOT_LIGHT, 1, 5),
    "warm-standby": (Strategy.WARM_STANDBY, 0.25, 1),
    "three-tier-dsql": (Strategy.ACTIVE_ACTIVE, 2 / 60, 5 / 60),
}
"""An example of each strategy, and its own objectives: hours and minutes. That each example keeps what it promises is tried above."""


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("stack", REGIONS)
def test_each_strategy_has_an_example_that_promises_its_own_objectives(name: str, stack: str) -> None:
    strategy, hours, minutes = OWN[name]
    said = config(ROOT / "examples" / name, stack)
    promised = said["holdfast:objectives"]
    assert [system["strategy"] for system in said["holdfast:systems"].values()] == [str(strategy)]
    assert promised["rtoHours"] == pytest.approx(hours, rel=0.01)
    assert promised["rpoMinutes"] == pytest.approx(minutes, rel=0.01)
    assert promised["corruption"] == {"rtoHours": 24, "rpoMinutes": 1440}


def test_two_systems_are_judged_each_by_its_own_objectives() -> None:
    example = ROOT / "examples" / "two-systems"
    prod = deployed("prod", config(example, "prod"), {})
    dr = deployed("dr", config(example, "dr"), {PEER: outputs(prod)})
    report = both({"prod": prod, "dr": dr})
    clusters = {n.unit.name: n for n in report.failures["region"].nodes if n.unit.kind == "aurora"}
    promised = {name: (node.objective.tier, node.objective.rto) for name, node in clusters.items()}
    assert promised == {"shop-db-cluster": ("1", 4 * 3600), "reports-db-cluster": ("3", 24 * 3600)}
    assert {node.verdict for node in clusters.values()} <= {Verdict.MET, Verdict.MET_IF}


def chosen(*arguments: str) -> list[StackChoice]:
    return choices(project.load(ROOT), parser().parse_args(["up", *arguments]))


def test_a_folder_has_the_configuration_of_its_stacks(tmp_path: Path) -> None:
    found = chosen("--config-file", str(ROOT / "examples" / "two-systems"))
    assert [(choice.name, choice.config_file) for choice in found] == [
        (stack, ROOT / "examples" / "two-systems" / f"{stack}.yaml") for stack in ("prod", "dr")
    ]
    [only] = chosen("--stack", "dr", "--config-file", str(ROOT / "examples" / "three-tier"))
    assert only.config_file == ROOT / "examples" / "three-tier" / "dr.yaml"
    with pytest.raises(EngineError, match=r"^--config-file: there is no NAME.yaml in "):
        chosen("--config-file", str(tmp_path))
