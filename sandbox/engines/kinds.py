"""How the sandbox does each resource type: simulated by moto, extended by us, or only recorded."""

from __future__ import annotations

from dataclasses import replace

from sandbox.engines.model import Resource
from sandbox.provider.services import resources


def with_kind(resource: Resource) -> Resource:
    """Note on an AWS resource how the sandbox does it."""
    row = resources().get(resource.type) if resource.custom else None
    return replace(resource, kind=row.kind) if row is not None else resource
