"""Auto Scaling groups: instances in all zones, replaced when they fail; all properties kept; instance refresh."""

from __future__ import annotations

from sandbox.aws.extensions import _group_instances, _group_properties, _instance_refresh


def install() -> None:
    """Patch moto's Auto Scaling."""
    _group_instances.install()
    _group_properties.install()
    _instance_refresh.install()
