"""A command of the CLI at work: a process whose event log is read whenever somebody wants to know."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_POLL_SECONDS = 0.1
_PATIENCE_SECONDS = 20.0
"""How long an interrupted CLI may take to end."""


class Work:
    """A command that runs from now on. Leaving its `with` block ends it where it still runs.

    Nothing is lost while nobody follows: events and output go to files.
    """

    def __init__(
        self, command: Sequence[str], directory: Path, environment: Mapping[str, str], log: Path
    ) -> None:
        """`log` is where events and output go, less the endings `.events` and `.txt`."""
        self.began = time.monotonic()
        events, self._printed = Path(f"{log}.events"), Path(f"{log}.txt")
        events.write_text("")
        self._events = events.open()
        with self._printed.open("w") as printed:
            self._process = subprocess.Popen(  # noqa: S603 - the user's own CLI
                [*command, "--event-log", str(events)],
                cwd=directory,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
                # Ctrl-C reaches this process alone: a second one would make the CLI give up its state.
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def follow(self, take: Callable[[Mapping[str, Any]], None]) -> tuple[int, str]:
        """Hand over the events, those that have come and those that come, until the end; exit status and what was printed."""
        for event in self._lines():
            take(event)
        return self._process.wait(), self._printed.read_text(errors="replace")

    def _lines(self) -> Iterator[Mapping[str, Any]]:
        """Events of a growing file, until its writer has ended and nothing is left."""
        rest = ""
        while True:
            running = self._process.poll() is None
            rest += self._events.read()
            *whole, rest = rest.split("\n")
            for line in whole:
                if line.strip():
                    yield json.loads(line)
            if not running:
                return
            time.sleep(_POLL_SECONDS)

    def end(self) -> None:
        """Let the CLI end what it is at and write its state, or end it."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(timeout=_PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        self._events.close()
