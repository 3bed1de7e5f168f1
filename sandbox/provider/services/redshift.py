"""Redshift: clusters, what they stand on, their logs, and their snapshots' schedules and copies."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Read, Resource, arn_tags

TAGS = arn_tags(
    arn_param="ResourceName", add="CreateTags", remove="DeleteTags", add_param="Tags", remove_param="TagKeys"
)
_RESTORE = Call("RestoreFromClusterSnapshot", {"SnapshotIdentifier": "in.snapshotIdentifier"})
_CLUSTER = {"ClusterIdentifier": "id"}
_ONCE = ("databaseName", "masterUsername", "snapshotArn", "snapshotClusterIdentifier", "snapshotIdentifier")
"""What a change of replaces a cluster."""


class _Cluster(Resource):
    """A cluster, new or restored from a snapshot. A restore takes no tags, and the real provider gives it none until the next change."""

    def made(self, ctx: Context) -> None:
        if ctx.inputs.get("snapshotIdentifier"):
            ctx.row = dataclasses.replace(self, create=_RESTORE, tags=None, update=())
        ctx.make()


def _refuse(inputs: Mapping[str, Any], _ctx: Context) -> str | None:
    """What the real provider refuses."""
    if inputs.get("multiAz") and inputs.get("availabilityZoneRelocationEnabled"):
        return "availability_zone_relocation_enabled and multi_az cannot be both true"
    return None


def _final(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """Say what becomes of the data at deletion, as the inputs have it."""
    skip = bool(ctx.inputs.get("skipFinalSnapshot"))
    name = None if skip else ctx.inputs.get("finalSnapshotIdentifier")
    return {
        **params,
        "SkipFinalClusterSnapshot": skip,
        **({"FinalClusterSnapshotIdentifier": name} if name else {}),
    }


CLUSTER = simulated(
    "aws:redshift/cluster:Cluster",
    _Cluster,
    id="Cluster.ClusterIdentifier",
    read=Read("DescribeClusters", _CLUSTER, path="Clusters[0]"),
    update=(
        Call(
            "ModifyCluster",
            _CLUSTER,
            take=(
                "allowVersionUpgrade",
                "automatedSnapshotRetentionPeriod",
                "availabilityZoneRelocationEnabled",
                "clusterParameterGroupName",
                "clusterType",
                "clusterVersion",
                "encrypted",
                "enhancedVpcRouting",
                "kmsKeyId",
                "manageMasterPassword",
                "masterPasswordSecretKmsKeyId",
                "multiAz",
                "nodeType",
                "numberOfNodes",
                "preferredMaintenanceWindow",
                "publiclyAccessible",
                "vpcSecurityGroupIds",
            ),
        ),
    ),
    delete=(Call("DeleteCluster", _CLUSTER, adjust=_final),),
    rename={
        "availabilityZoneRelocationEnabled": "AvailabilityZoneRelocation",
        "databaseName": "DBName",
        "masterPassword": "MasterUserPassword",
        "multiAz": "MultiAZ",
    },
    outputs={
        "arn": "join('', ['arn:aws:redshift:', region, ':', account, ':cluster:', id])",
        "clusterNamespaceArn": "ClusterNamespaceArn",
        "dnsName": "Endpoint.Address",
        "endpoint": "join(':', [Endpoint.Address, to_string(Endpoint.Port)])",
        "port": "Endpoint.Port",
        "availabilityZoneRelocationEnabled": "AvailabilityZoneRelocationStatus == 'enabled'",
        "clusterParameterGroupName": "ClusterParameterGroups[0].ParameterGroupName",
        "databaseName": "DBName",
        "multiAz": "MultiAZ == 'Enabled'",
        "vpcSecurityGroupIds": "VpcSecurityGroups[].VpcSecurityGroupId",
    },
    tags=TAGS,
    ignore={
        "applyImmediately": "says when a change is made",
        "finalSnapshotIdentifier": "at deletion",
        "skipFinalSnapshot": "at deletion",
    },
    replace=("clusterIdentifier", "clusterSubnetGroupName", *_ONCE),
    refuse=_refuse,
    keeps=True,
    kind="extended",
)

SUBNET_GROUP = simulated(
    "aws:redshift/subnetGroup:SubnetGroup",
    id="ClusterSubnetGroup.ClusterSubnetGroupName",
    read=Read("DescribeClusterSubnetGroups", {"ClusterSubnetGroupName": "id"}, path="ClusterSubnetGroups[0]"),
    update=(
        Call(
            "ModifyClusterSubnetGroup",
            {"ClusterSubnetGroupName": "id"},
            take=("description", "subnetIds"),
            whole=True,
        ),
    ),
    delete=(Call("DeleteClusterSubnetGroup", {"ClusterSubnetGroupName": "id"}),),
    rename={"name": "ClusterSubnetGroupName"},
    outputs={
        "arn": "join('', ['arn:aws:redshift:', region, ':', account, ':subnetgroup:', id])",
        "name": "ClusterSubnetGroupName",
    },
    defaults={"description": "Managed by Pulumi"},
    replace=("name",),
    tags=TAGS,
    autoname=("name", 255),
    kind="extended",
)


class _Parameters(Resource):
    """A parameter group; parameters no longer named go back to the engine's own value."""

    def made(self, ctx: Context) -> None:
        ctx.make()
        self._set(ctx)

    def change(self, ctx: Context, changed: frozenset[str]) -> None:
        if "parameters" in changed:
            new = {each["name"] for each in ctx.inputs.get("parameters") or ()}
            gone = [e["name"] for e in ctx.old.get("parameters") or () if e["name"] not in new]
            if gone:
                listed = [{"ParameterName": name} for name in gone]
                ctx.call("ResetClusterParameterGroup", {"ParameterGroupName": ctx.id, "Parameters": listed})
            self._set(ctx)
        ctx.alter(changed - {"parameters"})

    def _set(self, ctx: Context) -> None:
        wanted = [
            {"ParameterName": each["name"], "ParameterValue": str(each["value"])}
            for each in ctx.inputs.get("parameters") or ()
        ]
        if wanted:
            ctx.call("ModifyClusterParameterGroup", {"ParameterGroupName": ctx.id, "Parameters": wanted})


PARAMETER_GROUP = simulated(
    "aws:redshift/parameterGroup:ParameterGroup",
    _Parameters,
    create=Call("CreateClusterParameterGroup", take=("name", "family", "description")),
    id="ClusterParameterGroup.ParameterGroupName",
    read=Read("DescribeClusterParameterGroups", {"ParameterGroupName": "id"}, path="ParameterGroups[0]"),
    delete=(Call("DeleteClusterParameterGroup", {"ParameterGroupName": "id"}),),
    rename={"name": "ParameterGroupName", "family": "ParameterGroupFamily"},
    outputs={
        "arn": "join('', ['arn:aws:redshift:', region, ':', account, ':parametergroup:', id])",
        "name": "ParameterGroupName",
    },
    ignore={"parameters": "set by a call of their own"},
    defaults={"description": "Managed by Pulumi"},
    replace=("name", "family", "description"),
    tags=TAGS,
    autoname=("name", 255),
    kind="extended",
)

RESOURCES = (CLUSTER, SUBNET_GROUP, PARAMETER_GROUP)
