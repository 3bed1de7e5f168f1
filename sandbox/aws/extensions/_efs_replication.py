"""Replication of file systems: which follows which, in all regions, and who may be overwritten.

Sources: https://docs.aws.amazon.com/efs/latest/ug/efs-replication.html,
https://docs.aws.amazon.com/efs/latest/ug/API_CreateReplicationConfiguration.html
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.clockwork.rows import LOST, NEVER

Answer = tuple[str, dict[str, Any]]
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class End:
    """A file system of a region."""

    account: str
    region: str
    id: str

    @property
    def arn(self) -> str:
        """Its ARN."""
        return f"arn:aws:elasticfilesystem:{self.region}:{self.account}:file-system/{self.id}"

    def file_system(self) -> Any:
        """It itself; refuses one that is not there."""
        from moto.efs.exceptions import FileSystemNotFound
        from moto.efs.models import efs_backends

        found = efs_backends[self.account][self.region].file_systems_by_id.get(self.id)
        if found is None:
            raise FileSystemNotFound(self.id)
        return found


@dataclass(frozen=True)
class Replication:
    """One file system that follows another."""

    source: End
    target: End
    since: float = field(default_factory=time.time)
    began: float = field(default_factory=lambda: CLOCK.now if CLOCK.running else -NEVER)
    """When, in simulated seconds; long ago for one that was there before the clock."""
    ending: list[float] = field(default_factory=list)
    """The moment of the last sync, once it is being deleted."""

    def synced(self) -> float | None:
        """The moment, in simulated seconds, whose files have come over; None before the first sync."""
        if self.ending:
            return self.ending[0]
        lag, now = CLOCK.lasts("efs.replication_lag"), min(CLOCK.now, LOST.get(self.source.region, NEVER))
        return now - lag if now - lag >= self.began else None


_replications: list[Replication] = []


def reset() -> None:
    """Forget every replication."""
    _replications.clear()


def refuse(code: str, message: str, status: int) -> Exception:
    """An error of EFS."""
    from moto.efs.exceptions import EFSError

    class RefusedError(EFSError):  # type: ignore[misc]
        code = status

    error: Exception = RefusedError(code, message)
    return error


def of(end: End) -> Replication | None:
    """The replication that a file system is part of, on either side."""
    return next((each for each in _replications if end in (each.source, each.target)), None)


def protection(file_system: Any) -> str:
    """Whether a file system may be overwritten, or is."""
    *_, region, account, last = file_system.file_system_arn.split(":")
    end = End(account, region, last.rpartition("/")[2])
    followed = any(each.target == end for each in _replications)
    return "REPLICATING" if followed else getattr(file_system, "_protection", "ENABLED")


def _shown(each: Replication) -> dict[str, Any]:
    return {
        "SourceFileSystemId": each.source.id,
        "SourceFileSystemRegion": each.source.region,
        "SourceFileSystemArn": each.source.arn,
        "OriginalSourceFileSystemArn": each.source.arn,
        "SourceFileSystemOwnerId": each.source.account,
        "CreationTime": each.since,
        "Destinations": [
            {
                "Status": "DELETING" if each.ending else "ENABLED",
                "FileSystemId": each.target.id,
                "Region": each.target.region,
                "OwnerId": each.target.account,
                **({} if (synced := each.synced()) is None else {"LastReplicatedTimestamp": _moment(synced)}),
            }
        ],
    }


def _moment(simulated: float) -> float:
    """A simulated second since 1970; now without a clock."""
    if not CLOCK.running:
        return time.time()
    return (CLOCK.epoch - type(CLOCK.epoch)(1970, 1, 1)).total_seconds() + simulated


def create_replication_configuration(self: Any) -> Answer:
    """Answer `CreateReplicationConfiguration`, to a file system that is there or one that EFS makes."""
    account = self.current_account
    source = End(account, self.region, self._get_param("SourceFileSystemId"))
    files = source.file_system()
    _free(source)
    asked = self._get_param("Destinations") or []
    if len(asked) != 1:
        raise refuse("ValidationException", "One destination is supported.", 400)
    (to,) = asked
    region = to.get("Region") or str(to.get("AvailabilityZoneName", ""))[:-1] or self.region
    if to.get("FileSystemId"):
        target = End(account, region, to["FileSystemId"].rpartition("/")[2])
        _may_be_overwritten(files, target)
    else:
        target = End(account, region, _made(account, region, files, to))
    _replications.append(Replication(source, target))
    return json.dumps(_shown(_replications[-1])), JSON


def _free(end: End) -> None:
    found = of(end)
    if found:
        message = f"{end.id} is part of the replication of {found.source.id} to {found.target.id} already."
        raise refuse("ReplicationAlreadyExists", message, 409)


def _may_be_overwritten(source: Any, target: End) -> None:
    files = target.file_system()
    _free(target)
    if protection(files) != "DISABLED":
        message = f"Replication overwrite protection of {target.id} must be disabled before it can be a destination."
        raise refuse("BadRequest", message, 400)
    if source.encrypted and not files.encrypted:
        message = f"{target.id} must be encrypted, as the source file system is."
        raise refuse("ConflictException", message, 409)


def _made(account: str, region: str, source: Any, to: dict[str, Any]) -> str:
    from moto.efs.models import efs_backends

    made = efs_backends[account][region].create_file_system(
        creation_token=f"destination-of-{source.file_system_id}",
        performance_mode=source.performance_mode,
        encrypted=True,
        kms_key_id=to.get("KmsKeyId"),
        throughput_mode=source.throughput_mode,
        provisioned_throughput_in_mibps=source.provisioned_throughput_in_mibps,
        availability_zone_name=to.get("AvailabilityZoneName"),
        backup=bool(to.get("AvailabilityZoneName")),
        tags=[],
    )
    return str(made.file_system_id)


def describe_replication_configurations(self: Any) -> Answer:
    """Answer `DescribeReplicationConfigurations`: those of a region, or the one that a file system of it is part of."""
    one = self._get_param("FileSystemId")
    if one:
        end = End(self.current_account, self.region, one)
        end.file_system()
        found = of(end)
        if found is None:
            raise refuse("ReplicationNotFound", f"{one} is part of no replication.", 404)
        return json.dumps({"Replications": [_shown(found)]}), JSON
    here = [each for each in _replications if self.region in (each.source.region, each.target.region)]
    return json.dumps({"Replications": [_shown(each) for each in here]}), JSON


def delete_replication_configuration(self: Any) -> Answer:
    """Answer `DeleteReplicationConfiguration`, from either side's region: the one that followed takes writes, and is protected."""
    identifier = self._get_param("SourceFileSystemId")
    for each in _replications:
        if each.source.id == identifier and self.region in (each.source.region, each.target.region):
            if not each.ending:
                # What had come is there; what hadn't, comes no more.
                each.ending.append(-NEVER if (synced := each.synced()) is None else synced)
                CLOCK.after(CLOCK.lasts("efs.failover"), partial(_ended, each))
            return "", {**JSON, "status": 204}
    raise refuse("ReplicationNotFound", f"{identifier} is the source of no replication.", 404)


LETS_GO: list[Callable[[End], None]] = []
"""Who is told of a file system before it follows no more."""


def _ended(each: Replication) -> None:
    for tell in LETS_GO:
        tell(each.target)
    _replications.remove(each)
    each.target.file_system()._protection = "ENABLED"  # noqa: SLF001  what moto shows of a file system has no underscore
    CLOCK.note("EFS", f"{each.target.id} can be written", each.target.region)


def update_file_system_protection(self: Any) -> Answer:
    """Answer `UpdateFileSystemProtection`, of a file system that follows none."""
    end = End(self.current_account, self.region, self._get_param("FileSystemId"))
    files, wanted = end.file_system(), self._get_param("ReplicationOverwriteProtection")
    if protection(files) == "REPLICATING":
        message = "ReplicationOverwriteProtection cannot be changed while the file system is a replication destination."
        raise refuse("ReplicationAlreadyExists", message, 409)
    if wanted not in ("ENABLED", "DISABLED"):
        raise refuse("BadRequest", f"ReplicationOverwriteProtection {wanted!r}: ENABLED or DISABLED.", 400)
    files._protection = wanted  # noqa: SLF001  as above
    return json.dumps({"ReplicationOverwriteProtection": wanted}), JSON


def kept(original: Callable[..., None]) -> Callable[..., None]:
    """Wrap the deletion of a file system: one that is part of a replication stays."""

    def delete_file_system(self: Any, file_system_id: str) -> None:
        found = of(End(self.account_id, self.region_name, file_system_id))
        if found:
            message = f"{file_system_id} is part of the replication of {found.source.id} to {found.target.id}: delete it first."
            raise refuse("FileSystemInUse", message, 409)
        original(self, file_system_id)

    return delete_file_system


OPERATIONS = (
    create_replication_configuration,
    describe_replication_configurations,
    delete_replication_configuration,
    update_file_system_protection,
)
