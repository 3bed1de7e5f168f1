"""Which engine runs a command."""

from __future__ import annotations

from pathlib import Path

from sandbox.aws import server
from sandbox.engines import ownership
from sandbox.engines.model import EngineError
from sandbox.engines.protocol import Engine

_BOUND = ("preview", "refresh", "down")
"""Commands about what is deployed."""


def choose(engine: str, root: Path, state: Path, command: str = "up") -> Engine:
    """Return the engine called `pulumi` or `runner`; `auto` is the Pulumi CLI wherever it is on PATH.

    What an engine has deployed, that engine also previews and takes down.
    """
    from sandbox.engines.pulumi_cli.engine import PulumiEngine
    from sandbox.engines.pulumi_cli.process import executable
    from sandbox.engines.runner.engine import RunnerEngine

    owner, running = ownership.read(state), server.running(state)
    live = owner.engine if owner is not None and ownership.owns(state, owner.engine, running) else None
    if engine == "auto" and command in _BOUND and live is not None:
        engine = live
    elif engine == "auto":
        engine = "pulumi" if executable() else "runner"
    if command in _BOUND and live not in (None, engine) and engine == "pulumi":
        raise EngineError(
            f"the AWS on this machine was filled by the {live}; use --engine {live}, or run down first"
        )
    return PulumiEngine(root, state) if engine == "pulumi" else RunnerEngine(root, state)
