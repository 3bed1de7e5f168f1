"""The content of assets and archives, whether the program gave them to this process or an engine to the plugin."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sandbox.provider.context import ProviderError

STAMP = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive: the same content is the same archive."""


def content(asset: Any, name: str) -> bytes:
    """The bytes of an asset, or of an archive as a ZIP. ProviderError names `name` and the file that is missing."""
    if (text := _of(asset, "text")) is not None:
        return str(text).encode()
    if (inside := _of(asset, "assets")) is not None:
        return _zip((path, content(inner, name)) for path, inner in sorted(inside.items()))
    path = _of(asset, "path")
    if path is None:
        raise ProviderError(f"{name}: the sandbox reads files and texts, got {_of(asset, 'uri') or asset!r}")
    return read(str(path), name)


def read(path: str, name: str) -> bytes:
    """A file's bytes, or a folder's as a ZIP."""
    found = Path(path).expanduser()
    if found.is_dir():
        files = (each for each in sorted(found.rglob("*")) if each.is_file())
        return _zip((str(each.relative_to(found)), each.read_bytes()) for each in files)
    try:
        return found.read_bytes()
    except OSError as error:
        raise ProviderError(f"{name}: can't read {found}: {error.strerror}") from None


def base64_of(asset: Any, name: str) -> str:
    """An asset's content in base64."""
    return base64.b64encode(content(asset, name)).decode()


def _of(asset: Any, key: str) -> Any:
    return asset.get(key) if isinstance(asset, Mapping) else getattr(asset, key, None)


def _zip(files: Iterator[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files:
            archive.writestr(zipfile.ZipInfo(path, STAMP), data)
    return buffer.getvalue()
