"""Messaging: topics with several receivers, event buses of two regions, streams."""

from __future__ import annotations

from components.messaging.bus import ARCHIVE_DAYS, ExistingBus, PeerBus, RegionBus, RegionBusArgs
from components.messaging.deliveries import Deliveries, DeliveriesArgs
from components.messaging.fan_out import FanOut, FanOutArgs
from components.messaging.stream import RecordStream, RecordStreamArgs

__all__ = [
    "ARCHIVE_DAYS",
    "Deliveries",
    "DeliveriesArgs",
    "ExistingBus",
    "FanOut",
    "FanOutArgs",
    "PeerBus",
    "RecordStream",
    "RecordStreamArgs",
    "RegionBus",
    "RegionBusArgs",
]
