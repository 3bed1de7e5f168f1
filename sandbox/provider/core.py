"""The provider's verbs over the table: check, diff, create, read, update, delete, invoke."""

from __future__ import annotations

import hashlib
import re
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jmespath

from sandbox.provider import services, shapes
from sandbox.provider.api import ACCOUNT, GLOBAL, Api, AwsError
from sandbox.provider.schema import schema
from sandbox.provider.table import Call, Invoke, Kind, Read, Resource
from sandbox.provider.values import UNKNOWN, has_unknown, is_unknown

AUTONAMED = re.compile(r"-[0-9a-f]{7}$")
READY_SECONDS = 20.0
"""How long a resource may take to become ready before creation fails."""


class ProviderError(Exception):
    """Something the sandbox can't do or AWS refused; the message names type, property or call."""


@dataclass(frozen=True)
class Diff:
    """What a change of inputs means: which properties differ and which of them replace the resource."""

    diffs: list[str] = field(default_factory=list)
    replaces: list[str] = field(default_factory=list)
    delete_before_replace: bool = False

    @property
    def changes(self) -> bool:
        """Whether anything differs."""
        return bool(self.diffs)


@dataclass
class Context:
    """One resource in one operation: what is asked, what is known of it, and the calls made for it."""

    api: Api
    row: Resource | None
    service: str
    region: str
    inputs: dict[str, Any]
    id: str | None = None
    outputs: dict[str, Any] = field(default_factory=dict)
    old: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))

    def evaluate(self, expression: str, found: Mapping[str, Any] | None = None) -> Any:
        """A JMESPath expression over this resource, with the members of `found` beside."""
        document = {
            **(found or {}),
            "id": self.id,
            "in": self.inputs,
            "out": self.outputs,
            "region": self.region,
            "account": ACCOUNT,
            "uuid": self.uuid,
        }
        return jmespath.search(expression, document)

    def call(self, operation: str, params: Mapping[str, Any], service: str | None = None) -> dict[str, Any]:
        """Call AWS for this resource; recorded types are validated and not sent."""
        if self.row is not None and self.row.kind == "recorded":
            self.api.validate(service or self.service, operation, params)
            return {}
        return self.api.call(service or self.service, operation, params, self.region)

    def params(self, call: Call, only: frozenset[str] | None = None) -> dict[str, Any]:
        """The parameters of a call: its expressions, and the inputs it takes (all, or those in `only`)."""
        params: dict[str, Any] = {}
        for path, expression in call.params.items():
            value = self.evaluate(expression)
            if value is not None:
                put(params, path, value)
        row = self.row
        if row is None:
            return params
        shape = self.api.input_shape(call.service or self.service, call.op)
        rename = {**row.rename, **call.rename}
        for name in sorted(taken(self.api, row, call)):
            value = self.inputs.get(name)
            if value is None or (only is not None and name not in only):
                continue
            member = shapes.find(name, shape.members, rename)
            if member is None:
                if call.adjust is None:
                    raise ProviderError(f"{row.token}: {call.op} has no parameter for {name}")
                continue  # `adjust` reads it from the inputs
            params[member] = shapes.to_aws(value, shape.members[member], rename, name)
        return call.adjust(params, self) if call.adjust else params

    def make(self) -> None:
        """Create by the row's create call, then set what only other calls take. A half-made resource is removed again."""
        row = self._row()
        params = self.params(row.create)
        if row.tags and row.tags.at_create and self.tags:
            put(params, row.tags.at_create, row.tags.encode(self.tags))
        response = self.call(row.create.op, params, row.create.service)
        self.id = str(self.evaluate(row.id, response))
        try:
            self._complete(row)
        except (AwsError, shapes.ShapeError) as error:
            self._undo(row, error)
            raise

    def _undo(self, row: Resource, cause: Exception) -> None:
        try:
            row.remove(self)
        except AwsError as error:
            raise AwsError(
                "IncompleteCreate", f"{cause}; {self.id} was left behind: {error}", row.create.op
            ) from cause

    def _complete(self, row: Resource) -> None:
        self.outputs = {**self.inputs, **self.computed(row.find(self) or {})}
        made_with = taken(self.api, row, row.create)
        for call in row.update:
            mine = taken(self.api, row, call) | set(call.when)
            if any(self.inputs.get(p) is not None for p in mine - made_with):
                left = frozenset(mine - made_with) if not call.whole else None
                self.call(call.op, self.params(call, left), call.service)
        if row.tags and not row.tags.at_create and self.tags:
            self.retag({}, self.tags)
        self._wait(row)

    def _wait(self, row: Resource) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while row.ready and not self.evaluate(row.ready, row.find(self) or {}):
            if time.monotonic() > deadline:
                raise AwsError(
                    "ResourceNotReady", f"{self.id} is not ready after {READY_SECONDS:.0f} s", row.create.op
                )
            time.sleep(0.1)

    def look(self) -> dict[str, Any] | None:
        """Find the resource by the row's reads."""
        row = self._row()
        if row.kind == "recorded":
            return self.api.record("GET", self.record_path())
        return self._find(row.read) if row.read else {}

    def _find(self, read: Read) -> dict[str, Any] | None:
        params: dict[str, Any] = {}
        for path, expression in read.params.items():
            put(params, path, self.evaluate(expression))
        try:
            answer = self.api.call(read.service or self.service, read.op, params, self.region)
        except AwsError as error:
            if error.missing:
                return None
            raise
        found = self.evaluate(read.path, answer)
        if not found:
            return None
        result = dict(found) if isinstance(found, Mapping) else {"value": found}
        for further in read.merge:
            result |= self._find(further) or {}
        return result

    def alter(self, changed: frozenset[str]) -> None:
        """Run the update calls that take what changed."""
        row = self._row()
        for call in row.update:
            mine = taken(self.api, row, call) | set(call.when)
            hit = mine & changed
            if not hit:
                continue
            gone = sorted(p for p in hit if self.inputs.get(p) is None)
            if gone and not call.whole:
                raise ProviderError(
                    f"{row.token}: the sandbox can't unset {', '.join(gone)} by {call.op}; give it a value"
                )
            only = None if call.whole else frozenset(hit | (mine if hit & set(call.when) else frozenset()))
            self.call(call.op, self.params(call, only), call.service)

    def retag(self, old: Mapping[str, str], new: Mapping[str, str]) -> None:
        """Change tags by the row's calls."""
        tags = self._row().tags
        if tags is None:
            return
        gone = sorted(set(old) - set(new))
        more = {k: v for k, v in new.items() if old.get(k) != v}
        if gone and tags.remove:
            params = self.params_of(tags.remove)
            put(
                params,
                tags.remove_param,
                [{tags.key: k} for k in gone] if tags.remove_form == "list" else gone,
            )
            self.call(tags.remove.op, params, tags.remove.service)
        if more and tags.add:
            params = self.params_of(tags.add)
            put(params, tags.add_param, tags.encode_change(more))
            self.call(tags.add.op, params, tags.add.service)

    def params_of(self, call: Call) -> dict[str, Any]:
        """Only the expressions of a call, no inputs."""
        params: dict[str, Any] = {}
        for path, expression in call.params.items():
            put(params, path, self.evaluate(expression))
        return params

    def drop(self) -> None:
        """Run the delete calls; what is already gone counts as done."""
        row = self._row()
        for call in row.delete:
            params = self.params_of(call)
            try:
                self.call(call.op, call.adjust(params, self) if call.adjust else params, call.service)
            except AwsError as error:
                if not (error.missing and call.unless_missing):
                    raise

    def computed(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """The outputs that AWS computes, in Pulumi's names: by the row's expressions, else by name."""
        row = self._row()
        values: dict[str, Any] = {}
        for name, type_ in schema(row.token).outputs.items():
            if name in row.outputs or name in self.inputs or name in ("tags", "tagsAll", "region"):
                continue
            member = shapes.find(name, found, row.rename)
            if member is not None and found[member] is not None:
                values[name] = shapes.from_aws(found[member], type_, row.rename)
        for name, expression in row.outputs.items():
            value = self.evaluate(expression, found)
            if value is not None:
                values[name] = shapes.from_aws(value, schema(row.token).outputs.get(name), row.rename)
        return values

    def record_path(self) -> str:
        """Where the sandbox keeps a recorded resource."""
        return f"{self.service}/{self.region}/{self._row().token.rsplit(':', 1)[-1]}/{self.id}"

    def _row(self) -> Resource:
        if self.row is None:
            raise ProviderError("an invoke has no resource")
        return self.row


def put(params: dict[str, Any], path: str, value: Any) -> None:
    """Set a parameter; dots go into structures."""
    *rooms, last = path.split(".")
    for room in rooms:
        params = params.setdefault(room, {})
    params[last] = value


def taken(api: Api, row: Resource, call: Call) -> frozenset[str]:
    """The input properties that a call takes."""
    if call.take is not None:
        return frozenset(call.take)
    known = api.taken.get((row.token, id(call)))
    if known is None:
        known = api.taken[row.token, id(call)] = _fitting(api, row, call)
    return known


def _fitting(api: Api, row: Resource, call: Call) -> frozenset[str]:
    """The input properties whose names fit a member of the call's input shape."""
    shape = api.input_shape(call.service or row.service, call.op)
    given = {path.split(".")[0] for path in call.params}
    names = [m for m in (shape.members if shape else {}) if m not in given]
    apart = {"region", "tags", "tagsAll", *row.ignore}
    rename = {**row.rename, **call.rename}
    return frozenset(p for p in schema(row.token).inputs - apart if shapes.find(p, names, rename))


class Provider:
    """The `aws` provider for one stack: a region, default tags, and the sandbox's endpoint."""

    def __init__(
        self,
        endpoint: str,
        region: str,
        default_tags: Mapping[str, str] | None = None,
        *,
        force_delete: bool = False,
    ) -> None:
        """`force_delete` lifts AWS's deletion protection before deleting: for taking down the whole sandbox only."""
        self.api, self.region, self.force_delete = Api(endpoint), region, force_delete
        self.default_tags = dict(default_tags or {})

    def row(self, token: str) -> Resource:
        """The table's row of a type; ProviderError when there is none."""
        try:
            return services.resources()[token]
        except KeyError:
            raise ProviderError(f"{token}: the sandbox has no row for this resource type") from None

    def kind(self, token: str) -> Kind:
        """Whether moto does it (simulated), our extension of moto (extended), or it is only kept (recorded)."""
        return self.row(token).kind

    def check(
        self, token: str, urn: str, olds: Mapping[str, Any], news: Mapping[str, Any], seed: bytes = b""
    ) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Fill in the automatic name and default tags; refuse what no call takes and what AWS would refuse."""
        row, inputs = (
            self.row(token),
            {**self.row(token).defaults, **{k: v for k, v in news.items() if v is not None}},
        )
        if row.autoname and row.autoname[0] not in inputs and f"{row.autoname[0]}Prefix" not in inputs:
            name, longest = row.autoname
            inputs[name] = olds.get(name) or autoname(urn, longest, seed)
        ctx = self._context(row, inputs)
        if row.tags and "tagsAll" in schema(token).outputs and not is_unknown(inputs.get("tags")):
            inputs["tagsAll"] = ctx.tags
        failures = [
            (p, f"{token}: the sandbox does not simulate {p}")
            for p in sorted(inputs)
            if p not in self.known(row)
        ]
        failures += [(p, f"{token}: {m}") for p, m in self._misfits(row, ctx)]
        if row.refuse and not failures and (reason := row.refuse(inputs, ctx)):
            failures.append(("", f"{token}: {reason}"))
        return inputs, failures

    def _misfits(self, row: Resource, ctx: Context) -> list[tuple[str, str]]:
        failures = []
        for call in (row.create, *row.update):
            shape = self.api.input_shape(call.service or row.service, call.op)
            rename = {**row.rename, **call.rename}
            for name in taken(self.api, row, call) & set(ctx.inputs):
                member = shapes.find(name, shape.members, rename)
                if member is None or call.adjust:
                    continue
                try:
                    shapes.to_aws(ctx.inputs[name], shape.members[member], rename, name)
                except shapes.ShapeError as error:
                    failures.append((name, str(error)))
        return list(dict.fromkeys(failures))

    def known(self, row: Resource) -> frozenset[str]:
        """Every input property that the row does something with."""
        calls = (row.create, *row.update)
        by_call = frozenset().union(*(taken(self.api, row, c) | set(c.when) for c in calls))
        fixed = {
            "region",
            *row.ignore,
            *row.replace,
            *row.defaults,
            *((row.autoname[0],) if row.autoname else ()),
        }
        return by_call | fixed | ({"tags", "tagsAll"} if row.tags else set())

    def diff(self, token: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Diff:
        """Compare checked inputs. Write-only values don't count: their version does."""
        row = self.row(token)
        names = (n for n in sorted({*olds, *news}) if not n.endswith("Wo"))
        changed = [n for n in names if not same(olds.get(n), news.get(n))]
        gentle = {"tags", "tagsAll", *row.ignore} if row.tags else set(row.ignore)
        for call in row.update:
            gentle |= taken(self.api, row, call) | set(call.when)
        replaces = [n for n in changed if n in row.replace or n not in gentle]
        return Diff(changed, replaces, row.delete_before_replace or _name_taken(row, olds, news))

    def create(
        self, token: str, inputs: Mapping[str, Any], *, preview: bool = False
    ) -> tuple[str | None, dict[str, Any]]:
        """Make a resource; a preview answers the inputs only, all else stays unknown."""
        row, plain_inputs = self.row(token), dict(inputs)
        ctx = self._context(row, plain_inputs)
        if preview:
            return None, self._echo(ctx)
        with _blame(token):
            if row.kind == "recorded":
                self._record(row, ctx)
            else:
                row.made(ctx)
            return ctx.id, self._outputs(row, ctx)

    def _record(self, row: Resource, ctx: Context) -> None:
        params = ctx.params(row.create)
        if row.tags and row.tags.at_create and ctx.tags:
            put(params, row.tags.at_create, row.tags.encode(ctx.tags))
        self.api.validate(row.create.service or row.service, row.create.op, params)
        ctx.id = str(ctx.evaluate(row.id, {}))
        self.api.record("PUT", ctx.record_path(), params)

    def read(self, token: str, id_: str, inputs: Mapping[str, Any]) -> dict[str, Any] | None:
        """The outputs as AWS has them now; None when the resource is gone."""
        row, ctx = self.row(token), self._context(self.row(token), dict(inputs), id_)
        with _blame(token):
            ctx.outputs = dict(inputs)
            found = row.find(ctx)
            return None if found is None else {**self._echo(ctx), **ctx.computed(found)}

    def update(
        self,
        token: str,
        id_: str,
        olds: Mapping[str, Any],
        old_outputs: Mapping[str, Any],
        news: Mapping[str, Any],
        *,
        preview: bool = False,
    ) -> dict[str, Any]:
        """Bring a resource from its old checked inputs to new ones."""
        row, ctx = self.row(token), self._context(self.row(token), dict(news), id_)
        ctx.old, ctx.outputs = dict(olds), dict(old_outputs)
        if preview:
            gone = set(olds) - set(news)
            moved = set(self.diff(token, olds, news).diffs) - {"tags", "tagsAll", *row.ignore}
            fresh = dict.fromkeys(row.recomputed, UNKNOWN) if moved else {}
            return {**{k: v for k, v in old_outputs.items() if k not in gone}, **self._echo(ctx), **fresh}
        with _blame(token):
            before = self._context(row, dict(olds)).tags
            row.change(ctx, frozenset(self.diff(token, olds, news).diffs))
            if before != ctx.tags:
                ctx.retag(before, ctx.tags)
            if row.kind == "recorded":
                self.api.record("PUT", ctx.record_path(), ctx.params(row.create))
            return self._outputs(row, ctx)

    def delete(self, token: str, id_: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> None:
        """Remove a resource; one that is already gone is no error."""
        row, ctx = self.row(token), self._context(self.row(token), dict(inputs), id_)
        ctx.outputs = dict(outputs)
        with _blame(token):
            if row.kind == "recorded":
                self.api.record("DELETE", ctx.record_path())
                return
            if self.force_delete:
                for call in row.unprotect:
                    ctx.call(call.op, ctx.params_of(call), call.service)
            row.remove(ctx)

    def invoke(self, token: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Answer a function; ProviderError when the table has none of that name."""
        row: Invoke | None = services.invokes().get(token)
        if row is None:
            raise ProviderError(f"{token}: the sandbox has no row for this function")
        region = str(args.get("region") or self.region)
        ctx = Context(self.api, None, row.service, region, dict(args))
        with _blame(token):
            if row.function:
                return row.function(args, ctx)
            params = ctx.params_of(Call(row.op, row.params))
            shape = self.api.input_shape(row.service, row.op)
            for name, value in args.items() if row.take else ():
                member = shapes.find(name, shape.members, row.rename) if name != "region" else None
                if member and member not in params:
                    params[member] = shapes.to_aws(value, shape.members[member], row.rename, name)
            answer = self.api.call(row.service, row.op, params, region)
            result = {name: shapes.from_aws(ctx.evaluate(e, answer)) for name, e in row.answer.items()}
            return {**args, "region": region, **{k: v for k, v in result.items() if v is not None}}

    def _context(self, row: Resource, inputs: dict[str, Any], id_: str | None = None) -> Context:
        region = inputs.get("region") or (self.region if schema(row.token).regional else GLOBAL)
        declared = inputs.get("tags") if row.tags else None
        tags = {**self.default_tags, **declared} if isinstance(declared, Mapping) else dict(self.default_tags)
        return Context(self.api, row, row.service, str(region), inputs, id_, tags=tags)

    def _echo(self, ctx: Context) -> dict[str, Any]:
        """The inputs as outputs; write-only values never come back."""
        values = {k: v for k, v in ctx.inputs.items() if not k.endswith("Wo")}
        row = ctx.row
        if row is not None and schema(row.token).regional:
            values["region"] = ctx.region
        if (
            row is not None
            and row.tags
            and "tagsAll" in schema(row.token).outputs
            and not has_unknown(values.get("tags"))
        ):
            values["tagsAll"] = dict(ctx.tags)
        return values

    def _outputs(self, row: Resource, ctx: Context) -> dict[str, Any]:
        ctx.outputs = self._echo(ctx)
        found = row.find(ctx)
        if found is None:
            raise AwsError("ResourceNotFound", f"{ctx.id} was made but can't be read back", row.create.op)
        return {**ctx.outputs, **ctx.computed(found)}


def _name_taken(row: Resource, olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """A name that the user chose and keeps is taken until the old resource is gone."""
    name = news.get(row.autoname[0]) if row.autoname else None
    return isinstance(name, str) and name == olds.get(row.autoname[0]) and not AUTONAMED.search(name)  # type: ignore[index]


def autoname(urn: str, longest: int, seed: bytes = b"") -> str:
    """The engine's automatic name: logical name, dash, seven hex digits from the engine's seed (or the URN alone)."""
    name = urn.rsplit("::", 1)[-1]
    if len(name) + 8 > longest:
        raise ProviderError(
            f"{name}: too long for an automatic name: at most {longest - 8} characters, or give a name"
        )
    return f"{name}-{hashlib.sha256(urn.encode() + seed).hexdigest()[:7]}"


def same(old: Any, new: Any) -> bool:
    """Equality of property values; an unknown differs from everything, a missing one equals an empty one."""
    if has_unknown(new):
        return False
    empty: tuple[Any, ...] = (None, [], {})
    return old == new or (old in empty and new in empty)


class _blame:  # noqa: N801  reads as a statement
    """Names the resource type in every error of AWS or of the conversion."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, AwsError | shapes.ShapeError):
            raise ProviderError(f"{self.token}: {error}") from error
