"""The two stacks of the example with servers, run once without an engine, and with changes of its worker's keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.architectures.conftest import both
from tests.pulumi_mocks import Deployment
from tests.test_examples import config
from tests.test_settings import ROOT

EXAMPLE: Path = ROOT / "examples" / "workers-servers"


def configured(stack: str, strategy: str | None = None, **changes: Any) -> dict[str, Any]:
    """The example's configuration; `changes` are keys of the worker's servers."""
    found = config(EXAMPLE, stack)
    media = found["holdfast:systems"]["media"]
    media["workers"]["encode"]["servers"] |= changes
    if strategy is not None:
        found["holdfast:strategy"] = strategy
    return found


def pair(strategy: str | None = None, **changes: Any) -> dict[str, Deployment]:
    """Both stacks with the same changes."""
    return both(lambda stack: configured(stack, strategy, **changes))
