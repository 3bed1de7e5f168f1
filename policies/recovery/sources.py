# ruff: noqa: TRY004 - whatever is wrong with what was given is one kind of error
"""Where resources come from: a stack policy's arguments, or the JSON of `pulumi stack export`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from .graph import Resource, plain
from .model import Unknown


def from_policy(resources: Iterable[Any]) -> list[Resource]:
    """The resources of a stack policy (`StackValidationArgs.resources`), unknown values and all."""
    return [
        Resource(
            type=r.resource_type,
            name=r.name,
            urn=r.urn,
            props=r.props,
            parent=_urn(r.parent),
            dependencies=frozenset(_urn(d) for d in r.dependencies),
            property_dependencies={
                k: frozenset(_urn(d) for d in v) for k, v in r.property_dependencies.items()
            },
            provider_region=_provider(r).get("region", "") or "",
            default_tags=default_tags(_provider(r)),
        )
        for r in resources
    ]


def _urn(resource: Any) -> str:
    return "" if resource is None else str(getattr(resource, "urn", resource))


def _provider(resource: Any) -> Mapping[str, Any]:
    provider = getattr(resource, "provider", None)
    if provider is None or not str(provider.resource_type).endswith(":aws"):
        return {}
    props = plain(provider.props, provider.name)
    return (
        {k: v for k, v in props.items() if not isinstance(v, Unknown)} if isinstance(props, Mapping) else {}
    )


def default_tags(provider: Mapping[str, Any]) -> Mapping[str, Any]:
    """An AWS provider's default tags. The engine hands them over as JSON in a string."""
    value = provider.get("defaultTags")
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    tags = value.get("tags") if isinstance(value, Mapping) else None
    return tags if isinstance(tags, Mapping) else {}


def from_export(text: str, where: str = "standard input") -> list[Resource]:
    """The resources of one `pulumi stack export`. ValueError names the file when it isn't one."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"{where}: not JSON: {error}") from error
    deployment = document.get("deployment") if isinstance(document, dict) else None
    if not isinstance(deployment, dict):
        raise ValueError(f"{where}: no `deployment`: expected the output of `pulumi stack export`")
    rows = [r for r in deployment.get("resources") or [] if isinstance(r, dict) and not r.get("delete")]
    providers = {
        f"{r.get('urn')}::{r.get('id', '')}": r.get("inputs") or {}
        for r in rows
        if str(r.get("type", "")).startswith("pulumi:providers:aws")
    }
    return [_exported(r, providers, where) for r in rows]


def _exported(row: Mapping[str, Any], providers: Mapping[str, Any], where: str) -> Resource:
    urn = row.get("urn")
    if not isinstance(urn, str) or not isinstance(row.get("type"), str):
        raise ValueError(
            f"{where}: a resource without urn or type: expected the output of `pulumi stack export`"
        )
    provider = providers.get(row.get("provider") or "", {})
    return Resource(
        type=row["type"],
        name=urn.rsplit("::", 1)[-1],
        urn=urn,
        props={**(row.get("inputs") or {}), **(row.get("outputs") or {})},
        parent=row.get("parent") or "",
        dependencies=frozenset(row.get("dependencies") or ()),
        property_dependencies={
            k: frozenset(v or ()) for k, v in (row.get("propertyDependencies") or {}).items()
        },
        id=str(row.get("id") or ""),
        provider_region=str(provider.get("region") or ""),
        default_tags=default_tags(provider),
    )
