"""The API that a region's clients ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pulumi

from architectures.parts.api import arguments
from architectures.parts.api.settings import ApiSettings
from architectures.parts.site import Site
from architectures.system import Place
from components.compute import ServingFunction
from components.edge import (
    ApiRoute,
    FunctionTarget,
    HttpApi,
    HttpApiArgs,
    RestApi,
    RestApiArgs,
    VpcReach,
    region_name,
)
from components.edge.api_args import Target

HTTP, REST = "http", "rest"
"""End the names of both types."""


def http_api(
    name: str,
    settings: ApiSettings,
    place: Place,
    site: Site,
    *,
    routes: Mapping[str, ApiRoute],
    targets: Mapping[str, Target],
    child: pulumi.ResourceOptions,
    vpc: VpcReach | None = None,
) -> HttpApi:
    """With the site's names, where it has one."""
    args = HttpApiArgs(routes=routes, targets=targets, vpc=vpc, **_given(name, settings, place, site))
    return HttpApi(f"{name}-{HTTP}", args, _was(child, name, REST, "holdfast:edge:RestApi"))


def rest_api(
    name: str,
    settings: ApiSettings,
    place: Place,
    site: Site,
    *,
    child: pulumi.ResourceOptions,
    **more: Any,
) -> RestApi:
    """The same as a REST API, which stands behind a web ACL with a site; `more` is what else RestApiArgs has."""
    firewall = site.firewall()
    args = RestApiArgs(
        logs_ready=place.ground.rest_logs,
        web_acl_arn=firewall.arn if firewall else None,
        **more,
        **_given(name, settings, place, site),
    )
    return RestApi(f"{name}-{REST}", args, _was(child, name, HTTP, "holdfast:edge:HttpApi"))


def _given(name: str, settings: ApiSettings, place: Place, site: Site) -> dict[str, Any]:
    """Arguments that both types have."""
    host, stack = settings.site, place.stack
    return {
        "tags": place.tags,
        "prefix": stack.named(name),
        "key_arn": place.ground.key_arn,
        "actions": [place.ground.topic.arn],
        "authorizers": arguments.authorizers(settings.authorizers),
        "hosts": [host, region_name(stack.region, host)] if host else [],
        "certificate_arn": site.certificate.arn if host else None,
        "rate": settings.throttling.rate,
        "burst": settings.throttling.burst,
    }


def _was(child: pulumi.ResourceOptions, name: str, other: str, kind: str) -> pulumi.ResourceOptions:
    """What an API of the other type was: a system that changes the type keeps its names, log and alarms, and who leads to them."""
    alias = pulumi.Alias(name=f"{name}-{other}", type_=kind)
    return pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(aliases=[alias]))


def target(made: ServingFunction) -> FunctionTarget:
    """A function, as routes lead to it."""
    return FunctionTarget(invoke_arn=made.invoke_arn, name=made.function_name, alias=made.alias)


Called = tuple[pulumi.Output[str], pulumi.Input[str], int]
"""A function's name, its alias, and the executions that are kept warm where the system is active."""


def called(made: ServingFunction, provisioned: int) -> Called:
    """The same of a function of this stack."""
    return made.function_name, made.alias, provisioned


def kept_warm(region: str, functions: Iterable[Called]) -> pulumi.Output[str]:
    """The command, for each function that is kept warm where the system is active, that keeps as many executions warm here."""
    line = (
        "\n    aws lambda put-provisioned-concurrency-config --region {0} --function-name {1} --qualifier {2} "
        "--provisioned-concurrent-executions {3}\n"
    )
    return pulumi.Output.concat(
        "",
        *(
            pulumi.Output.format(line, region, name, alias, str(provisioned))
            for name, alias, provisioned in functions
            if provisioned
        ),
    )
