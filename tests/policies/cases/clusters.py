from __future__ import annotations

from typing import Any

from tests.policies.case import NOT_KNOWN, Case, R

CLUSTER = "aws:eks/cluster:Cluster"
KEY = {"provider": {"keyArn": "arn:key"}}


def cluster(**props: Any) -> list[R]:
    return [R(CLUSTER, props=props)]


def network(**said: Any) -> list[R]:
    return cluster(vpcConfig={"subnetIds": ["subnet-1"], **said})


CASES = [
    Case(
        rule="eks-cluster-endpoint-private",
        bad=network(),
        good=network(endpointPublicAccess=False),
        unsure=network(endpointPublicAccess=NOT_KNOWN),
    ),
    Case(
        rule="eks-cluster-endpoint-private",
        note="everybody",
        bad=network(endpointPublicAccess=True, publicAccessCidrs=["198.51.100.0/24", "0.0.0.0/0"]),
        good=network(endpointPublicAccess=True, publicAccessCidrs=["198.51.100.0/24"]),
        unsure=network(endpointPublicAccess=True, publicAccessCidrs=[NOT_KNOWN]),
    ),
    Case(
        rule="eks-cluster-access-entries",
        bad=cluster(accessConfig={"authenticationMode": "API_AND_CONFIG_MAP"}),
        good=cluster(accessConfig={"authenticationMode": "API"}),
        unsure=cluster(accessConfig={"authenticationMode": NOT_KNOWN}),
    ),
    Case(
        rule="eks-cluster-access-entries",
        note="unsaid",
        bad=cluster(),
        good=cluster(accessConfig={"authenticationMode": "API"}),
        unsure=cluster(accessConfig=NOT_KNOWN),
    ),
    Case(
        rule="eks-cluster-secrets-encrypted",
        bad=cluster(),
        good=cluster(encryptionConfig={**KEY, "resources": ["secrets"]}),
        unsure=cluster(encryptionConfig=NOT_KNOWN),
    ),
    Case(
        rule="eks-cluster-secrets-encrypted",
        note="other-resources",
        bad=cluster(encryptionConfig={**KEY, "resources": []}),
        good=cluster(encryptionConfig={**KEY, "resources": ["secrets"]}),
        unsure=cluster(encryptionConfig={**KEY, "resources": [NOT_KNOWN]}),
    ),
    Case(
        rule="eks-cluster-logs",
        bad=cluster(enabledClusterLogTypes=["api", "audit"]),
        good=cluster(enabledClusterLogTypes=["audit", "authenticator"]),
        unsure=cluster(enabledClusterLogTypes=[NOT_KNOWN]),
    ),
    Case(
        rule="eks-cluster-logs",
        note="none",
        bad=cluster(),
        good=cluster(enabledClusterLogTypes=["audit", "authenticator"]),
        unsure=cluster(enabledClusterLogTypes=NOT_KNOWN),
    ),
]
