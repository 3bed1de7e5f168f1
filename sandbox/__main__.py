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
from sandbox.aws import server
from sandbox.engines import choose, ownership
from sandbox.engines import project as projects
from sandbox.engines.model import Engine, EngineError, StackChoice, StackResult
from sandbox.report.document import document
from sandbox.report.progress import Progress
from sandbox.report.recovery import judged
from sandbox.report.summary import recovery_table, summarize, way_in

ORDER = ("prod", "dr")
"""Stacks that others read come first; stacks not named here follow by name."""
REPORTED = ("up", "preview")
"""Commands that know a stack's resources, and so its recovery."""


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    found = argparse.ArgumentParser(
        prog="python -m sandbox", description="The stacks on an AWS on this machine."
    )
    found.add_argument("command", choices=("up", "preview", "down", "status"))
    found.add_argument(
        "--stack", metavar="NAME", nargs="+", action="extend", help="stacks (default: all, prod first)"
    )
    found.add_argument(
        "--config-file", type=Path, metavar="FILE", help="configuration of the one stack named"
    )
    found.add_argument("--engine", choices=("auto", "pulumi", "runner"), default="auto")
    found.add_argument(
        "--report", type=Path, metavar="FILE", help="with up and preview: write recovery as an HTML page"
    )
    found.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    return found


def _choices(
    project: projects.Project, names: Sequence[str] | None, config_file: Path | None
) -> list[StackChoice]:
    rank = {name: place for place, name in enumerate(ORDER)}
    asked = dict.fromkeys(names or project.stacks())
    ordered = sorted(asked, key=lambda name: (rank.get(name, len(rank)), name if not names else ""))
    if config_file is not None and (not names or len(ordered) != 1):
        raise EngineError(
            f"--config-file belongs to one stack: name it by --stack (got {', '.join(ordered)})"
        )
    if not ordered:
        raise EngineError(f"no stack has a configuration: there is no Pulumi.<stack>.yaml in {project.root}")
    return [StackChoice(name, config_file.resolve() if config_file else None) for name in ordered]


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    """Two commands at the same time would deploy into each other."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / "lock").open("w") as lock:
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
        console.print("No AWS is running. Start one: python -m sandbox up")
    else:
        console.print(f"AWS at {running.endpoint} (process {running.pid}), deployed by: {engine or 'nobody'}")
        console.print(f"stacks: {', '.join(stacks) or 'none'}")
    return 0 if running is not None else 1


def main(
    arguments: Sequence[str] | None = None, root: Path = server.REPOSITORY, state: Path | None = None
) -> int:
    """Run one command and return its exit status: 0 when it did what was asked, else 1."""
    options = parser().parse_args(arguments)
    state = state or root / ".sandbox"
    console = Console(stderr=options.json)
    results: list[StackResult] = []
    errors: list[str] = []
    name, started = "", time.monotonic()
    try:
        if options.command == "status":
            return _status(root, state, console, as_json=options.json)
        with _alone(state):
            engine = choose(options.engine, root, state, options.command)
            name = engine.name
            console.print(f"engine: {escape(engine.describe())}", highlight=False, soft_wrap=True)
            stacks = _choices(engine.project, options.stack, options.config_file)
            results = _execute(options.command, engine, stacks, console, state)
            if options.command == "down":
                _end_aws(state, results, console, engine)
    except (EngineError, server.ServerError) as error:
        errors.append(str(error))
    except KeyboardInterrupt:
        errors.append("interrupted; `python -m sandbox status` says what runs")
    seconds = time.monotonic() - started
    good = not errors and bool(results or options.command == "down") and all(result.ok for result in results)
    report = judged(results) if options.command in REPORTED else None
    if report is not None and options.report:
        options.report.write_text(render_html(report), encoding="utf-8")
    if options.json:
        print(json.dumps(document(name, seconds, results, errors, report), indent=1))
    else:
        _tell(console, options.command, results, report, running=server.running(state), good=good)
        for message in errors:
            console.print(f"[red]error:[/] {escape(message)}", highlight=False, soft_wrap=True)
        done = "done" if good else "[red]failed[/]"
        console.print(f"{options.command} {done} in {seconds:.1f} s", highlight=False)
    return 0 if good else 1


def _tell(
    console: Console,
    command: str,
    results: list[StackResult],
    report: Report | None,
    *,
    running: server.Server | None,
    good: bool,
) -> None:
    """Print what a person wants to read at the end."""
    summarize(console, results if command != "down" else [r for r in results if not r.ok])
    if report is not None:
        recovery_table(console, report)
    if command == "up" and not good and all(result.preview for result in results):
        console.print("Nothing was created.")
    if command == "up" and good and running is not None:
        way_in(console, running.endpoint, "us-east-1")


if __name__ == "__main__":
    sys.exit(main())
