"""README's way of letting go of protected resources, under the policy pack: refused without its exemptions, deployed with them."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import yaml

from sandbox.aws import server
from sandbox.engines.model import StackChoice
from sandbox.engines.runner import engine as runner_engine
from sandbox.engines.runner.engine import RunnerEngine
from tests.sandbox.projects import InProcess, state_of

PROTECTED = {"rds-deletion-protection", "lb-deletion-protection"}


def example():
    """README's settings; their last day becomes one that is to come."""
    readme = (server.REPOSITORY / "README.md").read_text()
    (block,) = (
        each for each in re.findall(r"```yaml\n(.*?)```", readme, re.DOTALL) if "holdfast:protect" in each
    )
    found = yaml.safe_load(block)
    for exemption in found["holdfast:exemptions"]:
        exemption["until"] = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)).isoformat()
    return found


@pytest.fixture
def stack(tmp_path, aws_endpoint, monkeypatch):
    """`stack(command, settings)` runs `prod` with these over its own, the program in this process."""
    monkeypatch.setattr(runner_engine, "Worker", InProcess)

    def run(command, settings):
        config = yaml.safe_load((server.REPOSITORY / "Pulumi.prod.yaml").read_text())["config"]
        file = tmp_path / "prod.yaml"
        file.write_text(yaml.safe_dump({"config": {**config, **settings}}))
        engine = RunnerEngine(server.REPOSITORY, state_of(aws_endpoint, tmp_path / "state"))
        (result,) = getattr(engine, command)([StackChoice("prod", file)], lambda _: None)
        return result

    return run


def test_without_exemptions_it_is_refused_and_nothing_is_deployed(stack, boto):
    result = stack("up", {"holdfast:protect": False})
    assert not result.ok
    assert result.errors == []
    assert {found.rule for found in result.violations if found.stops} == PROTECTED
    assert boto("rds").describe_db_clusters()["DBClusters"] == []


def test_with_them_it_is_deployed_and_each_use_is_told(stack, boto):
    result = stack("up", example())
    assert result.ok, (result.errors, [found for found in result.violations if found.stops])
    assert result.policy_checked
    used = {found.rule for found in result.violations if "exempt until" in found.message}
    assert used == PROTECTED
    assert not [found for found in result.violations if ": the exemption of" in found.message]
    (cluster,) = boto("rds").describe_db_clusters()["DBClusters"]
    assert cluster["DeletionProtection"] is False
    balancers = boto("elbv2")
    (balancer,) = balancers.describe_load_balancers()["LoadBalancers"]
    told = balancers.describe_load_balancer_attributes(LoadBalancerArn=balancer["LoadBalancerArn"])[
        "Attributes"
    ]
    assert {"Key": "deletion_protection.enabled", "Value": "false"} in told
    assert not [found.urn for found in result.resources if found.protect]
