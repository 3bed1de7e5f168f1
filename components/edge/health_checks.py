"""What Route 53 asks a region before it sends anyone there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.checks import between, need, one_of
from components.edge import checks
from components.options import handed_down
from components.tags import Tags

CHECKER_REGIONS = (
    "ap-northeast-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "eu-west-1",
    "sa-east-1",
    "us-east-1",
    "us-west-1",
    "us-west-2",
)
"""Where checkers are: https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html"""

MINIMUM_CHECKER_REGIONS = 3
SEARCH_LIMIT = 255


@dataclass(frozen=True, kw_only=True)
class Probe:
    """How an endpoint is asked. Defaults find a failure in 36 s: 3 checks 10 s apart, the last waits 6 s."""

    interval: int = 10
    """Seconds between checks, 10 or 30."""
    failure_threshold: int = 3
    """Checks in a row that change the state, 1 to 10."""
    regions: Sequence[str] = ()
    """Checker regions, three or more of `CHECKER_REGIONS`; none: all of them."""
    port: int = 443
    """HTTPS port, 1 to 65535."""

    def validate(self) -> None:
        """Raise ArgumentError for the first argument that AWS would refuse."""
        one_of("probe.interval", self.interval, (10, 30))
        between("probe.failure_threshold", self.failure_threshold, 1, 10, "checks")
        between("probe.port", self.port, 1, 65535)
        for region in self.regions:
            one_of("probe.regions", region, CHECKER_REGIONS)
        enough = not self.regions or len(set(self.regions)) >= MINIMUM_CHECKER_REGIONS
        need(enough, "probe.regions", repr(list(self.regions)), "none, or three or more different ones")


def endpoint_check(
    name: str,
    *,
    endpoint: pulumi.Input[str],
    path: str,
    text: str | None,
    probe: Probe,
    tags: Tags,
    opts: pulumi.ResourceOptions,
    inverted: bool = False,
) -> aws.route53.HealthCheck:
    """Register a check of `https://endpoint/path`; `text`, if any, must be in the first 5120 bytes.

    `inverted`: it is healthy while the endpoint isn't, and unhealthy until Route 53 has asked often enough to tell.
    """
    return aws.route53.HealthCheck(
        name,
        type="HTTPS_STR_MATCH" if text else "HTTPS",
        fqdn=endpoint,
        port=probe.port,
        resource_path=path,
        search_string=text,
        enable_sni=True,
        request_interval=probe.interval,
        failure_threshold=probe.failure_threshold,
        regions=sorted(set(probe.regions)) or None,
        invert_healthcheck=inverted or None,
        measure_latency=False,
        tags=tags.resource(name),
        opts=opts,
    )


def calculated_check(
    name: str,
    children: Sequence[pulumi.Input[str]],
    threshold: int,
    tags: Tags,
    opts: pulumi.ResourceOptions,
) -> aws.route53.HealthCheck:
    """Register a check that is healthy while at least `threshold` of its children are."""
    return aws.route53.HealthCheck(
        name,
        type="CALCULATED",
        child_healthchecks=list(children),
        child_health_threshold=threshold,
        tags=tags.resource(name),
        opts=opts,
    )


@dataclass(frozen=True, kw_only=True)
class AlarmCheck:
    """A CloudWatch alarm of one metric, at standard resolution; Route 53 takes no composite alarm."""

    name: pulumi.Input[str]
    region: str
    """Region of the alarm."""
    missing: str = "LastKnownStatus"
    """State while the metric has no data: Healthy, Unhealthy or LastKnownStatus."""


@dataclass(frozen=True, kw_only=True)
class HealthChecksArgs:
    """What the health checks of one region need."""

    endpoint: pulumi.Input[str]
    """DNS name of the region's load balancer. A name that fails over itself would always be healthy."""
    tags: Tags
    shallow_path: str = "/health"
    """A light path: does the edge answer."""
    deep_path: str = "/health/deep"
    """A path that exercises the application and its stores: does the system work."""
    deep_text: str | None = None
    """Text that the deep answer must hold, 1 to 255 characters; None: its status (2xx or 3xx) decides."""
    probe: Probe = field(default_factory=Probe)
    alarm: AlarmCheck | None = None
    """An alarm that must not ring."""
    others: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Further checks by name that must be healthy too: a Region switch plan's, a routing control's."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse or that undoes resilience."""
        checks.path("shallow_path", self.shallow_path)
        checks.path("deep_path", self.deep_path)
        differs = self.deep_path != self.shallow_path or self.deep_text is not None
        need(differs, "deep_path", repr(self.deep_path), "another than shallow_path, or deep_text beside it")
        if self.deep_text is not None:
            between("deep_text.length", len(self.deep_text), 1, SEARCH_LIMIT, "characters")
        if self.alarm is not None:
            one_of("alarm.missing", self.alarm.missing, ("Healthy", "Unhealthy", "LastKnownStatus"))
        self.probe.validate()


class HealthChecks(pulumi.ComponentResource):
    """Whether a region may serve: its edge answers, its application works, alarm and others agree.

    Creates: a shallow and a deep HTTPS check, a check of the alarm, and a calculated check that needs all of
    them. Survives: checkers sit in eight regions, and more than 18 % of them must see an endpoint healthy; no
    region's control plane takes part in a failover. Costs: each check a month, more for HTTPS, fast interval
    and text.
    Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
    """

    shallow_id: pulumi.Output[str]
    deep_id: pulumi.Output[str]
    alarm_id: pulumi.Output[str] | None
    calculated_id: pulumi.Output[str]
    recovery_check: Mapping[str, int]
    """How the region is watched, for the facts of the records that follow it."""

    def __init__(self, name: str, args: HealthChecksArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:edge:HealthChecks", name, {}, handed_down(opts))
        child = pulumi.ResourceOptions(parent=self)
        self.shallow_id = endpoint_check(
            f"{name}-shallow",
            endpoint=args.endpoint,
            path=args.shallow_path,
            text=None,
            probe=args.probe,
            tags=args.tags,
            opts=child,
        ).id
        self.deep_id = endpoint_check(
            f"{name}-deep",
            endpoint=args.endpoint,
            path=args.deep_path,
            text=args.deep_text,
            probe=args.probe,
            tags=args.tags,
            opts=child,
        ).id
        self.alarm_id = None
        children: list[pulumi.Input[str]] = [self.shallow_id, self.deep_id]
        if args.alarm is not None:
            self.alarm_id = aws.route53.HealthCheck(
                f"{name}-alarm",
                type="CLOUDWATCH_METRIC",
                cloudwatch_alarm_name=args.alarm.name,
                cloudwatch_alarm_region=args.alarm.region,
                insufficient_data_health_status=args.alarm.missing,
                tags=args.tags.resource(f"{name}-alarm"),
                opts=child,
            ).id
            children.append(self.alarm_id)
        children.extend(args.others[other] for other in sorted(args.others))
        self.calculated_id = calculated_check(f"{name}-all", children, len(children), args.tags, child).id
        self.recovery_check = {
            "interval_s": args.probe.interval,
            "threshold": args.probe.failure_threshold,
        }
        self.register_outputs(
            {
                "shallow_id": self.shallow_id,
                "deep_id": self.deep_id,
                "alarm_id": self.alarm_id,
                "calculated_id": self.calculated_id,
            }
        )
