"""Registers a child: a resource of the aws provider, by the wire names in which awsx's arguments arrive."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi import _types

from sandbox.provider.schema import resource_class, schema

Args = Mapping[str, Any]
"""Arguments by wire name; any value may be an output."""


@dataclass(frozen=True)
class Made:
    """A component, and the outputs that the program sees of it."""

    component: pulumi.ComponentResource
    state: Mapping[str, Any] = field(default_factory=dict)


def component(token: str, name: str, opts: pulumi.ResourceOptions | None) -> pulumi.ComponentResource:
    """Register a component itself: without inputs, as awsx does. Those of ECS once had other tokens, which are aliases."""
    package, module, kind = token.split(":")
    former = [pulumi.Alias(type_=f"{package}:x:{module}:{kind}")] if module == "ecs" else []
    options = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(aliases=[*former]), opts)
    return pulumi.ComponentResource(token, name, {}, options)


def child(token: str, name: str, args: Args, parent: pulumi.Resource) -> Any:
    """Register a child of `parent`. Arguments that its class does not have are the component's own and left out.

    The classes of pulumi_aws ask for the program's own version of the aws provider: with another one, the engine would start a
    second provider.
    """
    cls: Any = resource_class(token)
    names, known = _types.resource_pulumi_to_py_names(cls), schema(token).inputs
    given = {names.get(key, key): value for key, value in args.items() if key in known and value is not None}
    return cls(name, opts=pulumi.ResourceOptions(parent=parent), **given)


def short_hash(text: str) -> str:
    """The eight hexadecimal digits that awsx puts behind a name."""
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:8]
