"""The ways back of servers: others that serve, what is launched in their place, members in other regions.

https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/static-stability.html
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from policies.graph import Unknown
from policies.recovery.model import NOTHING, Estimate, I, Option, R, Step, Term, Z, survive
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit
from policies.recovery.ways import failover, term, unsure_of

from .swap import moved, noticed

_HTTP_INTERVAL = 30


def options(u: Unit, world: Surroundings) -> list[Option]:
    """Other instances, a launch in another zone, the members in other regions, deploying again."""
    if u.fact("launch") == "lambda":
        found = _lambda(u, world)
    elif u.fact("launch") == "instance":
        found = _single(u, world)
    elif u.fact("swap") is not None:
        found = _pair(u, world)
    else:
        found = _several(u, world)
    return found + _regions(u, world)


def launch(u: Unit, world: Surroundings) -> Estimate:
    """How long it takes until one more unit of capacity serves."""
    kind, figures = u.fact("launch", "ec2"), world.figures
    if kind == "lambda":
        return figures["launch.lambda"]
    if kind == "fargate":
        time = figures["launch.fargate"]
    elif u.fact("warm_pool", False) is True:
        time = figures["launch.warm_pool"]
    else:
        time = figures["launch.ec2"] + figures["launch.bootstrap"]
    if kind == "beanstalk":
        time = time + figures["launch.beanstalk"]
    check = u.fact("check")
    if u.fact("swap") is not None:
        time = sum((each.time for each in moved(u, world)), time)
    interval = check.get("interval_s", _HTTP_INTERVAL) if check else 0
    if isinstance(interval, Unknown):
        return time + Estimate(0, 300)
    return time + Estimate(0, interval)


def _lambda(u: Unit, world: Surroundings) -> list[Option]:
    wide = u.fact("zones")
    sure = True if wide is None else (wide if isinstance(wide, Unknown) else wide > 1)
    found = [
        Option(
            name="function in several zones",
            survives=survive(I, Z) if sure is not False else survive(I),
            rpo=NOTHING,
            terms=(failover(world.figures["launch.lambda"], u, "a function starts cold"),),
            managed=True,
            manual=False,
            unsure=unsure_of(sure),
        )
    ]
    return (
        found if sure is True else [*found, _again(u, world, survive(I, Z), "deployed again in another zone")]
    )


def _single(u: Unit, world: Surroundings) -> list[Option]:
    time = world.figures["launch.recover"]
    recovered = Option(
        name="recovered on another host",
        survives=survive(I),
        rpo=NOTHING,
        terms=(
            _status_check(u, world),
            failover(time, u, "EC2 recovers the instance", "an Auto Scaling group"),
        ),
        manual=False,
    )
    return [recovered, _again(u, world, survive(I, Z), "deployed again in another zone")]


def _again(u: Unit, world: Surroundings, reach: frozenset[Any], name: str) -> Option:
    time = world.figures["restore.infra"]
    return Option(
        name=name,
        survives=reach,
        rpo=NOTHING,
        terms=(
            failover(
                time, u, name, "spread it over zones" if R not in reach else "a member in the other region"
            ),
            term(Step.CAPACITY, launch(u, world), u, "the whole capacity is launched"),
        ),
    )


def _status_check(u: Unit, world: Surroundings) -> Term:
    if u.fact("launch") == "fargate":
        time = world.figures["detect.task"]
        return term(
            Step.DETECT, time, u, "ECS finds that a task has stopped", "a health check of its container"
        )
    time = world.figures["detect.status_check"]
    return term(Step.DETECT, time, u, "EC2 status checks", "a load balancer's health check")


def detect(u: Unit, world: Surroundings) -> tuple[Term, tuple[str, ...]]:
    """By the health check of load balancer or container, else by EC2 status checks, or by ECS of a task that has stopped."""
    check = u.fact("check")
    if not check:
        return _status_check(u, world), ()
    # AWS's own limits where a setting isn't known yet.
    parts = [(check.get(k, d), d, low, high) for k, d, low, high in _CHECK]
    values = [(low, high) if isinstance(v, Unknown) else (v, v) for v, _, low, high in parts]
    (ia, ib), (ta, tb), (wa, wb) = values
    time = Estimate(ia * ta + wa, ib * tb + wb, "A")
    setting = 'a lower "interval" or "unhealthy_threshold" in health_check of the target group'
    return term(Step.DETECT, time, u, "the load balancer's health check", setting), unsure_of(
        *(v for v, *_ in parts)
    )


_CHECK = (("interval_s", 30, 5, 300), ("threshold", 2, 2, 10), ("timeout_s", 5, 2, 120))


def _several(u: Unit, world: Surroundings) -> list[Option]:
    seen, vague = detect(u, world)
    desired, wide = u.fact("desired"), u.fact("zones", 1)
    found = []
    findings: tuple[str, ...] = ()
    if u.fact("check") and u.fact("health") == "EC2":
        findings = (f"{u.name}: health_check_type is EC2: an application that fails is never replaced",)
    lost_one = 1.0 if desired is None or isinstance(desired, Unknown) else min(1.0, desired)
    rows: list[tuple[frozenset[Any], float | Unknown, str]] = [(survive(I), lost_one, "an instance")]
    if isinstance(wide, Unknown) or wide > 1:
        lost = wide if isinstance(wide, Unknown) else _zone_share(desired, wide)
        rows.append((survive(Z), lost, "a zone"))
    for reach, lost, what in rows:
        capacity, unsure, note = _capacity(u, world, desired, lost, what)
        found.append(
            Option(
                name="the others serve" if not note else "the others serve, what is lost is launched again",
                survives=reach,
                rpo=NOTHING,
                terms=(seen, capacity),
                manual=False,
                unsure=unsure_of(wide) if Z in reach else (),
                vague=vague + unsure,
                findings=findings + note,
            )
        )
    if isinstance(wide, Unknown) or wide <= 1:
        found.append(_again(u, world, survive(Z), "deployed again in another zone"))
    return found


def _pair(u: Unit, world: Surroundings) -> list[Option]:
    """The one that stands by serves; the lost one is launched again, and nobody waits for it."""
    seen, vague = detect(u, world)
    found_ill, more = noticed(u, world, seen)
    wide = u.fact("zones", 1)
    capacity, unsure, note = _capacity(u, world, u.fact("desired"), 1, "one")
    apart = isinstance(wide, Unknown) or wide > 1
    found = [
        Option(
            name="the other one serves" if not note else "it is launched again, and serves",
            survives=survive(I, Z) if apart and not note else survive(I),
            rpo=NOTHING,
            terms=(found_ill, *moved(u, world), capacity),
            manual=False,
            unsure=unsure_of(wide),
            vague=(*vague, *more, *unsure),
            findings=note,
        )
    ]
    if isinstance(wide, Unknown) or not apart or note:
        found.append(_again(u, world, survive(Z), "deployed again in another zone"))
    return found


def _zone_share(desired: Any, wide: float) -> float | Unknown:
    return desired if isinstance(desired, Unknown) else math.ceil((desired or 0) / wide)


def _capacity(
    u: Unit, world: Surroundings, desired: Any, lost: Any, what: str
) -> tuple[Term, tuple[str, ...], tuple[str, ...]]:
    """Zero when enough is left without launching anything during the failure."""
    need = required(u)
    setting = "more instances, or the tag dr:required-capacity if fewer are enough"
    if isinstance(desired, Unknown) or isinstance(lost, Unknown) or isinstance(need, Unknown):
        worst = Estimate(0, launch(u, world).high, "D")
        return (
            term(Step.CAPACITY, worst, u, "what is lost may have to be launched", setting),
            unsure_of(desired, lost, need),
            (),
        )
    left = (desired or 0) - lost
    if left >= need:
        return term(Step.CAPACITY, NOTHING, u, f"{left:g} left, {need:g} needed"), (), ()
    note = f"{u.name}: with {what} lost {left:g} are left of {need:g} needed: recovery depends on launching instances during the failure"
    return term(Step.CAPACITY, launch(u, world), u, f"{left:g} left, {need:g} needed", setting), (), (note,)


def required(u: Unit) -> float | Unknown:
    """Capacity that is needed: tag dr:required-capacity, else what is said or desired."""
    tagged = u.tag_number("dr:required-capacity")
    found: float | Unknown = u.fact("required", u.fact("desired", 0)) if tagged is None else tagged
    return found


def _regions(u: Unit, world: Surroundings) -> list[Option]:
    found = [option for s in world.siblings(u) for option in _members(u, s, world)]
    if not found and not world.awaits(u) and world.reaches_beyond(u):
        found.append(_again(u, world, survive(I, Z, R), "deployed again in the other region"))
    return found


def _members(u: Unit, sibling: Unit, world: Surroundings) -> list[Option]:
    """Another region's. Where they have to grow: by target tracking if they have it, or made to by who takes over, a person or a plan."""
    first = _member(u, sibling, world)
    if all(t.step is not Step.DECIDE for t in first.terms):
        return [first]
    asked = tuple(t for t in first.terms if t.step is not Step.DECIDE)
    by_hand = replace(first, name=f"{first.name}, made to grow", terms=asked, manual=True)
    if sibling.fact("tracked", False) is True:
        return [first, replace(by_hand, survives=survive(R))]
    return [by_hand]


def _member(u: Unit, sibling: Unit, world: Surroundings) -> Option:
    have, most, need = sibling.fact("desired"), sibling.fact("max"), required(u)
    time = launch(sibling, world)
    why = f"{sibling.name} serves"
    vague: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    grows = world.figures["decide.tracking"] + world.figures["detect.metric_delay"]
    if sibling.fact("launch") == "lambda":
        time, grows, pilot = NOTHING, NOTHING, False
    elif isinstance(have, Unknown) or isinstance(need, Unknown):
        time, vague, pilot = Estimate(0, time.high, "D"), unsure_of(have, need), False
        grows = Estimate(0, grows.high, grows.grade, grows.sources)
    else:
        pilot = not have and need > 0
        if (have or 0) >= need:
            time = grows = NOTHING
        else:
            why = f"{sibling.name} has {have or 0:g} of {need:g} needed and launches the rest"
        if isinstance(most, int | float) and most < need:
            findings = (f"{sibling.name}: its maximum of {most:g} is below the {need:g} needed",)
            time = time + world.figures["restore.infra"]
    setting = f"a higher desired_capacity (desired_count of a service) in {sibling.region}"
    # Who switches a pilot light on asks for what is needed; whatever runs already grows when its load tells it to.
    waits = (
        ()
        if pilot or not grows.high
        else (term(Step.DECIDE, grows, u, f"target tracking of {sibling.name} sees the load", setting),)
    )
    return Option(
        name=f"members in {sibling.region}",
        survives=survive(I, Z, R) if not pilot else survive(R),
        rpo=NOTHING,
        terms=(*waits, term(Step.CAPACITY, time, u, why, setting)),
        manual=pilot,
        vague=vague,
        findings=findings,
        automation="capacity",
    )
