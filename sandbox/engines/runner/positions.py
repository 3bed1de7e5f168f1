"""Where in the program's text a resource stands: the SDK works it out for each, a quarter of a run's time, and nobody here asks."""

from __future__ import annotations

from pulumi.runtime import resource
from pulumi.runtime.proto import source_pb2


def leave_out() -> None:
    """Let the SDK send no positions in this process."""
    resource._get_stack_trace = source_pb2.StackTrace  # noqa: SLF001 - it has no switch
