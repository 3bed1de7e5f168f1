"""Runs the Pulumi CLI: its own home, backend and passphrase under `.sandbox/`, and nothing fetched from anywhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from sandbox.aws.client import environment
from sandbox.engines.model import EngineError, StackChoice
from sandbox.engines.project import Project

_SALT = "encryptionsalt"
_OF_SECRETS = (f"{_SALT}:", "secretsprovider:", "encryptedkey:")
_POLL_SECONDS = 0.1


def executable() -> str | None:
    """Where the Pulumi CLI is, if it is on PATH."""
    return shutil.which("pulumi")


class Cli:
    """The CLI for one project, with state in `state`."""

    def __init__(self, project: Project, state: Path) -> None:
        found = executable()
        if found is None:
            raise EngineError("there is no pulumi on PATH; use --engine runner, or install the Pulumi CLI")
        self.path, self.project = found, project
        self.directory = state / "pulumi"
        # Listing them takes the CLI half a second, and only this object changes them.
        self._stacks: list[str] | None = None

    def version(self) -> str:
        """Return the CLI's version, without `v`."""
        return self.run(["version"], {}).strip().removeprefix("v")

    def environment(self, more: Mapping[str, str]) -> dict[str, str]:
        """Environment of the CLI and of all it starts."""
        home, backend = self.directory / "home", self.directory / "backend"
        for directory in (home, backend):
            directory.mkdir(parents=True, exist_ok=True)
        return {
            **os.environ,
            "PULUMI_HOME": str(home),
            "PULUMI_BACKEND_URL": backend.as_uri(),
            # Guards nothing: the sandbox's state is as public as the sandbox.
            "PULUMI_CONFIG_PASSPHRASE": "sandbox",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            # Shows --event-log, as Pulumi's own Automation API sets it.
            "PULUMI_DEBUG_COMMANDS": "true",
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
            **more,
        }

    def attached(self, endpoint: str, port: int, region: str) -> dict[str, str]:
        """Environment that attaches the sandbox's provider; boto3 in the program reaches the sandbox as well."""
        return {**environment(endpoint, region), "PULUMI_DEBUG_PROVIDERS": f"aws:{port}"}

    def run(self, arguments: list[str], more: Mapping[str, str]) -> str:
        """Run a command that needs no program to its end and return what it printed. Raises EngineError when it fails.

        It runs in a project of the same name without a program: the CLI writes its encryption salt into the stack's
        configuration beside `Pulumi.yaml`, and the user's own must not change.
        """
        command = [self.path, *arguments, "--non-interactive", "--color", "never"]
        done = subprocess.run(  # noqa: S603 - the user's own CLI
            command,
            cwd=self._shell(),
            env=self.environment(more),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise EngineError(
                f"pulumi {' '.join(arguments[:2])} failed:\n{(done.stderr or done.stdout).strip()}"
            )
        return done.stdout

    def watch(
        self,
        name: str,
        arguments: list[str],
        more: Mapping[str, str],
        take: Callable[[Mapping[str, Any]], None],
    ) -> tuple[int, str]:
        """Run a command and hand over the events of its log as they come; its exit status and what it printed.

        Log and output stay in `.sandbox/pulumi/logs/`.
        """
        logs = self.directory / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        events, output = logs / f"{name}.events", logs / f"{name}.txt"
        events.write_text("")
        command = [self.path, *arguments, "--non-interactive", "--color", "never", "--event-log", str(events)]
        with output.open("w") as printed, events.open() as lines:
            process = subprocess.Popen(  # noqa: S603 - the user's own CLI
                command,
                cwd=self.project.root,
                env=self.environment(more),
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
            )
            with process:
                for event in _follow(lines, lambda: process.poll() is None):
                    take(event)
        return process.returncode, output.read_text(errors="replace")

    def _shell(self) -> Path:
        directory = self.directory / "project"
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "Pulumi.yaml").write_text(f"name: {self.project.name}\nruntime: python\n")
        return directory

    def kept_config(self, stack: str) -> Path:
        """Where the CLI finds, and writes, a stack's configuration."""
        return self._shell() / f"Pulumi.{stack}.yaml"

    def config_file(self, stack: StackChoice) -> Path:
        """Copy a stack's configuration to where the CLI may write, with the encryption salt it wrote there before."""
        source = stack.config_file or self.project.root / f"Pulumi.{stack.name}.yaml"
        copy = self.kept_config(stack.name)
        salt = (
            [line for line in copy.read_text().splitlines() if line.startswith(_SALT)]
            if copy.exists()
            else []
        )
        lines = [line for line in source.read_text().splitlines() if not line.startswith(_OF_SECRETS)]
        copy.write_text("\n".join([*lines, *salt]) + "\n")
        return copy

    def stacks(self) -> list[str]:
        """Names of the stacks that have a state."""
        if self._stacks is None:
            listed = json.loads(self.run(["stack", "ls", "--json"], {})) if self.directory.exists() else []
            self._stacks = [found["name"].rsplit("/", 1)[-1] for found in listed]
        return list(self._stacks)

    def init(self, stack: str) -> None:
        """Make an empty stack."""
        self.run(["stack", "init", stack, "--no-select"], {})
        self._stacks = [*self.stacks(), stack]

    def remove(self, stack: str) -> None:
        """Remove an empty stack."""
        self.run(["stack", "rm", stack, "--yes"], {})
        self._stacks = [name for name in self.stacks() if name != stack]

    def state_of(self, stack: str) -> list[dict[str, Any]]:
        """Every resource in a stack's state."""
        document = json.loads(self.run(["stack", "export", "--stack", stack], {}))
        return list(document["deployment"].get("resources") or [])

    def forget(self) -> None:
        """Remove the state of all stacks."""
        if self.directory.exists():
            shutil.rmtree(self.directory)
        self._stacks = []


def _follow(lines: TextIO, alive: Callable[[], bool]) -> Iterator[Mapping[str, Any]]:
    """Events of a growing file, until its writer has ended and nothing is left."""
    rest = ""
    while True:
        running = alive()
        rest += lines.read()
        *whole, rest = rest.split("\n")
        for line in whole:
            if line.strip():
                yield json.loads(line)
        if not running:
            return
        time.sleep(_POLL_SECONDS)


@contextmanager
def provider(endpoint: str, *, force_delete: bool = False) -> Iterator[int]:
    """Serve the sandbox's provider from this process; its port."""
    from sandbox.provider import plugin

    port, stop = plugin.serve(plugin.Plugin(endpoint, force_delete=force_delete))
    try:
        yield port
    finally:
        stop()
