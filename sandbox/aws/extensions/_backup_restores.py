"""Restore jobs of AWS Backup: Aurora DSQL, whose recovery points nothing else restores, in one region or as a pair.

A pair needs an identical recovery point in the other region: of the same resource, and of the same moment.
https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-auroradsql.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.backup.exceptions import (
    InvalidParameterValueException,
    InvalidRequestException,
    ResourceNotFoundException,
)
from moto.backup.responses import BackupResponse
from moto.core.utils import unix_time
from moto.dsql.models import dsql_backends
from moto.moto_api._internal import mock_random

from sandbox.aws.clockwork import backups, everywhere, rows
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.extensions._backup_store import Document, body_of, path_parameter, store_of

_REGIONS, _WITNESS, _PEERS, _PAIR = (
    *("regionalConfig", "witnessRegion", "peerRegion"),
    "useMultiRegionOrchestration",
)
_KEYS = frozenset((_REGIONS, _WITNESS, _PEERS, _PAIR))


def start_restore_job(self: BackupResponse) -> str:
    """Answer `StartRestoreJob`: new clusters, which are there with the recovery point's rows when the restore has taken its time."""
    asked = body_of(self)
    point = backups.point(asked["RecoveryPointArn"])
    if point is None or point.region != self.region:
        raise ResourceNotFoundException(f"Recovery point {asked['RecoveryPointArn']} does not exist")
    if point.kind != backups.DSQL:
        raise InvalidRequestException(f"The sandbox restores {backups.DSQL} here, not {point.kind}")
    said = asked.get("Metadata") or {}
    if unknown := sorted(set(said) - _KEYS):
        raise InvalidParameterValueException(f"Metadata {', '.join(unknown)} is not allowed")
    wanted = _wanted(self, point, said)
    job: Document = {
        "AccountId": self.current_account,
        "RestoreJobId": str(mock_random.uuid4()),
        "RecoveryPointArn": point.arn,
        "SourceResourceArn": point.source,
        "CreationDate": unix_time(),
        "Status": "RUNNING",
        "IamRoleArn": asked.get("IamRoleArn"),
        "ResourceType": point.kind,
    }
    store_of(self).restores[job["RestoreJobId"]] = job
    CLOCK.after(CLOCK.lasts("restore.unrated"), lambda: _ready(job, point, wanted))
    return json.dumps({"RestoreJobId": job["RestoreJobId"]})


def describe_restore_job(self: BackupResponse) -> str:
    """Answer `DescribeRestoreJob`."""
    job = store_of(self).restores.get(path_parameter(self, "restoreJobId"))
    if job is None:
        raise ResourceNotFoundException(f"Restore job {path_parameter(self, 'restoreJobId')} does not exist")
    return json.dumps(job)


@dataclass(frozen=True)
class _Wanted:
    """The new clusters: how each is configured, by region, the job's own first; and their witness, of a pair."""

    account: str
    configured: Mapping[str, Mapping[str, Any]]
    witness: str | None


def _ready(job: Document, point: backups.Point, wanted: _Wanted) -> None:
    cluster = everywhere.Cluster(_clusters(wanted)[0])
    rows.take_over(cluster, list(point.found))
    done = {"Status": "COMPLETED", "PercentDone": "100.00%", "CompletionDate": unix_time()}
    job |= {**done, "CreatedResourceArn": cluster.own_arn}
    CLOCK.note("Backup", f"{cluster.db_cluster_identifier} is restored", cluster.region)


def _wanted(self: BackupResponse, point: backups.Point, said: Mapping[str, str]) -> _Wanted:
    """Read it from a job's metadata. Raises moto's exceptions for what AWS refuses."""
    own = {str(each["region"]): each for each in _read(said, _REGIONS)}
    pair, witness = said.get(_PAIR) == "true", said.get(_WITNESS)
    peers = [str(each) for each in _read(said, _PEERS)] if pair else []
    if pair and not (peers and witness):
        raise InvalidParameterValueException(f"A multi-Region restore needs {_WITNESS} and {_PEERS}")
    for peer in peers:
        if not any(_same(each, point) and each.region == peer for each in backups.POINTS):
            raise InvalidRequestException(f"{peer} has no identical copy of recovery point {point.arn}")
    regions = {region: own.get(region, {}) for region in (self.region, *peers)}
    return _Wanted(self.current_account, regions, witness if pair else None)


def _clusters(wanted: _Wanted) -> list[Any]:
    """Make them, and peer those of a pair."""
    backends = {region: dsql_backends[wanted.account][region] for region in wanted.configured}
    shared = {"witnessRegion": wanted.witness} if wanted.witness else None
    made = [
        backends[region].create_cluster(
            deletion_protection_enabled=said.get("isDeletionProtectionEnabled", True),
            tags={},
            client_token=None,
            kms_encryption_key=said.get("kmsKeyId"),
            multi_region_properties=shared,
        )
        for region, said in wanted.configured.items()
    ]
    arns = [each.arn for each in made]
    for each in made if shared else ():
        peered = {"witnessRegion": wanted.witness, "clusters": arns}
        backends[each.region_name].update_cluster(each.identifier, None, None, peered)
    return made


def _same(one: backups.Point, other: backups.Point) -> bool:
    return (one.source, one.created) == (other.source, other.created)


def _read(said: Mapping[str, str], key: str) -> list[Any]:
    """A list that metadata has as JSON. Raises InvalidParameterValueException for anything else."""
    try:
        found = json.loads(said.get(key, "[]"))
    except ValueError:
        found = None
    if not isinstance(found, list):
        raise InvalidParameterValueException(f"Metadata {key} is no list in JSON: {said[key]}")
    return found


OPERATIONS = (start_restore_job, describe_restore_job)
