"""What AWS refuses of inputs, whatever the type's row. Known before anything is created."""

from __future__ import annotations

from sandbox.provider.protocol import Context
from sandbox.provider.refusals import files, names, tags

Failures = list[tuple[str, str]]


def refused(ctx: Context) -> Failures:
    """Property and AWS's reason, with its error code, for each input that AWS would not take."""
    return [*tags.refused(ctx), *names.refused(ctx), *files.refused(ctx)]
