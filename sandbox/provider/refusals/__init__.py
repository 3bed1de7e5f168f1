"""What AWS refuses of inputs, whatever the type's row. Known before anything is created."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sandbox.provider.protocol import Context
from sandbox.provider.refusals import (
    compute,
    data,
    dns,
    files,
    kafka,
    messaging,
    model,
    names,
    operations,
    tags,
)

Failures = list[tuple[str, str]]
_BY_TYPE = {
    **compute.BY_TYPE,
    **data.BY_TYPE,
    **dns.BY_TYPE,
    **kafka.BY_TYPE,
    **messaging.BY_TYPE,
    **operations.BY_TYPE,
}


def refused(ctx: Context, known: Iterable[tuple[str, str]] = ()) -> Failures:
    """Property and AWS's reason, with its error code, for each input that AWS would not take, `known` ones first.

    Several of these rooms may know the same fault: of a property only what the first of them says is kept.
    """
    own = _BY_TYPE.get(ctx.row.token, lambda _: ())
    rooms = (lambda _: known, tags.refused, names.refused, files.refused, own, model.refused)
    return list(dict.fromkeys(_once(room(ctx) for room in rooms)))


def _once(rooms: Iterable[Iterable[tuple[str, str]]]) -> Iterator[tuple[str, str]]:
    said: set[str] = set()
    for room in rooms:
        found = [(name, reason) for name, reason in room if not _top(name) or _top(name) not in said]
        yield from found
        said |= {_top(name) for name, _ in found}


def _top(path: str) -> str:
    return re.split(r"[.\[]", path, maxsplit=1)[0]
