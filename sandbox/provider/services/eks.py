"""EKS: clusters, node groups and Fargate profiles."""

from __future__ import annotations

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.table import Call, Read

_CHANGES = tuple(
    Call("UpdateClusterConfig", {"name": "id"}, take=(each,), rename={"vpcConfig": "resourcesVpcConfig"})
    for each in ("deletionProtection", "upgradePolicy", "vpcConfig", "zonalShiftConfig")
)
"""One kind of change a call, as AWS has it."""
CLUSTER = simulated(
    "aws:eks/cluster:Cluster",
    id="cluster.name",
    read=Read("DescribeCluster", {"name": "id"}, path="cluster"),
    update=(*_CHANGES, Call("UpdateClusterVersion", {"name": "id"}, take=("version",))),
    delete=(Call("DeleteCluster", {"name": "id"}),),
    rename={"vpcConfig": "resourcesVpcConfig", "enabledClusterLogTypes": "recorded"},
    outputs={
        "identities": "[{oidcs: [{issuer: identity.oidc.issuer}]}]",
        "certificateAuthority": "certificateAuthority",
        "vpcConfig": "merge(resourcesVpcConfig, {publicAccessCidrs: resourcesVpcConfig.publicAccessCidrs || ['0.0.0.0/0']})",
    },
    keeps=True,
    kind="extended",
)
NODES = simulated(
    "aws:eks/nodeGroup:NodeGroup",
    create=Call("CreateNodegroup", {"clusterName": "in.clusterName", "nodegroupName": "in.nodeGroupName"}),
    id="join(':', [in.clusterName, in.nodeGroupName])",
    read=Read(
        "DescribeNodegroup",
        {"clusterName": "in.clusterName", "nodegroupName": "in.nodeGroupName"},
        path="nodegroup",
    ),
    update=(
        Call(
            "UpdateNodegroupConfig",
            {"clusterName": "in.clusterName", "nodegroupName": "in.nodeGroupName"},
            take=("nodeRepairConfig", "scalingConfig", "updateConfig"),
        ),
        Call(
            "UpdateNodegroupVersion",
            {"clusterName": "in.clusterName", "nodegroupName": "in.nodeGroupName"},
            take=("launchTemplate", "releaseVersion", "version"),
        ),
    ),
    delete=(Call("DeleteNodegroup", {"clusterName": "in.clusterName", "nodegroupName": "in.nodeGroupName"}),),
    rename={"nodeRoleArn": "nodeRole", "subnetIds": "subnets"},
    replace=("clusterName",),
    outputs={
        "arn": "nodegroupArn",
        "resources": "[{autoscalingGroups: resources.autoScalingGroups}]",
    },
    keeps=True,
    kind="extended",
)
RESOURCES = (CLUSTER, NODES)
