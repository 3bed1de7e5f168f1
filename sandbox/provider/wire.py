"""How boto3's requests reach the sandbox's AWS: without what only a real one asks for, which took half of a call's time.

A request names its caller, service and region as a signed one does; moto reads no more of a signature than that. It travels over
connections that all clients share, since all ask one server, by Python's own client: boto3's does it over again for proxies and retries.
"""

from __future__ import annotations

import io
import select
import socket
import weakref
from collections.abc import Iterable, Iterator
from http.client import HTTPConnection, HTTPException
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
        except (OSError, HTTPException) as error:
            connection.close()
            raise ConnectionClosedError(endpoint_url=request.url, error=error, request=request) from error
        if connection.kept:
            self._idle.append(connection)
        else:
            connection.close()
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
    """One connection, by Python's own client of HTTP."""

    def __init__(self, host: str) -> None:
        self._http = HTTPConnection(host, timeout=CONNECT_SECONDS)
        self._http.connect()
        self._http.sock.settimeout(READ_SECONDS)
        self._http.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._seen = select.poll()
        self._seen.register(self._http.sock, select.POLLIN)
        self.kept = True
        """Whether the server keeps it after the last answer."""

    @property
    def ended(self) -> bool:
        """Whether the server has closed it while nothing was under way."""
        return bool(self._seen.poll(0))

    def close(self) -> None:
        """End it."""
        self._http.close()

    def ask(self, request: Any, target: str, body: bytes) -> AWSResponse:
        """Send a request and read its answer. Raises OSError or HTTPException where none comes."""
        self._http.putrequest(
            request.method, target, skip_accept_encoding="Accept-Encoding" in request.headers
        )
        for name, value in request.headers.items():
            self._http.putheader(name, value)
        self._http.endheaders(body or None)
        answer = self._http.getresponse()
        self.kept = not answer.will_close
        return AWSResponse(request.url, answer.status, _joined(answer.getheaders()), _Body(answer.read()))


def _joined(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers by name; those that stand several times as one."""
    found: dict[str, str] = {}
    for name, value in headers:
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


class _Body(io.BytesIO):
    """An answer's body, in the form that botocore reads."""

    def stream(self) -> Iterator[bytes]:
        """All of it."""
        yield self.getvalue()
