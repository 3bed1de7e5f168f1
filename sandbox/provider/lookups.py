"""Functions of pulumi_aws that have no row: `getThing` finds what a resource of type `Thing` would be.

Where the table has a row for the type, AWS is asked by the row's own read: by name, id or ARN, or, in EC2, by filters. Of a recorded type
the sandbox's own store is asked. `getThings` answers the ids of all that fit. A function without such a type is refused by name.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from typing import Any

from pulumi import _types

from sandbox.provider import derived, models, rows, schema, shapes
from sandbox.provider.api import AwsError
from sandbox.provider.context import Operation, ProviderError
from sandbox.provider.derived import importform
from sandbox.provider.table import Resource

NOT_FILTERS = frozenset({"region", "filters", "tags", "mostRecent"})
EC2_FILTERS = {
    "default": "is-default",
    "defaultForAz": "default-for-az",
    "name": "group-name",
    "gatewayId": "route.gateway-id",
}
"""EC2's filters whose name is not the argument's."""
RENAMED = {"aws:route53/zone:Zone": "zoneId"}


def look_up(token: str, args: Mapping[str, Any], context: Operation) -> dict[str, Any]:
    """Answer a function. ProviderError when it reads nothing that the sandbox has a type for; AwsError when AWS finds none or several."""
    kind, many = _type(token)
    row = rows.row(kind)
    ctx = Operation(
        context.api, row, row.service, context.region, {k: v for k, v in args.items() if v is not None}
    )
    found = _recorded(row, ctx) if isinstance(row, derived.Derived) else _asked(row, ctx, many=many)
    if many:
        ids = [str(each["id"]) for each in found]
        named = {
            "names": [e["name"] for e in found if "name" in e],
            "arns": [e["arn"] for e in found if "arn" in e],
        }
        return {**args, **named, "ids": ids, "id": ctx.region, "region": ctx.region}
    if len(found) != 1:
        what = "nothing" if not found else f"{len(found)} things"
        raise AwsError(
            "NoMatch" if not found else "AmbiguousMatch",
            f"the arguments fit {what}",
            token.rsplit(":", 1)[-1],
        )
    known = _types.output_type_types(_result(token))
    return {**args, **{name: found[0][name] for name in known if found[0].get(name) is not None}}


def typed(token: str, answer: dict[str, Any]) -> dict[str, Any]:
    """An answer in the types of the function's own class: an argument given as text comes back as what it stands for."""
    try:
        known = _types.output_type_types(_result(token))
    except (ImportError, KeyError):
        return answer
    wanted = {name: known.get(name) for name, value in answer.items() if isinstance(value, str)}
    read = {
        n: schema.read(answer[n], t)
        for n, t in wanted.items()
        if schema.is_scalar(t) and not schema.is_text(t)
    }
    return {**answer, **{name: value for name, value in read.items() if value is not None}}


def _type(token: str) -> tuple[str, bool]:
    """The resource type that a function reads, and whether it reads many."""
    package, module, name = token.split(":")
    bare = name.removeprefix("get")
    room = module.split("/")[0]
    singular = re.sub(r"Ids$", "", bare)
    tries = [
        (bare, False),
        (singular, True),
        (singular.removesuffix("s"), True),
        (re.sub("ies$", "y", bare), True),
    ]
    for cls, many in tries:
        kind = f"{package}:{room}/{cls[:1].lower()}{cls[1:]}:{cls}"
        try:
            schema.resource_class(kind)
        except LookupError:
            continue
        return kind, many
    raise ProviderError(
        f"{token}: the sandbox has no row for this function, and none of its types is what it reads"
    )


def _result(token: str) -> type:
    """The class of a function's answer."""
    _, module, name = token.split(":")
    room = module.split("/")[0]
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    home = importlib.import_module(f"pulumi_aws.{schema.room(room)}.{snake}")
    found: dict[str, type] = {
        key.lower(): value for key, value in vars(home).items() if isinstance(value, type)
    }
    return found[f"{name}result".lower()]


def _recorded(row: derived.Derived, ctx: Operation) -> list[dict[str, Any]]:
    """Everything of a recorded type that has what the arguments say."""
    kept = ctx.api.record("GET", row.place(ctx)) or {}
    every = [{**each["inputs"], **each["outputs"], "id": id_} for id_, each in kept.items()]
    wanted = {name: value for name, value in ctx.inputs.items() if name not in NOT_FILTERS}
    return [each for each in every if all(each.get(name, value) == value for name, value in wanted.items())]


def _asked(row: Resource, ctx: Operation, *, many: bool) -> list[dict[str, Any]]:
    """What AWS has of a type with a row."""
    if row.read is not None and "Filters" in models.members(
        models.request(row.read.service or row.service, row.read.op)
    ):
        ids = _filtered(row, ctx)
    elif many:
        raise ProviderError(f"{row.token}: the sandbox lists this type in EC2 only")
    else:
        ids = [_given(row, ctx)]
    found = []
    for id_ in ids:
        one = Operation(ctx.api, row, row.service, ctx.region, dict(ctx.inputs), id_)
        seen = row.find(one)
        if seen is not None:
            one.inputs = {}
            found.append({**row.computed(one, seen), "id": id_, "tags": _tags(seen)})
    return found


def _given(row: Resource, ctx: Operation) -> str:
    """The argument that says which: id, ARN, or name."""
    name = importform.name_of(row.token)
    tries = (RENAMED.get(row.token), "id", "arn", name, "name", *ctx.inputs)
    return str(next(ctx.inputs[n] for n in tries if n and n in ctx.inputs and n not in NOT_FILTERS))


def _filtered(row: Resource, ctx: Operation) -> list[str]:
    """The ids of all that EC2 finds by the arguments, its filters and tags."""
    read = row.read
    if read is None:
        return []
    [(member, _)] = read.params.items()
    noun = row.token.rsplit(":", 1)[-1]
    ids = [ctx.inputs[n] for n in ("id", f"{noun[:1].lower()}{noun[1:]}Id") if n in ctx.inputs]
    filters = [{"Name": f["name"], "Values": list(f["values"])} for f in ctx.inputs.get("filters") or ()]
    filters += [{"Name": f"tag:{k}", "Values": [v]} for k, v in (ctx.inputs.get("tags") or {}).items()]
    for name, value in ctx.inputs.items():
        if name in NOT_FILTERS or name == "id" or value in ids:
            continue
        filter_ = EC2_FILTERS.get(name) or re.sub("([A-Z])", r"-\1", name).lower()
        filter_ = f"association.{filter_}" if noun == "RouteTable" and name == "subnetId" else filter_
        filters.append(
            {"Name": filter_, "Values": [str(value).lower() if isinstance(value, bool) else str(value)]}
        )
    params = {**({member: ids} if ids else {}), **({"Filters": filters} if filters else {})}
    answer = ctx.call(read.op, params)
    holder = re.split(r"[\[.]", read.path)[0]
    return [str(each[str(shapes.find(member, each))]) for each in answer.get(holder, [])]


def _tags(seen: Mapping[str, Any]) -> dict[str, str]:
    tags = seen.get("Tags") or {}
    return dict(tags) if isinstance(tags, Mapping) else {t["Key"]: t["Value"] for t in tags}
