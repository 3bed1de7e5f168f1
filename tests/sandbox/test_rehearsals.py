"""Autoshift and experiments of the example's two systems, deployed: no policy minds, and what an experiment looks for is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.aws.client import client
from tests.sandbox.projects import said
from tests.sandbox.test_up import ROOT

REGIONS = {"prod": "us-east-1", "dr": "us-west-2"}
CUTS = ("zone-power", "cross-region")
TEMPLATES = {
    "prod": {"shop": {"instance", "database", *CUTS}, "reports": {*CUTS}},
    "dr": {"shop": {"instance", *CUTS}, "reports": {*CUTS}},
}


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    state, folder = tmp_path_factory.mktemp("state"), ROOT / "examples" / "two-systems"
    done = said(state, "up", "--config-file", str(folder), plan=False)
    yield {"endpoint": (state / "endpoint").read_text().strip(), **done}
    said(state, "down")


def test_no_policy_minds_and_every_objective_is_kept(deployed: dict[str, Any]) -> None:
    for stack in deployed["stacks"].values():
        assert [v for v in stack["violations"] if v["level"] == "mandatory"] == []
        mine = ("-experiment-", "-zonal-")
        assert [v for v in stack["violations"] if any(part in v["urn"] for part in mine)] == []
    verdicts = {failure["verdict"] for failure in deployed["recovery"]["failures"].values()}
    assert verdicts <= {"met", "met-if"}


@pytest.mark.parametrize("stack", ["prod", "dr"])
def test_each_system_shifts_and_tells_what_can_be_started(deployed: dict[str, Any], stack: str) -> None:
    found = deployed["stacks"][stack]
    types = [r["type"].rsplit(":", 1)[-1] for r in found["resources"]]
    assert types.count("ZonalAutoshiftConfiguration") == 2
    told = {name: set(system["experiments"]) for name, system in found["outputs"]["systems"].items()}
    assert told == {name: {*each, "reports"} for name, each in TEMPLATES[stack].items()}
    assert types.count("ExperimentTemplate") == sum(map(len, TEMPLATES[stack].values()))


@pytest.mark.parametrize("stack", ["prod", "dr"])
def test_what_agrees_is_what_each_experiment_looks_for(deployed: dict[str, Any], stack: str) -> None:
    """By the tags of the templates' targets; tests/architectures holds those against what is registered."""
    region, endpoint = REGIONS[stack], deployed["endpoint"]
    ec2 = client(endpoint, "ec2", region)
    agree = [
        {"Name": f"tag:{key}", "Values": [value]}
        for key, value in {"fis-ready": "true", "environment": "production", "system": "example"}.items()
    ]
    subnets = ec2.describe_subnets(Filters=agree)["Subnets"]
    assert len(subnets) == 9
    for system in TEMPLATES[stack]:
        mine = [
            *agree,
            {"Name": "tag:workload", "Values": [system]},
            {"Name": "instance-state-name", "Values": ["running"]},
        ]
        pages = ec2.describe_instances(Filters=mine)["Reservations"]
        servers = [
            instance["Placement"]["AvailabilityZone"] for page in pages for instance in page["Instances"]
        ]
        # Zone-power finds some in its zone too: there is a server in every zone.
        assert set(servers) == {subnet["AvailabilityZone"] for subnet in subnets}
    clusters = client(endpoint, "rds", region).describe_db_clusters()["DBClusters"]
    agreeing = {
        cluster["DBClusterIdentifier"]
        for cluster in clusters
        if {"Key": "fis-ready", "Value": "true"} in cluster["TagList"]
    }
    assert len(clusters) == 2
    assert agreeing == ({"example-production-shop-db"} if stack == "prod" else set())
