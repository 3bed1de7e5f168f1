"""How the parts of a three-tier system are called."""

from __future__ import annotations

from architectures.parts.names import shortened
from components.data.cache_args import LONGEST


def cache(whole: str) -> str:
    """The cache of the system that is called `whole` in the account, the same way."""
    return shortened(f"{whole}-cache", LONGEST)
