"""Outputs: what a component registers as its own, and values made of others."""

from __future__ import annotations

from typing import Any

import pulumi


def register(component: pulumi.ComponentResource, *attributes: str) -> None:
    """Register the attributes named (snake_case) as outputs (camelCase)."""
    component.register_outputs({_camel(name): getattr(component, name) for name in attributes})


def once(value: pulumi.Input[str], *others: pulumi.Input[Any]) -> pulumi.Output[str]:
    """The value, known once the others are: who uses it waits for what they stand for."""
    return pulumi.Output.all(value, *others).apply(lambda known: str(known[0]))


def in_region(arn: pulumi.Output[str], region: str) -> pulumi.Output[str]:
    """The ARN of what has the same name in another region."""
    return arn.apply(lambda known: ":".join([*known.split(":")[:3], region, *known.split(":")[4:]]))


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)
