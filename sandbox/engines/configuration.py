"""A stack's configuration: what its file says, what is given on the command line, what the project declares."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.engines.model import EngineError, StackChoice
from sandbox.engines.project import Project
from sandbox.engines.yamlfile import read_yaml

DEFAULT_REGION = "us-east-1"


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
        name = _full(project, key)
        typed = declaration if isinstance(declaration, Mapping) else {"value": declaration}
        fallback = typed.get("value", typed.get("default"))
        value = given.get(name, fallback)
        type_ = typed.get("type")
        if value is None and "value" not in typed and "default" not in typed:
            raise EngineError(
                f"stack {stack!r}: configuration value {name!r} is missing; Pulumi.yaml declares it: "
                f"--config {key}=VALUE, or write it into Pulumi.{stack}.yaml"
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
    """Keys whose values are secret: those that the project declares so."""
    given: Mapping[str, Any] = field(default_factory=dict)
    """What file and command line say, before it became text and without what the project declares."""


def _of_file(project: Project, stack: StackChoice) -> dict[str, Any]:
    """What a stack's configuration file says. A stack of a project without any such file needs none."""
    path = stack.config_file or project.root / f"Pulumi.{stack.name}.yaml"
    if not path.is_file():
        known = project.stacks()
        if stack.config_file is None and (not known or stack.config):
            return {}
        raise EngineError(
            f"stack {stack.name!r} has no configuration: {path} does not exist "
            f"(stacks that have: {', '.join(known) or 'none'})"
        )
    config = read_yaml(path).get("config") or {}
    if not isinstance(config, dict):
        raise EngineError(f"{path.name}: config must be a mapping of keys, got {config!r}")
    return config


def stack_config(project: Project, stack: StackChoice) -> StackConfig:
    """Read a stack's configuration.

    Raises EngineError when its file is missing, a declared key is missing or of another type, or a value is encrypted: without
    the Pulumi CLI there is no secrets provider.
    """
    given: dict[str, Any] = {}
    for key, value in {**_of_file(project, stack), **stack.config}.items():
        given[_full(project, key)] = (
            "" if value is None else value
        )  # as the CLI hands on a key without a value
    for name, value in given.items():
        if isinstance(value, Mapping) and set(value) == {"secure"}:
            raise EngineError(
                f"stack {stack.name!r}: {name!r} is encrypted, and the sandbox has no key; "
                f"give a plain value: --config {name}=VALUE"
            )
    values = {**given, **_declared(project, given, stack.name)}
    return StackConfig(
        {name: _text(value) for name, value in values.items() if value is not None}, _secret(project), given
    )


def read_policy_config(file: Path) -> dict[str, Any]:
    """What a `--policy-pack-config` file holds; an empty one holds nothing, as for the Pulumi CLI.

    Raises EngineError when it can't be read or holds no JSON object.
    """
    try:
        text = file.read_text("utf-8")
        found = json.loads(text) if text.strip() else {}
    except OSError as error:
        raise EngineError(f"--policy-pack-config {file}: it can't be read: {error.strerror}") from error
    except ValueError as error:
        raise EngineError(f"--policy-pack-config {file}: it is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise EngineError(
            f"--policy-pack-config {file}: expected an object of rules, got {type(found).__name__}"
        )
    return found


def policy_config(project: Project, stack: StackChoice) -> dict[str, Any]:
    """What configures the policy pack, where it takes part.

    Raises EngineError when the file can't be read, or there is no pack to configure.
    """
    if stack.policy_config is None or not project.guarded:
        return {}
    if project.policy_pack is None:
        raise EngineError(
            f"--policy-pack-config {stack.policy_config}: {project.root} has no policy pack (policies/PulumiPolicy.yaml)"
        )
    return read_policy_config(stack.policy_config)


def _full(project: Project, key: Any) -> str:
    return str(key) if ":" in str(key) else f"{project.name}:{key}"


def _secret(project: Project) -> tuple[str, ...]:
    declared = project.config.items()
    return tuple(
        _full(project, key)
        for key, found in declared
        if isinstance(found, Mapping) and found.get("secret") is True
    )


def region_of(config: Mapping[str, str]) -> str:
    """The region of a stack's default provider: the configured one, else the environment's, as on AWS; else us-east-1."""
    named = (config.get("aws:region"), os.environ.get("AWS_REGION"), os.environ.get("AWS_DEFAULT_REGION"))
    return next((region for region in named if region), DEFAULT_REGION)
