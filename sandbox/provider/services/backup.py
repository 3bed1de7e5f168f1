"""AWS Backup: vaults, plans, selections, restore tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider import shapes
from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Adjust, Call, Read, Resource, Tags, arn_tags


def _tags(at_create: str) -> Tags:
    return arn_tags(at_create=at_create, form="map", remove_param="TagKeyList")


def _within(op: str, room: str, properties: tuple[str, ...], rename: Mapping[str, str]) -> Adjust:
    """Put properties into the structure `room` that the operation wants them in."""

    def place(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
        shape = ctx.api.input_shape("backup", op).members[room]
        given = {name: ctx.inputs[name] for name in properties if ctx.inputs.get(name) is not None}
        return {**params, room: shapes.to_aws(given, shape, rename, room)}

    return place


def _inside(
    op: str,
    room: str,
    properties: tuple[str, ...],
    rename: Mapping[str, str],
    params: Mapping[str, str] | None = None,
    *,
    when: tuple[str, ...] = (),
) -> Call:
    """Make a call that takes its properties inside a structure."""
    return Call(
        op,
        params or {},
        take=properties,
        when=when,
        rename=rename,
        whole=True,
        adjust=_within(op, room, properties, rename),
    )


VAULT = simulated(
    "aws:backup/vault:Vault",
    rename={"name": "BackupVaultName", "kmsKeyArn": "EncryptionKeyArn"},
    ignore={"forceDestroy": "vaults of the sandbox keep no recovery points"},
    autoname=("name", 50),
    outputs={"arn": "BackupVaultArn", "recoveryPoints": "NumberOfRecoveryPoints"},
    tags=_tags("BackupVaultTags"),
)

_OF_VAULT = {"BackupVaultName": "id"}
_OUTPUTS = {"backupVaultArn": "BackupVaultArn"}

VAULT_LOCK = simulated(
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
    read=Read("DescribeBackupVault", _OF_VAULT, path="[@][?Locked] | [0]"),
    delete=(Call("DeleteBackupVaultLockConfiguration", _OF_VAULT),),
    outputs=_OUTPUTS,
)

_PUT_POLICY = Call("PutBackupVaultAccessPolicy", whole=True)

VAULT_POLICY = simulated(
    "aws:backup/vaultPolicy:VaultPolicy",
    create=_PUT_POLICY,
    read=Read("GetBackupVaultAccessPolicy", _OF_VAULT),
    update=(_PUT_POLICY,),
    delete=(Call("DeleteBackupVaultAccessPolicy", _OF_VAULT),),
    replace=("backupVaultName",),
    outputs=_OUTPUTS,
    kind="extended",
)

VAULT_NOTIFICATIONS = simulated(
    "aws:backup/vaultNotifications:VaultNotifications",
    read=Read("GetBackupVaultNotifications", _OF_VAULT),
    delete=(Call("DeleteBackupVaultNotifications", _OF_VAULT),),
    outputs=_OUTPUTS,
    kind="extended",
)

_PLAN = ("name", "rules", "advancedBackupSettings")
_PLAN_NAMES = {
    "name": "BackupPlanName",
    "rules": "Rules",
    "targetVaultName": "TargetBackupVaultName",
    "schedule": "ScheduleExpression",
    "startWindow": "StartWindowMinutes",
    "completionWindow": "CompletionWindowMinutes",
    "coldStorageAfter": "MoveToColdStorageAfterDays",
    "deleteAfter": "DeleteAfterDays",
    "destinationVaultArn": "DestinationBackupVaultArn",
    "targetLogicallyAirGappedBackupVaultArn": "TargetLogicallyAirGappedBackupVaultArn",
}

PLAN = simulated(
    "aws:backup/plan:Plan",
    create=_inside("CreateBackupPlan", "BackupPlan", _PLAN, _PLAN_NAMES),
    read=Read("GetBackupPlan", {"BackupPlanId": "id"}),
    update=(_inside("UpdateBackupPlan", "BackupPlan", _PLAN, _PLAN_NAMES, {"BackupPlanId": "id"}),),
    replace=("name",),
    autoname=("name", 50),
    outputs={"arn": "BackupPlanArn", "version": "VersionId"},
    tags=_tags("BackupPlanTags"),
    kind="extended",
)

_SELECTION = ("name", "iamRoleArn", "selectionTags", "conditions", "resources", "notResources")
_SELECTION_NAMES = {
    "name": "SelectionName",
    "selectionTags": "ListOfTags",
    "type": "ConditionType",
    "key": "ConditionKey",
    "value": "ConditionValue",
    "stringNotLikes": "StringNotLike",
}


def _empty(inputs: Mapping[str, Any], _ctx: Context) -> str | None:
    """A selection names something: by ARN, by tag, or by condition."""
    if any(inputs.get(name) for name in ("resources", "notResources", "selectionTags", "conditions")):
        return None
    return "InvalidParameterValueException: the selection names nothing: give resources, notResources, selectionTags or conditions"


SELECTION = simulated(
    "aws:backup/selection:Selection",
    create=_inside(
        "CreateBackupSelection",
        "BackupSelection",
        _SELECTION,
        _SELECTION_NAMES,
        {"BackupPlanId": "in.planId"},
        when=("planId",),
    ),
    read=Read("GetBackupSelection", {"BackupPlanId": "in.planId", "SelectionId": "id"}),
    delete=(Call("DeleteBackupSelection", {"BackupPlanId": "in.planId", "SelectionId": "id"}),),
    autoname=("name", 50),
    refuse=_empty,
    kind="extended",
)

_TEST = ("recoveryPointSelection", "scheduleExpression", "scheduleExpressionTimezone", "startWindowHours")
_TEST_NAMES = {"name": "RestoreTestingPlanName"}

RESTORE_TESTING_PLAN = Resource(
    token="aws:backup/restoreTestingPlan:RestoreTestingPlan",  # noqa: S106  a type, not a secret
    service="backup",
    create=_inside("CreateRestoreTestingPlan", "RestoreTestingPlan", ("name", *_TEST), _TEST_NAMES),
    id="in.name",
    read=Read("GetRestoreTestingPlan", {"RestoreTestingPlanName": "id"}, path="RestoreTestingPlan"),
    update=(
        _inside(
            "UpdateRestoreTestingPlan",
            "RestoreTestingPlan",
            _TEST,
            _TEST_NAMES,
            {"RestoreTestingPlanName": "id"},
        ),
    ),
    delete=(Call("DeleteRestoreTestingPlan", {"RestoreTestingPlanName": "id"}),),
    replace=("name",),
    outputs={"arn": "RestoreTestingPlanArn"},
    tags=_tags("Tags"),
    kind="extended",
)

_TESTED = (
    "iamRoleArn",
    "protectedResourceArns",
    "protectedResourceConditions",
    "restoreMetadataOverrides",
    "validationWindowHours",
)
_TESTED_NAMES = {"name": "RestoreTestingSelectionName"}
_OF_TEST = {"RestoreTestingPlanName": "in.restoreTestingPlanName"}
_OF_TESTED = {**_OF_TEST, "RestoreTestingSelectionName": "in.name"}

RESTORE_TESTING_SELECTION = Resource(
    token="aws:backup/restoreTestingSelection:RestoreTestingSelection",  # noqa: S106  a type, not a secret
    service="backup",
    create=_inside(
        "CreateRestoreTestingSelection",
        "RestoreTestingSelection",
        ("name", "protectedResourceType", *_TESTED),
        _TESTED_NAMES,
        _OF_TEST,
        when=("restoreTestingPlanName",),
    ),
    id="join(':', [in.name, in.restoreTestingPlanName])",
    read=Read("GetRestoreTestingSelection", _OF_TESTED, path="RestoreTestingSelection"),
    update=(
        _inside(
            "UpdateRestoreTestingSelection", "RestoreTestingSelection", _TESTED, _TESTED_NAMES, _OF_TESTED
        ),
    ),
    delete=(Call("DeleteRestoreTestingSelection", _OF_TESTED),),
    replace=("name", "restoreTestingPlanName", "protectedResourceType"),
    kind="extended",
)

RESOURCES = (
    VAULT,
    VAULT_LOCK,
    VAULT_POLICY,
    VAULT_NOTIFICATIONS,
    PLAN,
    SELECTION,
    RESTORE_TESTING_PLAN,
    RESTORE_TESTING_SELECTION,
)
