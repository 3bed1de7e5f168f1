"""What an Elastic Beanstalk environment needs, and the checks on it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

from components.checks import at_least, between, need, one_of
from components.edge import checks
from components.tags import Tags

PORT = 80
"""Where the proxy of an instance listens."""
CHECK = {"interval_s": 10, "threshold": 2, "timeout_s": 5}
"""How the load balancer watches an instance: a dead one is found within 25 s."""
DEPLOYMENTS = ("Immutable", "RollingWithAdditionalBatch")
"""Those that keep as many instances as the load needs while they go on.
https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.rolling-version-deploy.html"""
LEVELS = ("patch", "minor")
LOG_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653)
"""What the option RetentionInDays takes.
https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html"""
MOST = 10_000
"""Instances; the least that Elastic Beanstalk takes is 1: the same page."""
SHORTEST_NAME, LONGEST_NAME = 4, 40
"""Of an environment: https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_CreateEnvironment.html"""
LONGEST_VARIABLE, LONGEST_VALUE, ALL_VARIABLES = 128, 256, 4096
"""Characters of a variable's name and value, and bytes of all of them as name=value.
https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/environments-cfg-softwaresettings.html"""
_NAME = re.compile(r"[A-Z_][A-Z0-9_]*")
"""What is a name on every platform: the same page."""
_WINDOW = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun):([01]\d|2[0-3]):[0-5]\d")
_RUNTIME = re.compile(r"[A-Z.][A-Za-z0-9.+]*( [A-Za-z0-9.]+)*")


@dataclass(frozen=True, kw_only=True)
class BeanstalkEnvironmentArgs:
    """What an environment needs. Sizes come from `statically_stable_size` and `standby_size`."""

    tags: Tags
    environment_name: str
    """Unique in the account's region; 4 to 40 characters."""
    application_name: pulumi.Input[str]
    version_label: pulumi.Input[str]
    """The version that is deployed."""
    runtime: str
    """What the name of its solution stack ends with, such as `Python 3.13`; the newest of Amazon Linux 2023 when it is made."""
    service_role: pulumi.Input[str]
    """ARN of the role by which Elastic Beanstalk watches and updates it."""
    vpc_id: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Zone id to private subnet of the instances; at least two."""
    balancer_subnet_ids: Mapping[str, pulumi.Input[str]]
    """Zone id to subnet of the load balancer; at least two."""
    internal: bool
    """Whether the load balancer is reached from inside the VPC alone."""
    security_group_id: pulumi.Input[str]
    """Of the instances: lets the load balancer in, on port 80."""
    balancer_security_group_id: pulumi.Input[str]
    certificate_arn: pulumi.Input[str]
    log_bucket: pulumi.Input[str]
    """Bucket of this region that load balancers may write access logs to."""
    topic_arn: pulumi.Input[str]
    """Topic of this region that the environment's alarm notifies."""
    instance_type: str
    required: int
    """Instances that carry the load, told by the tag `dr:required-capacity`."""
    running: int
    """Instances that run at least, one or more a zone."""
    most: int
    """The most that scaling may reach, up to 10,000."""
    health_path: str = "/health"
    """What the load balancer asks each instance: light."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Environment variables of the application. No secrets: who may describe the environment reads them."""
    deployment: str = "Immutable"
    """How another version, or another configuration, comes: `Immutable` or `RollingWithAdditionalBatch`."""
    batch_percent: int = 25
    """Per cent of the instances that a rolling deployment takes at once, 1 to 100."""
    update_window: str = "Tue:09:00"
    """UTC: when updates of the platform begin."""
    update_level: str = "minor"
    """The highest that comes by itself: `patch` or `minor`."""
    log_days: int = 90
    """Days that logs of instances and of the environment's health are kept."""

    def validate(self) -> None:
        """Raise ArgumentError for the first argument that can't be, naming argument, value and what is allowed."""
        between(
            "environment_name.length",
            len(self.environment_name),
            SHORTEST_NAME,
            LONGEST_NAME,
            "characters",
        )
        fits = bool(_RUNTIME.fullmatch(self.runtime))
        allowed = "what a solution stack of Amazon Linux 2023 is running, such as Python 3.13"
        need(fits, "runtime", repr(self.runtime), allowed)
        for argument in ("subnet_ids", "balancer_subnet_ids"):
            at_least(argument, list(getattr(self, argument)), 2, "what is in one zone is lost with it")
        between("most", self.most, 1, MOST, "instances")
        zones = len(self.subnet_ids)
        need(self.running >= zones, "running", self.running, f"at least one a zone, {zones} or more")
        need(self.running <= self.most, "running", self.running, f"at most {self.most}, as scaling may reach")
        checks.path("health_path", self.health_path)
        one_of("deployment", self.deployment, DEPLOYMENTS)
        between("batch_percent", self.batch_percent, 1, 100, "%")
        window = bool(_WINDOW.fullmatch(self.update_window))
        need(window, "update_window", repr(self.update_window), "day and time in UTC, such as Tue:09:00")
        one_of("update_level", self.update_level, LEVELS)
        one_of("log_days", self.log_days, LOG_DAYS)
        self._check_variables()

    def _check_variables(self) -> None:
        for name, value in self.variables.items():
            fits = bool(_NAME.fullmatch(name)) and len(name) <= LONGEST_VARIABLE
            allowed = (
                f"names of capital letters, digits and _, no digit first, up to {LONGEST_VARIABLE} characters"
            )
            need(fits, "variables", repr(name), allowed)
            length = len(value)
            need(
                length <= LONGEST_VALUE,
                f"variables.{name}",
                f"{length} characters",
                f"at most {LONGEST_VALUE}",
            )
        size = sum(len(f"{name}={value}".encode()) for name, value in self.variables.items())
        allowed = f"at most {ALL_VARIABLES} bytes of name=value together"
        need(size <= ALL_VARIABLES, "variables", f"{size} bytes", allowed)
