"""What a three-tier system tells another stack's judgement of its site: its components' own facts, and who needs whom."""

from __future__ import annotations

from architectures.three_tier.content import Content
from architectures.three_tier.serving import Serving
from architectures.three_tier.way_over import WayOver
from components.edge import HealthChecks, SiteRecords
from components.facts import Fact


def names(
    records: SiteRecords,
    health: HealthChecks | None,
    serving: Serving | None,
    content: Content | None,
    way_over: WayOver | None,
) -> list[Fact]:
    """The site's records, and in the founding stack its content."""
    last_resort = [content.last_resort] if content else []
    told = content.recovery_facts if content else []
    if health is None or serving is None:
        return [*({**each, "needs": last_resort} for each in records.recovery_facts), *told]
    region, spare, *site = records.recovery_facts
    front, servers = serving.load_balancer.recovery_fact["name"], serving.tier.recovery_fact["name"]

    def direct(each: Fact) -> list[str]:
        unswitched = way_over is None or way_over.check_id is None
        return [servers] if each.get("side") == "PRIMARY" and unswitched else []

    followed = {"check": health.recovery_check}
    of_site = followed if way_over is None or way_over.followed is None else way_over.followed
    return [
        *(
            # Without a switch PRIMARY answers with the load balancer itself; any other record does with its region's.
            {**each, **of_site, "needs": sorted([front, region["name"], *direct(each)])}
            for each in site
        ),
        {**region, **followed, "needs": sorted([front, servers])},
        {**spare, "needs": last_resort},
        *told,
    ]
