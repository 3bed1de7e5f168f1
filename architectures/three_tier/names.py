"""How the parts of a three-tier system are called."""

from __future__ import annotations

from architectures.parts.names import shortened
from components.data.cache_args import LONGEST

PLAN_LENGTH = 32
"""https://docs.aws.amazon.com/arc-region-switch/latest/api/API_CreatePlan.html"""


def plan(whole: str, part: str) -> str:
    """A Region switch plan of the system that is called `whole` in the account: shortened, and still one of its own."""
    return shortened(f"{whole}-{part}", PLAN_LENGTH)


def cache(whole: str) -> str:
    """The cache of the system that is called `whole` in the account, the same way."""
    return shortened(f"{whole}-cache", LONGEST)
