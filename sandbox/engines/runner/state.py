"""What the runner remembers of its last `up`: which stacks it deployed and what they answered."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.engines.model import EngineError, StackChoice, StackResult
from sandbox.engines.project import Project


@dataclass(frozen=True)
class Kept:
    """One stack of the last `up`. Several projects may share a sandbox."""

    project: str
    root: str
    stack: str
    complete: bool
    """Whether it was deployed to its end."""
    config_file: str | None = None
    config: dict[str, str] = field(default_factory=dict)
    policy_config: str | None = None
    outputs: dict[str, Any] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)
    """Names of the secret outputs."""
    resources: list[list[str]] = field(default_factory=list)
    """URN and type of each."""

    @property
    def choice(self) -> StackChoice:
        """The stack as it was asked for."""
        return StackChoice(self.stack, _path(self.config_file), self.config, _path(self.policy_config))


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def label(here: str, project: str, stack: str) -> str:
    """A stack's name as it is shown in the project `here`."""
    return stack if project == here else f"{project}/{stack}"


class Deployed:
    """One file a stack, under `.sandbox/runner/`, numbered in the order of deployment."""

    def __init__(self, state: Path) -> None:
        self._directory = state / "runner"

    def clear(self) -> None:
        """Forget everything."""
        if self._directory.exists():
            shutil.rmtree(self._directory)

    def keep(self, project: Project, choice: StackChoice, result: StackResult) -> None:
        """Remember a deployed stack."""
        self._directory.mkdir(parents=True, exist_ok=True)
        number = len(list(self._directory.glob("*.json")))
        kept = Kept(
            project=project.name,
            root=str(project.root),
            stack=choice.name,
            complete=result.ok,
            config_file=str(choice.config_file) if choice.config_file else None,
            config=dict(choice.config),
            policy_config=str(choice.policy_config) if choice.policy_config else None,
            outputs=result.outputs,
            secrets=sorted(result.secrets),
            resources=[[found.urn, found.type] for found in result.resources],
        )
        (self._directory / f"{number:02}.json").write_text(json.dumps(vars(kept), indent=1))

    def stacks(self) -> list[Kept]:
        """What is remembered, in the order of deployment. Raises EngineError when a file is not what was written."""
        found = []
        for path in sorted(self._directory.glob("*.json")):
            try:
                found.append(Kept(**json.loads(path.read_text())))
            except (ValueError, TypeError) as error:
                raise EngineError(
                    f"{path} is not what the sandbox wrote; remove {self._directory.parent} and deploy again"
                ) from error
        return found
