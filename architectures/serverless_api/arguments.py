"""What the components of a serverless API are given. The settings' checks look at the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from architectures.faults import PLACEHOLDER
from architectures.parts import tables
from architectures.parts.api import arguments as api_arguments
from architectures.parts.api.sections import Table
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.parts.code import PROGRAM, archive, files
from architectures.serverless_api.sections import Function, Route
from architectures.stack import Stack
from architectures.strategies import Posture
from components.compute import FunctionArgs, Source
from components.data import GlobalTableArgs
from components.edge import ApiRoute, BalancerTarget, UrlTarget
from components.edge.api_args import Target
from components.permissions import Statement
from components.tags import Tags

SAMPLE = PROGRAM / "functions" / "serverless_api"
HASH, RANGE, EXPIRES = "pk", "sk", "expires"
FUNCTION_KEYS = {
    "runtime": "runtime",
    "memory_mib": "memoryMib",
    "timeout_seconds": "timeoutSeconds",
    "reserved": "reserved",
    "provisioned": "provisioned",
    "snap_start": "snapStart",
    "source.at_once": "atOnce",
    "source.visibility_seconds": "queue.visibilitySeconds",
}
"""Argument of a function that a setting decides -> key within the function."""


def code(given: str | None) -> pulumi.Archive:
    """What is deployed: the folder or zip that is given, else the sample."""
    return archive(given) if given is not None else files(sorted(SAMPLE.glob("*.py")), SAMPLE.parent)


def function(
    each: str,
    given: Function,
    share: float,
    *,
    tags: Tags,
    key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    variables: Mapping[str, pulumi.Input[str]],
    statements: Sequence[Statement],
    queue: tuple[pulumi.Input[str], Sequence[Statement]] | None,
    subnet_ids: Sequence[pulumi.Input[str]] = (),
    security_group_ids: Sequence[pulumi.Input[str]] = (),
) -> FunctionArgs:
    """A function's arguments; `variables` are the program's own, `queue` has the ARN and what a receiver may do.

    `subnet_ids`, with groups, are those of one that stands in the VPC.
    """
    source = None
    if queue is not None and given.queue is not None:
        arn, receiving = queue
        seconds = given.queue.visibility_seconds
        source = Source(arn=arn, statements=receiving, visibility_seconds=seconds, at_once=given.at_once)
    return FunctionArgs(
        tags=tags,
        code=code(given.code),
        handler=given.handler,
        about=f"Works off its queue: {each}" if source else f"Answers routes of {each}",
        key_arn=key_arn,
        actions=[topic_arn],
        runtime=given.runtime,
        architecture=given.architecture,
        memory_mib=given.memory_mib,
        timeout_seconds=given.timeout_seconds,
        reserved=given.reserved,
        provisioned=api_arguments.warm(given.provisioned, share),
        snap_start=given.snap_start,
        variables={**given.environment, **variables},
        statements=statements,
        source=source,
        subnet_ids=subnet_ids,
        security_group_ids=security_group_ids,
    )


def placeholder_function(each: str, given: Function) -> FunctionArgs:
    """The same for its checks, as where the system is active."""
    return function(
        each,
        given,
        1,
        tags=PLACEHOLDER_TAGS,
        key_arn=PLACEHOLDER,
        topic_arn=PLACEHOLDER,
        variables={},
        statements=(),
        queue=(PLACEHOLDER, ()) if given.queue else None,
    )


def table(given: Table, stack: Stack, stands: Posture, **ground: Any) -> GlobalTableArgs:
    """The arguments of the table, in the stack that makes it; `ground` as in `parts.tables.table`."""
    own: dict[str, Any] = {"range_key": RANGE, "ttl_attribute": EXPIRES, "recovery_days": given.recovery_days}
    return tables.table({HASH: "S", RANGE: "S"}, stack, stands, **own, **ground)


def target_of(each: str, route: Route) -> str:
    """The key of a route's target: routes to one function share it."""
    return route.function or each


def routes(given: Mapping[str, Route]) -> dict[str, ApiRoute]:
    """The routes, each with the key of its target."""
    return {
        each: ApiRoute(
            route_key=route.route_key, to=target_of(each, route), auth=route.auth or "", scopes=route.scopes
        )
        for each, route in given.items()
    }


def elsewhere(given: Mapping[str, Route]) -> dict[str, Target]:
    """The targets that no function is, by route."""
    urls: dict[str, Target] = {
        each: UrlTarget(url=route.url) for each, route in given.items() if route.url is not None
    }
    listeners = {
        each: BalancerTarget(listener_arn=route.listener, server_name=route.server_name)
        for each, route in given.items()
        if route.listener is not None and route.server_name is not None
    }
    return {**urls, **listeners}
