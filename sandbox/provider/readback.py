"""What AWS says of a resource's inputs, and what of it is drift.

A read knows three things of an input: what the program gave, what AWS said when the resource was last made, changed or read, and what
it says now. Where the last two are alike nothing happened, whatever the spelling, and the input stays as it was given. Where they differ
somebody changed it, and the input becomes what AWS says. What AWS said is kept among the outputs under a name that the engine takes
for its own, and only where it is not the input itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sandbox.provider.schema import APART, default

KEPT = "__aws"
"""Output that keeps what AWS said: names beginning with two underscores are shown to nobody."""
_EMPTY: tuple[Any, ...] = (None, "", [], {})


def kept(inputs: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
    """What to remember of an answer: of which inputs it was silent, and where it is not the input to the letter."""
    given = {name: value for name, value in inputs.items() if name not in APART and not name.endswith("Wo")}
    silent = sorted(name for name in given if name not in answer)
    said = {
        name: value for name, value in answer.items() if name in given and _bare(value) != _bare(given[name])
    }
    found = {"silent": silent, "said": said}
    return {KEPT: {name: value for name, value in found.items() if value}} if any(found.values()) else {}


def refreshed(
    token: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any], answer: Mapping[str, Any]
) -> dict[str, Any]:
    """The inputs as AWS has them now. `outputs` are those of the last contact, none where there was none."""
    memory = outputs.get(KEPT) or {}
    said, silent = memory.get("said") or {}, set(memory.get("silent") or ())
    fresh = dict(inputs)
    for name, given in inputs.items():
        if name in APART or name.endswith("Wo"):
            continue
        if name in answer:
            before = said.get(name, given)
            now = answer[name]
            first = name in silent or not outputs
            if _bare(now) != _bare(before) and not (first and agrees(given, now)):
                fresh[name] = _merged(given, before, now)
        elif outputs and name not in silent and given not in _EMPTY:
            del fresh[name]
    left = {name: now for name, now in answer.items() if name not in inputs}
    return fresh | {n: now for n, now in left.items() if _moved_from_default(token, n, outputs, now)}


def _moved_from_default(token: str, name: str, outputs: Mapping[str, Any], now: Any) -> bool:
    """Whether an input that the program leaves to its documented default is no longer that."""
    usual = default(token, name)
    return usual is not None and not agrees(usual, now) and _bare(outputs.get(name)) != _bare(now)


def agrees(given: Any, said: Any) -> bool:
    """Whether AWS says what was given: in its own order and spelling, and perhaps more."""
    given, said = _read(given), _read(said)
    if given in _EMPTY or said in _EMPTY:
        return given in _EMPTY and said in _EMPTY
    if isinstance(given, Mapping) and isinstance(said, Mapping):
        return all(agrees(value, said.get(name)) for name, value in given.items())
    if isinstance(given, list) and isinstance(said, list):
        return len(given) == len(said) and all(any(agrees(g, s) for s in said) for g in given)
    if isinstance(given, list | Mapping) or isinstance(said, list | Mapping):
        return False
    return _word(given) == _word(said)


def _merged(given: Any, before: Any, now: Any) -> Any:
    """`given`, with what changed from `before` to `now`."""
    if agrees(given, now) and agrees(now, given):
        return given
    if isinstance(given, Mapping) and isinstance(now, Mapping):
        past = before if isinstance(before, Mapping) else {}
        same = {n: v for n, v in given.items() if n in now and _bare(past.get(n)) == _bare(now[n])}
        unread = {n: v for n, v in given.items() if n not in now and n not in past}
        moved = {
            n: _merged(given.get(n), past.get(n), v)
            for n, v in now.items()
            if n not in same and _bare(past.get(n)) != _bare(v)
        }
        return {**same, **unread, **moved}
    if isinstance(given, list) and isinstance(now, list):
        old = before if isinstance(before, list) else []
        if len(old) == len(given) == len(now) and now and isinstance(now[0], Mapping):
            return [_merged(*each) for each in zip(given, old, now, strict=True)]
        return [next((g for g in given if agrees(g, each)), each) for each in now]
    return now


def _read(value: Any) -> Any:
    """A document that stands as text."""
    if isinstance(value, str) and value.lstrip().startswith(("{", "[")):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _word(value: Any) -> str:
    text = str(value).lower()
    return text.removesuffix(".0") if isinstance(value, float) else text


def _bare(value: Any) -> Any:
    """A value to compare to the letter: without order, absent members, and the difference of 1 and 1.0."""
    value = _read(value)
    if isinstance(value, Mapping):
        return {name: _bare(inner) for name, inner in sorted(value.items()) if inner not in _EMPTY}
    if isinstance(value, list | tuple):
        return sorted((_bare(inner) for inner in value), key=lambda each: json.dumps(each, default=str))
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return None if value in _EMPTY else value


def retagged(inputs: Mapping[str, Any], tags: Mapping[str, str], usual: Mapping[str, str]) -> dict[str, Any]:
    """The inputs with the tags that AWS has. `usual` are the provider's default tags, which are no resource's own."""
    own = inputs.get("tags") or {}
    mine = {key: value for key, value in tags.items() if key in own or usual.get(key) != value}
    fresh = {name: value for name, value in inputs.items() if name != "tags" or mine}
    return fresh | ({"tags": mine} if mine else {}) | ({"tagsAll": dict(tags)} if "tagsAll" in inputs else {})
