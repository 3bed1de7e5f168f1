"""A worker on an instance: it takes while its group wants it, does what it has taken, and only then lets the group go on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from functions.workers import poll, server

GROUP, INSTANCE, HOOK = "media-encode-group-1234567", "i-0123456789abcdef0", "leaving"
CALL = {
    "LifecycleHookName": HOOK,
    "AutoScalingGroupName": GROUP,
    "InstanceId": INSTANCE,
    "LifecycleActionResult": "CONTINUE",
}


def states(*given: str | None) -> Callable[[str], str | None]:
    """Metadata that say these target states, one after the other."""
    left = iter(given)
    return lambda path: next(left) if path == server.STATE else None


def member(path: str) -> str | None:
    return {server.GROUP: GROUP, server.INSTANCE: INSTANCE}.get(path)


def test_it_takes_until_the_group_is_to_terminate_it_and_nothing_after() -> None:
    seen: list[str] = []
    ask = states("InService", "InService", "Terminated", "InService")
    assert server.run(lambda: seen.append("batch"), ask, lambda: True)
    assert seen == ["batch", "batch"]


def test_metadata_that_do_not_answer_end_nothing() -> None:
    seen: list[str] = []
    assert server.run(lambda: seen.append("batch"), states(None, None, "Terminated"), lambda: True)
    assert seen == ["batch", "batch"]


@pytest.mark.parametrize("aside", ["EnteredStandby", "Warmed:Stopped", "Detached"])
def test_set_aside_it_takes_nothing_and_goes_on_when_it_is_back(aside: str) -> None:
    seen: list[Any] = []
    ask = states(aside, aside, "InService", "Terminated")
    assert server.run(lambda: seen.append("batch"), ask, lambda: True, seen.append)
    assert seen == [poll.WAIT_SECONDS, poll.WAIT_SECONDS, "batch"]


def test_told_to_stop_it_ends_and_tells_the_group_nothing() -> None:
    rounds = iter([True, False])
    assert not server.run(lambda: None, states("InService"), lambda: next(rounds))


@pytest.fixture
def autoscaling() -> Iterator[tuple[Any, Stubber]]:
    client = boto3.client(
        "autoscaling", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="s"
    )
    with Stubber(client) as stub:
        yield client, stub
        stub.assert_no_pending_responses()


def test_the_hook_is_told_again_until_it_holds_the_instance(autoscaling: tuple[Any, Stubber]) -> None:
    client, stub = autoscaling
    pauses: list[float] = []
    stub.add_client_error("complete_lifecycle_action", "ValidationError", "No active Lifecycle Action found")
    stub.add_response("complete_lifecycle_action", {}, CALL)
    assert server.leave(client, member, HOOK, pauses.append)
    assert pauses == [server.PAUSE_SECONDS]


def test_a_hook_that_does_not_answer_is_left_to_its_time(autoscaling: tuple[Any, Stubber]) -> None:
    client, stub = autoscaling
    for _ in range(server.TRIES):
        stub.add_client_error("complete_lifecycle_action", "InternalFailure")
    assert not server.leave(client, member, HOOK, lambda _: None)
    assert not server.leave(client, lambda _: None, HOOK), "who it is isn't known: nobody is told"


class _Metadata(BaseHTTPRequestHandler):
    """The instance metadata service, version 2."""

    known: Mapping[str, str] = {f"/meta-data/{server.STATE}": "Terminated"}

    def do_PUT(self) -> None:
        lasts = self.headers["X-aws-ec2-metadata-token-ttl-seconds"]
        self._say(200 if self.path == "/api/token" and int(lasts) >= 1 else 400, "token")

    def do_GET(self) -> None:
        if self.headers["X-aws-ec2-metadata-token"] != "token":
            self._say(401, "")
        else:
            self._say(200 if self.path in self.known else 404, self.known.get(self.path, ""))

    def _say(self, status: int, text: str) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args: Any) -> None:
        pass


def test_metadata_are_asked_with_a_token_and_what_is_not_there_is_nothing() -> None:
    service = HTTPServer(("127.0.0.1", 0), _Metadata)
    threading.Thread(target=service.serve_forever, args=(0.01,), daemon=True).start()
    base = f"http://127.0.0.1:{service.server_port}"
    assert server.metadata(server.STATE, base) == "Terminated"
    assert server.metadata(server.GROUP, base) is None
    service.shutdown()
    service.server_close()
    assert server.metadata(server.STATE, base) is None, "nobody answers"
