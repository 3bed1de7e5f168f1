"""The two programs that a fresh deployment runs."""

from __future__ import annotations

import json
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType

import pytest

from architectures.parts.sample_app import app
from architectures.zone_affinity.sample_app import web

DATABASE = {
    "hosts": ["writer", "reader"],
    "readers": {"use1-az1": "own-1", "use1-az2": "own-2"},
    "engine": "aurora-postgresql",
}


@pytest.fixture
def application(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Beside `app.py`, as on an instance."""
    monkeypatch.syspath_prepend(str(Path(app.__file__).parent))
    monkeypatch.setenv("ZONE", "use1-az1")
    from architectures.zone_affinity.sample_app import application

    return application


@pytest.mark.parametrize(
    ("lost", "read"),
    [
        ((), "own-1"),
        (("own-1",), "reader"),
        (("own-1", "reader"), "writer"),
        (("own-1", "reader", "writer"), None),
    ],
)
def test_the_nearest_database_that_answers_is_read(
    application: ModuleType, lost: tuple[str, ...], read: str | None
) -> None:
    status, body = application.answer("/health/deep", DATABASE, lambda host, _database: host not in lost)
    assert body == {"read": read, "zone": "use1-az1"}
    assert status == (503 if read is None else 200)


def test_a_zone_without_an_endpoint_reads_by_the_clusters(application: ModuleType) -> None:
    assert application.readers(DATABASE, "use1-az2") == ["own-2", "reader", "writer"]
    assert application.readers(DATABASE, "use1-az6") == ["reader", "writer"]


def test_the_light_check_asks_no_database(application: ModuleType) -> None:
    def asked(*_given: object) -> bool:
        raise AssertionError

    assert application.answer("/health", DATABASE, asked) == (200, {"status": "ok", "zone": "use1-az1"})
    assert application.answer("/", DATABASE, asked)[1]["zone"] == "use1-az1"


def test_the_web_tier_hands_on_all_but_its_own_check() -> None:
    told = {"host": "application", "port": 8080}

    def asked(application: dict[str, object], path: str) -> tuple[int, bytes]:
        assert application == told
        return 503, path.encode()

    assert web.answer("/health/deep", told, "use1-az1", asked) == (503, b"/health/deep")
    assert web.answer("/", told, "use1-az1", asked) == (503, b"/")
    assert web.answer("/health", told, "use1-az1", asked) == (200, b'{"status": "ok", "zone": "use1-az1"}')


class _Refusing(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(503 if self.path == "/ill" else 200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_given: object) -> None:
        """Nothing."""


def test_it_passes_answers_on_and_says_when_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    behind = ThreadingHTTPServer(("127.0.0.1", 0), _Refusing)
    threading.Thread(target=behind.serve_forever, args=(0.01,), daemon=True).start()
    told = {"host": "127.0.0.1", "port": behind.server_address[1]}
    assert web.ask(told, "/") == (200, b"{}")
    assert web.ask(told, "/ill") == (503, b"{}")
    monkeypatch.setenv("APPLICATION", json.dumps(told))
    monkeypatch.setenv("ZONE", "use1-az1")
    monkeypatch.setattr(web.Handler, "log_message", lambda *_given: None)
    front = ThreadingHTTPServer(("127.0.0.1", 0), web.Handler)
    threading.Thread(target=front.serve_forever, args=(0.01,), daemon=True).start()
    with urllib.request.urlopen(f"http://127.0.0.1:{front.server_address[1]}/") as found:
        assert (found.status, found.headers["Web-Zone"]) == (200, "use1-az1")
    behind.shutdown()
    behind.server_close()
    status, body = web.ask(told, "/")
    assert status == 502
    assert "refused" in json.loads(body)["application"]
    front.shutdown()
    front.server_close()
