"""What a three-tier system tells another stack's judgement of it."""

from __future__ import annotations

from typing import Any

from architectures.system import Place
from architectures.three_tier.settings import ThreeTierSettings
from components.data import AuroraGlobal
from components.edge import Probe, TargetArgs
from components.tags import Tags

TOLD = ("workload", "system", "dr-tier", "rto-hours", "rpo-minutes")


def _tags(tags: Tags, *, store: bool = False) -> dict[str, str]:
    carried = tags.store("") if store else tags.resource("")
    return {key: value for key, value in carried.items() if key in TOLD or key.startswith("dr:")}


def recovery_facts(
    name: str, settings: ThreeTierSettings, place: Place, database: AuroraGlobal
) -> list[dict[str, Any]]:
    """The units of one region's three-tier system, front to back. Names are those of the components."""
    probe, target, stack, tags = Probe(), TargetArgs(), place.stack, place.tags
    full, standby = settings.sizes(stack)
    checked = {
        "interval_s": target.interval,
        "threshold": target.unhealthy_threshold,
        "timeout_s": target.timeout,
    }
    dns = {
        "kind": "dns",
        "name": f"{name}-site-site",
        "group": settings.site,
        "routing": "failover",
        "side": "PRIMARY" if stack.active else "SECONDARY",
        "check": {"interval_s": probe.interval, "threshold": probe.failure_threshold},
        "evaluates": True,
        "needs": [f"{name}-lb"],
    }
    behind: list[dict[str, Any]] = [
        {"kind": "load-balancer", "name": f"{name}-lb", "needs": [f"{name}-app"], "tags": _tags(tags)},
        {
            "kind": "compute",
            "name": f"{name}-app",
            "desired": (full if stack.active else standby).total,
            "required": settings.compute.required_instances,
            "max": settings.compute.maximum_instances,
            "launch": "ec2",
            "warm_pool": settings.compute.warm_pool,
            "check": checked,
            "needs": [f"{name}-db"],
            "tags": _tags(tags),
        },
        {
            "kind": "aurora",
            "name": f"{name}-db",
            "group": database.global_cluster_identifier,
            "global": True,
            "instances": len(database.instance_identifiers),
            "tags": _tags(tags, store=True),
        },
    ]
    return [dns, *behind] if settings.site else behind
