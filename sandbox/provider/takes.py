"""Which input properties a call takes: those named in the row, else those whose names fit a member of its request."""

from __future__ import annotations

from sandbox.provider import models, shapes
from sandbox.provider.schema import APART, schema
from sandbox.provider.table import Call, Resource

_KNOWN: dict[tuple[str, int], tuple[Call, frozenset[str]]] = {}
"""What each call of the table takes, once found out. The call is kept, so that its identity stays its own."""


def taken(row: Resource, call: Call) -> frozenset[str]:
    """The input properties that a call takes."""
    if call.take is not None:
        return frozenset(call.take)
    if (row.token, id(call)) not in _KNOWN:
        _KNOWN[row.token, id(call)] = (call, _fitting(row, call))
    return _KNOWN[row.token, id(call)][1]


def _fitting(row: Resource, call: Call) -> frozenset[str]:
    """The input properties whose names fit a member of the call's input shape."""
    given = {path.split(".")[0] for path in call.params}
    names = [
        m for m in models.members(models.request(call.service or row.service, call.op)) if m not in given
    ]
    apart = APART | row.ignore.keys()
    rename = {**row.rename, **call.rename}
    return frozenset(p for p in schema(row.token).inputs - apart if shapes.find(p, names, rename))


def spoken_of(row: Resource) -> frozenset[str]:
    """Every input property that a call takes or the row speaks of."""
    by_call = frozenset().union(*(taken(row, c) | set(c.when) for c in (row.create, *row.update)))
    named = {row.autoname[0]} if row.autoname else set()
    fixed = {"region", *row.ignore, *row.replace, *row.defaults, *named}
    return by_call | fixed | ({"tags", "tagsAll"} if row.tags else set())
