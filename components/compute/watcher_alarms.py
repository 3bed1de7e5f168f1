"""What tells that a pair is not watched, that nobody serves, or that nobody stands by."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.compute.pair import MEMBERS
from components.operations import Comparison, Metric, Missing, alarm
from components.tags import Tags
from functions.active_standby.telling import DIMENSION, NAMESPACE

REPLACED_MINUTES = 15
"""In which a lost standby is noticed, launched and started: a minute, two, five, and as much again."""


def declare_watcher_alarms(
    name: str,
    *,
    pair: str,
    function_name: pulumi.Input[str],
    queue_name: pulumi.Input[str],
    running: int,
    topic_arn: pulumi.Input[str],
    tags: Tags,
    opts: pulumi.ResourceOptions,
) -> dict[str, pulumi.Output[str]]:
    """Declare the alarms of a watcher. Returns their ARNs."""

    def state(metric: str) -> Metric:
        return Metric(namespace=NAMESPACE, name=metric, statistic="Maximum", dimensions={DIMENSION: pair})

    def lives(what: str, metric: str, minutes: int, description: str) -> pulumi.Output[str]:
        return alarm(
            f"{name}-{what}",
            state(metric),
            Comparison.BELOW,
            1,
            missing=Missing.BREACHING,  # the metric proves that somebody watches
            description=f"{pair}: {description}",
            tags=tags,
            actions=[topic_arn],
            periods=minutes,
            opts=opts,
        ).arn

    def counts(what: str, metric: str, of: Mapping[str, pulumi.Input[str]], said: str) -> pulumi.Output[str]:
        namespace, dimensions = ("AWS/Lambda", of) if "FunctionName" in of else ("AWS/SQS", of)
        return alarm(
            f"{name}-{what}",
            Metric(namespace=namespace, name=metric, statistic="Maximum", dimensions=dimensions),
            Comparison.ABOVE,
            0,
            missing=Missing.NOT_BREACHING,  # no invocation, no error: the alarm on serving tells of that
            description=f"{pair}: {said}",
            tags=tags,
            actions=[topic_arn],
            opts=opts,
        ).arn

    found = {
        "errors": counts("errors", "Errors", {"FunctionName": function_name}, "a watch failed"),
        "unscheduled": counts(
            "unscheduled",
            "ApproximateNumberOfMessagesVisible",
            {"QueueName": queue_name},
            "a watch could not be started",
        ),
    }
    if running:
        found["serving"] = lives("serving", "Serving", 2, "nobody serves, or nobody watches")
    if running == MEMBERS:
        said = "nobody stands by: the next failure is an outage"
        found["spare"] = lives("spare", "StandbyHealthy", REPLACED_MINUTES, said)
    return found
