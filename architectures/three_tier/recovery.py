"""What a three-tier system tells another stack's judgement of it: its components' own facts, and who needs whom."""

from __future__ import annotations

from architectures.three_tier.content import Content
from components.compute import AutoScaledTier
from components.data import AuroraGlobal
from components.edge import HealthChecks, LoadBalancer, SiteRecords
from components.facts import Fact


def behind(load_balancer: LoadBalancer, tier: AutoScaledTier, database: AuroraGlobal) -> list[Fact]:
    """The units that serve, front to back."""
    front, servers, store = load_balancer.recovery_fact, tier.recovery_fact, database.recovery_fact
    return [
        {**front, "needs": [servers["name"]]},
        {**servers, "check": load_balancer.target_check, "needs": [store["name"]]},
        store,
    ]


def names(
    records: SiteRecords,
    health: HealthChecks,
    load_balancer: LoadBalancer,
    tier: AutoScaledTier,
    content: Content | None,
) -> list[Fact]:
    """The site's records, and in the founding stack its content."""
    region, last_resort, *site = records.recovery_facts
    front, servers = load_balancer.recovery_fact["name"], tier.recovery_fact["name"]

    def direct(each: Fact) -> list[str]:
        return [servers] if each["side"] == "PRIMARY" else []

    followed = {"check": health.recovery_check}
    return [
        *(
            # The active region's record answers with the load balancer itself, the other's with its region's record.
            {**each, **followed, "needs": sorted([front, region["name"], *direct(each)])}
            for each in site
        ),
        {**region, **followed, "needs": sorted([front, servers])},
        {**last_resort, "needs": [content.last_resort] if content else []},
        *(content.recovery_facts if content else []),
    ]
