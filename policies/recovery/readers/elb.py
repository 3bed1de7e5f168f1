"""Load balancers and their target groups.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from policies.graph import Graph, Resource, Unknown
from policies.graph.zones import zones
from policies.recovery.model import NOTHING, Failure, I, Option, R, Step, Term, Z, survive
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit
from policies.recovery.ways import failover, term, unsure_of

from .common import unit

KIND, COMPUTE = "load-balancer", "compute"
BALANCERS = ("aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer")
TARGET_GROUPS = ("aws:lb/targetGroup:TargetGroup", "aws:alb/targetGroup:TargetGroup")
LISTENERS = ("aws:lb/listener:Listener", "aws:alb/listener:Listener")
RULES = ("aws:lb/listenerRule:ListenerRule", "aws:alb/listenerRule:ListenerRule")


def check_of(group: Resource) -> dict[str, Any]:
    """A target group's health check, in seconds and counts (AWS's defaults where nothing is set)."""
    return {
        "interval_s": group.number("healthCheck.interval", 30),
        "threshold": group.number("healthCheck.unhealthyThreshold", 2),
        "timeout_s": group.number("healthCheck.timeout", 5),
    }


def read(graph: Graph) -> list[Unit]:
    """One unit for each load balancer, with its listeners and the target groups they forward to."""
    found = []
    for r in graph.of(*BALANCERS):
        listeners = graph.users(r, "loadBalancerArn", *LISTENERS)
        rules = [x for listener in listeners for x in graph.users(listener, "listenerArn", *RULES)]
        groups = [g for x in listeners for g in graph.linked(x, "defaultActions", *TARGET_GROUPS)]
        groups += [g for x in rules for g in graph.linked(x, "actions", *TARGET_GROUPS)]
        mapped = r.get("subnetMappings") is not None and r.get("subnets") is None
        facts = {
            "zones": zones(graph, r, "subnetMappings" if mapped else "subnets", apart=True),
            "internal": r.flag("internal"),
            "zonal": any(_zonal(r, g) for g in groups),
        }
        group = r.tags.get("dr:group")
        keys = frozenset({f"{KIND}:{group}"}) if isinstance(group, str) else frozenset[str]()
        owned = [x.urn for x in (*listeners, *rules, *groups)]
        found.append(unit(graph, KIND, r, facts, keys=keys, owned=owned))
    return found


def _zonal(r: Resource, group: Resource) -> bool:
    """Whether each zone's address leads to targets of that zone alone; a network load balancer's does unless it is told otherwise.

    What isn't known yet counts as that: it never takes less time.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
    """
    said = group.get("loadBalancingCrossZoneEnabled")
    if said in (None, "use_load_balancer_configuration"):
        crosses = r.flag("enableCrossZoneLoadBalancing") is True
        return r.get("loadBalancerType") in ("network", "gateway") and not crosses
    return str(said).lower() != "true"


def _left(u: Unit, world: Surroundings) -> tuple[Term, ...]:
    """Its name no longer leads to a zone that has lost its targets, and who asked for it before keeps the answer for a while.

    https://www.repost.aws/knowledge-center/elb-dns-cross-zone-balance-configuration
    """
    if u.fact("zonal", False) is not True:
        return ()
    time = world.figures["propagate.alias"]
    why = f"what asks for {u.name} keeps the address of a zone whose targets are lost"
    return (term(Step.PROPAGATE, time, u, why, "cross-zone load balancing"),)


def _several_a_zone(u: Unit, world: Surroundings) -> bool:
    """Whether one target less leaves one in its zone."""
    behind = [each for each in world.needs(u) if each.kind == COMPUTE and each.region == u.region]
    sizes = [(each.fact("desired"), each.fact("zones")) for each in behind]
    return bool(sizes) and all(
        isinstance(count, int | float) and isinstance(wide, int | float) and wide and count // wide > 1
        for count, wide in sizes
    )


def options(u: Unit, world: Surroundings) -> list[Option]:
    """Its nodes in other zones, the load balancer of another region."""
    wide = u.fact("zones", 1)
    apart, left = isinstance(wide, Unknown) or wide > 1, _left(u, world)
    nodes = Option(
        name="nodes in other zones" if apart else "nodes in the same zone",
        survives=survive(I, Z) if apart else survive(I),
        rpo=NOTHING,
        terms=left if apart else (),
        managed=True,
        manual=False,
        unsure=unsure_of(wide),
    )
    found = [nodes]
    if apart and left and _several_a_zone(u, world):
        found.append(replace(nodes, name="other targets of its zone", survives=survive(I), terms=()))
    again = failover(world.figures["restore.infra"], u, "deployed again", "subnets in several zones")
    if isinstance(wide, Unknown) or wide <= 1:
        found.append(
            Option(name="subnets in other zones", survives=survive(I, Z), rpo=NOTHING, terms=(again,))
        )
    # As long as some zone has targets nothing leads away from here.
    lost = survive(R) if apart and left else survive(I, Z, R)
    return found + beyond(u, world, "load balancer", "subnets in several zones", lost)


def beyond(u: Unit, world: Surroundings, what: str, setting: str, lost: frozenset[Failure]) -> list[Option]:
    """What serves in other regions when that is `lost`; where none does, and data or traffic goes there: deploying it again."""
    siblings = world.siblings(u)
    found = [
        Option(
            name=f"{what} in {s.region}",
            survives=lost,
            rpo=NOTHING,
            managed=True,
            manual=False,
        )
        for s in siblings
    ]
    if not siblings and not world.awaits(u) and world.reaches_beyond(u):
        again = failover(world.figures["restore.infra"], u, "deployed again", setting)
        found.append(
            Option(
                name="deployed again in the other region",
                survives=survive(I, Z, R),
                rpo=NOTHING,
                terms=(again,),
            )
        )
    return found
