"""Alarms on what clients of an API see."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.edge.api_args import ApiArgs
from components.operations import Comparison, Expression, Metric, Missing, alarm

_MINUTES = 3


class ApiAlarms:
    """On the share of errors, and on how long answers take."""

    names: Mapping[str, pulumi.Output[str]]
    """By symptom."""
    arns: Mapping[str, pulumi.Output[str]]

    def __init__(
        self,
        name: str,
        args: ApiArgs,
        dimensions: Mapping[str, pulumi.Input[str]],
        opts: pulumi.ResourceOptions,
        *,
        errors: str,
    ) -> None:
        """`dimensions` tell the API in its metrics, of which `errors` counts what is answered 5xx."""

        def metric(metric: str, statistic: str) -> Metric:
            return Metric(namespace="AWS/ApiGateway", name=metric, statistic=statistic, dimensions=dimensions)

        rate = Expression(
            expression="100 * FILL(errors, 0) / requests",
            label="5xx answers, per cent",
            metrics={"errors": metric(errors, "Sum"), "requests": metric("Count", "Sum")},
        )
        watched: list[tuple[str, Metric | Expression, float, str]] = [
            (
                "errors",
                rate,
                args.error_percent,
                f"more than {args.error_percent:g} % of requests are answered 5xx",
            ),
            (
                "latency",
                metric("Latency", "p99"),
                args.latency_seconds * 1000,
                f"one request in a hundred waits longer than {args.latency_seconds:g} s",
            ),
        ]
        made = {
            what: alarm(
                f"{name}-{what}",
                source,
                Comparison.ABOVE,
                threshold,
                missing=Missing.NOT_BREACHING,  # no requests, no errors
                description=f"{name}: {about}",
                tags=args.tags,
                actions=args.actions,
                periods=_MINUTES,
                opts=opts,
            )
            for what, source, threshold, about in watched
        }
        self.names = {what: each.name for what, each in made.items()}
        self.arns = {what: each.arn for what, each in made.items()}
