"""What a stack tells other stacks' judgement of it: the output `recovery`, whose form docs/recovery.md describes."""

from __future__ import annotations

from typing import Any

import pulumi

from architectures.three_tier_args import ThreeTierArgs
from components.data import AuroraGlobal
from components.edge import Probe, TargetArgs
from components.tags import Tags

SCHEMA = 1
TOLD = ("dr-tier", "rto-hours", "rpo-minutes")


def _tags(tags: Tags, *, store: bool = False) -> dict[str, str]:
    carried = tags.store("") if store else tags.resource("")
    return {key: value for key, value in carried.items() if key in TOLD or key.startswith("dr:")}


def recovery_facts(name: str, args: ThreeTierArgs, instances: int, database: AuroraGlobal) -> dict[str, Any]:
    """The units of one region's three-tier system, front to back. Names are those of the components."""
    probe, target = Probe(), TargetArgs()
    checked = {
        "interval_s": target.interval,
        "threshold": target.unhealthy_threshold,
        "timeout_s": target.timeout,
    }
    watched = {"interval_s": probe.interval, "threshold": probe.failure_threshold}
    members: list[dict[str, Any]] = [
        {
            "kind": "dns",
            "name": f"{name}-site-site",
            "group": args.site,
            "routing": "failover",
            "side": "PRIMARY" if args.active else "SECONDARY",
            "check": watched,
            "evaluates": True,
            "needs": [f"{name}-lb"],
        },
        {"kind": "load-balancer", "name": f"{name}-lb", "needs": [f"{name}-app"], "tags": _tags(args.tags)},
        {
            "kind": "compute",
            "name": f"{name}-app",
            "desired": instances,
            "required": args.capacity.required,
            "max": args.capacity.maximum,
            "launch": "ec2",
            "warm_pool": args.capacity.warm_pool,
            "check": checked,
            "needs": [f"{name}-db"],
            "tags": _tags(args.tags),
        },
        {
            "kind": "aurora",
            "name": f"{name}-db",
            "group": database.global_cluster_identifier,
            "global": True,
            "instances": len(database.instance_identifiers),
            "tags": _tags(args.tags, store=True),
        },
    ]
    return {
        "schema": SCHEMA,
        "stack": pulumi.get_stack(),
        "region": args.region,
        "role": "active" if args.active else "standby",
        "members": members,
    }
