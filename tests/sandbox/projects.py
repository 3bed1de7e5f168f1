"""Small Pulumi projects for the engines' tests, and the in-process AWS in place of a server process."""

from __future__ import annotations

import asyncio
import functools
import gc
import io
import json
import os
import sys
import textwrap
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, TypeVar

import pytest
import yaml
from pulumi.runtime import settings

from sandbox.__main__ import main
from sandbox.engines.model import Event, StackChoice, StackResult
from sandbox.engines.project import Project
from sandbox.engines.runner import engine as runner_engine
from sandbox.engines.runner.child import Report, perform
from sandbox.engines.runner.engine import RunnerEngine

Made = TypeVar("Made")
PROGRAMS = Path(__file__).parent / "programs"
HEAD = """
import pulumi
import pulumi_aws as aws
config = pulumi.Config()
"""


def project(
    root: Path,
    program: str,
    stacks: Mapping[str, Mapping[str, Any]] | None = None,
    declared: Mapping[str, Any] | None = None,
    name: str = "small",
) -> Path:
    """Write a project: its program after the usual imports, its stacks' configuration (default: `one` in us-east-1)."""
    root.mkdir(parents=True, exist_ok=True)
    settings = {"name": name, "runtime": "python", **({"config": dict(declared)} if declared else {})}
    (root / "Pulumi.yaml").write_text(yaml.safe_dump(settings))
    for stack, config in (stacks or {"one": {"aws:region": "us-east-1"}}).items():
        (root / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump({"config": dict(config)}))
    (root / "__main__.py").write_text(HEAD + textwrap.dedent(program))
    return root


def state_of(endpoint: str, directory: Path) -> Path:
    """A state directory in which the AWS of this very process counts as the running one."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "endpoint").write_text(endpoint)
    (directory / "pid").write_text(str(os.getpid()))
    return directory


_ALONE = threading.Lock()
"""The SDK's settings are one process's."""


class InProcess:
    """Runs jobs without a process of their own: several times as fast. Stands in for `sandbox.engines.runner.engine.Worker`."""

    def __init__(self, *_: object) -> None:
        self.here = Path.cwd()

    def run(self, job, listen):
        stream, modules = io.StringIO(), dict(sys.modules)
        try:
            with _ALONE:
                answer = perform(job, Report(stream))
        finally:
            # A run takes the program's own modules out of memory, and this repository's are the tests' as well.
            sys.modules.update(modules)
            os.chdir(self.here)
            settings.set_root_resource(None)
            settings.reset_options()
            asyncio.set_event_loop(None)
            gc.collect(0)  # what a run leaves: later, among all else, it takes longer
        for line in stream.getvalue().splitlines():
            message = json.loads(line)
            if message["event"] == "resource":
                listen(
                    Event(
                        job.stack, "planned" if job.preview else "created", message["type"], message["name"]
                    )
                )
        return json.loads(json.dumps(answer))

    def close(self) -> None:
        pass


@contextmanager
def in_process() -> Iterator[None]:
    """Every program that the runner runs meanwhile runs in this process."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(runner_engine, "Worker", InProcess)
        yield


@contextmanager
def made_in_process(making: AbstractContextManager[Made]) -> Iterator[Made]:
    """What a context makes with programs in this process. Who has it meanwhile runs others in processes of their own, as ever."""
    with ExitStack() as kept:
        with in_process():
            found = kept.enter_context(making)
        yield found


def said(state: Path, *arguments: str, plan: bool = True, guarded: bool = True) -> Any:
    """What `python -m sandbox ... --json` prints, run in this process; it must go well.

    Without `plan`, `up` deploys at once; without `guarded`, no policy judges what it deploys.
    """
    printed, told = io.StringIO(), io.StringIO()
    with in_process(), pytest.MonkeyPatch.context() as changed:
        if not plan:
            at_once = functools.partialmethod(RunnerEngine.up, plan=False)
            changed.setattr(RunnerEngine, "up", at_once)
        if not guarded:
            changed.setattr(Project, "policy_pack", None)
        with redirect_stdout(printed), redirect_stderr(told):
            status = main([*arguments, "--engine", "runner", "--json"], state=state)
    found = json.loads(printed.getvalue() or "{}")
    wrong = [each for stack in found.get("stacks", {}).values() for each in stack.get("errors", ())]
    assert status == 0, wrong or told.getvalue() + printed.getvalue()[-3000:]
    return found


class Runner:
    """The runner on one project."""

    def __init__(self, root: Path, state: Path, monkeypatch: Any = None) -> None:
        """With `monkeypatch` the program runs in this process."""
        if monkeypatch is not None:
            monkeypatch.setattr(runner_engine, "Worker", InProcess)
        self.engine = RunnerEngine(root, state)
        self.events: list[Event] = []

    def preview(self, *stacks: str) -> list[StackResult]:
        return self.engine.preview([StackChoice(stack) for stack in stacks or ("one",)], self.events.append)

    def up(self, *stacks: str) -> list[StackResult]:
        return self.engine.up([StackChoice(stack) for stack in stacks or ("one",)], self.events.append)

    def fails(self, *, command: str = "up") -> str:
        """The errors of a run of stack `one` that must fail."""
        (result,) = getattr(self, command)()
        assert not result.ok
        return "\n".join(result.errors)
