"""What the stacks of both regions must say alike: compared with the other stack's outputs before anything is registered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from architectures.faults import Fault, fault, shown

MIRRORED = {
    "aws:region": "recovery.peerRegion",
    "recovery.peerRegion": "aws:region",
    "network.cidr": "network.peerCidr",
    "network.peerCidr": "network.cidr",
}
"""Keys whose value is the other stack's value of another key."""
ACTIVE, SITE, WITHDRAWN, LEAVING = "recovery.activeRegion", "site", "withdrawn", "leaving"
_OWN = (WITHDRAWN, LEAVING)
"""Keys of a system that each stack says for itself."""


@dataclass(frozen=True)
class Agreement:
    """What one stack says."""

    stack: Mapping[str, Any]
    """By key of the configuration."""
    systems: Mapping[str, Mapping[str, Any]]
    """The same of each system, by its name; keys within the system. What a stack leaves unsaid is None or missing."""

    @property
    def withdrawn(self) -> bool:
        """Whether every site of the stack is left to the other region."""
        sites = [said for said in self.systems.values() if said.get(SITE)]
        return bool(sites) and all(said[WITHDRAWN] for said in sites)

    def faults(self, theirs: Agreement, peer: str) -> Iterator[Fault]:
        """Where this stack, which joins, says other than the one it joins, `peer`: one for each disagreement."""
        swapping = self.withdrawn or theirs.withdrawn  # one of the two has no part in who answers
        for key, value in self.stack.items():
            other = MIRRORED.get(key, key)
            if theirs.stack.get(other) != value and not (key == ACTIVE and swapping):
                yield fault(key, shown(value), f"{shown(theirs.stack.get(other))}, the {other} of {peer}")
        for name, said in theirs.systems.items():
            if name not in self.systems and not said[LEAVING]:
                yield fault(f"systems.{name}", "nothing", f"a {said['kind']} system, as {peer} has it")
        for name, mine in self.systems.items():
            if name not in theirs.systems:
                yield fault(
                    f"systems.{name}", repr(mine["kind"]), f"a system that {peer} has: deploy it there first"
                )
                continue
            yield from _system_faults(name, mine, theirs.systems[name], peer)


def _system_faults(
    name: str, mine: Mapping[str, Any], theirs: Mapping[str, Any], peer: str
) -> Iterator[Fault]:
    for key in [key for key in mine if key not in _OWN]:
        if mine[key] != theirs.get(key):
            yield fault(
                f"systems.{name}.{key}", shown(mine[key]), f"{shown(theirs.get(key))}, which {peer} says"
            )
    if mine.get(WITHDRAWN) and theirs.get(WITHDRAWN):
        yield fault(
            f"systems.{name}.{WITHDRAWN}",
            "true",
            f"false while {peer} has withdrawn: the name would answer nothing",
        )
