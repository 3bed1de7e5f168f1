"""Load balancers and their target groups.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
"""

from __future__ import annotations

from typing import Any

from policies.graph import Graph, Resource, Unknown
from policies.graph.zones import zones
from policies.recovery.model import NOTHING, I, Option, R, Z, survive
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit
from policies.recovery.ways import failover, unsure_of

from .common import unit

KIND = "load-balancer"
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
        }
        group = r.tags.get("dr:group")
        keys = frozenset({f"{KIND}:{group}"}) if isinstance(group, str) else frozenset[str]()
        owned = [x.urn for x in (*listeners, *rules, *groups)]
        found.append(unit(graph, KIND, r, facts, keys=keys, owned=owned))
    return found


def options(u: Unit, world: Surroundings) -> list[Option]:
    """Its nodes in other zones, the load balancer of another region."""
    wide = u.fact("zones", 1)
    found = [
        Option(
            name="nodes in other zones"
            if isinstance(wide, Unknown) or wide > 1
            else "nodes in the same zone",
            survives=survive(I, Z) if isinstance(wide, Unknown) or wide > 1 else survive(I),
            rpo=NOTHING,
            managed=True,
            manual=False,
            unsure=unsure_of(wide),
        )
    ]
    again = failover(world.figures["restore.infra"], u, "deployed again", "subnets in several zones")
    if isinstance(wide, Unknown) or wide <= 1:
        found.append(
            Option(name="subnets in other zones", survives=survive(I, Z), rpo=NOTHING, terms=(again,))
        )
    return found + beyond(u, world, "load balancer", "subnets in several zones")


def beyond(u: Unit, world: Surroundings, what: str, setting: str) -> list[Option]:
    """What serves in other regions; where that is known to be none, and data or traffic goes there, deploying it again."""
    siblings = world.siblings(u)
    found = [
        Option(
            name=f"{what} in {s.region}",
            survives=survive(I, Z, R),
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
