from __future__ import annotations

import pytest

from components.checks import ArgumentError
from components.compute import ContainerCluster, ContainerClusterArgs
from tests.components.test_compute_containers import TAGS
from tests.pulumi_mocks import Deployment, deploy


def arguments(**more):
    return ContainerClusterArgs(**{"tags": TAGS, "cluster_name": "shop-prod", "key_arn": "arn:key", **more})


def made(**more) -> Deployment:
    return deploy(lambda: ContainerCluster("shop-apps", arguments(**more)) and None)


def test_it_runs_fargate_and_spot_and_knows_names():
    found = made()
    component = found.one("holdfast:compute:ContainerCluster")
    assert {r.parent for r in found.resources if r.type.startswith("aws:")} == {component.urn}
    cluster, names = found.one("aws:ecs/cluster:Cluster"), found.one("HttpNamespace")
    assert (cluster.inputs["name"], names.inputs["name"]) == ("shop-prod", "shop-prod")
    assert cluster.inputs["settings"] == [{"name": "containerInsights", "value": "enabled"}]
    assert cluster.inputs["serviceConnectDefaults"] == {"namespace": found.made[names.urn]["arn"]}
    assert "configuration" not in cluster.inputs
    providers = found.one("ClusterCapacityProviders").inputs
    assert providers["clusterName"] == "shop-prod"
    assert providers["capacityProviders"] == ["FARGATE", "FARGATE_SPOT"]
    assert providers["defaultCapacityProviderStrategies"] == [{"capacityProvider": "FARGATE", "weight": 1}]
    assert not found.all("LogGroup")


def test_commands_are_encrypted_and_logged():
    found = made(execute_command=True)
    log = found.one("LogGroup", "shop-apps-commands")
    assert (log.inputs["kmsKeyId"], log.inputs["retentionInDays"]) == ("arn:key", 90)
    assert found.one("aws:ecs/cluster:Cluster").inputs["configuration"] == {
        "executeCommandConfiguration": {
            "kmsKeyId": "arn:key",
            "logging": "OVERRIDE",
            "logConfiguration": {
                "cloudWatchLogGroupName": found.made[log.urn]["name"],
                "cloudWatchEncryptionEnabled": True,
            },
        }
    }


def test_a_retention_that_can_not_be_is_told():
    with pytest.raises(ArgumentError, match=r"^log_retention_days: got 91, allowed is one of"):
        arguments(log_retention_days=91).check()
