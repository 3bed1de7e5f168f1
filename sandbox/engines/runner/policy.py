"""The policy pack beside a run: it sees each resource after its check, and the whole stack at the end."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.engines.model import Violation
from sandbox.engines.runner.monitor import Registration


class Gate:
    """No pack: nothing is checked."""

    active = False

    @staticmethod
    def start(
        pack: str | None, project: str, stack: str, config: Mapping[str, str], *, preview: bool
    ) -> Gate:
        """Start the pack in `pack`, if there is one."""
        return Gate()

    def analyze(self, _found: Registration) -> list[Violation]:
        """Check one resource."""
        return []

    def analyze_stack(self, _found: list[Registration]) -> list[Violation]:
        """Check the whole stack."""
        return []

    def stop(self) -> None:
        """End the pack's process."""
