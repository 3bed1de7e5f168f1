"""URNs of what keeps data are public: each stands in stateful_urns.yaml, and one that goes leaves an alias."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
import yaml

from tests.architectures.conftest import PEER, deployed, outputs
from tests.pulumi_mocks import Deployment, deploy
from tests.test_examples import EXAMPLES, config
from tests.test_settings import configuration

LIST = Path(__file__).parent / "stateful_urns.yaml"
KEPT = {
    "Bucket",
    "Cluster",
    "ClusterInstance",
    "GlobalCluster",
    "Key",
    "ReplicaKey",
    "Secret",
    "Vault",
    "Zone",
}
"""Types that keep data; also whatever the program protects."""


def stateful(deployment: Deployment) -> set[str]:
    made = [r for r in deployment.resources if r.type.startswith("aws:")]
    return {r.urn for r in made if r.protect or r.type.rsplit(":", 1)[-1] in KEPT}


def gone(deployment: Deployment, listed: set[str]) -> set[str]:
    """Listed URNs that no resource has, or says that it had."""
    known = {urn for r in deployment.resources for urn in (r.urn, *r.aliases)}
    return listed - known


def pair(name: str, prod: dict[str, Any], dr: dict[str, Any]) -> Iterator[tuple[str, Deployment]]:
    first = deployed("prod", prod, {})
    yield f"{name}/prod", first
    yield f"{name}/dr", deployed("dr", dr, {PEER: outputs(first)})


@pytest.fixture(scope="module")
def stacks() -> dict[str, Deployment]:
    found = dict(pair("stacks", configuration("prod"), configuration("dr")))
    for example in EXAMPLES:
        found |= pair(f"examples/{example.name}", config(example, "prod"), config(example, "dr"))
    return found


@pytest.fixture(scope="module")
def listed() -> dict[str, set[str]]:
    return {name: set(urns or ()) for name, urns in yaml.safe_load(LIST.read_text()).items()}


def test_every_stack_stands_in_the_list(stacks: dict[str, Deployment], listed: dict[str, set[str]]) -> None:
    assert set(listed) == set(stacks)
    # A region that is rebuilt keeps nothing until then; one whose database is the founder's has its load balancer, a
    # pair's its lease too, a cluster's its cluster, an API's and a worker's its queues.
    few = {name: len(urns) for name, urns in listed.items() if len(urns) < 3}
    assert few == {
        "examples/active-standby/dr": 2,
        "examples/backup-and-restore/dr": 0,
        "examples/cells/dr": 0,
        "examples/data-platform/dr": 1,
        "examples/delivery/dr": 0,
        "examples/elastic-beanstalk/dr": 1,
        "examples/kubernetes/dr": 2,
        "examples/replicated-disk/dr": 0,
        "examples/serverless-api/dr": 2,
        "examples/serverless-api-rest/dr": 2,
        "examples/sharded-database/dr": 2,
        "examples/three-tier-dsql/dr": 1,
        "examples/workers-servers/dr": 2,
    }


def test_no_urn_goes_without_an_alias(stacks: dict[str, Deployment], listed: dict[str, set[str]]) -> None:
    lost = {name: sorted(gone(run, listed[name])) for name, run in stacks.items()}
    assert {name: urns for name, urns in lost.items() if urns} == {}, "give the resource an alias"


def test_every_new_urn_is_added_to_the_list(
    stacks: dict[str, Deployment], listed: dict[str, set[str]]
) -> None:
    new = {name: sorted(stateful(run) - listed[name]) for name, run in stacks.items()}
    assert {name: urns for name, urns in new.items() if urns} == {}, f"add them to {LIST.name}"


@pytest.mark.parametrize(
    "alias", [None, pulumi.Alias(name="old"), "urn:pulumi:prod::holdfast::aws:s3/bucket:Bucket::old"]
)
def test_a_renamed_bucket_is_gone_unless_it_says_what_it_was(alias: Any) -> None:
    options = pulumi.ResourceOptions(aliases=[alias] if alias else None)
    run = deploy(lambda: aws.s3.Bucket("new", opts=options) and None)
    old = "urn:pulumi:prod::holdfast::aws:s3/bucket:Bucket::old"
    assert gone(run, {old}) == (set() if alias else {old})
