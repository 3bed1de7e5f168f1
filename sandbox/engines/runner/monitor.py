"""The resource monitor that stands in for the engine: it answers every registration of a running program."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime import mocks
from pulumi.runtime.proto import resource_pb2

from sandbox.engines.model import Resource, never_deployed
from sandbox.protocol import SECRET, SIGNATURE
from sandbox.provider import Provider, ProviderError
from sandbox.provider.values import from_struct, is_unknown, to_struct

STACK = "pulumi:pulumi:Stack"
_PROVIDERS = "pulumi:providers:"


class Halted(RuntimeError):  # noqa: N818 - no error of its own: the first one is what counts
    """The run has failed already; nothing more is created."""


class DeploymentError(RuntimeError):
    """The program asked for something that can't be had, or AWS refused; the message names the resource."""


@dataclass
class Registration:
    """One resource as the program declared it, for policies."""

    resource: Resource
    ignore_changes: list[str]
    aliases: list[str]
    additional_secret_outputs: list[str]
    delete_before_replace: bool
    provider: str


@dataclass
class References:
    """Outputs of other stacks by full name, and names of the secret ones."""

    outputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    secrets: Mapping[str, list[str]] = field(default_factory=dict)


class _NoMocks(mocks.Mocks):
    """The base class wants mocks; this monitor answers everything itself."""

    def call(self, args: mocks.MockCallArgs) -> Any:
        raise NotImplementedError(args.token)

    def new_resource(self, args: mocks.MockResourceArgs) -> Any:
        raise NotImplementedError(args.typ)


class Monitor(mocks.MockMonitor):
    """Checks, analyzes and creates (or plans) each resource as the program registers it. Called from several threads."""

    def __init__(
        self,
        *,
        project: str,
        stack: str,
        preview: bool,
        provider: Callable[[str, Mapping[str, str]], Provider],
        region: str | None,
        default_tags: Mapping[str, str],
        references: References,
        analyze: Callable[[Registration], None],
        made: Callable[[Resource], None],
    ) -> None:
        """`provider(region, default tags)` makes a provider; `analyze` sees each resource after its check; `made` each one done."""
        super().__init__(_NoMocks())
        self.project, self.stack, self.preview = project, stack, preview
        self.references, self.analyze, self.made = references, analyze, made
        self._make_provider, self._default = provider, (region, dict(default_tags))
        self._providers: dict[str, Provider] = {}
        self._lock = threading.Lock()
        self.registrations: dict[str, Registration] = {}
        self.secret_outputs: dict[str, frozenset[str]] = {}
        self.check_failures: list[str] = []
        self.failure: Exception | None = None

    # What the program calls.

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - gRPC's name
        """Register a resource: component, provider or AWS resource."""
        return self._guarded(lambda: self._register(request))

    def ReadResource(self, request: Any) -> Any:  # noqa: N802
        """Read a stack's outputs or an existing resource."""
        return self._guarded(lambda: self._read(request))

    def Invoke(self, request: Any) -> Any:  # noqa: N802
        """Answer a provider's function."""
        return self._guarded(lambda: self._invoke(request))

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        """Keep the outputs of a component or of the stack."""
        outputs = from_struct(request.outputs)
        with self._lock:
            found = self.registrations[request.urn]
            found.resource = replace(found.resource, outputs=outputs)
            self.secret_outputs[request.urn] = _secrets(request.outputs)
        return empty_pb2.Empty()

    def RegisterStackTransform(self, _request: Any) -> Any:  # noqa: N802
        """Refuse: transforms are run by the engine."""
        return self._guarded(lambda: _refuse("stack transforms"))

    def RegisterStackInvokeTransform(self, _request: Any) -> Any:  # noqa: N802
        """Refuse: transforms are run by the engine."""
        return self._guarded(lambda: _refuse("invoke transforms"))

    def RegisterResourceHook(self, _request: Any) -> Any:  # noqa: N802
        """Refuse: hooks are run by the engine."""
        return self._guarded(lambda: _refuse("resource hooks"))

    def RegisterErrorHook(self, _request: Any) -> Any:  # noqa: N802
        """Refuse: hooks are run by the engine."""
        return self._guarded(lambda: _refuse("error hooks"))

    def RegisterPackage(self, request: Any) -> Any:  # noqa: N802
        """Refuse: parameterized packages need the engine."""
        return self._guarded(lambda: _refuse(f"the parameterized package {request.name!r}"))

    # How it is answered.

    def _guarded(self, work: Callable[[], Any]) -> Any:
        """Run one call; the first failure stops all that follow."""
        if self.failure is not None:
            raise Halted
        try:
            return work()
        except Exception as error:
            with self._lock:
                self.failure = self.failure or error
            raise

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """Build the URN as the engine does: the chain of all parents' types, without the stack's."""
        chain = parent.split("::")[2] if parent else ""
        chain = "" if chain in ("", STACK) else f"{chain}$"
        return f"urn:pulumi:{self.stack}::{self.project}::{chain}{type_}::{name}"

    def _register(self, request: Any) -> Any:
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.remote:
            raise DeploymentError(
                f"{request.type} {request.name!r}: the sandbox has no such remote component"
            )
        if request.transforms or request.hooks.ListFields():
            _refuse(f"transforms and hooks (on {request.type} {request.name!r})")
        if request.importId:
            _refuse(f"importing resources ({request.type} {request.name!r}, id {request.importId!r})")
        found = _registration(request, urn)
        with self._lock:
            if urn in self.registrations:
                raise DeploymentError(f"duplicate resource URN {urn!r}; try giving it a unique name")
            self.registrations[urn] = found
        if not request.custom:
            self.analyze(found)
            self._done(found)
            return resource_pb2.RegisterResourceResponse(urn=urn, object=request.object)
        if request.type.startswith(_PROVIDERS):
            return self._register_provider(found, request)
        return self._register_aws(found, request)

    def _register_provider(self, found: Registration, request: Any) -> Any:
        urn, inputs = found.resource.urn, dict(found.resource.inputs)
        if request.type != f"{_PROVIDERS}aws":
            raise DeploymentError(
                f"{urn}: the sandbox has no provider {request.type.removeprefix(_PROVIDERS)!r}"
            )
        region = inputs.get("region", self._default[0])
        if is_unknown(region) or not isinstance(region, str):
            raise DeploymentError(f"{urn}: region must be known before anything is deployed, got {region!r}")
        tags = inputs.get("defaultTags") or {}
        tags = (json.loads(tags) if isinstance(tags, str) else tags).get("tags", {})
        self.analyze(found)
        self._providers[urn] = self._make_provider(region, tags)
        id_ = str(uuid.uuid4())
        self._done(found, id_, inputs)
        return resource_pb2.RegisterResourceResponse(urn=urn, id=id_, object=request.object)

    def _register_aws(self, found: Registration, request: Any) -> Any:
        resource, token = found.resource, found.resource.type
        provider = self._provider(token, request.provider)
        try:
            inputs, failures = provider.check(token, resource.urn, {}, resource.inputs)
            unchecked = provider.row(token).unchecked(inputs)
            found.resource = replace(resource, kind=provider.kind(token), inputs=inputs, unchecked=unchecked)
        except ProviderError as error:
            inputs, failures = dict(resource.inputs), [("", str(error))]
        if failures:
            return self._failed_check(found, failures)
        self.analyze(found)
        if self.failure is not None:
            raise Halted
        try:
            id_, outputs = provider.create(token, inputs, preview=self.preview)
        except ProviderError as error:
            raise DeploymentError(f"{resource.name} ({resource.urn}): {error}") from error
        self._done(found, id_ or "", outputs)
        secret = _secrets(request.object) | frozenset(request.additionalSecretOutputs)
        answer = _with_secrets(to_struct(outputs), secret)
        return resource_pb2.RegisterResourceResponse(urn=resource.urn, id=id_ or "", object=answer)

    def _failed_check(self, found: Registration, failures: list[tuple[str, str]]) -> Any:
        """In a preview go on, with all outputs unknown, to find every failure; else stop."""
        resource = found.resource
        texts = [
            f"{resource.name} ({resource.urn}): {f'{name}: ' if name else ''}{why}" for name, why in failures
        ]
        if not self.preview:
            raise DeploymentError("\n".join(texts))
        with self._lock:
            self.check_failures += texts
        answer = to_struct(resource.inputs)
        return resource_pb2.RegisterResourceResponse(urn=resource.urn, object=answer)

    def _done(self, found: Registration, id_: str = "", outputs: Mapping[str, Any] | None = None) -> None:
        with self._lock:
            found.resource = replace(found.resource, id=id_, outputs=dict(outputs or {}))
        self.made(found.resource)

    def _provider(self, token: str, reference: str) -> Provider:
        """The provider that a registration refers to (`urn::id`), or the stack's default one."""
        if token.split(":", 1)[0] != "aws":
            raise DeploymentError(
                f"{token}: the sandbox has no provider for package {token.split(':', 1)[0]!r}"
            )
        with self._lock:
            urn = reference.rpartition("::")[0]
            if urn not in self._providers:
                if urn:
                    raise DeploymentError(f"{token}: unknown provider {reference!r}")
                region, tags = self._default
                if region is None:
                    raise DeploymentError("aws:region is not set in the stack's configuration")
                self._providers[""] = self._make_provider(region, tags)
            return self._providers[urn]

    def _read(self, request: Any) -> Any:
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == "pulumi:pulumi:StackReference":
            values = self._stack_outputs(request)
            return resource_pb2.ReadResourceResponse(urn=urn, id=request.id, properties=to_struct(values))
        provider = self._provider(request.type, request.provider)
        outputs = provider.read(request.type, request.id, from_struct(request.properties))
        if outputs is None:
            raise DeploymentError(f"{urn}: AWS has no {request.type} with id {request.id!r}")
        return resource_pb2.ReadResourceResponse(urn=urn, id=request.id, properties=to_struct(outputs))

    def _stack_outputs(self, request: Any) -> dict[str, Any]:
        asked = request.id or from_struct(request.properties).get("name", "")
        parts = str(asked).split("/")
        whole = {1: ["organization", self.project, *parts], 2: ["organization", *parts]}.get(
            len(parts), parts
        )
        name = "/".join(whole)
        if name not in self.references.outputs:
            raise DeploymentError(never_deployed(name))
        secrets = self.references.secrets.get(name, [])
        return {"name": asked, "outputs": self.references.outputs[name], "secretOutputNames": list(secrets)}

    def _invoke(self, request: Any) -> Any:
        args = from_struct(request.args)
        if request.tok == "pulumi:pulumi:getResource":
            return self._known_resource(args)
        provider = self._provider(request.tok, request.provider)
        return resource_pb2.ResourceInvokeResponse(
            **{"return": to_struct(provider.invoke(request.tok, args))}
        )

    def _known_resource(self, args: Mapping[str, Any]) -> Any:
        with self._lock:
            found = self.registrations.get(str(args["urn"]))
        if found is None:
            raise DeploymentError(f"unknown resource {args['urn']!r}")
        state = {"urn": found.resource.urn, "id": found.resource.id, "state": found.resource.outputs}
        return resource_pb2.ResourceInvokeResponse(**{"return": to_struct(state)})


def _refuse(what: str) -> Any:
    raise DeploymentError(f"the runner can't do {what}: the Pulumi CLI is needed")


def _registration(request: Any, urn: str) -> Registration:
    resource = Resource(
        urn=urn,
        type=request.type,
        name=request.name,
        parent=request.parent,
        custom=request.custom,
        protect=bool(request.protect),
        inputs=from_struct(request.object),
        dependencies=list(request.dependencies),
        property_dependencies={
            name: list(found.urns) for name, found in request.propertyDependencies.items()
        },
    )
    return Registration(
        resource=resource,
        ignore_changes=list(request.ignoreChanges),
        aliases=[*request.aliasURNs, *(alias.urn for alias in request.aliases if alias.urn)],
        additional_secret_outputs=list(request.additionalSecretOutputs),
        delete_before_replace=bool(request.deleteBeforeReplace),
        provider=request.provider,
    )


def _is_secret(value: struct_pb2.Value) -> bool:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        fields = value.struct_value.fields
        return (SIGNATURE in fields and fields[SIGNATURE].string_value == SECRET) or any(
            map(_is_secret, fields.values())
        )
    return kind == "list_value" and any(map(_is_secret, value.list_value.values))


def _secrets(struct: struct_pb2.Struct) -> frozenset[str]:
    """Names of the top-level properties that have a secret in them."""
    return frozenset(name for name, value in struct.fields.items() if _is_secret(value))


def _with_secrets(struct: struct_pb2.Struct, names: frozenset[str]) -> struct_pb2.Struct:
    """Mark properties as secret, as the engine does with outputs that come from secret inputs."""
    for name in names & set(struct.fields):
        wrapped = struct_pb2.Value()
        wrapped.struct_value.fields[SIGNATURE].string_value = SECRET
        wrapped.struct_value.fields["value"].CopyFrom(struct.fields[name])
        struct.fields[name].CopyFrom(wrapped)
    return struct
