"""What must not be deployed: the whole program with one thing changed, refused before anything is created."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox import __main__ as cli
from sandbox.aws import server
from sandbox.aws.client import client
from sandbox.engines.runner import engine as runner_engine
from tests.sandbox.projects import InProcess, project, state_of
from tests.sandbox.test_up import ROOT
from tests.test_settings import configuration

Config = dict[str, Any]
Run = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def sandbox(
    tmp_path: Path, aws_endpoint: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """`sandbox(command, *arguments)` runs the command line on this repository in this process: exit status and document."""
    monkeypatch.setattr(runner_engine, "Worker", InProcess)
    state = state_of(aws_endpoint, tmp_path / "state")

    def run(*arguments: str, root: Path = ROOT) -> tuple[int, dict[str, Any]]:
        status = cli.main([*arguments, "--engine", "runner", "--json"], root=root, state=state)
        return status, json.loads(capsys.readouterr().out)

    return run


def changed(tmp_path: Path, change: Callable[[Config], None]) -> list[str]:
    """Arguments that name the stack `prod` with a changed configuration."""
    config = configuration("prod")
    change(config)
    file = tmp_path / "changed.yaml"
    file.write_text(yaml.safe_dump({"config": config}))
    return ["--stack", "prod", "--config-file", str(file)]


def nothing_made(endpoint: str) -> bool:
    """Whether the AWS that `up` filled has no VPC but AWS's own."""
    return all(v["IsDefault"] for v in client(endpoint, "ec2", "us-east-1").describe_vpcs()["Vpcs"])


def mandatory(document: dict[str, Any], stack: str = "prod") -> list[dict[str, Any]]:
    return [v for v in document["stacks"][stack]["violations"] if v["level"] == "mandatory"]


def test_a_single_zone_database_is_refused_by_name_resource_and_remedy(
    sandbox: Run, tmp_path: Path, aws_endpoint: str
) -> None:
    def one_zone(config: Config) -> None:
        config["holdfast:systems"]["web"]["database"]["multiAz"] = False

    status, document = sandbox("up", *changed(tmp_path, one_zone))
    assert status == 1
    found = {v["rule"]: v for v in mandatory(document)}
    assert found["rds-cluster-multi-az"]["urn"].endswith("::web-db-cluster")
    assert "at least two instances in different zones" in found["rds-cluster-multi-az"]["message"]
    assert nothing_made(aws_endpoint)
    region = document["recovery"]["failures"]["zone"]
    assert region["verdict"] != "met"


def test_an_objective_that_cannot_be_met_is_refused_with_its_cause(sandbox: Run, tmp_path: Path) -> None:
    def at_once(config: Config) -> None:
        config["holdfast:objectives"]["rtoHours"] = 0.01

    status, document = sandbox("preview", *changed(tmp_path, at_once))
    assert status == 1
    found = [v for v in mandatory(document) if v["rule"] == "recovery-objectives"]
    cluster = [v["message"] for v in found if v["urn"].endswith("::web-db-cluster")]
    assert any("zone failure: recovery time" in m and "objective 36 s: at-risk" in m for m in cluster)
    assert any("corruption failure: recovery time" in m and "objective 36 s: breached" in m for m in cluster)
    assert all("The longest term is to" in m for m in cluster)


def test_a_fault_in_the_settings_is_one_message_and_deploys_nothing(
    sandbox: Run, tmp_path: Path, aws_endpoint: str
) -> None:
    def wrong_zone(config: Config) -> None:
        config["holdfast:network"]["zones"] = ["use1-az1", "usw2-az1"]

    status, document = sandbox("up", *changed(tmp_path, wrong_zone))
    assert status == 1
    [error] = document["stacks"]["prod"]["errors"]
    assert error.startswith("holdfast:network.zones: got 'usw2-az1'")
    assert "Traceback" not in error
    assert nothing_made(aws_endpoint)


def test_a_peer_that_was_never_deployed_is_named(sandbox: Run) -> None:
    status, document = sandbox("preview", "--stack", "dr")
    assert status == 1
    [error] = document["stacks"]["dr"]["errors"]
    assert "organization/holdfast/prod" in error
    assert "deploy it first" in error


def without(tag: str, directory: Path) -> Path:
    """A project of one VPC, judged by this repository's policies, that lacks a tag."""
    tags = {
        "environment": "production", "system": "s", "owner": "o", "cost-center": "1", "dr-tier": "1", "rto-hours": "4",
    }  # fmt: skip
    del tags[tag]
    root = project(directory, f'aws.ec2.Vpc("net", cidr_block="10.0.0.0/16", tags={tags!r})')
    (root / "policies").symlink_to(ROOT / "policies")
    return root


@pytest.mark.parametrize(
    ("missing", "rule"), [("owner", "aws-resource-required-tags"), ("dr-tier", "aws-resource-recovery-tags")]
)
def test_a_missing_tag_is_refused_by_name_resource_and_remedy(
    sandbox: Run, tmp_path: Path, aws_endpoint: str, missing: str, rule: str
) -> None:
    status, document = sandbox("up", root=without(missing, tmp_path / "small"))
    assert status == 1
    found = mandatory(document, "one")
    assert [v["urn"].split("::")[-1] for v in found] == ["net"]
    assert found[0]["rule"] == rule
    assert missing in found[0]["message"]
    assert nothing_made(aws_endpoint)


def test_what_was_refused_is_taken_down_in_processes_of_their_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = without("owner", tmp_path / "small")
    state = root / ".sandbox"
    try:
        assert cli.main(["up", "--engine", "runner", "--json"], root=root) == 1
        assert mandatory(json.loads(capsys.readouterr().out), "one")
        assert nothing_made((state / "endpoint").read_text().strip())
        assert cli.main(["down", "--engine", "runner", "--json"], root=root) == 0
        assert server.running(state) is None
    finally:
        server.stop(state)
