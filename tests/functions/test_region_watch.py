"""The function that looks whether another region answers: against a server of this machine, and the sandbox's CloudWatch."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from components.operations import peer_watch
from functions.region_watch import handler as watch

NOBODY = "http://127.0.0.1:9/health"
NO_HTTP = 0
"""Stands for an answer that isn't HTTP."""
DIMENSIONS = {"Region": "us-west-2", "System": "shop"}


@pytest.fixture
def answering() -> Iterator[tuple[str, list[int]]]:
    """A server, and the statuses that it answers one after the other; the last one stays."""
    statuses = [200]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status = statuses.pop(0) if len(statuses) > 1 else statuses[0]
            if status == NO_HTTP:
                self.wfile.write(b"hello\r\n")
                return
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/health", statuses
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "SECONDS", 0.5)
    monkeypatch.setattr(watch, "PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(watch, "WAIT_SECONDS", 0.2)


def test_one_answer_is_enough(answering: tuple[str, list[int]]) -> None:
    url, statuses = answering
    assert not watch.lost(url, url)
    statuses[:] = [503, 500, 200]
    assert not watch.lost(url, url)


def test_an_answer_that_is_no_http_is_one_look_in_vain_and_no_more(answering: tuple[str, list[int]]) -> None:
    url, statuses = answering
    statuses[:] = [NO_HTTP, 200]
    assert not watch.lost(url, url)


def test_the_page_of_last_resort_is_no_answer(answering: tuple[str, list[int]]) -> None:
    url, statuses = answering
    for status in (503, 204):
        statuses[:] = [status]
        assert watch.lost(url, url)


def test_nobody_at_all_is_no_loss_in_time() -> None:
    started = time.monotonic()
    assert watch.lost(NOBODY, NOBODY) is None
    assert time.monotonic() - started < 2


def test_the_other_region_is_lost_when_a_third_place_answers_whatever_it_says(
    answering: tuple[str, list[int]],
) -> None:
    url, statuses = answering
    for status in (200, 403, 503):
        statuses[:] = [status]
        assert watch.lost(NOBODY, url) is True


def test_a_way_out_that_is_lost_meanwhile_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter([True, True])
    monkeypatch.setattr(watch, "reached", lambda _url: next(looks, False))
    assert watch.lost(NOBODY, "https://third.example") is None


def test_who_sees_nothing_writes_nothing(
    in_lambda: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"URL": NOBODY, "THIRD": NOBODY, "DIMENSIONS": "{}"}.items():
        in_lambda(name, value)
    monkeypatch.setattr(watch.boto3, "client", lambda *_args: pytest.fail("nothing is to be written"))
    assert watch.handler({}, None) == {"blind": 1}


def test_a_look_that_hangs_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "answers", lambda _url: time.sleep(5) or True)
    started = time.monotonic()
    monkeypatch.setattr(watch, "reached", lambda _url: True)
    assert watch.lost("https://nobody.example", "https://nobody.example")
    assert time.monotonic() - started < 2


def test_it_ends_before_lambda_ends_it() -> None:
    assert 45 < peer_watch.TIMEOUT_SECONDS < peer_watch.PERIOD_SECONDS


def test_what_it_saw_is_written_where_the_alarm_looks(
    in_lambda: Callable[[str, str], None], boto: Any, answering: tuple[str, list[int]]
) -> None:
    url, statuses = answering
    for name, value in {
        "URL": url,
        "THIRD": url,
        "NAMESPACE": peer_watch.NAMESPACE,
        "METRIC": peer_watch.METRIC,
        "DIMENSIONS": json.dumps(DIMENSIONS),
    }.items():
        in_lambda(name, value)
    assert watch.handler({}, None) == {"lost": 0}
    statuses[:] = [503]
    assert watch.handler({}, None) == {"lost": 1}
    now = datetime.now(UTC)
    found = boto("cloudwatch").get_metric_statistics(
        Namespace=peer_watch.NAMESPACE,
        MetricName=peer_watch.METRIC,
        Dimensions=[{"Name": name, "Value": value} for name, value in DIMENSIONS.items()],
        StartTime=now - timedelta(minutes=5),
        EndTime=now + timedelta(minutes=5),
        Period=600,
        Statistics=["SampleCount", "Minimum", "Maximum"],
    )["Datapoints"]
    assert sum(each["SampleCount"] for each in found) == 2
    assert (min(e["Minimum"] for e in found), max(e["Maximum"] for e in found)) == (0, 1)
