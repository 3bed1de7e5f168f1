"""EFS: file systems, how they are mounted, and the replication between them."""

# ruff: noqa: S106 - a function's token is no secret
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Invoke, Read, arn_tags

TAGS = arn_tags(arn="id", arn_param="ResourceId")
OPEN = ("ENABLED", "DISABLED")
_OF_FILES = "join('', ['arn:aws:elasticfilesystem:', region, ':', account, ':file-system/', FileSystemId])"
"""The ARN of the file system that a mount target or an access point is of."""


def _protected(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    wanted = (ctx.inputs.get("protection") or {}).get("replicationOverwrite")
    return {**params, "ReplicationOverwriteProtection": wanted}


def _refuse(inputs: Mapping[str, Any], _ctx: Context) -> str | None:
    """Refuse what the real provider refuses: it takes no state REPLICATING, not even one that it read itself."""
    wanted = (inputs.get("protection") or {}).get("replicationOverwrite")
    if wanted not in (None, *OPEN):
        return f"expected protection.0.replication_overwrite to be one of {list(OPEN)}, got {wanted}"
    if inputs.get("kmsKeyId") and not inputs.get("encrypted"):
        return "encrypted must be set to true when kmsKeyId is specified"
    return None


FILE_SYSTEM = simulated(
    "aws:efs/fileSystem:FileSystem",
    create=Call(
        "CreateFileSystem",
        {"CreationToken": "in.creationToken || uuid"},
        take=(
            "availabilityZoneName",
            "encrypted",
            "kmsKeyId",
            "performanceMode",
            "provisionedThroughputInMibps",
            "throughputMode",
        ),
    ),
    id="FileSystemId",
    read=Read(
        "DescribeFileSystems",
        {"FileSystemId": "id"},
        path="FileSystems[0]",
        merge=(Read("DescribeLifecycleConfiguration", {"FileSystemId": "id"}),),
    ),
    update=(
        Call(
            "UpdateFileSystem",
            {"FileSystemId": "id"},
            take=("provisionedThroughputInMibps", "throughputMode"),
            whole=True,
        ),
        Call("PutLifecycleConfiguration", {"FileSystemId": "id"}, take=("lifecyclePolicies",), whole=True),
        Call(
            "UpdateFileSystemProtection",
            {"FileSystemId": "id"},
            take=("protection",),
            whole=True,
            adjust=_protected,
        ),
    ),
    outputs={
        "arn": "FileSystemArn",
        "dnsName": "join('', [id, '.efs.', region, '.amazonaws.com'])",
        "protection": "{replicationOverwrite: FileSystemProtection.ReplicationOverwriteProtection}",
    },
    rename={"protection": "FileSystemProtection"},
    lasting=("protection",),
    tags=TAGS,
    ready="LifeCycleState == 'available'",
    refuse=_refuse,
    kind="extended",
)

MOUNT_TARGET = simulated(
    "aws:efs/mountTarget:MountTarget",
    id="MountTargetId",
    read=Read(
        "DescribeMountTargets",
        {"MountTargetId": "id"},
        path="MountTargets[0]",
        merge=(Read("DescribeMountTargetSecurityGroups", {"MountTargetId": "id"}),),
    ),
    update=(Call("ModifyMountTargetSecurityGroups", {"MountTargetId": "id"}, take=("securityGroups",)),),
    outputs={
        "dnsName": "join('', [FileSystemId, '.efs.', region, '.amazonaws.com'])",
        "fileSystemArn": _OF_FILES,
        "mountTargetDnsName": "join('', [AvailabilityZoneName, '.', FileSystemId, '.efs.', region, '.amazonaws.com'])",
    },
    ready="LifeCycleState == 'available'",
)

ACCESS_POINT = simulated(
    "aws:efs/accessPoint:AccessPoint",
    create=Call("CreateAccessPoint", {"ClientToken": "uuid"}),
    id="AccessPointId",
    outputs={
        "arn": "AccessPointArn",
        "fileSystemArn": _OF_FILES,
    },
    tags=TAGS,
)

_PUT_POLICY = Call("PutFileSystemPolicy", whole=True)

POLICY = simulated(
    "aws:efs/fileSystemPolicy:FileSystemPolicy",
    create=_PUT_POLICY,
    id="in.fileSystemId",
    read=Read("DescribeFileSystemPolicy", {"FileSystemId": "id"}),
    update=(_PUT_POLICY,),
    delete=(Call("DeleteFileSystemPolicy", {"FileSystemId": "id"}),),
    replace=("fileSystemId",),
    kind="extended",
)

_PUT_BACKUPS = Call("PutBackupPolicy", whole=True)

BACKUP_POLICY = simulated(
    "aws:efs/backupPolicy:BackupPolicy",
    create=_PUT_BACKUPS,
    id="in.fileSystemId",
    read=Read("DescribeBackupPolicy", {"FileSystemId": "id"}),
    update=(_PUT_BACKUPS,),
    delete=(Call("PutBackupPolicy", {"FileSystemId": "id", "BackupPolicy.Status": "'DISABLED'"}),),
    replace=("fileSystemId",),
    kind="extended",
)


def _destination(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    names = {
        "availabilityZoneName": "AvailabilityZoneName",
        "fileSystemId": "FileSystemId",
        "kmsKeyId": "KmsKeyId",
        "region": "Region",
    }
    given = ctx.inputs["destination"]
    return {**params, "Destinations": [{to: given[name] for name, to in names.items() if given.get(name)}]}


REPLICATION = simulated(
    "aws:efs/replicationConfiguration:ReplicationConfiguration",
    create=Call(
        "CreateReplicationConfiguration", take=("destination", "sourceFileSystemId"), adjust=_destination
    ),
    id="in.sourceFileSystemId",
    read=Read(
        "DescribeReplicationConfigurations",
        {"FileSystemId": "in.sourceFileSystemId || id"},
        path="Replications[0]",
    ),
    delete=(Call("DeleteReplicationConfiguration", {"SourceFileSystemId": "id"}),),
    outputs={
        "destination": "{fileSystemId: Destinations[0].FileSystemId, region: Destinations[0].Region,"
        " status: Destinations[0].Status}",
    },
    kind="extended",
)

RESOURCES = (FILE_SYSTEM, MOUNT_TARGET, ACCESS_POINT, POLICY, BACKUP_POLICY, REPLICATION)

INVOKES = (
    Invoke(
        token="aws:efs/getFileSystem:getFileSystem",
        service="efs",
        op="DescribeFileSystems",
        answer={
            "id": "FileSystems[0].FileSystemId",
            "fileSystemId": "FileSystems[0].FileSystemId",
            "arn": "FileSystems[0].FileSystemArn",
            "creationToken": "FileSystems[0].CreationToken",
            "dnsName": "join('', [FileSystems[0].FileSystemId, '.efs.', region, '.amazonaws.com'])",
            "encrypted": "FileSystems[0].Encrypted",
            "kmsKeyId": "FileSystems[0].KmsKeyId",
            "performanceMode": "FileSystems[0].PerformanceMode",
            "throughputMode": "FileSystems[0].ThroughputMode",
            "protections": "[{replicationOverwrite: FileSystems[0].FileSystemProtection.ReplicationOverwriteProtection}]",
        },
    ),
)
