"""The runbook of a system whose database both regions write: each command is run, as the AWS CLI would."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.aws.client import client
from sandbox.drills.ground import Ground
from tests.sandbox.test_runbook import (
    EAST,
    WEST,
    call,
    calls_this_region_alone,
    commands,
    follow,
    lie_in_their_regions,
    of,
    runbook,
    servers,
)


@pytest.fixture(scope="module")
def deployed(services: Ground) -> Iterator[dict[str, Any]]:
    with services.copy() as world:
        yield of(services, world)


def test_every_command_is_run_where_no_database_moves(
    deployed: dict[str, Any],
) -> None:
    text = runbook(deployed, "both", WEST)
    assert servers(deployed, "both", WEST) == 3
    parts = {part: commands(text, part) for part in ("Look", "Act", "Go back", "Afterwards")}
    for found in parts.values():
        follow(deployed["endpoint"], found)
    assert servers(deployed, "both", WEST) == 6
    back = commands(text, "Corrupted rows")
    assert len(re.findall(r"\baws [a-z0-9-]+ [a-z-]+ .*", text)) == sum(map(len, (*parts.values(), back)))
    for region, stack in ((EAST, "prod"), (WEST, "dr")):
        identifier = deployed["stacks"][stack]["outputs"]["systems"]["both"]["parts"]["cluster"]
        assert f"aws dsql get-cluster --region {region} --identifier {identifier}" in runbook(
            deployed, "both", region
        )


@pytest.mark.parametrize(("region", "stack"), [(EAST, "prod"), (WEST, "dr")])
def test_corrupted_rows_are_restored_as_the_runbook_says(
    deployed: dict[str, Any], region: str, stack: str
) -> None:
    outputs = deployed["stacks"][stack]["outputs"]
    parts = outputs["systems"]["both"]["parts"]
    backup, dsql = (client(deployed["endpoint"], each, region) for each in ("backup", "dsql"))
    backup.start_backup_job(
        BackupVaultName=outputs["foundation"]["vaultName"],
        ResourceArn=parts["clusterArn"],
        IamRoleArn=parts["backupRole"],
    )
    look, start, wait, end = commands(runbook(deployed, "both", region), "Corrupted rows")
    [point] = call(deployed["endpoint"], look)["RecoveryPoints"]
    assert point["ResourceArn"] == parts["clusterArn"]
    job = call(deployed["endpoint"], start.replace("RECOVERY_POINT", point["RecoveryPointArn"]))
    done = call(deployed["endpoint"], wait.replace("RESTORE_JOB", job["RestoreJobId"]))
    assert (done["Status"], done["IamRoleArn"]) == ("COMPLETED", parts["backupRole"])
    made = done["CreatedResourceArn"].rpartition("/")[2]
    assert made != parts["cluster"]
    found = dsql.get_cluster(identifier=made)
    assert (found["deletionProtectionEnabled"], found["encryptionDetails"]["kmsKeyArn"]) == (
        False,
        outputs["foundation"]["keyArn"],
    )
    assert call(deployed["endpoint"], end.replace("RESTORED", made))["status"] in ("DELETING", "DELETED")


def test_what_is_done_while_the_other_region_is_lost_calls_this_one_alone(deployed: dict[str, Any]) -> None:
    calls_this_region_alone(deployed, "both")


def test_each_region_has_its_runbook_and_the_founders_lies_in_both(deployed: dict[str, Any]) -> None:
    lie_in_their_regions(deployed, "both")
