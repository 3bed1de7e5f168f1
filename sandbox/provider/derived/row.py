"""A row for a type that has none in the table: recorded, its request validated against botocore's model."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sandbox.provider import models, shapes
from sandbox.provider.api import AwsError
from sandbox.provider.context import ProviderError, put
from sandbox.provider.derived import createonly, fit, importform, operations, outputs, services
from sandbox.provider.derived.facts import FACTS
from sandbox.provider.derived.validate import Findings, checked
from sandbox.provider.protocol import Context
from sandbox.provider.schema import APART, schema
from sandbox.provider.shapes import key
from sandbox.provider.table import Call, Resource, Tags
from sandbox.provider.values import has_unknown

PROTECTIONS = frozenset(
    {
        "deleteProtection",
        "deletionProtection",
        "deletionProtectionEnabled",
        "terminationProtection",
        "terminationProtectionEnabled",
    }
)
"""Inputs that, while they are on, make AWS refuse a deletion."""
PROTECTED = {
    "cloudtrail": "EventDataStoreTerminationProtectedException",
    "cognito-idp": "InvalidParameterException",
    "docdb": "InvalidParameterCombination",
    "eks": "InvalidRequestException",
    "neptune": "InvalidParameterCombination",
    "network-firewall": "InvalidOperationException",
    "pinpoint-sms-voice-v2": "ConflictException",
    "quicksight": "PreconditionNotMetException",
    "verifiedpermissions": "InvalidStateException",
}
"""The error codes with which services do so; the others answer a ValidationException."""


@dataclass(frozen=True, kw_only=True)
class Derived(Resource):
    """A recorded type. The sandbox keeps its request, and what AWS would have computed, until it is deleted."""

    def misfits(self, ctx: Context) -> list[tuple[str, str]]:
        """What botocore's model knows to be wrong."""
        return self.findings(ctx.inputs)[1].wrong

    def findings(self, inputs: Mapping[str, Any]) -> tuple[dict[str, Any], Findings]:
        """The request that the inputs make, what is wrong with it, and which inputs no member stands for."""
        request: dict[str, Any] = {}
        found = Findings()
        types = schema(self.token).outputs
        for name, place in fit.places(self.token, self.service, self.create.op).items():
            value = inputs.get(name)
            if value is None:
                continue
            if place is None:
                found.unchecked.append(name)
                continue
            answer = checked(value, place.shape, types.get(name), name, found)
            put(request, ".".join(place.path), answer)
        self._required(inputs, found)
        return request, found

    def _required(self, inputs: Mapping[str, Any], found: Findings) -> None:
        for name in sorted(schema(self.token).required):
            if inputs.get(name) is None:
                found.wrong.append((name, f"missing; {self.create.op} requires it"))

    def gentle(self, _ctx: Context) -> frozenset[str]:
        """What changes without a replacement: all but what CloudFormation, or else AWS's operations, set at creation only."""
        names = schema(self.token).inputs
        placed = fit.places(self.token, self.service, self.create.op)
        twin = createonly.properties(self.token, self.service, self.create.op)
        changing = operations.updates(self.service, self.create.op)
        offered = {key(m) for op in changing for m in models.members(models.request(self.service, op))}

        def stays(name: str) -> bool:
            if name not in placed:
                return True
            place = placed[name]
            members = {key(name), *(map(key, place.path) if place else ())}
            if twin is not None and members & twin[0]:
                return not members & twin[1]
            return bool(members & offered) and name != importform.name_of(self.token)

        return frozenset(n for n in names if stays(n)) | {"tagsAll"}

    def collides(self, old: Context, new: Context) -> bool:
        """Whether a replacement would have the id of what it replaces, so that one must go first."""
        if has_unknown(new.inputs) or not outputs.is_fixed(self.token):
            return False
        return self._id(old) == self._id(new)

    def _id(self, ctx: Context) -> str:
        return outputs.identify(self._made(ctx))

    def _made(self, ctx: Context) -> outputs.Made:
        return outputs.Made(self.token, self.service, self.create.op, ctx.region, ctx.inputs)

    def made(self, ctx: Context) -> None:
        """Keep the request and what AWS would compute; a name that is taken is refused as AWS does."""
        ctx.id, computed = outputs.compute(self._made(ctx))
        taken = outputs.is_fixed(self.token) and ctx.api.record("GET", self._path(ctx)) is not None
        if taken and operations.verb(self.create.op)[0] == "Create":
            raise AwsError("ResourceAlreadyExists", f"{ctx.id} already exists", self.create.op)
        self._keep(ctx, computed)

    def _keep(self, ctx: Context, computed: Mapping[str, Any]) -> None:
        request, _ = self.findings(ctx.inputs)
        inputs = {name: value for name, value in ctx.inputs.items() if not name.endswith("Wo")}
        body = {
            "operation": self.create.op,
            "request": request,
            "tags": ctx.tags,
            "inputs": inputs,
            "outputs": dict(computed),
        }
        ctx.api.record("PUT", self._path(ctx), body)

    def find(self, ctx: Context) -> dict[str, Any] | None:
        """What is kept."""
        return ctx.api.record("GET", self._path(ctx))

    def computed(self, ctx: Context, found: Mapping[str, Any]) -> dict[str, Any]:
        """What AWS would have computed, and the inputs of a resource that is only read."""
        kept = {**found["outputs"]} if ctx.inputs else {**found["inputs"], **found["outputs"]}
        return {name: value for name, value in kept.items() if name not in ctx.inputs}

    def says(self, _ctx: Context, found: Mapping[str, Any]) -> dict[str, Any]:
        """The inputs that are kept, and where the request is no longer the one that they make, what it says."""
        asked, told = self.findings(found["inputs"])[0], dict(found["inputs"])
        types = schema(self.token).outputs
        for name, place in fit.places(self.token, self.service, self.create.op).items():
            if place is None:
                continue
            before, now = (_at(request, place.path) for request in (asked, found["request"]))
            if before != now:
                told.pop(name, None)
                plain = shapes.from_aws(now, types.get(name))
                told |= {} if plain is None else {name: plain}
        return {name: value for name, value in told.items() if name not in APART}

    def change(self, ctx: Context, _changed: frozenset[str]) -> None:
        """Keep the new request."""
        before = self.find(ctx)
        if before is None:
            raise AwsError("ResourceNotFound", f"{ctx.id} does not exist", self.create.op)
        self._keep(ctx, before["outputs"])

    def unprotected(self, ctx: Context) -> None:
        """Lift what protects it from deletion."""
        found = self.find(ctx)
        if found is not None:
            found["inputs"] |= dict.fromkeys(PROTECTIONS & found["inputs"].keys(), False)
            ctx.api.record("PUT", self._path(ctx), found)

    def remove(self, ctx: Context) -> None:
        """Forget it, unless it is protected; what is already gone is no error."""
        found = self.find(ctx)
        on = [name for name in sorted(PROTECTIONS) if found and _is_on(found["inputs"].get(name))]
        if on:
            verb, noun = operations.verb(self.create.op)
            raise AwsError(
                PROTECTED.get(self.service, "ValidationException"),
                f"{ctx.id} can't be deleted while {on[0]} is on: switch it off first",
                f"{'Delete' if verb == 'Create' else 'Terminate'}{noun}",
            )
        ctx.api.record("DELETE", self._path(ctx))

    def place(self, ctx: Context) -> str:
        """Where the sandbox keeps all of this type."""
        return f"{self.service}/{ctx.region}/{operations.of(self.token)[1]}"

    def _path(self, ctx: Context) -> str:
        return f"{self.place(ctx)}/{quote(str(ctx.id), safe='')}"


def _is_on(value: Any) -> bool:
    return str(value).upper() in ("TRUE", "ACTIVE", "ENABLED")


def _at(request: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = request
    for member in path:
        value = value.get(member) if isinstance(value, Mapping) else None
    return value


@functools.cache
def row(token: str) -> Derived:
    """The row of a type without one. ProviderError when pulumi_aws has no such type or AWS no operation for it."""
    try:
        found = schema(token)
    except LookupError as error:
        raise ProviderError(str(error)) from None
    module, name = operations.of(token)
    service = services.service(module, name)
    if module in FACTS.ended or service is None:
        raise ProviderError(f"{token}: {FACTS.ended.get(module, 'botocore has no service of that name')}")
    operation = operations.create(token, service)
    if operation is None:
        raise ProviderError(f"{token}: the sandbox finds no operation of {service} that makes it")
    short = f"{module}:{name}"
    return Derived(
        token=token,
        service=service,
        create=Call(operation),
        id="",
        kind="recorded",
        tags=Tags(at_create=None) if "tags" in found.inputs and found.takes_tags else None,
        autoname=_autoname(token, short),
        defaults=FACTS.defaults.get(short, {}),
        delete_before_replace=short in FACTS.delete_first,
    )


def _autoname(token: str, short: str) -> tuple[str, int, str] | None:
    """The property that gets an automatic name: `name`, as Pulumi's provider does, or the one in the table."""
    if short in FACTS.names:
        name, longest, style = FACTS.names[short]
        return name, longest, style
    found = schema(token)
    named = "name" in found.inputs and "name" not in found.required and short not in FACTS.unnamed
    return ("name", 255, "-") if named and found.is_text("name") else None
