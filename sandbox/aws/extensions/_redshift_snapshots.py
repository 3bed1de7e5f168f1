"""Redshift's snapshots: schedules, grants in another region, and the copies that a snapshot leaves there.

A copy is another region's: it stays when the cluster that it is of goes, or its region. Nothing runs by a schedule: whoever wants a
snapshot takes one. Sources: https://docs.aws.amazon.com/redshift/latest/mgmt/cross-region-snapshot-copy.html,
https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-snapshots.html
"""

from __future__ import annotations

import copy
import functools
import re
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.redshift.exceptions import RedshiftClientError, SnapshotCopyGrantNotFoundFaultError
from moto.redshift.models import (
    Cluster,
    RedshiftBackend,
    Snapshot,
    SnapshotCopyGrant,
    TaggableResourceMixin,
    redshift_backends,
)
from moto.redshift.responses import RedshiftResponse

COPY = "copy:"
"""How the name of a copy begins."""
_DEFINITION = re.compile(r"cron\(\S+ \S+ \S+\)|rate\(\d+ hours?\)")


class Schedule(TaggableResourceMixin):  # type: ignore[misc]
    """When snapshots are taken of the clusters that it is given."""

    resource_type = "snapshotschedule"

    def __init__(self, backend: RedshiftBackend, name: str, said: Any, tags: list[dict[str, str]]) -> None:
        super().__init__(backend.account_id, backend.region_name, tags)
        self.schedule_identifier, self.schedule_description = name, said
        self.schedule_definitions: list[str] = []
        self._clusters = backend.clusters

    @property
    def resource_id(self) -> str:
        """The end of its ARN."""
        return str(self.schedule_identifier)

    @property
    def associated_clusters(self) -> list[dict[str, str]]:
        """Those that have it."""
        return [
            {"ClusterIdentifier": name, "ScheduleAssociationState": "ACTIVE"}
            for name, cluster in self._clusters.items()
            if getattr(cluster, "snapshot_schedule_identifier", None) == self.schedule_identifier
        ]

    @property
    def associated_cluster_count(self) -> int:
        """How many they are."""
        return len(self.associated_clusters)


def _schedules(backend: RedshiftBackend) -> dict[str, Schedule]:
    if not hasattr(backend, "snapshot_schedules"):
        backend.snapshot_schedules = {}
        backend.RESOURCE_TYPE_MAP["snapshotschedule"] = backend.snapshot_schedules
    found: dict[str, Schedule] = backend.snapshot_schedules
    return found


def _schedule(self: RedshiftResponse) -> Schedule:
    name = self._get_param("ScheduleIdentifier")
    if name not in _schedules(self.redshift_backend):
        raise RedshiftClientError("SnapshotScheduleNotFound", f"Snapshot schedule {name} not found.")
    return _schedules(self.redshift_backend)[name]


def _defined(self: RedshiftResponse) -> list[str]:
    given = list(self._get_param("ScheduleDefinitions", []))
    for each in given:
        if not _DEFINITION.fullmatch(each):
            raise RedshiftClientError("InvalidSchedule", f"The schedule you submitted isn't valid: {each}")
    return given


def _create_schedule(self: RedshiftResponse) -> ActionResult:
    name, given = self._get_param("ScheduleIdentifier"), _defined(self)
    if name in _schedules(self.redshift_backend):
        raise RedshiftClientError(
            "SnapshotScheduleAlreadyExists", f"Snapshot schedule {name} already exists."
        )
    said = self._get_param("ScheduleDescription")
    made = Schedule(self.redshift_backend, name, said, self._get_param("Tags", []))
    made.schedule_definitions = given
    _schedules(self.redshift_backend)[name] = made
    return ActionResult(made)


def _modify_schedule(self: RedshiftResponse) -> ActionResult:
    found = _schedule(self)
    found.schedule_definitions = _defined(self)
    return ActionResult(found)


def _describe_schedules(self: RedshiftResponse) -> ActionResult:
    every = [_schedule(self)] if self._get_param("ScheduleIdentifier") else None
    found = every or list(_schedules(self.redshift_backend).values())
    if cluster := self._get_param("ClusterIdentifier"):
        found = [s for s in found if any(c["ClusterIdentifier"] == cluster for c in s.associated_clusters)]
    return ActionResult({"SnapshotSchedules": found})


def _delete_schedule(self: RedshiftResponse) -> EmptyResult:
    found = _schedule(self)
    if found.associated_cluster_count:
        said = f"Snapshot schedule {found.schedule_identifier} is still associated with a cluster."
        raise RedshiftClientError("InvalidClusterSnapshotScheduleState", said)
    del _schedules(self.redshift_backend)[found.schedule_identifier]
    return EmptyResult()


def _give_schedule(self: RedshiftResponse) -> EmptyResult:
    [cluster] = self.redshift_backend.describe_clusters(self._get_param("ClusterIdentifier"))
    if self._get_bool_param("DisassociateSchedule", False):
        cluster.snapshot_schedule_identifier = None
    else:
        cluster.snapshot_schedule_identifier = _schedule(self).schedule_identifier
    return EmptyResult()


def _grant(original: Any) -> Any:
    @functools.wraps(original)
    def create_snapshot_copy_grant(self: RedshiftResponse) -> ActionResult:
        answer: ActionResult = original(self)
        made = answer.result["SnapshotCopyGrant"]
        TaggableResourceMixin.__init__(made, self.current_account, self.region, self._get_param("Tags", []))
        backend = self.redshift_backend
        backend.RESOURCE_TYPE_MAP["snapshotcopygrant"] = backend.snapshot_copy_grants
        return answer

    return create_snapshot_copy_grant


def _enable(original: Any) -> Any:
    @functools.wraps(original)
    def enable_snapshot_copy(self: RedshiftBackend, **given: Any) -> Cluster:
        name, there = given.get("snapshot_copy_grant_name"), given["destination_region"]
        known = there in redshift_backends[self.account_id].regions
        if name and known and name not in redshift_backends[self.account_id][there].snapshot_copy_grants:
            raise SnapshotCopyGrantNotFoundFaultError(name)
        enabled: Cluster = original(self, **given)
        return enabled

    return enable_snapshot_copy


def _take(original: Any) -> Any:
    @functools.wraps(original)
    def create_cluster_snapshot(self: RedshiftBackend, *args: Any, **given: Any) -> Snapshot:
        made: Snapshot = original(self, *args, **given)
        cluster = self.clusters[made.cluster_identifier]
        made.kms_key_id, made.cluster_create_time = cluster.kms_key_id, cluster.create_time
        if cluster.cluster_snapshot_copy_status:
            _copy(self, made, cluster.cluster_snapshot_copy_status)
        return made

    return create_cluster_snapshot


def _copy(backend: RedshiftBackend, snapshot: Snapshot, status: dict[str, Any]) -> None:
    """Leave a copy in the other region, under the key of the grant there; without the grant there is none."""
    there = redshift_backends[backend.account_id][status["DestinationRegion"]]
    grant = there.snapshot_copy_grants.get(status["SnapshotCopyGrantName"])
    if snapshot.encrypted and grant is None:
        return
    made = copy.copy(snapshot)
    made.snapshot_identifier = f"{COPY}{snapshot.snapshot_identifier}"
    made.region, made.source_region = there.region_name, backend.region_name
    made.kms_key_id = grant.kms_key_id if grant else None
    there.snapshots[made.snapshot_identifier] = made


def install() -> None:
    """Patch moto's snapshots."""
    RedshiftResponse.create_snapshot_schedule = _create_schedule
    RedshiftResponse.modify_snapshot_schedule = _modify_schedule
    RedshiftResponse.describe_snapshot_schedules = _describe_schedules
    RedshiftResponse.delete_snapshot_schedule = _delete_schedule
    RedshiftResponse.modify_cluster_snapshot_schedule = _give_schedule
    RedshiftResponse.create_snapshot_copy_grant = _grant(RedshiftResponse.create_snapshot_copy_grant)
    SnapshotCopyGrant.resource_id = property(lambda self: self.snapshot_copy_grant_name)
    RedshiftBackend.enable_snapshot_copy = _enable(RedshiftBackend.enable_snapshot_copy)
    RedshiftBackend.create_cluster_snapshot = _take(RedshiftBackend.create_cluster_snapshot)
