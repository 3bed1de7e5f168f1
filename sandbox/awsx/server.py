"""Serves the provider over gRPC, from threads of this process: it ends when the process does, however that ends."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent import futures
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.provider.server import ProviderServicer
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc
from pulumi.runtime.settings import SETTINGS

from sandbox.awsx.arguments import ArgumentError
from sandbox.awsx.components import VERSION, Awsx

_WORKERS = 8
"""Components made at the same time; each has a thread and an event loop of its own."""


_LOOK_SECONDS = 0.2
"""How often a failure is looked for while a component is made."""


class _Constructor(ProviderServicer):
    """The SDK's way from a request to a response, without its server."""

    def answer(self, request: Any) -> Any:
        """Make a component. Its settings live in this call's context only, so that several can be made at once."""
        return asyncio.run(self._alone(request))

    async def _alone(self, request: Any) -> Any:
        # What else fails after the first error is no news, and asyncio would print it.
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, _context: None)
        context = contextvars.copy_context()
        made = loop.create_task(self._construct(request, None), context=context)
        while not made.done():
            await asyncio.wait([made], timeout=_LOOK_SECONDS)
            # After some failures the SDK would wait for outputs that never come.
            failure = context.run(lambda: SETTINGS.rpc_manager.unhandled_exception)
            if failure is not None and not made.done():
                made.cancel()
                raise failure
        return made.result()


def told(error: BaseException) -> str:
    """What is wrong: the refusal of an argument, wherever the SDK met it, or the error as it came."""
    seen: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in seen:  # the SDK may raise an error from itself
        if isinstance(cause, ArgumentError):
            return str(cause)
        seen.append(cause)
        cause = cause.__cause__ or cause.__context__
    return str(error) or type(error).__name__


class Plugin(provider_pb2_grpc.ResourceProviderServicer):
    """Answers the calls that an engine makes to a provider of components. It has no configuration."""

    def __init__(self) -> None:
        self._engine: str | None = None

    def Attach(self, request: Any, _context: Any) -> Any:  # noqa: N802, D102  gRPC's names
        self._engine = request.address
        return empty_pb2.Empty()

    def Handshake(self, _request: Any, _context: Any) -> Any:  # noqa: N802, D102
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=True, accept_resources=True, accept_outputs=True
        )

    def GetPluginInfo(self, _request: Any, _context: Any) -> Any:  # noqa: N802, D102
        return plugin_pb2.PluginInfo(version=VERSION)

    def CheckConfig(self, request: Any, _context: Any) -> Any:  # noqa: N802, D102
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, _request: Any, _context: Any) -> Any:  # noqa: N802, D102
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(self, _request: Any, _context: Any) -> Any:  # noqa: N802, D102
        return provider_pb2.ConfigureResponse(acceptSecrets=True, acceptResources=True, acceptOutputs=True)

    def Cancel(self, _request: Any, _context: Any) -> Any:  # noqa: N802, D102
        return empty_pb2.Empty()

    def Construct(self, request: Any, context: Any) -> Any:  # noqa: N802, D102
        try:
            return _Constructor(Awsx(), [], self._engine or "").answer(request)
        except Exception as error:  # noqa: BLE001  the engine must hear of it, or it hangs
            context.abort(grpc.StatusCode.UNKNOWN, told(error))


def serve() -> tuple[int, Callable[[], None]]:
    """Serve the provider on a free port of the loopback; its port and a function that stops it."""
    limit = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    server = grpc.server(futures.ThreadPoolExecutor(_WORKERS), options=limit)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Plugin(), server)
    port = int(server.add_insecure_port("127.0.0.1:0"))
    server.start()
    return port, lambda: server.stop(grace=1).wait()
