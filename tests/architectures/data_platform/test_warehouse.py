"""What a warehouse registers in both regions, what a restore makes, and what the estimator makes of it."""

from __future__ import annotations

import pytest

from policies.recovery import Report, judge
from tests.architectures.conftest import PEER, deployed, outputs
from tests.architectures.data_platform.conftest import RESTORE, configured, pair
from tests.architectures.strategies import assert_facts_as_read
from tests.architectures.test_recovery_facts import COMPARED
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment

CLUSTER, COPY = "aws:redshift/cluster:Cluster", "aws:redshift/snapshotCopy:SnapshotCopy"
GRANT = "aws:redshift/snapshotCopyGrant:SnapshotCopyGrant"
SCHEDULE = "aws:redshift/snapshotSchedule:SnapshotSchedule"
ALARM, EAST, WEST = "aws:cloudwatch/metricAlarm:MetricAlarm", "us-east-1", "us-west-2"
IDENTIFIER = "example-production-data-warehouse"


@pytest.fixture(scope="module")
def restored(example: dict[str, Deployment]) -> dict[str, Deployment]:
    """us-east-1 is lost: a snapshot is restored in the other region's stack; then roles are swapped."""
    there = {PEER: outputs(example["prod"])}
    given = configured("dr", warehouse={"restores": [RESTORE]})
    swapped = configured("dr", warehouse={"restores": [RESTORE]})
    swapped["holdfast:recovery"]["activeRegion"] = WEST
    back = configured("prod")
    back["holdfast:recovery"]["activeRegion"] = WEST
    prod = deployed("prod", back, {})
    return {"taken": deployed("dr", given, there), "served": deployed("dr", swapped, {PEER: outputs(prod)})}


def test_it_stands_in_two_zones_of_three_private_and_encrypted(example: dict[str, Deployment]) -> None:
    stack = example["prod"]
    made = stack.one(CLUSTER)
    key = stack.made[stack.one("aws:kms/key:Key").urn]["arn"]
    assert made.protect
    assert {
        name: made.inputs[name]
        for name in (
            "availabilityZoneRelocationEnabled", "clusterIdentifier", "clusterType", "encrypted", "enhancedVpcRouting",
            "finalSnapshotIdentifier", "kmsKeyId", "manageMasterPassword", "masterPasswordSecretKmsKeyId", "multiAz", "nodeType",
            "numberOfNodes", "port", "publiclyAccessible", "skipFinalSnapshot", "automatedSnapshotRetentionPeriod",
        )
    } == {
        "availabilityZoneRelocationEnabled": False, "clusterIdentifier": IDENTIFIER, "clusterType": "multi-node",
        "encrypted": "true", "enhancedVpcRouting": True, "finalSnapshotIdentifier": f"{IDENTIFIER}-final", "kmsKeyId": key,
        "manageMasterPassword": True, "masterPasswordSecretKmsKeyId": key, "multiAz": True, "nodeType": "ra3.xlplus",
        "numberOfNodes": 2, "port": 5439, "publiclyAccessible": False, "skipFinalSnapshot": False,
        "automatedSnapshotRetentionPeriod": 14,
    }  # fmt: skip
    assert "masterPassword" not in made.inputs
    assert "snapshotIdentifier" not in made.inputs
    assert (made.inputs["tags"]["rpo-minutes"], made.inputs["tags"]["backup"]) == ("240", "required")
    assert len(set(stack.one("aws:redshift/subnetGroup:SubnetGroup").inputs["subnetIds"])) == 3
    said = stack.one("aws:redshift/parameterGroup:ParameterGroup").inputs["parameters"]
    assert {each["name"]: each["value"] for each in said} == {
        "require_ssl": "true",
        "enable_user_activity_logging": "true",
    }


def test_only_its_clients_reach_it(example: dict[str, Deployment]) -> None:
    stack = example["prod"]
    [rule] = [r for r in stack.all("SecurityGroupIngressRule") if r.name.startswith("data-warehouse")]
    assert (rule.inputs["fromPort"], rule.inputs["toPort"]) == (5439, 5439)
    assert "cidrIpv4" not in rule.inputs
    told = outputs(stack)["systems"]["data"]["warehouse"]["clusters"]["original"]
    assert rule.inputs["referencedSecurityGroupId"] == told["clients"]


def test_logs_lie_in_groups_of_ours(example: dict[str, Deployment]) -> None:
    stack = example["prod"]
    logging = stack.one("aws:redshift/logging:Logging")
    assert logging.inputs["logDestinationType"] == "cloudwatch"
    groups = {
        each.inputs["name"]: each.inputs
        for each in stack.all("aws:cloudwatch/logGroup:LogGroup")
        if each.name.startswith("data-warehouse")
    }
    kinds = ("connectionlog", "useractivitylog", "userlog")
    assert set(groups) == {f"/aws/redshift/cluster/{IDENTIFIER}/{kind}" for kind in kinds}
    assert sorted(logging.inputs["logExports"]) == list(kinds)
    assert {(each["retentionInDays"], bool(each["kmsKeyId"])) for each in groups.values()} == {(90, True)}


def test_it_is_watched(example: dict[str, Deployment]) -> None:
    found = {
        each.name: each.inputs
        for each in example["prod"].all(ALARM)
        if each.name.startswith("data-warehouse")
    }
    said = {
        name.removeprefix("data-warehouse-"): (
            each["metricName"], each["statistic"], each["comparisonOperator"], each["threshold"],
            each["evaluationPeriods"], each["treatMissingData"],
        )
        for name, each in found.items()
    }  # fmt: skip
    assert said == {
        "health": ("HealthStatus", "Minimum", "LessThanThreshold", 1, 5, "breaching"),
        "disk": ("PercentageDiskSpaceUsed", "Maximum", "GreaterThanOrEqualToThreshold", 80, 5, "notBreaching"),
        "processors": ("CPUUtilization", "Average", "GreaterThanThreshold", 90, 60, "notBreaching"),
    }  # fmt: skip
    for each in found.values():
        assert each["dimensions"] == {"ClusterIdentifier": IDENTIFIER}
        assert (each["namespace"], bool(each["alarmActions"])) == ("AWS/Redshift", True)


def test_its_snapshots_are_taken_by_the_clock_and_copied_under_the_other_region_s_key(
    example: dict[str, Deployment],
) -> None:
    stack = example["prod"]
    assert stack.one(SCHEDULE).inputs["definitions"] == ["cron(0 0/2 *)"]
    grant, copy = stack.one(GRANT).inputs, stack.one(COPY).inputs
    replica = stack.made[stack.one("aws:kms/replicaKey:ReplicaKey").urn]["arn"]
    assert (grant["region"], grant["kmsKeyId"]) == (WEST, replica)
    assert (copy["clusterIdentifier"], copy["destinationRegion"]) == (IDENTIFIER, WEST)
    assert copy["snapshotCopyGrantName"] == grant["snapshotCopyGrantName"]
    assert (copy["retentionPeriod"], copy["manualSnapshotRetentionPeriod"]) == (14, 14)


def test_the_other_region_has_a_way_back_and_no_cluster(example: dict[str, Deployment]) -> None:
    dr = example["dr"]
    assert (dr.all(CLUSTER), dr.all(COPY)) == ([], [])
    grant = dr.one(GRANT).inputs
    assert (grant["region"], grant["kmsKeyId"]) == (
        EAST,
        outputs(example["prod"])["foundation"]["keyArn"],
    )
    runbook = dr.one("BucketObjectv2", "data-runbook-us-west-2").inputs["content"]
    assert "aws redshift describe-cluster-snapshots --region us-west-2" in runbook
    assert "holdfast:systems.data.warehouse.restores" in runbook


def test_with_less_than_a_warm_standby_it_is_the_same() -> None:
    found = pair(strategy="backup-and-restore")
    assert len(found["prod"].all(CLUSTER)) == len(found["prod"].all(COPY)) == 1
    assert (found["dr"].all(CLUSTER), len(found["dr"].all(GRANT))) == ([], 1)


def test_a_restore_makes_one_in_the_region_that_is_left_and_calls_nothing_of_the_lost_one(
    example: dict[str, Deployment], restored: dict[str, Deployment]
) -> None:
    made = restored["taken"].one(CLUSTER)
    assert (made.name, made.inputs["snapshotIdentifier"]) == (
        "data-warehouse-first-cluster",
        RESTORE["snapshot"],
    )
    assert made.inputs["clusterIdentifier"] == f"{IDENTIFIER}-first"
    before = {r.urn for r in example["dr"].resources}
    new = [r for r in restored["taken"].resources if r.urn not in before]
    assert {r.inputs.get("region") for r in new} == {None}
    assert restored["taken"].all(COPY) == []
    runbook = restored["taken"].one("BucketObjectv2", "data-runbook-us-west-2").inputs["content"]
    assert f"failover-primary-compute --region us-west-2 --cluster-identifier {IDENTIFIER}-first" in runbook


def test_what_serves_in_its_stead_copies_back(restored: dict[str, Deployment]) -> None:
    copy = restored["served"].one(COPY).inputs
    assert (copy["clusterIdentifier"], copy["destinationRegion"]) == (f"{IDENTIFIER}-first", EAST)
    taken, served = ({r.urn for r in restored[each].resources} for each in ("taken", "served"))
    assert {urn.split("::")[-1] for urn in served ^ taken} == {"data-warehouse-first-copy"}


def test_corrupted_data_is_restored_beside_it_and_the_new_one_s_snapshots_are_copied(
    example: dict[str, Deployment],
) -> None:
    prod = deployed("prod", configured("prod", warehouse={"restores": [RESTORE]}), {})
    assert sorted(each.name for each in prod.all(CLUSTER)) == [
        "data-warehouse-cluster",
        "data-warehouse-first-cluster",
    ]
    assert prod.one(CLUSTER, "data-warehouse-cluster").inputs == example["prod"].one(CLUSTER).inputs
    assert prod.one(COPY).inputs["clusterIdentifier"] == f"{IDENTIFIER}-first"
    told = outputs(prod)["systems"]["data"]["warehouse"]
    assert (told["serves"], set(told["clusters"])) == ("first", {"original", "first"})


def test_without_a_warehouse_there_is_none(example: dict[str, Deployment]) -> None:
    for name, stack in pair(warehouse=None).items():
        left = {r.urn for r in example[name].resources if "warehouse" not in r.urn}
        assert {r.urn for r in stack.resources} == left
        assert "warehouse" not in outputs(stack)["systems"]["data"]


def test_what_is_told_is_what_is_read(example: dict[str, Deployment]) -> None:
    compared = {
        *{*COMPARED} - {"needs"},
        "nodes",
        "snapshot_days",
        "snapshot_s",
        "snapshot_copies",
        "relocation",
    }
    mine = assert_facts_as_read(example["prod"], "prod", EAST, compared)
    assert mine["data-warehouse-cluster"]["snapshot_s"] == 7200


@pytest.mark.parametrize(
    ("failure", "option", "time", "loss"),
    [
        ("zone", "Multi-AZ compute", (0, 300), (0, 0)),
        # detect 300..900 + decide 600..1800 + restore 3600..7200 + new endpoint 60..600; two hours + copy 600..7200
        ("region", "snapshot copied to us-west-2", (4560, 10500), (7800, 14400)),
        # detect 3600 + decide 600..1800 + restore 600..2700 + new endpoint 60..600
        ("corruption", "automated snapshot", (4860, 8700), (7200, 7200)),
    ],
)
def test_what_a_loss_costs(
    report: Report,
    failure: str,
    option: str,
    time: tuple[int, int],
    loss: tuple[int, int],
) -> None:
    found = report.failures[failure].nodes
    [node] = [each for each in found if each.unit.name == "data-warehouse-cluster"]
    assert node.option == option
    assert ((node.rto.low, node.rto.high), (node.rpo.low, node.rpo.high)) == (time, loss)


def test_one_zone_is_left_by_relocation() -> None:
    prod = deployed("prod", configured("prod", warehouse={"multiAz": False}), {})
    made = prod.one(CLUSTER).inputs
    assert (made["multiAz"], made["availabilityZoneRelocationEnabled"]) == (False, True)
    found = judge(resources(prod, EAST)).failures["zone"].nodes
    [node] = [each for each in found if each.unit.name == "data-warehouse-cluster"]
    assert node.option == "relocation to another zone"
    assert (
        "failover-primary-compute"
        not in prod.one("BucketObjectv2", "data-runbook-us-east-1").inputs["content"]
    )
