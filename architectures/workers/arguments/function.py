"""What a worker that is a function is given, and its code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pulumi

from architectures.faults import PLACEHOLDER
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.parts.code import PROGRAM, archive, files
from architectures.workers.sections import Function
from components.compute import FunctionArgs, Source
from components.permissions import Statement
from components.tags import Tags

_FUNCTIONS = PROGRAM / "functions"
SERVER = "server.py"
"""The sample's module that runs on instances alone."""
FUNCTION_KEYS = {
    "runtime": "function.runtime",
    "memory_mib": "function.memoryMib",
    "timeout_seconds": "function.timeoutSeconds",
    "reserved": "function.reserved",
    "source.at_once": "function.atOnce",
    "source.batch": "function.batch",
    "source.visibility_seconds": "queue.visibilitySeconds",
}
"""Argument of a function that a setting decides -> key within the worker."""


def sample() -> list[Path]:
    """The files of the sample worker, and what they are made with: all but the part that runs on instances alone."""
    own = sorted(path for path in (_FUNCTIONS / "workers").glob("*.py") if path.name != SERVER)
    shared = (_FUNCTIONS / "serverless_api" / name for name in ("__init__.py", "idempotency.py", "retry.py"))
    return [_FUNCTIONS / "__init__.py", *shared, *own]


def code(given: str | None) -> pulumi.Archive:
    """What is deployed: the folder or zip that is given, else the sample, with the path that its modules import each other by."""
    return archive(given) if given is not None else files(sample(), PROGRAM)


def function(
    each: str,
    given: Function,
    visibility_seconds: int,
    *,
    tags: Tags,
    key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    queue_arn: pulumi.Input[str],
    receiving: Sequence[Statement],
    statements: Sequence[Statement],
    variables: Mapping[str, pulumi.Input[str]],
) -> FunctionArgs:
    """The arguments of a worker that is a function."""
    source = Source(
        arn=queue_arn,
        statements=receiving,
        visibility_seconds=visibility_seconds,
        batch=given.batch,
        at_once=given.at_once,
    )
    return FunctionArgs(
        tags=tags,
        code=code(given.code),
        handler=given.handler,
        about=f"Works off its queue: {each}",
        key_arn=key_arn,
        actions=[topic_arn],
        runtime=given.runtime,
        architecture=given.architecture,
        memory_mib=given.memory_mib,
        timeout_seconds=given.timeout_seconds,
        reserved=given.reserved,
        variables={**given.environment, **variables},
        statements=statements,
        source=source,
    )


def placeholder_function(each: str, given: Function, visibility_seconds: int) -> FunctionArgs:
    """The same for its checks."""
    return function(
        each,
        given,
        visibility_seconds,
        tags=PLACEHOLDER_TAGS,
        key_arn=PLACEHOLDER,
        topic_arn=PLACEHOLDER,
        queue_arn=PLACEHOLDER,
        receiving=(),
        statements=(),
        variables={},
    )
