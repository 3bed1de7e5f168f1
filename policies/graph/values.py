"""How a property is read: what "set" means, and what counts as a text, a number, a flag or a list.

Providers write an empty value of the property's type for what was never set: `""`, `false`, `0`, `[]`, `{}`. Such a value is not set,
whichever property it stands in, except where nothing at all is something one may want: those properties are listed here.
"""

from __future__ import annotations

import math
from typing import Any, Final

from .unknown import Unknown

_ZEROES: Final = frozenset(
    {
        # Counts that may be wanted as 0, and settings that 0 switches off while their default is more.
        "automatedSnapshotRetentionPeriod",
        "desiredCapacity",
        "desiredCount",
        "desiredSize",
        "maxSize",
        "minSize",
        "onDemandBaseCapacity",
        "onDemandPercentageAboveBaseCapacity",
        "replicaCount",
        "reservedConcurrentExecutions",
        "childHealthThreshold",
        "weight",
        "fromPort",
        "toPort",
    }
)
"""Numbers whose 0 is a value."""


def is_set(name: str, value: Any) -> bool:
    """Whether a property of this name has been given a value. An unknown value is one."""
    if value is None or value is False:
        return False
    if isinstance(value, str | list | dict):
        return bool(value)
    if isinstance(value, int | float) and value == 0:
        return name in _ZEROES
    return True


def find(values: Any, path: str) -> Any:
    """The value at `path` (names and places in lists, joined by dots), whether set or not.

    Unknown when it, or what holds it, is not known. An object that stands where a list is expected is a list of one, and the reverse:
    versions of the provider differ in that, and then name a list in the plural.
    """
    here = values
    names = path.split(".")
    for depth, name in enumerate(names, start=1):
        if isinstance(here, list):
            if name.isdecimal():
                here = here[int(name)] if int(name) < len(here) else None
                continue
            here = here[0] if len(here) == 1 else None
        if isinstance(here, Unknown):
            return here
        if not isinstance(here, dict):
            return None
        if name == "0" and name not in here:
            continue
        here = here.get(name, here.get(f"{name}s") if depth < len(names) else None)
    return here


def as_text(value: Any) -> str | Unknown | None:
    """A text; None for anything else and for the empty text."""
    return value if isinstance(value, Unknown) or (isinstance(value, str) and value) else None


def as_number(value: Any) -> float | None:
    """A finite number from a number or from its text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def as_flag(value: Any) -> bool | Unknown | None:
    """A boolean; `"true"` and `"false"` count, as in provider settings, and `"enabled"` as AWS says it. None for anything else."""
    if isinstance(value, str):
        return {"true": True, "enabled": True, "false": False, "disabled": False}.get(value.lower())
    return value if isinstance(value, bool | Unknown) else None


def as_items(value: Any) -> list[Any] | Unknown:
    """The elements of a list, some of which may be Unknown; one value alone is a list of one, and nothing an empty one."""
    if isinstance(value, list | Unknown):
        return value
    return [] if value in (None, "", {}) else [value]
