"""What a query's result is kept under: the same for the same statement and parameters on every server, and for no other."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

_PLAIN = (
    *(type(None), bool, int, float, str, bytes, Decimal, uuid.UUID),
    *(dt.datetime, dt.date, dt.time, dt.timedelta),
)
"""Types whose `repr` says which value it is."""
_WORD = re.compile(r"[A-Za-z0-9_.-]{1,40}", re.ASCII)


@dataclass(frozen=True)
class Namespace:
    """Where one application's keys stand. `release` is another one when results look different, or mean something else."""

    name: str
    release: str = "1"

    def __post_init__(self) -> None:
        """Raise ValueError for a part that can't be."""
        for key, value in (("name", self.name), ("release", self.release)):
            if not _WORD.fullmatch(value):
                allowed = "1 to 40 letters, digits, dots, hyphens and underscores"
                raise ValueError(f"{key}: got {value!r}, allowed is {allowed}")

    def result(self, statement: str, parameters: object) -> str:
        """The key of a result. Raises TypeError for a parameter of a type that can't be told apart."""
        return self._key("result", spelt([statement, parameters]))

    def tag(self, tag: str) -> str:
        """The key of a tag's mark."""
        return self._key("tag", tag)

    def _key(self, kind: str, text: str) -> str:
        digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
        return f"{self.name}:{self.release}:{kind}:{digest}"


def spelt(value: object) -> str:
    """A value as text: two values have one text only if they are the same, of the same types."""
    if type(value) in _PLAIN:
        return f"{type(value).__name__} {value!r}"
    if isinstance(value, Mapping):
        pairs = sorted((spelt(key), spelt(each)) for key, each in value.items())
        return "{" + _listed(f"{key}={each}" for key, each in pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + _listed(spelt(each) for each in value) + "]"
    raise TypeError(
        f"parameter: got {type(value).__name__}, allowed are plain values, times, lists and mappings"
    )


def _listed(texts: Iterable[str]) -> str:
    """Each with its length before it, so that no text can end one and begin another."""
    return "".join(f"{len(text)}:{text}" for text in texts)
