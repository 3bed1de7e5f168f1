"""Files that a program names and that aren't there: known before anything is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pulumi import Archive, Asset

from sandbox.protocol import SIGNATURE
from sandbox.provider.protocol import Context


def refused(ctx: Context) -> list[tuple[str, str]]:
    """Each input with an asset or archive whose file is missing."""
    return [
        (name, f"can't read {path}: there is no such file")
        for name, value in ctx.inputs.items()
        for path in _paths(value)
        if not Path(path).expanduser().exists()
    ]


def _paths(value: Any) -> Iterator[str]:
    """Paths of all assets and archives in a value."""
    if isinstance(value, Asset | Archive):
        value = {SIGNATURE: "", **vars(value)}
    if isinstance(value, list):
        for inner in value:
            yield from _paths(inner)
    elif isinstance(value, Mapping):
        if SIGNATURE in value and isinstance(value.get("path"), str):
            yield value["path"]
        for inner in value.values():
            yield from _paths(inner)
