"""The resource monitor that stands in for the engine: it answers every registration of a running program."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from google.protobuf import empty_pb2
from pulumi.runtime.proto import resource_pb2

from sandbox.engines.kinds import with_kind
from sandbox.engines.model import Resource
from sandbox.engines.runner.known import Known, brought
from sandbox.engines.runner.marks import secrets, with_secrets
from sandbox.engines.runner.providers import PREFIX, Providers
from sandbox.engines.runner.reads import REFERENCE, References, adopted, existing
from sandbox.engines.runner.registration import (
    STACK,
    DeploymentError,
    Halted,
    Registration,
    refuse,
    registration,
)
from sandbox.engines.runner.remote import Facts, Remote
from sandbox.engines.runner.transforms import Transforms
from sandbox.provider.context import ProviderError
from sandbox.provider.values import from_struct, to_struct
from sandbox.provider.verbs import Maker

FEATURES = tuple(
    getattr(resource_pb2, f"RESOURCE_MONITOR_FEATURE_{name}")
    for name in (
        "SECRETS", "RESOURCE_REFERENCES", "ALIAS_SPECS", "REPLACEMENT_TRIGGER", "DELETED_WITH", "REPLACE_WITH",
        "TRANSFORMS", "INVOKE_TRANSFORMS", "PARAMETERIZATION", "RESOURCE_HOOKS", "ERROR_HOOKS", "OUTPUT_VALUES",
    )
)  # fmt: skip
"""What the SDK may use. Hooks and parameterized packages are among them: refused here they are named, refused there they ask for
another version of the Pulumi CLI."""


class Monitor:
    """Checks, analyzes and creates (or plans) each resource as the program registers it. Called from several threads."""

    def __init__(
        self,
        *,
        project: str,
        stack: str,
        preview: bool,
        providers: Providers,
        references: References,
        analyze: Callable[[Registration], None],
        made: Callable[[Resource], None],
        config: Mapping[str, str] | None = None,
        secret_keys: Sequence[str] = (),
        known: Mapping[str, Known] | None = None,
    ) -> None:
        """`analyze` sees each resource after its check, `made` each one done. `known` is what is there already, by URN."""
        self.project, self.stack, self.preview = project, stack, preview
        self.providers, self.references, self.analyze, self.made = providers, references, analyze, made
        self.transforms = Transforms()
        self.remote = Remote(self, Facts(project, stack, preview, config or {}, secret_keys))
        self._lock = threading.Lock()
        self.registrations: dict[str, Registration] = {}
        self.secret_outputs: dict[str, frozenset[str]] = {}
        self.known = known or {}
        self.check_failures: list[str] = []
        self.failure: Exception | None = None

    # What the program calls, by gRPC's names.

    def GetDeploymentInfo(self, _request: Any) -> Any:  # noqa: N802
        """Name the features that the SDK may use."""
        return resource_pb2.DeploymentInfo(supportedFeatures=FEATURES)

    def SignalAndWaitForShutdown(self, _request: Any) -> Any:  # noqa: N802
        """The program has ended: nothing is under way here that would need it."""
        return empty_pb2.Empty()

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802
        """Register a resource: component, provider or one of a provider."""
        return self._guarded(lambda: self._register(self.transforms.registering(request)))

    def ReadResource(self, request: Any) -> Any:  # noqa: N802
        """Read a stack's outputs or an existing resource."""
        return self._guarded(lambda: self._read(request))

    def ExistsResource(self, request: Any) -> Any:  # noqa: N802
        """Say whether a resource exists."""
        return self._guarded(lambda: self._exists(request))

    def Invoke(self, request: Any) -> Any:  # noqa: N802
        """Answer a provider's function."""
        return self._guarded(lambda: self._invoke(self.transforms.invoking(request)))

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        """Keep the outputs of a component or of the stack."""
        outputs = from_struct(request.outputs)
        with self._lock:
            found = self.registrations[request.urn]
            found.resource = replace(found.resource, outputs=outputs)
            self.secret_outputs[request.urn] = secrets(request.outputs)
        return empty_pb2.Empty()

    def RegisterStackTransform(self, request: Any) -> Any:  # noqa: N802
        """Keep a transform of all resources to come."""
        self.transforms.add("resource", request)
        return empty_pb2.Empty()

    def RegisterStackInvokeTransform(self, request: Any) -> Any:  # noqa: N802
        """Keep a transform of all invokes to come."""
        self.transforms.add("invoke", request)
        return empty_pb2.Empty()

    def Call(self, request: Any) -> Any:  # noqa: N802
        """Refuse: methods are those of other providers' components."""
        return self._guarded(lambda: refuse(f"methods of resources ({request.tok})"))

    def RegisterResourceHook(self, request: Any) -> Any:  # noqa: N802
        """Refuse: there are no steps to hook into."""
        return self._guarded(lambda: refuse(f"resource hooks ({request.name!r})"))

    def RegisterErrorHook(self, request: Any) -> Any:  # noqa: N802
        """Refuse: there are no steps to hook into."""
        return self._guarded(lambda: refuse(f"error hooks ({request.name!r})"))

    def RegisterPackage(self, request: Any) -> Any:  # noqa: N802
        """Refuse: parameterized packages need the engine."""
        return self._guarded(lambda: refuse(f"the parameterized package {request.name!r}"))

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
        if request.hooks.ListFields():
            refuse(f"hooks (on {request.type} {request.name!r})")
        if request.remote:
            return self.remote.construct(request)
        found = registration(request, urn)
        with self._lock:
            if urn in self.registrations:
                raise DeploymentError(f"duplicate resource URN {urn!r}; try giving it a unique name")
            self.registrations[urn] = found
        self.transforms.registered(urn, request)
        if not request.custom:
            self.analyze(found)
            self._done(found)
            return resource_pb2.RegisterResourceResponse(urn=urn, object=request.object)
        if request.type.startswith(PREFIX):
            return self._register_provider(found, request)
        return self._register_custom(found, request)

    def _register_provider(self, found: Registration, request: Any) -> Any:
        urn, inputs = found.resource.urn, dict(found.resource.inputs)
        self.providers.declare(urn, request.type, inputs)
        self.analyze(found)
        id_ = str(uuid.uuid4())
        self._done(found, id_, inputs)
        return resource_pb2.RegisterResourceResponse(urn=urn, id=id_, object=request.object)

    def _register_custom(self, found: Registration, request: Any) -> Any:
        resource, token = found.resource, found.resource.type
        provider = self.providers.of(token, request.provider)
        try:
            kept = self.known.get(resource.urn)
            inputs, failures = provider.check(
                token, resource.urn, kept.inputs if kept else {}, resource.inputs
            )
            found.resource = with_kind(replace(resource, inputs=inputs))
        except ProviderError as error:
            inputs, failures = dict(resource.inputs), [("", str(error))]
        if failures:
            return self._failed_check(found, failures)
        self.analyze(found)
        if self.failure is not None:
            raise Halted
        id_, outputs = self._make(provider, found, resource.inputs, request.importId)
        self._done(found, id_, outputs)
        secret = secrets(request.object) | frozenset(request.additionalSecretOutputs)
        answer = with_secrets(to_struct(outputs), secret)
        return resource_pb2.RegisterResourceResponse(urn=resource.urn, id=id_, object=answer)

    def _make(
        self, provider: Maker, found: Registration, declared: Mapping[str, Any], import_: str
    ) -> tuple[str, dict[str, Any]]:
        """Create a resource, take over the one to import, or keep the one that is there; its id and outputs."""
        resource, token = found.resource, found.resource.type
        if resource.urn in self.known:
            return brought(provider, found, self.known[resource.urn])
        if import_:
            return import_, adopted(provider, resource.urn, token, import_, declared)
        try:
            id_, outputs = provider.create(token, resource.inputs, preview=self.preview)
        except ProviderError as error:
            raise DeploymentError(f"{resource.name} ({resource.urn}): {error}") from error
        return id_ or "", outputs

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

    def _read(self, request: Any) -> Any:
        urn = self.make_urn(request.parent, request.type, request.name)
        given = from_struct(request.properties)
        if request.type == REFERENCE:
            values = self.references.read(str(request.id or given.get("name", "")), self.project)
        else:
            provider = self.providers.of(request.type, request.provider)
            values = existing(provider, urn, request.type, request.id, given)
        answer = with_secrets(to_struct(values), frozenset(request.additionalSecretOutputs))
        return resource_pb2.ReadResourceResponse(urn=urn, id=request.id, properties=answer)

    def _exists(self, request: Any) -> Any:
        provider = self.providers.of(request.type, request.provider)
        found = provider.read(request.type, request.id, from_struct(request.properties))
        return resource_pb2.ExistsResourceResponse(exists=found is not None)

    def _invoke(self, request: Any) -> Any:
        args = from_struct(request.args)
        if request.tok == "pulumi:pulumi:getResource":
            return self._known_resource(args)
        provider = self.providers.of(request.tok, request.provider)
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
