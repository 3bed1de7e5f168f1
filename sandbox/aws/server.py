"""Starts, finds and stops the sandbox's AWS: a process of its own that outlives the command which started it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import urllib3

from sandbox.aws.client import forget

REPOSITORY = Path(__file__).resolve().parents[2]
STATE = REPOSITORY / ".sandbox"
_START_SECONDS = 30.0
_STOP_SECONDS = 10.0
_CONNECTIONS = urllib3.PoolManager(retries=False, maxsize=4)
"""Kept: a drill asks thousands of times."""


class ServerError(RuntimeError):
    """The sandbox's AWS can't be started or reached; the message says why."""


@dataclass(frozen=True)
class Server:
    """A running AWS."""

    endpoint: str
    """`http://127.0.0.1:PORT`."""
    pid: int

    def call(self, method: str, path: str, document: Any = None, timeout: float = 10.0) -> Any:
        """Call one of the server's own paths (`/sandbox/...`) and return the JSON it answers.

        Raises ServerError when it doesn't answer, or refuses.
        """
        body = None if document is None else json.dumps(document).encode()
        try:
            answer = _CONNECTIONS.request(method, self.endpoint + path, body=body, timeout=timeout)
            if answer.status >= HTTPStatus.BAD_REQUEST:
                raise ServerError(f"{method} {self.endpoint}{path}: {answer.status} {answer.data.decode()}")
            return json.loads(answer.data or b"{}")
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise ServerError(f"{method} {self.endpoint}{path}: {error}") from error

    def reset(self) -> None:
        """Empty the whole AWS."""
        self.call("POST", "/moto-api/reset")


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""


def running(state: Path = STATE) -> Server | None:
    """The AWS whose address is in `state`, if it lives; None otherwise.

    It counts as ours only if the address answers as a sandbox and with the process id that was written down:
    a number in a stale file may by now be anybody's process.
    """
    endpoint, pid = _read(state / "endpoint"), _read(state / "pid")
    if not endpoint.startswith("http://127.0.0.1:") or not pid.isdecimal():
        return None
    server = Server(endpoint, int(pid))
    try:
        health = server.call("GET", "/sandbox/health", timeout=5.0)
    except ServerError:
        return None
    return server if isinstance(health, dict) and health.get("pid") == server.pid else None


def start(state: Path = STATE, port: int = 0) -> Server:
    """Start an AWS on loopback and return it once it answers; if one runs already, that one.

    `port` 0 lets the operating system choose. Raises ServerError with the end of the server's log if it doesn't come up.
    """
    found = running(state)
    if found is not None:
        return found
    state.mkdir(parents=True, exist_ok=True)
    for name in ("endpoint", "pid"):
        (state / name).unlink(missing_ok=True)
    log = state / "aws.log"
    command = [sys.executable, "-m", "sandbox.aws.serve", str(state), str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own module
            command,
            cwd=REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        found = running(state)
        if found is not None:
            return found
        if process.poll() is not None:
            break
        time.sleep(0.02)
    else:
        process.kill()
        process.wait()
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
    raise ServerError(f"the sandbox's AWS did not start (full log: {log}):\n{tail}")


def stop(state: Path = STATE) -> bool:
    """Stop the AWS of `state`; False when none runs. Only a process that answers as ours is ever signalled."""
    server = running(state)
    if server is None:
        for name in ("endpoint", "pid"):
            (state / name).unlink(missing_ok=True)
        return False
    os.kill(server.pid, signal.SIGTERM)
    forget(server.endpoint)
    deadline = time.monotonic() + _STOP_SECONDS
    while time.monotonic() < deadline:
        if running(state) is None and not (state / "pid").exists():
            return True
        _reap(server.pid)
        time.sleep(0.02)
    raise ServerError(f"the sandbox's AWS (process {server.pid}) did not stop within {_STOP_SECONDS:g} s")


def _reap(pid: int) -> None:
    """Collect the process if it was started by this very one."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return
