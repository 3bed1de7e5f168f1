"""A process that runs one stack's program: once for the plan and, in the same process, once for the deployment."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sandbox.aws import server
from sandbox.engines.model import EngineError, Event, Listener
from sandbox.engines.runner.job import Job

_LAST_WORDS = 4000


class Worker:
    """The parent's end. It starts at once and loads what the program needs while it waits for its first job."""

    def __init__(self, root: str, directory: str) -> None:
        """`directory` is where the program is."""
        path = os.pathsep.join(filter(None, (str(server.REPOSITORY), os.environ.get("PYTHONPATH"))))
        self._printed = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._read = 0
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "sandbox.engines.runner.child", directory],
            cwd=root,
            env={**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"},
            # Ctrl-C reaches this process alone, which then ends that one.
            start_new_session=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._printed,
            text=True,
        )

    def run(self, job: Job, listen: Listener) -> dict[str, Any]:
        """Run one job and return its result. Raises EngineError when the process dies over it."""
        answer: dict[str, Any] | None = None
        if self._process.stdin is None or self._process.stdout is None:
            raise EngineError("the worker has no pipes")
        with contextlib.suppress(BrokenPipeError):  # if it died before the job, its last words are told below
            self._process.stdin.write(json.dumps(asdict(job)) + "\n")
            self._process.stdin.flush()
        for line in self._process.stdout:
            message = json.loads(line)
            if message["event"] == "result":
                answer = message
                break
            self._tell(job, message, listen)
        words = self._words()
        if answer is None:
            raise EngineError(
                f"the run of stack {job.stack!r} ended without a result:\n{words.strip()[-_LAST_WORDS:]}"
            )
        for line in words.splitlines():
            listen(Event(job.stack, "log", message=line))
        return answer

    def _tell(self, job: Job, message: Mapping[str, Any], listen: Listener) -> None:
        if message["event"] == "resource":
            done = "planned" if job.preview else "created"
            listen(Event(job.stack, done, message["type"], message["name"]))
        else:
            listen(Event(job.stack, "log", message=f"{message['level']}: {message['message']}"))

    def _words(self) -> str:
        """What the program printed since the last time. Parent and child share the file's position: it must not move."""
        file = self._printed.fileno()
        size = os.fstat(file).st_size
        words = os.pread(file, size - self._read, self._read)
        self._read = size
        return words.decode(errors="replace")

    def abort(self) -> None:
        """End the process and what it started, at once: what it does is no longer wanted."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)

    def close(self) -> None:
        """Let the process end."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            with contextlib.suppress(BrokenPipeError):  # it may be gone already
                self._process.stdin.close()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._printed.close()
