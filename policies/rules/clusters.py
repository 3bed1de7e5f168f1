"""Kubernetes clusters: who reaches the API server, who is let in, what its secrets are encrypted with, what it logs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import Resource

from .kernel.rule import Context, Finding, rule

_CLUSTER: Final = "aws:eks/cluster:Cluster"
_ANYWHERE: Final = ("0.0.0.0/0", "::/0")
_SEEN: Final = ("audit", "authenticator")
"""Logs by which it is found out who did what. https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html"""


@rule("eks-cluster-endpoint-private", _CLUSTER)
def eks_cluster_endpoint_private(resource: Resource, _context: Context) -> Iterator[Finding]:
    """An endpoint is public, for everybody, unless the program says otherwise."""
    network = resource.known.view("vpcConfig")
    if not network.flag("endpointPublicAccess", default=True):
        return
    networks = network.texts("publicAccessCidrs")
    wide = [each for each in networks if each in _ANYWHERE]
    if wide or not networks:
        yield Finding(f"its endpoint is public for {', '.join(wide) or 'everybody'}.")


@rule("eks-cluster-access-entries", _CLUSTER)
def eks_cluster_access_entries(resource: Resource, _context: Context) -> Iterator[Finding]:
    """What an entry says stands in AWS's API; the ConfigMap is a text in the cluster."""
    mode = resource.known.view("accessConfig").text("authenticationMode", "CONFIG_MAP")
    if mode != "API":
        yield Finding(f"its authentication mode is {mode}.")


@rule("eks-cluster-secrets-encrypted", _CLUSTER)
def eks_cluster_secrets_encrypted(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Kubernetes' secrets, by a key of the account."""
    encryption = resource.known.view("encryptionConfig")
    key = encryption.view("provider").has("keyArn")
    if not key or "secrets" not in encryption.texts("resources"):
        yield Finding("encryptionConfig names no key for secrets.")


@rule("eks-cluster-logs", _CLUSTER)
def eks_cluster_logs(resource: Resource, _context: Context) -> Iterator[Finding]:
    """None of the control plane's logs is kept unless the program says so."""
    kept = resource.known.texts("enabledClusterLogTypes")
    missing = [each for each in _SEEN if each not in kept]
    if missing:
        yield Finding(f"it keeps no log of {' and '.join(missing)}.")
