"""The security, operations and recovery rooms, deployed whole over two stacks of which the second joins the first's vaults."""

from __future__ import annotations

import json

import pytest

from tests.sandbox.projects import Runner, project, state_of

PROGRAM = """
from components.operations import *
from components.recovery import *
from components.security import *
from components.tags import Tags

tags = Tags(environment="prod", system="shop", owner="team", cost_center="42", dr_tier=1, rto_hours=1, rpo_minutes=5)
region, other = pulumi.Config("aws").require("region"), config.require("other")
peer = config.get("peer")
given = {}
if peer:
    outputs = pulumi.StackReference(f"organization/small/{peer}")
    key_arn = outputs.require_output("peerKeyArn")
    given = {
        "vault": ExistingVault(
            name=outputs.require_output("peerVaultName"), arn=outputs.require_output("peerVaultArn")
        ),
        "peer_vault": ExistingVault(
            name=outputs.require_output("vaultName"), arn=outputs.require_output("vaultArn")
        ),
    }
else:
    key = MultiRegionKey("shop", MultiRegionKeyArgs(region=region, peer_region=other, tags=tags))
    key_arn = key.arn
    given = {"key_arn": key.arn, "peer_key_arn": key.peer_arn}
    pulumi.export("peerKeyArn", key.peer_arn)

topic = Topic("ops", TopicArgs(key_arn=key_arn, tags=tags, emails=["oncall@example.com"]))
vpc = aws.ec2.Vpc("restored", cidr_block="10.0.0.0/16")
subnets = {
    zone: aws.ec2.Subnet(
        f"restored-{zone}", vpc_id=vpc.id, cidr_block=f"10.0.{n}.0/24", availability_zone=f"{region}{zone}"
    ).id
    for n, zone in enumerate("ab")
}
home = RestoreHome(vpc_id=vpc.id, subnet_ids=subnets)
plan = BackupPlan(
    "shop",
    BackupPlanArgs(
        region=region, peer_region=other, topic_arn=topic.arn, tags=tags, restore_home=home, **given
    ),
)
health = RegionHealth(
    "shop",
    RegionHealthArgs(
        region=region,
        load_balancer_arn_suffix="app/shop/1",
        target_group_arn_suffix="targetgroup/shop/2",
        tags=tags,
        actions=[topic.arn],
        aurora=AuroraLimits(cluster_identifier="shop", connections=100, global_lag_seconds=5),
        automation={"topic": topic.arn},
    ),
)
pulumi.export("topicArn", topic.arn)
pulumi.export("hosts", health.health_check_alarm_name)
pulumi.export("verdict", health.name)
pulumi.export("planId", plan.plan_id)
pulumi.export("vaultName", plan.vault_name)
pulumi.export("vaultArn", plan.vault_arn)
pulumi.export("peerVaultName", plan.peer_vault_name)
pulumi.export("peerVaultArn", plan.peer_vault_arn)
"""
STACKS = {
    "one": {"aws:region": "us-east-1", "small:other": "us-west-2"},
    "two": {"aws:region": "us-west-2", "small:other": "us-east-1", "small:peer": "one"},
}


@pytest.fixture
def runner(tmp_path, aws_endpoint, monkeypatch):
    root = project(tmp_path / "project", PROGRAM, STACKS)
    return Runner(root, state_of(aws_endpoint, tmp_path / "state"), monkeypatch)


def test_two_stacks(runner, boto):
    one, two = runner.up("one", "two")
    assert (one.errors, two.errors) == ([], [])
    assert (one.ok, two.ok) == (True, True)

    for region, stack, elsewhere in (("us-east-1", one, "us-west-2"), ("us-west-2", two, "us-east-1")):
        backup = boto("backup", region)
        (vault,) = backup.list_backup_vaults()["BackupVaultList"]
        assert vault["BackupVaultName"] == f"shop-{region}"
        assert vault["Locked"]
        assert f":kms:{region}:" in vault["EncryptionKeyArn"]
        found = backup.get_backup_plan(BackupPlanId=stack.outputs["planId"])["BackupPlan"]
        assert [rule["RuleName"] for rule in found["Rules"]] == ["daily", "weekly", "monthly"]
        for rule in found["Rules"]:
            (copy,) = rule["CopyActions"]
            assert copy["DestinationBackupVaultArn"].endswith(
                f":{elsewhere}:123456789012:backup-vault:shop-{elsewhere}"
            )
        (selection,) = backup.list_backup_selections(BackupPlanId=stack.outputs["planId"])[
            "BackupSelectionsList"
        ]
        role = selection["IamRoleArn"].rsplit("/", 1)[-1]
        attached = boto("iam").list_attached_role_policies(RoleName=role)["AttachedPolicies"]
        assert len(attached) == 4
        (listed,) = backup.list_restore_testing_plans()["RestoreTestingPlans"]
        name = listed["RestoreTestingPlanName"]
        test = backup.get_restore_testing_plan(RestoreTestingPlanName=name)["RestoreTestingPlan"]
        assert test["RecoveryPointSelection"]["IncludeVaults"] == [vault["BackupVaultArn"]]
        (tested,) = backup.list_restore_testing_selections(RestoreTestingPlanName=name)[
            "RestoreTestingSelections"
        ]
        aurora = backup.get_restore_testing_selection(
            RestoreTestingPlanName=name, RestoreTestingSelectionName=tested["RestoreTestingSelectionName"]
        )["RestoreTestingSelection"]
        assert "ProtectedResourceArns" not in aurora
        groups = boto("rds", region).describe_db_subnet_groups()["DBSubnetGroups"]
        overrides = aurora["RestoreMetadataOverrides"]
        assert overrides["dbsubnetgroupname"] in {found["DBSubnetGroupName"] for found in groups}
        kms = boto("kms", region)
        key = next(a["TargetKeyId"] for a in kms.list_aliases()["Aliases"] if a["AliasName"] == "alias/shop")
        kind = kms.describe_key(KeyId=key)["KeyMetadata"]["MultiRegionConfiguration"]["MultiRegionKeyType"]
        assert kind == ("PRIMARY" if region == "us-east-1" else "REPLICA")
        policy = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
        logs = next(s for s in policy["Statement"] if s["Sid"] == "UseByCloudWatchLogs")
        assert logs["Principal"] == {"Service": f"logs.{region}.amazonaws.com"}
        status = kms.get_key_rotation_status(KeyId=key)
        assert (status["KeyRotationEnabled"], status["RotationPeriodInDays"]) == (True, 365)


def test_alarms_reach_the_topic(runner, boto):
    (one,) = runner.up("one")
    assert one.errors == []
    queue = boto("sqs").create_queue(QueueName="heard")["QueueUrl"]
    boto("sns").subscribe(
        TopicArn=one.outputs["topicArn"], Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:123456789012:heard"
    )

    def heard():
        messages = boto("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(json.loads(m["Body"])["Message"]) for m in messages]

    boto("cloudwatch").set_alarm_state(
        AlarmName=one.outputs["hosts"], StateValue="ALARM", StateReason="drill"
    )
    by_alarm, by_rule = [], []
    for message in heard():
        (by_alarm if "AlarmName" in message else by_rule).append(message)
    assert {m["AlarmName"] for m in by_alarm} == {one.outputs["hosts"], one.outputs["verdict"]}
    assert [event["detail"]["alarmName"] for event in by_rule] == [one.outputs["verdict"]]

    failed = {"state": "FAILED", "backupVaultName": "shop-us-east-1"}
    restored = {"status": "FAILED"}
    fine = {"state": "COMPLETED"}
    entries = [
        {"Source": "aws.backup", "DetailType": kind, "Detail": json.dumps(detail)}
        for kind, detail in (
            ("Backup Job State Change", failed),
            ("Restore Job State Change", restored),
            ("Copy Job State Change", fine),
        )
    ]
    boto("events").put_events(Entries=entries)
    assert {event["detail-type"] for event in heard()} == {
        "Backup Job State Change",
        "Restore Job State Change",
    }
