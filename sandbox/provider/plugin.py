"""The provider as a Pulumi plugin: gRPC in front of `core.Provider`, for the Pulumi CLI."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from sandbox.provider.context import ProviderError
from sandbox.provider.core import Provider
from sandbox.provider.values import from_struct, to_struct

VERSION = "7.51.1"
"""The pulumi_aws release whose types the table describes."""
WORKERS = 32


def _token(urn: str) -> str:
    return urn.split("::")[2].rsplit("$", 1)[-1]


class Plugin(provider_pb2_grpc.ResourceProviderServicer):
    """Answers the engine's calls. One provider configuration at a time: the engine attaches to one process."""

    def __init__(self, endpoint: str, *, force_delete: bool = False) -> None:
        self.endpoint, self.force_delete = endpoint, force_delete
        self._provider: Provider | None = None
        self._settings: tuple[str, tuple[tuple[str, str], ...]] | None = None

    @property
    def provider(self) -> Provider:
        """The configured provider."""
        if self._provider is None:
            raise ProviderError("the aws provider was called before it was configured")
        return self._provider

    def Attach(self, _request: Any, _context: Any) -> Any:  # noqa: N802, D102  gRPC's names
        return empty_pb2.Empty()

    def Handshake(self, _request: Any, _context: Any) -> Any:  # noqa: N802, D102
        return provider_pb2.ProviderHandshakeResponse()

    def GetPluginInfo(self, _request: Any, _context: Any) -> Any:  # noqa: N802, D102
        return plugin_pb2.PluginInfo(version=VERSION)

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
            args = from_struct(request.args)
            region = args.get("region")
            if not isinstance(region, str):
                raise ProviderError("aws:region is not set; the sandbox needs a region")
            tags = _structure(args.get("defaultTags")).get("tags", {})
            settings = (region, tuple(sorted(tags.items())))
            if self._settings not in (None, settings):
                raise ProviderError(
                    f"a second aws provider was configured (region {region}, the first has {self._settings[0]}); "
                    "the sandbox serves one a stack: pass region= to the resource instead"
                )
            self._settings = settings
            self._provider = Provider(self.endpoint, region, tags, force_delete=self.force_delete)
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    def Check(self, request: Any, context: Any) -> Any:  # noqa: N802, D102
        with _answering(context):
            inputs, failures = self.provider.check(
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
            olds, news = from_struct(request.old_inputs), from_struct(request.news)
            diff = self.provider.diff(_token(request.urn), olds, news)
            kinds = provider_pb2.DiffResponse
            return kinds(
                changes=kinds.DIFF_SOME if diff.changes else kinds.DIFF_NONE,
                diffs=diff.diffs,
                replaces=diff.replaces,
                deleteBeforeReplace=diff.delete_before_replace,
            )

    def Create(self, request: Any, context: Any) -> Any:  # noqa: N802, D102
        with _answering(context):
            id_, outputs = self.provider.create(
                _token(request.urn), from_struct(request.properties), preview=request.preview
            )
            return provider_pb2.CreateResponse(id=id_ or "", properties=to_struct(outputs))

    def Read(self, request: Any, context: Any) -> Any:  # noqa: N802, D102
        with _answering(context):
            inputs = from_struct(request.inputs) or from_struct(request.properties)
            outputs = self.provider.read(_token(request.urn), request.id, inputs)
            if outputs is None:
                return provider_pb2.ReadResponse()
            return provider_pb2.ReadResponse(
                id=request.id, properties=to_struct(outputs), inputs=request.inputs
            )

    def Update(self, request: Any, context: Any) -> Any:  # noqa: N802, D102
        with _answering(context):
            outputs = self.provider.update(
                _token(request.urn),
                request.id,
                from_struct(request.old_inputs),
                from_struct(request.olds),
                from_struct(request.news),
                preview=request.preview,
            )
            return provider_pb2.UpdateResponse(properties=to_struct(outputs))

    def Delete(self, request: Any, context: Any) -> Any:  # noqa: N802, D102
        with _answering(context):
            self.provider.delete(
                _token(request.urn),
                request.id,
                from_struct(request.old_inputs),
                from_struct(request.properties),
            )
            return empty_pb2.Empty()

    def Invoke(self, request: Any, context: Any) -> Any:  # noqa: N802, D102
        with _answering(context):
            answer = self.provider.invoke(request.tok, from_struct(request.args))
            return provider_pb2.InvokeResponse(**{"return": to_struct(answer)})


def _structure(value: Any) -> dict[str, Any]:
    """A provider setting that the engine hands over as JSON text."""
    found = json.loads(value) if isinstance(value, str) else value
    return found if isinstance(found, dict) else {}


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
