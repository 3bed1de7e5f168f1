"""Files as text in a script: user data has room for 16 KiB."""

from __future__ import annotations

import base64
import gzip
import io
import tarfile
from collections.abc import Mapping

_WIDTH = 120


def packed(texts: Mapping[str, str]) -> str:
    """An archive for `base64 -d | tar -xz`, the same for the same files, by path."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        for name, text in texts.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    whole = base64.b64encode(gzip.compress(raw.getvalue(), mtime=0)).decode()
    return "\n".join(whole[at : at + _WIDTH] for at in range(0, len(whole), _WIDTH))
