"""The cache of a Global Datastore over two stacks: deployed, failed over, read back, taken down."""

from __future__ import annotations

import pytest

from sandbox.aws import faults
from tests.sandbox.projects import Runner, project, state_of
from tests.sandbox.test_rds_components import ROOM

STACKS = {
    "prod": {"aws:region": "us-east-1"},
    "dr": {"aws:region": "us-west-2", "small:peer": "prod"},
}
CACHE = (
    ROOM
    + """
subnets, group = network("net")
peer = config.get("peer")
joins = pulumi.StackReference(f"organization/small/{peer}").require_output("datastore") if peer else None
topic = aws.sns.Topic("alerts").arn
cache = CacheGlobal("cache", CacheGlobalArgs(
    tags=tags,
    identifier="shop-prod",
    subnet_ids=ids(subnets),
    security_group_ids=[group.id],
    kms_key_arn=key("key"),
    shards=int(config.get("shards") or 1),
    replicas=2,
    global_replication_group_id=joins,
    event_topic_arn=topic,
    protect=False,
))
pulumi.export("datastore", cache.global_replication_group_id)
pulumi.export("endpoint", cache.endpoint)
"""
)


@pytest.fixture
def runner(tmp_path, aws_endpoint, monkeypatch):
    root = project(tmp_path / "project", CACHE, STACKS)
    return Runner(root, state_of(aws_endpoint, tmp_path / "state"), monkeypatch)


def up(runner):
    results = runner.up("prod", "dr")
    assert not (errors := [error for result in results for error in result.errors]), "\n".join(errors)
    return results


def members(boto, region="us-west-2"):
    (found,) = boto("elasticache", region).describe_global_replication_groups(ShowMemberInfo=True)[
        "GlobalReplicationGroups"
    ]
    return {member["ReplicationGroupRegion"]: member["Role"] for member in found["Members"]}


def test_one_datastore_over_two_stacks(runner, boto):
    east, west = up(runner)
    assert members(boto) == {"us-east-1": "PRIMARY", "us-west-2": "SECONDARY"}
    assert east.outputs["datastore"] == west.outputs["datastore"] == "ldgnf-shop-prod"
    for region in members(boto):
        client = boto("elasticache", region)
        (group,) = client.describe_replication_groups()["ReplicationGroups"]
        assert (group["AutomaticFailover"], group["MultiAZ"]) == ("enabled", "enabled")
        assert group["AtRestEncryptionEnabled"] is group["TransitEncryptionEnabled"] is True
        assert group["CacheNodeType"] == "cache.r7g.large"
        assert group["SnapshotRetentionLimit"] == 7
        (shard,) = group["NodeGroups"]
        zones = [node["PreferredAvailabilityZone"] for node in shard["NodeGroupMembers"]]
        assert len(set(zones)) == 3
        assert all(zone.startswith(region) for zone in zones)
        assert group["KmsKeyId"].split(":")[3] == region
        tags = client.list_tags_for_resource(ResourceName=group["ARN"])["TagList"]
        assert {"backup", "rpo-minutes"} <= {tag["Key"] for tag in tags}
        (users,) = client.describe_user_groups()["UserGroups"]
        assert users["ReplicationGroups"] == ["shop-prod"]
        alarms = boto("cloudwatch", region).describe_alarms()["MetricAlarms"]
        assert {alarm["MetricName"] for alarm in alarms if "MetricName" in alarm} == set()
        assert len(alarms) == 3


def test_the_way_out_needs_only_the_region_that_is_left(runner, boto):
    up(runner)
    faults.apply({"regions": {"us-east-1": [503, "ServiceUnavailable"]}})
    boto("elasticache", "us-west-2").failover_global_replication_group(
        GlobalReplicationGroupId="ldgnf-shop-prod",
        PrimaryRegion="us-west-2",
        PrimaryReplicationGroupId="shop-prod",
    )
    assert members(boto) == {"us-east-1": "SECONDARY", "us-west-2": "PRIMARY"}


def test_shards_are_the_same_in_both_regions(tmp_path, aws_endpoint, monkeypatch, boto):
    stacks = {name: {**config, "small:shards": "3"} for name, config in STACKS.items()}
    root = project(tmp_path / "project", CACHE, stacks)
    up(Runner(root, state_of(aws_endpoint, tmp_path / "state"), monkeypatch))
    for region in STACKS["prod"]["aws:region"], STACKS["dr"]["aws:region"]:
        (group,) = boto("elasticache", region).describe_replication_groups()["ReplicationGroups"]
        assert group["ClusterEnabled"] is True
        assert [len(shard["NodeGroupMembers"]) for shard in group["NodeGroups"]] == [3, 3, 3]
        assert group["NodeGroups"][-1]["Slots"].endswith("-16383")
        assert group["ConfigurationEndpoint"]["Address"].startswith("clustercfg.shop-prod.")
