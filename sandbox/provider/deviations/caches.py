"""Caches and shared files."""

from __future__ import annotations

from sandbox.provider.deviations.deviation import Deviation
from sandbox.provider.table import Read

_NODE = Read(
    "DescribeCacheClusters",
    {"CacheClusterId": "out.memberClusters[0] || join('', [id, '-001'])"},
    path="CacheClusters[0].{EngineVersion: EngineVersion, Window: PreferredMaintenanceWindow, Subnets: CacheSubnetGroupName,"
    " Parameters: CacheParameterGroup.CacheParameterGroupName, Groups: SecurityGroups[].SecurityGroupId,"
    " Topic: NotificationConfiguration.TopicArn}",
)
_SECRET = "AWS tells no passwords"  # noqa: S105  a reason
_ONCE = "read at creation only"

DEVIATIONS = {
    "aws:elasticache/subnetGroup:SubnetGroup": Deviation(told={"subnetIds": "Subnets[].SubnetIdentifier"}),
    "aws:elasticache/parameterGroup:ParameterGroup": Deviation(
        reads=(
            Read(
                "DescribeCacheParameters",
                {"CacheParameterGroupName": "id", "Source": "'user'"},
                path="{Parameters: Parameters}",
            ),
        ),
        told={"parameters": "Parameters[].{name: ParameterName, value: ParameterValue}"},
    ),
    "aws:elasticache/user:User": Deviation(
        told={"authenticationMode": "{type: Authentication.Type}"},
        silent={"passwords": _SECRET, "noPasswordRequired": "told by how she signs in"},
    ),
    "aws:elasticache/replicationGroup:ReplicationGroup": Deviation(
        reads=(_NODE,),
        told={
            "dataTieringEnabled": "DataTiering == 'enabled'",
            "engineVersion": "EngineVersion",
            "maintenanceWindow": "Window",
            "notificationTopicArn": "Topic",
            "numNodeGroups": "ClusterEnabled && length(NodeGroups) || `null`",
            "parameterGroupName": "Parameters",
            "replicasPerNodeGroup": "ClusterEnabled && length(NodeGroups[0].NodeGroupMembers[1:]) || `null`",
            "securityGroupIds": "Groups",
            "subnetGroupName": "Subnets",
        },
        silent={
            "authToken": _SECRET,
            "authTokenUpdateStrategy": "says how a token changes",
            "nodeGroupConfigurations": _ONCE,
            "preferredCacheClusterAzs": _ONCE,
            "securityGroupNames": "outside of VPCs only",
            "snapshotArns": _ONCE,
            "snapshotName": _ONCE,
        },
    ),
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": Deviation(
        told={"numNodeGroups": "ClusterEnabled && length(GlobalNodeGroups) || `null`"},
        silent={
            "globalReplicationGroupIdSuffix": "the last part of its id, by which it is found",
            "parameterGroupName": "each member has a copy of it",
        },
    ),
}
