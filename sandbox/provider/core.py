"""The provider's verbs over the table: check, diff, create, read, update, delete, invoke."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi.output import UNKNOWN

from sandbox.provider import lookups, readback, refusals, rows, said, services, shapes
from sandbox.provider.api import GLOBAL, AwsError, api_of
from sandbox.provider.context import Operation, ProviderError
from sandbox.provider.schema import schema
from sandbox.provider.table import Call, Invoke, Kind, Resource
from sandbox.provider.values import has_unknown, is_unknown

AUTONAMED = re.compile(r"-[0-9a-f]{7}$|_[0-9a-f]{7}$|_[g-w]{8}$|-[0-9a-f]{7}[.]fifo$")
LETTERS = str.maketrans("0123456789abcdef", "ghijklmnopqrstuv")
"""Hex digits as letters, for names that may hold no digit."""


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
        self.api, self.region, self.force_delete = api_of(endpoint), region, force_delete
        self.default_tags = dict(default_tags or {})

    def row(self, token: str) -> Resource:
        """The table's row of a type, else one derived from its name; ProviderError when nothing makes it."""
        return rows.row(token)

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
            name, longest, *style = row.autoname
            fifo = any(inputs.get(p) is True for p in ("fifoQueue", "fifoTopic"))
            inputs[name] = olds.get(name) or autoname(urn, longest, seed, "".join(style) or "-", fifo=fifo)
        inputs = {name: _text_of_object(token, name, value) for name, value in inputs.items()}
        ctx = self._context(row, inputs)
        ctx.old = dict(olds)
        if row.tags and "tagsAll" in schema(token).outputs and not is_unknown(inputs.get("tags")):
            inputs["tagsAll"] = ctx.tags
        found = refusals.refused(ctx, [*rows.refused(row, inputs), *row.misfits(ctx)])
        failures = [(p, f"{token}: {m}") for p, m in found]
        if row.refuse and not failures and (reason := row.refuse(inputs, ctx)):
            failures.append(("", f"{token}: {reason}"))
        return inputs, failures

    def diff(self, token: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Diff:
        """Compare checked inputs. Write-only values don't count: their version does."""
        row = self.row(token)
        left = {n for n in row.lasting if n not in news}
        names = (n for n in sorted({*olds, *news} - left) if not n.endswith("Wo"))
        changed = [n for n in names if not same(olds.get(n), news.get(n))]
        old, new = self._context(row, dict(olds)), self._context(row, dict(news))
        gentle = row.gentle(new)
        replaces = [n for n in changed if n not in gentle]
        first = (
            row.delete_before_replace
            or _name_taken(row, olds, news)
            or (bool(replaces) and row.collides(old, new))
        )
        return Diff(changed, replaces, first)

    def create(
        self, token: str, inputs: Mapping[str, Any], *, preview: bool = False
    ) -> tuple[str | None, dict[str, Any]]:
        """Make a resource; a preview answers the inputs only, all else stays unknown."""
        row, plain_inputs = self.row(token), dict(inputs)
        ctx = self._context(row, plain_inputs)
        if preview:
            return None, self._echo(ctx)
        with _blame(token):
            row.made(ctx)
            return ctx.id, self._outputs(row, ctx)

    def read(self, token: str, id_: str, inputs: Mapping[str, Any]) -> dict[str, Any] | None:
        """The outputs as AWS has them now; None when the resource is gone."""
        row, ctx = self.row(token), self._context(self.row(token), dict(inputs), id_)
        with _blame(token):
            ctx.outputs = dict(inputs)
            found = row.find(ctx)
            return None if found is None else self._told(row, ctx, found)

    def refresh(
        self, token: str, id_: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Inputs and outputs as AWS has them now, from those of the last contact; None when the resource is gone."""
        row, ctx = self.row(token), self._context(self.row(token), dict(inputs), id_)
        with _blame(token):
            ctx.outputs = {**inputs, **outputs}
            found = row.find(ctx)
            if found is None:
                return None
            tags = said.tags(ctx, found)
            found |= said.further(ctx)
            answer = row.says(ctx, found)
            fresh = readback.refreshed(token, inputs, outputs, answer)
            if tags is not None and tags != ctx.tags:
                fresh = readback.retagged(fresh, tags, self.default_tags)
            seen = self._context(row, fresh, id_)
            seen.outputs, seen.tags = ctx.outputs, tags if tags is not None else ctx.tags
            return fresh, {**self._echo(seen), **row.computed(seen, found), **readback.kept(fresh, answer)}

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
            before = olds.get("tagsAll") or self._context(row, dict(olds)).tags
            row.change(ctx, frozenset(self.diff(token, olds, news).diffs))
            if before != ctx.tags:
                ctx.retag(before, ctx.tags)
            return self._outputs(row, ctx)

    def delete(self, token: str, id_: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> None:
        """Remove a resource; one that is already gone is no error."""
        row, ctx = self.row(token), self._context(self.row(token), dict(inputs), id_)
        ctx.outputs = dict(outputs)
        with _blame(token):
            if self.force_delete:
                row.unprotected(ctx)
            row.remove(ctx)

    def invoke(self, token: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Answer a function, by the table's row or by what it reads; ProviderError when that is nothing the sandbox has."""
        row: Invoke | None = services.invokes().get(token)
        region = str(args.get("region") or self.region)
        ctx = Operation(self.api, None, row.service if row else "", region, dict(args))
        with _blame(token):
            if row is None:
                return lookups.look_up(token, args, ctx)
            if row.function:
                return lookups.typed(token, row.function(args, ctx))
            params = ctx.params_of(Call(row.op, row.params))
            shape = self.api.input_shape(row.service, row.op)
            for name, value in args.items() if row.take else ():
                member = shapes.find(name, shape.members, row.rename) if name != "region" else None
                if member and member not in params:
                    params[member] = shapes.to_aws(value, shape.members[member], row.rename, name)
            answer = self.api.call(row.service, row.op, params, region)
            result = {name: shapes.from_aws(ctx.evaluate(e, answer)) for name, e in row.answer.items()}
            return {**args, "region": region, **{k: v for k, v in result.items() if v is not None}}

    def _context(self, row: Resource, inputs: dict[str, Any], id_: str | None = None) -> Operation:
        region = inputs.get("region") or (self.region if schema(row.token).regional else GLOBAL)
        declared = inputs.get("tags") if row.tags else None
        tags = {**self.default_tags, **declared} if isinstance(declared, Mapping) else dict(self.default_tags)
        return Operation(self.api, row, row.service, str(region), inputs, id_, tags=tags)

    def _echo(self, ctx: Operation) -> dict[str, Any]:
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

    def _outputs(self, row: Resource, ctx: Operation) -> dict[str, Any]:
        ctx.outputs = self._echo(ctx)
        found = ctx.found()
        if found is None:
            raise AwsError("ResourceNotFound", f"{ctx.id} was made but can't be read back", row.create.op)
        return self._told(row, ctx, found)

    def _told(self, row: Resource, ctx: Operation, found: Mapping[str, Any]) -> dict[str, Any]:
        """The outputs, and what a later refresh compares with."""
        memory = readback.kept(ctx.inputs, row.says(ctx, found))
        return {**self._echo(ctx), **row.computed(ctx, found), **memory}


def _text_of_object(token: str, name: str, value: Any) -> Any:
    """Write an object given for a text, a policy say, as JSON with its keys in order, as the real provider does."""
    if not isinstance(value, Mapping) or schema(token).outputs.get(name) is not str:
        return value
    return UNKNOWN if has_unknown(value) else json.dumps(value, sort_keys=True, separators=(",", ":"))


def _name_taken(row: Resource, olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """A name that the user chose and keeps is taken until the old resource is gone."""
    name = news.get(row.autoname[0]) if row.autoname else None
    return isinstance(name, str) and name == olds.get(row.autoname[0]) and not AUTONAMED.search(name)  # type: ignore[index]


def autoname(urn: str, longest: int, seed: bytes = b"", style: str = "-", *, fifo: bool = False) -> str:
    """The engine's automatic name: logical name, separator, seven hex digits from the engine's seed (or the URN alone).

    `style`: the separator, or `lower` (all in lower case), `letters` (eight letters behind an underscore), `alias/` (put before),
    `whole` (the logical name as it is).
    """
    if style == "whole":
        return urn.rsplit("::", 1)[-1]
    name, digits = urn.rsplit("::", 1)[-1], hashlib.sha256(urn.encode() + seed).hexdigest()
    tail = digits[:8].translate(LETTERS) if style == "letters" else digits[:7]
    if len(name) + 1 + len(tail) > longest:
        raise ProviderError(
            f"{name}: too long for an automatic name: at most {longest - 1 - len(tail)} characters, or give a name"
        )
    full = f"{name}{'_' if style in ('_', 'letters') else '-'}{tail}"
    full = full.lower() if style in ("lower", "letters") else full
    return f"{'alias/' if style == 'alias/' else ''}{full}{'.fifo' if fifo else ''}"


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
