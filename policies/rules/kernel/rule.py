"""What a rule is: its check, and everything that a person who breaks it wants to know."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from policies.graph import Graph, Resource, View

from .catalogue import said


class Severity(enum.StrEnum):
    """How bad it is to leave a violation as it is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Scope(enum.StrEnum):
    """What a check sees, and how often it is called."""

    RESOURCE = "resource"
    """One resource's inputs, before it is made."""
    GRAPH = "graph"
    """One resource with its outputs, and the graph of the stack around it; called for each resource of its types."""
    STACK = "stack"
    """The graph as a whole; called once, with the stack's own resource."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found wrong."""

    message: str
    """A sentence that names the property and its value."""
    urn: str | None = None
    """The resource at fault, when it is not the one that was judged."""
    advice: bool = False
    """Never more than advisory, whatever the tier."""
    remedy: str | None = None
    """What to do, where that isn't the rule's remedy: an imperative sentence, empty when the message says it already."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """What an exemption may name besides the resource, by the names in `Rule.marks`."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a check knows besides the resource."""

    graph: Graph
    """Empty for a rule of scope RESOURCE."""
    options: View
    """The rule's configuration, defaults filled in."""


Check = Callable[[Resource, Context], Iterator[Finding]]


Remedy = Callable[[str, dict[str, Any], View], dict[str, Any] | None]
"""Given type, raw properties and options, the properties put right; None where there is nothing to do."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule of the pack: what it judges and how, and below that its words, from the catalogue."""

    name: str
    """`service-resource-what`."""
    types: tuple[str, ...]
    """Type tokens it judges; `("aws:",)` stands for every AWS resource."""
    check: Check
    scope: Scope
    options: Mapping[str, Mapping[str, Any]]
    """Configuration: JSON schema by name, each with a default."""
    remediate: Remedy | None
    marks: Mapping[str, Mapping[str, Any]]
    """What its findings say besides the resource: JSON schema by name."""

    severity: Severity
    tiers: tuple[int, ...]
    """Recovery tiers it is mandatory for, none where it is advice. A resource whose tier isn't known is judged as the strictest."""
    why: str
    """One or two sentences: what must hold and what happens otherwise."""
    remedy: str
    """One imperative sentence."""
    page: str
    """The AWS documentation page that says so."""
    pillar: str
    """The AWS Well-Architected best practice: number and title."""
    control: str = ""
    """The Security Hub control or AWS Config rule that finds the same after the deployment."""
    finding: str = ""
    """The finding in AWS's public multi-region sample that it would have caught."""
    principles: tuple[str, ...] = ()
    """Numbers of the principles (`policies.rules.principles`) that it holds a program to."""


def rule(
    name: str,
    *types: str,
    scope: Scope = Scope.RESOURCE,
    options: Mapping[str, Mapping[str, Any]] | None = None,
    remediate: Remedy | None = None,
    marks: Mapping[str, Mapping[str, Any]] | None = None,
) -> Callable[[Check], Rule]:
    """Make the decorated check the rule whose words the catalogue has under that name."""

    def made(check: Check) -> Rule:
        words = said(name)
        words["severity"] = Severity(words["severity"])
        return Rule(
            name=name,
            types=types,
            check=check,
            scope=scope,
            options=options or {},
            remediate=remediate,
            marks=marks or {},
            **words,
        )

    return made


def number(low: float, high: float, default: float, says: str, *, whole: bool = True) -> dict[str, Any]:
    """The schema of a setting that is a number from `low` to `high`."""
    kind = "integer" if whole else "number"
    return {"type": kind, "minimum": low, "maximum": high, "default": default, "description": says}
