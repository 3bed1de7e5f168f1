"""One resource in one operation: the parameters of its calls, the calls themselves, what AWS says of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jmespath

from sandbox.provider import said, shapes
from sandbox.provider.api import ACCOUNT, Api, AwsError
from sandbox.provider.schema import APART, default, schema
from sandbox.provider.table import Call, Read, Resource
from sandbox.provider.takes import taken


class ProviderError(Exception):
    """Something the sandbox can't do or AWS refused; the message names type, property or call."""


@dataclass
class Operation:
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
    _seen: dict[str, Any] | None = None
    """What the row found since the last call."""

    def evaluate(self, expression: str, found: Mapping[str, Any] | None = None) -> Any:
        """A JMESPath expression over this resource, with the members of `found` beside."""
        return jmespath.search(expression, self._beside(found))

    def _beside(self, found: Mapping[str, Any] | None) -> dict[str, Any]:
        """What expressions read: the members of `found`, and under names of their own what is known of the resource."""
        return {
            **(found or {}),
            "id": (found or {}).get("id") if self.id is None else self.id,
            "in": self.inputs,
            "out": self.outputs,
            "region": self.region,
            "account": ACCOUNT,
            "uuid": self.uuid,
        }

    def call(
        self,
        operation: str,
        params: Mapping[str, Any],
        service: str | None = None,
        region: str | None = None,
    ) -> dict[str, Any]:
        """Call AWS for this resource, in its own region if no other is named."""
        self._seen = None
        return self.api.call(service or self.service, operation, params, region or self.region)

    def found(self) -> dict[str, Any] | None:
        """What the row finds. AWS isn't asked again while nothing was called since."""
        if self._seen is None:
            found = self._row().find(self)
            self._seen = found
        return self._seen

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
        for name in sorted(taken(row, call)):
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
        self.outputs = {**self.inputs, **self.computed(self.found() or {})}
        made_with = taken(row, row.create) | set(row.create.when)
        for call in row.update:
            mine = taken(row, call) | set(call.when)
            if any(self.inputs.get(p) is not None for p in mine - made_with):
                left = frozenset(mine - made_with) if not call.whole else None
                self.call(call.op, self.params(call, left), call.service)
        if row.tags and not row.tags.at_create and self.tags:
            self.retag({}, self.tags)
        self._wait(row)

    def _wait(self, row: Resource) -> None:
        if not row.ready or self.evaluate(row.ready, self.found() or {}):
            return
        with self.api.patience() as patience:
            while not self.evaluate(row.ready, self.found() or {}):
                if patience.over:
                    late = f"{self.id} is not ready after {patience.seconds:.0f} s"
                    raise AwsError("ResourceNotReady", late, row.create.op)
                patience.wait()
                self._seen = None

    def look(self) -> dict[str, Any] | None:
        """Find the resource by the row's reads."""
        row = self._row()
        return self.seek(row.read) if row.read else {}

    def seek(self, read: Read) -> dict[str, Any] | None:
        """What a read of the table finds; None when there is nothing."""
        params: dict[str, Any] = {}
        for path, expression in read.params.items():
            put(params, path, self.evaluate(expression))
        try:
            answer = self.api.call(read.service or self.service, read.op, params, self.region)
        except AwsError as error:
            if error.missing:
                return None
            raise
        document = answer if read.path == "@" else self._beside(answer)
        found = jmespath.search(read.path, document)
        if not found:
            return None
        if found is document:  # the path says whether it counts, and what was asked is not what AWS says
            found = answer
        result = dict(found) if isinstance(found, Mapping) else {"value": found}
        for further in read.merge:
            result |= self.seek(further) or {}
        return result

    def alter(self, changed: frozenset[str]) -> None:
        """Run the update calls that take what changed."""
        row = self._row()
        for call in row.update:
            mine = taken(row, call) | set(call.when)
            hit = mine & changed
            if not hit:
                continue
            self.inputs |= {p: usual for p in hit if (usual := self._usual(p)) is not None}
            gone = sorted(p for p in hit if self.inputs.get(p) is None)
            if gone and not call.whole:
                raise ProviderError(
                    f"{row.token}: the sandbox can't unset {', '.join(gone)} by {call.op}; give it a value"
                )
            only = None if call.whole else frozenset(hit | (mine if hit & set(call.when) else frozenset()))
            self.call(call.op, self.params(call, only), call.service)

    def _usual(self, name: str) -> Any:
        """The documented default of an input that is no longer given; None where it is given or has none.

        A flag without one is false: so the real provider tells AWS of a flag that was taken away.
        """
        if self.inputs.get(name) is not None:
            return None
        known = default(self._row().token, name)
        return False if known is None and isinstance(self.old.get(name), bool) else known

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
            if name in row.outputs or name in self.inputs or name in APART:
                continue
            member = shapes.find(name, found, row.rename)
            value = shapes.from_aws(found[member], type_, row.rename) if member is not None else None
            if value is not None:
                values[name] = value
        for name, expression in row.outputs.items():
            value = self.evaluate(expression, found)
            if value is not None:
                values[name] = shapes.from_aws(value, schema(row.token).outputs.get(name), row.rename)
        return values

    def said(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """What AWS says of the inputs, in Pulumi's names."""
        return said.answer(self, found)

    def gentle(self) -> frozenset[str]:
        """Properties that an update call takes or that no call needs."""
        row = self._row()
        names = {"tags", "tagsAll", *row.ignore} if row.tags else set(row.ignore)
        return frozenset(names.union(*(taken(row, c) | set(c.when) for c in row.update)) - set(row.replace))

    def misfits(self) -> list[tuple[str, str]]:
        """Properties whose values do not fit the members that they become."""
        row, failures = self._row(), []
        for call in (row.create, *row.update):
            shape = self.api.input_shape(call.service or row.service, call.op)
            rename = {**row.rename, **call.rename}
            for name in taken(row, call) & set(self.inputs):
                member = shapes.find(name, shape.members, rename)
                if member is None or call.adjust:
                    continue
                try:
                    shapes.to_aws(self.inputs[name], shape.members[member], rename, name)
                except shapes.ShapeError as error:
                    failures.append((name, str(error)))
        return list(dict.fromkeys(failures))

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
