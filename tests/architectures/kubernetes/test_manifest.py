"""What a new cluster is told once: rendered data, in which no secret stands."""

from __future__ import annotations

import json
from typing import Any

import pytest

from architectures.kubernetes.manifest import bootstrap
from architectures.kubernetes.sections import GitOps, Workload
from tests.architectures.conftest import outputs
from tests.architectures.kubernetes.conftest import Stacks

ARN = "arn:aws:eks:us-east-1:123456789012:cluster/example-production-shop"
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/database-AbCdEf"
CENTER = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
REPOSITORY = "https://github.com/example/shop-manifests"


def objects(workloads: dict[str, dict[str, Any]], front: str | None = None, **gitops: Any) -> dict[str, Any]:
    """By kind and name."""
    made = bootstrap(
        "shop",
        "us-east-1",
        ARN,
        workloads={name: Workload.model_validate(given) for name, given in workloads.items()},
        front=front,
        node_port=30080,
        gitops=GitOps.model_validate({"repository": REPOSITORY, **gitops}),
    )
    assert (made["apiVersion"], made["kind"]) == ("v1", "List")
    found = {f"{each['kind']} {each['metadata']['name']}": each for each in made["items"]}
    assert len(found) == len(made["items"])
    return found


def test_a_workload_has_its_namespace_its_account_and_its_secrets() -> None:
    given = {
        "namespace": "shop",
        "serviceAccount": "frontend",
        "secrets": {"database": SECRET, "api": SECRET},
    }
    found = objects({"web": given, "jobs": {"namespace": "shop"}}, identityCenter=CENTER)
    assert [each for each in found if each.startswith(("Namespace", "ServiceAccount"))] == [
        "Namespace shop",
        "ServiceAccount frontend",
        "ServiceAccount jobs",
    ]
    assert found["ServiceAccount frontend"]["metadata"]["namespace"] == "shop"
    assert [each for each in found if each.startswith("SecretProviderClass")] == [
        "SecretProviderClass web-secrets"
    ]
    spec = found["SecretProviderClass web-secrets"]["spec"]
    assert spec["provider"] == "aws"
    assert spec["parameters"]["usePodIdentity"] == "true"
    assert json.loads(spec["parameters"]["objects"]) == [
        {"objectName": SECRET, "objectType": "secretsmanager", "objectAlias": file}
        for file in ("api", "database")
    ]


def test_the_front_is_on_every_nodes_port() -> None:
    found = objects({"web": {"namespace": "shop", "port": 8080}}, "web", identityCenter=CENTER)
    service = found["Service web"]
    assert service["metadata"]["namespace"] == "shop"
    assert service["spec"] == {
        "type": "NodePort",
        "selector": {"app.kubernetes.io/name": "web"},
        "ports": [{"name": "http", "port": 8080, "targetPort": 8080, "nodePort": 30080}],
    }
    assert not [each for each in objects({"web": {"namespace": "shop"}}) if each.startswith("Service ")]


def test_argo_cd_follows_the_repository_and_undoes_what_is_changed_by_hand() -> None:
    found = objects({}, path="clusters/shop", revision="v7", version="v3.2.0")
    application = found["Application shop"]
    assert application["metadata"]["namespace"] == "argocd"
    assert application["spec"]["source"] == {
        "repoURL": REPOSITORY,
        "path": "clusters/shop",
        "targetRevision": "v7",
    }
    assert application["spec"]["destination"] == {"name": "in-cluster"}
    assert application["spec"]["syncPolicy"]["automated"] == {"prune": True, "selfHeal": True}
    # Its own Argo CD knows its cluster, and needs a namespace.
    assert sorted(found) == ["Application shop", "Namespace argocd"]


def test_the_capability_is_told_which_cluster_it_deploys_to() -> None:
    found = objects({}, identityCenter=CENTER, credentials=SECRET)
    assert sorted(found) == ["Application shop", "Secret in-cluster", "Secret shop"]
    assert found["Secret in-cluster"]["stringData"] == {
        "name": "in-cluster",
        "server": ARN,
        "project": "default",
    }
    repository = found["Secret shop"]
    assert repository["metadata"]["labels"] == {"argocd.argoproj.io/secret-type": "repository"}
    assert repository["stringData"]["secretArn"] == SECRET
    assert not {"password", "username", "sshPrivateKey"} & set(repository["stringData"])


@pytest.mark.parametrize("name", ["prod", "dr"])
def test_each_stack_lays_its_own_beside_its_runbook(name: str, stacks: Stacks) -> None:
    stack, region = stacks[name], {"prod": "us-east-1", "dr": "us-west-2"}[name]
    written = next(
        each.inputs for each in stack.all("BucketObjectv2") if each.name == f"shop-bootstrap-{region}"
    )
    found = outputs(stack)["systems"]["shop"]["bootstrap"]
    assert found == f"s3://{written['bucket']}/bootstrap-{region}.json"
    assert written["region"] == region
    assert written["contentType"] == "application/json"
    text = written["content"]
    assert f"arn:aws:secretsmanager:{region}:" in text
    other = {"prod": "us-west-2", "dr": "us-east-1"}[name]
    assert other not in text, "nothing of the region that may be lost"
