"""What drills run on: every stack deployed to an AWS of its own, which ends with the command. Each drill gets a copy of it."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sandbox.aws import server
from sandbox.drills import system as systems
from sandbox.drills.failed import DrillError
from sandbox.drills.rebuild import Stacks
from sandbox.drills.system import System
from sandbox.drills.world import World, copied
from sandbox.engines import project as projects
from sandbox.engines.model import Listener, Resource, StackChoice, StackResult
from sandbox.engines.runner.engine import RunnerEngine
from sandbox.report.recovery import judged, missing, releases

_GROUP = "aws:autoscaling/group:Group"


@dataclass
class Ground:
    """What is deployed, and what the estimator says of it."""

    aws: server.Server
    results: Sequence[StackResult]
    report: Mapping[str, Any]
    stacks: Stacks | None = None
    """How they were asked for; None where nobody is to run them again."""
    state: Path | None = None
    """Where the runner keeps what is deployed."""
    _worlds: list[World] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def outputs(self) -> list[Mapping[str, Any]]:
        """The stacks' outputs."""
        return [result.outputs for result in self.results]

    def names(self) -> list[str]:
        """The systems that are deployed."""
        return systems.names(self.outputs)

    def system(self, name: str) -> System:
        """A system. Raises DrillError when there is none of that name that can be drilled."""
        found = systems.read(name, self.outputs)
        home = next(r for r in self.results if r.outputs["foundation"]["region"] == found.home.region)
        groups = [r for r in home.resources if r.type == _GROUP and _workload(r) == name]
        return replace(found, refresh=_preferences(groups[0]) if groups else {})

    @contextmanager
    def copy(self) -> Iterator[World]:
        """A world to break."""
        with self._lock:  # nobody else is at work in the AWS while it is copied
            world = World(copied(self.aws), self.names())
            self._worlds.append(world)
        try:
            yield world
        finally:
            world.end()

    def end_copies(self) -> None:
        """End every copy, also of a drill that is still at work: it fails then."""
        for world in self._worlds:
            world.end()


@contextmanager
def deployed(root: Path, engine: str, stacks: Sequence[StackChoice], listen: Listener) -> Iterator[Ground]:
    """Deploy every stack, without policies. Raises DrillError when one fails, or another engine is asked for."""
    if engine not in ("auto", RunnerEngine.name):
        raise DrillError(f"--engine {engine}: drills are deployed by the runner, allowed are auto, runner")
    with tempfile.TemporaryDirectory(prefix="sandbox-drill-") as made:
        state = Path(made)
        runner = RunnerEngine(root, state)
        runner.project = replace(projects.load(root), guarded=False)
        try:
            found = ground_of(
                runner.up(list(stacks), listen, plan=False), [each.name for each in stacks], state
            )
            found.stacks = Stacks(root, stacks, found.results)
            yield found
        finally:
            server.stop(state)


def ground_of(results: Sequence[StackResult], asked: Sequence[str], state: Path) -> Ground:
    """The ground that a deployment to the AWS of `state` is. Raises DrillError when it isn't there as a whole."""
    failed = [f"{result.name}: {error}" for result in results for error in result.errors]
    report, aws = judged(list(results), asked), server.running(state)
    if failed or report is None or aws is None:
        lacks = ", ".join(missing(results, asked)) or "the AWS"
        raise DrillError(failed[0] if failed else f"{lacks} is not there as a whole")
    return Ground(aws, results, {**report.as_json(), "releases": releases(results)}, state=state)


def _workload(group: Resource) -> str:
    tags = group.inputs.get("tags") or []
    return next((str(tag["value"]) for tag in tags if tag["key"] == "workload"), "")


def _preferences(group: Resource) -> dict[str, Any]:
    given = (group.inputs.get("instanceRefresh") or {}).get("preferences") or {}
    return {_upper(name): _value(value) for name, value in given.items()}


def _value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {_upper(name): _value(inner) for name, inner in value.items()}
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def _upper(name: str) -> str:
    return name[0].upper() + name[1:]
