"""A cluster restored to a point in time, or from a recovery point: beside its source, when the restore has taken its time, with its rows.

moto copies the source as it is: whatever its retention, whatever the moment, and with its place in a global database.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterToPointInTime.html
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from moto.core import utils

from sandbox.aws.clockwork import backups, rows
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.extensions._rds_instance import refuse

SIZE = "dr:data-gib"
_MIB = 1024


def install() -> None:
    """Patch moto's RDS."""
    from moto.rds.models import DBCluster, RDSBackend

    RDSBackend.restore_db_cluster_to_point_in_time = restore
    RDSBackend.restore_db_cluster_from_snapshot = _from_snapshot(RDSBackend.restore_db_cluster_from_snapshot)
    DBCluster.status = property(_status(DBCluster.status.fget), DBCluster.status.fset)


def _status(original: Callable[[Any], str]) -> Callable[[Any], str]:
    def status(self: Any) -> str:
        # moto takes whatever is being created for available at the second look.
        return "creating" if getattr(self, "restoring", False) else original(self)

    return status


def restore(
    self: Any,
    *,
    db_cluster_identifier: str,
    source_db_cluster_identifier: str,
    restore_to_time: Any = None,
    use_latest_restorable_time: bool = False,
    restore_type: str = "full-copy",
    **overrides: Any,
) -> Any:
    """Restore to a moment that the source's backups reach back to."""
    if bool(restore_to_time) == bool(use_latest_restorable_time):
        raise refuse(
            "InvalidParameterCombination",
            "Specify either RestoreToTime or UseLatestRestorableTime, one of them",
        )
    if restore_type != "full-copy":
        raise refuse(
            "InvalidParameterCombination", f"The sandbox restores as full-copy, not as {restore_type}"
        )
    source = self.describe_db_clusters(source_db_cluster_identifier)[0]
    latest = utils.utcnow() - timedelta(seconds=CLOCK.lasts("rds.pitr_lag"))
    moment = _moment(restore_to_time) if restore_to_time else latest
    earliest = utils.utcnow() - timedelta(days=int(source.backup_retention_period))
    if not earliest <= moment <= latest:
        raise refuse(
            "InvalidParameterValue",
            f"The specified time {moment} is not between {earliest} and {latest}, the restorable times of "
            f"{source.db_cluster_identifier}",
        )
    asked = {**source.get_cfg(), **{key: value for key, value in overrides.items() if value is not None}}
    restored = self.create_db_cluster({**asked, "db_cluster_identifier": db_cluster_identifier})
    _begin(restored, source, rows.at(source, (moment - CLOCK.epoch).total_seconds()))
    return restored


def _from_snapshot(original: Callable[[Any, str, dict[str, Any]], Any]) -> Callable[..., Any]:
    def restore_db_cluster_from_snapshot(self: Any, from_snapshot_id: str, overrides: dict[str, Any]) -> Any:
        """Restore a snapshot, also by its ARN, with the rows of a recovery point. Groups of another region don't exist here."""
        restored = original(self, from_snapshot_id.rpartition(":cluster-snapshot:")[2], overrides)
        found = backups.point(from_snapshot_id)
        if found is not None:
            _begin(restored, restored, list(found.found))
        return restored

    return restore_db_cluster_from_snapshot


def _begin(restored: Any, sized: Any, found: list[rows.Row]) -> None:
    """A restore goes on, of as much data as the tag of `sized` says, until the cluster is there with its rows."""
    rows.take_over(restored, found)
    restored.restoring = CLOCK.running
    CLOCK.after(_lasts(sized), lambda: _ready(restored))


def _ready(restored: Any) -> None:
    restored.restoring = False
    CLOCK.note("RDS", f"{restored.db_cluster_identifier} is restored", restored.region)


def _moment(given: Any) -> datetime:
    found = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
    return found.replace(tzinfo=None)


def _lasts(source: Any) -> float:
    """Seconds that a restore takes: its base, and its size at the rate that the estimator reckons with, times its margin."""
    said = next((tag["Value"] for tag in source.tags if tag["Key"] == SIZE), 0)
    rate = CLOCK.lasts("restore.rate")
    formula = CLOCK.lasts("restore.base") + (float(said) * _MIB / rate if rate else 0.0)
    return formula * (1 + (max(CLOCK.lasts("restore.margin"), 1) - 1) * CLOCK.pace)
