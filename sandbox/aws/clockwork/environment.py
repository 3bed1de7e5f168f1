"""Runs the code of Lambda functions on the simulated clock: a program that is asked for execution environments, and forks one for each.

It has loaded boto3 by then, which takes longer than what most functions do. What it is asked, and when it ends, `sandbox.aws.nursery` says.

An environment is told what to do on its first pipe, a JSON object a line, and answers on its second: `{"zip": BASE64, "handler": "m.f"}`,
then any number of `{"event": ..., "request": ID, "deadline": SECONDS, "now": SECONDS}`. While the code sleeps it says `{"sleep": SECONDS}`
and goes on when it is told the new `now`; what it prints is `{"print": LINE}`; at the end stands `{"result": ...}` or `{"error": TEXT}`.
`time` tells simulated time; `datetime` and what waits in C don't know of it.
"""

from __future__ import annotations

import base64
import importlib
import io
import json
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable
from typing import Any, TextIO


class Clock:
    """Simulated time in this process."""

    def __init__(self, told: TextIO, tell: Callable[[dict[str, Any]], None]) -> None:
        self.now = self.epoch = 0.0
        self._told, self._tell = told, tell

    def sleep(self, seconds: float) -> None:
        """Give way. The environment ends when nobody tells it to go on."""
        self._tell({"sleep": max(0.0, float(seconds))})
        self.now = hear(self._told)["now"]

    def install(self) -> None:
        """Have the `time` module tell simulated time."""
        time.sleep = self.sleep  # type: ignore[assignment]
        time.monotonic = lambda: self.now
        time.time = lambda: self.epoch + self.now
        time.clock_gettime = lambda which: self.epoch * (which == time.CLOCK_REALTIME) + self.now


class Lines(io.TextIOBase):
    """What the code prints, line by line."""

    def __init__(self, tell: Callable[[dict[str, Any]], None]) -> None:
        self._tell, self._rest = tell, ""

    def write(self, text: str) -> int:
        """Pass on what is complete."""
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._tell({"print": line})
        return len(text)


class Context:
    """What Lambda tells of an invocation."""

    def __init__(self, clock: Clock, request: str, deadline: float) -> None:
        self._clock, self._deadline = clock, deadline
        self.aws_request_id, self.function_name = request, os.environ["AWS_LAMBDA_FUNCTION_NAME"]

    def get_remaining_time_in_millis(self) -> int:
        """Until the environment is ended."""
        return int(1000 * (self._deadline - self._clock.now))


def hear(told: TextIO) -> dict[str, Any]:
    """The next object. Ends the process when there is none: who started it is gone."""
    line = told.readline()
    if not line:
        raise SystemExit(0)
    found: dict[str, Any] = json.loads(line)
    return found


def serve(told: TextIO, said: TextIO) -> None:
    """Carry out invocations, one after the other, until nobody asks any more."""

    def tell(what: dict[str, Any]) -> None:
        said.write(json.dumps(what, default=str) + "\n")
        said.flush()

    clock, first = Clock(told, tell), hear(told)
    sys.stdout = sys.stderr = Lines(tell)
    clock.epoch = first["epoch"]
    with tempfile.TemporaryDirectory(prefix="sandbox-function-") as folder:
        zipfile.ZipFile(io.BytesIO(base64.b64decode(first["zip"]))).extractall(folder)
        # Not the folder of this file: its modules are none of the function's.
        sys.path[0] = folder
        clock.install()
        handler: Any = None
        while True:
            asked = hear(told)
            clock.now = asked["now"]
            try:
                handler = handler or _load(first["handler"])
                tell({"result": handler(asked["event"], Context(clock, asked["request"], asked["deadline"]))})
            except Exception as error:  # noqa: BLE001 - whatever the code raises is the invocation's end
                tell({"error": f"{type(error).__name__}: {error}"})


def _load(handler: str) -> Any:
    """The function's handler, `module.function`, whose boto3 says who calls."""
    import boto3

    boto3.setup_default_session()
    boto3.DEFAULT_SESSION._session.user_agent_extra = f"by/{os.environ['AWS_LAMBDA_FUNCTION_NAME']}"  # noqa: SLF001
    module, _, name = handler.rpartition(".")
    return getattr(importlib.import_module(module.replace("/", ".")), name)


def nurse(listening: socket.socket, lifeline: int) -> None:
    """Fork an environment for each who asks, until nobody holds the other end of the lifeline any more."""
    _warm()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who asked hears of an environment's end by its pipe
    while True:
        ready, _, _ = select.select([listening.fileno(), lifeline], [], [])
        if lifeline in ready:
            return
        asking, _ = listening.accept()
        with asking:
            told, pipes, _, _ = socket.recv_fds(asking, 1 << 20, 2)
            child = os.fork()
            if child == 0:
                _live(json.loads(told), pipes, (asking.fileno(), listening.fileno(), lifeline))
            asking.sendall(str(child).encode())
        for pipe in pipes:
            os.close(pipe)


def _warm() -> None:
    """Have boto3 loaded, and read what each of its clients reads first."""
    import boto3
    import botocore.session
    from botocore.loaders import create_loader

    loader = create_loader()
    botocore.session.create_loader = lambda _path=None: loader
    boto3.Session("none", "none", region_name="us-east-1").client("sts")


def _live(variables: dict[str, str], pipes: list[int], others: tuple[int, ...]) -> None:
    """Be an environment, and nothing else."""
    status = 1
    try:
        for each in others:
            os.close(each)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.environ.clear()
        os.environ.update(variables)
        serve(os.fdopen(pipes[0], encoding="utf-8"), os.fdopen(pipes[1], "w", encoding="utf-8"))
    except SystemExit as ended:
        status = int(ended.code or 0)
    except BaseException:  # noqa: BLE001 - whatever it is, the AWS's log has it
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(status)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as asked:
        nurse(asked, int(sys.argv[2]))
    shutil.rmtree(sys.argv[3])
