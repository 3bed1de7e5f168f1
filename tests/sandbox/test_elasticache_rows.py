"""The provider's rows of ElastiCache and EFS: create, update, what replaces, what is refused, delete."""

from __future__ import annotations

import pytest

from sandbox.provider import Provider, ProviderError
from sandbox.provider.ignored import ignoring
from tests.sandbox.test_elasticache_extension import subnets
from tests.sandbox.test_rds_rows import Made

ROOM = "aws:elasticache/"
GROUP, GLOBAL = (
    f"{ROOM}replicationGroup:ReplicationGroup",
    f"{ROOM}globalReplicationGroup:GlobalReplicationGroup",
)
PARAMETERS = f"{ROOM}parameterGroup:ParameterGroup"
BASE = {
    "description": "cache",
    "automaticFailoverEnabled": True,
    "multiAzEnabled": True,
    "numCacheClusters": 2,
    "engine": "valkey",
    "engineVersion": "8.1",
    "nodeType": "cache.r7g.large",
    "subnetGroupName": "subs",
    "atRestEncryptionEnabled": True,
    "transitEncryptionEnabled": True,
    "finalSnapshotIdentifier": "the-end",
}


def refusal(provider, token, **inputs):
    """What a check says of inputs."""
    _, failures = provider.check(token, f"urn:pulumi:prod::holdfast::{token}::it", {}, inputs)
    return " ".join(reason for _, reason in failures)


def group(provider, **changes):
    given = {"replicationGroupId": "shop", **BASE, **changes}
    return Made(provider, GROUP, **{k: v for k, v in given.items() if v is not None})


def test_a_group_from_creation_to_deletion(provider, boto):
    subnets(boto)
    made = group(provider)
    assert made.outputs["memberClusters"] == ["shop-001", "shop-002"]
    made.update(numCacheClusters=3, snapshotRetentionLimit=5, description="new", tags={"owner": "team"})
    (found,) = boto("elasticache").describe_replication_groups()["ReplicationGroups"]
    assert (len(found["MemberClusters"]), found["SnapshotRetentionLimit"], found["Description"]) == (
        3,
        5,
        "new",
    )
    made.update(numCacheClusters=2)
    for name, value in (
        ("replicationGroupId", "x"),
        ("kmsKeyId", "k"),
        ("subnetGroupName", "y"),
    ):
        assert made.diff(**{name: value}).replaces == [name]
    made.delete()
    assert made.read() is None
    (kept,) = boto("elasticache").describe_snapshots()["Snapshots"]
    assert kept["SnapshotName"] == "the-end"
    made.delete()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"globalReplicationGroupId": "d"}, "globalReplicationGroupId conflicts with atRestEncryptionEnabled, engine"),
        ({"nodeType": None}, "one of nodeType and globalReplicationGroupId is required"),
        ({"automaticFailoverEnabled": False}, "automaticFailoverEnabled must be true if multiAzEnabled is true"),
        ({"numCacheClusters": 1}, "numCacheClusters must be at least 2"),
        ({"numNodeGroups": 2}, "numCacheClusters conflicts with numNodeGroups"),
    ],
)  # fmt: skip
def test_what_the_real_provider_refuses(provider, changes, message):
    given = {k: v for k, v in {"replicationGroupId": "shop", **BASE, **changes}.items() if v is not None}
    assert message in refusal(provider, GROUP, **given)


def test_a_failover_shows_and_would_replace_what_nobody_told_to_be_left_alone(aws_endpoint, boto):
    east, west = Provider(aws_endpoint, "us-east-1"), Provider(aws_endpoint, "us-west-2")
    for region in ("us-east-1", "us-west-2"):
        subnets(boto, region)
    group(east)
    top = Made(
        east, GLOBAL, globalReplicationGroupIdSuffix="shop", primaryReplicationGroupId="shop",
        cacheNodeType="cache.r7g.large", engine="valkey", engineVersion="8.1",
    )  # fmt: skip
    joined = Made(
        west, GROUP, replicationGroupId="west", description="cache", numCacheClusters=2, subnetGroupName="subs",
        globalReplicationGroupId=top.outputs["globalReplicationGroupId"],
    )  # fmt: skip
    boto("elasticache", "us-west-2").failover_global_replication_group(
        GlobalReplicationGroupId=top.id, PrimaryRegion="us-west-2", PrimaryReplicationGroupId="west"
    )
    fresh, _ = east.refresh(GLOBAL, top.id, top.inputs, top.outputs)
    assert fresh["primaryReplicationGroupId"] == "west"
    assert east.diff(GLOBAL, fresh, top.inputs).replaces == ["primaryReplicationGroupId"]
    wanted = ignoring(["primaryReplicationGroupId"], fresh, top.inputs)
    assert east.diff(GLOBAL, fresh, wanted).diffs == []
    fresh, _ = west.refresh(GROUP, joined.id, joined.inputs, joined.outputs)
    assert west.diff(GROUP, fresh, joined.inputs).diffs == []
    with pytest.raises(ProviderError, match="InvalidReplicationGroupState"):
        joined.delete()
    boto("elasticache").failover_global_replication_group(
        GlobalReplicationGroupId=top.id, PrimaryRegion="us-east-1", PrimaryReplicationGroupId="shop"
    )
    joined.delete()
    top.delete()
    assert top.read() is joined.read() is None


def test_a_datastore_resizes_its_members(aws_endpoint, boto):
    east = Provider(aws_endpoint, "us-east-1")
    subnets(boto)
    shards = Made(
        east,
        PARAMETERS,
        "on",
        family="valkey8",
        parameters=[{"name": "cluster-enabled", "value": "yes"}],
    )
    group(east, numCacheClusters=None, numNodeGroups=2, replicasPerNodeGroup=1, parameterGroupName=shards.id)
    top = Made(
        east, GLOBAL, globalReplicationGroupIdSuffix="shop", primaryReplicationGroupId="shop", numNodeGroups=2
    )
    top.update(numNodeGroups=3, cacheNodeType="cache.r7g.xlarge", engineVersion="8.2")
    (found,) = boto("elasticache").describe_replication_groups()["ReplicationGroups"]
    assert (len(found["NodeGroups"]), found["CacheNodeType"]) == (3, "cache.r7g.xlarge")
    top.update(numNodeGroups=2)
    assert len(boto("elasticache").describe_replication_groups()["ReplicationGroups"][0]["NodeGroups"]) == 2


def test_parameters_users_and_groups_change(provider, boto):
    client = boto("elasticache")
    made = Made(provider, PARAMETERS, "ps", family="valkey8", parameters=[{"name": "maxmemory-policy", "value": "noeviction"}, {"name": "timeout", "value": "10"}])  # fmt: skip
    made.update(parameters=[{"name": "timeout", "value": "20"}])
    told = client.describe_cache_parameters(CacheParameterGroupName=made.id)["Parameters"]
    assert [(p["ParameterName"], p["ParameterValue"]) for p in told] == [("timeout", "20")]
    made.update(parameters=[])
    assert client.describe_cache_parameters(CacheParameterGroupName=made.id)["Parameters"] == []
    made.delete()
    assert made.read() is None
    iam = {"engine": "valkey", "accessString": "on ~* +@all", "authenticationMode": {"type": "iam"}}
    one, two = (Made(provider, f"{ROOM}user:User", n, userId=n, userName=n, **iam) for n in ("one", "two"))
    users = Made(provider, f"{ROOM}userGroup:UserGroup", userGroupId="g", engine="valkey", userIds=["one"])
    users.update(userIds=["two"])
    assert client.describe_user_groups()["UserGroups"][0]["UserIds"] == ["two"]
    two.update(accessString="on ~a::* +@read")
    assert two.diff(userName="x").replaces == ["userName"]
    for each in (users, one, two):
        each.delete()
        assert each.read() is None


FILES_KEY = "alias/files"


def test_a_file_system_from_creation_to_deletion(provider, boto):
    room = "aws:efs/"
    made = Made(provider, f"{room}fileSystem:FileSystem", encrypted=True, throughputMode="elastic")
    assert made.outputs["protection"] == {"replicationOverwrite": "ENABLED"}
    made.update(
        throughputMode="bursting",
        lifecyclePolicies=[{"transitionToIa": "AFTER_7_DAYS"}],
        protection={"replicationOverwrite": "DISABLED"},
    )
    assert made.read()["protection"] == {"replicationOverwrite": "DISABLED"}
    (kept,) = boto("efs").describe_lifecycle_configuration(FileSystemId=made.id)["LifecyclePolicies"]
    assert kept == {"TransitionToIA": "AFTER_7_DAYS"}
    for name, value in (("encrypted", False), ("kmsKeyId", FILES_KEY), ("performanceMode", "maxIO")):
        assert name in made.diff(**{name: value}).replaces
    token = made.token
    assert "got REPLICATING" in refusal(provider, token, protection={"replicationOverwrite": "REPLICATING"})
    assert "encrypted must be set to true" in refusal(provider, token, kmsKeyId=FILES_KEY)
    backups = Made(
        provider, f"{room}backupPolicy:BackupPolicy", fileSystemId=made.id, backupPolicy={"status": "ENABLED"}
    )
    backups.delete()
    assert boto("efs").describe_backup_policy(FileSystemId=made.id)["BackupPolicy"]["Status"] == "DISABLED"
    made.delete()
    assert made.read() is None
