"""The command line: `python -m sandbox up|preview|refresh|report|runbook|drill|down|status`."""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from sandbox.arguments import REPORT, addressed, choices, parser, root_of
from sandbox.aws import server
from sandbox.aws.client import shield
from sandbox.drills import command as drill
from sandbox.engines import ownership
from sandbox.engines.choice import choose
from sandbox.engines.configuration import read_policy_config
from sandbox.engines.model import EngineError, StackChoice, StackResult
from sandbox.engines.protocol import Engine
from sandbox.engines.rehearsal import Rehearsal
from sandbox.outcome import Outcome
from sandbox.report.progress import Progress
from sandbox.report.recovery import objectives
from sandbox.runbook import runbooks

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    """Two commands at the same time would deploy into each other."""
    try:
        state.mkdir(parents=True, exist_ok=True)
        lock = (state / "lock").open("w")
    except OSError as error:
        raise EngineError(f"{state} can't hold the sandbox's state: {error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise EngineError("another sandbox command is at work; wait for it to end") from error
        yield


def _execute(
    command: str, engine: Engine | Rehearsal, stacks: list[StackChoice], console: Console, state: Path
) -> list[StackResult]:
    before = server.running(state)
    try:
        with Progress(console) as progress:
            return list(getattr(engine, command)(stacks, progress))
    finally:
        # A preview leaves nothing behind that wasn't there.
        if command == "preview" and before is None:
            server.stop(state)


def _end_aws(state: Path, results: list[StackResult], console: Console, left: list[str]) -> None:
    if all(result.ok for result in results) and not left:
        stopped = server.stop(state)
        ownership.clear(state)
        console.print("The AWS on this machine is stopped." if stopped else "No AWS was running.")
    elif left:
        console.print(f"Still deployed: {', '.join(left)}; the AWS on this machine keeps running.")


def _status(root: Path, state: Path, console: Console, *, as_json: bool) -> int:
    running, owner = server.running(state), ownership.read(state)
    engine = owner.engine if owner and running else None
    stacks = choose(engine, root, state).left() if engine else []
    if as_json:
        endpoint = running.endpoint if running else None
        print(
            json.dumps(
                {"engine": engine, "running": running is not None, "endpoint": endpoint, "stacks": stacks}
            )
        )
    elif running is None:
        console.print(addressed("No AWS is running. Start one: python -m sandbox up", root, state))
    else:
        console.print(f"AWS at {running.endpoint} (process {running.pid}), deployed by: {engine or 'nobody'}")
        console.print(f"stacks: {', '.join(stacks) or 'none'}")
    return 0 if running is not None else 1


def _tell_runbooks(options: argparse.Namespace, root: Path, state: Path, console: Console) -> int:
    running, owner = server.running(state), ownership.read(state)
    engine = choose(owner.engine if owner and running else options.engine, root, state)
    texts = list(runbooks(engine, running, options.stack or []))
    if options.json:
        print(json.dumps({"runbooks": texts}))
    else:
        for text in texts:
            console.out(text, highlight=False)
    return 0


def _writable(report: Path | None) -> None:
    """A report that can't be written is told before the work, not after it."""
    if report is None:
        return
    found = report.exists()
    try:
        with report.open("a", encoding="utf-8"):
            pass
        if not found:
            report.unlink()
    except OSError as error:
        raise EngineError(f"--report {report}: it can't be written: {error.strerror}") from error


def _carry_out(
    outcome: Outcome, options: argparse.Namespace, root: Path, state: Path, console: Console
) -> None:
    if options.policy_pack_config is not None:
        outcome.objectives = objectives(read_policy_config(options.policy_pack_config))
    rehearses = options.command == "report"
    engine = (
        Rehearsal(root, options.engine) if rehearses else choose(options.engine, root, state, options.command)
    )
    outcome.engine = engine.name
    console.print(f"engine: {escape(engine.describe())}", highlight=False, soft_wrap=True)
    stacks = choices(engine.project, options)
    outcome.asked = [stack.name for stack in stacks]
    outcome.results = _execute(options.command, engine, stacks, console, state)
    if options.command == "down":
        _end_aws(state, outcome.results, console, engine.left())


def main(
    arguments: Sequence[str] | None = None, root: Path = server.REPOSITORY, state: Path | None = None
) -> int:
    """Run one command and return its exit status: 0 when it did what was asked, 130 after Ctrl-C, else 1."""
    options = parser().parse_args(arguments)
    page = options.report or (REPORT if options.command == "report" else None)
    console = Console(stderr=options.json)
    started = time.monotonic()
    outcome, status = Outcome(options.command), 1
    try:
        root = root_of(options, root)
        state = (options.state or state or root / ".sandbox").resolve()
        if options.command == "status":
            return _status(root, state, console, as_json=options.json)
        if options.command == "runbook":
            return _tell_runbooks(options, root, state, console)
        _writable(page)
        with _alone(state):
            if options.command == "drill":
                return drill.run(options, root, state, console)
            _carry_out(outcome, options, root, state, console)
    except (EngineError, server.ServerError) as error:
        outcome.errors.append(str(error))
    except KeyboardInterrupt:
        outcome.errors.append("interrupted; what runs, says: python -m sandbox status")
        status = INTERRUPTED
    state = state or root / ".sandbox"
    outcome.address(root, state)
    outcome.tell(console, time.monotonic() - started, page, as_json=options.json, state=state)
    return 0 if outcome.good else status


if __name__ == "__main__":
    shield(os.environ)
    sys.exit(main())
