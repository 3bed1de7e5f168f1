"""The groups of keys that a workflow has."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from architectures.keys import Section, Slug, shaped
from architectures.parts.sections import Queue

_ALIAS = r"arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]{1,64}:(?!\$LATEST$)[A-Za-z0-9_-]+"
Function = Annotated[
    str, shaped(_ALIAS, "the ARN of a function's alias, arn:aws:lambda:REGION:ACCOUNT:function:NAME:ALIAS")
]


class Step(Section):
    """One step of a workflow."""

    name: Slug
    queue: Queue | None = None
    """Of the service that owns the step. None: a function is called."""
    function: Function | None = None
    """A function's alias of this stack's region, which is called. None: the step has a queue."""
    timeout_seconds: int = 300
    """Time for one attempt."""
    heartbeat_seconds: int | None = None
    """Silence after which a service is taken for dead. None: it need not tell that it lives."""
    attempts: int = 3
    """How often it is tried."""
    undo: bool = False
    """Whether it is undone when a later one fails."""
    undo_attempts: int = 3
    """How often that is tried."""


class Approval(Section):
    """A person's yes."""

    before: Slug
    """The step that waits for it."""
    timeout_hours: float = Field(default=24, gt=0)
    """Hours after which no answer is no."""
    emails: tuple[str, ...] = ()
    """Who is asked, beside what else hears of the topic."""
