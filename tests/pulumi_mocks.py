"""Runs a Pulumi program without an engine and records everything it registers.

`pulumi.runtime.Mocks` sees types and inputs only. This monitor keeps the whole registration: parent, dependencies, protection,
ignored changes, region, component outputs. `preview=True` leaves every computed output unknown, as a first preview does.
Remote components are made by the sandbox's awsx, whose children stand among the others.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from collections import UserDict
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from inspect import isawaitable
from typing import Any

import pulumi
from pulumi.runtime import mocks, rpc, settings
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.stack import run_in_stack

from sandbox import awsx
from sandbox.engines import libraries
from sandbox.engines.runner.attributes import Attributes
from sandbox.engines.runner.remote import Facts, Remote
from sandbox.engines.runner.settle import settle
from sandbox.engines.runner.spared import spare
from sandbox.engines.runner.transforms import Transforms
from sandbox.protocol import SECRET, SIGNATURE
from sandbox.provider.values import from_struct
from tests.computed import COMPUTED, INVOKES

PROJECT = "holdfast"
STASH = "pulumi:index:Stash"
_RESOLVE = rpc.resolve_outputs
_LEFT = 5_000
"""So many objects that a run leaves, in circles, are taken apart at once: later, among all others, it takes three times as long."""


@dataclass(frozen=True)
class Registered:
    """One registration, as the program sent it. `inputs` has Pulumi's wire names (camelCase), secrets unwrapped."""

    type: str
    name: str
    urn: str
    inputs: dict[str, Any]
    parent: str
    dependencies: frozenset[str]
    property_dependencies: dict[str, frozenset[str]]
    protect: bool
    ignore_changes: tuple[str, ...]
    retain_on_delete: bool
    delete_before_replace: bool
    provider: str
    secrets: frozenset[str] = frozenset()
    aliases: frozenset[str] = frozenset()
    """URNs that the resource had before."""

    @property
    def tags(self) -> dict[str, str]:
        return self.inputs.get("tags") or {}


class _Made(UserDict[str, Any]):
    """Answers, which are read when somebody asks."""

    def __getitem__(self, urn: str) -> dict[str, Any]:
        found = self.data[urn]
        if isinstance(found, resource_pb2.RegisterResourceResponse):
            outputs = _plain(rpc.deserialize_properties(found.object, keep_unknowns=True), "", set())
            found = self.data[urn] = {"id": found.id, **outputs}
        return found


@dataclass
class Deployment:
    """Everything one run registered."""

    resources: list[Registered] = field(default_factory=list)
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What each component and the stack registered as outputs, by URN."""
    made: _Made = field(default_factory=_Made)
    """What the mocks answered for each resource: its id, its inputs and what AWS computes, by URN."""
    invokes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def all(self, type_: str) -> list[Registered]:
        """Every resource whose type token is, or ends with, `type_` (e.g. `Subnet` or `aws:ec2/subnet:Subnet`)."""
        return [r for r in self.resources if r.type == type_ or r.type.rsplit(":", 1)[-1] == type_]

    def one(self, type_: str, name: str | None = None) -> Registered:
        """The only resource of that type (and name); fails when there is none or several."""
        found = [r for r in self.all(type_) if name is None or r.name == name]
        assert len(found) == 1, f"{len(found)} of {type_} {name or ''}: {[r.name for r in found]}"
        return found[0]

    def by_urn(self, urn: str) -> Registered:
        return next(r for r in self.resources if r.urn == urn)

    def taggable(self) -> list[Registered]:
        """Every resource whose class takes a `tags` map."""
        from tests.taggable import takes_tags

        return [r for r in self.resources if takes_tags(r.type)]


def _plain(value: Any, path: str, secrets: set[str]) -> Any:
    if isinstance(value, pulumi.AssetArchive):
        return {name: _plain(asset, f"{path}.{name}", secrets) for name, asset in value.assets.items()}
    if isinstance(value, pulumi.StringAsset):
        return value.text
    if isinstance(value, dict):
        if value.get(SIGNATURE) == SECRET:
            secrets.add(path)
            return _plain(value.get("value"), path, secrets)
        return {k: _plain(v, f"{path}.{k}" if path else k, secrets) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v, path, secrets) for v in value]
    return value


def _alias(alias: Any, urn: str) -> str:
    """The URN that an alias means: given whole, or what differs from the resource's own `urn`."""
    if alias.urn:
        return str(alias.urn)
    spec = alias.spec
    start, chain, name = urn.rsplit("::", 2)
    *parents, own = chain.split("$")
    if spec.noParent:
        parents = []
    elif spec.parentUrn:
        parents = [spec.parentUrn.split("::")[2]]
    stack, project = start.split(":")[2], start.split("::")[1]
    types = "$".join([*parents, spec.type or own])
    return f"urn:pulumi:{spec.stack or stack}::{spec.project or project}::{types}::{spec.name or name}"


def stashed(args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
    """What the engine answers for a new stash."""
    return f"{args.name}-id", {"input": args.inputs["input"], "output": args.inputs["input"]}


class _Answers(mocks.Mocks):
    def __init__(
        self,
        preview: bool,
        stacks: Mapping[str, Mapping[str, Any]],
        computed: Mapping[str, Mapping[str, Any]],
        invokes: Mapping[str, Any],
        deployment: Deployment,
        *,
        region: str,
    ) -> None:
        self.preview, self.stacks, self.region, self.deployment = preview, stacks, region, deployment
        self.computed, self.invokes = {**COMPUTED, **computed}, {**INVOKES, **invokes}

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if args.typ == "pulumi:pulumi:StackReference":
            name = args.resource_id or args.inputs["name"]
            # A stack that was not deployed before has no outputs of its own.
            own = f"organization/{PROJECT}/{settings.get_stack()}"
            outputs = dict(self.stacks.get(name, {}) if name == own else self.stacks[name])
            return args.resource_id, {"name": args.resource_id, "outputs": outputs, "secretOutputNames": []}
        if args.typ == STASH:
            return stashed(args)
        if not args.typ.startswith("aws:"):
            return "", {}
        if self.preview:
            return "", dict(args.inputs)
        region = args.inputs.get("region", self.region)
        made = {"arn": f"arn:aws:mock:{region}:123456789012:{args.name}"}
        made |= self.computed.get(args.typ, {})
        facts = {"name": args.name, "region": region}
        made = {k: v(args.inputs) if callable(v) else v for k, v in made.items()}
        made = {k: _filled(v, facts) for k, v in made.items()}
        return f"{args.name}-id", {**made, **{k: _with(v, made.get(k)) for k, v in args.inputs.items()}}

    def call(self, args: mocks.MockCallArgs) -> Any:
        self.deployment.invokes.append((args.token, args.args))
        if args.token not in self.invokes:
            raise AssertionError(f"the mocks know no answer to {args.token}: add it to tests/computed.py")
        answer = self.invokes[args.token]
        return answer(args.args) if callable(answer) else answer


def _filled(value: Any, facts: Mapping[str, Any]) -> Any:
    """What AWS computes, with the resource's name and region where it says so."""
    if isinstance(value, dict):
        return {key: _filled(inner, facts) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, facts) for inner in value]
    return value.format(**facts) if isinstance(value, str) else value


def _with(given: Any, more: Any) -> Any:
    """A group of inputs with what AWS adds to it."""
    return {**more, **given} if isinstance(given, dict) and isinstance(more, dict) else given


class _Monitor(mocks.MockMonitor):
    def __init__(self, answers: _Answers, deployment: Deployment, facts: Facts) -> None:
        super().__init__(answers)
        self.deployment = deployment
        self.urns: set[str] = set()
        self.remote = Remote(self, facts)
        self.transforms = Transforms()

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        # The engine's own rule: the whole chain of parent types, without the stack.
        chain = parent.split("::")[2] if parent else ""
        chain = "" if chain in ("", "pulumi:pulumi:Stack") else chain + "$"
        return f"urn:pulumi:{settings.get_stack()}::{settings.get_project()}::{chain}{type_}::{name}"

    def GetDeploymentInfo(self, request: Any) -> Any:
        # Without, a component's arguments arrive as one output each, and what is plain in them can't be told.
        info = super().GetDeploymentInfo(request)
        info.supportedFeatures.append(resource_pb2.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES)
        return info

    def RegisterResource(self, request: Any) -> Any:
        request = self.transforms.registering(request)
        if request.remote:
            return self.remote.construct(request)
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == "pulumi:pulumi:Stack":
            return resource_pb2.RegisterResourceResponse(urn=urn)
        if urn in self.urns:
            raise AssertionError(f"registered twice: {urn}")
        self.urns.add(urn)
        said = rpc.deserialize_properties(request.object, keep_unknowns=True)
        secrets: set[str] = set()
        self.deployment.resources.append(
            Registered(
                type=request.type,
                name=request.name,
                urn=urn,
                inputs=_plain(said, "", secrets),
                parent=request.parent,
                dependencies=frozenset(request.dependencies),
                property_dependencies={k: frozenset(v.urns) for k, v in request.propertyDependencies.items()},
                protect=bool(request.protect),
                ignore_changes=tuple(request.ignoreChanges),
                retain_on_delete=bool(request.retainOnDelete),
                delete_before_replace=bool(request.deleteBeforeReplace),
                provider=request.provider,
                secrets=frozenset(secrets),
                aliases=frozenset([*request.aliasURNs, *(_alias(each, urn) for each in request.aliases)]),
            )
        )
        self.transforms.registered(urn, request)
        self.deployment.made[urn] = answer = self._answer(request, urn, said)
        return answer

    def _answer(self, request: Any, urn: str, said: dict[str, Any]) -> resource_pb2.RegisterResourceResponse:
        """As the SDK's monitor, without reading again what has been read: only a preview has unknowns, which an answer leaves out."""
        preview = self.mocks.preview
        args = mocks.MockResourceArgs(
            typ=request.type,
            name=request.name,
            inputs=rpc.deserialize_properties(request.object) if preview else said,
            provider=request.provider,
            resource_id=request.importId,
            custom=request.custom,
        )
        id_, state = self.mocks.new_resource(args)
        self.resources[urn] = mocks.MockMonitor.ResourceRegistration(urn, id_, state)
        made = _at_once(rpc.serialize_properties(state, {}))
        return resource_pb2.RegisterResourceResponse(urn=urn, id=id_, object=made)

    def RegisterResourceOutputs(self, request: Any) -> Any:
        # The SDK would fetch the resources that outputs refer to, on this thread's event loop, which nobody runs.
        self.deployment.outputs[request.urn] = from_struct(request.outputs)
        return super().RegisterResourceOutputs(request)


def _whole(program: Callable[[], Any]) -> Callable[[], Awaitable[None]]:
    """The program, and the wait for all that it left under way."""

    async def run() -> None:
        found = program()
        if isawaitable(found):
            await found
        await settle()

    return run


class _Threads(ThreadPoolExecutor):
    """Threads that answer the program. The SDK's mocks make each an event loop, three open files, and close none: here they have one."""

    def __init__(self) -> None:
        self._loops: list[asyncio.AbstractEventLoop] = []
        super().__init__(initializer=self._begin)

    def _begin(self) -> None:
        self._loops.append(asyncio.new_event_loop())
        asyncio.set_event_loop(self._loops[-1])

    def end(self) -> None:
        """Wait for them, and close their loops."""
        self.shutdown()
        for each in self._loops:
            each.close()


def _at_once(waits: Coroutine[Any, Any, Any]) -> Any:
    """What comes of something that waits for nothing: plain values, on their way into an answer."""
    try:
        waits.send(None)
    except StopIteration as ended:
        return ended.value
    waits.close()
    raise AssertionError("the mocks' answers are plain values: there is nothing to wait for")


def _resolve_late(res: Any, *answered: Any, **more: Any) -> None:
    """As the SDK's function of that name, once somebody asks for an output: what the mocks say of most, nobody does."""
    attributes = res.__dict__
    resolve = partial(_RESOLVE, res, *answered, **more)
    if isinstance(attributes, Attributes):
        attributes.later(resolve)
    else:
        resolve()


class _Loop(asyncio.SelectorEventLoop):
    """The program's. What it asks is answered then and there: a thread for each answer takes a tenth of a run's time.

    A program with transforms is itself asked meanwhile, which it can't answer while it waits: then threads ask.
    """

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        if settings.SETTINGS.callbacks is not None:
            return super().run_in_executor(executor, func, *args)
        answer = self.create_future()
        try:
            answer.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - whoever asked is told
            answer.set_exception(error)
        return answer


def deploy(
    program: Callable[[], Any],
    *,
    preview: bool = False,
    stack: str = "prod",
    config: Mapping[str, Any] | None = None,
    stacks: Mapping[str, Mapping[str, Any]] | None = None,
    computed: Mapping[str, Mapping[str, Any]] | None = None,
    invokes: Mapping[str, Any] | None = None,
    into: Deployment | None = None,
) -> Deployment:
    """Run `program` and return what it registered. Exceptions of the program, also in an `apply`, are raised.

    `stacks` answers StackReferences by full name, `computed` adds outputs by type token, `invokes` answers by function token.
    `into` is filled instead of a new Deployment: it tells what was registered before an exception.
    """
    deployment = Deployment() if into is None else into
    flat = {k: v if isinstance(v, str) else json.dumps(v) for k, v in (config or {}).items()}
    region = flat.get("aws:region", "us-east-1")
    answers = _Answers(preview, stacks or {}, computed or {}, invokes or {}, deployment, region=region)
    monitor = _Monitor(answers, deployment, Facts(PROJECT, stack, preview, flat))
    if "pulumi_awsx" in sys.modules:
        libraries.services(*awsx.SERVICES)
        libraries.components()
    spare()
    mocks._sync_await = _at_once  # type: ignore[attr-defined]
    rpc.resolve_outputs = _resolve_late
    loop = _Loop()
    asyncio.set_event_loop(loop)
    threads = _Threads()
    loop.set_default_executor(threads)
    try:
        settings.set_root_resource(None)  # type: ignore[arg-type]
        mocks.set_mocks(answers, PROJECT, stack, preview, monitor=monitor, organization="organization")
        settings.SETTINGS.rpc_manager.clear()
        settings.SETTINGS.outputs.clear()
        settings.set_root_resource(None)  # type: ignore[arg-type]
        pulumi.runtime.set_all_config(flat)
        loop.run_until_complete(run_in_stack(_whole(program)))
    finally:
        monitor.remote.stop()
        monitor.transforms.close()
        settings.set_root_resource(None)  # type: ignore[arg-type]
        settings.reset_options()
        pulumi.runtime.set_all_config({})
        loop.close()
        threads.end()
        asyncio.set_event_loop(None)
        rpc.resolve_outputs = _RESOLVE
        if gc.get_count()[0] > _LEFT:
            gc.collect(0)
    return deployment
