"""RDS: custom endpoints of Aurora clusters, and endpoints of proxies."""

from __future__ import annotations

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.services.rds import TAGS
from sandbox.provider.table import Call, Read

_NAMES = {"customEndpointType": "EndpointType", "clusterEndpointIdentifier": "DBClusterEndpointIdentifier"}

CLUSTER_ENDPOINT = simulated(
    "aws:rds/clusterEndpoint:ClusterEndpoint",
    create=Call("CreateDBClusterEndpoint", rename={**_NAMES, "clusterIdentifier": "DBClusterIdentifier"}),
    id="DBClusterEndpointIdentifier",
    read=Read(
        "DescribeDBClusterEndpoints", {"DBClusterEndpointIdentifier": "id"}, path="DBClusterEndpoints[0]"
    ),
    update=(
        Call(
            "ModifyDBClusterEndpoint",
            {"DBClusterEndpointIdentifier": "id"},
            take=("customEndpointType", "excludedMembers", "staticMembers"),
            whole=True,
            rename=_NAMES,
        ),
    ),
    delete=(Call("DeleteDBClusterEndpoint", {"DBClusterEndpointIdentifier": "id"}),),
    outputs={
        "arn": "DBClusterEndpointArn",
        "endpoint": "Endpoint",
        "clusterEndpointIdentifier": "DBClusterEndpointIdentifier",
        "clusterIdentifier": "DBClusterIdentifier",
        "customEndpointType": "CustomEndpointType",
        "staticMembers": "StaticMembers",
        "excludedMembers": "ExcludedMembers",
    },
    tags=TAGS,
    ready="Status == 'available'",
    kind="extended",
)

_PROXY = {"dbProxyName": "DBProxyName", "dbProxyEndpointName": "DBProxyEndpointName"}
_NAMED = {"DBProxyEndpointName": "in.dbProxyEndpointName"}

PROXY_ENDPOINT = simulated(
    "aws:rds/proxyEndpoint:ProxyEndpoint",
    create=Call("CreateDBProxyEndpoint", rename=_PROXY),
    id="join('/', [DBProxyEndpoint.DBProxyName, DBProxyEndpoint.DBProxyEndpointName])",
    read=Read("DescribeDBProxyEndpoints", _NAMED, path="DBProxyEndpoints[0]"),
    update=(Call("ModifyDBProxyEndpoint", _NAMED, take=("vpcSecurityGroupIds",)),),
    delete=(Call("DeleteDBProxyEndpoint", _NAMED),),
    outputs={
        "arn": "DBProxyEndpointArn",
        "endpoint": "Endpoint",
        "isDefault": "IsDefault",
        "targetRole": "TargetRole",
        "vpcId": "VpcId",
        "vpcSecurityGroupIds": "VpcSecurityGroupIds",
        "vpcSubnetIds": "VpcSubnetIds",
    },
    tags=TAGS,
    ready="Status == 'available'",
    kind="extended",
)

RESOURCES = (CLUSTER_ENDPOINT, PROXY_ENDPOINT)
