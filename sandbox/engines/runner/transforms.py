"""Transforms: functions of the program that the engine calls back before it takes a registration or an invoke."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import grpc
from google.protobuf import struct_pb2
from pulumi.runtime.proto import callback_pb2, callback_pb2_grpc, resource_pb2

from sandbox.engines.runner.marks import from_outputs, upgraded
from sandbox.engines.runner.registration import DeploymentError

_MESSAGES = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
_OPTIONS: Mapping[str, str] = {
    "depends_on": "dependencies",
    "protect": "protect",
    "ignore_changes": "ignoreChanges",
    "replace_on_changes": "replaceOnChanges",
    "version": "version",
    "aliases": "aliases",
    "provider": "provider",
    "custom_timeouts": "customTimeouts",
    "plugin_download_url": "pluginDownloadURL",
    "retain_on_delete": "retainOnDelete",
    "deleted_with": "deletedWith",
    "delete_before_replace": "deleteBeforeReplace",
    "additional_secret_outputs": "additionalSecretOutputs",
    "providers": "providers",
    "hooks": "hooks",
    "import": "importId",
    "replace_with": "replace_with",
    "replacement_trigger": "replacement_trigger",
}
"""Options that a transform may change: their fields in a transform's message and in a registration."""
_CALL_OPTIONS: Mapping[str, str] = {
    "provider": "provider",
    "version": "version",
    "plugin_download_url": "pluginDownloadURL",
}


class Transforms:
    """The transforms of one run: each resource's own, handed down to its children, and those of the whole stack."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._own: dict[str, tuple[Any, ...]] = {}
        self._pending: dict[tuple[str, str, str], tuple[Any, ...]] = {}
        self._parents: dict[str, str] = {}
        self._channels: dict[str, Any] = {}
        self._stack: dict[str, list[Any]] = defaultdict(list)

    def add(self, of: str, callback: Any) -> None:
        """Keep a transform of the whole stack; `of` is `resource` or `invoke`."""
        self._stack[of].append(callback)

    def registering(self, request: Any) -> Any:
        """A registration after its own transforms, those of its parents from the nearest on, and the stack's."""
        own = self._take(request)
        callbacks = [*own, *self._inherited(request.parent), *self._stack["resource"]]
        if not callbacks:
            return request
        depends = {name: list(found.urns) for name, found in request.propertyDependencies.items()}
        # The engine tells what properties depend on only to a resource's own transforms, and only they can change it.
        asked = resource_pb2.TransformRequest(
            type=request.type,
            name=request.name,
            custom=request.custom,
            parent=request.parent,
            # A component's arguments say of each value within them what it depends on.
            properties=upgraded(request.object, depends if own and not request.remote else {}),
            options=_options(request),
        )
        for callback in callbacks:
            answer = resource_pb2.TransformResponse.FromString(self._call(callback, asked))
            if answer.HasField("properties"):
                asked.properties.CopyFrom(answer.properties)
            if answer.HasField("options"):
                asked.options.CopyFrom(answer.options)
        return _transformed(request, asked, own=bool(own))

    def registered(self, urn: str, request: Any) -> None:
        """Note under which URN a resource stands, so that its children inherit its transforms."""
        with self._lock:
            self._parents[urn] = request.parent
            self._own[urn] = tuple(request.transforms) or self._pending.pop(_key(request), ())

    def invoking(self, request: Any) -> Any:
        """An invoke after the stack's transforms of invokes."""
        if not self._stack["invoke"]:
            return request
        asked = resource_pb2.TransformInvokeRequest(
            token=request.tok, args=upgraded(request.args, {}), options=_call_options(request)
        )
        for callback in self._stack["invoke"]:
            answer = resource_pb2.TransformInvokeResponse.FromString(self._call(callback, asked))
            if answer.HasField("args"):
                asked.args.CopyFrom(answer.args)
            if answer.HasField("options"):
                asked.options.CopyFrom(answer.options)
        changed = resource_pb2.ResourceInvokeRequest()
        changed.CopyFrom(request)
        changed.args.CopyFrom(_lowered(asked.args)[0])
        for name, field in _CALL_OPTIONS.items():
            _copy(asked.options, name, changed, field)
        return changed

    def close(self) -> None:
        """End the connections to the program's callbacks."""
        for channel in self._channels.values():
            channel.close()

    def _take(self, request: Any) -> tuple[Any, ...]:
        """A resource's own transforms. The provider that makes a remote component registers it without: they were kept for it."""
        own = tuple(request.transforms)
        if request.remote and own:
            with self._lock:
                self._pending[_key(request)] = own
        elif not own:
            with self._lock:
                own = self._pending.get(_key(request), ())
        return own

    def _inherited(self, parent: str) -> Iterator[Any]:
        while parent:
            with self._lock:
                own, parent = self._own.get(parent, ()), self._parents.get(parent, "")
            yield from own

    def _call(self, callback: Any, message: Any) -> bytes:
        with self._lock:
            if callback.target not in self._channels:
                self._channels[callback.target] = grpc.insecure_channel(callback.target, options=_MESSAGES)
            stub = callback_pb2_grpc.CallbacksStub(self._channels[callback.target])
        asked = callback_pb2.CallbackInvokeRequest(token=callback.token, request=message.SerializeToString())
        try:
            return bytes(stub.Invoke(asked).response)
        except grpc.RpcError as error:
            what = getattr(message, "name", "") or getattr(message, "token", "")
            raise DeploymentError(f"a transform of {what!r} failed: {_reason(error)}") from None


def _key(request: Any) -> tuple[str, str, str]:
    return request.parent, request.type, request.name


def _reason(error: Any) -> str:
    """What the program's function raised, without the SDK's words before it and the frames after it."""
    return str(error.details()).partition(" error: ")[2].partition(":\n")[0] or str(error.details())


def _options(request: Any) -> Any:
    options = resource_pb2.TransformResourceOptions()
    for name, field in _OPTIONS.items():
        _copy(request, field, options, name)
    return options


def _call_options(request: Any) -> Any:
    options = resource_pb2.TransformInvokeOptions()
    for name, field in _CALL_OPTIONS.items():
        _copy(request, field, options, name)
    return options


def _copy(source: Any, name: str, target: Any, field: str) -> None:
    """Copy one field of a message into another one of its kind."""
    descriptor = source.DESCRIPTOR.fields_by_name[name]
    target.ClearField(field)
    if descriptor.label == descriptor.LABEL_REPEATED:
        getattr(target, field).MergeFrom(getattr(source, name))
    elif descriptor.has_presence and not source.HasField(name):
        return
    elif descriptor.message_type is not None:
        getattr(target, field).CopyFrom(getattr(source, name))
    elif descriptor.has_presence or getattr(source, name):
        setattr(target, field, getattr(source, name))


def _lowered(struct: struct_pb2.Struct) -> tuple[struct_pb2.Struct, dict[str, Sequence[str]]]:
    """Properties without outputs, and what each depends on."""
    found = struct_pb2.Struct()
    depends: dict[str, Sequence[str]] = {}
    for name, value in struct.fields.items():
        urns: set[str] = set()
        found.fields[name].CopyFrom(from_outputs(value, urns))
        depends[name] = sorted(urns)
    return found, depends


def _transformed(request: Any, asked: Any, *, own: bool) -> Any:
    changed = resource_pb2.RegisterResourceRequest()
    changed.CopyFrom(request)
    for name, field in _OPTIONS.items():
        _copy(asked.options, name, changed, field)
    changed.object.CopyFrom(asked.properties)
    properties, depends = _lowered(asked.properties)
    if not request.remote:
        changed.object.CopyFrom(properties)
    if own:
        changed.ClearField("propertyDependencies")
        for name, urns in depends.items():
            changed.propertyDependencies[name].urns.extend(urns)
        changed.dependencies[:] = sorted(
            {*changed.dependencies, *(urn for urns in depends.values() for urn in urns)}
        )
    return changed
