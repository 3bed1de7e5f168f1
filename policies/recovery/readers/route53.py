"""Route 53 records that decide which region serves, and the health checks that move them.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from policies.graph import Graph, Resource, Unknown
from policies.graph.beanstalk import ENVIRONMENT
from policies.graph.dns import CHECK, RECORD, can_fail, name_of
from policies.recovery.model import NOTHING, Estimate, Option, R, Step, Term, survive
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit
from policies.recovery.ways import always_on, term, unsure_of

from .common import unit
from .compute import INSTANCE
from .elb import BALANCERS

KIND = "dns"
SWITCH_PLAN = "aws:arcregionswitch/plan:Plan"
ALARM, COMPOSITE = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm"
TARGETS = (
    *BALANCERS,
    INSTANCE,
    ENVIRONMENT,
    "aws:ec2/eip:Eip",
    "aws:apigatewayv2/domainName:DomainName",
    "aws:apigateway/domainName:DomainName",
    "aws:s3/bucket:Bucket",
    "aws:cloudfront/distribution:Distribution",
    "aws:globalaccelerator/accelerator:Accelerator",
)
GLOBAL = TARGETS[-2:]
_POLICIES = (
    ("failoverRoutingPolicies", "failover"),
    ("weightedRoutingPolicies", "weighted"),
    ("weightedRoutingPolicy", "weighted"),
    ("latencyRoutingPolicies", "latency"),
    ("geolocationRoutingPolicies", "geolocation"),
    ("geoproximityRoutingPolicy", "geoproximity"),
    ("multivalueAnswerRoutingPolicy", "multivalue"),
)


def read(graph: Graph) -> list[Unit]:
    """One unit for each record that leads to something that serves, or that is one side of a failover."""
    found = []
    for r in graph.of(RECORD):
        routing = next((name for prop, name in _POLICIES if r.get(prop) is not None), "simple")
        targets = graph.linked(r, "aliases", *TARGETS) or graph.linked(r, "records", *TARGETS)
        if routing == "simple" and not any(
            t.type in (*BALANCERS, INSTANCE, ENVIRONMENT, "aws:ec2/eip:Eip") for t in targets
        ):
            continue
        found.append(_record(graph, r, routing, targets))
    return found


def _record(graph: Graph, r: Resource, routing: str, targets: list[Resource]) -> Unit:
    side = r.text("failoverRoutingPolicies.0.type") if routing == "failover" else None
    checks = graph.linked(r, "healthCheckId", CHECK)
    name = name_of(graph, r)
    declared = r.text("healthCheckId")
    switched = not checks and bool(graph.linked(r, "healthCheckId", SWITCH_PLAN))
    fails = can_fail(graph, checks[0]) if checks else True
    regional = [t for t in targets if t.type not in GLOBAL]
    region = graph.region(regional[0]) if regional else graph.region(r)
    nearest = r.text("latencyRoutingPolicies.0.region")
    if routing == "latency" and isinstance(nearest, str):
        region = nearest
    facts: dict[str, Any] = {
        "routing": routing,
        "side": side,
        "ttl_s": r.number("ttl", 0) if r.get("aliases") is None else None,
        "evaluates": r.flag("aliases.0.evaluateTargetHealth"),
        "check": check_of(graph, checks[0]) if checks and fails is not False else None,
        "check_fails": fails if isinstance(fails, Unknown) else None,
        "check_elsewhere": declared
        if isinstance(declared, str | Unknown) and not checks and not switched
        else None,
        "switched": switched or None,
        "targets": [t.name for t in targets],
        "global": bool(targets) and not regional,
    }
    keys = frozenset({f"{KIND}:{name}"}) if isinstance(name, str) else frozenset[str]()
    return unit(
        graph,
        KIND,
        r,
        facts,
        region=region,
        keys=keys,
        role="replica" if side == "SECONDARY" else "active",
        vague=(name.path,) if isinstance(name, Unknown) else (),
    )


def check_of(graph: Graph, check: Resource, depth: int = 3) -> dict[str, Any]:
    """What a health check needs to notice, as interval and threshold, or as the seconds of an alarm.

    A calculated check turns when fewer of its children than its threshold are healthy: with the last one that it takes for that.
    """
    kind = check.text("type", "HTTPS")
    if kind == "CALCULATED":
        children = graph.linked(check, "childHealthchecks", CHECK) if depth else []
        known = sorted((check_of(graph, c, depth - 1) for c in children), key=_readiness)
        if not known:
            return {"unknown": f"{check.name}.childHealthchecks"}
        threshold = check.number("childHealthThreshold", 1)
        enough = len(known) if isinstance(threshold, Unknown) else len(known) - int(threshold or 1) + 1
        return known[max(enough, 1) - 1]
    if kind == "CLOUDWATCH_METRIC":
        alarms = graph.linked(check, "cloudwatchAlarmName", ALARM, COMPOSITE)
        return {"alarm": alarm_of(alarms[0]) if alarms else {}, "name": check.name}
    if kind == "RECOVERY_CONTROL":
        return {"routing_control": True, "name": check.name}
    return {
        "interval_s": check.number("requestInterval", 30),
        "threshold": check.number("failureThreshold", 3),
        "name": check.name,
    }


def _readiness(check: dict[str, Any]) -> tuple[bool, float]:
    """What asks an endpoint sees that it is gone; an alarm may be about something else. Then the faster one."""
    return "alarm" in check, seconds(check)[0].high


def alarm_of(alarm: Resource) -> dict[str, Any]:
    """Period and periods of a metric alarm; empty for a composite one."""
    if alarm.type != ALARM:
        return {}
    period, periods = alarm.number("period"), alarm.number("evaluationPeriods")
    return {"period_s": period, "periods": periods} if period is not None else {}


def seconds(check: dict[str, Any], figures: Any = None) -> tuple[Estimate, tuple[str, ...]]:
    """How long a health check takes to turn, and the properties not known yet that it depends on."""
    if "alarm" in check:
        alarm = check["alarm"]
        period, periods = alarm.get("period_s"), alarm.get("periods")
        if isinstance(period, int | float) and isinstance(periods, int | float):
            time = Estimate(period * periods, period * periods, "A")
            return (time + figures["detect.metric_delay"] if figures else time), ()
        unknown = unsure_of(period, periods)
        default = figures["detect.alarm"] if figures else Estimate(120, 360, "D")
        return default, unknown
    if "unknown" in check:
        return Estimate(10, 300, "A"), (check["unknown"],)
    interval, threshold = check.get("interval_s", 30), check.get("threshold", 3)
    low = (10 if isinstance(interval, Unknown) else interval) * (
        1 if isinstance(threshold, Unknown) else threshold
    )
    high = (30 if isinstance(interval, Unknown) else interval) * (
        10 if isinstance(threshold, Unknown) else threshold
    )
    time = Estimate(low, high, "A")
    return (time + figures["detect.route53_margin"] if figures else time), unsure_of(interval, threshold)


def watch(u: Unit, world: Surroundings) -> tuple[Term, tuple[str, ...]] | None:
    """What makes this record turn by itself, the fastest of it; None when nothing does."""
    found = [w for w in (_by_check(u, world), _by_targets(u, world)) if w is not None]
    return min(found, key=lambda w: (bool(w[1]), w[0].time.high)) if found else None


def _by_check(u: Unit, world: Surroundings) -> tuple[Term, tuple[str, ...]] | None:
    check = u.fact("check")
    if check and not check.get("routing_control"):
        time, vague = seconds(check, world.figures)
        why = f"health check {check.get('name', u.name)}"
        return term(
            Step.DETECT, time, u, why, "request_interval=10 or a lower failure_threshold of the health check"
        ), vague
    given = u.fact("check_elsewhere")
    if given is None:
        return None
    time = (
        Estimate(10, 300, "A") + world.figures["detect.route53_margin"]
    )  # 1 x 10 s to 10 x 30 s: AWS's limits
    path = given.path if isinstance(given, Unknown) else f"{u.name}.healthCheckId ({given}, of another stack)"
    return term(Step.DETECT, time, u, "a health check that is not at hand"), (path,)


def _by_targets(u: Unit, world: Surroundings) -> tuple[Term, tuple[str, ...]] | None:
    # An alias of a record whose name has a last resort of its own stays healthy; that is no target's health.
    if u.fact("evaluates", False) is not True or (u.fact("switched") and not u.fact("targets")):
        return None
    check = world.check_behind(u)
    interval, threshold, wait = (
        check.get(k, d) for k, d in (("interval_s", 30), ("threshold", 2), ("timeout_s", 5))
    )
    why, setting = (
        "health of the alias's targets",
        'a lower "interval" or "unhealthy_threshold" in health_check of the target group',
    )
    unknown = unsure_of(interval, threshold, wait)
    time = (
        Estimate(12, 3120, "A")
        if unknown
        else Estimate(interval * threshold + wait, interval * threshold + wait, "A")
    )
    return term(Step.DETECT, time, u, why, setting), unknown


def options(u: Unit, world: Surroundings) -> list[Option]:
    """By itself when a check watches it and another side is there, else by hand."""
    figures = world.figures
    ttl = u.fact("ttl_s")
    if isinstance(ttl, Unknown):
        cached = Estimate(0, 172800, "A")
    else:
        cached = figures["propagate.alias"] if ttl is None else Estimate(ttl, ttl, "A")
    vague = unsure_of(ttl)
    kept = term(Step.PROPAGATE, cached, u, "clients keep the record", "a lower ttl of the record")
    found = [always_on(u, NOTHING, "Route 53 answers from every edge")]
    if u.fact("global", False):
        found.append(replace(found[0], name="leads to a service of every edge", survives=survive(R)))
    changed = term(
        Step.PROPAGATE,
        cached + figures["propagate.record_change"],
        u,
        "the record is changed",
        "failover_routing_policies on a record for each region",
    )
    needs_check = f"{u.name}: no health check watches it: it never fails over by itself"
    seen = watch(u, world)
    routed = u.fact("routing") != "simple"
    if routed and seen is not None:
        others = world.other_sides(u)
        awaited = () if others else (world.missing(u),)
        found.append(
            Option(
                name="DNS failover",
                survives=survive(R),
                rpo=NOTHING,
                terms=(seen[0], kept),
                manual=False,
                unsure=awaited + unsure_of(u.fact("check_fails")),
                vague=vague + seen[1],
            )
        )
    if u.fact("switched"):
        moved = replace(kept, why="clients keep the record; the plan's health checks turn at once")
        found.append(
            Option(
                name="moved by a Region switch plan",
                survives=survive(R),
                rpo=NOTHING,
                terms=(moved,),
                vague=vague,
                automation="dns",
            )
        )
        return found
    found.append(
        Option(
            name="record changed by hand",
            survives=survive(R),
            rpo=NOTHING,
            terms=(changed,),
            vague=vague,
            findings=(needs_check,) if routed and seen is None and u.fact("side") != "SECONDARY" else (),
            automation="dns",
        )
    )
    return found
