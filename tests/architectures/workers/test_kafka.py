"""Kafka in a system of workers: clusters of both regions, what copies between them, who works topics off, and what is called then."""

from __future__ import annotations

import json
import re
from typing import Any

import pulumi
import pytest

from policies.recovery import judge
from policies.recovery.model import Failure, Verdict
from tests.architectures.conftest import PEER, deployed, outputs
from tests.architectures.workers.conftest import REGIONS, configured, turned
from tests.architectures.workers.test_settings import JOBS, refused
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment
from tests.test_settings import refusals

CLUSTER, TOPIC, REPLICATOR = "aws:msk/cluster:Cluster", "aws:msk/topic:Topic", "aws:msk/replicator:Replicator"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping"
RULES = ("SecurityGroupIngressRule", "SecurityGroupEgressRule")
ARNS = {
    region: f"arn:aws:kafka:{region}:123456789012:cluster/jobs-kafka-cluster/0a1b2c3d-1"
    for region in REGIONS.values()
}


def policy(stack: Deployment, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(stack.one("RolePolicy", name).inputs["policy"])["Statement"]
    return found


def of_kafka(statements: list[dict[str, Any]]) -> list[tuple[set[str], list[str]]]:
    """Actions within clusters, and on what."""
    found = []
    for each in statements:
        actions = {each["Action"]} if isinstance(each["Action"], str) else set(each["Action"])
        if any(action.startswith("kafka-cluster:") for action in actions):
            where = each["Resource"] if isinstance(each["Resource"], list) else [each["Resource"]]
            found.append(({action.removeprefix("kafka-cluster:") for action in actions}, where))
    return found


def test_a_cluster_acknowledges_in_two_of_three_zones_and_takes_iam_over_tls_alone(stack: Deployment) -> None:
    made = stack.one(CLUSTER)
    assert made.protect
    assert made.ignore_changes == (
        "brokerNodeGroupInfo.clientSubnets",
        "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize",
    )
    said = made.inputs
    assert (said["kafkaVersion"], said["numberOfBrokerNodes"]) == ("3.8.x", 3)
    brokers = said["brokerNodeGroupInfo"]
    assert len(set(brokers["clientSubnets"])) == 3
    assert all("private" in each for each in brokers["clientSubnets"]), "pollers call Lambda from there"
    assert brokers["connectivityInfo"] == {
        "publicAccess": {"type": "DISABLED"},
        "vpcConnectivity": {"clientAuthentication": {"sasl": {"iam": True}}},
    }
    assert said["clientAuthentication"] == {"sasl": {"iam": True}, "unauthenticated": False}
    assert said["encryptionInfo"]["encryptionInTransit"] == {"clientBroker": "TLS", "inCluster": True}
    assert said["enhancedMonitoring"] == "PER_TOPIC_PER_BROKER"
    assert (said["tags"]["rpo-minutes"], said["tags"]["dr:rto-hours-corruption"]) == ("15", "8")
    assert "backup" not in said["tags"], "AWS Backup has none"
    configuration = stack.one("Configuration").inputs
    assert "kafkaVersions" not in configuration, "another version would replace what the cluster uses"
    lines = set(configuration["serverProperties"].splitlines())
    assert lines == {
        "auto.create.topics.enable=false",
        "default.replication.factor=3",
        "min.insync.replicas=2",
        "unclean.leader.election.enable=false",
    }


def test_a_topic_is_kept_in_three_zones_as_long_as_it_says(stack: Deployment) -> None:
    topic = stack.one(TOPIC)
    assert topic.protect
    assert (topic.inputs["name"], topic.inputs["partitionCount"], topic.inputs["replicationFactor"]) == (
        "payments",
        6,
        3,
    )
    assert json.loads(topic.inputs["configs"]) == {
        "cleanup.policy": "delete",
        "min.insync.replicas": "2",
        "retention.ms": str(168 * 3_600_000),
    }


def test_storage_grows_and_never_shrinks(stack: Deployment) -> None:
    target = stack.one("aws:appautoscaling/target:Target", "jobs-kafka-storage").inputs
    assert (target["scalableDimension"], target["maxCapacity"]) == ("kafka:broker-storage:VolumeSize", 1000)
    growing = stack.one("aws:appautoscaling/policy:Policy", "jobs-kafka-growing").inputs
    tracking = growing["targetTrackingScalingPolicyConfiguration"]
    assert (tracking["disableScaleIn"], tracking["targetValue"]) == (True, 60)


def test_brokers_are_reached_on_one_port_from_their_own_group_and_from_clients(stack: Deployment) -> None:
    brokers, clients = (
        stack.made[stack.one("SecurityGroup", f"jobs-kafka-{each}").urn]["id"]
        for each in ("brokers", "clients")
    )
    rules = [r.inputs for kind in RULES for r in stack.all(kind) if r.name.startswith("jobs-kafka-")]
    opened = {
        (
            r["securityGroupId"],
            r.get("referencedSecurityGroupId") or r["cidrIpv4"],
            r["fromPort"],
            r["toPort"],
        )
        for r in rules
    }
    assert opened == {
        (brokers, brokers, 9098, 9098),
        (brokers, clients, 9098, 9098),
        (clients, brokers, 9098, 9098),
        (brokers, "0.0.0.0/0", 443, 443),
    }
    into = [r.inputs for r in stack.all(RULES[0]) if r.name.startswith("jobs-kafka-")]
    assert {r.get("referencedSecurityGroupId") for r in into} == {brokers, clients}, "from no network"


def test_the_active_region_works_topics_off_and_the_other_one_waits(example: dict[str, Deployment]) -> None:
    for name, active in (("prod", True), ("dr", False)):
        mapping = example[name].one(MAPPING, "jobs-payments-source").inputs
        assert (mapping["topics"], mapping["startingPosition"], mapping["enabled"]) == (
            ["payments"],
            "TRIM_HORIZON",
            active,
        )
        group = {"consumerGroupId": "example-production-jobs-payments"}
        assert mapping["amazonManagedKafkaEventSourceConfig"] == group
        assert mapping["eventSourceArn"] == ARNS[REGIONS[name]]


def test_a_function_may_read_its_topic_as_its_group_and_nothing_else(stack: Deployment) -> None:
    [cluster] = [stack.made[stack.one(CLUSTER).urn]["arn"]]
    inside = cluster.replace(":cluster/", ":{}/") + "/{}"
    assert of_kafka(policy(stack, "jobs-payments-policy")) == [
        ({"Connect", "DescribeClusterDynamicConfiguration"}, [cluster]),
        ({"DescribeTopic", "ReadData"}, [inside.format("topic", "payments")]),
        ({"AlterGroup", "DescribeGroup"}, [inside.format("group", "example-production-jobs-payments")]),
    ]


def test_the_joining_stack_copies_both_ways_under_the_same_names(example: dict[str, Deployment]) -> None:
    assert example["prod"].all(REPLICATOR) == []
    east, west = REGIONS.values()
    for name, source, target, where in (
        ("jobs-copies-here", east, west, None),
        ("jobs-copies-back", west, east, east),
    ):
        made = example["dr"].one(REPLICATOR, name).inputs
        assert made.get("region") == where
        assert made["replicatorName"] == f"example-production-jobs-to-{target}"
        info = made["replicationInfoList"]
        assert (info["sourceKafkaClusterArn"], info["targetKafkaClusterArn"]) == (ARNS[source], ARNS[target])
        [topics], [groups] = info["topicReplications"], info["consumerGroupReplications"]
        assert topics["topicsToReplicates"] == ["payments"]
        assert (topics["topicNameConfiguration"], topics["startingPosition"]) == (
            {"type": "IDENTICAL"},
            {"type": "EARLIEST"},
        )
        assert groups["consumerGroupsToReplicates"] == ["example-production-jobs-payments"]
        assert groups["consumerGroupOffsetSyncMode"] == "ENHANCED"
        for end, region in zip(made["kafkaClusters"], (source, target), strict=True):
            assert end["amazonMskCluster"] == {"mskClusterArn": ARNS[region]}
            groups = ["jobs-kafka-brokers-id"] if region == target else None
            assert end["vpcConfig"].get("securityGroupsIds") == groups
            zones = "use1" if region == east else "usw2"
            assert all(zones in each for each in end["vpcConfig"]["subnetIds"])


def test_a_replicator_reads_there_and_writes_here(example: dict[str, Deployment]) -> None:
    dr = example["dr"]
    for name, source, target in (
        ("here", "us-east-1", "us-west-2"),
        ("back", "us-west-2", "us-east-1"),
    ):
        found = of_kafka(policy(dr, f"jobs-copies-{name}-role-policy"))
        data = [(actions, arns) for actions, arns in found if all(a.endswith("/payments") for a in arns)]
        [(reads, [there]), (writes, [here])] = data
        assert ("ReadData" in reads, "WriteData" in reads) == (True, False)
        assert ("ReadData" in writes, "WriteData" in writes) == (False, True)
        assert (there.split(":")[3], here.split(":")[3]) == (source, target)
        altered = [arns for actions, arns in found if "AlterGroup" in actions]
        assert {arn.split(":")[3] for arns in altered for arn in arns} == {target}
        assert not any(re.fullmatch(r".*:(topic|group)/[^*]*/\*", a) for _, arns in found for a in arns)
        trusted = json.loads(dr.one("Role", f"jobs-copies-{name}-role").inputs["assumeRolePolicy"])
        [statement] = trusted["Statement"]
        assert statement["Principal"] == {"Service": "kafka.amazonaws.com"}
        assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def test_each_cluster_lets_msk_in_for_the_other_region(stack: Deployment) -> None:
    [statement] = json.loads(stack.one("ClusterPolicy").inputs["policy"])["Statement"]
    assert statement["Principal"] == {"Service": "kafka.amazonaws.com"}
    assert statement["Resource"] == stack.made[stack.one(CLUSTER).urn]["arn"]
    assert "kafka:CreateVpcConnection" in statement["Action"]
    assert not any(action.startswith("kafka-cluster:") for action in statement["Action"])


def test_somebody_is_told_of_leaders_partitions_disks_readers_and_replicators(
    example: dict[str, Deployment],
) -> None:
    rows = {
        "kafka-controller": ("ActiveControllerCount", "LessThanThreshold", 1, "breaching"),
        "kafka-offline": ("OfflinePartitionsCount", "GreaterThanThreshold", 0, "notBreaching"),
        "kafka-in-sync-3": ("UnderMinIsrPartitionCount", "GreaterThanThreshold", 0, "notBreaching"),
        "kafka-disk-1": ("KafkaDataLogsDiskUsed", "GreaterThanThreshold", 85, "notBreaching"),
        "kafka-payments-behind": ("EstimatedMaxTimeLag", "GreaterThanThreshold", 600, "notBreaching"),
    }
    copied = {
        f"copies-{each}-{what}": (metric, "GreaterThanThreshold", above, "notBreaching")
        for each in ("here", "back")
        for what, metric, above in (
            ("lag", "ReplicationLatency", 300_000),
            ("failures", "ReplicatorFailure", 0),
        )
    }
    for name, wanted in (("prod", rows), ("dr", {**rows, **copied})):
        for what, row in wanted.items():
            said = example[name].one(ALARM, f"jobs-{what}").inputs
            keys = ("metricName", "comparisonOperator", "threshold", "treatMissingData")
            assert tuple(said[key] for key in keys) == row
            assert said["alarmActions"]
    assert example["prod"].one(ALARM, "jobs-kafka-disk-1").inputs["dimensions"] == {
        "Broker ID": "1",
        "Cluster Name": "example-production-jobs-kafka",
    }
    stalled = example["dr"].one(ALARM, "jobs-copies-back-stalled").inputs
    assert stalled["metricQueries"][0]["expression"] == "IF(FILL(left, 0) > 0 AND FILL(copied, 0) == 0, 1, 0)"
    assert stalled["region"] == "us-east-1"
    assert [arn.split(":")[3] for arn in stalled["alarmActions"]] == ["us-east-1"], "a topic of that region"


def test_another_region_s_turn_changes_who_reads_and_nothing_else(example: dict[str, Deployment]) -> None:
    """What either stack registers of Kafka with the regions' parts exchanged."""
    now = turned()
    for before, after in ((example[name], now[name]) for name in REGIONS):
        changed = {
            (r.name, key)
            for r in before.resources
            if r.type.startswith("aws:msk/")
            or r.name.startswith(("jobs-payments", "jobs-kafka", "jobs-copies"))
            for key, value in r.inputs.items()
            if value != after.by_urn(r.urn).inputs.get(key)
        }
        assert changed == {("jobs-payments-source", "enabled")}


def test_a_lost_region_s_messages_are_there_but_for_what_was_not_copied(
    example: dict[str, Deployment],
) -> None:
    read = [r for name, region in REGIONS.items() for r in resources(example[name], region)]
    found = {
        failure: next(n for n in result.nodes if n.unit.kind == "msk" and n.unit.region == "us-east-1")
        for failure, result in judge(read).failures.items()
    }
    lost, wrong = found[Failure.REGION], found[Failure.CORRUPTION]
    assert lost.rpo is not None
    assert (lost.option, lost.rpo.low, lost.rpo.high) == ("replicator's target in us-west-2", 60, 300)
    assert wrong.option == "consumers read again what is kept"
    assert {node.verdict for node in found.values()} <= {Verdict.MET, Verdict.MET_IF}


def test_a_runbook_moves_who_reads(example: dict[str, Deployment]) -> None:
    for name, region in REGIONS.items():
        [said] = [
            r.inputs["content"]
            for r in example[name].all("BucketObjectv2")
            if r.name == f"jobs-runbook-{region}"
        ]
        begin, cease = (
            f"    aws lambda update-event-source-mapping --region {region} {switch} --uuid jobs-payments-source-uuid"
            for switch in ("--enabled", "--no-enabled")
        )
        assert said.index(begin) < said.index(cease)
        assert f"Value=example-production-jobs-to-{region} " in said


def kafka(**changes: Any) -> dict[str, Any]:
    return {"kafka": {"topics": {"payments": {}}, **changes}}


def topic(**changes: Any) -> dict[str, Any]:
    return kafka(topics={"payments": changes})


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"strategy": "backup-and-restore"}, "kafka: got a cluster, allowed is nothing with backup-and-restore: MSK has no backups to restore it from"),
        (kafka(brokers=4), "kafka.brokers: got 4, allowed is a multiple of 3: one in each zone"),
        (kafka(brokers=18), "kafka.brokers: got 18, allowed is 3 to 15"),
        (kafka(version="2.8.1"), "kafka.version: got '2.8.1', allowed is one of 3.7.x, 3.8.x, 3.8.x.kraft, 3.9.x, 3.9.x.kraft, 4.0.x.kraft"),
        (kafka(storageGib=0), "kafka.storageGib: got 0, allowed is 1 to 16384 GiB"),
        (kafka(storageMaximumGib=99), "kafka.storageMaximumGib: got 99, allowed is 100 to 16384 GiB, no less than there is at first"),
        (kafka(lagSeconds=0), "kafka.lagSeconds: got 0, allowed is 1 to 86400 s"),
        (kafka(topics={}), "kafka.topics: got {}, allowed is 1 or more"),
        (kafka(topics={"resize": {}}), "kafka.topics.resize: got 'resize', allowed is another name than a worker's or a stream's: each has a function"),
        (kafka(topics={"clicks": {}}), "kafka.topics.clicks: got 'clicks', allowed is another name than a worker's or a stream's: each has a function"),
        (topic(partitions=0), "kafka.topics.payments.partitions: got 0, allowed is 1 to 1000"),
        (topic(retentionHours=8761), "kafka.topics.payments.retentionHours: got 8761, allowed is 1 to 8760 h"),
        (topic(retentionHours=1, behindSeconds=3600), "kafka.topics.payments.behindSeconds: got 3600, allowed is 1 to 3599 s, less than messages are kept"),
        (topic(batch=10001), "kafka.topics.payments.batch: got 10001, allowed is 1 to 10000 messages"),
        (topic(timeoutSeconds=901), "kafka.topics.payments.timeoutSeconds: got 901, allowed is 1 to 900 s: longer work is for Step Functions or ECS"),
        (topic(code="nowhere"), "kafka.topics.payments.code: got 'nowhere', allowed is a folder or a zip of the program's folder"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_one_line(changes: dict[str, Any], line: str) -> None:
    assert refused(**changes) == [f"{JOBS}.{line}"]


def test_sizes_are_those_that_msk_connects_with_other_regions() -> None:
    [line] = refused(**kafka(instanceType="kafka.t3.small"))
    assert line.startswith(
        f"{JOBS}.kafka.instanceType: got 'kafka.t3.small', allowed is one of kafka.m5.large"
    )


def test_two_zones_are_not_enough() -> None:
    found = configured("prod", **kafka())
    found["holdfast:network"] = {**found["holdfast:network"], "zones": ["use1-az1", "use1-az2"]}
    assert (
        f"{JOBS}.kafka: got ['use1-az1', 'use1-az2'], allowed is 3 or more: one of three replicas in each zone"
        in refusals(found)
    )


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (None, "topics: got nothing, allowed is ['payments'], which organization/holdfast/prod says"),
        (
            {"topics": {"payments": {"partitions": 12}}},
            "topics.payments.partitions: got 12, allowed is 6, which organization/holdfast/prod says",
        ),
    ],
)
def test_both_stacks_have_the_same_topics(
    example: dict[str, Deployment], said: dict[str, Any] | None, told: str
) -> None:
    with pytest.raises(pulumi.RunError, match=re.escape(f"{JOBS}.kafka.{told}")):
        deployed("dr", configured("dr", kafka=said), {PEER: outputs(example["prod"])})
