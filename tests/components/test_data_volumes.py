"""Data volumes of servers that come and go, and snapshots of them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from components.checks import ArgumentError
from components.data import DataVolumes, DataVolumesArgs, SnapshotCopies
from components.tags import Tags
from tests.pulumi_mocks import Deployment, deploy

KEY = "arn:aws:kms:us-east-1:123456789012:key/1"
TAGS = Tags(
    environment="production",
    system="shop",
    workload="ledger",
    owner="web",
    cost_center="cc-1",
    dr_tier=3,
    rto_hours=24,
    rpo_minutes=1620,
)
ARGS = DataVolumesArgs(
    zone_names={"use1-az1": "us-east-1a", "use1-az2": "us-east-1b"},
    size_gib=50,
    mark="shop-production-ledger-disk",
    key_arn=KEY,
    tags=TAGS,
)
VOLUME = "aws:ebs/volume:Volume"


def run(**changes: Any) -> Deployment:
    return deploy(lambda: DataVolumes("ledger-disk", replace(ARGS, **changes)) and None)


@pytest.fixture(scope="module")
def hourly() -> Deployment:
    return run(snapshots="hourly")


def test_each_zone_has_an_encrypted_volume_that_is_protected(hourly: Deployment) -> None:
    found = {volume.name: volume for volume in hourly.all(VOLUME)}
    assert {name: v.inputs["availabilityZone"] for name, v in found.items()} == {
        "ledger-disk-use1-az1": "us-east-1a",
        "ledger-disk-use1-az2": "us-east-1b",
    }
    for volume in found.values():
        assert (volume.inputs["size"], volume.inputs["type"]) == (50, "gp3")
        assert (volume.inputs["encrypted"], volume.inputs["kmsKeyId"]) == (True, KEY)
        assert volume.protect
        assert volume.inputs["finalSnapshot"] is True
        assert (volume.tags["backup"], volume.tags["rpo-minutes"]) == ("required", "1620")
        assert "snapshotId" not in volume.inputs


def test_unprotected_only_when_asked_for() -> None:
    loose = run(protect=False).all(VOLUME)
    assert [volume.protect for volume in loose] == [False, False]
    assert [volume.inputs["finalSnapshot"] for volume in loose] == [False, False]


def test_hourly_snapshots_are_of_these_volumes_alone(hourly: Deployment) -> None:
    details = hourly.one("LifecyclePolicy").inputs["policyDetails"]
    assert details["targetTags"] == {"snapshots": "shop-production-ledger-disk"}
    assert {volume.tags["snapshots"] for volume in hourly.all(VOLUME)} == {"shop-production-ledger-disk"}
    assert (details["policyType"], details["resourceTypes"]) == ("EBS_SNAPSHOT_MANAGEMENT", ["VOLUME"])
    (schedule,) = details["schedules"]
    assert schedule["createRule"] == {"interval": 1, "intervalUnit": "HOURS"}
    assert schedule["retainRule"] == {"count": 48}
    assert schedule["copyTags"] is False
    assert "backup" not in schedule["tagsToAdd"]
    assert hourly.one("LifecyclePolicy").inputs["state"] == "ENABLED"


def test_who_takes_them_may_do_what_it_must(hourly: Deployment) -> None:
    role = hourly.one("Role")
    trust = json.loads(role.inputs["assumeRolePolicy"])["Statement"][0]
    assert trust["Principal"] == {"Service": "dlm.amazonaws.com"}
    assert hourly.one("LifecyclePolicy").inputs["executionRoleArn"] == hourly.made[role.urn]["arn"]
    statements = json.loads(hourly.one("RolePolicy").inputs["policy"])["Statement"]
    by_key = [s for s in statements if s["Resource"] == KEY]
    assert {"kms:CreateGrant", "kms:GenerateDataKeyWithoutPlaintext"} <= {
        action for s in by_key for action in ([s["Action"]] if isinstance(s["Action"], str) else s["Action"])
    }
    everywhere = [s["Action"] for s in statements if s["Resource"] == "*"]
    assert everywhere == [["ec2:DescribeSnapshots", "ec2:DescribeVolumes", "ec2:DescribeInstances"]]
    assert hourly.one("RolePolicy").urn in hourly.one("LifecyclePolicy").dependencies


def test_daily_ones_are_the_backup_plans() -> None:
    found = run()
    assert found.all("LifecyclePolicy") == found.all("Role") == []
    assert all("snapshots" not in volume.tags for volume in found.all(VOLUME))


def test_they_are_made_from_a_snapshot() -> None:
    made = run(snapshot_id="snap-00000000000000001").all(VOLUME)
    assert [volume.inputs["snapshotId"] for volume in made] == ["snap-00000000000000001"] * 2


def test_only_the_systems_own_instances_attach_them() -> None:
    seen: list[DataVolumes] = []
    statements: list[Any] = []

    def program() -> None:
        seen.append(DataVolumes("ledger-disk", ARGS))
        statements.append(seen[0].attaching)

    made, (statement,) = deploy(program), statements
    assert statement["Action"] == "ec2:AttachVolume"
    assert statement["Condition"] == {
        "StringEquals": {
            "aws:ResourceTag/environment": "production",
            "aws:ResourceTag/system": "shop",
            "aws:ResourceTag/workload": "ledger",
        }
    }
    for volume in made.all(VOLUME):
        assert (
            volume.tags.items()
            >= {"environment": "production", "system": "shop", "workload": "ledger"}.items()
        )
    told = seen[0].recovery_facts
    assert [(each["kind"], each["name"], each["allocated_gib"]) for each in told] == [
        ("ebs", "ledger-disk-use1-az1", 50),
        ("ebs", "ledger-disk-use1-az2", 50),
    ]


def test_all_of_it_is_the_components_and_tagged(hourly: Deployment) -> None:
    component = hourly.one("DataVolumes").urn
    assert {r.parent for r in hourly.resources if r.type.startswith("aws:")} == {component}
    assert all(r.tags["Name"] == r.name for r in hourly.taggable())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"zone_names": {}}, r"zone_names: got \[\], allowed is 1 or more"),
        ({"size_gib": 0}, r"size_gib: got 0, allowed is 1 to 65536 GiB"),
        ({"snapshots": "weekly"}, r"snapshots: got 'weekly', allowed is one of hourly, daily"),
    ],
)
def test_what_can_not_be_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=rf"^{message}"):
        run(**change)


COPIES = SnapshotCopies(region="us-west-2", key_arn="arn:aws:kms:us-west-2:123456789012:key/2")


def actions(deployment: Deployment) -> set[str]:
    found = json.loads(deployment.one("RolePolicy").inputs["policy"])["Statement"]
    return {a for s in found for a in (s["Action"] if isinstance(s["Action"], list) else [s["Action"]])}


def test_hourly_snapshots_cross_to_the_other_region_when_it_is_named(hourly: Deployment) -> None:
    copied = run(snapshots="hourly", copies=COPIES)
    (schedule,) = copied.one("LifecyclePolicy").inputs["policyDetails"]["schedules"]
    (rule,) = schedule["crossRegionCopyRules"]
    assert (rule["target"], rule["cmkArn"], rule["encrypted"]) == (COPIES.region, COPIES.key_arn, True)
    assert rule["retainRule"] == {"interval": 2, "intervalUnit": "DAYS"}
    assert actions(copied) - actions(hourly) == {"ec2:CopySnapshot"}
    assert COPIES.key_arn in copied.one("RolePolicy").inputs["policy"]
    assert "crossRegionCopyRules" not in hourly.one("LifecyclePolicy").inputs["policyDetails"]["schedules"][0]


def test_fast_restore_is_of_the_last_snapshot_in_the_volumes_zones(hourly: Deployment) -> None:
    fast = run(snapshots="hourly", fast_restore=True)
    (schedule,) = fast.one("LifecyclePolicy").inputs["policyDetails"]["schedules"]
    assert schedule["fastRestoreRule"] == {"availabilityZones": ["us-east-1a", "us-east-1b"], "count": 1}
    assert {a for a in actions(fast) - actions(hourly) if "Fast" in a} == actions(fast) - actions(hourly)
    with pytest.raises(
        ArgumentError, match=r"^fast_restore: got True, allowed is False with snapshots 'daily'"
    ):
        run(fast_restore=True)
