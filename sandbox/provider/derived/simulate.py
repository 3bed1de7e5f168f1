"""A short row made whole: what a row of the table does not say is found by name, for types that moto does.

Reads and deletes are only taken where their name is the create operation's noun in full: a name that is merely near may be another
thing's, such as the parent's. Every row that uses this is tried by a test.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.provider import models, shapes
from sandbox.provider.derived import importform, likeness, operations
from sandbox.provider.derived.row import row as derived_row
from sandbox.provider.derived.words import words
from sandbox.provider.schema import schema
from sandbox.provider.table import Call, Read, Resource, Tags, arn_tags, ec2_tags

OPPOSITES = {
    "Create": "Delete",
    "Put": "Delete",
    "Register": "Deregister",
    "Associate": "Disassociate",
    "Attach": "Detach",
    "Allocate": "Release",
    "Import": "Delete",
    "Enable": "Disable",
    "Add": "Remove",
}
READING = ("Describe", "Get")
KEYS = ("Id", "Identifier", "Name", "Arn")


@dataclass(frozen=True)
class Short:
    """A row of which only what naming can't find is written down."""

    token: str
    row: type[Resource]
    given: Mapping[str, Any]

    def whole(self) -> Resource:
        """The row, with all else found by name."""
        token, given = self.token, dict(self.given)
        plain = derived_row(token)
        service = given.setdefault("service", plain.service)
        create = given.setdefault("create", Call(plain.create.op))
        given.setdefault("autoname", plain.autoname)
        given.setdefault("defaults", plain.defaults)
        given.setdefault("delete_before_replace", plain.delete_before_replace)
        given.setdefault("id", _id(token, service, create.op))
        given.setdefault("read", _read(token, service, create.op))
        given.setdefault("delete", _delete(token, service, create.op))
        if plain.tags is not None:
            given.setdefault("tags", _tags(service, create.op))
        if "arn" in schema(token).outputs:
            given["outputs"] = {"arn": _arn(token, service, create.op), **given.get("outputs", {})}
        return self.row(token=token, **given)


def simulated(token: str, row: type[Resource] = Resource, /, **given: Any) -> Short:
    """The row of a type that moto does: `given` fields as they are, the others found by name once it is asked for."""
    return Short(token, row, given)


def _noun(token: str, operation: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((operations.verb(operation)[1], operations.of(token)[1])))


def _id(token: str, service: str, operation: str) -> str:
    """Where the id stands: among the inputs, or in the answer of the create operation."""
    form = importform.form(token)
    inputs = schema(token).inputs
    if all(part in inputs for part in form.parts):
        parts = [f"in.{part}" for part in form.parts]
        return parts[0] if len(parts) == 1 else f"join('{form.separator}', [{', '.join(parts)}])"
    wanted = ("Arn",) if form.parts == ("arn",) else ("Id", "Identifier")
    answer = models.response(service, operation)
    names = [f"{noun}{tail}" for noun in _noun(token, operation) for tail in wanted] + list(wanted)
    found = [path for name in names for path in _paths(answer, name)]
    return found[0] if found else ""


def _paths(shape: Any, name: str, way: str = "", depth: int = 1) -> list[str]:
    """Where a member of that name stands in an answer, at most one structure further down."""
    members = models.members(shape)
    here = [f"{way}{m}" for m in members if shapes.key(m) == shapes.key(name)]
    inner = [(m, s) for m, s in members.items() if s.type_name == "structure" and depth]
    return here + [path for m, s in inner for path in _paths(s, name, f"{way}{m}.", depth - 1)]


def _naming(token: str, service: str, operation: str, create: str) -> dict[str, str] | None:
    """The parameters by which an operation names the thing; None when they can't be told."""
    shape = models.request(service, operation)
    members = models.members(shape)
    inputs = schema(token).inputs
    own = {shapes.key(f"{noun}{tail}") for noun in _noun(token, create) for tail in KEYS}
    params: dict[str, str] = {}
    for member, inner in members.items():
        named = shapes.key(member) in own or (member in KEYS and member in shape.required_members)
        if named and not params.get("own"):
            params["own"] = member
            params[member] = "[id]" if inner.type_name == "list" else "id"
        elif member in shape.required_members:
            given = next((n for n in inputs if shapes.key(n) == shapes.key(member)), None)
            if given is None:
                return None
            params[member] = f"in.{given}"
    own_member = params.pop("own", None)
    return params if own_member or params else None


@functools.cache
def _operation(token: str, service: str, verbs: tuple[str, ...], create: str) -> str | None:
    known = models.model(service).operation_names
    nouns = [n for noun in _noun(token, create) for n in (noun, f"{noun}s", f"{noun}es", f"{noun[:-1]}ies")]
    return next((f"{v}{n}" for n in nouns for v in verbs if f"{v}{n}" in known), None)


def _read(token: str, service: str, create: str) -> Read | None:
    operation = _operation(token, service, READING, create)
    params = _naming(token, service, operation, create) if operation else None
    if operation is None or params is None:
        return None
    answer = models.members(models.response(service, operation))
    keys = {shapes.key(noun) for noun in _noun(token, create)}
    holder = next((m for m in answer if shapes.key(m) in keys), None)
    single = [m for m, s in answer.items() if s.type_name == "structure"]
    holder = holder or (single[0] if len(answer) == len(single) == 1 else None)
    if holder is None:
        return Read(operation, params)
    return Read(operation, params, path=f"{holder}[0]" if answer[holder].type_name == "list" else holder)


def _delete(token: str, service: str, create: str) -> tuple[Call, ...]:
    verb = OPPOSITES.get(operations.verb(create)[0])
    operation = _operation(token, service, (verb,), create) if verb else None
    params = _naming(token, service, operation, create) if operation else None
    return (Call(operation, params),) if operation is not None and params is not None else ()


def _tags(service: str, create: str) -> Tags:
    """How the service takes tags, by the shape of its create operation and of its calls that change them."""
    members = models.members(models.request(service, create))
    if "TagSpecifications" in members:
        parts = words(operations.verb(create)[1])
        return ec2_tags("-".join(parts))
    name = next((m for m in members if m.lower() in ("tags", "taglist")), None)
    shape = members.get(name or "")
    mapped = shape is not None and shape.type_name == "map"
    item = models.members(shape.member) if shape is not None and shape.type_name == "list" else {}
    key = next((m for m in item if m.lower() in ("key", "tagkey")), "Key")
    value = next((m for m in item if m.lower() in ("value", "tagvalue")), "Value")
    known = models.model(service).operation_names
    if "TagResource" not in known or "UntagResource" not in known:
        return Tags(at_create=name, form="map" if mapped else "list", key=key, value=value)
    adding, removing = (
        models.members(models.request(service, op)) for op in ("TagResource", "UntagResource")
    )
    thing = next(m for m in adding if "tag" not in m.lower() or m.lower().endswith("arn"))
    return arn_tags(
        at_create=name,
        form="map" if mapped else "list",
        key=key,
        value=value,
        arn_param=thing,
        add_param=next(m for m in adding if m != thing),
        remove_param=next(m for m in removing if m != thing),
    )


def _arn(token: str, service: str, create: str) -> str:
    """The ARN where AWS's answer holds it, else put together."""
    made = likeness.arn(token, service, create, "REGION", "ID")
    head, region, tail = made.partition("REGION")
    pieces = [f"'{head}'", "region" if region else "''", *_split(tail)]
    known = " || ".join(dict.fromkeys(("Arn", *(f"{noun}Arn" for noun in _noun(token, create)))))
    return f"{known} || join('', [{', '.join(pieces)}])"


def _split(tail: str) -> list[str]:
    before, own, after = tail.partition("ID")
    return [f"'{before}'", *(["id"] if own else []), *([f"'{after}'"] if after else [])]
