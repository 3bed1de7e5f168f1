"""What the command line asks of an engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from sandbox.engines.model import Listener, StackChoice, StackResult
from sandbox.engines.project import Project


class Engine(Protocol):
    """Deploys stacks. Stacks are handled in order; the first that fails ends the command."""

    name: str
    """`pulumi` or `runner`."""
    project: Project

    def left(self) -> list[str]:
        """Names of the stacks that are deployed."""
        ...

    def outputs(self, stack: str) -> Mapping[str, Any]:
        """What a deployed stack put out, without what is secret."""
        ...

    def describe(self) -> str:
        """Say in one line what does the work."""
        ...

    def preview(self, stacks: list[StackChoice], listen: Listener) -> list[StackResult]:
        """Plan every stack."""
        ...

    def up(self, stacks: list[StackChoice], listen: Listener) -> list[StackResult]:
        """Deploy every stack."""
        ...

    def refresh(self, stacks: list[StackChoice], listen: Listener) -> list[StackResult]:
        """Ask AWS what has become of every stack, and take it as the stack's state."""
        ...

    def down(self, stacks: list[StackChoice], listen: Listener) -> list[StackResult]:
        """Remove every stack, the last one first."""
        ...
