"""The project, read as the Pulumi CLI reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.engines.model import EngineError
from sandbox.engines.yamlfile import read_yaml

DEFAULT_STACK = "dev"
"""The stack of a project that has no file for any."""


@dataclass(frozen=True)
class Project:
    """`Pulumi.yaml`."""

    name: str
    program: Path
    """What is run: a directory with `__main__.py`, or a file."""
    root: Path
    """Where `Pulumi.yaml` is."""
    config: Mapping[str, Any] = field(default_factory=dict)
    """Declared keys: their types and defaults."""
    guarded: bool = True
    """Whether the policy pack beside the program takes part."""

    @property
    def directory(self) -> Path:
        """Where the program runs."""
        return self.program if self.program.is_dir() else self.program.parent

    @property
    def policy_pack(self) -> Path | None:
        """The directory of the policy pack beside the program, if there is one and it takes part."""
        pack = self.root / "policies"
        return pack if self.guarded and (pack / "PulumiPolicy.yaml").is_file() else None

    def stacks(self) -> list[str]:
        """Names of the stacks that have a configuration file, in the order of their files' names."""
        names = (
            path.name.removeprefix("Pulumi.").removesuffix(".yaml")
            for path in self.root.glob("Pulumi.*.yaml")
        )
        return sorted(names)


def load(root: Path) -> Project:
    """Read `Pulumi.yaml`. Raises EngineError when it is missing, has no name, or its program is none that Python runs."""
    path = root / "Pulumi.yaml"
    if not path.is_file():
        raise EngineError(f"no Pulumi.yaml in {root}")
    document = read_yaml(path)
    name = document.get("name")
    if not isinstance(name, str) or not name:
        raise EngineError(f"Pulumi.yaml: name is missing, got {name!r}")
    config = document.get("config") or {}
    if not isinstance(config, dict):
        raise EngineError(f"Pulumi.yaml: config must be a mapping of keys, got {config!r}")
    _check_runtime(document.get("runtime", "python"))
    return Project(name, _program(root, document.get("main")), root, config)


def _check_runtime(runtime: Any) -> None:
    name = runtime.get("name") if isinstance(runtime, Mapping) else runtime
    if name != "python":
        raise EngineError(
            f"Pulumi.yaml: runtime is {name!r}; the sandbox runs Python programs (runtime: python)"
        )


def _program(root: Path, main: Any) -> Path:
    program = (root / str(main or ".")).resolve()
    if not program.exists():
        raise EngineError(f"Pulumi.yaml: main is {str(main)!r}, which does not exist in {root}")
    if program.is_dir() and not (program / "__main__.py").is_file():
        raise EngineError(f"there is no program: {program} has no __main__.py")
    return program
