"""Expressions of alarms over several metrics, worked out.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

_OPERATIONS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def value(alarm: Any, ask: Callable[[Any], float | None]) -> float | None:
    """What an alarm's expression comes to, of metrics that `ask` tells; None where one that it needs has no data, or is divided by 0."""
    values = {each.id: ask(each.metric_stat.metric) for each in alarm.metric_data_queries if each.metric_stat}
    said = next(each.expression for each in alarm.metric_data_queries if each.expression)
    try:
        return _worked_out(ast.parse(said, mode="eval").body, values)
    except (ZeroDivisionError, LookupError):
        return None


def _worked_out(node: ast.expr, values: Mapping[str, float | None]) -> float:
    """Numbers, names of metrics, the four operations and FILL. ValueError for anything else, LookupError without data."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.Name):
        found = values[node.id]
        if found is None:
            raise LookupError(node.id)
        return found
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        return _OPERATIONS[type(node.op)](_worked_out(node.left, values), _worked_out(node.right, values))
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "FILL":
        metric, instead = node.args
        missing = isinstance(metric, ast.Name) and values[metric.id] is None
        return _worked_out(instead if missing else metric, values)
    raise ValueError(f"an alarm's expression has {ast.unparse(node)}, which isn't worked out here")
