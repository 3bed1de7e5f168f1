"""Messaging: topics with several receivers, event buses of two regions, streams."""

from __future__ import annotations

from components.messaging.fan_out import FanOut, FanOutArgs

__all__ = ["FanOut", "FanOutArgs"]
