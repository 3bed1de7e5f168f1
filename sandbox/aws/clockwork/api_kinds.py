"""The two types of API of API Gateway, seen alike: what routes there are, and where each leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.aws.client import ACCOUNT


@dataclass(frozen=True)
class Api:
    """An API, as it is asked by one of its names."""

    region: str
    name: str
    deployed: bool
    """Whether it has a stage."""
    routes: Mapping[str, str]
    """By key, as `GET /items`: the URI that the route leads to; empty where it leads nowhere."""
    base: str = ""
    """What the paths begin with by that name."""


def http(region: str, id_: str) -> Api | None:
    """The HTTP API of that id."""
    from moto.apigatewayv2.models import apigatewayv2_backends

    api = apigatewayv2_backends[ACCOUNT][region].apis.get(id_)
    if api is None:
        return None
    integrations = {key: str(each.integration_uri or "") for key, each in api.integrations.items()}
    routes = {
        each.route_key: integrations.get(str(each.target).rpartition("/")[2], "")
        for _, each in sorted(api.routes.items())
    }
    return Api(region, api.name, bool(api.stages), routes)


def rest(region: str, id_: str, *, by_its_own_name: bool) -> Api | None:
    """The REST API of that id, whose stage is in the path where it is asked by its own name."""
    from moto.apigateway.models import apigateway_backends

    api = apigateway_backends[ACCOUNT][region].apis.get(id_)
    if api is None:
        return None
    routes = {
        f"{method} {resource.get_path()}": str(getattr(made.method_integration, "uri", None) or "")
        for resource in api.resources.values()
        for method, made in resource.resource_methods.items()
    }
    stage = next(iter(sorted(api.stages)), "")
    # A stage answers by its deployment: one that isn't there any more is none.
    deployed = bool(stage) and api.stages[stage].deployment_id in api.deployments
    return Api(region, api.name, deployed, routes, f"/{stage}" if by_its_own_name else "")
