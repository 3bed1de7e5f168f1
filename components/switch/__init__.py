"""The way over: plans and switches that move a system between regions and zones, and what rehearses them."""

from __future__ import annotations

from components.switch.decision import DataPlaneSwitch, DataPlaneSwitchArgs
from components.switch.definition import Pace
from components.switch.region_switch import RegionSwitch
from components.switch.region_switch_args import RegionSwitchArgs, Report, Trigger
from components.switch.steps import Approval, GlobalDatabase, Minutes, Traffic
from components.switch.takeover import Takeover, TakeoverArgs

__all__ = [
    "Approval",
    "DataPlaneSwitch",
    "DataPlaneSwitchArgs",
    "GlobalDatabase",
    "Minutes",
    "Pace",
    "RegionSwitch",
    "RegionSwitchArgs",
    "Report",
    "Takeover",
    "TakeoverArgs",
    "Traffic",
    "Trigger",
]
