"""Runs the sandbox's command line on a project and reads its JSON."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sandbox import __main__ as cli
from sandbox.aws import server
from sandbox.aws.client import client
from sandbox.engines.model import StackChoice
from sandbox.engines.pulumi_cli.engine import PulumiEngine
from tests.sandbox.projects import project

_LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".sandbox", "__pycache__", ".*_cache", ".hypothesis")


@dataclass
class Answer:
    """What one command said."""

    status: int
    document: dict[str, Any]
    told: str
    """Standard error: progress and messages."""

    def stack(self, name: str) -> dict[str, Any]:
        return self.document["stacks"][name]

    def changes(self, name: str) -> dict[str, int]:
        return {kind: count for kind, count in self.stack(name)["changes"].items() if kind != "same"}

    def errors(self) -> str:
        """Every message of a command that must have failed."""
        assert self.status == 1
        per_stack = [error for stack in self.document["stacks"].values() for error in stack["errors"]]
        return "\n".join([*self.document["errors"], *per_stack])

    def ok(self) -> Answer:
        assert self.status == 0, json.dumps(self.document, indent=1) + self.told
        return self


class Sandbox:
    """One project, its state and its AWS."""

    def __init__(self, root: Path) -> None:
        self.root, self.state = root, root / ".sandbox"

    @classmethod
    def small(cls, root: Path, program: str, **more: Any) -> Sandbox:
        return cls(project(root, program, **more))

    @classmethod
    def repository(cls, root: Path) -> Sandbox:
        shutil.copytree(server.REPOSITORY, root, ignore=_LEFT_OUT)
        # The CLI runs the program in the virtual environment that Pulumi.yaml names.
        (root / ".venv").symlink_to(sys.prefix, target_is_directory=True)
        return cls(root)

    def __call__(self, command: str, *arguments: str, engine: str = "pulumi") -> Answer:
        out, told = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(told):
            status = cli.main(
                [command, *arguments, "--engine", engine, "--json"], root=self.root, state=self.state
            )
        return Answer(status, json.loads(out.getvalue()), told.getvalue())

    def boto(self, service: str, region: str = "us-east-1") -> Any:
        running = server.running(self.state)
        assert running is not None
        return client(running.endpoint, service, region)

    def vpcs(self, region: str = "us-east-1") -> list[dict[str, Any]]:
        return [vpc for vpc in self.boto("ec2", region).describe_vpcs()["Vpcs"] if not vpc["IsDefault"]]

    @contextlib.contextmanager
    def changed(self, stack: str, change: Callable[[dict[str, Any]], None]) -> Any:
        """A stack's configuration with a change, for the time of a `with` block."""
        path = self.root / f"Pulumi.{stack}.yaml"
        before = path.read_text()
        document = yaml.safe_load(before)
        change(document["config"])
        path.write_text(yaml.safe_dump(document))
        try:
            yield
        finally:
            path.write_text(before)

    def engine(self) -> PulumiEngine:
        return PulumiEngine(self.root, self.state)

    def choices(self, *stacks: str) -> list[StackChoice]:
        return [StackChoice(stack) for stack in stacks]

    def close(self) -> None:
        server.stop(self.state)
