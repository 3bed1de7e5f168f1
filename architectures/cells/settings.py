"""The keys of a router of cells, and what is allowed in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from architectures.cells import arguments, names
from architectures.cells.sections import Cell, Key, Router
from architectures.faults import Fault, fault, refusals
from architectures.keys import Slug, SystemSettings
from architectures.parts.api.sections import Stays
from architectures.parts.api.settings import ApiSettings
from architectures.stack import Stack
from components.compute.function_args import ENVIRONMENT_BYTES
from components.data import GlobalTableArgs
from components.edge.api_args import API_SECONDS
from functions.cells.places import State


class CellsSettings(ApiSettings):
    """A router, and the systems that are its cells."""

    kind: Literal["cells"]
    switch: Stays = Stays()
    """What moves it to the other region."""
    key: Key
    """Where a request has its key."""
    auth: str | None = None
    """Who may ask: the name of an authorizer, `iam`, or `none`: everybody. It must be said."""
    scopes: tuple[str, ...] = ()
    """Of which a token must have one."""
    pins: bool = True
    """Whether a new key's cell is written down when it is first asked for."""
    retry_seconds: Annotated[int, Field(ge=1, le=3600)] = 5
    """After which a client asks again for a key that moves."""
    router: Router = Router()
    cells: Annotated[dict[Slug, Cell], Field(min_length=1)]

    @property
    def in_subnets(self) -> bool:
        """The router stands outside the network."""
        return False

    def faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        """What can't be in that stack under that name: pairs of a key within the system and what is said of it."""
        yield from self.api_faults(name, stack)
        yield from self.auth_faults(self.auth, self.scopes)
        yield from self._key_faults()
        yield from refusals(arguments.placeholder_function(self.router).check, arguments.FUNCTION_KEYS)
        if self.router.timeout_seconds > API_SECONDS:
            allowed = f"at most {API_SECONDS}, as API Gateway waits"
            yield fault("router.timeoutSeconds", self.router.timeout_seconds, allowed)
        if all(cell.state is not State.TAKES for cell in self.cells.values()):
            yield fault("cells", f"none that {State.TAKES}", f"one or more that {State.TAKES} new keys")
        for each, cell in self.cells.items():
            if cell.state is State.FULL and not self.pins:
                allowed = (
                    f"{State.TAKES} or {State.DRAINED} without pins: which keys it keeps is written nowhere"
                )
                yield fault(f"cells.{each}.state", repr(str(cell.state)), allowed)

    def _key_faults(self) -> Iterator[Fault]:
        said = list(self.key.model_dump(exclude_none=True, by_alias=True))
        if len(said) != 1:
            yield fault("key", " and ".join(said) or "nothing", "one of claim, header, query and part")
        elif self.key.claim is not None and self.auth is not None and self.auth not in self.authorizers:
            yield fault(
                "key.claim", repr(self.key.claim), "a claim with an authorizer, whose tokens have them"
            )

    @property
    def refers(self) -> bool:
        """Whether it is placed after others, whose parts it names."""
        return True

    def reference_faults(self, systems: Mapping[str, SystemSettings]) -> Iterator[Fault]:
        """What it names of the stack's other systems and they don't have."""
        fit = {
            name: str(site)
            for name, there in systems.items()
            if not isinstance(there, CellsSettings) and (site := getattr(there, "site", None))
        }
        taken: dict[str, str] = {}
        for name, other in systems.items():
            if isinstance(other, CellsSettings) and other is not self:
                taken |= {cell.system: f"{name}.cells.{each}" for each, cell in other.cells.items()}
        for each, cell in self.cells.items():
            if cell.system not in fit:
                allowed = f"a system of this stack with a site, and no router: {', '.join(sorted(fit)) or 'there is none'}"
                yield fault(f"cells.{each}.system", repr(cell.system), allowed)
            elif first := taken.get(cell.system):
                yield fault(
                    f"cells.{each}.system", repr(cell.system), f"each system in one cell, and {first} has it"
                )
            taken.setdefault(cell.system, f"cells.{each}")
        yield from self._size_faults(fit)

    def _size_faults(self, sites: Mapping[str, str]) -> Iterator[Fault]:
        told = self.told({each: f"https://{sites.get(cell.system, '')}" for each, cell in self.cells.items()})
        size = sum(len(name) + len(value.encode()) for name, value in told.items())
        if size > ENVIRONMENT_BYTES:
            allowed = f"as many as are told in {ENVIRONMENT_BYTES} bytes, what Lambda's variables hold"
            yield fault("cells", f"{len(self.cells)} cells in {size} bytes", allowed)

    def told(self, addresses: Mapping[str, str]) -> dict[str, str]:
        """The router's variables, besides the table; `addresses` by cell."""
        return arguments.told(
            self.cells, addresses, self.key, pins=self.pins, retry_seconds=self.retry_seconds
        )

    def table_args(self, stack: Stack, **ground: Any) -> GlobalTableArgs:
        """The arguments of the table, in the stack that makes it."""
        return arguments.table(self.table, stack, self.posture(stack), **ground)

    def parts(self, name: str) -> list[str]:
        """What its parts are called, besides the system itself."""
        return [names.function(name), names.table(name)]

    def agreement(self, stack: Stack) -> Mapping[str, Any]:
        """What both regions' stacks must say alike of the system, by key.

        A cell's state isn't: the region that is left must be able to close a cell alone, and written places hold meanwhile.
        """
        return {
            **super().agreement(stack),
            "auth": self.auth,
            "pins": self.pins,
            "key": self.key.model_dump(exclude_none=True),
            "cells": {each: cell.system for each, cell in sorted(self.cells.items())},
        }
