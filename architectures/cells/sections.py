"""The groups of keys that a router of cells has."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from architectures.keys import Section, Slug, shaped
from functions.cells.places import State

Header = Annotated[str, shaped(r"[A-Za-z0-9-]{1,64}", "1 to 64 letters, digits and hyphens")]
Parameter = Annotated[str, shaped(r"[A-Za-z0-9._~-]{1,64}", "1 to 64 letters, digits and . _ ~ -")]
Claim = Annotated[str, shaped(r"[A-Za-z0-9._:/-]{1,128}", "1 to 128 letters, digits and . _ : / -")]


class Key(Section):
    """Where a request has its key, one of these."""

    claim: Claim | None = None
    """A claim of the token that the authorizer has checked: nobody names another one's key."""
    header: Header | None = None
    query: Parameter | None = None
    """A parameter of the query."""
    part: Annotated[int, Field(ge=1, le=10)] | None = None
    """A part of the path, from 1: /acme/orders has acme."""


class Cell(Section):
    """One copy."""

    system: Slug
    """A system of the stack that has a site."""
    state: State = State.TAKES
    """Whether it gets new keys, keeps those that it has, or answers for none."""


class Router(Section):
    """The function that sends requests to their cells."""

    memory_mib: int = 512
    timeout_seconds: int = 10
    reserved: int | None = None
    """Executions that are kept free for it, and the most that it gets. None: what is left in the account."""
    provisioned: int = 0
    """Executions that are kept warm where the system is active; a share of them where it stands by."""
