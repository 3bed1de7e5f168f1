"""Runs the Pulumi CLI: its own home, backend and passphrase under `.sandbox/`, and nothing fetched from anywhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from sandbox.aws.client import environment
from sandbox.engines.configuration import StackConfig
from sandbox.engines.model import EngineError
from sandbox.engines.project import Project
from sandbox.engines.pulumi_cli.home import share_plugins
from sandbox.engines.pulumi_cli.work import Work

_SALT = "encryptionsalt"


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
        share_plugins(home)
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
            "PULUMI_PYTHON_CMD": sys.executable,
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
            **more,
        }

    def attached(self, endpoint: str, ports: Mapping[str, int], region: str) -> dict[str, str]:
        """Environment that attaches the sandbox's providers, each at its port; boto3 in the program reaches the sandbox as well."""
        providers = ",".join(f"{package}:{port}" for package, port in ports.items())
        return {**environment(endpoint, region), "PULUMI_DEBUG_PROVIDERS": providers}

    def run(self, arguments: list[str], more: Mapping[str, str]) -> str:
        """Run a command that needs no program to its end and return what it printed. Raises EngineError when it fails."""
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

    def begin(self, name: str, arguments: list[str], more: Mapping[str, str]) -> Work:
        """Start a command that has an event log. Log and output stay in `.sandbox/pulumi/logs/`, under `name`."""
        logs = self.directory / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        command = [self.path, *arguments, "--non-interactive", "--color", "never"]
        return Work(command, self._shell(), self.environment(more), logs / name)

    def _shell(self) -> Path:
        """A directory with the project as the CLI shall see it.

        The program and what is declared are the user's; the interpreter is this one, whatever virtual environment or toolchain the
        project names. And the CLI writes its encryption salt into the stack's configuration beside `Pulumi.yaml`: the user's own
        must not change.
        """
        directory = self.directory / "projects" / self.project.name
        directory.mkdir(parents=True, exist_ok=True)
        document = {
            "name": self.project.name,
            "runtime": "python",
            "main": str(self.project.program),
            **({"config": dict(self.project.config)} if self.project.config else {}),
        }
        _write(directory / "Pulumi.yaml", yaml.safe_dump(document, sort_keys=False))
        return directory

    def kept_config(self, stack: str) -> Path:
        """Where the CLI finds, and writes, a stack's configuration."""
        return self._shell() / f"Pulumi.{stack}.yaml"

    def config_file(self, stack: str, config: StackConfig) -> Path:
        """Write a stack's configuration to where the CLI may write, with the encryption salt it wrote there before."""
        copy = self.kept_config(stack)
        kept = (yaml.safe_load(copy.read_text()) or {}) if copy.exists() else {}
        salt = {_SALT: kept[_SALT]} if _SALT in kept else {}
        copy.write_text(yaml.safe_dump({"config": dict(config.given), **salt}, sort_keys=False))
        return copy

    def listed(self) -> dict[str, int]:
        """How many resources each stack has. Those of other projects in the same state are named `project/stack`."""
        if not self.directory.exists():
            return {}
        found = json.loads(self.run(["stack", "ls", "--all", "--json"], {}))
        return {
            each["name"].removeprefix("organization/"): int(each.get("resourceCount") or 0) for each in found
        }

    def stacks(self) -> list[str]:
        """Names of the project's stacks that have a state."""
        if self._stacks is None:
            self._stacks = [name for name in self.listed() if "/" not in name]
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


def _write(path: Path, text: str) -> None:
    """Write a file that another CLI may be reading: only where it says something else."""
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
