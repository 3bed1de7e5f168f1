"""The project and its stacks' configuration, read as the Pulumi CLI reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sandbox.engines.model import EngineError, StackChoice


@dataclass(frozen=True)
class Project:
    """`Pulumi.yaml`."""

    name: str
    directory: Path
    """Where the program is."""
    root: Path
    """Where `Pulumi.yaml` is."""
    config: Mapping[str, Any] = field(default_factory=dict)
    """Declared keys: their types and defaults."""
    virtualenv: str | None = None
    """The virtual environment that the CLI shall run the program in, relative to `root`."""

    @property
    def policy_pack(self) -> Path | None:
        """The directory of the policy pack beside the program, if there is one."""
        pack = self.root / "policies"
        return pack if (pack / "PulumiPolicy.yaml").is_file() else None

    def stacks(self) -> list[str]:
        """Names of the stacks that have a configuration file, in the order of their files' names."""
        names = (
            path.name.removeprefix("Pulumi.").removesuffix(".yaml")
            for path in self.root.glob("Pulumi.*.yaml")
        )
        return sorted(names)


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """YAML as Go's reader takes it: dates stay text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _read(path: Path) -> dict[str, Any]:
    try:
        document = yaml.load(path.read_text(), _Loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise EngineError(f"{path.name} is not YAML: {error}") from error
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise EngineError(f"{path.name} must be a mapping, got {type(document).__name__}")
    return document


def load(root: Path) -> Project:
    """Read `Pulumi.yaml`. Raises EngineError when it is missing or has no name."""
    path = root / "Pulumi.yaml"
    if not path.is_file():
        raise EngineError(f"no Pulumi.yaml in {root}")
    document = _read(path)
    name = document.get("name")
    if not isinstance(name, str) or not name:
        raise EngineError(f"Pulumi.yaml: name is missing, got {name!r}")
    runtime = document.get("runtime")
    options = (runtime.get("options") or {}) if isinstance(runtime, dict) else {}
    directory = (root / str(document.get("main", "."))).resolve()
    return Project(name, directory, root, document.get("config") or {}, options.get("virtualenv"))


def _text(value: Any) -> str:
    """A configuration value as the engine hands it to a program: text as it is, everything else as JSON."""
    if isinstance(value, str):
        return value
    return json.dumps(value, separators=(",", ":"))


_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "array": list,
    "object": dict,
}


def _fits(value: Any, type_: str) -> bool:
    if type_ == "string":
        return not isinstance(value, list | dict)
    if type_ == "integer" and isinstance(value, str):
        return value.lstrip("-").isdecimal()
    if type_ == "boolean" and isinstance(value, str):
        return value in ("true", "false")
    if type_ == "integer" and isinstance(value, bool):
        return False
    return isinstance(value, _TYPES[type_])


def _declared(project: Project, given: Mapping[str, Any], stack: str) -> dict[str, Any]:
    """Values of the keys that the project declares: the stack's, else the project's."""
    values: dict[str, Any] = {}
    for key, declaration in project.config.items():
        name = key if ":" in key else f"{project.name}:{key}"
        typed = declaration if isinstance(declaration, Mapping) else {"value": declaration}
        fallback = typed.get("value", typed.get("default"))
        value = given.get(name, fallback)
        type_ = typed.get("type")
        if value is None and "value" not in typed and "default" not in typed:
            raise EngineError(
                f"stack {stack!r}: configuration value {name!r} is missing; Pulumi.yaml declares it"
            )
        if type_ is not None and type_ not in _TYPES:
            raise EngineError(f"Pulumi.yaml: {name!r} has type {type_!r}, allowed are {', '.join(_TYPES)}")
        if type_ is not None and value is not None and not _fits(value, type_):
            raise EngineError(f"stack {stack!r}: {name!r} must be of type {type_}, got {value!r}")
        if value is not None:
            values[name] = value
    return values


@dataclass(frozen=True)
class StackConfig:
    """One stack's configuration: full keys (`project:key`) to text."""

    values: dict[str, str]
    secrets: tuple[str, ...] = ()


def stack_config(project: Project, stack: StackChoice) -> StackConfig:
    """Read a stack's configuration file.

    Raises EngineError when the file is missing, a declared key is missing or of another type, or a value is encrypted: without
    the Pulumi CLI there is no secrets provider.
    """
    path = stack.config_file or project.root / f"Pulumi.{stack.name}.yaml"
    if not path.is_file():
        known = ", ".join(project.stacks()) or "none"
        raise EngineError(
            f"stack {stack.name!r} has no configuration: {path} does not exist (stacks that have: {known})"
        )
    given: dict[str, Any] = {}
    for key, value in (_read(path).get("config") or {}).items():
        name = str(key) if ":" in str(key) else f"{project.name}:{key}"
        if isinstance(value, Mapping) and set(value) == {"secure"}:
            raise EngineError(
                f"{path.name}: {name!r} is encrypted, and the sandbox has no key; give a plain value by --config-file"
            )
        given[name] = value
    values = {**given, **_declared(project, given, stack.name)}
    return StackConfig({name: _text(value) for name, value in values.items() if value is not None})
