"""RDS: Aurora clusters, their instances and global databases, and Multi-AZ DB clusters."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.provider.api import AwsError
from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Invoke, Resource, arn_tags

TAGS = arn_tags(arn_param="ResourceName", add="AddTagsToResource", remove="RemoveTagsFromResource")
MODIFIED = (
    "allocatedStorage",
    "autoMinorVersionUpgrade",
    "backupRetentionPeriod",
    "copyTagsToSnapshot",
    "databaseInsightsMode",
    "deletionProtection",
    "engineVersion",
    "iamDatabaseAuthenticationEnabled",
    "iops",
    "monitoringInterval",
    "monitoringRoleArn",
    "performanceInsightsEnabled",
    "performanceInsightsKmsKeyId",
    "performanceInsightsRetentionPeriod",
    "storageType",
    "vpcSecurityGroupIds",
)
"""Properties that clusters and instances alike change by their Modify call."""
LONGEST = 63
"""Characters of a cluster's or an instance's identifier."""

NAMES = {
    "caCertIdentifier": "CACertificateIdentifier",
    "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
    "iamDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
    "performanceInsightsEnabled": "EnablePerformanceInsights",
}


def modified(what: str, take: Sequence[str], *, written: str) -> tuple[Call, ...]:
    """How an instance or a cluster is changed at once; `take` is what only its kind has. A password is only `written`, by its version."""
    action, fixed = f"Modify{what}", {f"{what}Identifier": "id", "ApplyImmediately": "`true`"}
    return (
        Call(action, fixed, take=(*MODIFIED, *take)),
        Call(action, fixed, take=(written,), when=(f"{written}Version",)),
        Call(action, fixed, take=("enabledCloudwatchLogsExports",), whole=True, adjust=log_exports),
    )


def log_exports(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """Turn the wanted logs into what is to be switched on and off."""
    old = set(ctx.old.get("enabledCloudwatchLogsExports") or [])
    new = set(ctx.inputs.get("enabledCloudwatchLogsExports") or [])
    change = {"EnableLogTypes": sorted(new - old), "DisableLogTypes": sorted(old - new)}
    return {**params, "CloudwatchLogsExportConfiguration": {k: v for k, v in change.items() if v}}


def final_snapshot(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """Say what becomes of the data at deletion, as the inputs have it."""
    skip = bool(ctx.inputs.get("skipFinalSnapshot"))
    more: dict[str, Any] = {"SkipFinalSnapshot": skip}
    if not skip and ctx.inputs.get("finalSnapshotIdentifier"):
        key = "FinalDBSnapshotIdentifier"
        more[key] = ctx.inputs["finalSnapshotIdentifier"]
    more["DeleteAutomatedBackups"] = ctx.inputs.get("deleteAutomatedBackups") is not False
    return {**params, **more}


AT_DELETION = {
    "skipFinalSnapshot": "used by delete",
    "finalSnapshotIdentifier": "used by delete",
    "deleteAutomatedBackups": "used by delete",
    "applyImmediately": "the sandbox applies every change at once",
}


class _GlobalCluster(Resource):
    """A global database; with `forceDestroy` it lets go of its members before it goes, the one that writes last."""

    def change(self, ctx: Context, changed: frozenset[str]) -> None:
        """Upgrade it as a whole, or member by member where AWS wants that, the one that writes last."""
        try:
            ctx.alter(changed)
        except AwsError as error:
            if "only be used for Major Version Upgrades" not in error.message:
                raise
            members = (self.find(ctx) or {}).get("GlobalClusterMembers", [])
            for arn in (m["DBClusterArn"] for m in sorted(members, key=lambda each: bool(each["IsWriter"]))):
                new = {
                    "DBClusterIdentifier": arn.split(":")[-1],
                    "EngineVersion": ctx.inputs["engineVersion"],
                }
                ctx.call("ModifyDBCluster", {**new, "ApplyImmediately": True}, region=arn.split(":")[3])

    def remove(self, ctx: Context) -> None:
        found = self.find(ctx) if ctx.inputs.get("forceDestroy") else None
        members = found["GlobalClusterMembers"] if found else []
        for member in sorted(members, key=lambda each: bool(each["IsWriter"])):
            gone = {"GlobalClusterIdentifier": ctx.id, "DbClusterIdentifier": member["DBClusterArn"]}
            ctx.call("RemoveFromGlobalCluster", gone)
        ctx.drop()


GLOBAL_CLUSTER = simulated(
    "aws:rds/globalCluster:GlobalCluster",
    _GlobalCluster,
    id="GlobalCluster.GlobalClusterIdentifier",
    update=(
        Call("ModifyGlobalCluster", {"GlobalClusterIdentifier": "id"}, take=("deletionProtection",)),
        Call(
            "ModifyGlobalCluster",
            {"GlobalClusterIdentifier": "id", "AllowMajorVersionUpgrade": "`true`"},
            take=("engineVersion",),
        ),
    ),
    outputs={
        "arn": "GlobalClusterArn",
        "endpoint": "Endpoint",
        "engineVersionActual": "EngineVersion",
        "globalClusterMembers": "GlobalClusterMembers",
        "globalClusterResourceId": "GlobalClusterResourceId",
    },
    rename={"dbClusterArn": "DBClusterArn"},
    ignore={"forceDestroy": "used by delete"},
    tags=TAGS,
    unprotect=(
        Call("ModifyGlobalCluster", {"GlobalClusterIdentifier": "id", "DeletionProtection": "`false`"}),
    ),
    kind="extended",
)


_RESTORE = Call("RestoreDBClusterFromSnapshot", {"SnapshotIdentifier": "in.snapshotIdentifier"})


class _Cluster(Resource):
    """A cluster, new or restored; it leaves its global database before it is deleted, since AWS deletes no member."""

    def made(self, ctx: Context) -> None:
        if ctx.inputs.get("snapshotIdentifier"):
            ctx.row = dataclasses.replace(self, create=_RESTORE)
        ctx.make()

    def remove(self, ctx: Context) -> None:
        name = ctx.inputs.get("globalClusterIdentifier")
        if name:
            arn = {"DbClusterIdentifier": ctx.outputs["arn"], "GlobalClusterIdentifier": name}
            try:
                ctx.call("RemoveFromGlobalCluster", arn)
            except AwsError as error:
                if not (error.missing or "is not found in global cluster" in error.message):
                    raise
        ctx.drop()


def _refuse_cluster(inputs: Mapping[str, Any], _ctx: Context) -> str | None:
    """Refuse what the real provider refuses."""
    if ("masterPasswordWo" in inputs) != ("masterPasswordWoVersion" in inputs):
        return "InvalidParameterCombination: masterPasswordWo and masterPasswordWoVersion go together"
    if inputs.get("globalClusterIdentifier") and inputs.get("snapshotIdentifier"):
        return "InvalidParameterCombination: a snapshot can't be restored into a global database; make one around the restored cluster"
    if inputs.get("globalClusterIdentifier") and inputs.get("manageMasterUserPassword"):
        return "InvalidParameterCombination: a global database can't use a password managed by RDS"
    return None


CLUSTER = simulated(
    "aws:rds/cluster:Cluster",
    _Cluster,
    id="DBCluster.DBClusterIdentifier",
    update=modified(
        "DBCluster",
        (
            "caCertificateIdentifier",
            "dbClusterInstanceClass",
            "dbClusterParameterGroupName",
            "enableGlobalWriteForwarding",
            "port",
            "preferredBackupWindow",
            "preferredMaintenanceWindow",
            "serverlessv2ScalingConfiguration",
        ),
        written="masterPasswordWo",
    ),
    delete=(Call("DeleteDBCluster", {"DBClusterIdentifier": "id"}, adjust=final_snapshot),),
    rename={
        **NAMES,
        "clusterIdentifier": "DBClusterIdentifier",
        "masterPassword": "MasterUserPassword",
        "masterPasswordWo": "MasterUserPassword",
    },
    outputs={
        "arn": "DBClusterArn",
        "clusterIdentifier": "DBClusterIdentifier",
        "clusterMembers": "DBClusterMembers[].DBInstanceIdentifier",
        "clusterResourceId": "DbClusterResourceId",
        "dbClusterParameterGroupName": "DBClusterParameterGroup",
        "dbSubnetGroupName": "DBSubnetGroup",
        "engineVersionActual": "EngineVersion",
        "vpcSecurityGroupIds": "VpcSecurityGroups[].VpcSecurityGroupId",
    },
    tags=TAGS,
    ignore=AT_DELETION,
    replace=("snapshotIdentifier",),
    autoname=("clusterIdentifier", LONGEST),
    unprotect=(
        Call(
            "ModifyDBCluster",
            {"DBClusterIdentifier": "id", "ApplyImmediately": "`true`", "DeletionProtection": "`false`"},
        ),
    ),
    ready="Status == 'available'",
    refuse=_refuse_cluster,
    kind="extended",
)


class _ClusterInstance(Resource):
    """An instance of a cluster, which alone knows whether it writes."""

    def find(self, ctx: Context) -> dict[str, Any] | None:
        found = ctx.look()
        if found is None:
            return None
        answer = ctx.api.call(
            "rds", "DescribeDBClusters", {"DBClusterIdentifier": found["DBClusterIdentifier"]}, ctx.region
        )
        members = answer["DBClusters"][0]["DBClusterMembers"]
        mine = [m for m in members if m["DBInstanceIdentifier"] == ctx.id]
        return {**found, "Writer": bool(mine) and mine[0]["IsClusterWriter"]}


CLUSTER_INSTANCE = simulated(
    "aws:rds/clusterInstance:ClusterInstance",
    _ClusterInstance,
    id="DBInstance.DBInstanceIdentifier",
    update=(
        Call(
            "ModifyDBInstance",
            {"DBInstanceIdentifier": "id", "ApplyImmediately": "`true`"},
            take=(
                "autoMinorVersionUpgrade",
                "caCertIdentifier",
                "copyTagsToSnapshot",
                "dbParameterGroupName",
                "instanceClass",
                "monitoringInterval",
                "monitoringRoleArn",
                "performanceInsightsEnabled",
                "performanceInsightsKmsKeyId",
                "performanceInsightsRetentionPeriod",
                "preferredMaintenanceWindow",
                "promotionTier",
                "publiclyAccessible",
            ),
        ),
    ),
    delete=(Call("DeleteDBInstance", {"DBInstanceIdentifier": "id", "SkipFinalSnapshot": "`true`"}),),
    rename={
        **NAMES,
        "clusterIdentifier": "DBClusterIdentifier",
        "identifier": "DBInstanceIdentifier",
        "instanceClass": "DBInstanceClass",
    },
    outputs={
        "arn": "DBInstanceArn",
        "identifier": "DBInstanceIdentifier",
        "dbiResourceId": "DbiResourceId",
        "dbSubnetGroupName": "DBSubnetGroup.DBSubnetGroupName",
        "dbParameterGroupName": "DBParameterGroups[0].DBParameterGroupName",
        "endpoint": "Endpoint.Address",
        "port": "Endpoint.Port",
        "engineVersionActual": "EngineVersion",
        "writer": "Writer",
    },
    tags=TAGS,
    ignore={"applyImmediately": AT_DELETION["applyImmediately"]},
    autoname=("identifier", LONGEST),
    ready="DBInstanceStatus == 'available'",
    kind="extended",
)


RESOURCES = (GLOBAL_CLUSTER, CLUSTER, CLUSTER_INSTANCE)

INVOKES = (
    Invoke(
        token="aws:rds/getGlobalCluster:getGlobalCluster",  # noqa: S106  a function's token is no secret
        service="rds",
        op="DescribeGlobalClusters",
        params={"GlobalClusterIdentifier": "in.identifier"},
        take=False,
        answer={
            "id": "GlobalClusters[0].GlobalClusterIdentifier",
            "identifier": "GlobalClusters[0].GlobalClusterIdentifier",
            "arn": "GlobalClusters[0].GlobalClusterArn",
            "databaseName": "GlobalClusters[0].DatabaseName",
            "deletionProtection": "GlobalClusters[0].DeletionProtection",
            "endpoint": "GlobalClusters[0].Endpoint",
            "engine": "GlobalClusters[0].Engine",
            "engineVersion": "GlobalClusters[0].EngineVersion",
            "members": "GlobalClusters[0].GlobalClusterMembers[].{dbClusterArn: DBClusterArn, isWriter: IsWriter}",
            "resourceId": "GlobalClusters[0].GlobalClusterResourceId",
            "storageEncrypted": "GlobalClusters[0].StorageEncrypted",
        },
    ),
)
