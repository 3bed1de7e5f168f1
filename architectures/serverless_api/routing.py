"""What can't be of a serverless API's routes, one by one and together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial

from architectures.faults import Fault, fault, refusals
from architectures.serverless_api.sections import Route
from architectures.stack import Stack
from components.edge.api_args import NONE, check_route


def route_faults(route: Route, functions: Collection[str], stack: Stack) -> Iterator[Fault]:
    """What can't be of where one route leads, other than to one of `functions`."""
    yield from refusals(partial(check_route, "routeKey", route.route_key), {"routeKey": "routeKey"})
    ends = {"function": route.function, "url": route.url, "listener": route.listener}
    said = [key for key, value in ends.items() if value is not None]
    if len(said) != 1:
        yield fault(
            said[1] if said else "function",
            "another end" if said else "nothing",
            "one of function, url and listener",
        )
    if route.function is not None and route.function not in functions:
        yield fault("function", repr(route.function), f"one of {', '.join(sorted(functions))}")
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


def path_faults(routes: Mapping[str, Route], asks: Mapping[str, str], *, site: bool) -> Iterator[Fault]:
    """What can't be of all of them: two of one method and path, and what Route 53 asks of a site, by key, both of `asks`."""
    by_key: dict[str, str] = {}
    for each, route in routes.items():
        if route.route_key in by_key:
            yield fault(
                f"routes.{each}.routeKey",
                repr(route.route_key),
                f"each once, and {by_key[route.route_key]} has it",
            )
        by_key.setdefault(route.route_key, each)
    if len(set(asks.values())) < len(asks):
        yield fault("deepHealthPath", repr(asks["deepHealthPath"]), "another than healthPath")
    if not site:
        return
    for key, path in asks.items():
        asked = by_key.get(f"GET {path}")
        if asked is None:
            yield fault(key, repr(path), f"the path of a route 'GET {path}' beside a site: Route 53 asks it")
        elif routes[asked].auth not in (NONE, None):
            allowed = f"{NONE} for what Route 53 asks: it shows nobody's token"
            yield fault(f"routes.{asked}.auth", repr(routes[asked].auth), allowed)
