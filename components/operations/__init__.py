"""Alarms and the topic that they reach people by."""

from __future__ import annotations

from components.operations.alarms import Comparison, Expression, Metric, Missing, alarm
from components.operations.aurora_alarms import AuroraLimits, aurora_alarms
from components.operations.health_check_alarm import health_check_alarm
from components.operations.hosts import hosts_alarm
from components.operations.peer_watch import PeerWatch, PeerWatchArgs
from components.operations.region_health import RegionHealth, RegionHealthArgs
from components.operations.topic import Topic, TopicArgs
from components.operations.working_hours import WorkingHours, WorkingHoursArgs, check_hours

__all__ = [
    "AuroraLimits",
    "Comparison",
    "Expression",
    "Metric",
    "Missing",
    "PeerWatch",
    "PeerWatchArgs",
    "RegionHealth",
    "RegionHealthArgs",
    "Topic",
    "TopicArgs",
    "WorkingHours",
    "WorkingHoursArgs",
    "alarm",
    "aurora_alarms",
    "check_hours",
    "health_check_alarm",
    "hosts_alarm",
]
