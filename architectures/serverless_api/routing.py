"""What can't be of a serverless API's routes, one by one and together."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from architectures.faults import Fault, fault, refusals
from architectures.serverless_api.sections import Route
from architectures.stack import Stack
from components.edge.api_args import NONE, check_route

if TYPE_CHECKING:
    from architectures.serverless_api.settings import ServerlessApiSettings


def route_faults(settings: ServerlessApiSettings, route: Route, stack: Stack) -> Iterator[Fault]:
    """What can't be of one route: where it leads, and who may use it."""
    yield from refusals(partial(check_route, "routeKey", route.route_key), {"routeKey": "routeKey"})
    ends = {"function": route.function, "url": route.url, "listener": route.listener}
    said = [key for key, value in ends.items() if value is not None]
    if len(said) != 1:
        yield fault(
            said[1] if said else "function",
            "another end" if said else "nothing",
            "one of function, url and listener",
        )
    if route.function is not None and route.function not in settings.functions:
        yield fault("function", repr(route.function), f"one of {', '.join(sorted(settings.functions))}")
    if route.url is not None and not route.url.startswith("https://"):
        yield fault("url", repr(route.url), "an https URL")
    if route.listener is not None and route.listener.split(":")[3] != stack.region:
        yield fault("listener", repr(route.listener), f"a listener of {stack.region}")
    if (route.listener is None) is not (route.server_name is None):
        yield fault(
            "serverName",
            repr(route.server_name) if route.server_name else "nothing",
            "a name beside a listener, and only there",
        )
    yield from settings.auth_faults(route.auth, route.scopes)


def path_faults(settings: ServerlessApiSettings) -> Iterator[Fault]:
    """What can't be of all of them: two of one method and path, and what Route 53 asks."""
    by_key: dict[str, str] = {}
    for each, route in settings.routes.items():
        if route.route_key in by_key:
            yield fault(
                f"routes.{each}.routeKey",
                repr(route.route_key),
                f"each once, and {by_key[route.route_key]} has it",
            )
        by_key.setdefault(route.route_key, each)
    if settings.health_path == settings.deep_health_path:
        yield fault("deepHealthPath", repr(settings.deep_health_path), "another than healthPath")
    if settings.site is None:
        return
    for key, path in {
        "healthPath": settings.health_path,
        "deepHealthPath": settings.deep_health_path,
    }.items():
        asked = by_key.get(f"GET {path}")
        if asked is None:
            yield fault(key, repr(path), f"the path of a route 'GET {path}' beside a site: Route 53 asks it")
        elif settings.routes[asked].auth not in (NONE, None):
            allowed = f"{NONE} for what Route 53 asks: it shows nobody's token"
            yield fault(f"routes.{asked}.auth", repr(settings.routes[asked].auth), allowed)
