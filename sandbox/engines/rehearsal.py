"""What a report is made from: every stack deployed to an AWS of its own, which ends with the command."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from sandbox.aws import server
from sandbox.engines import project as projects
from sandbox.engines.model import EngineError, Listener, StackChoice, StackResult
from sandbox.engines.runner.engine import RunnerEngine


class Rehearsal:
    """Deploys and forgets. What `up` has deployed stays as it is.

    Policies don't take part: what can't keep its objectives is deployed as well, so that the report tells how far it is off.
    """

    name = "runner"

    def __init__(self, root: Path, engine: str) -> None:
        """`root` is the directory of `Pulumi.yaml`. Raises EngineError when the user asks for another engine."""
        if engine not in ("auto", self.name):
            raise EngineError(f"--engine {engine}: a report is made by the runner, allowed are auto, runner")
        self.root = root
        self.project = replace(projects.load(root), guarded=False)

    def describe(self) -> str:
        """Say in one line what does the work."""
        return (
            "runner (no Pulumi CLI needed), without policies, on an AWS of its own that ends with the report"
        )

    def left(self) -> list[str]:
        """Names of the stacks that are deployed: none outlives the command."""
        return []

    def report(self, stacks: list[StackChoice], listen: Listener) -> list[StackResult]:
        """Deploy every stack."""
        with tempfile.TemporaryDirectory(prefix="sandbox-report-") as made:
            state = Path(made)
            engine = RunnerEngine(self.root, state)
            engine.project = self.project
            try:
                return engine.up(stacks, listen)
            finally:
                server.stop(state)
