from __future__ import annotations

import json
from dataclasses import replace

import pulumi
import pytest
from pulumi.output import Unknown

from components.recovery import (
    DAILY,
    BackupPlan,
    BackupPlanArgs,
    ExistingVault,
    RestoreHome,
    RestoreTest,
    Retention,
    VaultLock,
)
from components.tags import Tags
from tests.pulumi_mocks import Deployment, deploy

TAGS = Tags(
    environment="production",
    system="shop",
    owner="platform",
    cost_center="cc-1",
    dr_tier=1,
    rto_hours=1,
    rpo_minutes=5,
)
TOPIC, PEER_TOPIC = "arn:aws:sns:us-east-1:123456789012:ops", "arn:aws:sns:us-west-2:123456789012:ops"
KEY, PEER_KEY = "arn:aws:kms:us-east-1:123456789012:key/k", "arn:aws:kms:us-west-2:123456789012:key/k"
ARGS = BackupPlanArgs(
    region="us-east-1",
    peer_region="us-west-2",
    topic_arn=TOPIC,
    peer_topic_arn=PEER_TOPIC,
    key_arn=KEY,
    peer_key_arn=PEER_KEY,
    restore_home=RestoreHome(vpc_id="vpc-1", subnet_ids={"use1-az2": "subnet-2", "use1-az1": "subnet-1"}),
    tags=TAGS,
)
ALL_TAGS = [
    {"key": "aws:ResourceTag/backup", "value": "required"},
    {"key": "aws:ResourceTag/environment", "value": "production"},
    {"key": "aws:ResourceTag/system", "value": "shop"},
]
OUTPUTS = ("vault_name", "vault_arn", "peer_vault_name", "peer_vault_arn", "plan_id", "role_arn")
ROLE = "arn:aws:mock:us-east-1:123456789012:shop-role"


def run(args: BackupPlanArgs = ARGS, *, preview: bool = False, name: str = "shop") -> Deployment:
    def program() -> None:
        plan = BackupPlan(name, args)
        for output in OUTPUTS:
            pulumi.export(output, getattr(plan, output))

    return deploy(program, preview=preview)


@pytest.mark.parametrize(
    ("logical", "region", "key", "topic", "vault"),
    [
        ("shop-vault", None, KEY, TOPIC, "shop-us-east-1"),
        ("shop-peer-vault", "us-west-2", PEER_KEY, PEER_TOPIC, "shop-us-west-2"),
    ],
)
def test_each_region_has_a_locked_vault(
    logical: str, region: str | None, key: str, topic: str, vault: str
) -> None:
    deployment = run()
    found = deployment.one("Vault", logical)
    where = {} if region is None else {"region": region}
    assert found.inputs == {"name": vault, "kmsKeyArn": key, "tags": TAGS.resource(logical), **where}
    assert found.protect
    assert found.parent == deployment.one("holdfast:recovery:BackupPlan").urn
    lock = deployment.one("VaultLockConfiguration", f"{logical}-lock").inputs
    assert lock == {"backupVaultName": vault, "minRetentionDays": 7, "maxRetentionDays": 366, **where}
    notifications = deployment.one("VaultNotifications", f"{logical}-notifications").inputs
    assert notifications["snsTopicArn"] == topic
    assert notifications["backupVaultName"] == vault
    assert notifications.get("region") == region
    # Others exist, but not every version of the provider knows them.
    assert set(notifications["backupVaultEvents"]) == {
        "COPY_JOB_FAILED",
        "RECOVERY_POINT_MODIFIED",
        "S3_BACKUP_OBJECT_FAILED",
        "S3_RESTORE_OBJECT_FAILED",
    }
    policy = deployment.one("VaultPolicy", f"{logical}-policy").inputs
    assert policy["backupVaultName"] == vault
    assert policy.get("region") == region
    (statement,) = json.loads(policy["policy"])["Statement"]
    assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
    assert "backup:DeleteRecoveryPoint" in statement["Action"]


def test_lock_and_notifications_make_room_before_they_are_replaced() -> None:
    deployment = run()
    for type_ in ("VaultLockConfiguration", "VaultNotifications"):
        assert all(found.delete_before_replace for found in deployment.all(type_))
    assert not any(vault.delete_before_replace for vault in deployment.all("Vault"))


def test_compliance_mode_and_protection_are_options() -> None:
    lock = VaultLock(min_retention_days=30, max_retention_days=400, changeable_for_days=3)
    deployment = run(replace(ARGS, lock=lock, protect=False))
    for found in deployment.all("VaultLockConfiguration"):
        assert found.inputs["changeableForDays"] == 3
        assert found.inputs["minRetentionDays"] == 30
        assert found.inputs["maxRetentionDays"] == 400
    assert not any(vault.protect for vault in deployment.all("Vault"))


def test_every_rule_copies_to_the_other_region() -> None:
    deployment = run()
    plan = deployment.one("Plan")
    rules = {rule["ruleName"]: rule for rule in plan.inputs["rules"]}
    assert list(rules) == ["daily", "weekly", "monthly"]
    assert rules["daily"] == {
        "ruleName": "daily",
        "targetVaultName": "shop-us-east-1",
        "schedule": "cron(0 5 ? * * *)",
        "startWindow": 60,
        "completionWindow": 180,
        "enableContinuousBackup": False,
        "lifecycle": {"deleteAfter": 35},
        "copyActions": [
            {
                "destinationVaultArn": "arn:aws:mock:us-west-2:123456789012:shop-peer-vault",
                "lifecycle": {"deleteAfter": 35},
            }
        ],
    }
    assert rules["monthly"]["lifecycle"] == {"coldStorageAfter": 30, "deleteAfter": 365}
    assert rules["weekly"]["copyActions"][0]["lifecycle"] == {"coldStorageAfter": 30, "deleteAfter": 180}
    assert plan.tags == TAGS.resource("shop-plan")


def test_continuous_rule_with_its_own_copy_retention() -> None:
    rule = replace(DAILY, continuous=True, copy_retention=Retention(delete_after_days=90))
    (found,) = run(replace(ARGS, rules=(rule,))).one("Plan").inputs["rules"]
    assert found["enableContinuousBackup"] is True
    assert found["lifecycle"] == {"deleteAfter": 35}
    assert found["copyActions"][0]["lifecycle"] == {"deleteAfter": 90}


def test_selection_takes_what_stores_are_tagged_with() -> None:
    deployment = run()
    selection = deployment.one("Selection")
    assert selection.inputs["resources"] == ["*"]
    assert "selectionTags" not in selection.inputs  # they would add up with the conditions
    (condition,) = selection.inputs["conditions"]
    assert condition == {"stringEquals": ALL_TAGS}
    for wanted in ALL_TAGS:
        assert TAGS.store("x")[wanted["key"].removeprefix("aws:ResourceTag/")] == wanted["value"]
    logs = TAGS.logs("x")
    assert "backup" not in logs
    assert logs["dr-tier"] == "3"
    assert selection.inputs["planId"] == "shop-plan-id"
    assert selection.inputs["iamRoleArn"] == ROLE
    attachments = deployment.all("RolePolicyAttachment")
    assert {a.urn for a in attachments} <= selection.dependencies
    assert {a.inputs["policyArn"] for a in attachments} == {
        "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
        "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores",
        "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup",
        "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Restore",
    }
    trust = json.loads(deployment.one("aws:iam/role:Role").inputs["assumeRolePolicy"])["Statement"][0]
    assert trust["Principal"] == {"Service": "backup.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def test_databases_are_restored_into_subnets_of_ours_behind_a_closed_group() -> None:
    deployment = run()
    subnets = deployment.one("SubnetGroup", "shop-test-subnets")
    assert subnets.inputs["subnetIds"] == ["subnet-1", "subnet-2"]
    group = deployment.one("SecurityGroup", "shop-test-isolated")
    assert group.inputs["vpcId"] == "vpc-1"
    assert not {"ingress", "egress"} & group.inputs.keys()
    assert not [r for r in deployment.resources if "SecurityGroup" in r.type and r.type.endswith("Rule")]
    aurora = deployment.one("RestoreTestingSelection")
    overrides = aurora.inputs["restoreMetadataOverrides"]
    assert overrides["dbsubnetgroupname"] == "shop-test-subnets-1234567"
    assert json.loads(overrides["vpcsecuritygroupids"]) == ["shop-test-isolated-id"]
    assert {subnets.urn, group.urn} <= aurora.property_dependencies["restoreMetadataOverrides"]


def test_restore_test_every_week() -> None:
    test = RestoreTest(
        resource_types=("Aurora", "S3"), metadata={"Aurora": {"dbsubnetgroupname": "data", "port": "1"}}
    )
    deployment = run(replace(ARGS, restore_test=test))
    plan = deployment.one("RestoreTestingPlan")
    assert plan.inputs["name"] == "shop_us_east_1"
    assert plan.inputs["scheduleExpression"] == "cron(0 12 ? * SUN *)"
    assert plan.inputs["recoveryPointSelection"] == {
        "algorithm": "LATEST_WITHIN_WINDOW",
        "includeVaults": ["arn:aws:mock:us-east-1:123456789012:shop-vault"],
        "recoveryPointTypes": ["CONTINUOUS", "SNAPSHOT"],
        "selectionWindowDays": 7,
    }
    assert plan.tags == TAGS.resource("shop-test")
    aurora = deployment.one("RestoreTestingSelection", "shop-test-aurora")
    assert aurora.inputs == {
        "name": "shop_aurora",
        "restoreTestingPlanName": "shop_us_east_1",
        "protectedResourceType": "Aurora",
        "protectedResourceConditions": {"stringEquals": ALL_TAGS},
        "iamRoleArn": ROLE,
        "validationWindowHours": 4,
        "restoreMetadataOverrides": {
            "dbsubnetgroupname": "data",
            "port": "1",
            "vpcsecuritygroupids": '["shop-test-isolated-id"]',
        },
    }
    assert plan.urn in aurora.property_dependencies["restoreTestingPlanName"]
    s3 = deployment.one("RestoreTestingSelection", "shop-test-s3").inputs
    assert "restoreMetadataOverrides" not in s3
    assert not run(replace(ARGS, restore_test=None)).all("RestoreTestingPlan")


def test_failed_jobs_reach_the_topic() -> None:
    deployment = run()
    rule = deployment.one("EventRule")
    pattern = json.loads(rule.inputs["eventPattern"])
    assert pattern["source"] == ["aws.backup"]
    assert set(pattern["detail-type"]) == {f"{job} Job State Change" for job in ("Backup", "Copy", "Restore")}
    states = ["ABORTED", "EXPIRED", "FAILED", "PARTIAL"]
    assert pattern["detail"] == {"$or": [{"state": states}, {"status": states}]}
    assert deployment.one("EventTarget").inputs == {"rule": "shop-failed-jobs-1234567", "arn": TOPIC}
    failed = deployment.one("MetricAlarm", "shop-failed").inputs
    assert failed["metricName"] == "NumberOfBackupJobsFailed"
    assert failed["dimensions"] == {"BackupVaultName": "shop-us-east-1"}
    assert failed["treatMissingData"] == "notBreaching"
    assert failed["alarmActions"] == [TOPIC]


def test_silence_is_an_alarm() -> None:
    silent = run(replace(ARGS, silence_hours=26)).one("MetricAlarm", "shop-silent").inputs
    assert silent["metricName"] == "NumberOfBackupJobsCompleted"
    assert (silent["comparisonOperator"], silent["threshold"]) == ("LessThanThreshold", 1)
    assert (silent["period"], silent["evaluationPeriods"]) == (3600, 26)
    assert silent["treatMissingData"] == "breaching"
    without = run(replace(ARGS, silence_hours=None))
    assert [a.name for a in without.all("MetricAlarm")] == ["shop-failed"]


def test_peer_vault_without_a_topic_notifies_nobody() -> None:
    found = run(replace(ARGS, peer_topic_arn=None)).all("VaultNotifications")
    assert [n.name for n in found] == ["shop-vault-notifications"]


def test_the_other_stack_uses_the_same_vaults_the_other_way_round() -> None:
    args = BackupPlanArgs(
        region="us-west-2",
        peer_region="us-east-1",
        topic_arn=PEER_TOPIC,
        tags=TAGS,
        vault=ExistingVault(name="shop-us-west-2", arn="arn:west"),
        peer_vault=ExistingVault(name="shop-us-east-1", arn="arn:east"),
        restore_home=RestoreHome(vpc_id="vpc-2", subnet_ids={"usw2-az1": "subnet-1", "usw2-az2": "subnet-2"}),
    )
    deployment = run(args)
    for type_ in ("Vault", "VaultLockConfiguration", "VaultPolicy", "VaultNotifications"):
        assert not deployment.all(type_)
    rule = deployment.one("Plan").inputs["rules"][0]
    assert rule["targetVaultName"] == "shop-us-west-2"
    assert rule["copyActions"][0]["destinationVaultArn"] == "arn:east"
    assert deployment.one("RestoreTestingPlan").inputs["recoveryPointSelection"]["includeVaults"] == [
        "arn:west"
    ]


def test_everything_taggable_is_tagged_and_every_child_has_the_component_as_parent() -> None:
    deployment = run()
    component = deployment.one("holdfast:recovery:BackupPlan").urn
    assert len(deployment.taggable()) == 10
    for found in deployment.taggable():
        assert found.tags == TAGS.resource(found.name)
    assert {r.parent for r in deployment.resources if r.type.startswith("aws:")} == {component}


def test_outputs() -> None:
    deployment = run()
    assert deployment.outputs[deployment.one("holdfast:recovery:BackupPlan").urn] == {
        "vault_name": "shop-us-east-1",
        "vault_arn": "arn:aws:mock:us-east-1:123456789012:shop-vault",
        "peer_vault_name": "shop-us-west-2",
        "peer_vault_arn": "arn:aws:mock:us-west-2:123456789012:shop-peer-vault",
        "plan_id": "shop-plan-id",
        "role_arn": ROLE,
    }


def test_preview_with_unknown_outputs() -> None:
    deployment = run(preview=True)
    assert {r.urn for r in deployment.resources} == {r.urn for r in run().resources}
    copy = deployment.one("Plan").inputs["rules"][0]["copyActions"][0]
    assert isinstance(copy["destinationVaultArn"], Unknown)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"peer_region": "us-east-1"},
            "peer_region: got 'us-east-1', allowed is another than the plan's own",
        ),
        ({"key_arn": None}, "key_arn: got None, allowed is a customer key of us-east-1, where"),
        ({"peer_key_arn": None}, "peer_key_arn: got None, allowed is a customer key of us-west-2, where"),
        ({"rules": ()}, r"rules: got \[\], allowed is 1 or more: a plan needs one"),
        (
            {"rules": (replace(DAILY, start_window_minutes=5),)},
            r"rules\[daily\]\.start_window_minutes: got 5, allowed is 60 or more",
        ),
        (
            {"lock": VaultLock(min_retention_days=40)},
            r"rules\[daily\]\.retention\.delete_after_days: got 35, allowed is 40 to 366 days, the vault lock's",
        ),
        (
            {"lock": VaultLock(changeable_for_days=1)},
            r"lock\.changeable_for_days: got 1, allowed is 3 to 36500",
        ),
        ({"restore_home": None}, "restore_home: got None, allowed is one for Aurora"),
        ({"silence_hours": 0}, "silence_hours: got 0, allowed is 1 to 168 or None"),
        ({"silence_hours": 169}, "silence_hours: got 169, allowed is 1 to 168 or None"),
        (
            {"restore_test": RestoreTest(schedule="weekly")},
            r"restore_test\.schedule: got 'weekly', allowed is cron\(minutes hours day-of-month",
        ),
        (
            {"restore_test": RestoreTest(resource_types=())},
            r"restore_test\.resource_types: got \[\], allowed is 1 or more: a test restores",
        ),
        (
            {"restore_test": RestoreTest(resource_types=("SQS",))},
            r"restore_test\.resource_types: got 'SQS', allowed is one of Aurora, DocumentDB,",
        ),
        (
            {"restore_test": RestoreTest(metadata={"SQS": {}})},
            r"restore_test\.resource_types: got 'SQS', allowed is one of Aurora, DocumentDB,",
        ),
        (
            {"restore_test": RestoreTest(window_days=366)},
            r"restore_test\.window_days: got 366, allowed is 1 to 365",
        ),
        (
            {"restore_test": RestoreTest(start_window_hours=0)},
            r"restore_test\.start_window_hours: got 0, allowed is 1 to 168",
        ),
        (
            {"restore_test": RestoreTest(validation_hours=169)},
            r"restore_test\.validation_hours: got 169, allowed is 1 to 168",
        ),
    ],
)
def test_bad_arguments_register_nothing(change: dict, message: str) -> None:
    made: list[str] = []

    def program() -> None:
        try:
            BackupPlan("shop", replace(ARGS, **change))
        except ValueError as error:
            made.append(str(error))

    deployment = deploy(program)
    (said,) = made
    with pytest.raises(ValueError, match=message):
        raise ValueError(said)
    assert not [r for r in deployment.resources if r.type.startswith("aws:")]


@pytest.mark.parametrize("name", ["a b", "n" * 48])
def test_bad_names(name: str) -> None:
    with pytest.raises(
        ValueError, match=r"name: got '.*' for a vault, allowed is 2 to 50 letters, digits and -_"
    ):
        run(name=name)


def test_names_too_long_for_restore_testing() -> None:
    args = replace(ARGS, vault=ExistingVault(name="v", arn="a"), peer_vault=ExistingVault(name="w", arn="b"))
    with pytest.raises(ValueError, match="name: got 'nnnnnnnnnnnnnnnnnnn"):
        run(args, name="n" * 41)


def test_the_region_lets_aws_backup_work_for_its_stores_before_any_is_selected() -> None:
    deployment = run()
    services = deployment.one("RegionSettings")
    choice = services.inputs["resourceTypeOptInPreference"]
    assert {"Aurora", "RDS", "S3", "DynamoDB", "EBS", "EFS"} <= {name for name, on in choice.items() if on}
    assert False not in choice.values()  # another stack may need what this one doesn't
    assert services.retain_on_delete
    for type_ in ("Selection", "RestoreTestingSelection"):
        assert all(services.urn in found.dependencies for found in deployment.all(type_))
