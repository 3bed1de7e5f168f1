"""The way over: plans and switches that move a system between regions and zones, and what rehearses them."""

from __future__ import annotations

from components.switch.region_switch import RegionSwitch
from components.switch.region_switch_args import RegionSwitchArgs, Report, Trigger
from components.switch.steps import Approval, GlobalDatabase, Minutes, Traffic

__all__ = [
    "Approval",
    "GlobalDatabase",
    "Minutes",
    "RegionSwitch",
    "RegionSwitchArgs",
    "Report",
    "Traffic",
    "Trigger",
]
