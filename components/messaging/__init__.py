"""Messaging: topics with several receivers, event buses of two regions, streams, schedules."""

from __future__ import annotations

from components.messaging.bus import ARCHIVE_DAYS, ExistingBus, PeerBus, RegionBus, RegionBusArgs
from components.messaging.default_bus import declare_rule, deliver
from components.messaging.deliveries import Deliveries, DeliveriesArgs
from components.messaging.fan_out import FanOut, FanOutArgs
from components.messaging.schedules import QueueScheduleArgs, QueueSchedules, QueueSchedulesArgs
from components.messaging.stream import RecordStream, RecordStreamArgs

__all__ = [
    "ARCHIVE_DAYS",
    "Deliveries",
    "DeliveriesArgs",
    "ExistingBus",
    "FanOut",
    "FanOutArgs",
    "PeerBus",
    "QueueScheduleArgs",
    "QueueSchedules",
    "QueueSchedulesArgs",
    "RecordStream",
    "RecordStreamArgs",
    "RegionBus",
    "RegionBusArgs",
    "declare_rule",
    "deliver",
]
