"""ElastiCache: replication groups and their datastores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.services.elasticache_parts import TAGS, joins_and_leaves
from sandbox.provider.table import Call, Read, Resource

_ON = "`true`"


def _short(told: dict[str, Any]) -> dict[str, Any]:
    """Versions without their patch level, as the real provider has them."""
    version = told.get("engineVersion")
    return {**told, "engineVersion": ".".join(version.split(".")[:2])} if version else told


class _Group(Resource):
    """A replication group; as a secondary it leaves its datastore before it goes, as the real provider has it."""

    def change(self, ctx: Context, changed: frozenset[str]) -> None:
        counts = changed & {"numCacheClusters", "replicasPerNodeGroup"}
        for name in counts:
            apart = 1 if name == "numCacheClusters" else 0
            old, new = (int(each[name]) - apart for each in (ctx.old, ctx.inputs))
            call = "IncreaseReplicaCount" if new > old else "DecreaseReplicaCount"
            which = {"ReplicationGroupId": ctx.id, "ApplyImmediately": True}
            ctx.call(call, {**which, "NewReplicaCount": new})
        ctx.alter(changed - counts)

    def says(self, ctx: Context, found: Mapping[str, Any]) -> dict[str, Any]:
        return _short(ctx.said(found))

    def remove(self, ctx: Context) -> None:
        found = self.find(ctx) or {}
        told = found.get("GlobalReplicationGroupInfo") or {}
        if told.get("GlobalReplicationGroupMemberRole") == "SECONDARY":
            which = {
                "GlobalReplicationGroupId": told["GlobalReplicationGroupId"],
                "ReplicationGroupId": ctx.id,
                "ReplicationGroupRegion": ctx.region,
            }
            ctx.call("DisassociateGlobalReplicationGroup", which)
        ctx.drop()


def _last(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    name = ctx.inputs.get("finalSnapshotIdentifier")
    return {**params, "FinalSnapshotIdentifier": name} if name else params


NOT_BESIDE_A_DATASTORE = (
    "atRestEncryptionEnabled",
    "engine",
    "engineVersion",
    "nodeType",
    "numNodeGroups",
    "parameterGroupName",
    "securityGroupNames",
    "snapshotArns",
    "snapshotName",
    "transitEncryptionEnabled",
)
"""What the real provider takes only without globalReplicationGroupId."""


def _refuse(inputs: Mapping[str, Any], _ctx: Context) -> str | None:
    """Refuse what the real provider refuses."""
    told = [name for name in NOT_BESIDE_A_DATASTORE if inputs.get(name) is not None]
    if inputs.get("globalReplicationGroupId") and told:
        return f"InvalidParameterCombination: globalReplicationGroupId conflicts with {', '.join(told)}"
    if not inputs.get("globalReplicationGroupId") and not inputs.get("nodeType"):
        return "InvalidParameterCombination: one of nodeType and globalReplicationGroupId is required"
    if inputs.get("multiAzEnabled") is True and inputs.get("automaticFailoverEnabled") is not True:
        return "InvalidParameterCombination: automaticFailoverEnabled must be true if multiAzEnabled is true"
    failing_over = inputs.get("automaticFailoverEnabled") is True or inputs.get("multiAzEnabled") is True
    if failing_over and inputs.get("numCacheClusters") == 1:
        return "InvalidParameterCombination: numCacheClusters must be at least 2 if automaticFailoverEnabled is true"
    if "numCacheClusters" in inputs and ("numNodeGroups" in inputs or "replicasPerNodeGroup" in inputs):
        return "InvalidParameterCombination: numCacheClusters conflicts with numNodeGroups and replicasPerNodeGroup"
    return None


_MODIFIED = (
    "autoMinorVersionUpgrade",
    "automaticFailoverEnabled",
    "description",
    "engine",
    "engineVersion",
    "maintenanceWindow",
    "multiAzEnabled",
    "nodeType",
    "notificationTopicArn",
    "parameterGroupName",
    "securityGroupIds",
    "snapshotRetentionLimit",
    "snapshotWindow",
    "transitEncryptionMode",
)

GROUP = simulated(
    "aws:elasticache/replicationGroup:ReplicationGroup",
    _Group,
    id="ReplicationGroup.ReplicationGroupId",
    read=Read(
        "DescribeReplicationGroups",
        {"ReplicationGroupId": "id"},
        path="ReplicationGroups[0]",
    ),
    update=(
        Call("ModifyReplicationGroup", {"ReplicationGroupId": "id", "ApplyImmediately": _ON}, take=_MODIFIED),
        Call(
            "ModifyReplicationGroup",
            {"ReplicationGroupId": "id", "ApplyImmediately": _ON},
            take=("userGroupIds",),
            whole=True,
            adjust=joins_and_leaves("userGroupIds"),
        ),
        # Made by `change`, which knows the direction.
        Call(
            "IncreaseReplicaCount",
            {"ReplicationGroupId": "id", "ApplyImmediately": _ON},
            when=("numCacheClusters", "replicasPerNodeGroup"),
        ),
    ),
    delete=(Call("DeleteReplicationGroup", {"ReplicationGroupId": "id"}, adjust=_last),),
    rename={
        "description": "ReplicationGroupDescription",
        "maintenanceWindow": "PreferredMaintenanceWindow",
        "multiAzEnabled": "MultiAZEnabled",
        "nodeType": "CacheNodeType",
        "parameterGroupName": "CacheParameterGroupName",
        "preferredCacheClusterAzs": "PreferredCacheClusterAZs",
        "subnetGroupName": "CacheSubnetGroupName",
    },
    outputs={
        "arn": "ARN",
        "automaticFailoverEnabled": "AutomaticFailover == 'enabled'",
        "clusterEnabled": "ClusterEnabled",
        "configurationEndpointAddress": "ConfigurationEndpoint.Address",
        "globalReplicationGroupId": "GlobalReplicationGroupInfo.GlobalReplicationGroupId",
        "memberClusters": "MemberClusters",
        "multiAzEnabled": "MultiAZ == 'enabled'",
        "numCacheClusters": "!ClusterEnabled && length(MemberClusters) || `null`",
        "port": "(ConfigurationEndpoint || NodeGroups[0].PrimaryEndpoint).Port",
        "primaryEndpointAddress": "NodeGroups[0].PrimaryEndpoint.Address",
        "readerEndpointAddress": "NodeGroups[0].ReaderEndpoint.Address",
    },
    tags=TAGS,
    ignore={
        "applyImmediately": "the sandbox applies every change at once",
        "finalSnapshotIdentifier": "used by delete",
    },
    autoname=("replicationGroupId", 40),
    ready="Status == 'available'",
    refuse=_refuse,
    kind="extended",
)

_PRIMARY = "Members[?Role == 'PRIMARY'] | [0]"


class _Datastore(Resource):
    """A Global Datastore, which grows and shrinks by calls of their own."""

    def says(self, ctx: Context, found: Mapping[str, Any]) -> dict[str, Any]:
        return _short(ctx.said(found))

    def change(self, ctx: Context, changed: frozenset[str]) -> None:
        if "numNodeGroups" in changed:
            old, new = int(ctx.old["numNodeGroups"]), int(ctx.inputs["numNodeGroups"])
            call = "Increase" if new > old else "Decrease"
            ctx.call(
                f"{call}NodeGroupsInGlobalReplicationGroup",
                {"GlobalReplicationGroupId": ctx.id, "NodeGroupCount": new, "ApplyImmediately": True},
            )
        ctx.alter(changed - {"numNodeGroups"})


GLOBAL = simulated(
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup",
    _Datastore,
    create=Call(
        "CreateGlobalReplicationGroup",
        take=(
            "globalReplicationGroupDescription",
            "globalReplicationGroupIdSuffix",
            "primaryReplicationGroupId",
        ),
    ),
    id="GlobalReplicationGroup.GlobalReplicationGroupId",
    read=Read(
        "DescribeGlobalReplicationGroups",
        {"GlobalReplicationGroupId": "id", "ShowMemberInfo": _ON},
        path="GlobalReplicationGroups[0]",
    ),
    update=(
        Call(
            "ModifyGlobalReplicationGroup",
            {"GlobalReplicationGroupId": "id", "ApplyImmediately": _ON},
            take=(
                "automaticFailoverEnabled",
                "cacheNodeType",
                "engine",
                "engineVersion",
                "globalReplicationGroupDescription",
                "parameterGroupName",
            ),
        ),
    ),
    rename={"parameterGroupName": "CacheParameterGroupName"},
    ignore={"numNodeGroups": "used by update; the primary's at creation"},
    delete=(
        Call(
            "DeleteGlobalReplicationGroup",
            {"GlobalReplicationGroupId": "id", "RetainPrimaryReplicationGroup": _ON},
        ),
    ),
    outputs={
        "arn": "ARN",
        "automaticFailoverEnabled": f"({_PRIMARY}).AutomaticFailover == 'enabled'",
        "engineVersionActual": "EngineVersion",
        "globalReplicationGroupId": "GlobalReplicationGroupId",
        "primaryReplicationGroupId": f"({_PRIMARY}).ReplicationGroupId",
    },
    replace=("primaryReplicationGroupId",),
    kind="extended",
)

RESOURCES = (GROUP, GLOBAL)
