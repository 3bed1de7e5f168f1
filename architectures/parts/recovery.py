"""What a system tells another stack's judgement of its site: its components' own facts, and who needs whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from architectures.parts.content import Content
from components.edge import HealthChecks, SiteRecords
from components.facts import Fact


def names(
    records: SiteRecords,
    health: HealthChecks | None,
    content: Content | None,
    *,
    front: str | None,
    servers: Sequence[str],
    switched: bool,
    followed: dict[str, Any] | None,
) -> list[Fact]:
    """The site's records, and in the founding stack its content.

    `front` is the load balancer's unit, None where nothing serves; `servers` are those behind it. `switched`: the site's record follows
    a switch's check; `followed` is how that one is watched, None: as the region is.
    """
    last_resort = [content.last_resort] if content else []
    told = content.recovery_facts if content else []
    if health is None or front is None:
        return [*({**each, "needs": last_resort} for each in records.recovery_facts), *told]
    # Each name of the region has a pair; the site's own record comes last, unless the region has left the name.
    even = len(records.recovery_facts) // 2 * 2
    pairs, site = records.recovery_facts[:even], records.recovery_facts[even:]
    led = pairs[::2][-1]["name"]
    checked = {"check": health.recovery_check}

    def direct(each: Fact) -> Sequence[str]:
        return servers if each.get("side") == "PRIMARY" and not switched else []

    return [
        *(
            # Without a switch PRIMARY answers with the load balancer itself; any other record does with its region's.
            {**each, **(followed or checked), "needs": sorted([front, led, *direct(each)])}
            for each in site
        ),
        *({**each, **checked, "needs": sorted([front, *servers])} for each in pairs[::2]),
        *({**each, "needs": last_resort} for each in pairs[1::2]),
        *told,
    ]
