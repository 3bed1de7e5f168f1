"""AWS Backup in the sandbox: what moto lacks, by boto3, and the provider's rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import botocore.exceptions
import pytest

from sandbox.provider import Provider
from tests.sandbox.emptied import emptied

Boto = Callable[..., Any]
ROLE = "arn:aws:iam::123456789012:role/backup"
RULE = {
    "RuleName": "daily",
    "TargetBackupVaultName": "here",
    "ScheduleExpression": "cron(0 5 ? * * *)",
    "Lifecycle": {"DeleteAfterDays": 35},
    "CopyActions": [
        {
            "DestinationBackupVaultArn": "arn:aws:backup:us-west-2:123456789012:backup-vault:there",
            "Lifecycle": {"DeleteAfterDays": 35},
        }
    ],
}
POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "backup:DeleteRecoveryPoint",
                "Resource": "*",
            }
        ],
    }
)


@pytest.fixture
def aws_endpoint(aws_server: Any) -> str:
    return emptied(aws_server, "backup")


def code(call: Callable[..., Any], **params: Any) -> str:
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**params)
    return caught.value.response["Error"]["Code"]


def test_selections_and_plans(boto: Boto) -> None:
    backup = boto("backup")
    plan = backup.create_backup_plan(BackupPlan={"BackupPlanName": "p", "Rules": [RULE]})["BackupPlanId"]
    wanted = {
        "SelectionName": "tagged",
        "IamRoleArn": ROLE,
        "ListOfTags": [
            {"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "required"}
        ],
    }
    made = backup.create_backup_selection(BackupPlanId=plan, BackupSelection=wanted)["SelectionId"]
    found = backup.get_backup_selection(BackupPlanId=plan, SelectionId=made)
    assert found["BackupSelection"] == wanted
    [listed] = backup.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"]
    assert (listed["SelectionId"], listed["SelectionName"]) == (made, "tagged")
    assert code(backup.create_backup_selection, BackupPlanId=plan, BackupSelection=wanted) == (
        "AlreadyExistsException"
    )
    assert code(backup.create_backup_selection, BackupPlanId="x", BackupSelection=wanted) == (
        "ResourceNotFoundException"
    )
    assert boto("backup", "us-west-2").list_backup_plans()["BackupPlansList"] == []

    first = backup.get_backup_plan(BackupPlanId=plan)
    assert first["BackupPlan"]["Rules"][0]["CopyActions"] == RULE["CopyActions"]
    changed = {"BackupPlanName": "p", "Rules": [{**RULE, "Lifecycle": {"DeleteAfterDays": 90}}]}
    backup.update_backup_plan(BackupPlanId=plan, BackupPlan=changed)
    second = backup.get_backup_plan(BackupPlanId=plan)
    assert second["BackupPlan"]["Rules"][0]["Lifecycle"] == {"DeleteAfterDays": 90}
    assert second["VersionId"] != first["VersionId"]
    assert code(backup.delete_backup_plan, BackupPlanId=plan) == "InvalidRequestException"
    backup.delete_backup_selection(BackupPlanId=plan, SelectionId=made)
    assert (
        code(backup.get_backup_selection, BackupPlanId=plan, SelectionId=made) == "ResourceNotFoundException"
    )
    backup.delete_backup_plan(BackupPlanId=plan)
    assert code(backup.get_backup_plan, BackupPlanId=plan) == "ResourceNotFoundException"
    backup.create_backup_plan(BackupPlan={"BackupPlanName": "p", "Rules": [RULE]})


def test_vault_policy_and_notifications(boto: Boto) -> None:
    backup, vault = boto("backup"), {"BackupVaultName": "v"}
    assert code(backup.put_backup_vault_access_policy, **vault, Policy=POLICY) == "ResourceNotFoundException"
    backup.create_backup_vault(**vault)
    assert code(backup.get_backup_vault_access_policy, **vault) == "ResourceNotFoundException"
    assert code(backup.get_backup_vault_notifications, **vault) == "ResourceNotFoundException"
    backup.put_backup_vault_access_policy(**vault, Policy=POLICY)
    assert backup.get_backup_vault_access_policy(**vault)["Policy"] == POLICY
    assert (
        code(backup.put_backup_vault_access_policy, **vault, Policy="no") == "InvalidParameterValueException"
    )
    topic = "arn:aws:sns:us-east-1:123456789012:ops"
    backup.put_backup_vault_notifications(**vault, SNSTopicArn=topic, BackupVaultEvents=["COPY_JOB_FAILED"])
    found = backup.get_backup_vault_notifications(**vault)
    assert (found["SNSTopicArn"], found["BackupVaultEvents"]) == (topic, ["COPY_JOB_FAILED"])
    backup.delete_backup_vault_notifications(**vault)
    assert code(backup.get_backup_vault_notifications, **vault) == "ResourceNotFoundException"
    backup.put_backup_vault_notifications(**vault, SNSTopicArn=topic, BackupVaultEvents=["COPY_JOB_FAILED"])
    backup.delete_backup_vault(**vault)
    backup.create_backup_vault(**vault)
    assert code(backup.get_backup_vault_access_policy, **vault) == "ResourceNotFoundException"
    assert code(backup.get_backup_vault_notifications, **vault) == "ResourceNotFoundException"


def test_restore_tests(boto: Boto) -> None:
    backup, plan = boto("backup"), {"RestoreTestingPlanName": "weekly"}
    points = {
        "Algorithm": "LATEST_WITHIN_WINDOW",
        "IncludeVaults": ["*"],
        "RecoveryPointTypes": ["SNAPSHOT"],
    }
    wanted = {**plan, "ScheduleExpression": "cron(0 12 ? * SUN *)", "RecoveryPointSelection": points}
    made = backup.create_restore_testing_plan(RestoreTestingPlan=wanted, Tags={"a": "b"})
    assert backup.list_tags(ResourceArn=made["RestoreTestingPlanArn"])["Tags"] == {"a": "b"}
    assert code(backup.create_restore_testing_plan, RestoreTestingPlan=wanted) == "AlreadyExistsException"
    found = backup.get_restore_testing_plan(**plan)["RestoreTestingPlan"]
    assert (found["ScheduleExpression"], found["StartWindowHours"]) == ("cron(0 12 ? * SUN *)", 24)
    assert found["RecoveryPointSelection"] == points
    change = {"ScheduleExpression": "cron(0 13 ? * SUN *)"}
    backup.update_restore_testing_plan(**plan, RestoreTestingPlan=change)
    [listed] = backup.list_restore_testing_plans()["RestoreTestingPlans"]
    assert listed["ScheduleExpression"] == "cron(0 13 ? * SUN *)"

    name = {"RestoreTestingSelectionName": "aurora"}
    tested = {**name, "IamRoleArn": ROLE, "ProtectedResourceType": "Aurora", "ProtectedResourceArns": ["*"]}
    backup.create_restore_testing_selection(**plan, RestoreTestingSelection=tested)
    assert code(backup.create_restore_testing_selection, **plan, RestoreTestingSelection=tested) == (
        "AlreadyExistsException"
    )
    found = backup.get_restore_testing_selection(**plan, **name)["RestoreTestingSelection"]
    assert tested.items() <= found.items()
    backup.update_restore_testing_selection(
        **plan, **name, RestoreTestingSelection={"ValidationWindowHours": 4}
    )
    found = backup.get_restore_testing_selection(**plan, **name)["RestoreTestingSelection"]
    assert found["ValidationWindowHours"] == 4
    assert len(backup.list_restore_testing_selections(**plan)["RestoreTestingSelections"]) == 1
    assert code(backup.delete_restore_testing_plan, **plan) == "InvalidRequestException"
    backup.delete_restore_testing_selection(**plan, **name)
    assert code(backup.get_restore_testing_selection, **plan, **name) == "ResourceNotFoundException"
    backup.delete_restore_testing_plan(**plan)
    assert code(backup.get_restore_testing_plan, **plan) == "ResourceNotFoundException"


def test_a_reset_forgets_it_all(boto: Boto, aws_server: Any) -> None:
    backup = boto("backup")
    points = {"Algorithm": "RANDOM_WITHIN_WINDOW", "IncludeVaults": ["*"], "RecoveryPointTypes": ["SNAPSHOT"]}
    backup.create_restore_testing_plan(
        RestoreTestingPlan={
            "RestoreTestingPlanName": "t",
            "ScheduleExpression": "cron(0 12 ? * SUN *)",
            "RecoveryPointSelection": points,
        }
    )
    emptied(aws_server, "backup")
    assert backup.list_restore_testing_plans()["RestoreTestingPlans"] == []


def make(provider: Provider, class_: str, inputs: dict) -> tuple[str, str, dict, dict]:
    token = f"aws:backup/{class_[0].lower()}{class_[1:]}:{class_}"
    checked, failures = provider.check(token, f"urn:pulumi:prod::holdfast::{token}::shop", {}, inputs)
    assert failures == []
    id_, outputs = provider.create(token, checked)
    assert id_ is not None
    assert provider.read(token, id_, checked) is not None
    return token, id_, checked, outputs


def test_vault_rows(provider: Provider, boto: Boto) -> None:
    there = {"region": "us-west-2"}
    key = "arn:aws:kms:us-west-2:123456789012:key/k"
    vault, name, inputs, outputs = make(
        provider, "Vault", {"name": "shop-us-west-2", "kmsKeyArn": key, "tags": {"a": "b"}, **there}
    )
    arn = "arn:aws:backup:us-west-2:123456789012:backup-vault:shop-us-west-2"
    assert (name, outputs["arn"]) == ("shop-us-west-2", arn)
    backup, named = boto("backup", "us-west-2"), {"BackupVaultName": name}
    assert backup.describe_backup_vault(**named)["EncryptionKeyArn"] == key
    assert backup.list_tags(ResourceArn=arn)["Tags"] == {"a": "b"}
    news = {**inputs, "tags": {"c": "d"}, "tagsAll": {"c": "d"}}
    assert provider.diff(vault, inputs, news).replaces == []
    provider.update(vault, name, inputs, outputs, news)
    assert backup.list_tags(ResourceArn=arn)["Tags"] == {"c": "d"}
    assert provider.diff(vault, inputs, {**inputs, "kmsKeyArn": "k"}).replaces == ["kmsKeyArn"]

    lock, _, locked, lock_outputs = make(
        provider,
        "VaultLockConfiguration",
        {"backupVaultName": name, "minRetentionDays": 7.0, "maxRetentionDays": 366.0, **there},
    )
    found = backup.describe_backup_vault(**named)
    assert (found["Locked"], found["MinRetentionDays"], found["MaxRetentionDays"]) == (True, 7, 366)
    assert provider.diff(lock, locked, {**locked, "minRetentionDays": 8.0}).replaces == ["minRetentionDays"]
    assert lock_outputs["backupVaultArn"] == arn

    policy, _, allowed, policy_outputs = make(
        provider, "VaultPolicy", {"backupVaultName": name, "policy": POLICY, **there}
    )
    assert backup.get_backup_vault_access_policy(**named)["Policy"] == POLICY
    other = {**allowed, "policy": POLICY.replace("Deny", "Allow")}
    assert provider.diff(policy, allowed, other).replaces == []
    provider.update(policy, name, allowed, policy_outputs, other)
    assert "Allow" in backup.get_backup_vault_access_policy(**named)["Policy"]

    topic = "arn:aws:sns:us-west-2:123456789012:ops"
    told, _, telling, told_outputs = make(
        provider,
        "VaultNotifications",
        {"backupVaultName": name, "backupVaultEvents": ["COPY_JOB_FAILED"], "snsTopicArn": topic, **there},
    )
    assert backup.get_backup_vault_notifications(**named)["SNSTopicArn"] == topic
    changed = {**telling, "backupVaultEvents": ["RECOVERY_POINT_MODIFIED"]}
    assert provider.diff(told, telling, changed).replaces == ["backupVaultEvents"]

    for token, given, made in (
        (told, telling, told_outputs),
        (policy, other, policy_outputs),
        (lock, locked, lock_outputs),
        (vault, news, outputs),
    ):
        provider.delete(token, name, given, made)
        assert provider.read(token, name, given) is None


PLAN = {
    "rules": [
        {
            "ruleName": "monthly",
            "targetVaultName": "here",
            "schedule": "cron(0 7 1 * ? *)",
            "startWindow": 60.0,
            "completionWindow": 180.0,
            "enableContinuousBackup": False,
            "lifecycle": {"coldStorageAfter": 30.0, "deleteAfter": 365.0},
            "copyActions": [
                {
                    "destinationVaultArn": "arn:aws:backup:us-west-2:123456789012:backup-vault:there",
                    "lifecycle": {"deleteAfter": 365.0},
                }
            ],
        }
    ],
    "tags": {"a": "b"},
}


def test_plan_and_selection_rows(provider: Provider, boto: Boto) -> None:
    plan, plan_id, inputs, outputs = make(provider, "Plan", PLAN)
    backup = boto("backup")
    found = backup.get_backup_plan(BackupPlanId=plan_id)
    assert found["BackupPlan"]["BackupPlanName"] == inputs["name"]
    [rule] = found["BackupPlan"]["Rules"]
    assert rule["Lifecycle"] == {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 365}
    assert (rule["StartWindowMinutes"], rule["CompletionWindowMinutes"]) == (60, 180)
    [copy] = rule["CopyActions"]
    assert copy["DestinationBackupVaultArn"].endswith(":there")
    assert copy["Lifecycle"] == {"DeleteAfterDays": 365}
    assert outputs["arn"] == found["BackupPlanArn"]
    assert outputs["version"] == found["VersionId"]
    assert backup.list_tags(ResourceArn=outputs["arn"])["Tags"] == {"a": "b"}

    selection, selection_id, selected, selection_outputs = make(
        provider,
        "Selection",
        {
            "planId": plan_id,
            "iamRoleArn": ROLE,
            "selectionTags": [{"type": "STRINGEQUALS", "key": "backup", "value": "required"}],
        },
    )
    found = backup.get_backup_selection(BackupPlanId=plan_id, SelectionId=selection_id)["BackupSelection"]
    assert found["IamRoleArn"] == ROLE
    assert found["ListOfTags"] == [
        {"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "required"}
    ]
    moved = provider.diff(selection, selected, {**selected, "iamRoleArn": "x"})
    assert moved.replaces == ["iamRoleArn"]

    news = {**inputs, "rules": [{**PLAN["rules"][0], "startWindow": 120.0}]}
    assert provider.diff(plan, inputs, news).replaces == []
    updated = provider.update(plan, plan_id, inputs, outputs, news)
    assert backup.get_backup_plan(BackupPlanId=plan_id)["BackupPlan"]["Rules"][0]["StartWindowMinutes"] == 120
    assert updated["version"] != outputs["version"]
    assert provider.diff(plan, inputs, {**inputs, "name": "x"}).replaces == ["name"]

    provider.delete(selection, selection_id, selected, selection_outputs)
    assert provider.read(selection, selection_id, selected) is None
    provider.delete(plan, plan_id, news, updated)
    assert provider.read(plan, plan_id, news) is None


def test_restore_test_rows(provider: Provider, boto: Boto) -> None:
    points = {
        "algorithm": "LATEST_WITHIN_WINDOW",
        "includeVaults": ["*"],
        "recoveryPointTypes": ["CONTINUOUS", "SNAPSHOT"],
        "selectionWindowDays": 7.0,
    }
    given = {
        "name": "shop_test",
        "scheduleExpression": "cron(0 12 ? * SUN *)",
        "startWindowHours": 8.0,
        "recoveryPointSelection": points,
        "tags": {"a": "b"},
    }
    plan, name, inputs, outputs = make(provider, "RestoreTestingPlan", given)
    backup = boto("backup")
    found = backup.get_restore_testing_plan(RestoreTestingPlanName=name)["RestoreTestingPlan"]
    assert found["RecoveryPointSelection"]["SelectionWindowDays"] == 7
    assert found["StartWindowHours"] == 8
    assert outputs["arn"] == found["RestoreTestingPlanArn"]
    assert backup.list_tags(ResourceArn=outputs["arn"])["Tags"] == {"a": "b"}
    news = {**inputs, "startWindowHours": 9.0}
    assert provider.diff(plan, inputs, news).replaces == []
    provider.update(plan, name, inputs, outputs, news)
    found = backup.get_restore_testing_plan(RestoreTestingPlanName=name)["RestoreTestingPlan"]
    assert found["StartWindowHours"] == 9
    assert provider.diff(plan, inputs, {**inputs, "name": "x"}).replaces == ["name"]

    selection, id_, tested, selection_outputs = make(
        provider,
        "RestoreTestingSelection",
        {
            "name": "aurora",
            "restoreTestingPlanName": name,
            "protectedResourceType": "Aurora",
            "protectedResourceArns": ["*"],
            "protectedResourceConditions": {
                "stringEquals": [{"key": "aws:ResourceTag/backup", "value": "required"}]
            },
            "iamRoleArn": ROLE,
            "validationWindowHours": 4.0,
            "restoreMetadataOverrides": {"dbsubnetgroupname": "data"},
        },
    )
    assert id_ == "aurora:shop_test"
    of = {"RestoreTestingPlanName": name, "RestoreTestingSelectionName": "aurora"}
    found = backup.get_restore_testing_selection(**of)["RestoreTestingSelection"]
    assert found["ProtectedResourceConditions"] == {
        "StringEquals": [{"Key": "aws:ResourceTag/backup", "Value": "required"}]
    }
    assert found["RestoreMetadataOverrides"] == {"dbsubnetgroupname": "data"}
    longer = {**tested, "validationWindowHours": 5.0}
    assert provider.diff(selection, tested, longer).replaces == []
    provider.update(selection, id_, tested, selection_outputs, longer)
    found = backup.get_restore_testing_selection(**of)["RestoreTestingSelection"]
    assert found["ValidationWindowHours"] == 5
    kind = provider.diff(selection, tested, {**tested, "protectedResourceType": "RDS"})
    assert kind.replaces == ["protectedResourceType"]
    provider.delete(selection, id_, longer, selection_outputs)
    assert provider.read(selection, id_, longer) is None
    provider.delete(plan, name, news, outputs)
    assert provider.read(plan, name, news) is None


def test_a_database_is_backed_up_and_copied_as_somebody_asks(boto: Boto, aws_server: Any) -> None:
    emptied(aws_server, "rds")
    here, there = boto("backup"), boto("backup", "us-west-2")
    here.create_backup_vault(BackupVaultName="here")
    vault = there.create_backup_vault(BackupVaultName="there")["BackupVaultArn"]
    cluster = boto("rds").create_db_cluster(
        DBClusterIdentifier="shop",
        Engine="aurora-postgresql",
        MasterUsername="shop",
        MasterUserPassword="a-password",
    )["DBCluster"]["DBClusterArn"]
    asked = {"BackupVaultName": "here", "ResourceArn": cluster, "IamRoleArn": ROLE}
    assert here.start_backup_job(**asked)["BackupJobId"]
    [made] = here.list_recovery_points_by_backup_vault(BackupVaultName="here", ByResourceArn=cluster)[
        "RecoveryPoints"
    ]
    assert made["RecoveryPointArn"].startswith(
        "arn:aws:rds:us-east-1:123456789012:cluster-snapshot:awsbackup:job-"
    )
    other = {"BackupVaultName": "here", "ByResourceArn": f"{cluster}-other"}
    assert here.list_recovery_points_by_backup_vault(**other)["RecoveryPoints"] == []
    copy = {
        "RecoveryPointArn": made["RecoveryPointArn"],
        "SourceBackupVaultName": "here",
        "DestinationBackupVaultArn": vault,
        "IamRoleArn": ROLE,
    }
    assert here.start_copy_job(**copy)["CopyJobId"]
    [copied] = there.list_recovery_points_by_backup_vault(BackupVaultName="there")["RecoveryPoints"]
    assert copied["ResourceArn"] == cluster
    assert copied["RecoveryPointArn"].startswith("arn:aws:rds:us-west-2:")
    missing = "ResourceNotFoundException"
    assert code(here.start_backup_job, **{**asked, "BackupVaultName": "none"}) == missing
    assert code(here.start_backup_job, **{**asked, "ResourceArn": f"{cluster}-other"}) == missing
    assert code(here.start_copy_job, **{**copy, "DestinationBackupVaultArn": f"{vault}-other"}) == missing
    assert code(here.start_copy_job, **{**copy, "RecoveryPointArn": copied["RecoveryPointArn"]}) == missing
    assert code(here.start_copy_job, **{**copy, "SourceBackupVaultName": "none"}) == missing


DSQL = "arn:aws:dsql:us-east-1:123456789012:cluster/"


def point_of(boto: Boto) -> dict[str, Any]:
    """A recovery point of a cluster."""
    backup = boto("backup")
    backup.create_backup_vault(BackupVaultName="here")
    cluster = boto("dsql").create_cluster(deletionProtectionEnabled=False)["arn"]
    backup.start_backup_job(BackupVaultName="here", ResourceArn=cluster, IamRoleArn=ROLE)
    asked = {"BackupVaultName": "here", "ByResourceArn": cluster}
    [made] = backup.list_recovery_points_by_backup_vault(**asked)["RecoveryPoints"]
    return {"RecoveryPointArn": made["RecoveryPointArn"], "IamRoleArn": ROLE, "ResourceType": "DSQL"}


def restored(boto: Boto, asked: dict[str, Any], **said: Any) -> dict[str, Any]:
    """The cluster that a restore with such metadata makes."""
    backup, metadata = boto("backup"), {key: json.dumps(value) for key, value in said.items()}
    metadata |= {key: value for key, value in said.items() if isinstance(value, str)}
    job = backup.start_restore_job(**asked, Metadata=metadata)["RestoreJobId"]
    done = backup.describe_restore_job(RestoreJobId=job)
    assert (done["Status"], done["RecoveryPointArn"]) == ("COMPLETED", asked["RecoveryPointArn"])
    identifier = done["CreatedResourceArn"].removeprefix(DSQL)
    return dict(boto("dsql").get_cluster(identifier=identifier))


PAIR = {
    "useMultiRegionOrchestration": "true",
    "witnessRegion": "us-east-2",
    "peerRegion": ["us-west-2"],
    "regionalConfig": [{"region": "us-west-2", "isDeletionProtectionEnabled": False}],
}


def test_a_recovery_point_of_dsql_is_restored_to_a_cluster_of_its_own(boto: Boto) -> None:
    asked = point_of(boto)
    found = restored(
        boto, asked, regionalConfig=[{"region": "us-east-1", "isDeletionProtectionEnabled": False}]
    )
    assert (found["deletionProtectionEnabled"], found.get("multiRegionProperties")) == (False, None)
    assert restored(boto, asked)["deletionProtectionEnabled"], "as AWS has it where nothing is said"


def test_a_pair_is_restored_where_the_other_region_has_the_same_point(boto: Boto) -> None:
    asked = point_of(boto)
    metadata = {key: value if isinstance(value, str) else json.dumps(value) for key, value in PAIR.items()}
    start = boto("backup").start_restore_job
    assert code(start, **asked, Metadata=metadata) == "InvalidRequestException"
    vault = boto("backup", "us-west-2").create_backup_vault(BackupVaultName="there")["BackupVaultArn"]
    boto("backup").start_copy_job(
        RecoveryPointArn=asked["RecoveryPointArn"],
        SourceBackupVaultName="here",
        DestinationBackupVaultArn=vault,
        IamRoleArn=ROLE,
    )
    found = restored(boto, asked, **PAIR)
    shared = found["multiRegionProperties"]
    assert shared["witnessRegion"] == "us-east-2"
    [there] = [arn for arn in shared["clusters"] if arn != found["arn"]]
    peer = boto("dsql", "us-west-2").get_cluster(identifier=there.rpartition("/")[2])
    assert (peer["status"], peer["deletionProtectionEnabled"]) == ("ACTIVE", False)
    assert peer["multiRegionProperties"]["clusters"]


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ({"cluster_id": "x"}, "InvalidParameterValueException"),
        ({"regionalConfig": "us-east-1"}, "InvalidParameterValueException"),
        (
            {"useMultiRegionOrchestration": "true", "witnessRegion": "us-east-2"},
            "InvalidParameterValueException",
        ),
        (
            {"useMultiRegionOrchestration": "true", "peerRegion": '["us-west-2"]'},
            "InvalidParameterValueException",
        ),
    ],
)
def test_what_a_restore_cannot_be_told(boto: Boto, metadata: dict[str, str], error: str) -> None:
    assert code(boto("backup").start_restore_job, **point_of(boto), Metadata=metadata) == error


def test_what_is_not_there_is_not_restored(boto: Boto) -> None:
    asked, missing = point_of(boto), "ResourceNotFoundException"
    assert code(boto("backup", "us-west-2").start_restore_job, **asked, Metadata={}) == missing
    assert (
        code(boto("backup").start_restore_job, **{**asked, "RecoveryPointArn": DSQL}, Metadata={}) == missing
    )
    assert code(boto("backup").describe_restore_job, RestoreJobId="none") == missing
