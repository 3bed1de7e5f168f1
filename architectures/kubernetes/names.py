"""How the parts of a system on Kubernetes are called."""

from __future__ import annotations


def nodes(name: str, each: str) -> str:
    """A node group's component."""
    return f"{name}-{each}"


def secret_class(workload: str) -> str:
    """The SecretProviderClass that a workload's pods mount."""
    return f"{workload}-secrets"


NODES = "nodes"
"""The tier of the security groups that node groups share."""
