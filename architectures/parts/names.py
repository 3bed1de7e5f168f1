"""How the parts of a site are called."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from components.edge import region_name

PLAN_LENGTH = 32
"""https://docs.aws.amazon.com/arc-region-switch/latest/api/API_CreatePlan.html"""


def load_balancer(name: str) -> str:
    """The load balancer's component."""
    return f"{name}-lb"


def inner_balancer(name: str) -> str:
    """The component of the load balancer between two tiers."""
    return f"{name}-in"


def static(site: str) -> str:
    """Where a site's assets are served."""
    return f"static.{site}"


def of_site(site: str, regions: Sequence[str]) -> list[str]:
    """Every DNS name that a site takes: its own, one in each region, its assets'."""
    return [site, *(region_name(region, site) for region in regions), static(site)]


def inside(name: str, region: str, domain: str) -> str:
    """The name on the certificate of a system that has no site."""
    return f"{name}.{region}.{domain}"


def shortened(name: str, length: int) -> str:
    """The name, cut where it is longer, with a mark by which it still is one of its own."""
    if len(name) <= length:
        return name
    mark = hashlib.sha256(name.encode()).hexdigest()[:6]
    return f"{name[: length - len(mark) - 1].rstrip('-')}-{mark}"


def plan(whole: str, part: str) -> str:
    """A Region switch plan of the system that is called `whole` in the account: shortened, and still one of its own."""
    return shortened(f"{whole}-{part}", PLAN_LENGTH)
