"""Auto Scaling groups: instances in all zones, replaced when they fail; hooks on termination; step scaling; refresh; all is kept."""

from __future__ import annotations

from sandbox.aws.extensions import (
    _group_instances,
    _group_properties,
    _instance_refresh,
    _lifecycle_hooks,
    _scaling_steps,
)


def install() -> None:
    """Patch moto's Auto Scaling."""
    _group_instances.install()
    _group_properties.install()
    _instance_refresh.install()
    _lifecycle_hooks.install(_group_instances.go)
    _scaling_steps.install()
