"""EKS: clusters, node groups and Fargate profiles."""

from __future__ import annotations

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.table import Call, Read

CLUSTER = simulated(
    "aws:eks/cluster:Cluster",
    id="cluster.name",
    read=Read("DescribeCluster", {"name": "id"}, path="cluster"),
    delete=(Call("DeleteCluster", {"name": "id"}),),
    rename={"vpcConfig": "resourcesVpcConfig", "enabledClusterLogTypes": "recorded"},
    outputs={
        "identities": "[{oidcs: [{issuer: identity.oidc.issuer}]}]",
        "certificateAuthority": "certificateAuthority",
    },
    keeps=True,
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
    delete=(Call("DeleteNodegroup", {"clusterName": "in.clusterName", "nodegroupName": "in.nodeGroupName"}),),
    rename={"nodeRoleArn": "nodeRole", "subnetIds": "subnets"},
    replace=("clusterName",),
    outputs={"arn": "nodegroupArn"},
    keeps=True,
)
RESOURCES = (CLUSTER, NODES)
