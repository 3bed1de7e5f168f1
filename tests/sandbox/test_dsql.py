"""Aurora DSQL on the sandbox: clusters and their peers, by AWS's API and through the provider."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from components.data.region_sets import REGION_SETS
from sandbox.aws.extensions import _region_sets
from sandbox.provider import Provider, ProviderError
from tests.sandbox.test_public_rows import Made, World

CLUSTER, PEERING = "aws:dsql/cluster:Cluster", "aws:dsql/clusterPeering:ClusterPeering"
KEY, PEER_KEY = (f"arn:aws:kms:{region}:123456789012:key/mrk-1" for region in ("us-east-1", "us-west-2"))
WITNESS = {"witnessRegion": "us-east-2"}
HERE = {
    "multiRegionProperties": WITNESS,
    "kmsEncryptionKey": KEY,
    "deletionProtectionEnabled": True,
    "tags": {"system": "shop"},
}
THERE = {**HERE, "region": "us-west-2", "kmsEncryptionKey": PEER_KEY}


@pytest.fixture
def world(provider: Provider) -> World:
    return World(provider)


def peering(one: Made, other: Made) -> dict[str, Any]:
    region = one.inputs.get("region")
    return {
        "identifier": one.id,
        "clusters": [other.outputs["arn"]],
        **WITNESS,
        **({"region": region} if region else {}),
    }


def peered(world: World) -> tuple[Made, Made, list[Made]]:
    here, there = world.make(CLUSTER, HERE, "here"), world.make(CLUSTER, THERE, "there")
    halves = [world.make(PEERING, peering(*pair), "half") for pair in ((here, there), (there, here))]
    return here, there, halves


def steady(made: Made) -> bool:
    fresh, _ = made.provider.refresh(made.token, made.id, made.inputs, made.outputs)
    return not made.provider.diff(made.token, fresh, made.inputs).changes


def test_clusters_are_active_when_each_knows_the_other(world: World, boto: Any) -> None:
    east, west = boto("dsql"), boto("dsql", "us-west-2")
    here, there = world.make(CLUSTER, HERE, "here"), world.make(CLUSTER, THERE, "there")

    def states() -> list[str]:
        return [c.get_cluster(identifier=m.id)["status"] for c, m in ((east, here), (west, there))]

    assert states() == ["PENDING_SETUP", "PENDING_SETUP"]
    world.make(PEERING, peering(here, there), "half")
    assert states() == ["PENDING_SETUP", "PENDING_SETUP"], "half a peering is none"
    world.make(PEERING, peering(there, here), "half")
    assert states() == ["ACTIVE", "ACTIVE"]
    for client, made, region in ((east, here, "us-east-1"), (west, there, "us-west-2")):
        found = client.get_cluster(identifier=made.id)
        assert found["multiRegionProperties"]["witnessRegion"] == "us-east-2"
        arns = {here.outputs["arn"], there.outputs["arn"]}
        assert set(found["multiRegionProperties"]["clusters"]) == arns
        assert found["endpoint"] == f"{made.id}.dsql.{region}.on.aws"
        assert found["encryptionDetails"]["kmsKeyArn"] == made.inputs["kmsEncryptionKey"]
        assert found["tags"] == {"system": "shop"}


def test_a_refresh_finds_peered_clusters_as_they_were_declared(world: World) -> None:
    here, there, halves = peered(world)
    assert all(steady(made) for made in (here, there, *halves))
    found = world.provider.read(CLUSTER, here.id, here.inputs)
    assert found["multiRegionProperties"] == {**WITNESS, "clusters": [there.outputs["arn"]]}
    assert found["encryptionDetails"] == [
        {"encryptionStatus": "ENABLED", "encryptionType": "CUSTOMER_MANAGED_KMS_KEY"}
    ]
    assert found["vpcEndpointServiceName"].startswith("com.amazonaws.us-east-1.dsql-")
    assert {world.provider.kind(token) for token in (CLUSTER, PEERING)} == {"extended"}


def test_clusters_change_in_place_but_for_their_regions(world: World, boto: Any) -> None:
    here, _, halves = peered(world)
    here.change(deletionProtectionEnabled=False, tags={"owner": "team"})
    found = boto("dsql").get_cluster(identifier=here.id)
    assert (found["deletionProtectionEnabled"], found["tags"]) == (False, {"owner": "team"})
    assert found["status"] == "ACTIVE"
    assert here.replaced_by(multiRegionProperties={"witnessRegion": "us-west-1"}) == ["multiRegionProperties"]
    assert halves[0].replaced_by(witnessRegion="us-west-1") == ["witnessRegion"]


def test_peers_go_together_and_only_without_protection(world: World, boto: Any) -> None:
    here, there, halves = peered(world)
    with pytest.raises(ProviderError, match="ValidationException: Deletion protection"):
        here.gone()
    for half in halves:
        world.provider.delete(PEERING, half.id, half.inputs, half.outputs)
    here.change(deletionProtectionEnabled=False).gone()
    assert boto("dsql").get_cluster(identifier=here.id)["status"] == "PENDING_DELETE"
    there.change(forceDestroy=True).gone()
    for region, made in (("us-east-1", here), ("us-west-2", there)):
        with pytest.raises(ClientError, match="ResourceNotFound"):
            boto("dsql", region).get_cluster(identifier=made.id)


def test_a_cluster_of_one_region_stands_alone(world: World, boto: Any) -> None:
    made = world.make(CLUSTER, {"kmsEncryptionKey": "AWS_OWNED_KMS_KEY"})
    assert boto("dsql").get_cluster(identifier=made.id)["status"] == "ACTIVE"
    assert made.outputs["kmsEncryptionKey"] == "AWS_OWNED_KMS_KEY"
    assert "multiRegionProperties" not in made.outputs
    alone = {"identifier": made.id, "clusters": [made.outputs["arn"].replace("east-1", "west-2")], **WITNESS}
    with pytest.raises(ProviderError, match="ACTIVE, not PENDING_SETUP"):
        world.make(PEERING, alone)
    made.gone()


def test_what_aws_refuses(boto: Any) -> None:
    east = boto("dsql")
    arn = "arn:aws:dsql:{}:123456789012:cluster/abcdefghijklmnopqrstuvwxyz"
    for shared, said in (
        ({"witnessRegion": "us-east-1"}, "that of a cluster"),
        ({"witnessRegion": "eu-west-1"}, "not of one set"),
        ({"witnessRegion": "us-east-2", "clusters": [arn.format("eu-west-1")]}, "not of one set"),
        ({"witnessRegion": "us-west-2", "clusters": [arn.format("us-west-2")]}, "that of a cluster"),
        ({"clusters": [arn.format("us-west-2")]}, "needs a witness"),
    ):
        with pytest.raises(ClientError, match=said):
            east.create_cluster(multiRegionProperties=shared)
    assert east.list_clusters()["clusters"] == []


def test_peers_agree_on_their_witness(world: World, boto: Any) -> None:
    made = boto("dsql", "eu-west-1").create_cluster(multiRegionProperties={"witnessRegion": "eu-west-3"})
    late = boto("dsql", "eu-west-2").create_cluster(
        multiRegionProperties={"witnessRegion": "eu-central-1", "clusters": [made["arn"]]}
    )
    shared = {"witnessRegion": "eu-west-3", "clusters": [late["arn"]]}
    with pytest.raises(ClientError, match="different witness Regions"):
        boto("dsql", "eu-west-1").update_cluster(identifier=made["identifier"], multiRegionProperties=shared)


def test_the_sandbox_knows_the_same_sets_of_regions_as_the_program() -> None:
    assert {frozenset(members) for members in REGION_SETS.values()} == set(_region_sets.REGION_SETS)
