"""What the runner remembers of its last `up`: which stacks it deployed and what they answered."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from sandbox.engines.model import StackChoice, StackResult


class Deployed:
    """One file a stack, under `.sandbox/runner/`, numbered in the order of deployment."""

    def __init__(self, state: Path) -> None:
        self._directory = state / "runner"

    def clear(self) -> None:
        """Forget everything."""
        if self._directory.exists():
            shutil.rmtree(self._directory)

    def keep(self, project: str, choice: StackChoice, result: StackResult) -> None:
        """Remember a deployed stack."""
        self._directory.mkdir(parents=True, exist_ok=True)
        number = len(list(self._directory.glob("*.json")))
        document = {
            "project": project,
            "stack": choice.name,
            "config_file": str(choice.config_file) if choice.config_file else None,
            "complete": result.ok,
            "outputs": result.outputs,
            "secrets": sorted(result.secrets),
            "resources": [[found.urn, found.type] for found in result.resources],
        }
        (self._directory / f"{number:02}.json").write_text(json.dumps(document, indent=1))

    def documents(self, project: str) -> list[dict[str, Any]]:
        """What is remembered of a project's stacks, in the order of their deployment."""
        found = [json.loads(path.read_text()) for path in sorted(self._directory.glob("*.json"))]
        return [document for document in found if document["project"] == project]

    def choices(self, project: str) -> list[StackChoice]:
        """The stacks that were deployed to their end."""
        return [
            StackChoice(document["stack"], Path(document["config_file"]) if document["config_file"] else None)
            for document in self.documents(project)
            if document["complete"]
        ]

    def outputs(self, project: str) -> dict[str, tuple[dict[str, Any], list[str]]]:
        """Outputs and names of the secret ones, by full stack name, of stacks that were deployed to their end."""
        return {
            f"organization/{project}/{document['stack']}": (document["outputs"], document["secrets"])
            for document in self.documents(project)
            if document["complete"]
        }
