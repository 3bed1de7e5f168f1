"""APIs of API Gateway: in several zones by themselves, and in one region.

https://docs.aws.amazon.com/apigateway/latest/developerguide/disaster-recovery-resiliency.html
"""

from __future__ import annotations

from policies.graph import Graph, Resource
from policies.recovery.model import NOTHING, I, Option, R, Z, survive
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit

from .common import unit
from .elb import beyond

KIND = "api"
APIS = ("aws:apigatewayv2/api:Api", "aws:apigateway/restApi:RestApi")
DOMAINS = ("aws:apigatewayv2/domainName:DomainName", "aws:apigateway/domainName:DomainName")
_PARTS = {
    "apiId": (
        "aws:apigatewayv2/apiMapping:ApiMapping",
        "aws:apigatewayv2/authorizer:Authorizer",
        "aws:apigatewayv2/integration:Integration",
        "aws:apigatewayv2/route:Route",
        "aws:apigatewayv2/stage:Stage",
    ),
    "restApi": (
        "aws:apigateway/authorizer:Authorizer",
        "aws:apigateway/basePathMapping:BasePathMapping",
        "aws:apigateway/deployment:Deployment",
        "aws:apigateway/integration:Integration",
        "aws:apigateway/method:Method",
        "aws:apigateway/methodSettings:MethodSettings",
        "aws:apigateway/model:Model",
        "aws:apigateway/requestValidator:RequestValidator",
        "aws:apigateway/resource:Resource",
        "aws:apigateway/stage:Stage",
    ),
    "restApiId": ("aws:apigateway/restApiPolicy:RestApiPolicy",),
}


def read(graph: Graph) -> list[Unit]:
    """One unit for each API, with its routes, what they call it by, and its names."""
    return [_api(graph, r) for r in graph.of(*APIS)]


def _api(graph: Graph, r: Resource) -> Unit:
    parts = [each for key, types in _PARTS.items() for each in graph.users(r, key, *types)]
    named = [domain for each in parts for domain in graph.linked(each, "domainName", *DOMAINS)]
    group = r.tags.get("dr:group")
    keys = frozenset({f"{KIND}:{group}"}) if isinstance(group, str) else frozenset[str]()
    return unit(graph, KIND, r, {}, keys=keys, owned=[each.urn for each in (*parts, *named)])


def options(u: Unit, world: Surroundings) -> list[Option]:
    """AWS runs it in several zones; the API of another region; deployed there again."""
    zones = Option(
        name="an API in several zones", survives=survive(I, Z), rpo=NOTHING, managed=True, manual=False
    )
    return [zones, *beyond(u, world, "API", "an API in the other region", survive(I, Z, R))]
