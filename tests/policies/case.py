"""How a case is written, and how it becomes what an engine would send."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pulumi.output import UNKNOWN as NOT_KNOWN

from sandbox.policy import PolicyInput, ProviderInput

__all__ = ["NOT_KNOWN", "Case", "R", "subnets", "to_inputs"]


@dataclass(frozen=True)
class R:
    """A resource of a case. `refs`: by property, the names of the resources it takes an output of."""

    type: str
    name: str = "it"
    props: Mapping[str, Any] = field(default_factory=dict)
    refs: Mapping[str, Sequence[str]] = field(default_factory=dict)
    protect: bool = False
    parent: str = ""
    provider: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Case:
    """What a rule must say. The judged resource is called `it`."""

    rule: str
    bad: Sequence[R]
    good: Sequence[R]
    unsure: Sequence[R]
    """With unknown values."""
    then: Literal["note", "bad", "good"] = "note"
    """What the rule says to `unsure`: that it can't know, or a verdict that holds whatever the values are."""
    config: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    """Which variant of the rule's cases this is."""
    alone: bool = False
    """Whether what is unknown concerns the whole stack, such as a backup selection: then others can't be judged either."""
    remedy: str = ""
    """What each violation says to do, when it isn't the rule's remedy."""
    level: Literal["", "advisory"] = ""
    """The level when it isn't the rule's own: advice."""


def subnets(*zones: str, prefix: str = "subnet") -> list[R]:
    """Subnets `subnet-0`, ... in these zones, by zone id, with their identifiers unknown."""
    return [
        R(
            "aws:ec2/subnet:Subnet",
            f"{prefix}-{i}",
            {"availabilityZoneId": zone, "vpcId": NOT_KNOWN, "availabilityZone": NOT_KNOWN},
            {"vpcId": ["vpc"]},
        )
        for i, zone in enumerate(zones)
    ]


def urn(resource: R, mark: str = "") -> str:
    return f"urn:pulumi:prod::shop::{resource.type}::{mark}{resource.name}"


def to_inputs(resources: Sequence[R], *, tier: int = 1, mark: str = "") -> list[PolicyInput]:
    """The resources as the engine sends them; `mark` keeps the names of two cases in one stack apart."""
    urns = {resource.name: urn(resource, mark) for resource in resources}
    return [
        PolicyInput(
            type=resource.type,
            urn=urns[resource.name],
            name=f"{mark}{resource.name}",
            props=resource.props,
            protect=resource.protect,
            parent=urns.get(resource.parent, ""),
            property_dependencies={
                name: [urns[target] for target in targets if target in urns]
                for name, targets in resource.refs.items()
            },
            dependencies=sorted(
                {urns[t] for targets in resource.refs.values() for t in targets if t in urns}
            ),
            provider=ProviderInput(
                props={"defaultTags": json.dumps({"tags": {"dr-tier": str(tier)}}), **resource.provider}
            ),
        )
        for resource in resources
    ]
