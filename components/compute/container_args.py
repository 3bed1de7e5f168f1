"""The arguments of a container service, and what is allowed in them."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi

from components.checks import between, each_once, need, one_of
from components.compute.options import Target
from components.compute.sizing import Size, statically_stable_size
from components.logs import RETENTION_DAYS
from components.tags import Tags

FARGATE_MIB: Mapping[int, Sequence[int]] = {
    256: (512, 1024, 2048),
    512: range(1024, 4096 + 1, 1024),
    1024: range(2048, 8192 + 1, 1024),
    2048: range(4096, 16384 + 1, 1024),
    4096: range(8192, 30720 + 1, 1024),
    8192: range(16384, 61440 + 1, 4096),
    16384: range(32768, 122880 + 1, 8192),
}
"""MiB of memory that a Fargate task may have, by its CPU units (1024 are one virtual CPU).
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html"""
ARCHITECTURES = ("X86_64", "ARM64")
STOP_SECONDS = (2, 120)
"""https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#container_definition_timeout"""


BAKE_MINUTES = (0, 1440)
"""https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html"""


class ServiceMetric(enum.StrEnum):
    """What target tracking of a service keeps at its target."""

    CPU = "cpu"
    """Average CPU of its tasks, in percent of what they have."""
    REQUESTS = "requests"
    """Requests of the load balancer for each task and minute."""
    BACKLOG = "backlog"
    """Messages of a queue that wait, for each running task."""


@dataclass(frozen=True, kw_only=True)
class Scaling:
    """How the number of tasks follows the load."""

    maximum: int
    """Tasks at most: as many as run, or more."""
    metric: ServiceMetric = ServiceMetric.CPU
    target: float = 50.0
    """What is kept of `metric`, above 0; of CPU at most 100. At 50 % in three zones the loss of one leaves 75 %."""
    queue_name: pulumi.Input[str] | None = None
    """The queue of `backlog`."""

    def check(self) -> None:
        """Raise ArgumentError for a target that can't be."""
        need(self.target > 0, "scaling.target", self.target, "above 0")
        percent = self.metric is not ServiceMetric.CPU or self.target <= 100  # noqa: PLR2004
        need(percent, "scaling.target", self.target, "at most 100 percent of CPU")


@dataclass(frozen=True, kw_only=True)
class Connect:
    """The name of a service in a namespace of Service Connect, and that it calls others by theirs."""

    namespace_arn: pulumi.Input[str]
    name: str
    """What other services call it: `http://name:port`."""


@dataclass(frozen=True, kw_only=True)
class BlueGreen:
    """What ECS moves when it deploys: the weights of a listener's rule, from one target group to the other.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html
    """

    alternate_arn: pulumi.Input[str]
    """The second target group of the rule."""
    rule_arn: pulumi.Input[str]
    bake_minutes: int = 10
    """How long both run after the requests have moved, 0 to 1,440: an alarm takes them back at once."""


@dataclass(frozen=True, kw_only=True)
class ContainerServiceArgs:
    """What a container service needs."""

    tags: Tags
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Zone id to private subnet, two zones or more."""
    security_group_ids: Sequence[pulumi.Input[str]]
    image: pulumi.Input[str]
    """The container's image with its tag or digest, as in `123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/web:1.4.2`."""
    required: int
    """Tasks that carry the load, 1 or more. So many more run that the loss of a zone leaves as many as this."""
    key_arn: pulumi.Input[str]
    """Customer key of the logs. Its policy must let CloudWatch Logs of the region use it."""
    repository_arn: pulumi.Input[str] | None = None
    """The repository of the image in ECR, from which the service may pull. None: an image that needs no permission."""
    port: int | None = 8080
    """Where the container listens, 1 to 65,535. None: nowhere, as a worker of a queue."""
    target: Target | None = None
    """The target group, of type `ip`, that the tasks serve. None: no load balancer serves them."""
    grace_period: int = 120
    """Seconds, 0 or more, before the load balancer's health checks count. Only with `target`."""
    blue_green: BlueGreen | None = None
    """How a new image takes the old one's place at once, and back. None: a rolling deployment. Only with `target`."""
    lattice_target_arn: pulumi.Input[str] | None = None
    """A target group of VPC Lattice, of type `IP`, in which ECS registers the tasks. None: they are on no service network."""
    registry_arn: pulumi.Input[str] | None = None
    """A service of Cloud Map in which ECS registers the tasks, with what their container's health check says. None: they are in none."""
    rollback_alarms: Sequence[pulumi.Input[str]] = ()
    """Names of alarms that take a deployment back while it is under way; one or more with `blue_green`."""
    connect: Connect | None = None
    """The name by which other services call it, if it listens, and that it calls them by theirs. None: neither."""
    running: int | None = None
    """Tasks that run where less stands by than is needed: at least one a zone, or 0. None: as many as `required` takes."""
    scaling: Scaling | None = None
    """What changes the number of tasks with the load. None: it stays."""
    spot_above_base: bool = False
    """Whether tasks beyond those that must run are Fargate Spot."""

    cpu: int = 512
    """CPU units of a task; 1024 are one virtual CPU."""
    memory: int = 1024
    """MiB of memory of a task; which values there are depends on `cpu`."""
    architecture: str = "X86_64"
    """X86_64 or ARM64: what the image is built for."""
    environment: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Plain environment variables. They stand readable in the task definition."""
    secrets: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Environment variable to ARN of the secret (Secrets Manager) that it holds when the container starts."""
    secret_key_arns: Sequence[pulumi.Input[str]] = ()
    """Customer keys that the secrets are encrypted with."""
    statements: Sequence[Mapping[str, Any]] = ()
    """IAM statements for the containers themselves; values may be outputs."""
    read_only: bool = True
    """Whether the container can't write to its own file system. An image that writes there needs False."""
    stop_timeout: int = 30
    """Seconds, 2 to 120, from the signal to end until a container is killed."""
    health_command: Sequence[str] = ()
    """What is run in the container to see whether it works, as in `("wget", "-qO-", "http://localhost:8080/health")`. None: nothing."""
    execute_command: bool = False
    """Whether people may run commands in the containers. The cluster says where that is logged."""
    command_log_arn: pulumi.Input[str] | None = None
    """The log group of those commands; exactly with `execute_command`."""
    cluster_arn: pulumi.Input[str] | None = None
    """The cluster to run in. None: one is made for this service. For Spot it has that capacity provider."""
    task_tags: Mapping[str, str] = field(default_factory=dict)
    """Tags of the service and its tasks besides `tags`."""
    log_retention_days: int = 90
    """How long logs are kept: one of CloudWatch Logs' values."""
    alarm_topic_arn: pulumi.Input[str] | None = None
    """Where it is told that fewer tasks run than are needed. None: no alarm."""

    @property
    def size(self) -> Size:
        """Tasks in each zone: with any one zone lost, `required` are left."""
        return statically_stable_size(self.required, len(self.subnet_ids))

    @property
    def count(self) -> int:
        """Tasks that run."""
        return self.size.total if self.running is None else self.running

    def check(self) -> None:
        """Raise ArgumentError for the first argument that can't be, naming argument, value and what is allowed."""
        need(len(self.subnet_ids) > 1, "subnet_ids", f"{len(self.subnet_ids)} zones", "two zones or more")
        need(self.required >= 1, "required", self.required, "1 or more tasks")
        need(bool(self.security_group_ids), "security_group_ids", "none", "one or more")
        need(self.image != "", "image", "an empty text", "an image with its tag or digest")
        if isinstance(self.image, str):
            pinned = ":" in self.image.rsplit("/", 1)[-1] and not self.image.endswith(":latest")
            allowed = (
                "an image with a tag other than latest, or a digest: a rollback must find the former image"
            )
            need(pinned, "image", repr(self.image), allowed)
        if self.port is not None:
            between("port", self.port, 1, 65_535)
        need(
            self.port is not None or self.target is None, "port", "none", "one that the load balancer reaches"
        )
        reached = self.port is not None or self.lattice_target_arn is None
        need(reached, "lattice_target_arn", "one", "none without a port: nothing reaches the tasks")
        listed = self.port is not None or self.registry_arn is None
        need(listed, "registry_arn", "one", "none without a port: nobody calls the tasks")
        logged = self.execute_command == (self.command_log_arn is not None)
        need(
            logged,
            "command_log_arn",
            "one" if self.command_log_arn else "none",
            "one exactly with execute_command",
        )
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
        writes = "false where commands may be run: their agent writes to the container's file system"
        need(not (self.execute_command and self.read_only), "read_only", "true", writes)
        self._check_count()
        self._check_deployment()
        need(self.grace_period >= 0, "grace_period", self.grace_period, "0 s or more")
        one_of("cpu", self.cpu, FARGATE_MIB)
        sizes = ", ".join(str(size) for size in FARGATE_MIB[self.cpu])
        need(
            self.memory in FARGATE_MIB[self.cpu],
            "memory",
            self.memory,
            f"with {self.cpu} CPU units {sizes} MiB",
        )
        one_of("architecture", self.architecture, ARCHITECTURES)
        each_once("environment and secrets", [*self.environment, *self.secrets])
        between("stop_timeout", self.stop_timeout, *STOP_SECONDS, "s")
        one_of("log_retention_days", self.log_retention_days, RETENTION_DAYS)

    def _check_count(self) -> None:
        zones, count = len(self.subnet_ids), self.count
        need(count == 0 or count >= zones, "running", count, f"0, or {zones} or more: one a zone")
        if self.scaling is not None:
            least = f"{self.size.total} or more: {self.required} are left of them with a zone lost"
            need(self.scaling.maximum >= self.size.total, "scaling.maximum", self.scaling.maximum, least)
            self.scaling.check()
            fits = self.scaling.metric is not ServiceMetric.REQUESTS or (
                self.target is not None and self.blue_green is None
            )
            allowed = (
                "any other without a load balancer, or with blue/green deployment: its target group changes"
            )
            need(fits, "scaling.metric", repr(str(self.scaling.metric)), allowed)
            need(
                (self.scaling.metric is ServiceMetric.BACKLOG) == (self.scaling.queue_name is not None),
                "scaling.queue_name",
                "one" if self.scaling.queue_name is not None else "none",
                f"one exactly with {ServiceMetric.BACKLOG}",
            )

    def _check_deployment(self) -> None:
        if self.blue_green is None:
            return
        need(self.target is not None, "blue_green", "one without a target", "none: there is no rule to move")
        # ECS then wants a second group and the rule of Lattice too, which pulumi_aws has no names for.
        alone = self.lattice_target_arn is None
        need(
            alone,
            "lattice_target_arn",
            "one",
            "none with blue/green deployment, which moves the load balancer's rule alone",
        )
        need(
            self.registry_arn is None,
            "registry_arn",
            "one",
            "none with blue/green deployment: clients that find tasks themselves would call both releases",
        )
        need(bool(self.rollback_alarms), "rollback_alarms", "none", "one or more with blue_green")
        between("blue_green.bake_minutes", self.blue_green.bake_minutes, *BAKE_MINUTES, "minutes")
