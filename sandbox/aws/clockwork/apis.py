"""APIs of API Gateway on the clock: what asks one gets to the function that its route leads to, by the alias, and to the table behind.

moto carries out no API, and a function's own code isn't run for each request: what is looked at is what the deployment decides, the
route, the alias, whether API Gateway may call it, whether it gets any concurrency, and whether the region has the table that the function
is told of. A row is written by the first POST route, by its key, that leads to a function with a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sandbox.aws.client import ACCOUNT
from sandbox.aws.clockwork import scope, stores
from sandbox.aws.clockwork.api_kinds import Api, http, rest
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.clockwork.rows import Row
from sandbox.aws.faults import TABLE

_OWN = re.compile(r"(?P<api>[a-z0-9]+)\.execute-api\.(?P<region>[a-z0-9-]+)\.amazonaws\.com")
_TARGET = re.compile(r":function:(?P<name>[^:/]+):(?P<alias>[^/]+)/invocations")
_CALLER = "apigateway.amazonaws.com"


def of(host: str) -> Api | None:
    """The API that answers a name of AWS's: its own, or a custom domain's."""
    own = _OWN.fullmatch(host)
    found = _api(own["region"], own["api"], by_its_own_name=True) if own else None
    return found or _mapped(host)


def _mapped(host: str) -> Api | None:
    """The API that a custom domain's own name of AWS's leads to."""
    from moto.apigatewayv2.models import apigatewayv2_backends

    for region, backend in list(apigatewayv2_backends[ACCOUNT].items()):
        for mapping in backend.api_mappings.values():
            domain = backend.domain_names.get(mapping.domain_name)
            names = (
                [each.get("apiGatewayDomainName") for each in domain.domain_name_configurations]
                if domain
                else []
            )
            if host in names and (found := _api(region, mapping.api_id)):
                return found
    return None


def _api(region: str, id_: str, *, by_its_own_name: bool = False) -> Api | None:
    return http(region, id_) or rest(region, id_, by_its_own_name=by_its_own_name)


def answer(api: Api, path: str, number: int | None) -> tuple[int, str]:
    """Status, and what is said: of the route that a path has, or of the one that writes a row."""
    region = api.region
    if TABLE.region_lost(region):
        return 0, f"{api.name} does not answer"
    if not api.deployed:
        return 404, f"{api.name} has no stage"
    route = _written(api) if number is not None else _asked(api, path)
    if route is None:
        return 404, f"{api.name} has no route for {path if number is None else 'a row'}"
    function, refused = _function(api, route)
    told = _told(function)
    if number is None:
        # The sample's light path asks nothing of others.
        refused = refused or (stores.refuses(told, region) if path != f"{api.base}/health" else "")
        return (500, refused) if refused else (200, "")
    refused = refused or stores.refuses(told, region)
    if refused:
        return 500, refused
    stores.write(told, region, [Row(number, CLOCK.now)])
    return 200, ""


def capacity(api: Api) -> dict[str, Any]:
    """The functions that routes lead to, and those of them that can be called."""
    region = api.region
    asked = {uri: _function(api, key) for key, uri in api.routes.items()}
    functions = {
        function.function_name: refused for function, refused in asked.values() if function is not None
    }
    missing = sum(function is None and bool(refused) for function, refused in asked.values())
    healthy = (
        []
        if TABLE.region_lost(region)
        else sorted(name for name, refused in functions.items() if not refused)
    )
    every = len(functions) + missing
    return {
        "region": region,
        "registered": len(functions),
        "serves": healthy,
        "serving": len(healthy),
        "healthy": len(healthy),
        "desired": every,
        "most": every,
        "required": max(1, every),
    }


def content(api: Api) -> dict[str, list[int]]:
    """Numbers of the rows that the API's functions see in their table."""
    route = _written(api)
    told = _told(_function(api, route)[0]) if route is not None else {}
    return {
        kind: sorted({row.number for row in held}) for kind, held in stores.content(told, api.region).items()
    }


def _asked(api: Api, path: str) -> str | None:
    """The route that a GET of that path has; an API that is asked by a name with a stage has none without it."""
    key = f"GET {path.removeprefix(api.base)}"
    return key if path.startswith(api.base) and key in api.routes else None


def _written(api: Api) -> str | None:
    return next(
        (key for key in sorted(api.routes) if key.startswith("POST ") and _told(_function(api, key)[0])),
        None,
    )


def _told(function: Any) -> dict[str, Any]:
    table = function.environment_vars.get("TABLE") if function is not None else None
    return {stores.SESSIONS: {"table": table}} if table else {}


def _function(api: Api, route: str) -> tuple[Any | None, str]:
    """The function that a route calls, and why it can't be called; neither where it leads elsewhere."""
    from moto.awslambda_simple.models import lambda_simple_backends

    region, uri = api.region, api.routes[route]
    if not uri:
        return None, f"{route} leads nowhere"
    target = _TARGET.search(uri)
    if target is None:
        return None, ""
    functions = lambda_simple_backends[ACCOUNT][region]
    function = next(
        (each for each in functions.list_functions() if each.function_name == target["name"]), None
    )
    if function is None or not scope.plays(function.tags):
        return None, f"there is no function {target['name']} in {region}"
    return function, next(_hindrances(functions, function, target["alias"]), "")


def _hindrances(functions: Any, function: Any, alias: str) -> Iterator[str]:
    name = function.function_name
    if alias not in {each.name for each in functions.list_aliases(name)}:
        yield f"{name} has no alias {alias}"
    if not any(_CALLER in str(each["Principal"]) for each in function.policy.statements):
        yield f"{name} may not be called by API Gateway"
    if str(function.reserved_concurrency) == "0":
        yield f"{name} is throttled: its concurrency is 0"
