"""Who may what in the domain: the function itself, and the administrators that settings name."""

from __future__ import annotations

from collections.abc import Iterable

from functions.data_platform.cluster import Cluster
from functions.data_platform.configuration import Configuration

MASTERS = ("all_access", "security_manager")
"""Roles of whoever is a domain's master.
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html"""
SNAPSHOTS = "manage_snapshots"
"""Role without which nobody registers a repository."""
_KEYS = ("backend_roles", "hosts", "users")


def grant(cluster: Cluster, given: Configuration) -> None:
    """Map IAM roles to the domain's; whoever else is mapped stays so, since a mapping replaces the one before."""
    for role in MASTERS:
        _map(cluster, role, (given.own_role, *given.administrators))
    _map(cluster, SNAPSHOTS, (given.own_role,))


def _map(cluster: Cluster, role: str, arns: Iterable[str]) -> None:
    path = f"_plugins/_security/api/rolesmapping/{role}"
    found = (cluster.ask("GET", path) or {}).get(role, {})
    mapped = {key: list(found.get(key) or []) for key in _KEYS}
    missing = [arn for arn in arns if arn not in mapped["backend_roles"]]
    if missing:
        cluster.ask("PUT", path, {**mapped, "backend_roles": [*mapped["backend_roles"], *missing]})
