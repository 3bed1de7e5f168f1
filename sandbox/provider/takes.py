"""Which input properties a call takes: those named in the row, else those whose names fit a member of its request."""

from __future__ import annotations

from sandbox.provider import shapes
from sandbox.provider.api import Api
from sandbox.provider.schema import schema
from sandbox.provider.table import Call, Resource


def taken(api: Api, row: Resource, call: Call) -> frozenset[str]:
    """The input properties that a call takes."""
    if call.take is not None:
        return frozenset(call.take)
    if (row.token, id(call)) not in api.taken:
        api.taken[row.token, id(call)] = (call, _fitting(api, row, call))
    return api.taken[row.token, id(call)][1]


def _fitting(api: Api, row: Resource, call: Call) -> frozenset[str]:
    """The input properties whose names fit a member of the call's input shape."""
    shape = api.input_shape(call.service or row.service, call.op)
    given = {path.split(".")[0] for path in call.params}
    names = [m for m in (shape.members if shape else {}) if m not in given]
    apart = {"region", "tags", "tagsAll", *row.ignore}
    rename = {**row.rename, **call.rename}
    return frozenset(p for p in schema(row.token).inputs - apart if shapes.find(p, names, rename))
