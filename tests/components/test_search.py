"""Search: what its components refuse, and what whoever uses them gets."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from components.checks import ArgumentError
from components.search import KeeperArgs, SearchDomain, SearchDomainArgs, SnapshotKeeper, Taken
from tests.components.test_compute_containers import TAGS, TOPIC
from tests.pulumi_mocks import Deployment, deploy

ZONES = {f"use1-az{n}": f"subnet-{n}" for n in (4, 1, 6, 2)}


def domain(**more: Any) -> SearchDomainArgs:
    given: dict[str, Any] = {
        "tags": TAGS, "domain_name": "shop-data", "region": "us-east-1", "vpc_id": "vpc-1", "subnet_ids": ZONES,
        "reached_from": ["10.0.0.0/16"], "key_arn": "arn:key", "actions": [TOPIC],
    }  # fmt: skip
    return SearchDomainArgs(**{**given, **more})


def keeper(**more: Any) -> KeeperArgs:
    given: dict[str, Any] = {
        "tags": TAGS, "region": "us-east-1", "peer_region": "us-west-2", "vpc_id": "vpc-1", "subnet_ids": ["subnet-1"],
        "bucket": "kept", "bucket_arn": "arn:aws:s3:::kept", "key_arn": "arn:key", "actions": [TOPIC],
    }  # fmt: skip
    return KeeperArgs(**{**given, **more})


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"actions": []}, "actions: got [], allowed is 1 or more: a red cluster that nobody hears of stays red"),
        ({"domain_name": "Shop"}, "domain_name: got 'Shop', allowed is 3 to 28 lower-case letters, digits and hyphens, a letter first"),
        ({"domain_name": "s" * 29}, f"domain_name: got '{'s' * 29}', allowed is 3 to 28 lower-case letters, digits and hyphens, a letter first"),
        ({"reached_from": []}, "reached_from: got [], allowed is 1 or more: a domain that nobody reaches serves nobody"),
        ({"data_nodes": 1005}, "data_nodes: got 1005, allowed is 3 to 1002"),
        ({"volume_gib": None}, "volume_gib: got none, allowed is GiB of gp3 with r6g.large.search"),
    ],
)  # fmt: skip
def test_what_a_domain_can_not_be_is_told(more: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError) as told:
        domain(**more).check()
    assert str(told.value) == message


def test_snapshots_that_nobody_hears_of_are_refused() -> None:
    with pytest.raises(ArgumentError, match=r"actions: got .*: snapshots that end unseen are none"):
        keeper(actions=[]).check()


def made(**more: Any) -> Deployment:
    def program() -> None:
        its = SearchDomain("data-search", domain(**more))
        pulumi.export("fact", its.recovery_fact)
        SnapshotKeeper("data-keeper", keeper(every_minutes=120), its)

    return deploy(program)


def test_of_four_zones_three_are_taken_the_same_ones_each_time() -> None:
    found = made().one("aws:opensearch/domain:Domain")
    assert found.inputs["vpcOptions"]["subnetIds"] == ["subnet-1", "subnet-2", "subnet-4"]


def test_tags_and_fact_tell_of_snapshots_or_of_whose_are_restored() -> None:
    taken = made(taken=Taken(minutes=120, days=7, region="us-west-2"))
    tags = taken.one("aws:opensearch/domain:Domain").inputs["tags"]
    assert [tags[f"dr:snapshot-{key}"] for key in ("minutes", "days", "region")] == ["120", "7", "us-west-2"]
    schedule = taken.one("aws:scheduler/schedule:Schedule").inputs
    assert schedule["scheduleExpression"] == "rate(2 hours)", "as often as the tag says"
    late = taken.one("aws:cloudwatch/metricAlarm:MetricAlarm", "data-keeper-late").inputs
    assert {each["metric"]["period"] for each in late["metricQueries"][1:]} == {7200}
    follows = made(restores_from="us-west-2").one("aws:opensearch/domain:Domain").inputs
    assert follows["tags"]["dr:restores-from"] == "us-west-2"
    assert follows["clusterConfig"]["multiAzWithStandbyEnabled"] is False


def test_the_function_runs_beside_the_domain() -> None:
    found = made().one("aws:lambda/function:Function").inputs
    assert (found["vpcConfig"]["subnetIds"], found["kmsKeyArn"]) == (["subnet-1"], "arn:key")
