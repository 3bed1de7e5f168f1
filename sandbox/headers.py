"""HTTP headers are read line by line: Python reads them with its parser of electronic mail, a twentieth of what a call takes."""

from __future__ import annotations

import http.client
import re
from typing import Any

_LINE = re.compile(r"([!-9;-~]+):[ \t]*([^\r\n]*)\r\n")
_BODIED = re.compile(r"multipart|message", re.IGNORECASE)
"""Content types of which the parser looks for more than headers."""
_parsed = http.client.parse_headers


def parse(text: str, kind: Any = http.client.HTTPMessage) -> Any:
    """The headers of a message's head, the empty line included; None of one that isn't plain: folded, broken, of several parts."""
    found, at = kind(), 0
    while line := _LINE.match(text, at):
        found.set_raw(*line.groups())
        at = line.end()
    if text[at:] != "\r\n" or _BODIED.search(text):
        return None
    found.set_payload("")
    return found


class _Again:
    """Lines that were read once, for who reads them again."""

    def __init__(self, lines: list[bytes]) -> None:
        self._lines = iter(lines)

    def readline(self, _most: int = -1) -> bytes:
        return next(self._lines)


def parse_headers(stream: Any, _class: Any = http.client.HTTPMessage) -> Any:
    """As `http.client.parse_headers`, which has its way with what isn't plain."""
    lines = http.client._read_headers(stream)  # type: ignore[attr-defined]  # noqa: SLF001  its limits stay
    found = parse(b"".join(lines).decode("iso-8859-1"), _class)
    return _parsed(_Again(lines), _class) if found is None else found


def read_quickly() -> None:
    """Have servers and clients of this process read them so."""
    http.client.parse_headers = parse_headers  # type: ignore[assignment]
