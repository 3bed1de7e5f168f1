"""Tables with replicas through the provider: what reaches each region, what changes, what goes, and what a refresh sees."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.provider import Provider, ProviderError
from tests.sandbox.test_public_rows import Made, World

TABLE, REPLICA = "aws:dynamodb/table:Table", "aws:dynamodb/tableReplica:TableReplica"
KEY, PEER_KEY = (f"arn:aws:kms:{region}:123456789012:key/mrk-1" for region in ("us-east-1", "us-west-2"))
WEST = {
    "regionName": "us-west-2",
    "kmsKeyArn": PEER_KEY,
    "consistencyMode": "EVENTUAL",
    "pointInTimeRecovery": True,
    "deletionProtectionEnabled": True,
    "propagateTags": True,
}
INPUTS = {
    "name": "orders",
    "billingMode": "PAY_PER_REQUEST",
    "hashKey": "id",
    "attributes": [{"name": "id", "type": "S"}],
    "serverSideEncryption": {"enabled": True, "kmsKeyArn": KEY},
    "pointInTimeRecovery": {"enabled": True, "recoveryPeriodInDays": 35},
    "streamEnabled": True,
    "streamViewType": "NEW_AND_OLD_IMAGES",
    "deletionProtectionEnabled": True,
    "replicas": [WEST],
    "tags": {"system": "shop"},
}
STRONG = {
    **{name: INPUTS[name] for name in ("name", "billingMode", "hashKey", "attributes")},
    "replicas": [{"regionName": "us-west-2", "consistencyMode": "STRONG"}],
    "globalTableWitness": {"regionName": "us-east-2"},
}


@pytest.fixture
def world(provider: Provider) -> World:
    return World(provider)


def there(boto: Any, region: str = "us-west-2") -> dict[str, Any]:
    found: dict[str, Any] = boto("dynamodb", region).describe_table(TableName="orders")["Table"]
    return found


def tags(boto: Any) -> dict[str, str]:
    west = boto("dynamodb", "us-west-2")
    held = west.list_tags_of_resource(ResourceArn=there(boto)["TableArn"])["Tags"]
    return {each["Key"]: each["Value"] for each in held}


def recovered(boto: Any) -> bool:
    found = boto("dynamodb", "us-west-2").describe_continuous_backups(TableName="orders")
    description = found["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    return description["PointInTimeRecoveryStatus"] == "ENABLED"


def steady(made: Made) -> bool:
    """Whether a refresh finds everything as it was declared."""
    fresh, outputs = made.provider.refresh(made.token, made.id, made.inputs, made.outputs)
    return not made.provider.diff(made.token, fresh, made.inputs).changes and outputs == made.outputs


def test_a_table_is_there_in_both_regions_with_all_that_is_declared(world: World, boto: Any) -> None:
    made = world.make(TABLE, INPUTS)
    found = there(boto)
    assert (found["DeletionProtectionEnabled"], recovered(boto), tags(boto)) == (
        True,
        True,
        {"system": "shop"},
    )
    assert found["SSEDescription"]["KMSMasterKeyArn"] == PEER_KEY
    (replica,) = made.outputs["replicas"]
    assert {name: replica[name] for name in WEST} == WEST
    assert (replica["arn"], replica["streamArn"]) == (found["TableArn"], found["LatestStreamArn"])
    assert steady(made)
    assert world.provider.kind(TABLE) == "extended"


def test_replicas_change_without_a_new_table(world: World, boto: Any) -> None:
    made = world.make(TABLE, INPUTS)
    loose = {**WEST, "pointInTimeRecovery": False, "deletionProtectionEnabled": False}
    made.change(replicas=[loose], tags={"system": "shop", "owner": "team"})
    assert (there(boto)["DeletionProtectionEnabled"], recovered(boto)) == (False, False)
    assert tags(boto) == {"system": "shop", "owner": "team"}
    made.change(tags={"owner": "team"})
    assert tags(boto) == {"owner": "team"}
    made.change(replicas=[loose, {"regionName": "eu-west-1", "kmsKeyArn": KEY}])
    assert there(boto, "eu-west-1")["DeletionProtectionEnabled"] is False
    assert steady(made)
    made.change(replicas=[])
    for region in ("us-west-2", "eu-west-1"):
        assert boto("dynamodb", region).list_tables()["TableNames"] == []


def test_a_protected_replica_stays(world: World, boto: Any) -> None:
    made = world.make(TABLE, INPUTS)
    with pytest.raises(ProviderError, match="DeletionProtectionEnabled"):
        made.change(replicas=[])
    with pytest.raises(ProviderError, match="DeletionProtectionEnabled"):
        made.change(replicas=[{**WEST, "kmsKeyArn": KEY}])
    with pytest.raises(ProviderError, match="DeletionProtectionEnabled"):
        made.gone()
    assert there(boto)["TableStatus"] == "ACTIVE"


def test_what_somebody_changed_in_the_other_region_is_seen(world: World, boto: Any) -> None:
    made = world.make(TABLE, INPUTS)
    boto("dynamodb", "us-west-2").update_table(TableName="orders", DeletionProtectionEnabled=False)
    fresh, _ = made.provider.refresh(made.token, made.id, made.inputs, made.outputs)
    assert fresh["replicas"] == [{**WEST, "deletionProtectionEnabled": False}]
    boto("dynamodb", "us-west-2").delete_table(TableName="orders")
    fresh, _ = made.provider.refresh(made.token, made.id, made.inputs, made.outputs)
    assert not fresh.get("replicas")


def test_a_strong_table_comes_with_its_witness_and_goes_whole(world: World, boto: Any) -> None:
    made = world.make(TABLE, STRONG)
    found = there(boto)
    assert found["MultiRegionConsistency"] == "STRONG"
    assert [each["RegionName"] for each in found["GlobalTableWitnesses"]] == ["us-east-2"]
    assert steady(made)
    made.gone()
    for region in ("us-east-1", "us-west-2"):
        assert boto("dynamodb", region).list_tables()["TableNames"] == []


def test_a_table_whose_replica_is_refused_leaves_nothing(world: World, boto: Any) -> None:
    given = {**STRONG, "replicas": [{"regionName": "eu-west-1", "consistencyMode": "STRONG"}]}
    inputs, failures = world.provider.check(TABLE, f"urn:pulumi:p::h::{TABLE}::orders", {}, given)
    assert failures == []
    with pytest.raises(ProviderError, match="Unsupported regions"):
        world.provider.create(TABLE, inputs)
    assert boto("dynamodb").list_tables()["TableNames"] == []


def test_taking_the_sandbox_down_lifts_protection_in_every_region(
    world: World, aws_endpoint: str, boto: Any
) -> None:
    made = world.make(TABLE, INPUTS)
    Provider(aws_endpoint, "us-east-1", force_delete=True).delete(TABLE, made.id, made.inputs, made.outputs)
    for region in ("us-east-1", "us-west-2"):
        assert boto("dynamodb", region).list_tables()["TableNames"] == []


def test_a_replica_of_its_own_resource(world: World, boto: Any) -> None:
    table = world.make(TABLE, {name: INPUTS[name] for name in INPUTS if name not in ("replicas", "tags")})
    given = {
        "globalTableArn": table.outputs["arn"],
        "region": "us-west-2",
        "kmsKeyArn": PEER_KEY,
        "pointInTimeRecovery": True,
        "tags": {"system": "shop"},
    }
    made = world.make(REPLICA, given)
    assert made.id == "orders:us-east-1"
    assert made.outputs["arn"] == there(boto)["TableArn"]
    assert (recovered(boto), tags(boto)) == (True, {"system": "shop"})
    assert steady(made)
    assert made.replaced_by(kmsKeyArn=KEY) == ["kmsKeyArn"]
    made.change(deletionProtectionEnabled=True, tags={"owner": "team"})
    assert (there(boto)["DeletionProtectionEnabled"], tags(boto)) == (True, {"owner": "team"})
    with pytest.raises(ProviderError, match="DeletionProtectionEnabled"):
        made.gone()
    made.change(deletionProtectionEnabled=False).gone()
    assert boto("dynamodb", "us-west-2").list_tables()["TableNames"] == []
