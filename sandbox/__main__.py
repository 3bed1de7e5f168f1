"""The command line: `python -m sandbox up|preview|down|status`."""

from __future__ import annotations

import argparse
import fcntl
import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from policies.recovery import Report, render_html
from sandbox.arguments import addressed, choices, parser, root_of
from sandbox.aws import server
from sandbox.engines import ownership
from sandbox.engines.choice import choose
from sandbox.engines.model import EngineError, StackChoice, StackResult
from sandbox.engines.protocol import Engine
from sandbox.report.document import document
from sandbox.report.progress import Progress
from sandbox.report.recovery import judged
from sandbox.report.summary import recovery_table, summarize, way_in

REPORTED = ("up", "preview")
"""Commands that know a stack's resources, and so its recovery."""
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
    command: str, engine: Engine, stacks: list[StackChoice], console: Console, state: Path
) -> list[StackResult]:
    before = server.running(state)
    try:
        with Progress(console) as progress:
            return list(getattr(engine, command)(stacks, progress))
    finally:
        # A preview leaves nothing behind that wasn't there.
        if command == "preview" and before is None:
            server.stop(state)


def _end_aws(state: Path, results: list[StackResult], console: Console, engine: Engine) -> None:
    left = engine.left()
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


def _writable(report: Path | None) -> None:
    """A report that can't be written is told before the work, not after it."""
    if report is None:
        return
    try:
        with report.open("a", encoding="utf-8"):
            return
    except OSError as error:
        raise EngineError(f"--report {report}: it can't be written: {error.strerror}") from error


def main(
    arguments: Sequence[str] | None = None, root: Path = server.REPOSITORY, state: Path | None = None
) -> int:
    """Run one command and return its exit status: 0 when it did what was asked, 130 after Ctrl-C, else 1."""
    options = parser().parse_args(arguments)
    console = Console(stderr=options.json)
    started = time.monotonic()
    results: list[StackResult] = []
    errors: list[str] = []
    name, status = "", 1
    try:
        root = root_of(options, root)
        state = (options.state or state or root / ".sandbox").resolve()
        if options.command == "status":
            return _status(root, state, console, as_json=options.json)
        _writable(options.report)
        with _alone(state):
            engine = choose(options.engine, root, state, options.command)
            name = engine.name
            console.print(f"engine: {escape(engine.describe())}", highlight=False, soft_wrap=True)
            results = _execute(options.command, engine, choices(engine.project, options), console, state)
            if options.command == "down":
                _end_aws(state, results, console, engine)
    except (EngineError, server.ServerError) as error:
        errors.append(str(error))
    except KeyboardInterrupt:
        errors.append("interrupted; what runs, says: python -m sandbox status")
        status = INTERRUPTED
    state = state or root / ".sandbox"
    errors = [addressed(error, root, state) for error in errors]
    for result in results:
        result.errors = [addressed(error, root, state) for error in result.errors]
    good = not errors and bool(results or options.command == "down") and all(result.ok for result in results)
    report = judged(results) if options.command in REPORTED else None
    if report is not None and options.report:
        options.report.write_text(render_html(report), encoding="utf-8")
    seconds = time.monotonic() - started
    if options.json:
        print(json.dumps(document(name, seconds, results, errors, report), indent=1))
    else:
        _tell(console, options, results, report, running=server.running(state), good=good)
        for message in errors:
            console.print(f"[red]error:[/] {escape(message)}", highlight=False, soft_wrap=True)
        done = "done" if good else "[red]failed[/]"
        console.print(f"{options.command} {done} in {seconds:.1f} s", highlight=False)
    return 0 if good else status


def _tell(
    console: Console,
    options: argparse.Namespace,
    results: list[StackResult],
    report: Report | None,
    *,
    running: server.Server | None,
    good: bool,
) -> None:
    """Print what a person wants to read at the end."""
    command = options.command
    summarize(console, results if command != "down" else [r for r in results if not r.ok])
    if report is not None:
        recovery_table(console, report)
    if command == "up" and not good and all(result.preview for result in results):
        console.print("Nothing was created.")
    if command == "up" and good and running is not None:
        way_in(console, running.endpoint, "us-east-1")


if __name__ == "__main__":
    sys.exit(main())
