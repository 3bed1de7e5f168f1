"""How long a function takes to find that one of two instances is ill, and to have the other one serve.

Its looks and waits are read from its environment: `poll` seconds between two looks, `unhealthyPolls` of them in a row, three times
`request` until nothing can land that was sent before, `drain` seconds of the one that is relieved; it watches `watch` seconds at a time.
"""

from __future__ import annotations

from typing import Any

from policies.graph import Unknown
from policies.recovery.model import Estimate, Step, Term
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit
from policies.recovery.ways import failover, term, unsure_of

_LONGEST = 3600
"""Seconds: what a duration may be that isn't known yet."""
_SETTLE = 3
"""Times `request`."""


def noticed(u: Unit, world: Surroundings, seen: Term) -> tuple[Term, tuple[str, ...]]:
    """The load balancer finds it ill, which `seen` says, and so do looks in a row; at worst between two invocations."""
    poll, polls = _told(u, "poll"), _told(u, "unhealthyPolls")
    request, watch = _told(u, "request"), _told(u, "watch")
    gap = world.figures["swap.gap"]
    late = Estimate(
        0, max(0.0, gap.high - watch.low), gap.grade, gap.sources if watch.low < gap.high else frozenset()
    )
    looks = Estimate(poll.low * max(0.0, polls.low - 1), poll.high * polls.high + request.high, "A")
    setting = (
        "fewer unhealthyPolls or a shorter poll in the function's TIMING, or the health check's interval"
    )
    why = "the load balancer's health check, then looks of the function"
    return term(Step.DETECT, seen.time + looks + late, u, why, setting), unsure_of(u.fact("swap"))


def moved(u: Unit, world: Surroundings) -> tuple[Term, ...]:
    """The former one is out, the other one is registered and passes its first health check."""
    poll, request, drain = _told(u, "poll"), _told(u, "request"), _told(u, "drain")
    wait = Estimate(_SETTLE * request.low, _SETTLE * request.high + drain.high + poll.high, "A")
    first = world.figures["swap.register"] + _first_check(u)
    return (
        failover(wait, u, "what was sent before lands, the former one drains", "a shorter drain"),
        failover(first, u, "the other one is registered, and found healthy"),
    )


def _first_check(u: Unit) -> Estimate:
    """One check brings a new target into service.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
    """
    check = u.fact("check") or {}
    interval, timeout = (check.get(key, most) for key, most in (("interval_s", 300), ("timeout_s", 120)))
    known = [
        300 if isinstance(interval, Unknown) else interval,
        120 if isinstance(timeout, Unknown) else timeout,
    ]
    return Estimate(0, sum(known), "A")


def _told(u: Unit, key: str) -> Estimate:
    """A duration in seconds, or a count, as the function's environment has it."""
    swap: Any = u.fact("swap")
    value = swap.get(key) if isinstance(swap, dict) else None
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _LONGEST:
        return Estimate(value, value)
    return Estimate(0, _LONGEST, "D")
