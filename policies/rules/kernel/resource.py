"""A resource as the engine hands it to a policy, and what its tags say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from .values import UNKNOWN, NotKnownError, View, as_number

AUTO_SCALING_GROUP: Final = "aws:autoscaling/group:Group"
TIERS: Final = (1, 2, 3)


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """One resource of a stack: its inputs before it is made, its inputs and outputs in a stack rule."""

    type: str
    urn: str
    name: str
    props: View
    protect: bool = False
    ignore_changes: tuple[str, ...] = ()
    parent: str = ""
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    provider: View = field(default_factory=lambda: View({}, "provider."))

    @property
    def region(self) -> str:
        """The region the resource is in: its own, else its provider's; empty when neither says one."""
        return self.props.text("region") or self.provider.text("region")

    def tags(self) -> dict[str, Any]:
        """The tags AWS will see: the provider's default tags, then the resource's own. Values may be `UNKNOWN`.

        Raises `NotKnownError` when the resource's own tags are unknown as a whole.
        """
        found: dict[str, Any] = default_tags(self.provider)
        for name in ("tagsAll", "tags"):
            value = self.props.raw.get(name)
            if value is UNKNOWN and name == "tags":
                raise NotKnownError("tags")
            if isinstance(value, dict):
                found.update(value)
            elif isinstance(value, list):  # Auto Scaling groups
                found.update(
                    {
                        item["key"]: item.get("value")
                        for item in value
                        if isinstance(item, dict) and _is_key(item)
                    }
                )
        return found

    def tier(self) -> int | None:
        """The recovery tier of the tag `dr-tier`: 1, 2 or 3; None when there is none, or it is not known or invalid."""
        try:
            value = as_number(self.tags().get("dr-tier"))
        except NotKnownError:
            return None
        return int(value) if value in TIERS and value is not None else None


def default_tags(provider: View) -> dict[str, Any]:
    """The default tags of an AWS provider. The engine hands provider settings over as JSON in strings."""
    value = provider.raw.get("defaultTags")
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    tags = value.get("tags") if isinstance(value, dict) else None
    return dict(tags) if isinstance(tags, dict) else {}


def _is_key(item: dict[str, Any]) -> bool:
    return isinstance(item.get("key"), str)
