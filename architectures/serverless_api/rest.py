"""A REST API before the functions: what its keys become, and what can't be in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from architectures.faults import Fault, fault, refusals
from architectures.parts.api.sections import Authorizer, Throttling
from architectures.serverless_api import arguments
from architectures.serverless_api.sections import Api, Request, Route
from components.edge import Clients, JwtAuthorizer, RequestShape, RestRoute, Throttle, rest_paths
from components.edge.api_args import check_route
from components.edge.rest_api_args import check_pool, check_seconds

TYPE = "rest"


def is_rest(api: Api | None) -> bool:
    """Whether the settings ask for a REST API."""
    return api is not None and api.type == TYPE


def routes(given: Mapping[str, Route]) -> dict[str, RestRoute]:
    """The routes, each with the key of its target."""
    return {
        each: RestRoute(
            route_key=route.route_key,
            to=arguments.target_of(each, route),
            auth=route.auth or "",
            scopes=route.scopes,
            request=_shape(route.request) if route.request else None,
            throttle=_throttle(route.throttling) if route.throttling else None,
        )
        for each, route in given.items()
    }


def clients(api: Api) -> Clients | None:
    """From where it may be asked."""
    return Clients(networks=api.clients.networks, accounts=api.clients.accounts) if api.clients else None


def _shape(given: Request) -> RequestShape:
    return RequestShape(body=given.body, headers=given.headers, query=given.query)


def _throttle(given: Throttling) -> Throttle:
    return Throttle(rate=given.rate, burst=given.burst)


def faults(
    api: Api | None, given: Mapping[str, Route], limits: Throttling, open_paths: Sequence[str]
) -> Iterator[Fault]:
    """What can't be of the API's type, and of what one of the types alone has."""
    if api is not None and is_rest(api):
        yield from _rest_faults(api, given, limits, open_paths)
    else:
        yield from _http_faults(api, given)


def _http_faults(api: Api | None, given: Mapping[str, Route]) -> Iterator[Fault]:
    """What an HTTP API hasn't."""
    allowed = f"nothing but with api.type {TYPE}"
    for key in sorted(api.model_fields_set - {"type"} if api else ()):
        name = Api.model_fields[key].alias
        yield fault(f"api.{name}", "a value", allowed)
    for each, route in given.items():
        if route.request is not None:
            yield fault(f"routes.{each}.request", "a shape", allowed)
        if route.throttling is not None:
            yield fault(f"routes.{each}.throttling", "limits", allowed)


def authorizer_faults(given: Authorizer) -> Iterator[Fault]:
    """What can't be of who issues tokens for a REST API."""
    made = JwtAuthorizer(issuer=given.issuer, audience=given.audience)
    yield from refusals(lambda: check_pool("", made), {"issuer": "issuer", "audience": "audience"})


def _rest_faults(
    api: Api, given: Mapping[str, Route], limits: Throttling, open_paths: Sequence[str]
) -> Iterator[Fault]:
    """What a REST API hasn't, or not so. Routes that are none are told elsewhere."""
    yield from refusals(
        lambda: check_seconds("timeoutSeconds", api.timeout_seconds), {"timeoutSeconds": "api.timeoutSeconds"}
    )
    made = routes(given)
    for each, route in made.items():
        for key, said in _route_faults(route, _throttle(limits)):
            yield f"routes.{each}.{key}", said
    well = {each: route for each, route in made.items() if _is_route(route.route_key)}
    where = {f"routes[{each}].route_key": f"routes.{each}.routeKey" for each in well} | {"routes": "routes"}
    keys = {each: route.route_key for each, route in well.items()}
    wrong = list(refusals(lambda: rest_paths.check(keys), where))
    yield from wrong
    if (asked := clients(api)) is not None and not wrong:
        names = {name: f"api.{name}" for name in ("clients", "clients.networks", "clients.accounts")}
        yield from refusals(lambda: asked.check(well, open_paths), {**where, **names})


def _is_route(route_key: str) -> bool:
    return not any(refusals(lambda: check_route("", route_key), {"": ""}))


def _route_faults(route: RestRoute, whole: Throttle) -> Iterator[Fault]:
    request, throttle = route.request, route.throttle
    if request is not None:
        keys = ("request", "request.body", "request.headers", "request.query")
        yield from refusals(lambda: request.check("request"), {key: key for key in keys})
    if throttle is not None:
        limits = ("throttling", "throttling.rate", "throttling.burst")
        yield from refusals(
            lambda: throttle.check("throttling", route.route_key, whole), {key: key for key in limits}
        )
