"""What naming can't tell, read from `facts.json`. Each key there is one of the fields below."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The tables. A type is written `module:Class`."""

    services: Mapping[str, str]
    """Module -> botocore's name of the service, where the letters differ."""
    prefixes: Mapping[str, Mapping[str, str]]
    """Module -> prefix of a class name -> service, where a module spans several."""
    free: Mapping[str, str]
    """Module -> words that its operations say and its classes don't, or the other way round."""
    operations: Mapping[str, str]
    """Type -> create operation, where the best likeness finds another one or none."""
    ids: Mapping[str, str]
    """Type -> properties of its id with what stands between them, where it is not the import form."""
    names: Mapping[str, tuple[Any, ...]]
    """Type -> property with an automatic name, its longest length and its style, where that is not `name`."""
    unnamed: Mapping[str, str]
    """Type -> why its `name` gets no automatic name."""
    defaults: Mapping[str, Mapping[str, Any]]
    """Type -> inputs that Pulumi's provider fills in."""
    outputs: Mapping[str, Mapping[str, Any]]
    """Type -> output -> what AWS computes, with `{own}` for the made-up part of its id or its name, and `{region}`."""
    delete_first: tuple[str, ...]
    """Types that are deleted before their replacement is made."""
    arns: Mapping[str, str]
    """Service -> its name in ARNs, where that is not its signing name."""
    ended: Mapping[str, str]
    """Module -> why none of its types can be kept."""


def _load() -> Facts:
    data: dict[str, Any] = json.loads(Path(__file__).with_name("facts.json").read_text())
    return Facts(**data)


FACTS = _load()
