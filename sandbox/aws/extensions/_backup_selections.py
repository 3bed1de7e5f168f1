"""Changes of backup plans, and what they select."""

from __future__ import annotations

import json

from moto.backup.exceptions import AlreadyExistsException, InvalidRequestException, ResourceNotFoundException
from moto.backup.models import Plan
from moto.backup.responses import BackupResponse
from moto.core.utils import unix_time
from moto.moto_api._internal import mock_random

from sandbox.aws.extensions._backup_store import Operation, body_of, path_parameter, store_of


def _plan(self: BackupResponse) -> Plan:
    plan = self.backup_backend.plans.get(path_parameter(self, "backupPlanId"))
    if plan is None:
        raise ResourceNotFoundException("Failed reading Backup plan with provided version")
    return plan


def update_backup_plan(self: BackupResponse) -> str:
    """Answer `UpdateBackupPlan`."""
    plan = _plan(self)
    fresh = Plan(body_of(self)["BackupPlan"], plan.creator_request_id, self.backup_backend)
    plan.backup_plan, plan.version_id = fresh.backup_plan, fresh.version_id
    plan.advanced_backup_settings = fresh.advanced_backup_settings
    return json.dumps(plan.to_dict())


def patched_delete_backup_plan(original: Operation) -> Operation:
    """Wrap `DeleteBackupPlan`: not while it has selections; afterwards it is gone."""

    def delete_backup_plan(self: BackupResponse) -> str:
        plan = _plan(self)
        if any(plan_id == plan.backup_plan_id for plan_id, _ in store_of(self).selections):
            raise InvalidRequestException(
                "Related backup plan selections must be deleted prior to backup plan deletion"
            )
        answer = original(self)
        del self.backup_backend.plans[plan.backup_plan_id]
        return answer

    return delete_backup_plan


def create_backup_selection(self: BackupResponse) -> str:
    """Answer `CreateBackupSelection`."""
    plan, wanted = _plan(self), body_of(self)["BackupSelection"]
    kept = store_of(self).selections
    for (plan_id, _), other in kept.items():
        if (
            plan_id == plan.backup_plan_id
            and other["BackupSelection"]["SelectionName"] == wanted["SelectionName"]
        ):
            raise AlreadyExistsException("Backup selection with the same name already exists")
    selection = {
        "SelectionId": str(mock_random.uuid4()),
        "BackupPlanId": plan.backup_plan_id,
        "CreationDate": unix_time(),
    }
    kept[plan.backup_plan_id, selection["SelectionId"]] = {**selection, "BackupSelection": wanted}
    return json.dumps(selection)


def _selection(self: BackupResponse) -> tuple[str, str]:
    key = (path_parameter(self, "backupPlanId"), path_parameter(self, "selectionId"))
    if key not in store_of(self).selections:
        raise ResourceNotFoundException(f"Cannot find Backup selection {key[1]} of plan {key[0]}")
    return key


def get_backup_selection(self: BackupResponse) -> str:
    """Answer `GetBackupSelection`."""
    return json.dumps(store_of(self).selections[_selection(self)])


def delete_backup_selection(self: BackupResponse) -> str:
    """Answer `DeleteBackupSelection`."""
    del store_of(self).selections[_selection(self)]
    return "{}"


def list_backup_selections(self: BackupResponse) -> str:
    """Answer `ListBackupSelections`."""
    plan = _plan(self)
    kept = store_of(self).selections.values()
    own = [document for document in kept if document["BackupPlanId"] == plan.backup_plan_id]
    shown = [
        {
            **{key: value for key, value in document.items() if key != "BackupSelection"},
            "SelectionName": document["BackupSelection"]["SelectionName"],
            "IamRoleArn": document["BackupSelection"]["IamRoleArn"],
        }
        for document in own
    ]
    return json.dumps({"BackupSelectionsList": shown})


OPERATIONS = (
    update_backup_plan,
    create_backup_selection,
    get_backup_selection,
    delete_backup_selection,
    list_backup_selections,
)
