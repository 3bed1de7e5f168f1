"""A switch without a price: who decides writes one number in the region that takes over, and traffic follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.checks import need
from components.edge.health_checks import calculated_check
from components.operations import Comparison, Metric, Missing, alarm
from components.options import handed_down
from components.tags import Tags

NAMESPACE, METRIC = "Holdfast/Switch", "TakenOver"
"""The metric that a decision is: 1 takes over, 0 gives back. It is written in the region that takes over."""


def taken_from(region: str, system: str) -> Mapping[str, str]:
    """Dimensions of the decision to take a system over from a region."""
    return {"From": region, "System": system}


@dataclass(frozen=True, kw_only=True)
class DataPlaneSwitchArgs:
    """What the switch of one region needs."""

    region: str
    """The region that can be taken over from."""
    peer_region: str
    """The region that takes over: the decision is kept there."""
    system: str
    """Name of the system, unique in the account's region."""
    health_check_id: pulumi.Input[str]
    """Check of the region's endpoints."""
    peer_actions: Sequence[pulumi.Input[str]] = ()
    """Topics of `peer_region` that are told of a decision; none where they are made after this."""
    tags: Tags

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that can't be."""
        need(self.region != self.peer_region, "peer_region", repr(self.peer_region), "another than region")
        need(bool(self.system), "system", "''", "the system's name")


class DataPlaneSwitch(pulumi.ComponentResource):
    """Whether clients may be sent to a region: its endpoints answer, and nobody decided for the other region.

    | decided for the other region | endpoints answer | other region | clients may be sent here |
    | --- | --- | --- | --- |
    | no | yes | up or lost | yes |
    | no | no | up or lost | no |
    | yes | yes or no | up or lost | no |

    The decision is the last number written to a metric in the other region, so taking over needs that region's data plane alone. The
    check follows the metric; without data it keeps its last known state. So losing the other region moves nobody, before a decision
    or after one, and traffic comes back when somebody gives it back: with the metric's number, when that region is there again.

    Creates: an alarm in the other region, a check of its metric, a calculated check. Survives: loss of either region. Costs: an alarm
    and two health checks a month.
    Source: https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html (InsufficientDataHealthStatus),
    https://aws.amazon.com/blogs/networking-and-content-delivery/creating-disaster-recovery-mechanisms-using-amazon-route-53/
    """

    check_id: pulumi.Output[str]
    """Check that the region's record of the site follows."""
    decision_id: pulumi.Output[str]
    """Check of the decision alone."""

    def __init__(
        self, name: str, args: DataPlaneSwitchArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.check()
        super().__init__("holdfast:switch:DataPlaneSwitch", name, {}, handed_down(opts))
        child = pulumi.ResourceOptions(parent=self)
        taken = alarm(
            f"{name}-taken",
            Metric(
                namespace=NAMESPACE,
                name=METRIC,
                statistic="Maximum",
                dimensions=taken_from(args.region, args.system),
            ),
            Comparison.ABOVE,
            0,
            missing=Missing.IGNORE,  # a decision stands until there is another
            description=f"{args.peer_region} has taken {args.system} over from {args.region}",
            tags=args.tags,
            actions=args.peer_actions,
            region=args.peer_region,
            opts=child,
        )
        self.decision_id = aws.route53.HealthCheck(
            f"{name}-decision",
            type="CLOUDWATCH_METRIC",
            cloudwatch_alarm_name=taken.name,
            cloudwatch_alarm_region=args.peer_region,
            insufficient_data_health_status="LastKnownStatus",
            tags=args.tags.resource(f"{name}-decision"),
            opts=child,
        ).id
        both = [args.health_check_id, self.decision_id]
        self.check_id = calculated_check(f"{name}-may-serve", both, len(both), args.tags, child).id
        self.register_outputs({"check_id": self.check_id, "decision_id": self.decision_id})
