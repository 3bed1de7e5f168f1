"""Messaging: topics with several receivers, event buses of two regions."""

from __future__ import annotations

from components.messaging.bus import ARCHIVE_DAYS, ExistingBus, PeerBus, RegionBus, RegionBusArgs
from components.messaging.deliveries import Deliveries, DeliveriesArgs
from components.messaging.fan_out import FanOut, FanOutArgs

__all__ = [
    "ARCHIVE_DAYS",
    "Deliveries",
    "DeliveriesArgs",
    "ExistingBus",
    "FanOut",
    "FanOutArgs",
    "PeerBus",
    "RegionBus",
    "RegionBusArgs",
]
