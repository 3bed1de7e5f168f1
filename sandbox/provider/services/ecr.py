"""ECR: repositories, their lifecycle, and the registry's replication."""
# ruff: noqa: S106 - a resource type's token is no secret

from __future__ import annotations

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.table import Call, Read, Resource

REPOSITORY = simulated(
    "aws:ecr/repository:Repository",
    create=Call("CreateRepository", rename={"name": "repositoryName"}),
    id="repository.repositoryName",
    update=(
        Call(
            "PutImageTagMutability",
            {"repositoryName": "id"},
            take=("imageTagMutability", "imageTagMutabilityExclusionFilters"),
        ),
        Call("PutImageScanningConfiguration", {"repositoryName": "id"}, take=("imageScanningConfiguration",)),
    ),
    delete=(Call("DeleteRepository", {"repositoryName": "id", "force": "in.forceDelete || `false`"}),),
    outputs={"arn": "repositoryArn", "registryId": "registryId", "repositoryUrl": "repositoryUri"},
    ignore={"forceDelete": "used by delete"},
    autoname=("name", 256),
)
_PUT = Call(
    "PutLifecyclePolicy", rename={"repository": "repositoryName", "policy": "lifecyclePolicyText"}, whole=True
)

LIFECYCLE_POLICY = Resource(
    token="aws:ecr/lifecyclePolicy:LifecyclePolicy",
    service="ecr",
    create=_PUT,
    id="repositoryName",
    read=Read("GetLifecyclePolicy", {"repositoryName": "id"}),
    update=(_PUT,),
    delete=(Call("DeleteLifecyclePolicy", {"repositoryName": "id"}),),
    replace=("repository",),
    outputs={"registryId": "registryId"},
)

REPLICATION = simulated(
    "aws:ecr/replicationConfiguration:ReplicationConfiguration",
    id="account",
    read=Read("DescribeRegistry", path="[@][?replicationConfiguration.rules] | [0]"),
    update=(Call("PutReplicationConfiguration", whole=True),),
    delete=(Call("PutReplicationConfiguration", {"replicationConfiguration": "{rules: `[]`}"}),),
    outputs={"registryId": "registryId"},
)

RESOURCES = (REPOSITORY, LIFECYCLE_POLICY, REPLICATION)
