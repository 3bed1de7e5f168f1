"""The arguments of a container service, and what is allowed in them."""

from __future__ import annotations

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
    port: int = 8080
    """Where the container listens, 1 to 65,535."""
    target: Target | None = None
    """The target group, of type `ip`, that the tasks serve. None: no load balancer serves them."""
    grace_period: int = 120
    """Seconds, 0 or more, before the load balancer's health checks count. Only with `target`."""

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
    cluster_arn: pulumi.Input[str] | None = None
    """The cluster to run in. None: one is made for this service."""
    log_retention_days: int = 90
    """How long logs are kept: one of CloudWatch Logs' values."""
    alarm_topic_arn: pulumi.Input[str] | None = None
    """Where it is told that fewer tasks run than are needed. None: no alarm."""

    @property
    def size(self) -> Size:
        """Tasks in each zone: with any one zone lost, `required` are left."""
        return statically_stable_size(self.required, len(self.subnet_ids))

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
        between("port", self.port, 1, 65_535)
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
