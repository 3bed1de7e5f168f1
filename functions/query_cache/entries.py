"""What is kept of a result: the result, until when it is good, and which marks its tags had. Whatever else is read is none."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_FORM = 1


@dataclass(frozen=True)
class Entry:
    """A result that was the truth when its query began."""

    value: Any
    """As it comes out of JSON."""
    began: float
    """Second since 1970 at which its query began."""
    until: float
    """Second since 1970 from which on it is too old."""
    took: float
    """Seconds that the query took."""
    marks: Mapping[str, str]
    """By tag: the mark that it had before the query began."""


def written(key: str, entry: Entry) -> str:
    """The entry as text. Raises TypeError or ValueError for a value that JSON can't say."""
    parts = {
        "form": _FORM,
        "key": key,
        "began": entry.began,
        "until": entry.until,
        "took": entry.took,
        "marks": dict(entry.marks),
        "value": entry.value,
    }
    return json.dumps(parts, separators=(",", ":"), allow_nan=False)


def read(key: str, found: Any) -> Entry | None:
    """The entry of that key; None for what isn't one, as another key's: clients have been known to mix answers up."""
    try:
        parts = json.loads(found)
        if parts["form"] != _FORM or parts["key"] != key:
            return None
        began, until, took = times = [float(parts[each]) for each in ("began", "until", "took")]
        value, marks = parts["value"], dict(parts["marks"])
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
    return Entry(value, began, until, took, marks) if all(map(math.isfinite, times)) else None


def plain(value: Any) -> Any:
    """A value as it would come out of the cache. Raises as `written`."""
    return json.loads(json.dumps(value, allow_nan=False))
