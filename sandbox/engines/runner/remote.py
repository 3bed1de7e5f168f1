"""Remote components: a provider makes them, and registers them and their children with the monitor that asked."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent import futures
from dataclasses import dataclass, field
from typing import Any, Protocol

import grpc
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, resource_pb2, resource_pb2_grpc

from sandbox.awsx import server as awsx
from sandbox.engines.runner.registration import DeploymentError, refuse

_WORKERS = 32
_MESSAGES = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
"""Without gRPC's own limit of 4 MB: a message holds all properties of a resource."""


class MonitorCalls(Protocol):
    """What a provider asks of a monitor, by gRPC's names."""

    def GetDeploymentInfo(self, request: Any) -> Any: ...  # noqa: N802, D102
    def RegisterResource(self, request: Any) -> Any: ...  # noqa: N802, D102
    def RegisterResourceOutputs(self, request: Any) -> Any: ...  # noqa: N802, D102
    def ReadResource(self, request: Any) -> Any: ...  # noqa: N802, D102
    def Invoke(self, request: Any) -> Any: ...  # noqa: N802, D102


@dataclass(frozen=True)
class Facts:
    """What a provider is told of the run."""

    project: str
    stack: str
    preview: bool
    config: Mapping[str, str] = field(default_factory=dict)
    secret_keys: Sequence[str] = ()


class _Service(resource_pb2_grpc.ResourceMonitorServicer):
    """The monitor over gRPC. Calls run in the context of the program's own: the SDK keeps its settings there."""

    def __init__(self, monitor: MonitorCalls, context: contextvars.Context) -> None:
        self._monitor, self._context = monitor, context

    def _answer(self, call: Callable[[Any], Any], request: Any, context: Any) -> Any:
        try:
            return self._context.copy().run(call, request)
        except Exception as error:  # noqa: BLE001 - the provider must hear of it, or it waits for ever
            context.abort(grpc.StatusCode.UNKNOWN, str(error) or type(error).__name__)

    def GetDeploymentInfo(self, request: Any, context: Any) -> Any:  # noqa: N802
        return self._answer(self._monitor.GetDeploymentInfo, request, context)

    def RegisterResource(self, request: Any, context: Any) -> Any:  # noqa: N802
        return self._answer(self._monitor.RegisterResource, request, context)

    def RegisterResourceOutputs(self, request: Any, context: Any) -> Any:  # noqa: N802
        return self._answer(self._monitor.RegisterResourceOutputs, request, context)

    def ReadResource(self, request: Any, context: Any) -> Any:  # noqa: N802
        return self._answer(self._monitor.ReadResource, request, context)

    def Invoke(self, request: Any, context: Any) -> Any:  # noqa: N802
        return self._answer(self._monitor.Invoke, request, context)


class Remote:
    """One run's way to the providers of components. They and the served monitor start with the first component."""

    def __init__(self, monitor: MonitorCalls, facts: Facts) -> None:
        self._monitor, self._facts = monitor, facts
        self._lock = threading.Lock()
        self._stops: list[Callable[[], None]] = []
        self._address = ""
        self._provider: Any = None

    def construct(self, request: Any) -> Any:
        """Answer a remote registration. Raises DeploymentError when there is no such component or it can't be made."""
        if request.type.split(":", 1)[0] != "awsx":
            refuse(f"the remote component {request.type} ({request.name!r})")
        with self._lock:
            if self._provider is None:
                self._start(contextvars.copy_context())
        try:
            answer = self._provider.Construct(self._request(request))
        except grpc.RpcError as error:
            raise DeploymentError(error.details()) from None
        deps = resource_pb2.RegisterResourceResponse.PropertyDependencies
        return resource_pb2.RegisterResourceResponse(
            urn=answer.urn,
            object=answer.state,
            propertyDependencies={
                name: deps(urns=found.urns) for name, found in answer.stateDependencies.items()
            },
        )

    def _start(self, context: contextvars.Context) -> None:
        served = grpc.server(futures.ThreadPoolExecutor(_WORKERS), options=_MESSAGES)
        resource_pb2_grpc.add_ResourceMonitorServicer_to_server(_Service(self._monitor, context), served)
        self._address = f"127.0.0.1:{served.add_insecure_port('127.0.0.1:0')}"
        served.start()
        port, stop = awsx.serve()
        channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=_MESSAGES)
        self._stops = [channel.close, stop, lambda: served.stop(grace=1).wait()]
        self._provider = provider_pb2_grpc.ResourceProviderStub(channel)

    def _request(self, asked: Any) -> Any:
        facts, deps = self._facts, provider_pb2.ConstructRequest.PropertyDependencies
        return provider_pb2.ConstructRequest(
            project=facts.project,
            stack=facts.stack,
            organization="organization",
            config=dict(facts.config),
            configSecretKeys=list(facts.secret_keys),
            dryRun=facts.preview,
            monitorEndpoint=self._address,
            type=asked.type,
            name=asked.name,
            parent=asked.parent,
            inputs=asked.object,
            inputDependencies={
                name: deps(urns=found.urns) for name, found in asked.propertyDependencies.items()
            },
            providers=dict(asked.providers),
            dependencies=asked.dependencies,
            aliases=asked.aliases,
            protect=asked.protect,
            additionalSecretOutputs=asked.additionalSecretOutputs,
            deletedWith=asked.deletedWith,
            ignoreChanges=asked.ignoreChanges,
            replaceOnChanges=asked.replaceOnChanges,
            retainOnDelete=asked.retainOnDelete,
            replace_with=asked.replace_with,
            accepts_output_values=True,
        )

    def stop(self) -> None:
        """End what was started."""
        for stop in self._stops:
            stop()
        self._stops = []
