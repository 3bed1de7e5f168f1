"""What a component registers as its outputs: attributes of it, under Pulumi's spelling of their names."""

from __future__ import annotations

import pulumi


def register(component: pulumi.ComponentResource, *attributes: str) -> None:
    """Register the attributes named (snake_case) as outputs (camelCase)."""
    component.register_outputs({_camel(name): getattr(component, name) for name in attributes})


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)
