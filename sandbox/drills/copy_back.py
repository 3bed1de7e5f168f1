"""How a person brings rows of an Aurora DSQL database back: out of a backup that is restored beside it, as the runbook says.

https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-auroradsql.html
"""

from __future__ import annotations

import json
import math
from datetime import datetime
from typing import Any

from sandbox.aws.clockwork.clock import lasting
from sandbox.drills.system import System
from sandbox.drills.world import OPERATOR, World

KIND = "DSQL"
DONE, FAILED = "COMPLETED", ("ABORTED", "FAILED")


class CopyBack:
    """Goes on whenever it is looked at."""

    what = "restores a backup of the database beside it"

    def __init__(self, world: World, system: System) -> None:
        """Raises LookupError when there is nothing to restore, ClientError when AWS refuses."""
        self._cluster, self.region = system.cluster, system.home.region
        self._backup, self._dsql = (world.boto(each, self.region) for each in ("backup", "dsql"))
        key = self._dsql.get_cluster(identifier=system.cluster.rpartition("/")[2])["encryptionDetails"]
        own = {"region": self.region, "isDeletionProtectionEnabled": False, "kmsKeyId": key["kmsKeyArn"]}
        self._job = self._backup.start_restore_job(
            RecoveryPointArn=self._newest(world.moment(world.broke)),
            IamRoleArn=self._role(),
            ResourceType=KIND,
            Metadata={"regionalConfig": json.dumps([own])},
        )["RestoreJobId"]
        self._restored, self._ends = "", 0.0
        self._world, self._began = world, len(world.timeline)

    @property
    def rests_until(self) -> float:
        """Simulated second before which a look asks nothing, unless something happens."""
        if self._restored:
            return self._ends or math.inf
        return 0.0 if self._world.heard("Backup", self._began) else math.inf

    def _newest(self, before: datetime) -> str:
        """The newest recovery point from before the corruption in any vault of the region."""
        points = [
            point
            for vault in self._backup.list_backup_vaults()["BackupVaultList"]
            for point in self._backup.list_recovery_points_by_backup_vault(
                BackupVaultName=vault["BackupVaultName"], ByResourceType=KIND
            )["RecoveryPoints"]
            if point["ResourceArn"] == self._cluster and point["CreationDate"] < before
        ]
        if not points:
            raise LookupError(
                f"no vault in {self.region} has a recovery point of {self._cluster} from before"
            )
        return str(max(points, key=lambda each: each["CreationDate"])["RecoveryPointArn"])

    def _role(self) -> str:
        """The role that the region's backups are made with."""
        found = selections(self._backup)
        return next(role for roles in found.values() for role in roles)

    def problem(self, world: World) -> str:
        """Copy rows back once the restored cluster is there; then it goes. Why the restore failed, if it did."""
        if not self._restored:
            if not world.heard("Backup", self._began):
                return ""
            job = self._backup.describe_restore_job(RestoreJobId=self._job)
            if job["Status"] in FAILED:
                return f"restore job {self._job} is {job['Status']}: {job.get('StatusMessage')}"
            if job["Status"] == DONE:
                self._restored = str(job["CreatedResourceArn"])
                self._ends = world.now + lasting("dsql.copy_back", world.pace)
                world.note(OPERATOR, "copies rows back", self.region)
                world.call("put-back", **{"into": self._cluster, "out-of": self._restored})
        elif self._ends and world.now > self._ends:
            self._ends = 0.0
            self._dsql.delete_cluster(identifier=self._restored.rpartition("/")[2])
        return ""


def selections(backup: Any) -> dict[str, list[str]]:
    """Roles of what each backup plan of a region selects, by the plan's name."""
    return {
        plan["BackupPlanName"]: [
            str(each["IamRoleArn"])
            for each in backup.list_backup_selections(BackupPlanId=plan["BackupPlanId"])[
                "BackupSelectionsList"
            ]
        ]
        for plan in backup.list_backup_plans()["BackupPlansList"]
    }
