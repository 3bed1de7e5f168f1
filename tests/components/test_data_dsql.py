"""An Aurora DSQL cluster and its peer."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pulumi
import pytest

from components.checks import ArgumentError
from components.data import DsqlCluster, DsqlClusterArgs, DsqlPeer
from policies.recovery import facts
from tests.components.data_arguments import KEY, PEER_KEY, REQUIRED_TAGS, TAGS
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment, deploy

TOPIC, PEER_TOPIC = (f"arn:aws:sns:{region}:123456789012:alarms" for region in ("us-east-1", "us-west-2"))
PEER = DsqlPeer(region="us-west-2", witness_region="us-east-2", kms_key_arn=PEER_KEY, topic_arn=PEER_TOPIC)
ARN = "arn:aws:mock:{}:123456789012:{}"


def args(**changes: Any) -> DsqlClusterArgs:
    base = {"tags": TAGS, "region": "us-east-1", "kms_key_arn": KEY, "peer": PEER, "topic_arn": TOPIC}
    return DsqlClusterArgs(**{**base, **changes})


def made(preview: bool = False, **changes: Any) -> Deployment:
    def program() -> None:
        cluster = DsqlCluster("ledger", args(**changes))
        pulumi.export("facts", cluster.recovery_facts)

    return deploy(program, preview=preview)


def test_both_clusters_are_protected_alike_each_with_its_regions_key():
    deployment = made()
    sides = {each.name: each for each in deployment.all("aws:dsql/cluster:Cluster")}
    shared = {"multiRegionProperties": {"witnessRegion": "us-east-2"}, "deletionProtectionEnabled": True}
    assert {name: each.inputs for name, each in sides.items()} == {
        "ledger-cluster": {**shared, "kmsEncryptionKey": KEY, "tags": TAGS.store("ledger-cluster")},
        "ledger-peer-cluster": {
            **shared,
            "kmsEncryptionKey": PEER_KEY,
            "region": "us-west-2",
            "tags": TAGS.store("ledger-peer-cluster"),
        },
    }
    assert all(each.protect and not each.ignore_changes for each in sides.values())
    component = deployment.one("holdfast:data:DsqlCluster").urn
    assert {r.parent for r in deployment.resources if r.type.startswith("aws:")} == {component}
    assert all(each.tags.keys() >= REQUIRED_TAGS for each in deployment.taggable())


def test_each_cluster_is_told_of_the_other_and_waits_for_both():
    deployment = made()
    here, there = (
        deployment.one("Cluster", "ledger-cluster"),
        deployment.one("Cluster", "ledger-peer-cluster"),
    )
    for name, own, other, region in (
        ("ledger-peering", here, there, None),
        ("ledger-peer-peering", there, here, "us-west-2"),
    ):
        half = deployment.one("ClusterPeering", name)
        assert half.inputs.get("region") == region
        assert half.inputs["witnessRegion"] == "us-east-2"
        assert half.inputs["identifier"] == f"{own.name}-1234567"
        assert half.inputs["clusters"] == [ARN.format("us-east-1" if region else "us-west-2", other.name)]
        assert half.property_dependencies["identifier"] == {own.urn}
        assert half.property_dependencies["clusters"] == {other.urn}


def test_what_others_use_of_it():
    (outputs,) = [found for urn, found in made().outputs.items() if "DsqlCluster" in urn]
    assert outputs == {
        "identifiers": {"us-east-1": "ledger-cluster-1234567", "us-west-2": "ledger-peer-cluster-1234567"},
        "arns": {
            "us-east-1": ARN.format("us-east-1", "ledger-cluster"),
            "us-west-2": ARN.format("us-west-2", "ledger-peer-cluster"),
        },
        "endpoints": {
            "us-east-1": "ledger-cluster-1234567.dsql.us-east-1.on.aws",
            "us-west-2": "ledger-peer-cluster-1234567.dsql.us-west-2.on.aws",
        },
        "endpointServices": {
            "us-east-1": "com.amazonaws.us-east-1.dsql-x",
            "us-west-2": "com.amazonaws.us-west-2.dsql-x",
        },
        "port": 5432,
    }


def test_an_alarm_in_each_region_that_names_a_topic():
    found = {each.name: each.inputs for each in made().all("MetricAlarm")}
    assert found.keys() == {"ledger-us-east-1-timeouts", "ledger-us-west-2-timeouts"}
    away = found["ledger-us-west-2-timeouts"]
    assert (away["region"], away["alarmActions"]) == ("us-west-2", [PEER_TOPIC])
    assert (away["namespace"], away["metricName"]) == ("AWS/AuroraDSQL", "QueryTimeouts")
    assert away["dimensions"] == {"ResourceId": "ledger-peer-cluster-1234567"}
    quiet = made(peer=replace(PEER, topic_arn=None)).all("MetricAlarm")
    assert [each.name for each in quiet] == ["ledger-us-east-1-timeouts"]


def test_alone_it_has_no_peering():
    deployment = made(peer=None)
    cluster = deployment.one("aws:dsql/cluster:Cluster")
    assert "multiRegionProperties" not in cluster.inputs
    assert not deployment.all("ClusterPeering")


@pytest.mark.parametrize("changes", [{}, {"peer": None}])
def test_it_says_of_its_recovery_what_the_estimator_reads(changes: dict[str, Any]):
    deployment = made(**changes)
    told = next(found["facts"] for found in deployment.outputs.values() if "facts" in found)
    read = facts(resources(deployment, "us-east-1"), stack="prod", region="us-east-1")["members"]
    for one in told:
        one.setdefault("region", "us-east-1")
    seen = [{key: each[key] for key in told[0] if key in each} for each in read]
    assert sorted(seen, key=lambda each: each["name"]) == sorted(told, key=lambda each: each["name"])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"peer": replace(PEER, region="us-east-1")}, "peer.region: got 'us-east-1', allowed is another than"),
        ({"peer": replace(PEER, region="eu-west-1")}, "peer.region: got 'eu-west-1', allowed is another region of the US set"),
        (
            {"peer": replace(PEER, witness_region="eu-west-1")},
            "peer.witness_region: got 'eu-west-1', allowed is another region of the US set that us-east-1 is in: us-east-2",
        ),
        ({"peer": replace(PEER, witness_region="us-west-2")}, "peer.witness_region: got 'us-west-2', allowed is another than"),
        ({"peer": replace(PEER, witness_region="us-east-1")}, "peer.witness_region: got 'us-east-1', allowed is another than"),
        ({"region": "sa-east-1"}, "region: got 'sa-east-1', allowed is one of ap-northeast-1"),
        ({"peer": None, "tags": replace(TAGS, rpo_minutes=0)}, "peer: got None, allowed is a peer with tags.rpo_minutes 0"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_said_before_anything_is_registered(changes: dict[str, Any], said: str):
    into = Deployment()
    with pytest.raises(ArgumentError, match=re.escape(said)):
        deploy(lambda: DsqlCluster("ledger", args(**changes)), into=into)
    assert not [each for each in into.resources if each.type.startswith(("aws:", "holdfast:"))]


def test_no_loss_can_be_promised_with_a_peer():
    args(tags=replace(TAGS, rpo_minutes=0)).check()
