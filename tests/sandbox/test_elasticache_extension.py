"""ElastiCache on the sandbox's AWS: what it does, and what it refuses, with AWS's own error codes."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from sandbox.aws import faults

GLOBAL = "ldgnf-shop"
KEY = "arn:aws:kms:us-east-1:123456789012:key/x"


def subnets(boto, region="us-east-1", zones=3, name="subs"):
    ec2 = boto("ec2", region)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    made = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"{region}{'abc'[n]}")[
            "Subnet"
        ]["SubnetId"]
        for n in range(zones)
    ]
    boto("elasticache", region).create_cache_subnet_group(
        CacheSubnetGroupName=name, CacheSubnetGroupDescription="data", SubnetIds=made
    )
    return made


def group(boto, region="us-east-1", name="shop", **more):
    base = {
        "ReplicationGroupId": name,
        "ReplicationGroupDescription": "cache",
        "CacheSubnetGroupName": "subs",
        "NumCacheClusters": 2,
    }
    if "GlobalReplicationGroupId" not in more:
        base |= {
            "AutomaticFailoverEnabled": True,
            "MultiAZEnabled": True,
            "CacheNodeType": "cache.r7g.large",
            "Engine": "valkey",
            "EngineVersion": "8.1",
            "TransitEncryptionEnabled": True,
            "AtRestEncryptionEnabled": True,
        }
    given = {k: v for k, v in {**base, **more}.items() if v is not None}
    return boto("elasticache", region).create_replication_group(**given)["ReplicationGroup"]


@pytest.fixture
def datastore(boto):
    """A datastore that writes in us-east-1 and has a member in us-west-2."""
    for region in ("us-east-1", "us-west-2"):
        subnets(boto, region)
    group(boto)
    east = boto("elasticache")
    east.create_global_replication_group(
        GlobalReplicationGroupIdSuffix="shop", PrimaryReplicationGroupId="shop"
    )
    group(boto, "us-west-2", "shop-west", GlobalReplicationGroupId=GLOBAL, NumCacheClusters=3)
    return boto


def roles(boto, region="us-west-2"):
    (found,) = boto("elasticache", region).describe_global_replication_groups(
        GlobalReplicationGroupId=GLOBAL, ShowMemberInfo=True
    )["GlobalReplicationGroups"]
    return {member["ReplicationGroupId"]: member["Role"] for member in found["Members"]}


def test_nodes_are_as_many_as_asked_for_and_over_the_zones(boto):
    subnets(boto)
    made = group(boto, NumCacheClusters=3)
    (shard,) = made["NodeGroups"]
    assert [node["CurrentRole"] for node in shard["NodeGroupMembers"]] == ["primary", "replica", "replica"]
    assert len({node["PreferredAvailabilityZone"] for node in shard["NodeGroupMembers"]}) == 3
    client = boto("elasticache")
    nodes = client.describe_cache_clusters()["CacheClusters"]
    assert (
        [node["CacheClusterId"] for node in nodes]
        == made["MemberClusters"]
        == ["shop-001", "shop-002", "shop-003"]
    )
    assert {node["EngineVersion"] for node in nodes} == {"8.1.0"}
    failed = client.test_failover(ReplicationGroupId="shop", NodeGroupId="0001")["ReplicationGroup"]
    assert [n["CurrentRole"] for n in failed["NodeGroups"][0]["NodeGroupMembers"]] == [
        "replica",
        "primary",
        "replica",
    ]
    assert failed["NodeGroups"][0]["PrimaryEndpoint"] == shard["PrimaryEndpoint"]


def test_a_group_goes_with_a_last_snapshot(boto):
    subnets(boto)
    group(boto)
    client = boto("elasticache")
    client.delete_replication_group(ReplicationGroupId="shop", FinalSnapshotIdentifier="last")
    assert client.describe_replication_groups()["ReplicationGroups"] == []
    (kept,) = client.describe_snapshots()["Snapshots"]
    assert (kept["SnapshotName"], kept["ReplicationGroupId"]) == ("last", "shop")


def test_a_member_takes_everything_over_from_the_datastore(datastore):
    east, west = (
        datastore("elasticache", r).describe_replication_groups()["ReplicationGroups"][0]
        for r in ("us-east-1", "us-west-2")
    )
    for key in (
        "AutomaticFailover",
        "MultiAZ",
        "CacheNodeType",
        "Engine",
        "TransitEncryptionEnabled",
        "AtRestEncryptionEnabled",
        "ClusterEnabled",
    ):
        assert east[key] == west[key]
    assert [len(g["MemberClusters"]) for g in (east, west)] == [2, 3]
    assert east["GlobalReplicationGroupInfo"] == {
        "GlobalReplicationGroupId": GLOBAL,
        "GlobalReplicationGroupMemberRole": "PRIMARY",
    }
    assert west["GlobalReplicationGroupInfo"]["GlobalReplicationGroupMemberRole"] == "SECONDARY"


def test_a_secondary_is_promoted_from_the_region_that_is_left(datastore):
    faults.apply({"regions": {"us-east-1": [503, "ServiceUnavailable"]}})
    west = datastore("elasticache", "us-west-2")
    west.failover_global_replication_group(
        GlobalReplicationGroupId=GLOBAL, PrimaryRegion="us-west-2", PrimaryReplicationGroupId="shop-west"
    )
    assert roles(datastore) == {"shop": "SECONDARY", "shop-west": "PRIMARY"}
    with pytest.raises(ClientError, match="is the primary already"):
        west.failover_global_replication_group(
            GlobalReplicationGroupId=GLOBAL, PrimaryRegion="us-west-2", PrimaryReplicationGroupId="shop-west"
        )
    with pytest.raises(ClientError, match="us-east-1 does not answer"):
        west.failover_global_replication_group(
            GlobalReplicationGroupId=GLOBAL, PrimaryRegion="us-east-1", PrimaryReplicationGroupId="shop"
        )


def test_what_the_datastore_says_reaches_every_member(datastore):
    client = datastore("elasticache")
    client.modify_global_replication_group(
        GlobalReplicationGroupId=GLOBAL,
        ApplyImmediately=True,
        CacheNodeType="cache.r7g.xlarge",
        EngineVersion="8.2",
    )
    for region in ("us-east-1", "us-west-2"):
        nodes = datastore("elasticache", region).describe_cache_clusters()["CacheClusters"]
        assert {(n["CacheNodeType"], n["EngineVersion"]) for n in nodes} == {("cache.r7g.xlarge", "8.2.0")}
    with pytest.raises(ClientError, match=r"is part of a global cluster \[ldgnf-shop\]. Request rejected"):
        client.modify_replication_group(
            ReplicationGroupId="shop", AutomaticFailoverEnabled=False, MultiAZEnabled=False
        )
    client.modify_replication_group(ReplicationGroupId="shop", SnapshotRetentionLimit=3)
    with pytest.raises(ClientError, match="can't be downgraded"):
        client.modify_global_replication_group(
            GlobalReplicationGroupId=GLOBAL, ApplyImmediately=True, EngineVersion="8.0"
        )


def test_members_leave_before_the_datastore_goes(datastore):
    client = datastore("elasticache")
    with pytest.raises(ClientError, match="InvalidGlobalReplicationGroupState"):
        client.delete_global_replication_group(
            GlobalReplicationGroupId=GLOBAL, RetainPrimaryReplicationGroup=True
        )
    for region, name in (("us-east-1", "shop"), ("us-west-2", "shop-west")):
        with pytest.raises(ClientError, match="InvalidReplicationGroupState"):
            datastore("elasticache", region).delete_replication_group(ReplicationGroupId=name)
    with pytest.raises(ClientError, match="is the primary of"):
        client.disassociate_global_replication_group(
            GlobalReplicationGroupId=GLOBAL, ReplicationGroupId="shop", ReplicationGroupRegion="us-east-1"
        )
    client.disassociate_global_replication_group(
        GlobalReplicationGroupId=GLOBAL, ReplicationGroupId="shop-west", ReplicationGroupRegion="us-west-2"
    )
    (alone,) = datastore("elasticache", "us-west-2").describe_replication_groups()["ReplicationGroups"]
    assert "GlobalReplicationGroupId" not in alone["GlobalReplicationGroupInfo"]
    client.delete_global_replication_group(
        GlobalReplicationGroupId=GLOBAL, RetainPrimaryReplicationGroup=True
    )
    assert client.describe_global_replication_groups()["GlobalReplicationGroups"] == []
    client.delete_replication_group(ReplicationGroupId="shop")


REFUSED = [
    ({"NumCacheClusters": 1}, "InvalidParameterCombination.*less than two nodes"),
    ({"AutomaticFailoverEnabled": False}, "InvalidParameterCombination.*MultiAZEnabled needs"),
    ({"CacheSubnetGroupName": "other"}, "CacheSubnetGroupNotFoundFault"),
    ({"CacheNodeType": None}, "InvalidParameterValue.*CacheNodeType"),
    ({"CacheParameterGroupName": "none"}, "CacheParameterGroupNotFound"),
    ({"CacheParameterGroupName": "default.redis7"}, "InvalidParameterCombination.*family valkey8 but found"),
    ({"NumCacheClusters": None, "NumNodeGroups": 2, "ReplicasPerNodeGroup": 1}, "InvalidParameterCombination.*cluster-enabled"),
    ({"UserGroupIds": ["none"]}, "UserGroupNotFound"),
    ({"UserGroupIds": ["none"], "TransitEncryptionEnabled": False}, "requires encryption-in-transit"),
    ({"KmsKeyId": KEY, "AtRestEncryptionEnabled": False}, "InvalidParameterCombination.*AtRestEncryptionEnabled"),
    ({"GlobalReplicationGroupId": "none"}, "GlobalReplicationGroupNotFoundFault"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "message"), REFUSED)
def test_what_does_not_go_together_is_refused(boto, changes, message):
    subnets(boto)
    with pytest.raises(ClientError, match=message):
        group(boto, **changes)
    assert boto("elasticache").describe_replication_groups()["ReplicationGroups"] == []


def test_one_zone_is_no_multi_az(boto):
    subnets(boto, zones=1)
    with pytest.raises(ClientError, match="needs subnets in two zones"):
        group(boto)
    group(boto, MultiAZEnabled=False)
    with pytest.raises(ClientError, match="needs subnets in two zones"):
        boto("elasticache").modify_replication_group(ReplicationGroupId="shop", MultiAZEnabled=True)
    (kept,) = boto("elasticache").describe_replication_groups()["ReplicationGroups"]
    assert kept["MultiAZ"] == "disabled"


def test_who_joins_may_not_say_what_the_datastore_says(datastore):
    for told in ("CacheNodeType", "Engine", "EngineVersion", "CacheParameterGroupName", "SnapshotName"):
        with pytest.raises(ClientError, match="Cannot use the given parameters"):
            group(datastore, "us-west-2", "more", GlobalReplicationGroupId=GLOBAL, **{told: "x"})
    with pytest.raises(ClientError, match="has a member in us-west-2 already"):
        group(datastore, "us-west-2", "more", GlobalReplicationGroupId=GLOBAL)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"CacheNodeType": "cache.t4g.medium"}, "does not support the cache node type cache.t4g.medium"),
        ({"NumCacheClusters": 1, "AutomaticFailoverEnabled": False, "MultiAZEnabled": False}, "single node"),
    ],
)  # fmt: skip
def test_not_every_group_founds_a_datastore(boto, changes, message):
    subnets(boto)
    group(boto, **changes)
    client = boto("elasticache")
    make = {"GlobalReplicationGroupIdSuffix": "shop", "PrimaryReplicationGroupId": "shop"}
    with pytest.raises(ClientError, match=message):
        client.create_global_replication_group(**make)
    with pytest.raises(ClientError, match="ReplicationGroupNotFoundFault"):
        client.create_global_replication_group(**{**make, "PrimaryReplicationGroupId": "none"})


def test_users_and_their_groups(boto):
    client = boto("elasticache")
    iam = {"AuthenticationMode": {"Type": "iam"}, "AccessString": "on ~* +@all"}
    client.create_user(UserId="app", UserName="app", Engine="valkey", **iam)
    client.create_user(
        UserId="old", UserName="old", Engine="redis", NoPasswordRequired=True, AccessString="on ~* +@all"
    )
    for engine, members, message in (
        ("redis", ["app"], "DefaultUserRequired"),
        ("valkey", ["old"], "sign in with a password or IAM"),
        ("valkey", ["nobody"], "UserNotFound"),
    ):
        with pytest.raises(ClientError, match=message):
            client.create_user_group(UserGroupId="g", Engine=engine, UserIds=members)
    client.create_user_group(UserGroupId="g", Engine="valkey", UserIds=["app"])
    subnets(boto)
    group(boto, UserGroupIds=["g"])
    with pytest.raises(ClientError, match="InvalidUserGroupState"):
        client.delete_user_group(UserGroupId="g")
    assert client.describe_users(UserId="app")["Users"][0]["UserGroupIds"] == ["g"]
    client.modify_user(UserId="app", AccessString="on ~app::* +@read")
    assert client.describe_users(UserId="app")["Users"][0]["AccessString"] == "on ~app::* +@read"
    client.delete_user(UserId="app")
    assert client.describe_user_groups(UserGroupId="g")["UserGroups"][0]["UserIds"] == []
    client.create_user_group(UserGroupId="r", Engine="redis", UserIds=["default", "old"])
    with pytest.raises(ClientError, match="DefaultUserAssociatedToUserGroup"):
        client.delete_user(UserId="default")


def test_what_is_in_use_stays(boto):
    made = subnets(boto)
    client = boto("elasticache")
    client.create_cache_parameter_group(
        CacheParameterGroupName="ps", CacheParameterGroupFamily="valkey8", Description="d"
    )
    with pytest.raises(ClientError, match=r"InvalidParameterValue.*valkey"):
        client.create_cache_parameter_group(
            CacheParameterGroupName="bad", CacheParameterGroupFamily="valkey", Description="d"
        )
    group(boto, CacheParameterGroupName="ps")
    with pytest.raises(ClientError, match="CacheSubnetGroupInUse"):
        client.delete_cache_subnet_group(CacheSubnetGroupName="subs")
    with pytest.raises(ClientError, match="InvalidCacheParameterGroupState"):
        client.delete_cache_parameter_group(CacheParameterGroupName="ps")
    client.modify_cache_subnet_group(CacheSubnetGroupName="subs", SubnetIds=made[:2])
    (found,) = client.describe_cache_subnet_groups()["CacheSubnetGroups"]
    assert [s["SubnetIdentifier"] for s in found["Subnets"]] == made[:2]
    client.delete_replication_group(ReplicationGroupId="shop")
    client.delete_cache_subnet_group(CacheSubnetGroupName="subs")
    client.delete_cache_parameter_group(CacheParameterGroupName="ps")
    assert client.describe_cache_parameter_groups()["CacheParameterGroups"] == []
