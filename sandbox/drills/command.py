"""`python -m sandbox drill`: which drills are asked for, all of them carried out, and what they came to."""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from sandbox.arguments import choices
from sandbox.drills import evidence
from sandbox.drills.failed import DrillError
from sandbox.drills.ground import Ground, deployed
from sandbox.drills.rehearse import Drill, Result
from sandbox.drills.scenario import Act, Break, Scenario
from sandbox.drills.scenarios import ALL, BY_NAME
from sandbox.drills.system import System
from sandbox.engines import project as projects
from sandbox.report.progress import Progress

AT_ONCE = 2
"""Drills beside each other, on as many processors."""


def asked(names: Sequence[str] | None) -> list[Scenario]:
    """The scenarios of these names, all without any. Raises DrillError for a name that is none."""
    wrong = [name for name in names or () if name not in BY_NAME]
    if wrong:
        raise DrillError(f"--scenario {wrong[0]}: there is no such drill, allowed are {', '.join(BY_NAME)}")
    return [BY_NAME[name] for name in dict.fromkeys(names)] if names else list(ALL)


def run(options: argparse.Namespace, root: Path, state: Path, console: Console) -> int:
    """Carry the drills out: 0 when all pass. Raises EngineError when they can't begin."""
    started, wanted = time.monotonic(), asked(options.scenario)
    if not 0 <= options.pace <= 1:
        raise DrillError(f"--pace {options.pace:g}: allowed is 0 (low end of each figure) to 1 (high end)")
    folder = options.evidence or state / "drills"
    _writable(folder)
    stacks = choices(projects.load(root), options)
    console.print(
        "engine: runner, without policies, on an AWS of its own that ends with the drills", highlight=False
    )
    with Progress(console) as progress, deployed(root, options.engine, stacks, progress) as ground:
        systems, left_out = chosen(ground, options.system)
        for message in [*left_out, *unfit(wanted, systems)]:
            console.print(f"left out: {escape(message)}", highlight=False, soft_wrap=True)
        results = list(carry_out(ground, wanted, systems, options.pace))
    written = [evidence.write(result, folder) for result in results]
    if options.json:
        print(
            json.dumps({"drills": [evidence.document(result) for result in results], "errors": []}, indent=1)
        )
    else:
        _tell(console, results, whole=len(results) == 1)
        console.print(f"evidence: {escape(str(folder))} ({sum(map(len, written))} files)", highlight=False)
        good = all(result.passed for result in results)
        said = "done" if good else "[red]failed[/]"
        console.print(f"drill {said} in {time.monotonic() - started:.1f} s", highlight=False)
    return 0 if all(result.passed for result in results) else 1


def chosen(ground: Ground, name: str | None) -> tuple[list[System], list[str]]:
    """The system of that name, or without one every system that can be drilled, and why others can't.

    Raises DrillError when none is left.
    """
    if name is not None:
        return [ground.system(name)], []
    found, left_out = [], []
    for each in ground.names():
        try:
            found.append(ground.system(each))
        except DrillError as error:
            left_out.append(str(error))
    if not found:
        raise DrillError(left_out[0] if left_out else "there is no system to drill: the stacks put out none")
    return found, left_out


def lacks(scenario: Scenario, system: System) -> str:  # noqa: PLR0911 - one line each
    """What the drill needs and the system hasn't; empty when it has all."""
    if system.api:
        return _of_api(scenario, system)
    if scenario.breaks is Break.TIER and not system.home.inner:
        return "its servers are of one tier"
    if (system.tasks or system.nodes) and scenario.breaks in (Break.NOTHING, Break.REGION):
        return _elsewhere(scenario, system)
    if system.tasks and scenario.breaks is Break.RELEASE:
        return ""
    if not system.stores and scenario.breaks not in (Break.INSTANCE, Break.ZONE):
        return (
            "it has no database, and only the loss of an instance or of its zone is rehearsed without one, "
            "of services, clusters and environments that of a region and a planned move, too, of services a bad release"
        )
    if system.other is None and scenario.elsewhere and not (system.writer and scenario.act is Act.TAKE_OVER):
        return "nothing of it serves in the other region, and only a lost region is rebuilt there, of a system with a database"
    return ""


def _elsewhere(scenario: Scenario, system: System) -> str:
    """What a system of services lacks to be moved, or lost with its region."""
    if system.instance and scenario.breaks is Break.NOTHING:
        return "its replica is promoted once: a planned move has no way back but a new replica"
    return "" if system.other else "nothing of it serves in the other region"


_OF_API = {
    Break.ROWS: "a table that is restored is another one, which a setting names",
    Break.NOTHING: "it is moved by health checks, and by nobody as planned",
    Break.RELEASE: "a release is a version that its aliases are led to",
}
"""Why an API isn't drilled so."""


def _of_api(scenario: Scenario, system: System) -> str:
    if scenario.breaks is not Break.REGION:
        why = _OF_API.get(scenario.breaks, "AWS runs it in several zones")
        return f"{why}; only the loss of a region is rehearsed of an API"
    return "" if system.other else "nothing of it serves in the other region"


def unfit(scenarios: Sequence[Scenario], systems: Sequence[System]) -> list[str]:
    """Of each drill that a system can't have, why. Raises DrillError when that leaves none.

    That a kind of system has no second tier goes without saying, unless somebody asks for its drill by name.
    """
    said = [
        (scenario, f"{scenario.name} of {system.name}: {why}")
        for system in systems
        for scenario in scenarios
        if (why := lacks(scenario, system))
    ]
    if len(said) == len(scenarios) * len(systems):
        raise DrillError(said[0][1])
    every = len(scenarios) == len(ALL)
    return [text for scenario, text in said if not (every and scenario.breaks is Break.TIER)]


def carry_out(
    ground: Ground, scenarios: Sequence[Scenario], systems: Sequence[System], pace: float
) -> Iterator[Result]:
    """Every scenario on every system that it fits, in that order, each on a copy of its own."""

    def one(task: tuple[System, Scenario]) -> Result:
        system, scenario = task
        with ground.copy() as world:
            return Drill(world, system, scenario, ground.report, pace=pace, stacks=ground.stacks).run()

    tasks = [(system, each) for system in systems for each in scenarios if not lacks(each, system)]
    pool = ThreadPoolExecutor(min(AT_ONCE, os.cpu_count() or 1))
    try:
        yield from pool.map(one, tasks)
    finally:
        ground.end_copies()
        pool.shutdown(cancel_futures=True)


def _tell(console: Console, results: Sequence[Result], *, whole: bool) -> None:
    for result in results:
        if whole:
            for line in result.timeline:
                what = f"{line['at']:7.0f} s  {line['who']:<14} {line['where']:<10} {line['what']}"
                console.print(escape(what), highlight=False, soft_wrap=True)
        took = "never" if result.seconds is None else f"{result.seconds:.0f} s"
        span = result.promised.time if result.promised else None
        said = f"promised {span.low} to {span.high} s" if span else "nothing promised"
        mark = "passed" if result.passed else "[red]FAILED[/]"
        rows = f"{result.acknowledged} rows acknowledged, {result.refused} refused"
        console.print(f"{result.name}: {mark}: {took} ({said}), {rows}", highlight=False, soft_wrap=True)
        for check in result.checks if whole else ():
            mark = "holds" if check.holds else "[red]does not hold[/]"
            console.print(f"  {check.name}: {mark}: {escape(check.said)}", highlight=False, soft_wrap=True)
        if not result.passed:
            said = result.causes[0] if result.causes else "not everything is as it must be"
            console.print(
                f"[red]error:[/] {escape(f'{result.name}: {said}')}", highlight=False, soft_wrap=True
            )


def _writable(folder: Path) -> None:
    """A folder that can't be written is told before the work, not after it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise DrillError(f"--evidence {folder}: it can't be written: {error.strerror}") from error
