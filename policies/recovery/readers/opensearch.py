"""OpenSearch domains.

https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-multiaz.html
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from policies.graph import Graph, Resource, Unknown, both
from policies.recovery.model import NOTHING, Estimate, I, Option, R, Term, X, Z, survive
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit
from policies.recovery.ways import (
    by_itself,
    elsewhere,
    failover,
    follower,
    new_endpoint,
    present,
    unsure_of,
)

from .common import at_least, days, unit

KIND = "opensearch"
DOMAIN = "aws:opensearch/domain:Domain"
OUTBOUND = "aws:opensearch/outboundConnection:OutboundConnection"
FOLLOWING = "which indices follow in the connected domain"
"""A connection serves searches too; what follows is said to the domain itself, and no resource tells of it."""
_TWO, _THREE = 2, 3


def read(graph: Graph) -> list[Unit]:
    """One unit for each domain."""
    return [_domain(graph, r) for r in graph.of(DOMAIN)]


def _domain(graph: Graph, r: Resource) -> Unit:
    aware = r.flag("clusterConfig.zoneAwarenessEnabled")
    zones: float | Unknown | None = 1
    if aware is not False:
        zones = r.number("clusterConfig.zoneAwarenessConfig.availabilityZoneCount", 2)
        zones = aware if isinstance(aware, Unknown) else zones
    # The domain that follows asks for the connection: it is the local one, and reads from the remote one.
    # https://docs.aws.amazon.com/opensearch-service/latest/developerguide/replication.html
    followers = [
        {"region": c.text("localDomainInfo.region"), "name": c.name}
        for c in graph.users(r, "remoteDomainInfo", OUTBOUND)
    ]
    facts = {
        "zones": zones,
        "nodes": r.number("clusterConfig.instanceCount", 1),
        "masters": r.flag("clusterConfig.dedicatedMasterEnabled"),
        "standby": r.flag("clusterConfig.multiAzWithStandbyEnabled"),
        "replicas": followers,
        "snapshot_copies": _copies(r),
    }
    name, follows = r.get("domainName"), r.tags.get("dr:restores-from") is not None
    pair = isinstance(name, str) and (follows or facts["snapshot_copies"])
    keys = frozenset({f"{KIND}:{name}"} if pair else ())
    return unit(graph, KIND, r, facts, keys=keys, role="replica" if follows else "active")


def _copies(r: Resource) -> list[dict[str, Any]]:
    """Where snapshots that somebody takes lie, as tags tell: no resource says what a domain writes to a bucket."""
    region = r.tags.get("dr:snapshot-region")
    if region is None:
        return []
    minutes, kept = (_number(r, f"dr:snapshot-{each}") for each in ("minutes", "days"))
    gap = minutes * 60 if isinstance(minutes, int | float) else minutes
    return [{"region": region, "gap_s": gap, "retention_s": days(kept)}]


def _number(r: Resource, tag: str) -> float | Unknown | None:
    """A tag as a number; what is none is as good as not known."""
    found = r.tags.get(tag)
    if found is None or isinstance(found, Unknown):
        return found
    try:
        return float(found)
    except ValueError:
        return Unknown(f"{r.name}.tags[{tag}] (it is {found!r}, expected a number)")


def options(u: Unit, world: Surroundings) -> list[Option]:
    """Other nodes and zones, hourly snapshots (for the same domain only), a connected domain elsewhere."""
    figures = world.figures
    nodes, zones = u.fact("nodes", 1), u.fact("zones", 1)
    standby, masters = u.fact("standby", False), u.fact("masters", False)
    several = at_least(nodes, _TWO)
    three = both(several, at_least(zones, _THREE))
    two = both(several, at_least(zones, _TWO))
    with_masters = both(two, masters)
    rows = (
        ("standby zone", survive(I, Z), figures["opensearch.standby"], standby),
        ("nodes in other zones", survive(I, Z), figures["opensearch.zones"], three),
        (
            "nodes in the other zone, with dedicated masters",
            survive(I, Z),
            figures["opensearch.zones"],
            with_masters,
        ),
        ("other nodes", survive(I), figures["opensearch.zones"], several),
        ("replacement of nodes in the other zone", survive(Z), figures["opensearch.replace"], two),
    )
    found = present(
        by_itself(
            name, reach, NOTHING, failover(time, u, name, "three zones, dedicated masters, standby"), sure
        )
        for name, reach, time, sure in rows
    )
    found.append(
        Option(
            name="restore of an automated snapshot",
            survives=survive(I, X),
            rpo=figures["opensearch.snapshot"],
            terms=(
                *_ready(u, world, standby),
                failover(figures["restore.unrated"], u, "restore in the same domain"),
            ),
            retention=figures["opensearch.retention"].high,
        )
    )
    found += [o for copy in elsewhere(u, u.fact("snapshot_copies", [])) for o in _restored(u, world, *copy)]
    move = failover(figures["msk.switch"], u, "clients move to the other domain")
    connected = follower(u, "domain", figures["replica.lag"], (move, new_endpoint(u, world)))
    return found + [replace(o, unsure=(*o.unsure, f"{u.name}: {FOLLOWING}")) for o in connected]


def _ready(u: Unit, world: Surroundings, standby: bool | Unknown) -> tuple[Term, ...]:
    """AWS restores no snapshot to a domain with standby."""
    if standby is False:
        return ()
    return (failover(world.figures["opensearch.leave_standby"], u, "no zone stands by any more"),)


def _restored(
    u: Unit, world: Surroundings, copy: Mapping[str, Any], where: str, unsure: tuple[str, ...]
) -> list[Option]:
    """A snapshot that lies elsewhere, restored to a domain that is built for it, or to one that has restored it already."""
    figures, gap = world.figures, copy.get("gap_s")
    age = Estimate(gap, gap) if isinstance(gap, int | float) else Estimate(0, math.inf, "D")
    loss = age + figures["opensearch.take"] + figures["s3.rtc"]
    restore = failover(figures["restore.unrated"], u, "restore of a snapshot from a bucket")
    found = Option(
        name=f"snapshot restored to the domain in {where}",
        survives=survive(I, Z, R, X),
        rpo=loss,
        terms=(restore, new_endpoint(u, world)),
        retention=copy.get("retention_s"),
        unsure=unsure,
        vague=unsure_of(gap),
    )
    if not [s for s in world.siblings(u) if s.region == copy.get("region") and s.role == "replica"]:
        again = failover(figures["opensearch.build"], u, "a domain is built", "a domain there that follows")
        name = f"snapshot restored to a domain that is built in {where}"
        return [replace(found, name=name, terms=(again, *found.terms))]
    # One that follows has the snapshot before until the newest is restored.
    ready = failover(figures["opensearch.open"], u, "what is restored there is opened to writes")
    follows = replace(
        found,
        name=f"domain in {where} that restores each snapshot",
        survives=survive(I, Z, R),
        rpo=loss + age + figures["restore.unrated"],
        terms=(ready, new_endpoint(u, world)),
    )
    return [found, follows]
