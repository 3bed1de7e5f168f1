"""The optional parts of an auto-scaled tier, each a value that can be read alone."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.checks import ArgumentError, need

RELEASE = re.compile(r"[\w.-]{1,32}", re.ASCII)


class Resolution(enum.StrEnum):
    """When an image parameter is turned into an AMI id."""

    DEPLOYMENT = "deployment"
    """By the deployment, once for each release: the template names one AMI, so a refresh can be rolled back, and launches need no
    Systems Manager."""
    LAUNCH = "launch"
    """By EC2 at each launch (`resolve:ssm:`): new images without a deployment, but no rollback."""


@dataclass(frozen=True, kw_only=True)
class Image:
    """The golden image: exactly one of an AMI id and a Systems Manager parameter that holds one.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/using-systems-manager-parameters.html
    """

    ami_id: pulumi.Input[str] | None = None
    parameter: str | None = None
    """Name of the parameter, as in `/golden/web`; a version may be pinned as in `/golden/web:7`."""
    resolution: Resolution = Resolution.DEPLOYMENT
    """When `parameter` is read."""
    release: str = "1"
    """Names the image that a deployment took from `parameter`: it stays, whatever the parameter holds later, until this text is
    another one (a date, say). 1 to 32 letters, digits, dots, hyphens and underscores."""

    def __post_init__(self) -> None:
        if (self.ami_id is None) == (self.parameter is None):
            given = "neither" if self.ami_id is None else "both"
            raise ArgumentError("image", f"{given} of ami_id and parameter", "exactly one")
        if self.parameter == "":
            raise ArgumentError("image.parameter", "''", "the name of a Systems Manager parameter")
        fits = RELEASE.fullmatch(self.release) is not None
        need(
            fits,
            "image.release",
            repr(self.release),
            "1 to 32 letters, digits, dots, hyphens and underscores",
        )

    @property
    def fixed(self) -> bool:
        """Whether the launch template names an AMI, which a rollback needs."""
        return self.parameter is None or self.resolution is Resolution.DEPLOYMENT


AMAZON_LINUX_2023 = Image(parameter="/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64")
"""The current Amazon Linux 2023 for x86: https://docs.aws.amazon.com/linux/al2023/ug/ec2.html"""


@dataclass(frozen=True, kw_only=True)
class Target:
    """The target group that the tier's instances serve, and its load balancer."""

    arn: pulumi.Input[str]
    arn_suffix: pulumi.Input[str]
    """As in `targetgroup/web/1234567890abcdef`: a dimension of the load balancer's metrics."""
    load_balancer_arn_suffix: pulumi.Input[str]
    """As in `app/web/1234567890abcdef`."""
    listener_arn: pulumi.Input[str]
    """A listener that forwards to the target group: request tracking is refused until one does."""
    namespace: str = "AWS/ApplicationELB"
    """Of the load balancer's metrics; a network load balancer's are in AWS/NetworkELB, and count no requests."""


class Metric(enum.StrEnum):
    """What target tracking keeps at its target."""

    CPU = "ASGAverageCPUUtilization"
    """Average of the group in percent."""
    REQUESTS = "ALBRequestCountPerTarget"
    """Requests per target and minute at the load balancer."""


@dataclass(frozen=True, kw_only=True)
class Tracking:
    """One target tracking policy."""

    metric: Metric = Metric.CPU
    target: float = 50.0
    """Percent for CPU, requests a minute for requests. At 50 % in three zones the loss of one leaves 75 %."""
    disable_scale_in: bool = False


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """A queue whose messages the tier's instances take: the group's size follows how many wait."""

    queue_name: pulumi.Input[str]
    target: float = 10
    """Messages that wait for each instance in service, which scaling keeps; above 0."""
    first: int | None = None
    """Instances that the first message starts where none need run, 1 to the group's maximum. None: one a zone."""
    topic_arn: pulumi.Input[str] | None = None
    """Who is told when fewer instances are in service than carry the load. None: nobody."""


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """A recurring change of the group's size. None leaves a figure as it is."""

    name: str
    recurrence: str
    """Cron of five fields, as in `0 7 * * MON-FRI`."""
    min_size: int | None = None
    max_size: int | None = None
    desired_capacity: int | None = None
    time_zone: str = "Etc/UTC"
    """An IANA name; follows daylight saving time."""


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Spot above an on-demand base."""

    on_demand_base: int | None = None
    """Always on-demand. Default is the group's minimum: static stability never rests on Spot."""
    on_demand_percentage_above_base: int = 0
    """0 to 100."""


@dataclass(frozen=True, kw_only=True)
class InstanceRefresh:
    """How instances are replaced when the launch template changes.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html
    """

    min_healthy_percentage: int = 100
    """0 to 100. 100 launches a replacement before an instance is terminated."""
    max_healthy_percentage: int = 110
    """100 to 200, at most 100 above the minimum."""
    auto_rollback: bool = True
    """Go back when the refresh fails or an alarm rings. Needs an image that is fixed at deployment.

    EC2 Auto Scaling goes back to what the group had saved when the refresh began, and the provider saves the
    new template on the group first (hashicorp/terraform-provider-aws#34189): an alarm stops the rollout, but
    instances launched afterwards have the new template until the former program is deployed again.
    """
    alarm_names: Sequence[pulumi.Input[str]] = ()
    """Further alarms that stop a refresh, besides the tier's own alarms per zone. At most 10 together."""
    checkpoint_percentages: Sequence[int] = ()
    """Ascending, ending in 100: the refresh waits after each."""
    checkpoint_delay: int = 3600
    """Seconds to wait at a checkpoint, 0 to 172,800."""


class PoolState(enum.StrEnum):
    """The state in which warm instances wait."""

    STOPPED = "Stopped"
    RUNNING = "Running"
    HIBERNATED = "Hibernated"


@dataclass(frozen=True, kw_only=True)
class WarmPool:
    """Instances made ready in advance, for tiers that take minutes to start. Not with Spot.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-warm-pools.html
    """

    min_size: int = 0
    max_group_prepared_capacity: int | None = None
    """Warm and running instances together; None is the group's maximum."""
    state: PoolState = PoolState.STOPPED
    reuse_on_scale_in: bool = True


class Transition(enum.StrEnum):
    """Where a lifecycle hook holds an instance."""

    LAUNCHING = "autoscaling:EC2_INSTANCE_LAUNCHING"
    TERMINATING = "autoscaling:EC2_INSTANCE_TERMINATING"


@dataclass(frozen=True, kw_only=True)
class LifecycleHook:
    """Holds instances in a transition until something completes it, seen through EventBridge."""

    name: str
    transition: Transition
    heartbeat_timeout: int = 300
    """Seconds, 30 to 7,200."""
    metadata: str | None = None

    @property
    def default_result(self) -> str:
        """At the timeout an instance that isn't ready is given up, and one that is leaving leaves."""
        return "ABANDON" if self.transition is Transition.LAUNCHING else "CONTINUE"


@dataclass(frozen=True, kw_only=True)
class ZoneAlarms:
    """One alarm per zone, on healthy targets below the zone's share of the minimum."""

    zone_names: Mapping[str, pulumi.Input[str]]
    """Zone id to the name the account has for it, for each zone of the tier."""
    topic_arn: pulumi.Input[str]
