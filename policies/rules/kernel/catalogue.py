"""What rules say to people: a TOML file beside each module of rules, with a table for each rule of the module."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from .practices import PRACTICES

FOLDER: Final = Path(__file__).parent.parent


@functools.cache
def tables() -> Mapping[str, tuple[str, Mapping[str, Any]]]:
    """By rule's name: the module that it belongs to, and its words as they are written."""
    found: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        for name, words in tomllib.loads(path.read_text("utf-8")).items():
            if name in found:
                raise ValueError(f"{path.name}: {name} has words in {found[name][0]}.toml too")
            found[name] = (path.stem, words)
    return found


def said(name: str) -> dict[str, Any]:
    """A rule's words by the names of the rule's fields. Raises KeyError for a rule or a best practice that isn't there."""
    _, words = tables()[name]
    practice = words["pillar"]
    return {
        **words,
        "tiers": tuple(words["tiers"]),
        "pillar": f"{practice} {PRACTICES[practice]}",
        "principles": tuple(words.get("principles", ())),
    }
