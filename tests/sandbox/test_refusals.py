"""What must not be deployed: the whole program with one thing changed, refused before anything is created."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.aws.client import client
from tests.sandbox.projects import project
from tests.sandbox.test_up import ROOT, sandbox
from tests.test_settings import configuration

Config = dict[str, Any]


def preview(
    tmp_path: Path, change: Callable[[Config], None], command: str = "preview"
) -> tuple[int, dict[str, Any]]:
    config = copy.deepcopy(configuration("prod"))
    change(config)
    file = tmp_path / "changed.yaml"
    file.write_text(yaml.safe_dump({"config": config}))
    done = sandbox(
        tmp_path / "state",
        command,
        "--stack",
        "prod",
        "--config-file",
        str(file),
        "--engine",
        "runner",
        "--json",
    )
    return done.returncode, json.loads(done.stdout)


def nothing_made(tmp_path: Path) -> bool:
    """Whether the AWS that `up` started has no VPC but AWS's own; the AWS is stopped."""
    endpoint = (tmp_path / "state" / "endpoint").read_text().strip()
    own = [v for v in client(endpoint, "ec2", "us-east-1").describe_vpcs()["Vpcs"] if not v["IsDefault"]]
    assert sandbox(tmp_path / "state", "down", "--engine", "runner").returncode == 0
    return own == []


def mandatory(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [v for v in document["stacks"]["prod"]["violations"] if v["level"] == "mandatory"]


def test_a_single_zone_database_is_refused_by_name_resource_and_remedy(tmp_path: Path) -> None:
    def one_zone(config: Config) -> None:
        config["holdfast:systems"]["web"]["database"]["multiAz"] = False

    status, document = preview(tmp_path, one_zone, "up")
    assert status == 1
    found = {v["rule"]: v for v in mandatory(document)}
    assert found["rds-cluster-multi-az"]["urn"].endswith("::web-db-cluster")
    assert "at least two instances in different zones" in found["rds-cluster-multi-az"]["message"]
    assert nothing_made(tmp_path)
    region = document["recovery"]["failures"]["zone"]
    assert region["verdict"] != "met"


def test_an_objective_that_cannot_be_met_is_refused_with_its_cause(tmp_path: Path) -> None:
    def at_once(config: Config) -> None:
        config["holdfast:objectives"]["rtoHours"] = 0.01

    status, document = preview(tmp_path, at_once)
    assert status == 1
    found = [v for v in mandatory(document) if v["rule"] == "recovery-objectives"]
    cluster = [v["message"] for v in found if v["urn"].endswith("::web-db-cluster")]
    assert any("zone failure: recovery time" in m and "objective 36 s: at-risk" in m for m in cluster)
    assert any("corruption failure: recovery time" in m and "objective 36 s: breached" in m for m in cluster)
    assert all("The longest term is to" in m for m in cluster)


def test_a_fault_in_the_settings_is_one_message_and_deploys_nothing(tmp_path: Path) -> None:
    def wrong_zone(config: Config) -> None:
        config["holdfast:network"]["zones"] = ["use1-az1", "usw2-az1"]

    status, document = preview(tmp_path, wrong_zone, "up")
    assert status == 1
    [error] = document["stacks"]["prod"]["errors"]
    assert error.startswith("holdfast:network.zones: got 'usw2-az1'")
    assert "Traceback" not in error
    assert nothing_made(tmp_path)


def test_a_peer_that_was_never_deployed_is_named(tmp_path: Path) -> None:
    done = sandbox(tmp_path / "state", "preview", "--stack", "dr", "--engine", "runner", "--json")
    assert done.returncode == 1
    [error] = json.loads(done.stdout)["stacks"]["dr"]["errors"]
    assert "organization/holdfast/prod" in error
    assert "deploy it first" in error


@pytest.mark.parametrize(
    ("missing", "rule"), [("owner", "aws-resource-required-tags"), ("dr-tier", "aws-resource-recovery-tags")]
)
def test_a_missing_tag_is_refused_by_name_resource_and_remedy(
    tmp_path: Path, missing: str, rule: str
) -> None:
    tags = {
        "environment": "production", "system": "s", "owner": "o", "cost-center": "1", "dr-tier": "1", "rto-hours": "4",
    }  # fmt: skip
    del tags[missing]
    root = project(tmp_path / "small", f'aws.ec2.Vpc("net", cidr_block="10.0.0.0/16", tags={tags!r})')
    (root / "policies").symlink_to(ROOT / "policies")
    run = f"from pathlib import Path; import sys; from sandbox.__main__ import main; sys.exit(main(sys.argv[2:], root=Path({str(root)!r}), state=Path(sys.argv[1])))"
    done = sandbox(tmp_path / "state", "up", "--engine", "runner", "--json", run=run)
    assert done.returncode == 1
    found = [v for v in json.loads(done.stdout)["stacks"]["one"]["violations"] if v["level"] == "mandatory"]
    assert [v["urn"].split("::")[-1] for v in found] == ["net"]
    assert found[0]["rule"] == rule
    assert missing in found[0]["message"]
    assert nothing_made(tmp_path)
