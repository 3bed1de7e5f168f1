"""CloudFront origin groups and Global Accelerator endpoint groups.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html
https://docs.aws.amazon.com/global-accelerator/latest/dg/disaster-recovery-resiliency.html
"""

from __future__ import annotations

from typing import Any

from policies.graph import Graph, Resource, Unknown
from policies.graph.buckets import BUCKETS
from policies.recovery.model import NOTHING, Estimate, Option, R, Step, survive
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit
from policies.recovery.ways import always_on, failover, term, unsure_of

from .common import unit
from .elb import BALANCERS

CDN, ACCELERATOR = "cdn", "accelerator"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
ENDPOINTS, LISTENER = (
    "aws:globalaccelerator/endpointGroup:EndpointGroup",
    "aws:globalaccelerator/listener:Listener",
)
ACCELERATORS = ("aws:globalaccelerator/accelerator:Accelerator",)


def read(graph: Graph) -> list[Unit]:
    """One unit for each distribution and each accelerator."""
    return [_distribution(graph, r) for r in graph.of(DISTRIBUTION)] + [
        _accelerator(graph, r) for r in graph.of(*ACCELERATORS)
    ]


def _distribution(graph: Graph, r: Resource) -> Unit:
    origins = graph.linked(r, "origins", *BALANCERS, *BUCKETS)
    regions = sorted({graph.region(o) for o in origins})
    groups = r.items("originGroups")
    slowest: Any = 0
    listed = r.items("origins")
    for i, _ in enumerate(listed if isinstance(listed, list) else []):
        attempts, wait = (
            r.number(f"origins.{i}.connectionAttempts", 3),
            r.number(f"origins.{i}.connectionTimeout", 10),
        )
        if isinstance(attempts, Unknown) or isinstance(wait, Unknown):
            slowest = attempts if isinstance(attempts, Unknown) else wait
            break
        slowest = max(slowest, (attempts or 0) * (wait or 0))
    facts = {
        "groups": groups if isinstance(groups, Unknown) else len(groups),
        "origin_regions": regions,
        "retry_s": slowest,
    }
    home = graph.region(origins[0]) if origins else graph.region(r)
    return unit(graph, CDN, r, facts, region=home)


def _accelerator(graph: Graph, r: Resource) -> Unit:
    listeners = graph.users(r, "acceleratorArn", LISTENER)
    groups = [g for x in listeners for g in graph.users(x, "listenerArn", ENDPOINTS)]
    regions = [g.text("endpointGroupRegion") or graph.region(g) for g in groups]
    facts = {
        "regions": regions,
        "interval_s": groups[0].number("healthCheckIntervalSeconds", 30) if groups else None,
        "threshold": groups[0].number("thresholdCount", 3) if groups else None,
    }
    home = next((x for x in regions if isinstance(x, str)), graph.region(r))
    return unit(graph, ACCELERATOR, r, facts, region=home, owned=[x.urn for x in (*listeners, *groups)])


def _by_hand(u: Unit, world: Surroundings, setting: str) -> Option:
    time = world.figures["propagate.record_change"] + world.figures["propagate.zonal_shift"]
    return Option(
        name="changed by hand",
        survives=survive(R),
        rpo=NOTHING,
        terms=(failover(time, u, "its configuration is changed", setting),),
    )


def cdn_options(u: Unit, world: Surroundings) -> list[Option]:
    """The origin group tries the other origin for each request."""
    found = [
        always_on(u, NOTHING, "CloudFront answers from every edge"),
        _by_hand(u, world, "an origin group over two regions"),
    ]
    groups, retry = u.fact("groups", 0), u.fact("retry_s", 30)
    away = [x for x in u.fact("origin_regions", []) if x != u.region]
    if (isinstance(groups, Unknown) or groups > 0) and away:
        unknown = isinstance(retry, Unknown)
        time = Estimate(1, 30, "A") if unknown else Estimate(retry, retry, "A")
        found.append(
            Option(
                name="origin group",
                survives=survive(R),
                rpo=NOTHING,
                terms=(
                    failover(
                        time, u, "each request tries the lost origin first", "fewer connection attempts"
                    ),
                ),
                managed=True,
                manual=False,
                unsure=unsure_of(groups),
                vague=unsure_of(retry),
                findings=(f"{u.name}: origin failover covers GET, HEAD and OPTIONS only",),
            )
        )
    return found


def accelerator_options(u: Unit, world: Surroundings) -> list[Option]:
    """The accelerator sends traffic to the healthy region's endpoints."""
    found = [
        always_on(u, NOTHING, "Global Accelerator answers from every edge"),
        _by_hand(u, world, "an endpoint group in a second region"),
    ]
    regions = u.fact("regions", [])
    away = [x for x in regions if x != u.region]
    if not away:
        return found
    interval, threshold = u.fact("interval_s", 30), u.fact("threshold", 3)
    low = (10 if isinstance(interval, Unknown) else interval) * (
        1 if isinstance(threshold, Unknown) else threshold
    )
    high = (30 if isinstance(interval, Unknown) else interval) * (
        10 if isinstance(threshold, Unknown) else threshold
    )
    why = "health check of the endpoint group"
    found.append(
        Option(
            name="endpoint group in another region",
            survives=survive(R),
            rpo=NOTHING,
            terms=(
                term(
                    Step.DETECT,
                    Estimate(low, high, "A"),
                    u,
                    why,
                    "health_check_interval_seconds=10 or a lower threshold_count of the endpoint group",
                ),
                term(Step.PROPAGATE, world.figures["propagate.accelerator"], u, "traffic moves without DNS"),
            ),
            manual=False,
            unsure=() if any(isinstance(x, str) for x in away) else unsure_of(*away),
            vague=unsure_of(interval, threshold),
        )
    )
    return found
