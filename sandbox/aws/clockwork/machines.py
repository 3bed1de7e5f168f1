"""State machines on the clock: a Wait waits for simulated seconds, and time stands while an execution is at work.

moto interprets each execution, and each branch of a Parallel, in a thread of its own.
"""

from __future__ import annotations

import functools
import sys
import threading
from typing import Any

from sandbox.aws.clockwork.clock import CLOCK

_PARSER = "moto.stepfunctions.parser"
_PATIENCE = 60.0
"""Real seconds that an execution may be at work between two waits."""
_rests = threading.Condition()
_working = 0


def start() -> None:
    """Patch moto's interpreter, if a state machine was ever made: nothing else loads it."""
    if f"{_PARSER}.models" not in sys.modules:
        return
    from moto.stepfunctions.parser.asl.component.state.exec.state_parallel.branch_worker import BranchWorker
    from moto.stepfunctions.parser.asl.component.state.exec.state_parallel.branches_decl import (
        BranchWorkerPool,
    )
    from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker

    for worker, body in ((ExecutionWorker, "_execution_logic"), (BranchWorker, "_thread_routine")):
        worker.start = _before(worker.start, 1)
        setattr(worker, body, _finally(getattr(worker, body), -1))
    # Who waits for branches does not work; the last branch to end wakes it.
    BranchWorkerPool.wait = _before(BranchWorkerPool.wait, -1)
    BranchWorkerPool.on_terminated = _waking(BranchWorkerPool.on_terminated)
    CLOCK.settled = settled


def settled() -> None:
    """Return when nobody works. Raises RuntimeError when somebody never comes to rest."""
    with _rests:
        if not _rests.wait_for(lambda: _working <= 0, _PATIENCE):
            raise RuntimeError(f"{_working} executions of state machines don't come to rest")


def _count(change: int) -> None:
    global _working  # noqa: PLW0603 - one count a process
    with _rests:
        _working += change
        _rests.notify_all()


def sleep(seconds: float) -> None:
    """Wait for simulated seconds, in the thread of an execution."""
    woken = threading.Event()

    def wake() -> None:
        _count(1)
        woken.set()

    CLOCK.after(float(seconds), wake)
    _count(-1)
    woken.wait()


def _before(original: Any, change: int) -> Any:
    @functools.wraps(original)
    def counted(self: Any) -> Any:
        _count(change)
        return original(self)

    return counted


def _finally(original: Any, change: int) -> Any:
    @functools.wraps(original)
    def counted(self: Any) -> Any:
        try:
            return original(self)
        finally:
            _count(change)

    return counted


def _waking(original: Any) -> Any:
    @functools.wraps(original)
    def on_terminated(self: Any, env: Any) -> None:
        before = self._termination_event.is_set()
        original(self, env)
        if self._termination_event.is_set() and not before:
            _count(1)

    return on_terminated
