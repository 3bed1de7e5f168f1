"""What a row needs of the operation that it takes part in. `context.Operation` is it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from sandbox.provider.api import Api

Faults = Iterator[tuple[str, str]]
"""Refused inputs: property, and AWS's reason with its error code."""


class Context(Protocol):
    """One resource in one operation: what is asked, what is known of it, and the calls that can be made for it."""

    api: Api
    row: Any
    """The resource's row; None in a function."""
    service: str
    region: str
    inputs: dict[str, Any]
    id: str | None
    outputs: dict[str, Any]
    old: dict[str, Any]
    tags: dict[str, str]
    uuid: str

    def evaluate(self, expression: str, found: Mapping[str, Any] | None = None) -> Any:
        """A JMESPath expression over this resource, with the members of `found` beside."""
        ...

    def call(
        self,
        operation: str,
        params: Mapping[str, Any],
        service: str | None = None,
        region: str | None = None,
    ) -> dict[str, Any]:
        """Call AWS for this resource, in its own region if no other is named. All that changes it goes this way."""
        ...

    def params(self, call: Any, only: frozenset[str] | None = None) -> dict[str, Any]:
        """The parameters of a call of the table."""
        ...

    def params_of(self, call: Any) -> dict[str, Any]:
        """Only the expressions of a call, no inputs."""
        ...

    def make(self) -> None:
        """Create by the row's calls."""
        ...

    def found(self) -> dict[str, Any] | None:
        """What the row finds. AWS isn't asked again while nothing was called since."""
        ...

    def look(self) -> dict[str, Any] | None:
        """Find the resource by the row's reads."""
        ...

    def alter(self, changed: frozenset[str]) -> None:
        """Run the update calls that take what changed."""
        ...

    def drop(self) -> None:
        """Run the delete calls."""
        ...

    def retag(self, old: Mapping[str, str], new: Mapping[str, str]) -> None:
        """Change tags by the row's calls."""
        ...

    def misfits(self) -> list[tuple[str, str]]:
        """Properties whose values do not fit the members that they become."""
        ...

    def gentle(self) -> frozenset[str]:
        """Properties that change without a replacement."""
        ...

    def computed(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """The outputs that AWS computes."""
        ...

    def said(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """What AWS says of the inputs."""
        ...

    def seek(self, read: Any) -> dict[str, Any] | None:
        """What a read of the table finds; None when there is nothing."""
        ...
