"""Global tables on the sandbox's AWS: replicas, what they share, what DynamoDB refuses, and regions that are lost."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.aws import faults

KEY, PEER_KEY = (f"arn:aws:kms:{region}:123456789012:key/mrk-1" for region in ("us-east-1", "us-west-2"))


class World:
    """A table `orders` of us-east-1, and clients of the regions."""

    def __init__(self, boto: Any) -> None:
        self.boto = boto
        self.east, self.west, self.ohio = (
            boto("dynamodb", r) for r in ("us-east-1", "us-west-2", "us-east-2")
        )

    def create(self, **more: Any) -> None:
        self.east.create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            **more,
        )

    def update(self, *actions: dict[str, Any], **more: Any) -> dict[str, Any]:
        asked = {"ReplicaUpdates": list(actions), **more}
        return self.east.update_table(TableName="orders", **asked)["TableDescription"]

    def strong(self, *regions: str, witness: str | None = None) -> dict[str, Any]:
        more = {"GlobalTableWitnessUpdates": [{"Create": {"RegionName": witness}}]} if witness else {}
        creates = [{"Create": {"RegionName": region}} for region in regions]
        return self.update(*creates, MultiRegionConsistency="STRONG", **more)


CREATE = {"Create": {"RegionName": "us-west-2"}}
DELETE = {"Delete": {"RegionName": "us-west-2"}}


@pytest.fixture
def world(boto: Any) -> World:
    return World(boto)


def put(client: Any, key: str, value: str = "1") -> None:
    client.put_item(TableName="orders", Item={"id": {"S": key}, "value": {"S": value}})


def keys(client: Any) -> list[str]:
    return sorted(item["id"]["S"] for item in client.scan(TableName="orders")["Items"])


def test_a_replica_is_a_table_of_its_region_with_the_same_items(world: World) -> None:
    world.create()
    put(world.east, "before")
    made = world.update(CREATE)
    assert made["Replicas"] == [{"RegionName": "us-west-2", "ReplicaStatus": "ACTIVE"}]
    assert (made["GlobalTableVersion"], made["MultiRegionConsistency"]) == ("2019.11.21", "EVENTUAL")
    there = world.west.describe_table(TableName="orders")["Table"]
    assert there["TableArn"] == "arn:aws:dynamodb:us-west-2:123456789012:table/orders"
    assert [each["RegionName"] for each in there["Replicas"]] == ["us-east-1"]
    assert there["KeySchema"] == made["KeySchema"]
    put(world.west, "there")
    world.east.update_item(
        TableName="orders",
        Key={"id": {"S": "there"}},
        UpdateExpression="SET #v = :v",
        ExpressionAttributeNames={"#v": "value"},
        ExpressionAttributeValues={":v": {"S": "2"}},
    )
    world.east.delete_item(TableName="orders", Key={"id": {"S": "before"}})
    assert keys(world.east) == keys(world.west) == ["there"]
    found = world.west.get_item(TableName="orders", Key={"id": {"S": "there"}})["Item"]
    assert found["value"] == {"S": "2"}


def test_replicas_keep_their_own_tags_recovery_and_protection(world: World) -> None:
    world.create(Tags=[{"Key": "system", "Value": "shop"}], DeletionProtectionEnabled=True)
    world.east.update_continuous_backups(
        TableName="orders", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    world.update(CREATE)
    there = world.west.describe_table(TableName="orders")["Table"]
    assert there["DeletionProtectionEnabled"] is False
    assert world.west.list_tags_of_resource(ResourceArn=there["TableArn"])["Tags"] == []
    backups = world.west.describe_continuous_backups(TableName="orders")["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "DISABLED"


def test_settings_of_the_table_reach_the_replicas(world: World) -> None:
    world.create()
    world.update(CREATE)
    world.west.update_time_to_live(
        TableName="orders", TimeToLiveSpecification={"Enabled": True, "AttributeName": "until"}
    )
    expiry = world.east.describe_time_to_live(TableName="orders")["TimeToLiveDescription"]
    assert expiry == {"TimeToLiveStatus": "ENABLED", "AttributeName": "until"}
    index = {
        "IndexName": "by-owner",
        "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
    }
    attributes = [{"AttributeName": name, "AttributeType": "S"} for name in ("id", "owner")]
    world.west.update_table(
        TableName="orders",
        AttributeDefinitions=attributes,
        GlobalSecondaryIndexUpdates=[{"Create": index}],
    )
    found = world.east.describe_table(TableName="orders")["Table"]
    assert [each["IndexName"] for each in found["GlobalSecondaryIndexes"]] == ["by-owner"]
    assert found["AttributeDefinitions"] == attributes


def test_a_replicas_stream_tells_of_writes_elsewhere(world: World) -> None:
    world.create()
    world.update(CREATE)
    put(world.east, "a")
    put(world.west, "b")
    for client, region in ((world.east, "us-east-1"), (world.west, "us-west-2")):
        found = client.describe_table(TableName="orders")["Table"]
        assert found["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
        streams = world.boto("dynamodbstreams", region)
        shard = streams.describe_stream(StreamArn=found["LatestStreamArn"])["StreamDescription"]["Shards"][0]
        iterator = streams.get_shard_iterator(
            StreamArn=found["LatestStreamArn"], ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        records = streams.get_records(ShardIterator=iterator)["Records"]
        assert [each["dynamodb"]["Keys"]["id"]["S"] for each in records] == ["a", "b"]


def test_a_region_writes_while_the_other_is_lost(world: World) -> None:
    world.create()
    world.update(CREATE)
    faults.apply({"regions": {"us-east-1": [503, "ServiceUnavailable"]}})
    put(world.west, "a")
    with pytest.raises(ClientError, match="ServiceUnavailable"):
        keys(world.east)
    faults.apply({"clear": True})
    assert keys(world.east) == ["a"]


def test_a_failed_transaction_leaves_no_trace_in_any_region(world: World) -> None:
    world.create()
    world.update(CREATE)
    put(world.east, "kept")
    item = {"TableName": "orders", "Item": {"id": {"S": "a"}}}
    doubt = {
        "TableName": "orders",
        "Item": {"id": {"S": "kept"}},
        "ConditionExpression": "attribute_not_exists(id)",
    }
    with pytest.raises(ClientError, match="TransactionCanceled"):
        world.east.transact_write_items(TransactItems=[{"Put": item}, {"Put": doubt}])
    put(world.east, "after")
    assert keys(world.east) == keys(world.west) == ["after", "kept"]


def test_a_restore_is_a_new_table_of_one_region(world: World) -> None:
    world.create()
    world.update(CREATE)
    world.west.update_continuous_backups(
        TableName="orders", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    put(world.east, "a")
    world.west.restore_table_to_point_in_time(
        SourceTableName="orders", TargetTableName="restored", UseLatestRestorableTime=True
    )
    backup = world.west.create_backup(TableName="orders", BackupName="now")["BackupDetails"]["BackupArn"]
    world.west.restore_table_from_backup(TargetTableName="from-backup", BackupArn=backup)
    put(world.east, "later")
    for name in ("restored", "from-backup"):
        assert [i["id"]["S"] for i in world.west.scan(TableName=name)["Items"]] == ["a"]
        assert "Replicas" not in world.west.describe_table(TableName=name)["Table"]
        assert name not in world.east.list_tables()["TableNames"]
        world.west.put_item(TableName=name, Item={"id": {"S": "new"}})
    assert keys(world.west) == ["a", "later"]


def test_a_replica_goes_and_leaves_a_table_of_one_region(world: World) -> None:
    world.create()
    world.update(CREATE)
    put(world.east, "a")
    world.west.update_table(TableName="orders", DeletionProtectionEnabled=True)
    with pytest.raises(ClientError, match="DeletionProtectionEnabled"):
        world.update(DELETE)
    world.west.update_table(TableName="orders", DeletionProtectionEnabled=False)
    assert "Replicas" not in world.update(DELETE)
    assert world.west.list_tables()["TableNames"] == []
    assert keys(world.east) == ["a"]
    world.update(CREATE)
    assert world.west.delete_table(TableName="orders")
    assert "Replicas" not in world.east.describe_table(TableName="orders")["Table"]


def test_what_an_eventual_table_refuses(world: World) -> None:
    world.create(SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY})
    for actions, said in (
        ([CREATE], "KMSMasterKeyId must be specified"),
        ([{"Create": {"RegionName": "us-east-1"}}], "local region"),
        ([DELETE], "was not found"),
        ([{"Update": {"RegionName": "us-west-2", "KMSMasterKeyId": KEY}}], "was not found"),
    ):
        with pytest.raises(ClientError, match=said):
            world.update(*actions)
    with pytest.raises(ClientError, match="must be set as STRONG"):
        world.update(
            {"Create": {"RegionName": "us-west-2", "KMSMasterKeyId": PEER_KEY}},
            GlobalTableWitnessUpdates=[{"Create": {"RegionName": "us-east-2"}}],
        )
    world.west.create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    encrypted = {"Create": {"RegionName": "us-west-2", "KMSMasterKeyId": PEER_KEY}}
    with pytest.raises(ClientError, match="already existed as tables"):
        world.update(encrypted)
    world.west.delete_table(TableName="orders")
    faults.apply({"regions": {"us-west-2": [503, "ServiceUnavailable"]}})
    with pytest.raises(ClientError, match="does not answer"):
        world.update(encrypted)
    faults.apply({"clear": True})
    assert world.update(encrypted)["Replicas"][0]["KMSMasterKeyId"] == PEER_KEY
    there = world.west.describe_table(TableName="orders")["Table"]
    assert there["SSEDescription"]["KMSMasterKeyArn"] == PEER_KEY


def test_a_strong_table_needs_two_of_its_regions(world: World) -> None:
    world.create()
    made = world.strong("us-west-2", witness="us-east-2")
    assert made["MultiRegionConsistency"] == "STRONG"
    assert made["GlobalTableWitnesses"] == [{"RegionName": "us-east-2", "WitnessStatus": "ACTIVE"}]
    assert world.ohio.list_tables()["TableNames"] == [], "a witness is no table"
    assert "StreamSpecification" not in made
    faults.apply({"regions": {"us-east-1": [503, "ServiceUnavailable"]}})
    put(world.west, "a")
    faults.apply({"regions": {"us-east-2": [503, "ServiceUnavailable"]}})
    with pytest.raises(ClientError, match="InternalServerError"):
        put(world.west, "b")
    faults.apply({"clear": True})
    assert keys(world.east) == ["a"]


def test_what_a_strong_table_refuses(world: World) -> None:
    world.create()
    for regions, witness, said in (
        (("us-west-2",), None, "replica count"),
        (("us-west-2", "us-east-2"), "us-east-1", "replica count"),
        (("us-west-2",), "us-west-2", "replica count"),
        (("us-west-2",), "eu-west-1", "Unsupported regions"),
    ):
        with pytest.raises(ClientError, match=said):
            world.strong(*regions, witness=witness)
    put(world.east, "a")
    with pytest.raises(ClientError, match="with items"):
        world.strong("us-west-2", "us-east-2")
    world.east.delete_item(TableName="orders", Key={"id": {"S": "a"}})
    expiry = {"Enabled": True, "AttributeName": "until"}
    world.east.update_time_to_live(TableName="orders", TimeToLiveSpecification=expiry)
    with pytest.raises(ClientError, match="Time to Live"):
        world.strong("us-west-2", "us-east-2")
    world.east.update_time_to_live(TableName="orders", TimeToLiveSpecification={**expiry, "Enabled": False})
    world.strong("us-west-2", "us-east-2")
    with pytest.raises(ClientError, match="Time to Live"):
        world.west.update_time_to_live(TableName="orders", TimeToLiveSpecification=expiry)
    item = {"TableName": "orders", "Item": {"id": {"S": "a"}}}
    with pytest.raises(ClientError, match="Transactions"):
        world.ohio.transact_write_items(TransactItems=[{"Put": item}])
    key = {"TableName": "orders", "Key": {"id": {"S": "a"}}}
    with pytest.raises(ClientError, match="Transactions"):
        world.ohio.transact_get_items(TransactItems=[{"Get": key}])
    with pytest.raises(ClientError, match="can't be added"):
        world.update({"Create": {"RegionName": "eu-west-1"}})
    with pytest.raises(ClientError, match="all its replicas or none"):
        world.update(DELETE)
    with pytest.raises(ClientError, match="can't be deleted alone"):
        world.west.delete_table(TableName="orders")
    world.update(DELETE, {"Delete": {"RegionName": "us-east-2"}})
    assert world.west.list_tables()["TableNames"] == world.ohio.list_tables()["TableNames"] == []


def test_a_local_index_keeps_a_table_from_strong_consistency(world: World) -> None:
    index = {
        "IndexName": "by-time",
        "KeySchema": [
            {"AttributeName": "id", "KeyType": "HASH"},
            {"AttributeName": "at", "KeyType": "RANGE"},
        ],
        "Projection": {"ProjectionType": "ALL"},
    }
    world.east.create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "no", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("id", "no", "at")],
        BillingMode="PAY_PER_REQUEST",
        LocalSecondaryIndexes=[index],
    )
    with pytest.raises(ClientError, match="Local secondary indexes"):
        world.strong("us-west-2", "us-east-2")
    world.update(CREATE)
    there = world.west.describe_table(TableName="orders")["Table"]
    assert [each["IndexName"] for each in there["LocalSecondaryIndexes"]] == ["by-time"]
