# ruff: noqa: TRY004 - whatever is wrong with what was given is one kind of error
"""The output `recovery`: the facts of one stack's graph that the judgement of another stack needs.

The form is described in docs/recovery.md; a program builds it as a plain dict, without importing this package.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from policies.graph import Graph, Resource, Unknown, named, plain

from .edges import connect, log_destinations
from .kinds import KINDS, read
from .unit import Unit, from_fact

SCHEMA = 1
OUTPUT, PEERS = "recovery", "recovery_peers"
ROLES = ("active", "standby")


@dataclass(frozen=True)
class Peer:
    """Another stack, as it describes itself."""

    stack: str
    region: str
    role: str
    units: tuple[Unit, ...]

    @classmethod
    def read(cls, given: Any, where: str) -> Peer:
        """From the plain form. ValueError names the place and what is allowed."""
        given = named(plain(given), where)
        if isinstance(given, Unknown) or not isinstance(given, Mapping):
            raise ValueError(
                f"{where}: {'not known yet' if isinstance(given, Unknown) else repr(given)}, expected an object"
            )
        if given.get("schema") != SCHEMA:
            raise ValueError(f"{where}.schema: {given.get('schema')!r}, expected {SCHEMA}")
        for key in ("stack", "region"):
            if not isinstance(given.get(key), str) or not given[key]:
                raise ValueError(f"{where}.{key}: {given.get(key)!r}, expected a name")
        role = given.get("role", "")
        if role not in ("", *ROLES):
            raise ValueError(f"{where}.role: {role!r}, expected one of {', '.join(ROLES)}")
        members = given.get("members", [])
        if not isinstance(members, list) or not all(isinstance(m, Mapping) for m in members):
            raise ValueError(f"{where}.members: expected a list of objects")
        units = tuple(
            from_fact(m, given["stack"], given["region"], f"{where}.members[{i}]", frozenset(KINDS))
            for i, m in enumerate(members)
        )
        return cls(given["stack"], given["region"], role, units)


def facts(resources: Iterable[Resource], *, stack: str, region: str, role: str = "") -> dict[str, Any]:
    """The facts of a stack's own resources, ready for JSON."""
    graph = Graph(resources, home=region)
    units = read(graph)
    connect(graph, units)
    logs = log_destinations(graph, units)
    members = [u.to_fact() for u in units if u.urn not in logs]
    return {
        "schema": SCHEMA,
        "stack": stack,
        "region": region,
        **({"role": role} if role else {}),
        "members": members,
    }


def check(given: Any) -> list[str]:
    """What is wrong with the facts that a program built; empty when they can be read."""
    try:
        Peer.read(given, OUTPUT)
    except ValueError as error:
        return [str(error)]
    return []


def own_role(stack: Resource, graph: Graph) -> tuple[str, str, str]:
    """Role and region that the stack gives itself in its output, and what is wrong with it."""
    given = stack.get(OUTPUT)
    if not isinstance(given, Mapping):
        return (
            "",
            "",
            f"{stack.stack}: its output {OUTPUT} is not known yet" if isinstance(given, Unknown) else "",
        )
    role, region = given.get("role", ""), given.get("region", "")
    if role not in ("", *ROLES) or not isinstance(region, str):
        return "", "", f"{stack.stack}: output {OUTPUT}: role {role!r} in region {region!r} can't be read"
    return role, region or graph.region(stack), ""


def declared_peers(stack: Resource) -> tuple[list[Peer], list[str]]:
    """The facts of other stacks that a stack passes on, and why some of them can't be read."""
    given = stack.get(PEERS)
    if given is None:
        return [], []
    if isinstance(given, Unknown):
        return [], [
            f"{stack.stack}: its output {PEERS} is not known yet: the stacks it refers to are not at hand"
        ]
    if isinstance(given, Mapping):
        given = [given] if "schema" in given else list(given.values())
    found, problems = [], []
    for i, entry in enumerate(given if isinstance(given, list) else [given]):
        try:
            found.append(Peer.read(entry, f"{stack.stack}.{PEERS}[{i}]"))
        except ValueError as error:
            problems.append(str(error))
    return found, problems
