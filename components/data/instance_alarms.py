"""Alarms on a DB instance: whether it lives and how hard it works, and what storage it has left."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from components.operations.alarms import Comparison, Metric, Missing, alarm
from components.tags import Tags

CPU_PERCENT = 90
"""AWS's advice for an instance's processor.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html#RDS"""
FREE_SHARE = 0.1
"""Share of the storage first allocated that must be free: RDS lets it grow by itself below a tenth.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html"""
PERIODS = 5
_GIB = 1 << 30


def declare_instance_alarms(
    name: str,
    identifier: pulumi.Input[str],
    *,
    storage_gib: int,
    tags: Tags,
    actions: Sequence[pulumi.Input[str]],
    opts: pulumi.ResourceOptions,
) -> dict[str, pulumi.Output[str]]:
    """Declare them. Returns their names, by what they watch: `cpu` rings for an instance that reports nothing, too."""
    watched = (
        ("cpu", "CPUUtilization", "Average", Comparison.ABOVE, CPU_PERCENT, Missing.BREACHING,
         f"more than {CPU_PERCENT} % of the processor in use, or no word of it"),
        ("storage", "FreeStorageSpace", "Minimum", Comparison.BELOW, int(storage_gib * FREE_SHARE * _GIB), Missing.NOT_BREACHING,
         f"less than {FREE_SHARE:.0%} of {storage_gib} GiB free: storage no longer grows by itself"),
    )  # fmt: skip
    return {
        what: alarm(
            f"{name}-{what}",
            Metric(
                namespace="AWS/RDS",
                name=metric,
                statistic=statistic,
                dimensions={"DBInstanceIdentifier": identifier},
            ),
            comparison,
            threshold,
            periods=PERIODS,
            missing=missing,
            description=f"{name}: {words}",
            tags=tags,
            actions=actions,
            opts=opts,
        ).name
        for what, metric, statistic, comparison, threshold, missing, words in watched
    }
