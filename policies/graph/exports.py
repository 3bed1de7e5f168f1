# ruff: noqa: TRY004 - whatever is wrong with what was given is one kind of error
"""The resources of a stack's state: the JSON of `pulumi stack export`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .resource import Resource
from .unknown import plain


def from_export(text: str | bytes, where: str = "standard input") -> list[Resource]:
    """The resources of one `pulumi stack export`, in UTF-8, UTF-16 or UTF-32, with or without a byte order mark.

    ValueError names the file when it isn't one.
    """
    try:
        document = json.loads(text.removeprefix("\ufeff") if isinstance(text, str) else text)
    except ValueError as error:
        raise ValueError(f"{where}: not JSON: {error}") from error
    deployment = document.get("deployment") if isinstance(document, dict) else None
    if not isinstance(deployment, dict):
        raise ValueError(f"{where}: no `deployment`: expected the output of `pulumi stack export`")
    rows = [r for r in deployment.get("resources") or [] if isinstance(r, dict) and not r.get("delete")]
    providers = {
        f"{r.get('urn')}::{_text(plain(r.get('id')))}": plain(r.get("inputs") or {})
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
    return Resource(
        type=row["type"],
        name=urn.rsplit("::", 1)[-1],
        urn=urn,
        props=plain({**(row.get("inputs") or {}), **(row.get("outputs") or {})}),
        parent=row.get("parent") or "",
        dependencies=frozenset(row.get("dependencies") or ()),
        property_dependencies={
            k: frozenset(v or ()) for k, v in (row.get("propertyDependencies") or {}).items()
        },
        id=_text(plain(row.get("id"))),
        protect=row.get("protect") is True,
        provider=providers.get(row.get("provider") or "", {}),
        declared=row.get("external") is not True,
        custom=row.get("custom") is True,
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
