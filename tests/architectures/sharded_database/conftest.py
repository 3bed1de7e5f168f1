"""The example's two stacks, run once without an engine, and with changes of its system's keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.architectures.conftest import both
from tests.pulumi_mocks import Deployment
from tests.test_examples import config
from tests.test_settings import ROOT

EXAMPLE: Path = ROOT / "examples" / "sharded-database"
REGIONS = {"prod": "us-east-1", "dr": "us-west-2"}
SECTIONS = ("map", "shards", "database")


def configured(stack: str, *, whole: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """The example's configuration; `changes` are keys of the system `orders`, of which sections add to what is there.

    `whole` are keys of the stack; None leaves a key out.
    """
    found = config(EXAMPLE, stack)
    system = found["holdfast:systems"]["orders"]
    for key, value in changes.items():
        given = {**system[key], **value} if key in SECTIONS else value
        system[key] = {k: v for k, v in given.items() if v is not None} if isinstance(given, dict) else given
    return {**found, **{f"holdfast:{key}": value for key, value in (whole or {}).items()}}


def pair(**changes: Any) -> dict[str, Deployment]:
    """Both stacks with the same changes."""
    return both(lambda stack: configured(stack, **changes))


@pytest.fixture(scope="session")
def example() -> dict[str, Deployment]:
    return pair()
