"""RDS: DB instances and their replicas, and proxies."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.services.rds import (
    AT_DELETION,
    LONGEST,
    NAMES,
    TAGS,
    final_snapshot,
    modified,
)
from sandbox.provider.table import Call, Read, Resource

_REPLICATE = Call("CreateDBInstanceReadReplica", {"SourceDBInstanceIdentifier": "in.replicateSourceDb"})
_RESTORE = Call("RestoreDBInstanceFromDBSnapshot", {"DBSnapshotIdentifier": "in.snapshotIdentifier"})

_POINT_IN_TIME = Call(
    "RestoreDBInstanceToPointInTime",
    {
        "RestoreTime": "in.restoreToPointInTime.restoreTime",
        "SourceDBInstanceAutomatedBackupsArn": "in.restoreToPointInTime.sourceDbInstanceAutomatedBackupsArn",
        "SourceDBInstanceIdentifier": "in.restoreToPointInTime.sourceDbInstanceIdentifier",
        "SourceDbiResourceId": "in.restoreToPointInTime.sourceDbiResourceId",
        "TargetDBInstanceIdentifier": "in.identifier",
        "UseLatestRestorableTime": "in.restoreToPointInTime.useLatestRestorableTime",
    },
)


class _Instance(Resource):
    """A DB instance: new, a replica of another, or restored from a snapshot or to a moment."""

    def made(self, ctx: Context) -> None:
        how = self.create
        if ctx.inputs.get("replicateSourceDb"):
            how = _REPLICATE
        elif ctx.inputs.get("snapshotIdentifier"):
            how = _RESTORE
        elif ctx.inputs.get("restoreToPointInTime"):
            how = _POINT_IN_TIME
        ctx.row = dataclasses.replace(self, create=how)
        ctx.make()

    def change(self, ctx: Context, changed: frozenset[str]) -> None:
        if "replicateSourceDb" in changed:
            ctx.call("PromoteReadReplica", {"DBInstanceIdentifier": ctx.id})
        ctx.alter(changed - {"replicateSourceDb"})


def _refuse(inputs: Mapping[str, Any], _ctx: Context) -> str | None:
    if ("passwordWo" in inputs) != ("passwordWoVersion" in inputs):
        return "InvalidParameterCombination: passwordWo and passwordWoVersion go together"
    if inputs.get("multiAz") and inputs.get("availabilityZone"):
        return "InvalidParameterCombination: Requesting a specific availability zone is not valid for Multi-AZ instances."
    return None


INSTANCE = simulated(
    "aws:rds/instance:Instance",
    _Instance,
    id="DBInstance.DBInstanceIdentifier",
    update=modified(
        "DBInstance",
        (
            "backupWindow",
            "caCertIdentifier",
            "instanceClass",
            "maintenanceWindow",
            "maxAllocatedStorage",
            "multiAz",
            "optionGroupName",
            "parameterGroupName",
            "publiclyAccessible",
            "replicaMode",
            "storageThroughput",
        ),
        written="passwordWo",
    ),
    delete=(Call("DeleteDBInstance", {"DBInstanceIdentifier": "id"}, adjust=final_snapshot),),
    rename={
        **NAMES,
        "backupWindow": "PreferredBackupWindow",
        "identifier": "DBInstanceIdentifier",
        "instanceClass": "DBInstanceClass",
        "maintenanceWindow": "PreferredMaintenanceWindow",
        "parameterGroupName": "DBParameterGroupName",
        "password": "MasterUserPassword",
        "passwordWo": "MasterUserPassword",
        "username": "MasterUsername",
    },
    outputs={
        "address": "Endpoint.Address",
        "arn": "DBInstanceArn",
        "dbSubnetGroupName": "DBSubnetGroup.DBSubnetGroupName",
        "endpoint": "join(':', [Endpoint.Address, to_string(Endpoint.Port)])",
        "engineVersionActual": "EngineVersion",
        "hostedZoneId": "Endpoint.HostedZoneId",
        "identifier": "DBInstanceIdentifier",
        "parameterGroupName": "DBParameterGroups[0].DBParameterGroupName",
        "port": "Endpoint.Port",
        "replicas": "ReadReplicaDBInstanceIdentifiers",
        "resourceId": "DbiResourceId",
        "status": "DBInstanceStatus",
        "vpcSecurityGroupIds": "VpcSecurityGroups[].VpcSecurityGroupId",
    },
    tags=TAGS,
    ignore=AT_DELETION,
    replace=("replicateSourceDb", "restoreToPointInTime", "snapshotIdentifier"),
    autoname=("identifier", LONGEST),
    unprotect=(
        Call(
            "ModifyDBInstance",
            {"DBInstanceIdentifier": "id", "ApplyImmediately": "`true`", "DeletionProtection": "`false`"},
        ),
    ),
    ready="DBInstanceStatus == 'available'",
    refuse=_refuse,
    kind="extended",
)

PROXY = simulated(
    "aws:rds/proxy:Proxy",
    id="DBProxy.DBProxyName",
    update=(
        Call(
            "ModifyDBProxy",
            {"DBProxyName": "id"},
            take=(
                "auths",
                "debugLogging",
                "idleClientTimeout",
                "requireTls",
                "roleArn",
                "vpcSecurityGroupIds",
            ),
            rename={"vpcSecurityGroupIds": "SecurityGroups"},
        ),
    ),
    rename={"name": "DBProxyName", "auths": "Auth"},
    outputs={"arn": "DBProxyArn", "endpoint": "Endpoint", "name": "DBProxyName"},
    tags=TAGS,
    autoname=("name", LONGEST),
    kind="extended",
)

_POOL = Call("ModifyDBProxyTargetGroup", {"TargetGroupName": "'default'"}, whole=True)

PROXY_TARGET_GROUP = simulated(
    "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup",
    create=_POOL,
    read=Read("DescribeDBProxyTargetGroups", {"DBProxyName": "id"}, path="TargetGroups[0]"),
    update=(_POOL,),
    outputs={"arn": "TargetGroupArn", "name": "TargetGroupName"},
    replace=("dbProxyName",),
)


def _target(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """Name the target as the deregistering call wants it."""
    names = {
        "dbClusterIdentifier": "DBClusterIdentifiers",
        "dbInstanceIdentifier": "DBInstanceIdentifiers",
    }
    return {**params, **{to: [ctx.inputs[name]] for name, to in names.items() if ctx.inputs.get(name)}}


_WHICH = "in.dbClusterIdentifier || in.dbInstanceIdentifier"

PROXY_TARGET = simulated(
    "aws:rds/proxyTarget:ProxyTarget",
    id=f"join('/', [in.dbProxyName, in.targetGroupName, {_WHICH}])",
    read=Read("DescribeDBProxyTargets", {"DBProxyName": "in.dbProxyName"}, path="Targets[0]"),
    delete=(
        Call(
            "DeregisterDBProxyTargets",
            {"DBProxyName": "in.dbProxyName", "TargetGroupName": "in.targetGroupName"},
            adjust=_target,
        ),
    ),
    outputs={"rdsResourceId": "RdsResourceId", "type": "Type", "port": "Port", "endpoint": "Endpoint"},
)

RESOURCES = (INSTANCE, PROXY, PROXY_TARGET_GROUP, PROXY_TARGET)
