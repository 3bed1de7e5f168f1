"""What systems of one stack can't be together, each of which could be alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from architectures.faults import Fault, fault
from architectures.keys import SystemSettings
from architectures.stack import Stack

Systems = Mapping[str, SystemSettings]


def faults(systems: Systems, stack: Stack) -> Iterator[Fault]:
    """Pairs of a key and what is said of it."""
    yield from _names(systems, stack)
    yield from _sole(systems)
    yield from _cuts(systems)
    for name, system in systems.items():
        for key, said in system.reference_faults(systems):
            yield f"systems.{name}.{key}", said


def _names(systems: Systems, stack: Stack) -> Iterator[Fault]:
    """A DNS name belongs to one system, and so does the name of a part."""
    takers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, system in systems.items():
        for host in system.hosts(name, stack):
            takers["DNS name", host].append(name)
        for part in system.parts(name):
            takers["part's name", part].append(name)
    for (what, taken), names in takers.items():
        for later in names[1:]:
            yield fault(f"systems.{later}", repr(taken), f"each {what} once, and {names[0]} has it")


def _sole(systems: Systems) -> Iterator[Fault]:
    """What a stack has once belongs to one system."""
    takers: dict[str, str] = {}
    for name, system in systems.items():
        for what, key in system.sole.items():
            first = takers.setdefault(what, name)
            if first != name:
                yield fault(f"systems.{name}.{key}", repr(what), f"one system of a stack, and {first} has it")


def _cuts(systems: Systems) -> Iterator[Fault]:
    """Subnets belong to all systems: they are cut for those that agree, and so all must."""
    for name, system in systems.items():
        for other in (each for each, its in systems.items() if each != name and its.in_subnets):
            for cut in sorted(system.cuts - systems[other].cuts):
                allowed = f"what {other} names too: it cuts subnets, which all systems of the stack share"
                yield fault(f"systems.{name}.{system.CUT_KEY}", repr(cut), allowed)
