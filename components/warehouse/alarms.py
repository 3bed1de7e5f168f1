"""What is watched of a warehouse."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.operations import Comparison, Metric, Missing, alarm
from components.warehouse.args import WarehouseArgs

FULL_PERCENT = 80
"""AWS's own alarm of disk space: https://docs.aws.amazon.com/redshift/latest/mgmt/managing-cluster-considerations.html"""


@dataclass(frozen=True)
class Watched:
    """One alarm of a metric of the cluster, of periods of a minute that all breach.

    https://docs.aws.amazon.com/redshift/latest/mgmt/metrics-listing.html
    """

    metric: str
    statistic: str
    comparison: Comparison
    threshold: float
    about: str
    minutes: int
    missing: Missing


WATCHED = {
    "health": Watched(
        "HealthStatus", "Minimum", Comparison.BELOW, 1, "it answers no query", 5, Missing.BREACHING
    ),
    "disk": Watched(
        "PercentageDiskSpaceUsed",
        "Maximum",
        Comparison.AT_LEAST,
        FULL_PERCENT,
        f"{FULL_PERCENT} % of its storage are used",
        5,
        Missing.NOT_BREACHING,
    ),
    "processors": Watched(
        "CPUUtilization",
        "Average",
        Comparison.ABOVE,
        90,
        "its nodes are busy",
        60,
        Missing.NOT_BREACHING,
    ),
}
"""The alarms of a warehouse, by name."""


def declare_alarms(
    name: str, args: WarehouseArgs, *, identifier: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> dict[str, pulumi.Output[str]]:
    """Declare them. Returns the alarms' names, by what they watch."""
    dimensions = {"ClusterIdentifier": identifier}
    return {
        what: alarm(
            f"{name}-{what}",
            Metric(
                namespace="AWS/Redshift",
                name=each.metric,
                statistic=each.statistic,
                dimensions=dimensions,
            ),
            each.comparison,
            each.threshold,
            missing=each.missing,
            description=f"{name}: {each.about}",
            tags=args.tags,
            actions=args.actions,
            periods=each.minutes,
            opts=opts,
        ).name
        for what, each in WATCHED.items()
    }
