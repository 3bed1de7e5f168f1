"""Route 53's checkers on the clock: an endpoint's state turns after as many checks in a row as its health check wants."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from sandbox.aws.client import ACCOUNT
from sandbox.aws.clockwork import requests, scope
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.extensions._route53_answers import named
from sandbox.aws.faults import TABLE

_PLAIN = ("HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP")
_GOOD = range(200, 400)


@dataclass
class Seen:
    """What the checkers have seen of an endpoint."""

    healthy: bool
    streak: int = 0


def start() -> None:
    """Begin to check. Endpoints begin as they answer now."""
    from moto.route53.models import Route53Backend, route53_backends

    backend = route53_backends[ACCOUNT]["aws"]
    for check in list(backend.health_checks.values()):
        if scope.plays(backend.resource_tags.get(check.id)):
            _begin(check)
    Route53Backend.create_health_check = _checked(Route53Backend.create_health_check)


def _begin(check: Any) -> None:
    if check.type_ in _PLAIN:
        seen = Seen(_answers(check))
        _show(check.id, healthy=seen.healthy)
        CLOCK.every(float(check.request_interval), partial(_check, check, seen))


def _checked(original: Callable[..., Any]) -> Callable[..., Any]:
    """A health check that is made while the clock runs begins to look, too."""

    @functools.wraps(original)
    def create_health_check(self: Any, *args: Any, **given: Any) -> Any:
        check = original(self, *args, **given)
        _begin(check)
        return check

    return create_health_check


def _answers(check: Any) -> bool:
    from moto.route53.models import route53_backends

    host = named(route53_backends[ACCOUNT]["aws"], check.fqdn or check.ip_address or "")
    return requests.request(host, check.resource_path or "/").status in _GOOD


def _check(check: Any, seen: Seen) -> None:
    if check.disabled:
        return
    answers = _answers(check)
    if answers == seen.healthy:
        seen.streak = 0
        return
    seen.streak += 1
    if seen.streak < int(check.failure_threshold):
        return
    seen.healthy, seen.streak = answers, 0
    # A check that fails has waited for connection and answer.
    wait = 0.0 if answers else CLOCK.lasts("detect.route53_margin")
    CLOCK.after(wait, lambda: _turn(check, healthy=answers))


def _turn(check: Any, *, healthy: bool) -> None:
    what = f"https://{check.fqdn}{check.resource_path or ''}"
    CLOCK.note("Route 53", f"finds {what} {'healthy' if healthy else 'unhealthy'}")
    _show(check.id, healthy=healthy)


def _show(id_: str, *, healthy: bool) -> None:
    TABLE.apply({"health_checks": {id_: healthy}})
