"""The arguments of instances, and of a tier of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi

from components.compute.options import (
    AMAZON_LINUX_2023,
    Backlog,
    Image,
    InstanceRefresh,
    LifecycleHook,
    Schedule,
    Spot,
    Target,
    Tracking,
    WarmPool,
    ZoneAlarms,
)
from components.tags import Tags


@dataclass(frozen=True, kw_only=True)
class ServerArgs:
    """What instances are, whatever group they are in."""

    tags: Tags
    instance_tags: Mapping[str, str] = field(default_factory=dict)
    """Further tags of the instances alone."""
    security_group_ids: Sequence[pulumi.Input[str]]
    key_arn: pulumi.Input[str]
    """Customer key of the volumes. Its policy must let the service-linked role `AWSServiceRoleForAutoScaling`
    use it and create grants:
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html"""
    image: Image = AMAZON_LINUX_2023
    user_data: pulumi.Input[str] | None = None
    """Bootstrapping script, plain text of at most 16,384 bytes; the component encodes it."""
    instance_types: Sequence[str] = ("m7i.large",)
    """In order of preference. With several, on-demand falls back to the next; Spot needs three or more."""
    root_device: str = "/dev/xvda"
    """The image's root device; that of Amazon Linux by default."""
    root_volume_gib: int = 20
    """8 to 16,384."""
    hop_limit: int = 1
    """IMDSv2 hops, 1 to 64. 1 keeps tokens on the host; containers with a bridge network need 2."""
    statements: Sequence[Mapping[str, Any]] = ()
    """IAM statements for the instances' role besides Session Manager's; values may be outputs."""
    grace_period: int = 330
    """Seconds before health checks count, 0 or more: longer than start and first healthy check. With a shorter one a slow start is
    taken for a failure, and replaced by the next. Default: five minutes to start, and two checks."""


@dataclass(frozen=True, kw_only=True)
class AutoScaledTierArgs(ServerArgs):
    """What an auto-scaled tier needs. Sizes come from `statically_stable_size` and `standby_size`."""

    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Zone id to private subnet, two zones or more."""
    min_size: int
    """Instances; at least one a zone, or 0: the tier is defined and nothing of it runs."""
    max_size: int
    """Instances; at least `min_size`."""
    required: int | None = None
    """Instances that carry the load, told by the tag `dr:required-capacity`, so that the loss of a zone can be
    judged. None: all that run are needed."""
    desired_capacity: int | None = None
    """Only for the first deployment; default is `min_size`. Afterwards scaling decides."""

    target: Target | None = None
    """None is a tier that no load balancer serves, as workers of a queue: EC2 health checks only."""
    instance_warmup: int = 120
    """Seconds before a new instance counts in metrics, 0 or more."""
    tracking: Sequence[Tracking] = (Tracking(),)
    backlog: Backlog | None = None
    """A queue that the size follows, beside or instead of `tracking`. None: none."""
    schedules: Sequence[Schedule] = ()
    spot: Spot | None = None
    refresh: InstanceRefresh = field(default_factory=InstanceRefresh)
    warm_pool: WarmPool | None = None
    lifecycle_hooks: Sequence[LifecycleHook] = ()
    zone_alarms: ZoneAlarms | None = None

    @property
    def zones(self) -> int:
        """Number of zones the tier runs in."""
        return len(self.subnet_ids)

    @property
    def mixed(self) -> bool:
        """Whether the group has a mixed instances policy."""
        return self.spot is not None or len(self.instance_types) > 1

    @property
    def on_demand_base(self) -> int:
        """Instances below Spot."""
        base = self.spot.on_demand_base if self.spot else None
        return self.min_size if base is None else base
