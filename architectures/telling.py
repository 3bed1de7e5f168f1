"""What is wrong with a configuration, in lines: the key as the file spells it, the value, what is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_args, get_origin

from pydantic.alias_generators import to_camel

from architectures.faults import Fault, allowed, fault, shown
from architectures.keys import Section, SystemSettings
from architectures.registry import KINDS

NAMESPACE = "holdfast"
_SPELT = (f"{NAMESPACE}:", "aws:region")
"""How a key begins that is spelt as the file has it; any other stands in the namespace."""


class SettingsError(ValueError):
    """The stack configuration is wrong; the message has one line for each fault."""


def lines(faults: Iterable[Fault]) -> str:
    """One line for each fault."""
    return "\n".join(
        f"{_whole(key if key.startswith(_SPELT) else f'{NAMESPACE}:{key}')}: {_whole(said)}"
        for key, said in faults
    )


def _whole(text: str) -> str:
    """The text in one line that a terminal shows as it is."""
    return "".join(mark if mark.isprintable() else repr(mark)[1:-1] for mark in text)


def told(error: Mapping[str, Any], root: type[Section]) -> str:
    """An error of pydantic's in one line: key, value, what is allowed. `root` is the model of the whole configuration."""
    context = error.get("ctx") or {}
    cause = context.get("error")
    if isinstance(cause, SettingsError):
        return str(cause)
    kind, path = _placed([part for part in error["loc"] if part != "[key]"])
    key = "aws:region" if path == ["region"] else f"{NAMESPACE}:{_dotted(path)}"
    match error["type"]:
        case "extra_forbidden":
            said = f"unknown key; allowed are {', '.join(_siblings(path, KINDS[kind].settings if kind else root))}"
        case "missing":
            said = "is not set, and has no default"
        case "union_tag_not_found":
            key, said = f"{key}.kind", f"is not set; allowed are {', '.join(KINDS)}"
        case "union_tag_invalid":
            key, said = f"{key}.kind", f"got {shown(context['tag'])}, allowed are {', '.join(KINDS)}"
        case _:
            said = fault(key, shown(error["input"]), allowed(error))[1]
    return lines([(key, said)])


def _dotted(path: Iterable[str | int]) -> str:
    """A path as people write it: keys after dots, places in lists in brackets."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)[1:]


def _placed(path: list[str | int]) -> tuple[str, list[str | int]]:
    """The kind of system that a path of pydantic's leads into (else ''), and the path as the configuration has it."""
    within = path[:1] == ["systems"] and len(path) > 2 and path[2] in KINDS  # noqa: PLR2004  systems, name, kind
    return (str(path[2]), path[:2] + path[3:]) if within else ("", path)


def _siblings(path: list[str | int], root: type[Section]) -> list[str]:
    """The keys that the section at `path` has; `root` is the model of the system that it leads into, or of the whole."""
    model: Any = root
    within = path[2 if issubclass(root, SystemSettings) else 0 : -1]
    parts = iter([each for each in within if isinstance(each, str)])  # a place in a list is no key
    for part in parts:
        found = next(field.annotation for name, field in model.model_fields.items() if to_camel(name) == part)
        if get_origin(found) is dict:
            next(parts, None)  # nor is a name that the configuration gives
        model = next((each for each in get_args(found) if hasattr(each, "model_fields")), found)
    return [to_camel(name) for name in model.model_fields]
