"""Alarms on a region's Aurora cluster: what is wrong with it when a system that uses it shows symptoms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.checks import need
from components.operations.alarms import Comparison, Metric, Missing, alarm
from components.tags import Tags


@dataclass(frozen=True, kw_only=True)
class AuroraLimits:
    """When the region's Aurora cluster is in trouble."""

    cluster_identifier: pulumi.Input[str]
    connections: int
    """Connections of the writer, some 80 % of the parameter group's `max_connections`; at least 1."""
    cpu_percent: float = 90
    """CPU of the writer, above 0 to 100."""
    global_lag_seconds: float | None = None
    """For a member of a global database: how far behind the writer's region it may be; above 0. No alarm
    without it."""

    def check(self) -> None:
        """Raise ArgumentError for a limit that can't be."""
        need(self.connections >= 1, "connections", self.connections, "1 or more")
        percent("cpu_percent", self.cpu_percent)
        if (lag := self.global_lag_seconds) is not None:
            need(lag > 0, "global_lag_seconds", lag, "above 0")


def percent(argument: str, value: float) -> None:
    """Raise ArgumentError for what is no share."""
    need(0 < value <= 100, argument, value, "above 0 to 100")  # noqa: PLR2004 -- per cent


def aurora_alarms(
    name: str,
    limits: AuroraLimits,
    *,
    tags: Tags,
    actions: Sequence[pulumi.Input[str]],
    opts: pulumi.ResourceOptions,
) -> None:
    """Have somebody told when the cluster is past its limits; `name` begins the alarms' names."""
    cluster = {"DBClusterIdentifier": limits.cluster_identifier}
    writer = {**cluster, "Role": "WRITER"}
    # Writer and follower change places in a failover, before any deployment: in the region without the
    # writer its metrics end, in the writer's region the lag does. So the end of data is told
    # (INSUFFICIENT_DATA notifies), but is no breach.
    watched: list[tuple[str, str, str, Mapping[str, pulumi.Input[str]], float]] = [
        ("cpu", "CPUUtilization", "Average", writer, limits.cpu_percent),
        ("connections", "DatabaseConnections", "Maximum", writer, limits.connections),
    ]
    if limits.global_lag_seconds is not None:
        milliseconds = limits.global_lag_seconds * 1000
        watched.append(("lag", "AuroraGlobalDBReplicationLag", "Maximum", cluster, milliseconds))
    for what, metric, statistic, dimensions, threshold in watched:
        alarm(
            f"{name}-{what}",
            Metric(namespace="AWS/RDS", name=metric, statistic=statistic, dimensions=dimensions),
            Comparison.ABOVE,
            threshold,
            missing=Missing.INSUFFICIENT,
            description=f"{metric} is above {threshold:g}",
            tags=tags,
            actions=actions,
            periods=5,
            notify_insufficient_data=True,
            opts=opts,
        )
