"""Alarms on what a round has found, and on rounds that don't come."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from architectures.content import names
from components.operations import Comparison, Metric, Missing, alarm
from components.tags import Tags
from functions.content.reconcile import BLOBS, METADATA, ROUNDS

_DAY = 86_400


def declare_alarms(
    name: str,
    system: str,
    *,
    tags: Tags,
    actions: Sequence[pulumi.Input[str]],
    opts: pulumi.ResourceOptions,
) -> None:
    """Declare them; `system` is what the metrics say it is called. What a round found stays told of until another one has found nothing."""

    def found(what: str, statistic: str, seconds: int) -> Metric:
        return Metric(
            namespace=names.METRICS,
            name=what,
            statistic=statistic,
            dimensions={"System": system},
            period_seconds=seconds,
        )

    for what, metric, about in (
        ("unrecorded", BLOBS, "objects were there that no event had told of: the table has them now"),
        ("missing", METADATA, "the table speaks of objects that are gone although nobody deleted them"),
    ):
        alarm(
            f"{name}-{what}",
            found(metric, "Maximum", 60),
            Comparison.ABOVE,
            0,
            missing=Missing.IGNORE,
            description=f"{name}: {about}",
            tags=tags,
            actions=actions,
            opts=opts,
        )
    alarm(
        f"{name}-unreconciled",
        found(ROUNDS, "Sum", _DAY),
        Comparison.BELOW,
        1,
        missing=Missing.BREACHING,
        description=f"{name}: no round that compares bucket and table has ended for a day",
        tags=tags,
        actions=actions,
        opts=opts,
    )
