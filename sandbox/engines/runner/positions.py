"""What the SDK tells of each resource though nobody here asks: its place in the program, a quarter of a run's time, and lines of debug."""

from __future__ import annotations

from typing import Any

from pulumi import log
from pulumi.runtime import resource
from pulumi.runtime.proto import source_pb2


def leave_out() -> None:
    """Let the SDK tell neither in this process."""
    resource._get_stack_trace = source_pb2.StackTrace  # noqa: SLF001 - it has no switch
    log.debug = _nothing


def _nothing(*_: Any, **__: Any) -> None: ...
