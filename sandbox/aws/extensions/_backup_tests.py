"""Restore testing plans and what they restore."""

from __future__ import annotations

import json

from moto.backup.exceptions import AlreadyExistsException, InvalidRequestException, ResourceNotFoundException
from moto.backup.responses import BackupResponse
from moto.core.utils import unix_time
from moto.moto_api._internal import mock_random

from sandbox.aws.extensions._backup_store import Document, body_of, path_parameter, store_of


def _arn(self: BackupResponse, rest: str) -> str:
    return f"arn:aws:backup:{self.region}:{self.current_account}:{rest}"


# Plans and selections


def _testing_plan(self: BackupResponse) -> str:
    name = path_parameter(self, "RestoreTestingPlanName")
    if name not in store_of(self).tests:
        raise ResourceNotFoundException(f"Restore testing plan {name} does not exist")
    return name


def _brief(document: Document, *keys: str) -> str:
    return json.dumps({key: document[key] for key in keys if key in document})


def create_restore_testing_plan(self: BackupResponse) -> str:
    """Answer `CreateRestoreTestingPlan`."""
    body = body_of(self)
    wanted = body["RestoreTestingPlan"]
    name = wanted["RestoreTestingPlanName"]
    if name in store_of(self).tests:
        raise AlreadyExistsException(f"Restore testing plan {name} already exists")
    arn = _arn(self, f"restore-testing-plan:{name}-{mock_random.uuid4()}")
    made = {"CreationTime": unix_time(), "RestoreTestingPlanArn": arn, **wanted}
    store_of(self).tests[name] = {"StartWindowHours": 24, **made}
    if body.get("Tags"):
        self.backup_backend.tag_resource(arn, body["Tags"])
    return _brief(made, "CreationTime", "RestoreTestingPlanArn", "RestoreTestingPlanName")


def get_restore_testing_plan(self: BackupResponse) -> str:
    """Answer `GetRestoreTestingPlan`."""
    return json.dumps({"RestoreTestingPlan": store_of(self).tests[_testing_plan(self)]})


def list_restore_testing_plans(self: BackupResponse) -> str:
    """Answer `ListRestoreTestingPlans`."""
    return json.dumps({"RestoreTestingPlans": list(store_of(self).tests.values())})


def update_restore_testing_plan(self: BackupResponse) -> str:
    """Answer `UpdateRestoreTestingPlan`."""
    plan = store_of(self).tests[_testing_plan(self)]
    plan |= {**body_of(self)["RestoreTestingPlan"], "LastUpdateTime": unix_time()}
    shown = ("CreationTime", "RestoreTestingPlanArn", "RestoreTestingPlanName", "UpdateTime")
    return _brief({**plan, "UpdateTime": plan["LastUpdateTime"]}, *shown)


def delete_restore_testing_plan(self: BackupResponse) -> str:
    """Answer `DeleteRestoreTestingPlan`."""
    name = _testing_plan(self)
    if any(plan == name for plan, _ in store_of(self).test_selections):
        raise InvalidRequestException(f"Restore testing plan {name} still has selections")
    del store_of(self).tests[name]
    return "{}"


def _testing_selection(self: BackupResponse) -> tuple[str, str]:
    key = (_testing_plan(self), path_parameter(self, "RestoreTestingSelectionName"))
    if key not in store_of(self).test_selections:
        raise ResourceNotFoundException(f"Restore testing selection {key[1]} of {key[0]} does not exist")
    return key


_OF_SELECTION = (
    "CreationTime",
    "RestoreTestingPlanArn",
    "RestoreTestingPlanName",
    "RestoreTestingSelectionName",
)


def create_restore_testing_selection(self: BackupResponse) -> str:
    """Answer `CreateRestoreTestingSelection`."""
    plan, wanted = _testing_plan(self), body_of(self)["RestoreTestingSelection"]
    key = (plan, wanted["RestoreTestingSelectionName"])
    if key in store_of(self).test_selections:
        raise AlreadyExistsException(f"Restore testing selection {key[1]} already exists")
    made = {"CreationTime": unix_time(), "RestoreTestingPlanName": plan, **wanted}
    store_of(self).test_selections[key] = made
    arn = store_of(self).tests[plan]["RestoreTestingPlanArn"]
    return _brief({**made, "RestoreTestingPlanArn": arn}, *_OF_SELECTION)


def get_restore_testing_selection(self: BackupResponse) -> str:
    """Answer `GetRestoreTestingSelection`."""
    return json.dumps({"RestoreTestingSelection": store_of(self).test_selections[_testing_selection(self)]})


def list_restore_testing_selections(self: BackupResponse) -> str:
    """Answer `ListRestoreTestingSelections`."""
    plan = _testing_plan(self)
    own = [document for (name, _), document in store_of(self).test_selections.items() if name == plan]
    return json.dumps({"RestoreTestingSelections": own})


def update_restore_testing_selection(self: BackupResponse) -> str:
    """Answer `UpdateRestoreTestingSelection`."""
    selection = store_of(self).test_selections[_testing_selection(self)]
    selection |= body_of(self)["RestoreTestingSelection"]
    arn = store_of(self).tests[selection["RestoreTestingPlanName"]]["RestoreTestingPlanArn"]
    return _brief(
        {**selection, "RestoreTestingPlanArn": arn, "UpdateTime": unix_time()}, *_OF_SELECTION, "UpdateTime"
    )


def delete_restore_testing_selection(self: BackupResponse) -> str:
    """Answer `DeleteRestoreTestingSelection`."""
    del store_of(self).test_selections[_testing_selection(self)]
    return "{}"


OPERATIONS = (
    create_restore_testing_plan,
    get_restore_testing_plan,
    list_restore_testing_plans,
    update_restore_testing_plan,
    delete_restore_testing_plan,
    create_restore_testing_selection,
    get_restore_testing_selection,
    list_restore_testing_selections,
    update_restore_testing_selection,
    delete_restore_testing_selection,
)
