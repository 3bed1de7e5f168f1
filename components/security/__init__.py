"""Keys that encrypt what the other rooms keep."""

from __future__ import annotations

from components.security.key import MultiRegionKey, MultiRegionKeyArgs
from components.security.key_policy import PUBLISHERS, VIA_SERVICES
from components.security.region_defaults import RegionDefaults

__all__ = ["PUBLISHERS", "VIA_SERVICES", "MultiRegionKey", "MultiRegionKeyArgs", "RegionDefaults"]
