"""The sample that asks a database how it is: by its proxy, over TLS, with a token of IAM; against a server of the test's own."""

from __future__ import annotations

import datetime as dt
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from functions.serverless_api import postgresql, relational

Said = Callable[[str], list[bytes]]
"""What a server answers to a statement: messages."""


def message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!i", len(body) + 4) + body


def row(*values: str | None) -> bytes:
    fields = [
        struct.pack("!i", -1) if each is None else struct.pack("!i", len(each.encode())) + each.encode()
        for each in values
    ]
    return message(b"D", struct.pack("!h", len(values)) + b"".join(fields))


def error(words: str, severity: str = "ERROR") -> bytes:
    return message(b"E", f"S{severity}\0C28000\0M{words}\0\0".encode())


class Server:
    """A PostgreSQL for one connection at a time; it remembers how it was signed in to."""

    def __init__(
        self, context: ssl.SSLContext, said: Said, *, takes: str | None = None, tls: bool = True
    ) -> None:
        self._context, self._said, self._takes, self._tls = context, said, takes, tls
        self.started: dict[str, str] = {}
        self.password = ""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._socket.accept()
            except OSError:
                return
            try:
                self._one(plain)
            except (OSError, struct.error):
                plain.close()

    def _one(self, plain: socket.socket) -> None:
        assert struct.unpack("!ii", plain.recv(8)) == (8, 80_877_103)
        plain.sendall(b"S" if self._tls else b"N")
        if not self._tls:
            plain.close()
            return
        with self._context.wrap_socket(plain, server_side=True) as stream:
            self._talk(stream, stream.makefile("rb"))

    def _talk(self, stream: ssl.SSLSocket, file: Any) -> None:
        (size,) = struct.unpack("!i", file.read(4))
        pairs = file.read(size - 4)[4:].decode().strip("\0").split("\0")
        self.started = dict(zip(pairs[::2], pairs[1::2], strict=True))
        stream.sendall(message(b"R", struct.pack("!i", 3)))
        self.password = self._read(file)[1].decode().strip("\0")
        if self._takes is not None and self._takes not in self.password:
            stream.sendall(error("PAM authentication failed", "FATAL"))
            return
        ready = message(b"Z", b"I")
        stream.sendall(message(b"R", struct.pack("!i", 0)) + message(b"S", b"TimeZone\0UTC\0") + ready)
        while (asked := self._read(file))[0] != b"X":
            stream.sendall(b"".join(self._said(asked[1].decode().strip("\0"))) + ready)

    @staticmethod
    def _read(file: Any) -> tuple[bytes, bytes]:
        kind = file.read(1)
        (size,) = struct.unpack("!i", file.read(4))
        return kind, file.read(size - 4)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of localhost, and its key."""
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def serve(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Server]]:
    """Start a server that the function finds in its environment, and whose certificate it trusts."""
    cert, key = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    monkeypatch.setattr(ssl, "create_default_context", lambda: _trusting(cert))
    for name, value in {
        "DATABASE_HOST": "localhost",
        "DATABASE_NAME": "bills",
        "DATABASE_USER": "holdfast",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("DATABASE_READER_HOST", raising=False)
    made: list[Server] = []

    def start(said: Said, **more: Any) -> Server:
        made.append(Server(context, said, **more))
        monkeypatch.setenv("DATABASE_PORT", str(made[-1].port))
        return made[-1]

    yield start
    for each in made:
        each.close()


def _trusting(cert: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cert)
    return context


def ask() -> tuple[int, dict[str, Any]]:
    found = relational.handler({"routeKey": "GET /health/database", "headers": {}}, None)
    return found["statusCode"], json.loads(found["body"])


@pytest.mark.parametrize(("follows", "status"), [("f", 200), ("t", 503)])
def test_it_says_whether_the_database_is_written_here(
    serve: Callable[..., Server], follows: str, status: int
) -> None:
    asked: list[str] = []

    def said(statement: str) -> list[bytes]:
        asked.append(statement)
        return [message(b"T", b""), row("bills", follows), message(b"C", b"SELECT 1\0")]

    server = serve(said)
    assert ask() == (
        status,
        {"writer": {"answers": True, "database": "bills", "writes": follows == "f"}},
    )
    assert asked == [relational.STATE]
    assert server.started == {"user": "holdfast", "database": "bills"}


def test_it_signs_in_with_a_token_for_that_host_and_user(serve: Callable[..., Server]) -> None:
    server = serve(lambda _asked: [row("bills", "f")])
    ask()
    assert server.password.startswith(f"localhost:{server.port}/?Action=connect&DBUser=holdfast&")
    assert "X-Amz-Signature=" in server.password
    assert "us-east-1%2Frds-db%2Faws4_request" in server.password


def test_a_reader_is_asked_too_where_there_is_one(
    serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(lambda _asked: [row("bills", "t")])
    monkeypatch.setenv("DATABASE_READER_HOST", "localhost")
    status, found = ask()
    assert status == 503
    assert sorted(found) == ["reader", "writer"]
    assert found["reader"]["answers"] is True


@pytest.mark.parametrize(
    ("said", "more", "words"),
    [
        ([], {"takes": "another"}, "PAM authentication failed"),
        ([error("The target group has no writer")], {}, "The target group has no writer"),
        ([], {"tls": False}, "the server has no TLS"),
    ],
    ids=["signing in", "asking", "without TLS"],
)
def test_what_is_refused_is_told(
    serve: Callable[..., Server], said: list[bytes], more: dict[str, Any], words: str
) -> None:
    serve(lambda _asked: said, **more)
    assert ask() == (503, {"writer": {"answers": False, "said": words}})


def test_a_certificate_that_nobody_vouches_for_is_no_database(
    serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(lambda _asked: [row("bills", "f")])
    monkeypatch.setattr(ssl, "create_default_context", lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    status, found = ask()
    assert status == 503
    assert "CERTIFICATE_VERIFY_FAILED" in found["writer"]["said"]
    assert server.password == "", "no token for who is not known"


def test_a_value_that_is_not_there_is_none_and_a_word_keeps_its_letters(serve: Callable[..., Server]) -> None:
    server = serve(lambda _asked: [row(None, "Ü")])
    with postgresql.connected(
        "localhost", server.port, user="u", database="d", password=lambda: "p", seconds=5
    ) as connection:
        assert connection.query("SELECT 1") == [[None, "Ü"]]
