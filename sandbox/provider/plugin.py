"""The provider as a Pulumi plugin: gRPC in front of `core.Provider`, for the Pulumi CLI."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent import futures
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from sandbox.provider.context import ProviderError
from sandbox.provider.ignored import ignoring
from sandbox.provider.values import from_struct, to_struct
from sandbox.provider.verbs import Keeper

VERSION = "7.51.1"
"""The pulumi_aws release whose types the table describes."""
WORKERS = 32
_IMPORTED = "__imported"
"""Marks inputs that are what AWS has of an imported resource, and not what a program says of it."""


def _token(urn: str) -> str:
    return urn.split("::")[2].rsplit("$", 1)[-1]


class Plugin(provider_pb2_grpc.ResourceProviderServicer):
    """Answers the engine's calls, for any number of providers of one package.

    The engine opens a connection for each provider of a program and configures it there, so the caller's address says which is meant.
    """

    def __init__(self, configure: Callable[[Mapping[str, Any]], Keeper], version: str = VERSION) -> None:
        """`configure` makes a provider from its settings; `version` is the package's."""
        self._configure, self._version = configure, version
        self._providers: dict[str, Keeper] = {}

    def _of(self, context: Any) -> Keeper:
        """The provider of the connection that calls."""
        try:
            return self._providers[context.peer()]
        except KeyError:
            raise ProviderError("a provider was called before it was configured") from None

    def Attach(self, _request: Any, _context: Any) -> Any:  # noqa: N802, D102  gRPC's names
        return empty_pb2.Empty()

    def Handshake(self, _request: Any, _context: Any) -> Any:  # noqa: N802, D102
        return provider_pb2.ProviderHandshakeResponse()

    def GetPluginInfo(self, _request: Any, _context: Any) -> Any:  # noqa: N802, D102
        return plugin_pb2.PluginInfo(version=self._version)

    def Cancel(self, _request: Any, _context: Any) -> Any:  # noqa: N802, D102
        return empty_pb2.Empty()

    def CheckConfig(self, request: Any, _context: Any) -> Any:  # noqa: N802, D102
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, _context: Any) -> Any:  # noqa: N802, D102
        changed = from_struct(request.old_inputs) != from_struct(request.news)
        kinds = provider_pb2.DiffResponse
        return kinds(changes=kinds.DIFF_SOME if changed else kinds.DIFF_NONE)

    def Configure(self, request: Any, context: Any) -> Any:  # noqa: N802, D102
        with _answering(context):
            self._providers[context.peer()] = self._configure(from_struct(request.args))
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    def Check(self, request: Any, context: Any) -> Any:  # noqa: N802, D102
        with _answering(context):
            inputs, failures = self._of(context).check(
                _token(request.urn),
                request.urn,
                from_struct(request.olds),
                from_struct(request.news),
                request.randomSeed,
            )
            found = [provider_pb2.CheckFailure(property=p, reason=r) for p, r in failures]
            return provider_pb2.CheckResponse(inputs=to_struct(inputs), failures=found)

    def Diff(self, request: Any, context: Any) -> Any:  # noqa: N802, D102
        with _answering(context):
            news = from_struct(request.news)
            olds = _before(request.old_inputs, news)
            news = ignoring(request.ignoreChanges, olds, news)
            diff = self._of(context).diff(_token(request.urn), olds, news)
            kinds = provider_pb2.DiffResponse
            return kinds(
                changes=kinds.DIFF_SOME if diff.diffs else kinds.DIFF_NONE,
                diffs=diff.diffs,
                replaces=diff.replaces,
                deleteBeforeReplace=diff.delete_before_replace,
            )

    def Create(self, request: Any, context: Any) -> Any:  # noqa: N802, D102
        with _answering(context):
            id_, outputs = self._of(context).create(
                _token(request.urn), from_struct(request.properties), preview=request.preview
            )
            return provider_pb2.CreateResponse(id=id_ or "", properties=to_struct(outputs))

    def Read(self, request: Any, context: Any) -> Any:  # noqa: N802, D102
        with _answering(context):
            found = self._found(request, self._of(context))
            if found is None:
                return provider_pb2.ReadResponse()
            inputs, outputs = found
            return provider_pb2.ReadResponse(
                id=request.id, properties=to_struct(outputs), inputs=to_struct(inputs)
            )

    @staticmethod
    def _found(request: Any, provider: Keeper) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Inputs and outputs of a resource that the engine knows, or that it imports and knows nothing of."""
        token, known, outputs = (
            _token(request.urn),
            from_struct(request.inputs),
            from_struct(request.properties),
        )
        if known:
            imported = known.pop(_IMPORTED, False)
            fresh = provider.refresh(token, request.id, known, outputs)
            return ({**fresh[0], _IMPORTED: True}, fresh[1]) if imported and fresh else fresh
        found = provider.read(token, request.id, outputs)
        return None if found is None else ({**found, _IMPORTED: True}, found)

    def Update(self, request: Any, context: Any) -> Any:  # noqa: N802, D102
        with _answering(context):
            outputs = self._of(context).update(
                _token(request.urn),
                request.id,
                _before(request.old_inputs, from_struct(request.news)),
                from_struct(request.olds),
                from_struct(request.news),
                preview=request.preview,
            )
            return provider_pb2.UpdateResponse(properties=to_struct(outputs))

    def Delete(self, request: Any, context: Any) -> Any:  # noqa: N802, D102
        with _answering(context):
            self._of(context).delete(
                _token(request.urn),
                request.id,
                from_struct(request.old_inputs),
                from_struct(request.properties),
            )
            return empty_pb2.Empty()

    def Invoke(self, request: Any, context: Any) -> Any:  # noqa: N802, D102
        with _answering(context):
            answer = self._of(context).invoke(request.tok, from_struct(request.args))
            return provider_pb2.InvokeResponse(**{"return": to_struct(answer)})


def _before(olds: Any, news: Mapping[str, Any]) -> dict[str, Any]:
    """Inputs before a change. Of an imported resource only those count that the program speaks of."""
    found = from_struct(olds)
    if not found.pop(_IMPORTED, False):
        return found
    return {name: value for name, value in found.items() if name in news}


@contextmanager
def _answering(context: Any) -> Iterator[None]:
    """Turn the provider's errors into the engine's; anything else is our own fault and says so."""
    try:
        yield
    except ProviderError as error:
        context.abort(grpc.StatusCode.UNKNOWN, str(error))
    except Exception as error:  # noqa: BLE001  the engine must hear of it, or it hangs
        context.abort(
            grpc.StatusCode.INTERNAL, f"fault in the sandbox's provider: {type(error).__name__}: {error}"
        )


def serve(plugin: Plugin) -> tuple[int, Callable[[], None]]:
    """Serve a plugin on a free port of the loopback; answers the port and a function that stops it."""
    limit = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    server = grpc.server(futures.ThreadPoolExecutor(WORKERS), options=limit)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(plugin, server)
    port = int(server.add_insecure_port("127.0.0.1:0"))
    server.start()
    return port, lambda: server.stop(grace=1).wait()
