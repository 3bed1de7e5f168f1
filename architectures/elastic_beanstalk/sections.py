"""The groups of keys that a system on Elastic Beanstalk has."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

from pydantic import Field

from architectures.faults import held
from architectures.keys import Section
from components.edge import checks

UrlPath = Annotated[str, held(partial(checks.path, ""))]


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


class Application(Section):
    """What is deployed, on what, and how."""

    bundle: str
    """Folder or zip of the program's folder: what is deployed."""
    runtime: str = "Python 3.13"
    """What the environment's solution stack of Amazon Linux 2023 is running. Another one is another environment."""
    health_path: UrlPath = "/health"
    """What load balancer and Route 53 ask: light."""
    deep_health_path: UrlPath = "/health/deep"
    """The same, of what works only if what is behind does."""
    variables: dict[str, str] = Field(default_factory=dict)
    """Environment variables of the application. No secrets."""
    instances: Instances = Instances()
    deployments: Deployments = Deployments()
    updates: Updates = Updates()
    kept_versions: int = 50
    """Versions that Elastic Beanstalk keeps."""
    log_retention_days: int = 90
    """Days that logs of instances and of the environment's health are kept."""
