"""How boto3's requests reach the sandbox's AWS: without what only a real one asks for, which took half of a call's time.

A request names its caller, service and region as a signed one does; moto reads no more of a signature than that. It travels over
connections that all clients share, since all ask one server, which answers each request as a whole and tells the length of its body.
"""

from __future__ import annotations

import io
import select
import socket
import weakref
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import botocore.auth
from botocore.awsrequest import AWSResponse
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

CONNECT_SECONDS, READ_SECONDS = 5, 60
_SIGNER = "sandbox"
_UNSIGNED = ("none", "bearer")
"""What botocore calls the ways to ask without a key's signature: they stay what they are."""


class _Named(botocore.auth.BaseSigner):  # type: ignore[misc]
    """Names the caller as Signature Version 4 does, and computes no signature."""

    REQUIRES_REGION = True

    def __init__(self, credentials: Any, service_name: str, region_name: str) -> None:
        scope = f"{credentials.access_key}/20000101/{region_name}/{service_name}/aws4_request"
        self._named = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"

    def add_auth(self, request: Any) -> None:
        """Add it to a request."""
        request.headers["Authorization"] = self._named


botocore.auth.AUTH_TYPE_MAPS[_SIGNER] = _Named


def _signer(context: dict[str, Any], **_: Any) -> str | None:
    return None if context.get("auth_type") in _UNSIGNED else _SIGNER


class Wire:
    """Connections to one endpoint, for all clients and threads."""

    def __init__(self, endpoint: str) -> None:
        self._host = urlsplit(endpoint).netloc
        self._idle: list[_Connection] = []
        weakref.finalize(self, _end, self._idle)

    def carry(self, client: Any) -> None:
        """Have a client's requests travel here."""
        client.meta.events.register_first("choose-signer", _signer)
        client.meta.events.register("before-send", self._send)

    def _send(self, request: Any, **_: Any) -> AWSResponse | None:
        """The answer to a request; None for one that boto3 must send itself: its body a stream, or to another host.

        Raises botocore's own errors where there is no answer.
        """
        url, body = urlsplit(request.url), request.body or b""
        body = body.encode() if isinstance(body, str) else body
        if not isinstance(body, bytes) or url.netloc != self._host:
            return None
        connection = self._connection(request.url)
        try:
            answer = connection.ask(request, f"{url.path or '/'}{url.query and f'?{url.query}'}", body)
        except TimeoutError as error:
            connection.close()
            raise ReadTimeoutError(endpoint_url=request.url, error=error) from error
        except (OSError, LookupError, ValueError) as error:
            connection.close()
            raise ConnectionClosedError(endpoint_url=request.url, error=error, request=request) from error
        if answer.headers.get("Connection", "").lower() == "close":
            connection.close()
        else:
            self._idle.append(connection)
        return answer

    def _connection(self, url: str) -> _Connection:
        """One that is open: an idle one that the server has not closed, else a new one."""
        while self._idle:
            try:
                kept = self._idle.pop()
            except IndexError:  # another thread was first
                break
            if not kept.ended:
                return kept
            kept.close()
        try:
            return _Connection(self._host)
        except TimeoutError as error:
            raise ConnectTimeoutError(endpoint_url=url, error=error) from error
        except OSError as error:
            raise EndpointConnectionError(endpoint_url=url, error=error) from error


def _end(connections: list[_Connection]) -> None:
    for each in connections:
        each.close()


class _Connection:
    """One connection: a request leaves at once, and an answer comes as a whole."""

    def __init__(self, host: str) -> None:
        name, _, port = host.partition(":")
        self._socket = socket.create_connection((name, int(port or 80)), CONNECT_SECONDS)
        self._socket.settimeout(READ_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._answers = self._socket.makefile("rb")
        self._host = f"Host: {host}".encode()
        self._seen = select.poll()
        self._seen.register(self._socket, select.POLLIN)

    @property
    def ended(self) -> bool:
        """Whether the server has closed it while nothing was under way."""
        return bool(self._seen.poll(0))

    def close(self) -> None:
        """End it."""
        self._answers.close()
        self._socket.close()

    def ask(self, request: Any, target: str, body: bytes) -> AWSResponse:
        """Send a request and read its answer. Raises OSError where none comes, LookupError or ValueError where it is none."""
        head = [f"{request.method} {target} HTTP/1.1".encode(), self._host, b"Accept-Encoding: identity"]
        head += [f"{name}: ".encode() + _bytes(value) for name, value in request.headers.items()]
        self._socket.sendall(b"\r\n".join((*head, b"", body)))
        _, status, *_ = self._line().split(" ", 2)
        fields: dict[str, str] = {}
        while line := self._line():
            name, _, value = line.partition(":")
            fields[name] = f"{fields[name]}, {value.strip()}" if name in fields else value.strip()
        answer = AWSResponse(request.url, int(status), fields, None)
        length = 0 if request.method == "HEAD" else int(answer.headers["Content-Length"])
        answer.raw = _Body(self._answers.read(length))
        if len(answer.raw.getbuffer()) < length:
            raise ConnectionError("the answer ended too early")
        return answer

    def _line(self) -> str:
        line = self._answers.readline()
        if not line.endswith(b"\n"):
            raise ConnectionError("the connection ended")
        return line.decode("latin-1").rstrip("\r\n")


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("latin-1")


class _Body(io.BytesIO):
    """An answer's body, in the form that botocore reads."""

    def stream(self) -> Iterator[bytes]:
        """All of it."""
        yield self.getvalue()
