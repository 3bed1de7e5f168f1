"""The way over: plans and switches that move a system between regions and zones, and what rehearses them."""

from __future__ import annotations

from components.switch.autoshift import ZonalAutoshift, ZonalAutoshiftArgs
from components.switch.calls import Pace
from components.switch.decision import DataPlaneSwitch, DataPlaneSwitchArgs
from components.switch.experiments import (
    CLUSTERS,
    EXPERIMENTS,
    INSTANCES,
    SUBNETS,
    TASKS,
    Experiments,
    ExperimentsArgs,
    opt_in,
)
from components.switch.nodes import NodeGroup
from components.switch.region_switch import RegionSwitch
from components.switch.region_switch_args import RegionSwitchArgs, Report, Trigger
from components.switch.replicas import PromotedReplica
from components.switch.server_recovery import ServerRecovery, ServerRecoveryArgs
from components.switch.servers import ServerGroup
from components.switch.steps import Approval, GlobalDatabase, Minutes, MovedStores, ServicePair, Traffic
from components.switch.store_switch import StoreSwitch, StoreSwitchArgs
from components.switch.stores import FollowingFiles, GlobalCache
from components.switch.takeover import Takeover, TakeoverArgs
from components.switch.tasks import ScaledService

__all__ = [
    "CLUSTERS",
    "EXPERIMENTS",
    "INSTANCES",
    "SUBNETS",
    "TASKS",
    "Approval",
    "DataPlaneSwitch",
    "DataPlaneSwitchArgs",
    "Experiments",
    "ExperimentsArgs",
    "FollowingFiles",
    "GlobalCache",
    "GlobalDatabase",
    "Minutes",
    "MovedStores",
    "NodeGroup",
    "Pace",
    "PromotedReplica",
    "RegionSwitch",
    "RegionSwitchArgs",
    "Report",
    "ScaledService",
    "ServerGroup",
    "ServerRecovery",
    "ServerRecoveryArgs",
    "ServicePair",
    "StoreSwitch",
    "StoreSwitchArgs",
    "Takeover",
    "TakeoverArgs",
    "Traffic",
    "Trigger",
    "ZonalAutoshift",
    "ZonalAutoshiftArgs",
    "opt_in",
]
