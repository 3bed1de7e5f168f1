"""What is applied to a new cluster once: what AWS knows of its content, and where the rest of it comes from. Pure data.

The program has no way into a private cluster, and should have none: whoever may is told the command by the runbook. From then on Argo CD
brings the cluster to what the repository says, and undoes what is changed by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from architectures.kubernetes import names
from architectures.kubernetes.sections import GitOps, Workload

Object = dict[str, Any]
ARGO = "argocd"
"""Namespace of Argo CD, whoever runs it."""
HERE = "in-cluster"
"""What Argo CD calls the cluster that it deploys to."""


def bootstrap(
    system: str,
    region: str,
    cluster_arn: str,
    *,
    workloads: Mapping[str, Workload],
    front: str | None,
    node_port: int,
    gitops: GitOps,
) -> Object:
    """One list of objects, in the order in which they are applied. `kubectl apply -f` takes it, also again."""
    items = [
        *_namespaces(workloads, gitops),
        *(each for name, given in workloads.items() for each in _workload(name, given, region)),
        *([_front(front, workloads[front], node_port)] if front is not None else []),
        *_argo(system, cluster_arn, gitops),
    ]
    return {"apiVersion": "v1", "kind": "List", "items": items}


def _named(kind: str, version: str, name: str, namespace: str | None = None, **more: Any) -> Object:
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    labels = more.pop("labels", None)
    return {
        "apiVersion": version,
        "kind": kind,
        "metadata": {**metadata, **({"labels": labels} if labels else {})},
        **more,
    }


def _namespaces(workloads: Mapping[str, Workload], gitops: GitOps) -> list[Object]:
    ours = [] if gitops.identity_center else [ARGO]  # the capability makes its own
    found = sorted({given.namespace for given in workloads.values()})
    return [_named("Namespace", "v1", each) for each in [*ours, *found]]


def account(name: str, given: Workload) -> str:
    """The service account of a workload."""
    return given.service_account or name


def _workload(name: str, given: Workload, region: str) -> Iterator[Object]:
    yield _named("ServiceAccount", "v1", account(name, given), given.namespace)
    if given.secrets:
        yield _secrets(name, given, region)


def _secrets(name: str, given: Workload, region: str) -> Object:
    """What pods mount: the secrets' ARNs, never what is in them.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/ascp-examples.html
    """
    # The provider takes the list as one text of YAML, which JSON is.
    objects = ",".join(
        f'{{"objectName":"{arn}","objectType":"secretsmanager","objectAlias":"{file}"}}'
        for file, arn in sorted(given.secrets.items())
    )
    return _named(
        "SecretProviderClass",
        "secrets-store.csi.x-k8s.io/v1",
        names.secret_class(name),
        given.namespace,
        spec={
            "provider": "aws",
            "parameters": {"region": region, "usePodIdentity": "true", "objects": f"[{objects}]"},
        },
    )


def _front(name: str, given: Workload, node_port: int) -> Object:
    """The service that the load balancer reaches on every node; any node leads to any of its pods."""
    return _named(
        "Service",
        "v1",
        name,
        given.namespace,
        spec={
            "type": "NodePort",
            "selector": {"app.kubernetes.io/name": name},
            "ports": [{"name": "http", "port": given.port, "targetPort": given.port, "nodePort": node_port}],
        },
    )


def _argo(system: str, cluster_arn: str, gitops: GitOps) -> Iterator[Object]:
    if gitops.identity_center is not None:
        # Secrets by kind alone: the one has an address in it, the other the ARN of what has the password.
        yield _secret(HERE, "cluster", name=HERE, server=cluster_arn, project="default")
        if gitops.credentials is not None:
            yield _secret(
                system,
                "repository",
                type="git",
                url=gitops.repository,
                secretArn=gitops.credentials,
                project="default",
            )
    yield _named(
        "Application",
        "argoproj.io/v1alpha1",
        system,
        ARGO,
        spec={
            "project": "default",
            "source": {
                "repoURL": gitops.repository,
                "path": gitops.path,
                "targetRevision": gitops.revision,
            },
            "destination": {"name": HERE},
            "syncPolicy": {
                "automated": {"prune": True, "selfHeal": True},
                "retry": {"limit": 5},
            },
        },
    )


def _secret(called: str, kind: str, **data: str) -> Object:
    labels = {"argocd.argoproj.io/secret-type": kind}
    return _named("Secret", "v1", called, ARGO, labels=labels, stringData=data)
