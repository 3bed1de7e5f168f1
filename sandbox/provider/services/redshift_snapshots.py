"""Redshift: logs of a cluster, and its snapshots' schedules and copies."""

from __future__ import annotations

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.services.redshift import TAGS
from sandbox.provider.table import Call, Read

_OF_CLUSTER = {"ClusterIdentifier": "in.clusterIdentifier"}
_NAMED = {"ScheduleIdentifier": "id"}

LOGGING = simulated(
    "aws:redshift/logging:Logging",
    create=Call("EnableLogging", rename={"s3KeyPrefix": "S3KeyPrefix"}),
    id="in.clusterIdentifier",
    read=Read("DescribeLoggingStatus", {"ClusterIdentifier": "id"}, path="LoggingEnabled && @ || `null`"),
    update=(
        Call(
            "EnableLogging",
            {"ClusterIdentifier": "id"},
            take=("bucketName", "logDestinationType", "logExports", "s3KeyPrefix"),
            whole=True,
        ),
    ),
    delete=(Call("DisableLogging", {"ClusterIdentifier": "id"}),),
    replace=("clusterIdentifier",),
)
COPY_GRANT = simulated(
    "aws:redshift/snapshotCopyGrant:SnapshotCopyGrant",
    id="SnapshotCopyGrant.SnapshotCopyGrantName",
    read=Read("DescribeSnapshotCopyGrants", {"SnapshotCopyGrantName": "id"}, path="SnapshotCopyGrants[0]"),
    delete=(Call("DeleteSnapshotCopyGrant", {"SnapshotCopyGrantName": "id"}),),
    outputs={"arn": "join('', ['arn:aws:redshift:', region, ':', account, ':snapshotcopygrant:', id])"},
    replace=("snapshotCopyGrantName", "kmsKeyId"),
    tags=TAGS,
    kind="extended",
)
COPY = simulated(
    "aws:redshift/snapshotCopy:SnapshotCopy",
    create=Call("EnableSnapshotCopy"),
    id="in.clusterIdentifier",
    read=Read("DescribeClusters", {"ClusterIdentifier": "id"}, path="Clusters[0].ClusterSnapshotCopyStatus"),
    update=(
        Call(
            "ModifySnapshotCopyRetentionPeriod",
            {"ClusterIdentifier": "id"},
            take=("retentionPeriod",),
        ),
    ),
    delete=(Call("DisableSnapshotCopy", {"ClusterIdentifier": "id"}),),
    replace=("clusterIdentifier", "destinationRegion", "snapshotCopyGrantName"),
    keeps=True,
    kind="extended",
)
SCHEDULE = simulated(
    "aws:redshift/snapshotSchedule:SnapshotSchedule",
    create=Call("CreateSnapshotSchedule"),
    id="ScheduleIdentifier",
    read=Read("DescribeSnapshotSchedules", _NAMED, path="SnapshotSchedules[0]"),
    update=(Call("ModifySnapshotSchedule", _NAMED, take=("definitions",), whole=True),),
    delete=(Call("DeleteSnapshotSchedule", _NAMED),),
    rename={
        "definitions": "ScheduleDefinitions",
        "description": "ScheduleDescription",
        "identifier": "ScheduleIdentifier",
    },
    outputs={
        "arn": "join('', ['arn:aws:redshift:', region, ':', account, ':snapshotschedule:', id])",
        "identifier": "ScheduleIdentifier",
    },
    ignore={"forceDestroy": "at deletion", "identifierPrefix": "makes the identifier"},
    replace=("identifier", "description"),
    tags=TAGS,
    autoname=("identifier", 255),
    kind="extended",
)
ASSOCIATION = simulated(
    "aws:redshift/snapshotScheduleAssociation:SnapshotScheduleAssociation",
    create=Call("ModifyClusterSnapshotSchedule"),
    id="join('/', [in.clusterIdentifier, in.scheduleIdentifier])",
    read=Read(
        "DescribeSnapshotSchedules",
        {**_OF_CLUSTER, "ScheduleIdentifier": "in.scheduleIdentifier"},
        path="SnapshotSchedules[0]",
    ),
    delete=(Call("ModifyClusterSnapshotSchedule", {**_OF_CLUSTER, "DisassociateSchedule": "`true`"}),),
    replace=("clusterIdentifier", "scheduleIdentifier"),
    kind="extended",
)

RESOURCES = (LOGGING, COPY_GRANT, COPY, SCHEDULE, ASSOCIATION)
