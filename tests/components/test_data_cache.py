"""One region's cache of a Global Datastore: founded, joined, alone."""

from __future__ import annotations

import re
from typing import Any

import pulumi
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.data import CacheGlobal, CacheGlobalArgs
from components.data.cache_args import FAMILIES, NODES, check_node_type
from policies.recovery import facts
from tests.components.data_arguments import KEY, REQUIRED_TAGS, SUBNETS, TAGS
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment, deploy

GROUP, TOPIC = (
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "arn:aws:sns:us-east-1:123456789012:alerts",
)
DATASTORE = "ldgnf-shop-prod"
THE_DATASTORES = {
    "automaticFailoverEnabled",
    "multiAzEnabled",
    "engine",
    "engineVersion",
    "nodeType",
    "numNodeGroups",
    "parameterGroupName",
    "atRestEncryptionEnabled",
    "transitEncryptionEnabled",
    "dataTieringEnabled",
    "snapshotName",
    "snapshotArns",
}
"""What AWS refuses to be told of a group that joins a datastore."""


def arguments(**changes: Any) -> CacheGlobalArgs:
    base = {
        "tags": TAGS,
        "identifier": "shop-prod",
        "subnet_ids": SUBNETS,
        "security_group_ids": ["sg-1"],
        "kms_key_arn": KEY,
    }
    return CacheGlobalArgs(**{**base, **changes})


def made(preview: bool = False, **changes: Any) -> tuple[Deployment, CacheGlobal]:
    kept: list[CacheGlobal] = []
    deployment = deploy(lambda: kept.append(CacheGlobal("cache", arguments(**changes))), preview=preview)
    return deployment, kept[0]


def test_a_node_or_a_zone_may_go_and_what_stays_is_encrypted():
    group = made(replicas=2)[0].one(GROUP)
    expected = {
        "replicationGroupId": "shop-prod",
        "automaticFailoverEnabled": True,
        "multiAzEnabled": True,
        "numCacheClusters": 3,
        "atRestEncryptionEnabled": True,
        "transitEncryptionEnabled": True,
        "kmsKeyId": KEY,
        "subnetGroupName": "cache-subnets-1234567",
        "securityGroupIds": ["sg-1"],
        "snapshotRetentionLimit": 7,
        "snapshotWindow": "02:00-03:00",
        "finalSnapshotIdentifier": "cache-subnets-1234567-final",
        "engine": "valkey",
        "engineVersion": "8.1",
        "nodeType": "cache.r7g.large",
        "parameterGroupName": "cache-parameters-1234567",
        "userGroupIds": ["cache-users-id"],
    }
    assert {key: group.inputs.get(key) for key in expected} == expected
    assert group.protect
    assert group.tags == TAGS.store("cache-group")
    assert not {"authToken", "authTokenWo", "numNodeGroups", "dataTieringEnabled"} & group.inputs.keys()


def test_whoever_founds_makes_the_datastore_around_its_group():
    deployment, cache = made()
    group, around = deployment.one(GROUP), deployment.one("GlobalReplicationGroup")
    assert around.inputs == {
        "globalReplicationGroupIdSuffix": "shop-prod",
        "globalReplicationGroupDescription": "Cache of cache over its regions",
        "primaryReplicationGroupId": "cache-group-id",
        "cacheNodeType": "cache.r7g.large",
        "engine": "valkey",
        "engineVersion": "8.1",
    }
    assert around.property_dependencies["primaryReplicationGroupId"] == {group.urn}
    assert around.protect
    assert "globalReplicationGroupId" not in group.inputs
    assert deployment.outputs[deployment.one("holdfast:data:CacheGlobal").urn] == {
        "endpoint": "master.cache-group.x.us-east-1.cache.amazonaws.com",
        "readerEndpoint": "replica.cache-group.x.us-east-1.cache.amazonaws.com",
        "arn": "arn:aws:mock:us-east-1:123456789012:cache-group",
        "identifier": "cache-group-id",
        "userArn": "arn:aws:mock:us-east-1:123456789012:cache-user",
        "globalReplicationGroupId": DATASTORE,
    }
    assert (cache.port, cache.user_name) == (6379, "shop-prod")


def test_a_failover_asks_for_no_change():
    deployment, _ = made()
    assert deployment.one("GlobalReplicationGroup").ignore_changes == ("primaryReplicationGroupId",)
    for found in (deployment, made(global_replication_group_id=DATASTORE)[0]):
        assert set(found.one(GROUP).ignore_changes) == {
            "globalReplicationGroupId",
            "automaticFailoverEnabled",
            "multiAzEnabled",
            "nodeType",
            "engine",
            "engineVersion",
            "numNodeGroups",
            "parameterGroupName",
        }


@pytest.mark.parametrize("shards", [1, 3])
@pytest.mark.parametrize(
    "engine", [{}, {"engine": "redis", "engine_version": "7.1"}, {"node_type": "cache.r6gd.xlarge"}]
)
def test_whoever_joins_is_told_nothing_that_the_datastore_says(shards: int, engine: dict[str, str]):
    deployment, cache = made(global_replication_group_id=DATASTORE, shards=shards, **engine)
    group = deployment.one(GROUP)
    assert group.inputs["globalReplicationGroupId"] == DATASTORE
    assert not THE_DATASTORES & group.inputs.keys()
    assert group.inputs["kmsKeyId"] == KEY
    assert group.inputs["userGroupIds"] == ["cache-users-id"]
    assert not deployment.all("GlobalReplicationGroup")
    assert not deployment.all("ParameterGroup")
    assert cache.recovery_fact["role"] == "replica"


def test_alone_its_own_settings_count():
    deployment, cache = made(alone=True)
    assert not deployment.all("GlobalReplicationGroup")
    assert deployment.one(GROUP).ignore_changes == ()
    assert cache.global_replication_group_id is None
    assert "group" not in cache.recovery_fact


def test_shards_turn_cluster_mode_on():
    deployment, cache = made(shards=3, replicas=2, parameters={"maxmemory-policy": "noeviction"})
    group = deployment.one(GROUP).inputs
    assert (group["numNodeGroups"], group["replicasPerNodeGroup"]) == (3, 2)
    assert "numCacheClusters" not in group
    parameters = deployment.one("ParameterGroup").inputs
    assert parameters["family"] == "valkey8"
    assert parameters["parameters"] == [
        {"name": "cluster-enabled", "value": "yes"},
        {"name": "maxmemory-policy", "value": "noeviction"},
    ]
    assert deployment.one("GlobalReplicationGroup").inputs["numNodeGroups"] == 3
    outputs = deployment.outputs[deployment.one("holdfast:data:CacheGlobal").urn]
    assert outputs["endpoint"].startswith("clustercfg.")
    assert cache.reader_endpoint is None
    assert cache.recovery_fact["members"] == 3


@pytest.mark.parametrize(
    ("version", "changes", "durability"),
    [
        ("9.0", {}, "disabled"),
        ("9.0", {"alone": True}, None),
        ("8.1", {}, None),
        ("9.0", {"shards": 1}, None),
    ],
)
def test_a_datastore_takes_no_durable_cache(version: str, changes: dict[str, Any], durability: str | None):
    group = made(**{"engine_version": version, "shards": 2, **changes})[0].one(GROUP)
    assert group.inputs.get("durability") == durability


def test_tiered_nodes_are_said_to_be():
    assert made(node_type="cache.r6gd.xlarge")[0].one(GROUP).inputs["dataTieringEnabled"] is True


def test_the_user_signs_in_with_iam_and_no_password_stands_anywhere():
    deployment, cache = made()
    user = deployment.one("User")
    assert user.inputs["authenticationMode"] == {"type": "iam"}
    assert user.inputs["userId"] == user.inputs["userName"] == "shop-prod"
    assert "+@all -@admin" in user.inputs["accessString"]
    group = deployment.one("UserGroup").inputs
    assert (group["userIds"], group["engine"]) == (["shop-prod"], "valkey")
    (statement,) = cache.connecting_statements()
    assert statement["Action"] == "elasticache:Connect"
    assert statement["Resource"] == [cache.arn, cache.user_arn]
    assert not any("password" in key.lower() for r in deployment.resources for key in r.inputs)


def test_redis_has_a_default_user_who_may_nothing():
    deployment, _ = made(engine="redis", engine_version="7.1")
    nobody = deployment.one("User", "cache-default").inputs
    assert (nobody["userName"], nobody["accessString"]) == ("default", "off -@all")
    assert deployment.one("UserGroup").inputs["userIds"] == ["shop-prod", "shop-prod-default"]
    assert deployment.one("ParameterGroup").inputs["family"] == "redis7"


def test_alarms_watch_the_nodes_and_the_lag():
    deployment, _ = made(event_topic_arn=TOPIC, lag_seconds=5)
    alarms = {alarm.name: alarm.inputs for alarm in deployment.all("MetricAlarm")}
    assert alarms.keys() == {"cache-memory", "cache-cpu", "cache-lag"}
    for alarm in alarms.values():
        assert alarm["alarmActions"] == [TOPIC]
        nodes = [q["metric"]["dimensions"] for q in alarm["metricQueries"][1:]]
        assert nodes == [{"CacheClusterId": f"cache-group-id-00{n}", "CacheNodeId": "0001"} for n in (1, 2)]
    assert alarms["cache-memory"]["treatMissingData"] == "breaching"
    assert (alarms["cache-lag"]["threshold"], alarms["cache-lag"]["treatMissingData"]) == (5, "notBreaching")
    assert alarms["cache-lag"]["metricQueries"][0]["expression"] == "MAX([FILL(node1, 0), FILL(node2, 0)])"
    assert deployment.one(GROUP).inputs["notificationTopicArn"] == TOPIC
    assert not made()[0].all("MetricAlarm")
    assert "cache-lag" not in {a.name for a in made(alone=True, event_topic_arn=TOPIC)[0].all("MetricAlarm")}


def test_each_shard_has_alarms_of_its_own():
    alarms = made(event_topic_arn=TOPIC, shards=2)[0].all("MetricAlarm")
    assert {a.name for a in alarms} == {
        f"cache-000{n}-{what}" for n in (1, 2) for what in ("memory", "cpu", "lag")
    }
    first = next(a for a in alarms if a.name == "cache-0002-cpu").inputs["metricQueries"][1]
    assert first["metric"]["dimensions"]["CacheClusterId"] == "cache-group-id-0002-001"


@pytest.mark.parametrize("joined", [False, True])
def test_the_recovery_fact_is_what_the_estimator_reads(joined: bool):
    changes = {"global_replication_group_id": DATASTORE} if joined else {}
    told: dict[str, Any] = {}

    def program() -> None:
        cache = CacheGlobal("cache", arguments(replicas=2, **changes))
        told.update(cache.recovery_fact)
        pulumi.Output.from_input(told["group"]).apply(lambda known: told.update(group=known))

    deployment = deploy(program)
    (read,) = facts(resources(deployment, "us-east-1"), stack="prod", region="us-east-1")["members"]
    keys = ("kind", "name", "role", "automatic_failover", "multi_az", "members", "snapshot_days", "tags")
    assert {key: told.get(key) for key in keys} == {key: read.get(key) for key in keys}
    assert told.get("automatic_failover") is (None if joined else True)
    assert told["group"] == DATASTORE
    if joined:
        assert read["group"] == [f"elasticache:{DATASTORE}"]


def test_children_are_tagged_and_a_preview_shows_them_all():
    known, preview = (made(preview=p, event_topic_arn=TOPIC)[0] for p in (False, True))
    assert {r.urn for r in known.resources} == {r.urn for r in preview.resources}
    component = known.one("holdfast:data:CacheGlobal").urn
    assert {r.parent for r in known.resources if r.type.startswith("aws:")} == {component}
    assert len(known.taggable()) == 8
    for resource in known.taggable():
        assert resource.tags.keys() >= REQUIRED_TAGS


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"identifier": "Shop"}, "identifier: got 'Shop', allowed is up to 32 lower-case letters"),
        ({"identifier": "a" * 33}, "identifier: got"),
        ({"identifier": "shop--prod"}, "identifier: got"),
        ({"identifier": "shop-"}, "identifier: got"),
        ({"subnet_ids": {"z": "s"}}, "subnet_ids: got ['z'], allowed is 2 or more: Multi-AZ wants"),
        ({"security_group_ids": []}, "security_group_ids: got [], allowed is 1 or more: ElastiCache"),
        ({"engine": "memcached"}, "engine: got 'memcached', allowed is one of valkey, redis"),
        ({"engine_version": "7.1"}, "engine_version: got '7.1', allowed is major and minor, from 7.2 on for valkey"),
        ({"engine_version": "8"}, "engine_version: got '8', allowed is major and minor"),
        ({"engine": "redis", "engine_version": "6.2"}, "engine_version: got '6.2', allowed is major and minor, from 7.0 on"),
        ({"node_type": "cache.t4g.medium"}, "node_type: got 'cache.t4g.medium', allowed is one of m5, m6g"),
        ({"replicas": 0}, "replicas: got 0, allowed is 1 to 5 a shard: without one nothing fails over"),
        ({"replicas": 6}, "replicas: got 6, allowed is 1 to 5"),
        ({"shards": 0}, "shards: got 0, allowed is 1 to 500"),
        ({"shards": 46}, "shards: got 46 with 92 nodes, allowed is 90 nodes or fewer"),
        ({"snapshot_days": 0}, "snapshot_days: got 0, allowed is 1 to 35 days: 0 would end snapshots"),
        ({"snapshot_window": "02:00-02:30"}, "snapshot_window: got '02:00-02:30' of 30 minutes, allowed is 60"),
        ({"snapshot_window": "08:00-09:00"}, "snapshot_window: got '08:00-09:00', allowed is one apart from maintenance_window"),
        ({"maintenance_window": "sun:08:00"}, "maintenance_window: got 'sun:08:00', allowed is ddd:hh:mm"),
        ({"lag_seconds": 0}, "lag_seconds: got 0, allowed is above 0"),
        ({"memory_percent": 101}, "memory_percent: got 101, allowed is above 0 to 100"),
        ({"alone": True, "global_replication_group_id": DATASTORE}, "alone: got True in a Global Datastore"),
        ({"parameters": {"a": "b"}, "global_replication_group_id": DATASTORE}, "parameters: got some, allowed is none in a joined"),
        ({"parameters": {"cluster-enabled": "yes"}}, "parameters: got cluster-enabled, allowed is shards instead"),
    ],
)  # fmt: skip
def test_bad_arguments(changes: dict[str, Any], message: str):
    with pytest.raises(ValueError, match=re.escape(message)):
        made(**changes)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([*FAMILIES, "t3", "t4g", "m4", "r4", "c5"]),
    st.sampled_from(["micro", "small", "medium", "large", "xlarge", "2xlarge", "16xlarge"]),
)
def test_node_types_are_of_the_families_and_sizes_of_a_datastore(family: str, size: str):
    if family in FAMILIES and size.endswith("large"):
        check_node_type(f"cache.{family}.{size}")
    else:
        with pytest.raises(ValueError, match=r"node_type: got 'cache\."):
            check_node_type(f"cache.{family}.{size}")


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 60), st.integers(1, 5))
def test_shards_and_replicas_make_no_more_nodes_than_aws_gives(shards: int, replicas: int):
    args = arguments(shards=shards, replicas=replicas)
    if shards * (1 + replicas) <= NODES:
        args.check()
    else:
        with pytest.raises(ValueError, match="shards: got"):
            args.check()
