"""OpenSearch domains.

https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-multiaz.html
"""

from __future__ import annotations

from policies.graph import Graph, Resource, Unknown, both
from policies.recovery.model import NOTHING, I, Option, X, Z, survive
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit
from policies.recovery.ways import by_itself, failover, follower, new_endpoint, present

from .common import at_least, unit

KIND = "opensearch"
DOMAIN = "aws:opensearch/domain:Domain"
OUTBOUND = "aws:opensearch/outboundConnection:OutboundConnection"
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
    followers = [
        {"region": c.text("remoteDomainInfo.region"), "name": c.name}
        for c in graph.users(r, "localDomainInfo", OUTBOUND)
    ]
    facts = {
        "zones": zones,
        "nodes": r.number("clusterConfig.instanceCount", 1),
        "masters": r.flag("clusterConfig.dedicatedMasterEnabled"),
        "standby": r.flag("clusterConfig.multiAzWithStandbyEnabled"),
        "replicas": followers,
    }
    return unit(graph, KIND, r, facts)


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
            terms=(failover(figures["restore.unrated"], u, "restore in the same domain"),),
            retention=figures["opensearch.retention"].high,
        )
    )
    move = failover(figures["msk.switch"], u, "clients move to the other domain")
    return found + follower(u, "domain", figures["replica.lag"], (move, new_endpoint(u, world)))
