"""Progress while an engine works: a living line on a terminal, a line a phase elsewhere."""

from __future__ import annotations

import time
from collections import Counter
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.status import Status

from sandbox.engines.model import Event

_PHASES = {"preview": "planning", "up": "deploying", "refresh": "asking AWS", "down": "destroying"}


class Progress:
    """Listens to an engine's events. Use as a context manager."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status: Status | None = None
        self._phase = ""
        self._started = 0.0
        self._counts: Counter[str] = Counter()

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._status = self._console.status("")
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._finish()
        if self._status is not None:
            self._status.stop()

    def __call__(self, event: Event) -> None:
        """Take one event."""
        where = f"[bold]{escape(event.stack)}[/] " if event.stack else ""
        if event.action == "log":
            self._console.print(f"{where}[dim]{escape(event.message)}[/]", highlight=False)
        elif event.action in _PHASES:
            self._finish()
            self._phase = f"{where}{_PHASES[event.action]}"
            self._started = time.monotonic() if event.since is None else event.since
            self._counts.clear()
            self._show("")
        else:
            self._counts[event.action] += 1
            self._show(f"{event.type.rsplit(':', 1)[-1]} {event.name}")

    def _tally(self) -> str:
        return ", ".join(f"{count} {action}" for action, count in self._counts.items())

    def _show(self, latest: str) -> None:
        if self._status is not None:
            self._status.update(f"{self._phase}  {self._tally()}  [dim]{escape(latest)}[/]")

    def _finish(self) -> None:
        if self._phase:
            seconds = time.monotonic() - self._started
            tally = self._tally() or "nothing"
            self._console.print(f"{self._phase}: {tally} [dim]({seconds:.1f} s)[/]", highlight=False)
        self._phase = ""
