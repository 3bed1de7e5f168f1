"""What an engine asks of a configured provider, whichever package it is of. Each may raise ProviderError, which names the type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

Failures = list[tuple[str, str]]
"""Property and reason of each thing that a check refuses."""


class Maker(Protocol):
    """Makes and finds resources."""

    def check(
        self, token: str, urn: str, olds: Mapping[str, Any], news: Mapping[str, Any], seed: bytes = b""
    ) -> tuple[dict[str, Any], Failures]:
        """Fill in defaults and refuse what is wrong."""
        ...

    def create(
        self, token: str, inputs: Mapping[str, Any], *, preview: bool = False
    ) -> tuple[str | None, dict[str, Any]]:
        """Make a resource: its id and outputs."""
        ...

    def read(self, token: str, id_: str, inputs: Mapping[str, Any]) -> dict[str, Any] | None:
        """The outputs of what exists; None when there is none."""
        ...

    def invoke(self, token: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Answer a function."""
        ...


class Changes(Protocol):
    """What a change of inputs means."""

    @property
    def diffs(self) -> list[str]:
        """Properties that differ."""
        ...

    @property
    def replaces(self) -> list[str]:
        """Those of them that replace the resource."""
        ...

    @property
    def delete_before_replace(self) -> bool:
        """Whether the old one must go first."""
        ...


class Keeper(Maker, Protocol):
    """Also changes and removes them."""

    def diff(self, token: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Changes:
        """Compare checked inputs."""
        ...

    def refresh(
        self, token: str, id_: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Inputs and outputs as they are now; None when there is no such resource any more."""
        ...

    def update(
        self,
        token: str,
        id_: str,
        olds: Mapping[str, Any],
        old_outputs: Mapping[str, Any],
        news: Mapping[str, Any],
        *,
        preview: bool = False,
    ) -> dict[str, Any]:
        """Change a resource: its outputs."""
        ...

    def delete(self, token: str, id_: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> None:
        """Remove a resource."""
        ...
