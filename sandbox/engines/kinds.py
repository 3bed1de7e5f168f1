"""How the sandbox does each resource type: simulated by moto, extended by us, or only recorded."""

from __future__ import annotations

from dataclasses import replace

from sandbox.engines.model import Resource
from sandbox.provider import ProviderError
from sandbox.provider.rows import row, unchecked
from sandbox.provider.values import plain


def with_kind(resource: Resource) -> Resource:
    """Note on an AWS resource how the sandbox does it, and which of its properties nothing judged."""
    if not resource.custom or not resource.type.startswith("aws:"):
        return resource
    try:
        found = row(resource.type)
    except ProviderError:
        return resource
    inputs = {name: value for name, value in plain(resource.inputs).items() if value is not None}
    return replace(resource, kind=found.kind, unchecked=unchecked(resource.type, inputs))
