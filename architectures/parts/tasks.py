"""What a service of tasks is given, whatever kind of system it belongs to, and how many run in a region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pulumi

from architectures.faults import PLACEHOLDER
from architectures.foundation import Foundation
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.parts.images import Pulled
from architectures.stack import Stack
from components.compute import ContainerServiceArgs, standby_size, statically_stable_size
from components.permissions import Statement
from components.tags import Tags


class Given(Protocol):
    """What a kind's settings say of the tasks of a service."""

    @property
    def image(self) -> str | None:
        """The digest that runs; None waits for the first one."""

    @property
    def cpu(self) -> int:
        """Units of a task; 1024 are one virtual CPU."""

    @property
    def memory(self) -> int:
        """MiB of a task."""

    @property
    def architecture(self) -> str:
        """What the image is built for."""

    @property
    def required_tasks(self) -> int:
        """Tasks that carry the load."""

    @property
    def environment(self) -> Mapping[str, str]:
        """Plain variables."""

    @property
    def read_only(self) -> bool:
        """Whether a container can't write to its own file system."""


@dataclass(frozen=True, kw_only=True)
class Around:
    """What stands around the tasks of a service in its region."""

    tags: Tags
    subnet_ids: Mapping[str, pulumi.Input[str]]
    group_id: pulumi.Input[str]
    pulled: Pulled
    key_arn: pulumi.Input[str]
    topic_arn: pulumi.Input[str]
    cluster_arn: pulumi.Input[str]

    @classmethod
    def of(
        cls,
        ground: Foundation,
        tags: Tags,
        *,
        group_id: pulumi.Input[str],
        pulled: Pulled,
        cluster_arn: pulumi.Input[str],
    ) -> Around:
        """On the region's ground, in a cluster and a security group of the system's."""
        return cls(
            tags=tags,
            subnet_ids=ground.network.private_subnet_ids,
            group_id=group_id,
            pulled=pulled,
            key_arn=ground.key_arn,
            topic_arn=ground.topic.arn,
            cluster_arn=cluster_arn,
        )

    @classmethod
    def placeholder(cls, given: Given, stack: Stack) -> Around:
        """For checks: the ids of what doesn't exist yet replaced."""
        return cls(
            tags=PLACEHOLDER_TAGS,
            subnet_ids=dict.fromkeys(stack.zones, PLACEHOLDER),
            group_id=PLACEHOLDER,
            pulled=Pulled(image=given.image or f"{PLACEHOLDER}:1", repository_arn=PLACEHOLDER),
            key_arn=PLACEHOLDER,
            topic_arn=PLACEHOLDER,
            cluster_arn=PLACEHOLDER,
        )


def running(required: int, stack: Stack, share: float) -> int:
    """Tasks that run in the region: that share of what the whole load needs with a zone lost, of which `required` must be left."""
    return standby_size(statically_stable_size(required, len(stack.zones)), share).total


def service(
    given: Given,
    stack: Stack,
    share: float,
    around: Around,
    *,
    environment: Mapping[str, pulumi.Input[str]],
    statements: Sequence[Statement],
) -> ContainerServiceArgs:
    """The arguments of a service that nobody calls; `environment` is what the program tells it beside the settings' own."""
    return ContainerServiceArgs(
        tags=around.tags,
        subnet_ids=around.subnet_ids,
        security_group_ids=[around.group_id],
        image=around.pulled.image,
        required=given.required_tasks,
        running=running(given.required_tasks, stack, share),
        key_arn=around.key_arn,
        repository_arn=around.pulled.repository_arn,
        port=None,
        cpu=given.cpu,
        memory=given.memory,
        architecture=given.architecture,
        environment={**given.environment, **environment},
        statements=statements,
        read_only=given.read_only,
        cluster_arn=around.cluster_arn,
        alarm_topic_arn=around.topic_arn,
    )
