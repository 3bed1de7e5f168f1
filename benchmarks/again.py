"""A second `up` with the Pulumi CLI, which changes nothing: against the first one, and against the same stacks one after the other."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import command
from sandbox.engines.pulumi_cli.process import executable

MOST_OF_FIRST, MOST_OF_APART = 0.5, 1.0
"""An update left out is half of an `up`'s work; two stacks at once never take longer than one after the other."""
Row = tuple[str, str, str, bool]


@dataclass(frozen=True)
class Run:
    """One `up`."""

    seconds: float
    work: float
    """Processor seconds of all its processes but the AWS, which had been started before or outlives it."""
    wrong: str
    """That it failed, or changed what was there; empty for neither."""


def rows() -> list[Row]:
    """Deploy to a state of its own, twice, then each stack alone."""
    if executable() is None:
        return [("a second up with the Pulumi CLI", "not measured: no `pulumi` on PATH", "", True)]
    with tempfile.TemporaryDirectory(prefix="bench-") as made:
        state = Path(made)
        try:
            first, again = _up(state), _up(state)
            apart = [_up(state, "--stack", stack) for stack in ("prod", "dr")]
        finally:
            _run(state, "down")
    wrong = next((run.wrong for run in (first, again, *apart) if run.wrong), "")
    if wrong:
        return [("a second up with the Pulumi CLI", f"failed: {wrong}", "succeeds, changes nothing", False)]
    alone = sum(run.seconds for run in apart)
    return [
        _row("the first", "processor seconds", again.work, first.work, MOST_OF_FIRST),
        _row("its stacks one after the other", "seconds", again.seconds, alone, MOST_OF_APART),
    ]


def _row(peer: str, unit: str, took: float, peers: float, most: float) -> Row:
    shown = f"{took:.1f} {unit}, {peer} {peers:.1f}: {took / peers:.2f} times"
    return (
        f"a second up with the Pulumi CLI, against {peer}",
        shown,
        f"at most {most}",
        took / peers <= most,
    )


def _up(state: Path, *more: str) -> Run:
    new, before = not (state / "pulumi").exists(), _worked()
    seconds, _, done = command(_line(state, "up", "--json", *more), detached=state / "pid")
    work = _worked() - before
    if done.returncode:
        return Run(seconds, work, f"{done.stdout[-500:]}{done.stderr[-500:]}")
    stacks = json.loads(done.stdout)["stacks"].values()
    steps = {urn: op for stack in stacks for urn, op in stack["steps"].items()}
    return Run(seconds, work, "" if new or not steps else f"it changed {steps}")


def _worked() -> float:
    """Processor seconds of the processes that this one started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _line(state: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "sandbox", *arguments, "--engine", "pulumi", "--state", str(state)]


def _run(state: Path, *arguments: str) -> None:
    subprocess.run(_line(state, *arguments), check=True, capture_output=True)
