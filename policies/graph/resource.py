"""One resource as the engine or a state file hands it over, read in two ways: unknown values as values, or as an error."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from .tags import Tags, tags_of
from .unknown import Unknown, named
from .values import as_flag, as_items, as_number, as_text, find, is_set
from .view import View

STACK: Final = "pulumi:pulumi:Stack"
AUTO_SCALING_GROUP: Final = "aws:autoscaling/group:Group"
TIERS: Final = (1, 2, 3)
LARGEST: Final = 1e12
"""No property that counts anything is larger; sums stay exact."""
_ARN_PARTS: Final = 6
_ARN_REGION: Final = 3


@dataclass(frozen=True, eq=False)
class Resource:
    """One resource of a stack: its inputs before it is made, its inputs and outputs in a stack's graph.

    `props` are plain Python with Unknown in place of what isn't known (`policies.graph.plain` makes them so).
    """

    type: str
    name: str
    urn: str
    props: Mapping[str, Any]
    parent: str = ""
    dependencies: frozenset[str] = frozenset()
    property_dependencies: Mapping[str, frozenset[str]] = field(default_factory=dict)
    id: str = ""
    protect: bool = False
    provider: Mapping[str, Any] = field(default_factory=dict)
    """Settings of its AWS provider."""
    declared: bool = True
    """False for what the program only reads: others refer to it, but it isn't judged."""
    custom: bool = False
    """Whether it is known to be a provider's resource, not a component."""
    _read: dict[str, Any] = field(default_factory=dict, init=False, repr=False)

    @property
    def stack(self) -> str:
        """Name of the stack, from the URN."""
        parts = self.urn.split("::")
        return parts[0].removeprefix("urn:pulumi:") if len(parts) > 1 else ""

    @functools.cached_property
    def known(self) -> View:
        """Its properties for a rule: reading one that isn't known raises `NotKnownError`."""
        return View(self.props)

    def get(self, path: str, default: Any = None) -> Any:
        """The property at `path` (dots; numbers index lists), Unknown when it isn't known yet, `default` when it isn't set."""
        if path not in self._read:
            found = named(find(self.props, path), f"{self.name}.{path}")
            self._read[path] = found if is_set(path.rpartition(".")[2], found) else None
        found = self._read[path]
        return default if found is None else found

    def flag(self, path: str, *, default: bool = False) -> bool | Unknown:
        """A boolean property."""
        found = as_flag(named(find(self.props, path), f"{self.name}.{path}"))
        return default if found is None else found

    def text(self, path: str, default: str | None = None) -> str | Unknown | None:
        """A string; `default` when it isn't set or is something else (which the provider refuses itself)."""
        found = as_text(self.get(path))
        return default if found is None else found

    def number(self, path: str, default: float | None = None) -> float | Unknown | None:
        """A number of 0 or more; `default` when it isn't set or isn't one."""
        found = self.get(path)
        if isinstance(found, Unknown):
            return found
        value = as_number(found)
        return value if value is not None and 0 <= value <= LARGEST else default

    def items(self, path: str) -> list[Any] | Unknown:
        """A list property; empty when it isn't set. Its elements may be Unknown. One object counts as a list of one."""
        return as_items(self.get(path))

    def rows(self, path: str) -> list[dict[str, Any] | Unknown] | Unknown:
        """A list of objects, some of which may be Unknown; what is neither is left out."""
        found = self.items(path)
        return found if isinstance(found, Unknown) else [r for r in found if isinstance(r, dict | Unknown)]

    def gives(self, name: str) -> bool:
        """Whether the program gives a property: it is set, or unknown because it comes from another resource.

        What the provider computes is unknown at preview as well, but comes from nowhere.
        """
        return name in self.property_dependencies or (self.known.has(name) and self.known.known(name))

    @functools.cached_property
    def tags(self) -> Tags:
        """Its tags, with the provider's defaults."""
        return tags_of(self.props, self.provider, self.name)

    @functools.cached_property
    def region(self) -> str:
        """Where it lives: its own region, its provider's, that of its ARN; empty when none of them says one."""
        for told in (self.props.get("region"), self.provider.get("region")):
            if isinstance(told, str) and told:
                return told
        return arn_region(self.props.get("arn"))

    def tier(self) -> int | None:
        """The recovery tier of the tag `dr-tier`: 1, 2 or 3; None when there is none, or it is not known or invalid."""
        value = as_number(self.tags.get("dr-tier"))
        return int(value) if value is not None and value in TIERS else None


def arn_region(value: Any) -> str:
    """The region in an ARN, empty when it has none or isn't one."""
    if isinstance(value, str) and value.startswith("arn:") and value.count(":") >= _ARN_PARTS - 1:
        return value.split(":")[_ARN_REGION]
    return ""
