"""Estimates how long recovery takes and how much data is lost, from the resources of any Pulumi AWS program.

Pure Python without Pulumi. `judge` does the work; `from_policy` and `from_export` read resources.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .facts import check, facts
from .graph import Graph, Resource
from .model import UNKNOWN, Estimate, Failure, Unknown, Verdict
from .report import Report, Violation, judge, table, undetermined, violations
from .settings import DEFAULT_TIERS, OBJECTIVES, Settings, settings_from
from .sources import from_export, from_policy

if TYPE_CHECKING:
    from .page import render_html

__all__ = [
    "DEFAULT_TIERS",
    "OBJECTIVES",
    "UNKNOWN",
    "Estimate",
    "Failure",
    "Graph",
    "Report",
    "Resource",
    "Settings",
    "Unknown",
    "Verdict",
    "Violation",
    "check",
    "facts",
    "from_export",
    "from_policy",
    "judge",
    "render_html",
    "settings_from",
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
