"""A resource's tags as AWS will see them, as far as they are known."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from .unknown import Unknown, named, plain

_DEFAULTS: Final = Unknown("defaultTags of the provider")


@dataclass(frozen=True)
class Tags:
    """Tags by key; a value may be Unknown."""

    given: Mapping[str, Any] = field(default_factory=dict)
    rest: Unknown | None = None
    """Set when there may be further tags that aren't known, e.g. the provider's default tags at preview."""

    def get(self, key: str) -> Any:
        """The value; Unknown when it, or whether there is such a tag, is not known; None when there is none."""
        found = self.given.get(key)
        return self.rest if found is None or found == "" else found

    def __bool__(self) -> bool:
        return bool(self.given) or self.rest is not None


def tags_of(props: Mapping[str, Any], provider: Mapping[str, Any], name: str) -> Tags:
    """The provider's default tags, then what the engine shows of all tags, then the resource's own."""
    defaults, vague = _defaults(provider)
    every = props.get("tagsAll")
    if isinstance(every, dict):
        vague = None
    elif isinstance(every, Unknown):
        vague = _DEFAULTS
    own, unclear = _own(props.get("tags"), f"{name}.tags")
    given = {**defaults, **(named(every, f"{name}.tags") if isinstance(every, dict) else {}), **own}
    return Tags(given, vague if unclear is None else unclear)


def _own(value: Any, path: str) -> tuple[dict[str, Any], Unknown | None]:
    if isinstance(value, Unknown):
        return {}, Unknown(path)
    if isinstance(value, dict):
        return named(value, path), None
    pairs: dict[str, Any] = {}
    vague = None
    for place, item in enumerate(value if isinstance(value, list) else ()):  # Auto Scaling groups
        key = item.get("key") if isinstance(item, dict) else item
        if isinstance(key, Unknown):
            vague = Unknown(f"{path}.{place}")
        elif isinstance(item, dict) and isinstance(key, str):
            pairs[key] = named(item.get("value"), f"{path}.{key}")
    return pairs, vague


def _defaults(provider: Mapping[str, Any]) -> tuple[dict[str, Any], Unknown | None]:
    """An AWS provider's default tags. The engine hands provider settings over as JSON in strings."""
    value = provider.get("defaultTags")
    if isinstance(value, str):
        try:
            value = plain(json.loads(value))
        except ValueError:
            return {}, None
    if isinstance(value, Unknown):
        return {}, _DEFAULTS
    tags = value.get("tags") if isinstance(value, dict) else None
    if isinstance(tags, Unknown):
        return {}, _DEFAULTS
    return (named(tags, _DEFAULTS.path) if isinstance(tags, dict) else {}), None
