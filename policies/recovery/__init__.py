"""Estimates how long recovery takes and how much data is lost, from the resources of any Pulumi AWS program.

Pure Python without Pulumi. `judge` does the work; `from_export` reads the resources of a state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policies.graph import Resource
from policies.graph.exports import from_export

from .facts import check, facts
from .model import Estimate, Failure, Verdict
from .report import Report, Violation, judge, table, undetermined, violations
from .settings import DEFAULT_TIERS, OBJECTIVES, Settings, settings_from, settings_of_rule

if TYPE_CHECKING:
    from .page import render_html

__all__ = [
    "DEFAULT_TIERS",
    "OBJECTIVES",
    "Estimate",
    "Failure",
    "Report",
    "Resource",
    "Settings",
    "Verdict",
    "Violation",
    "check",
    "facts",
    "from_export",
    "judge",
    "render_html",
    "settings_from",
    "settings_of_rule",
    "table",
    "undetermined",
    "violations",
]


def __getattr__(name: str) -> Any:
    """The HTML page is loaded when it is asked for: a policy pack, which starts at every preview, never does."""
    if name == "render_html":
        from .page import render_html

        return render_html
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
