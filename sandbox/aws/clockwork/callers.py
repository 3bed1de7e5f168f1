"""Who calls a function's alias on the clock, and how those calls fare: each version has its share of them, as the alias says.

Which version fails is said by who breaks it; nothing runs. Calls come evenly, and only what the alias has a metric of is told.
"""

from __future__ import annotations

from typing import Any

from sandbox.aws.client import ACCOUNT
from sandbox.aws.clockwork import expressions

A_MINUTE = 600.0
"""Calls; how many doesn't matter to a share of them."""
FAILING: set[tuple[str, str]] = set()
"""Functions by ARN, and the version of which every call fails."""
_NAMESPACE = "AWS/Lambda"


def weights(region: str, function: str, alias: str) -> dict[str, float]:
    """The share of an alias's calls that each version gets. Empty without such an alias."""
    from moto.awslambda.exceptions import UnknownAliasException, UnknownFunctionException
    from moto.awslambda.utils import get_backend

    try:
        found = get_backend(ACCOUNT, region).get_alias(alias, function)
    except (UnknownAliasException, UnknownFunctionException):
        return {}
    more = dict((found.routing_config or {}).get("AdditionalVersionWeights") or {})
    return {str(found.function_version): 1.0 - sum(more.values()), **more}


def known(alarm: Any) -> bool:
    """Whether it is an alarm of an expression over metrics of an alias of a function."""
    metrics = [each.metric_stat.metric for each in alarm.metric_data_queries or () if each.metric_stat]
    return bool(metrics) and all(
        metric.namespace == _NAMESPACE and "Resource" in _dimensions(metric) for metric in metrics
    )


def value(region: str, alarm: Any) -> float | None:
    """What its expression comes to in the last minute; None where nobody calls."""
    return expressions.value(alarm, lambda metric: _metric(region, metric))


def _metric(region: str, metric: Any) -> float | None:
    function, _, alias = _dimensions(metric)["Resource"].partition(":")
    shares = weights(region, function, alias)
    if not shares:
        return None
    if metric.metric_name == "Invocations":
        return A_MINUTE
    if metric.metric_name != "Errors":
        return None
    arn = f"arn:aws:lambda:{region}:{ACCOUNT}:function:{function}"
    return A_MINUTE * sum(share for version, share in shares.items() if (arn, version) in FAILING)


def _dimensions(metric: Any) -> dict[str, str]:
    return {each.name: each.value for each in metric.dimensions}
