"""Whole systems, each put together from components. They take plain arguments, so they can be used without our settings."""

from __future__ import annotations

from architectures.foundation import Foundation, FoundationArgs
from architectures.peer import Peer
from architectures.three_tier import ThreeTier
from architectures.three_tier_args import Capacity, DatabaseArgs, ThreeTierArgs

__all__ = ["Capacity", "DatabaseArgs", "Foundation", "FoundationArgs", "Peer", "ThreeTier", "ThreeTierArgs"]
