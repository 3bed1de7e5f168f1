"""Requests from one tier to the next through a load balancer inside the VPC, which may keep them in the zone that they come from.

https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-load-balancer-attributes.html#zonal-dns-affinity
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping
from typing import Any

from sandbox.aws.clockwork import databases, instances, targets
from sandbox.aws.clockwork.clock import CLOCK

NEXT = "host"
"""What a tier's servers are told of the next one, besides its port; those of the last tier are told of a database's `hosts`."""
AFFINE = ("availability_zone_affinity", "partial_availability_zone_affinity")
"""Client routing policies that keep clients in their zone; 15 % of the second one's are sent elsewhere, which isn't simulated."""
_turns = itertools.count()
_answers: dict[tuple[str, str], tuple[list[str], float]] = {}
"""By who asked and the name: zones of the addresses that the resolver answered with, and until when that answer is kept."""


def next_host(told: Mapping[str, Any]) -> str:
    """Name of the load balancer before the next tier; empty for the last one."""
    return str(told.get(NEXT, "")).lower()


def zone_of(state: Any) -> str:
    """The zone that a server is in."""
    return str(state.instance.placement.zone)


def behind(region: str, balancer: Any, backend: Any, asks: Any) -> Any | None:
    """State of the server that a connection from one to a load balancer ends at; None: nobody takes it."""
    from sandbox.aws.extensions.elbv2 import groups_of

    groups = [backend.target_groups[arn] for arn in groups_of(backend, balancer, clients=True)]
    known = instances.states(region)
    healthy = [known[id_] for group in groups for id_ in targets.healthy(group) if id_ in known]
    zones = _resolved(asks, balancer, {zone_of(each) for each in healthy})
    if not zones:
        return None
    node = zones[next(_turns) % len(zones)]
    found = [each for each in healthy if _crosses(balancer, groups) or zone_of(each) == node]
    return found[next(_turns) % len(found)] if found else None


def _resolved(asks: Any, balancer: Any, healthy: Collection[str]) -> list[str]:
    """Zones of the addresses that a server is answered with, which its resolver keeps for the name's time to live."""
    key, policy = (
        (asks.instance.id, balancer.dns_name),
        balancer.attrs.get("dns_record.client_routing_policy"),
    )
    zones, until = _answers.get(key, ([], -1.0))
    if CLOCK.now >= until:
        own = zone_of(asks)
        zones = [own] if policy in AFFINE and own in healthy else sorted(healthy)
        _answers[key] = zones, CLOCK.now + CLOCK.lasts("propagate.alias")
    return zones


def _crosses(balancer: Any, groups: Collection[Any]) -> bool:
    """Whether an address leads to servers of all zones."""
    said = {str(group.attributes.get("load_balancing.cross_zone.enabled")) for group in groups}
    own = str(balancer.attrs.get("load_balancing.cross_zone.enabled"))
    return "true" in {own if each == "use_load_balancer_configuration" else each for each in said}


def read(told: Mapping[str, Any], region: str, zone: str) -> tuple[str, str] | None:
    """The application's zone, and that of the instance it reads from: by its zone's endpoint, else the cluster's. None: it can't read."""
    from sandbox.aws.extensions.elbv2 import zone_id

    writer, *readers = told["hosts"]
    own = told["readers"].get(zone_id(region, zone))
    for host in filter(None, [own, *readers, writer]):
        found = databases.reader(host, region)
        if found is not None:
            return zone, str(found.availability_zone)
    return None
