"""Edges between resources: "property X of A comes from output Y of B", as registered and as a table says.

An edge is seen twice: in the property's dependencies, and in its value, where an output of the source stands. A source of which only
the dependency is seen (something waits for it) has the output `(order)`, and the property `dependsOn` if no property has it; what comes
from another stack has the source `peer`.
"""

from __future__ import annotations

import base64
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sandbox.provider.schema import schema
from tests.pulumi_mocks import STASH, Deployment, Registered

EDGES = Path(__file__).parent / "edges"
ORDER, AFTER = "(order)", "dependsOn"
SHORTEST = 10
"""A text as short as this may stand in another by chance."""


def edge(to: str, property_: str, source: str, output: str) -> str:
    """`to` and `source` are a resource's class and name."""
    joint = " " if output == ORDER else "."
    return f"{to}.{property_} <- {source}{joint}{output}"


def label(resource: Registered) -> str:
    return f"{resource.type.rsplit(':', 1)[-1]} {resource.name}"


def _leaves(value: Any) -> Iterator[str]:
    """The texts and numbers in a value, as texts; numbers come over the wire as floats."""
    if isinstance(value, dict):
        yield from itertools.chain.from_iterable(map(_leaves, value.values()))
    elif isinstance(value, list):
        yield from itertools.chain.from_iterable(map(_leaves, value))
    elif isinstance(value, float):
        yield f"{value:g}"
    elif isinstance(value, str):
        yield value


def _texts(property_: str, value: Any) -> list[str]:
    found = list(_leaves(value))
    return [base64.b64decode(text).decode() for text in found] if property_ == "userData" else found


def _stands_in(output: Any, texts: list[str]) -> bool:
    return any(
        part == text or (len(part) > SHORTEST and part in text) for part in _leaves(output) for text in texts
    )


def _outputs_in(resource: Registered, made: Mapping[str, Any], texts: list[str]) -> list[str]:
    """Outputs of a resource that stand in texts: those that AWS computes, or else texts that it was given and hands on."""
    has = ("output",) if resource.type == STASH else schema(resource.type).outputs
    known = {name: value for name, value in made.items() if name == "id" or name in has}
    found = [name for name, value in known.items() if _stands_in(value, texts)]
    computed = [name for name in found if not _stands_in(resource.inputs.get(name), texts)]
    return computed or [name for name in found if isinstance(known[name], str)]


def _paths(outputs: Mapping[str, Any], fits: Callable[[Any], bool], path: str = "") -> Iterator[str]:
    """Paths of a stack's outputs whose value fits."""
    for name, value in outputs.items():
        if isinstance(value, dict):
            yield from _paths(value, fits, f"{path}{name}.")
        elif fits(value):
            yield f"{path}{name}"


def _of_peer(peer: Mapping[str, Any], texts: list[str]) -> list[str]:
    return list(_paths(peer, lambda value: _stands_in(value, texts)))


def seen(deployment: Deployment, peer: Mapping[str, Any]) -> set[str]:
    """Every edge of a deployment that ends in a resource of AWS. `peer` has the outputs of the stack that it reads."""
    known = {r.urn: r for r in deployment.resources if r.type.startswith("aws:") or r.type == STASH}
    edges = set()
    for to in (resource for resource in known.values() if resource.type != STASH):
        waits = to.dependencies.difference(*to.property_dependencies.values())
        for property_, urns in [*to.property_dependencies.items(), (AFTER, waits)]:
            texts = _texts(property_, to.inputs.get(property_))
            for urn in urns:
                source = known.get(urn)
                found = _outputs_in(source, deployment.made[urn], texts) if source else _of_peer(peer, texts)
                name = label(source) if source else "peer"
                edges |= {edge(label(to), property_, name, output) for output in found or [ORDER]}
    return edges


def exported(deployment: Deployment, outputs: Mapping[str, Any]) -> set[str]:
    """Which resource's output each of a stack's outputs is; one that is no resource's is left out."""
    edges = set()
    for resource in deployment.resources:
        made = deployment.made[resource.urn]
        computed = {name: value for name, value in made.items() if name not in resource.inputs}
        for known in (computed, {"name": made.get("name")}):
            texts = {name: list(_leaves(value)) for name, value in known.items()}
            found = {(path, name) for name in known for path in _paths(outputs, texts[name].__contains__)}
            edges |= {edge("stack outputs", path, label(resource), name) for path, name in found}
            if found:
                break
    return edges


def table(part: str, stack: str, places: Mapping[str, list[str]]) -> set[str]:
    """The edges of a part of the program in the `founder` or the `joiner`, as its file has them: one a line, `#` begins a comment.

    Lines below `[founder]` or `[joiner]` hold for that stack alone. `{place}` stands for each value of that place, the same on both
    sides of a line; `{every place}`, of a source, for all of them.
    """
    edges, section = set(), "[both]"
    for line in (EDGES / f"{part}.txt").read_text().splitlines():
        if line.startswith("["):
            section = line
        elif line and not line.startswith("#") and section in ("[both]", f"[{stack}]"):
            edges |= set(_filled(line, places))
    return edges


def _filled(line: str, places: Mapping[str, list[str]]) -> Iterator[str]:
    names = list(dict.fromkeys(re.findall(r"\{([\w ]+)\}", line)))
    for values in itertools.product(*(places[name.removeprefix("every ")] for name in names)):
        text = line
        for name, value in zip(names, values, strict=True):
            text = text.replace(f"{{{name}}}", value)
        yield text


def named(edges: Iterable[str], of: str, to: str) -> set[str]:
    """Edges of one system's table as another system has them."""
    return {
        each.replace(f" {of}-", f" {to}-")
        .replace(f"systems.{of}.", f"systems.{to}.")
        .replace("-www.", f"-{to}.")
        for each in edges
    }
