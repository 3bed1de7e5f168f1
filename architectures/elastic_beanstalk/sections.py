"""The groups of keys that a system on Elastic Beanstalk has."""

from __future__ import annotations

from typing import Literal

from architectures.keys import Section


class Instances(Section):
    """What runs the application, in every zone."""

    instance_type: str = "m7g.large"
    required_instances: int = 4
    """Instances that carry the load; so many more run that these are left with a zone gone."""
    maximum_instances: int = 24
    """The most that scaling may reach."""


class Deployments(Section):
    """How another version, or another configuration, comes."""

    policy: Literal["immutable", "rolling-with-additional-batch"] = "immutable"
    """A whole set of new instances beside the old ones; or a batch at a time, and one more than carry the load."""
    batch_percent: int = 25
    """Per cent of the instances in a batch."""


class Updates(Section):
    """Updates of the platform, which come by themselves."""

    window: str = "Tue:09:00"
    """UTC: when they begin."""
    level: Literal["patch", "minor"] = "minor"
    """The highest that comes."""
