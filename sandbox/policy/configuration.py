"""Puts a pack's configuration together by the engine's own order of precedence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2 as wire

LEVELS: Final[Mapping[str, int]] = {
    "advisory": wire.ADVISORY,
    "mandatory": wire.MANDATORY,
    "disabled": wire.DISABLED,
    "remediate": wire.REMEDIATE,
}
_NAMES: Final = {number: name for name, number in LEVELS.items()}
Configured = tuple[str, dict[str, Any]]
"""Level and settings of one rule."""


class PolicyConfigError(ValueError):
    """The configuration of a policy pack is wrong."""


def reconcile(info: Any, given: Mapping[str, Any]) -> dict[str, Configured]:
    """Level and settings of each rule: schema defaults, then the pack's initial configuration, then what is given."""
    result: dict[str, Configured] = {
        policy.name: (_NAMES[policy.enforcementLevel], _defaults(policy)) for policy in info.policies
    }
    initial = {
        name: (_NAMES[found.enforcementLevel], json_format.MessageToDict(found.properties))
        for name, found in info.initialConfig.items()
    }
    _apply(result, initial)
    _apply(result, {name: _parse(name, value) for name, value in given.items()})
    return result


def _defaults(policy: Any) -> dict[str, Any]:
    return {
        name: json_format.MessageToDict(wanted.struct_value.fields["default"])
        for name, wanted in policy.configSchema.properties.fields.items()
        if "default" in wanted.struct_value.fields
    }


def _parse(name: str, value: Any) -> tuple[str | None, dict[str, Any]]:
    level: str | None
    settings: dict[str, Any]
    if isinstance(value, str):
        level, settings = value, {}
    elif isinstance(value, Mapping):
        settings = {key: item for key, item in value.items() if key != "enforcementLevel"}
        level = value.get("enforcementLevel")
    else:
        raise PolicyConfigError(f"{name}: {value!r} is neither a level nor a map of settings")
    if level is not None and level not in LEVELS:
        raise PolicyConfigError(f"{name}: {level!r} is no enforcement level: {', '.join(LEVELS)}")
    return level, settings


def _apply(result: dict[str, Configured], given: Mapping[str, tuple[str | None, dict[str, Any]]]) -> None:
    every = given.get("all", (None, {}))[0]
    if every is not None:
        for name, (_, settings) in list(result.items()):
            result[name] = (every, settings)
    for name, (level, settings) in given.items():
        if name == "all":
            continue
        before = result.get(name, ("advisory", {}))
        result[name] = (level or before[0], {**before[1], **settings})
