"""A connection to PostgreSQL with nothing but Python's own library: TLS, one user, one statement at a time, values as text.

Enough to ask a database how it is, without a driver in the function's code; what does more has one.
Source: https://www.postgresql.org/docs/current/protocol-flow.html
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
from collections.abc import Callable, Iterator

_TLS, _PROTOCOL = 80_877_103, 196_608
_SIGNED_IN, _PASSWORD = 0, 3
"""Answers to a start: who asks is in, or shall say a password in clear, which TLS hides. RDS Proxy asks so for tokens of IAM.
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.html"""
Row = list[str | None]


class DatabaseError(Exception):
    """The server's own words, or what it should not have said."""


class Connection:
    """One, of a user to a database."""

    def __init__(self, stream: socket.socket, user: str, database: str, password: str) -> None:
        """Sign in over what is encrypted already. Raises DatabaseError when the server refuses."""
        self._stream = stream
        self._file = stream.makefile("rb")
        start = b"".join(
            f"{key}\0{value}\0".encode() for key, value in (("user", user), ("database", database))
        )
        self._send(b"", struct.pack("!i", _PROTOCOL) + start + b"\0")
        for kind, body in self._answers():
            if kind != b"R":
                continue
            (asked,) = struct.unpack("!i", body[:4])
            if asked == _PASSWORD:
                self._send(b"p", password.encode() + b"\0")
            elif asked != _SIGNED_IN:
                raise DatabaseError(f"the server asks for a proof of kind {asked}, which is not known here")

    def query(self, statement: str) -> list[Row]:
        """The rows of a statement. Raises DatabaseError for one that the server refuses."""
        self._send(b"Q", statement.encode() + b"\0")
        return [_row(body) for kind, body in self._answers() if kind == b"D"]

    def close(self) -> None:
        """Say goodbye; the proxy keeps its own connection to the database."""
        with contextlib.suppress(OSError):
            self._send(b"X", b"")
        self._stream.close()

    def _send(self, kind: bytes, body: bytes) -> None:
        self._stream.sendall(kind + struct.pack("!i", len(body) + 4) + body)

    def _answers(self) -> Iterator[tuple[bytes, bytes]]:
        """What the server says until it is ready for the next statement."""
        refused = ""
        while True:
            kind, size = self._take(1), struct.unpack("!i", self._take(4))[0]
            body = self._take(size - 4)
            if kind == b"E":
                fields = [each for each in body.split(b"\0") if each]
                refused = next(
                    (each[1:].decode() for each in fields if each[:1] == b"M"), "no reason is told"
                )
                if fields and b"SFATAL" in fields:
                    raise DatabaseError(refused)
            elif kind == b"Z":
                if refused:
                    raise DatabaseError(refused)
                return
            yield kind, body

    def _take(self, size: int) -> bytes:
        found = self._file.read(size)
        if len(found) < size:
            raise ConnectionError("the server ended the connection")
        return found


def _row(body: bytes) -> Row:
    (columns,), at, found = struct.unpack("!h", body[:2]), 2, Row()
    for _ in range(columns):
        (size,), at = struct.unpack("!i", body[at : at + 4]), at + 4
        found.append(None if size < 0 else body[at : at + size].decode())
        at += max(size, 0)
    return found


@contextlib.contextmanager
def connected(
    host: str,
    port: int,
    *,
    user: str,
    database: str,
    password: Callable[[], str],
    seconds: float,
    context: ssl.SSLContext | None = None,
) -> Iterator[Connection]:
    """A connection over TLS, with a certificate that is verified; `seconds` is the longest that any step of it may take.

    Raises OSError when nobody answers, DatabaseError when who answers refuses.
    """
    with socket.create_connection((host, port), timeout=seconds) as plain:
        plain.sendall(struct.pack("!ii", 8, _TLS))
        if plain.recv(1) != b"S":
            raise DatabaseError("the server has no TLS")
        with (context or ssl.create_default_context()).wrap_socket(plain, server_hostname=host) as stream:
            found = Connection(stream, user, database, password())
            try:
                yield found
            finally:
                found.close()
