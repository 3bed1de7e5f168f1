"""All that the SDK, and Python, are spared in a process that runs programs: docs/decisions/0018."""

from __future__ import annotations

from sandbox.engines.runner import compiled, outputs, positions, unknowns, words


def spare() -> None:
    """Have it so in this process."""
    compiled.once()
    positions.leave_out()
    unknowns.look_lightly()
    outputs.make_lightly()
    words.carry_as_they_are()
