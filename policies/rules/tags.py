"""Tags: who owns a resource, and what recovery it promises."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from policies.graph import (
    AUTO_SCALING_GROUP,
    SECRET,
    SIGNATURE,
    TIERS,
    NotKnownError,
    Resource,
    Tags,
    Unknown,
    View,
    as_number,
)

from .kernel.rule import Context, Finding, rule
from .tokens import BACKED_UP, VOLUME

_TAGGING: Final = (
    "https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html"
)
STORES: Final = tuple(token for token in BACKED_UP if token != VOLUME)
"""Types that must say how much data they may lose. A volume's loss is its instance's."""


@functools.cache
def taggable() -> frozenset[str]:
    """The type tokens that take a map of tags, from the table that is generated out of the provider's SDK."""
    return frozenset(Path(__file__).with_name("taggable.txt").read_text("utf-8").split())


def _takes_tags(resource: Resource) -> bool:
    return resource.type == AUTO_SCALING_GROUP or resource.type in taggable()


def add_tags(token: str, props: dict[str, Any], options: View) -> dict[str, Any] | None:
    """The properties with the configured tags added where they are missing; None where nothing can be added."""
    wanted = {key: value for key, value in options.view("add").raw.items() if isinstance(value, str)}
    if token == AUTO_SCALING_GROUP:
        given = props.get("tags") or []
        if not isinstance(given, list):
            return None
        present = {item.get("key") for item in given if isinstance(item, dict)}
        added = [
            {"key": key, "value": value, "propagateAtLaunch": True}
            for key, value in wanted.items()
            if key not in present
        ]
        return {**props, "tags": [*given, *added]} if added else None
    tags = props.get("tags") or {}
    if token not in taggable() or not isinstance(tags, dict):
        return None
    secret = tags.get(SIGNATURE) == SECRET
    own = tags.get("value") if secret else tags
    if not isinstance(own, dict):  # unknown as a whole
        return None
    missing = {key: value for key, value in wanted.items() if key not in own}
    if not missing:
        return None
    merged = {**own, **missing}
    return {**props, "tags": {**tags, "value": merged} if secret else merged}


@rule(
    "aws-resource-required-tags",
    "aws:",
    options={
        "required": {
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "default": ["environment", "system", "owner", "cost-center"],
            "description": "keys that each taggable resource must have",
        },
        "allowed": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
            "default": {},
            "description": "values allowed for a key, for each key that is restricted",
        },
        "add": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "default": {},
            "description": "tags that the level `remediate` adds where they are missing",
        },
    },
    remediate=add_tags,
)
def aws_resource_required_tags(resource: Resource, context: Context) -> Iterator[Finding]:
    """Judges what takes tags, and nothing else."""
    if not _takes_tags(resource):
        return
    tags = resource.tags
    required = context.options.texts("required")
    missing = [key for key in required if tags.get(key) is None]
    if missing:
        yield Finding(f"it lacks the tag{'s' if len(missing) > 1 else ''} {', '.join(missing)}.")
    for key, values in context.options.view("allowed").raw.items():
        value = tags.get(key)
        if isinstance(value, Unknown):
            raise NotKnownError(_said(value, key))
        if value is not None and value not in values:
            yield Finding(f"tag {key} is {value!r}, allowed: {', '.join(values)}.")
    _all_at_hand(tags, required)


@rule("aws-resource-recovery-tags", "aws:")
def aws_resource_recovery_tags(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Presence and range; an unknown value is present."""
    if not _takes_tags(resource):
        return
    tags = resource.tags
    ranges = [("dr-tier", "1, 2 or 3"), ("rto-hours", "a number above 0")]
    if resource.type in STORES:
        ranges.append(("rpo-minutes", "a number, 0 or more"))
    missing = [key for key, _ in ranges if tags.get(key) is None]
    if missing:
        yield Finding(f"it lacks the tag{'s' if len(missing) > 1 else ''} {', '.join(missing)}.")
    for key, allowed in ranges:
        value = tags.get(key)
        if value is not None and not isinstance(value, Unknown) and not _in_range(key, as_number(value)):
            yield Finding(f"tag {key} is {value!r}, allowed: {allowed}.")
    for key, _ in ranges:
        if isinstance(value := tags.get(key), Unknown):
            raise NotKnownError(_said(value, key))


def _all_at_hand(tags: Tags, keys: list[str]) -> None:
    """Raises `NotKnownError` when it is not known whether one of the tags is there. One that is there may have any value."""
    for key in keys:
        if tags.rest is not None and key not in tags.given:
            raise NotKnownError(_said(tags.rest, key))


def _said(value: Unknown, key: str) -> str:
    """What isn't known: all default tags, or the one."""
    return value.path if " " in value.path else f"tags.{key}"


def _in_range(key: str, value: float | None) -> bool:
    if value is None:
        return False
    if key == "dr-tier":
        return value in TIERS
    return value > 0 if key == "rto-hours" else value >= 0


@rule("autoscaling-group-tags-propagate", AUTO_SCALING_GROUP)
def autoscaling_group_tags_propagate(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Every tag of the list."""
    for tag in resource.known.views("tags"):
        if not tag.flag("propagateAtLaunch"):
            yield Finding(f"tag {tag.text('key')} does not propagate to instances.")
