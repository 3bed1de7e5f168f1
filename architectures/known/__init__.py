"""Names that AWS takes, as lists of a certain date have them: a name that is wrong is told at load, not after half an hour of `up`.

AWS has new names every month. One that a list lacks goes into the setting `unlisted`, which says that its author knows better. The lists
stand in `names.json`; `generate.py` beside it writes them anew.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from architectures.faults import Fault, fault

FILE = Path(__file__).with_name("names.json")
UNLISTED = "holdfast:unlisted"
INSTANCE_TYPE, ENDPOINT, ZONE, APEX = "instance type", "interface endpoint", "zone id", "version of APEX"
KUBERNETES, EXTENDED = "version of Kubernetes on EKS", "version of Kubernetes in extended support on EKS"


@dataclass(frozen=True)
class Table:
    """The names of one kind."""

    kind: str
    source: str
    """Whose list it is, its version and month."""
    names: frozenset[str]

    def faults(self, key: str, given: Iterable[str], unlisted: Collection[str]) -> Iterator[Fault]:
        """A fault for each name that neither the list nor `unlisted` has."""
        for name in dict.fromkeys(given):
            if name not in self.names and name not in unlisted:
                near = difflib.get_close_matches(name, sorted(self.names), n=3)
                like = f" such as {', '.join(near)}" if near else ""
                allowed = (
                    f"{'an' if self.kind[0] in 'aeiou' else 'a'} {self.kind}{like} ({self.source}); "
                    f"one that AWS has and that list lacks goes into {UNLISTED} too"
                )
                yield fault(key, repr(name), allowed)


def instance_class(engine: str) -> str:
    """The table of the classes that instances of that engine have."""
    return f"instance class of {engine}"


def licensed_class(engine: str, model: str) -> str:
    """The same of an engine for which somebody holds a licence, in that way."""
    return f"{instance_class(engine)} with {model}"


def version(engine: str) -> str:
    """The table of the versions in which that engine can be created."""
    return f"version of {engine}"


@cache
def _given() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


@cache
def table(kind: str) -> Table:
    """The names of that kind. KeyError for a kind that no list is kept of."""
    given = _given()[kind]
    return Table(kind, given["source"], frozenset(" ".join(given["names"]).split()))
