"""What scaling by a queue looks at: messages that wait for each of those who work, as target tracking takes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

QUEUES, WAITING = "AWS/SQS", "ApproximateNumberOfMessagesVisible"
Dimensions = Mapping[str, pulumi.Input[str]]


def for_each(
    queue_name: pulumi.Input[str],
    state: str,
    working: tuple[str, str, Dimensions],
    *,
    none: str,
    who: str,
) -> Any:
    """The metrics of target tracking.

    `working` is namespace, name and dimensions of the metric of how many work, which `state` calls it; `who` they are. `none` is what
    messages are divided by where nobody works: nothing is divided by zero.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
    """
    namespace, name, dimensions = working
    return [
        _metric("waiting", QUEUES, WAITING, "Maximum", {"QueueName": queue_name}),
        _metric(state, namespace, name, "Average", dimensions),
        {
            "id": "backlog",
            "expression": f"waiting / IF(FILL({state}, 0) > 0, {state}, {none})",
            "label": f"Messages waiting for each {who}",
            "return_data": True,
        },
    ]


def _metric(id_: str, namespace: str, name: str, stat: str, dimensions: Dimensions) -> dict[str, Any]:
    named = [{"name": key, "value": value} for key, value in dimensions.items()]
    metric = {"namespace": namespace, "metric_name": name, "dimensions": named}
    return {"id": id_, "metric_stat": {"metric": metric, "stat": stat}, "return_data": False}
