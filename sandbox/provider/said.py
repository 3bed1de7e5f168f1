"""What AWS says of a resource, found by names and models; `deviations` has what no name finds."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.provider import deviations, models, schema, shapes
from sandbox.provider.api import AwsError
from sandbox.provider.protocol import Context
from sandbox.provider.table import Resource

_INPUT = re.compile(r"\bin\.(\w+)")
_VERB = re.compile("^[A-Z][a-z]+")
_MORE = ("NextToken", "nextToken")
"""Where an answer says that there are further pages, and what asks for the next one."""
_TAGS = ("Tags", "TagList", "TagSet", "tags", "tagSet")


def further(ctx: Context) -> dict[str, Any]:
    """What only further calls tell. They are made where somebody asks what has become of a resource."""
    more: dict[str, Any] = {}
    for read in deviations.of(ctx.row.token).reads:
        more |= ctx.seek(read) or {}
    return more


def answer(ctx: Context, found: Mapping[str, Any]) -> dict[str, Any]:
    """What AWS says of every input that can be found in its answer, in Pulumi's names; silent of all others."""
    row: Resource = ctx.row
    apart, outputs = deviations.of(row.token), schema.schema(row.token).outputs
    said: dict[str, Any] = {}
    renames = _renames(row)
    for name in readable(row):
        told = apart.told.get(name) or row.outputs.get(name)
        value = ctx.evaluate(told, found) if told else _by_name(row, name, found, renames)
        names = {} if name in apart.told else renames  # what is told stands in Pulumi's names already
        plain = None if value is None else _plain(value, outputs.get(name), names)
        if plain is not None:
            said[name] = plain
    return said | {name: ctx.inputs[name] for name in identity(row) if ctx.inputs.get(name) is not None}


def readable(row: Resource) -> frozenset[str]:
    """Inputs that AWS could tell of: not those that are written only, or which no answer has."""
    inputs = schema.schema(row.token).inputs
    silent = deviations.of(row.token).silent
    own = schema.APART if schema.schema(row.token).takes_tags else schema.APART - {"tags"}
    return frozenset(n for n in inputs - own - set(silent) if not n.endswith(("Wo", "WoVersion")))


@functools.cache
def _identity(token: str, *expressions: str) -> frozenset[str]:
    del token
    return frozenset(name for each in expressions for name in _INPUT.findall(each))


def identity(row: Resource) -> frozenset[str]:
    """Inputs by which a resource is found: what is found has them."""
    asked = row.read.params.values() if row.read else ()
    return _identity(row.token, row.id, *asked) & schema.schema(row.token).inputs


def _plain(value: Any, type_: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping | list) and schema.is_text(type_):
        return json.dumps(value, separators=(",", ":"))  # a document, which the client has read already
    return shapes.from_aws(value, type_, names)


def _renames(row: Resource) -> dict[str, str]:
    """Pulumi's names to AWS's, of all the row's calls."""
    names = dict(row.rename)
    for call in (row.create, *row.update):
        names |= {n: m for n, m in call.rename.items() if n not in names}
        for member, expression in call.params.items():
            if expression.startswith("in.") and expression[3:].isidentifier():
                names.setdefault(expression[3:], member.rsplit(".", 1)[-1])
    return names


def _by_name(row: Resource, name: str, found: Mapping[str, Any], names: Mapping[str, str]) -> Any:
    """The member of an answer, or else the only one of that name one structure further down. `names`: Pulumi's to AWS's."""
    noun = _VERB.sub("", row.create.op)
    readings = dict.fromkeys(
        (names.get(name, name), name, f"{noun}{name}", f"{row.token.split(':')[-1]}{name}")
    )
    rooms = [found, *(value for value in found.values() if isinstance(value, Mapping))]
    for reading in readings:
        places = [(room, member) for room in rooms if (member := shapes.find(reading, room)) is not None]
        if places and (places[0][0] is found or len(places) == 1):
            return places[0][0][places[0][1]]
    return None


def tags(ctx: Context, found: Mapping[str, Any]) -> dict[str, str] | None:
    """The tags that AWS has, without its own; None where it can't be asked for them."""
    row: Resource = ctx.row
    if row.tags is None:
        return None
    held = next((found[name] for name in _TAGS if found.get(name) is not None), None)
    held = _listed(ctx, row) if held is None else held
    return None if held is None else {k: v for k, v in _pairs(held) if not k.startswith("aws:")}


def _pairs(held: Any) -> Iterator[tuple[str, str]]:
    """Keys and values of tags, in whatever form a service answers them."""
    if isinstance(held, Mapping):
        inner = next((held[name] for name in (*_TAGS, "Items") if isinstance(held.get(name), list)), None)
        yield from _pairs(inner) if inner is not None else ((str(k), str(v)) for k, v in held.items())
        return
    for tag in held:
        if any(isinstance(tag.get(name), list) for name in _TAGS):
            yield from _pairs(tag)
        else:
            yield _end(tag, "key"), _end(tag, "value")


def _end(tag: Mapping[str, Any], what: str) -> str:
    return next((str(value) for name, value in tag.items() if name.lower().endswith(what)), "")


def _listed(ctx: Context, row: Resource) -> Any:
    """Ask for the tags, by the call that names the resource as the call that adds them does."""
    add = row.tags.add if row.tags else None
    operation = _listing(add.service or row.service, tuple(add.params)) if add else None
    if add is None or operation is None:
        return None
    params, pages = ctx.params_of(add), list[Any]()
    try:
        while True:
            found = ctx.call(operation, params, add.service)
            page: Any = next((value for name, value in found.items() if "tag" in name.lower()), [])
            more = {name: found[name] for name in _MORE if found.get(name)}
            if not isinstance(page, list) or (not more and not pages):
                return page
            pages += page
            if not more:
                return pages
            params = {**params, **more}
    except AwsError as error:
        if error.missing:
            return []
        raise


@functools.cache
def _listing(service: str, params: tuple[str, ...]) -> str | None:
    """The operation that lists the tags of what `params` name; None when there is none."""
    reading = [n for n in models.model(service).operation_names if re.match("(List|Describe|Get).*Tag", n)]
    for operation in sorted(reading, key=len):
        shape = models.request(service, operation)
        if set(shape.required_members) <= set(params) <= set(models.members(shape)):
            return str(operation)
    return None
