"""What the components of a router of cells are given. The settings' checks look at the same."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from architectures.cells.sections import Cell, Key, Router
from architectures.faults import PLACEHOLDER
from architectures.parts import tables
from architectures.parts.api import arguments as api_arguments
from architectures.parts.api.sections import Table
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.parts.code import PROGRAM, files
from architectures.stack import Stack
from architectures.strategies import Posture
from components.compute import FunctionArgs
from components.data import GlobalTableArgs
from components.edge import ApiRoute
from components.edge.api_args import NONE
from components.permissions import Statement
from components.tags import Tags
from functions.cells.requests import DEEP_HEALTH, HEALTH, LOOKUP

CODE = PROGRAM / "functions" / "cells"
PLACE = "pk"
"""Hash key of the table: the key itself."""
ROUTER = "router"
"""The target of every route."""
FUNCTION_KEYS = {
    "memory_mib": "router.memoryMib",
    "timeout_seconds": "router.timeoutSeconds",
    "reserved": "router.reserved",
    "provisioned": "router.provisioned",
}
"""Argument of the function that a setting decides -> key within the system."""


def code() -> pulumi.Archive:
    """What is deployed."""
    return files(sorted(CODE.glob("*.py")), CODE.parent)


def told(
    cells: Mapping[str, Cell], addresses: Mapping[str, str], key: Key, *, pins: bool, retry_seconds: int
) -> dict[str, str]:
    """The router's variables, besides the table; `addresses` by cell."""
    each = {
        name: {"address": addresses[name], "state": str(cell.state)} for name, cell in sorted(cells.items())
    }
    where = key.model_dump(exclude_none=True)
    return {
        "CELLS": json.dumps(each),
        "KEY": json.dumps(where),
        "PINS": json.dumps(pins),
        "RETRY_SECONDS": str(retry_seconds),
    }


def function(
    given: Router,
    share: float | None,
    *,
    tags: Tags,
    key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    variables: Mapping[str, pulumi.Input[str]],
    statements: Sequence[Statement],
) -> FunctionArgs:
    """The router's arguments in a region that has that share of what serves."""
    return FunctionArgs(
        tags=tags,
        code=code(),
        handler=f"{CODE.name}.router.handler",
        about="Sends each request to the cell of its key",
        key_arn=key_arn,
        actions=[topic_arn],
        memory_mib=given.memory_mib,
        timeout_seconds=given.timeout_seconds,
        reserved=given.reserved,
        provisioned=api_arguments.warm(given.provisioned, share),
        variables=variables,
        statements=statements,
    )


def placeholder_function(given: Router) -> FunctionArgs:
    """The same for its checks, as where the system is active."""
    return function(
        given,
        1,
        tags=PLACEHOLDER_TAGS,
        key_arn=PLACEHOLDER,
        topic_arn=PLACEHOLDER,
        variables={},
        statements=(),
    )


def table(given: Table, stack: Stack, stands: Posture, **ground: Any) -> GlobalTableArgs:
    """The arguments of the table of places; `ground` as in `parts.tables.table`."""
    return tables.table({PLACE: "S"}, stack, stands, recovery_days=given.recovery_days, **ground)


def routes(auth: str, scopes: Sequence[str]) -> dict[str, ApiRoute]:
    """Every path leads to the router, under `auth`; what Route 53 asks shows nobody's token."""
    asked = {"root": "ANY /", "rest": "ANY /{proxy+}", "lookup": LOOKUP}
    checked = {"health": HEALTH, "deep-health": DEEP_HEALTH}
    return {
        **{each: ApiRoute(route_key=key, to=ROUTER, auth=auth, scopes=scopes) for each, key in asked.items()},
        **{each: ApiRoute(route_key=key, to=ROUTER, auth=NONE) for each, key in checked.items()},
    }
