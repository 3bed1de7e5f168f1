"""A stack to run: its project, what was asked for, its configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.engines.configuration import StackConfig
from sandbox.engines.model import StackChoice
from sandbox.engines.project import Project


@dataclass(frozen=True)
class Task:
    """One stack of a command."""

    project: Project
    choice: StackChoice
    config: StackConfig
    policy_config: Mapping[str, Any]

    def facts(self) -> dict[str, Any]:
        """What every job of it is told."""
        pack = self.project.policy_pack
        return {
            "project": self.project.name,
            "stack": self.choice.name,
            "root": str(self.project.root),
            "program": str(self.project.program),
            "directory": str(self.project.directory),
            "config": self.config.values,
            "secret_keys": list(self.config.secrets),
            "policy_pack": str(pack) if pack else None,
            "policy_config": dict(self.policy_config),
        }
