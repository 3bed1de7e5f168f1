"""The example's two stacks, run once without an engine, and with changes of its system's keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.architectures.conftest import both
from tests.pulumi_mocks import Deployment
from tests.test_examples import config
from tests.test_settings import ROOT

EXAMPLE: Path = ROOT / "examples" / "apex"
SE2 = {"edition": "oracle-se2", "license": "license-included"}
"""Keys of the database with Standard Edition 2."""


def configured(
    stack: str,
    *,
    server: dict[str, Any] | None = None,
    database: dict[str, Any] | None = None,
    whole: dict[str, Any] | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """The example's configuration; `changes` are keys of the system, `whole` those of the stack; None leaves a key out."""
    found = config(EXAMPLE, stack)
    crm = found["holdfast:systems"]["crm"]
    for section, keys in (("server", server), ("database", database)):
        given = {**crm[section], **(keys or {})}
        crm[section] = {key: value for key, value in given.items() if value is not None}
    found["holdfast:systems"]["crm"] = {
        key: value for key, value in {**crm, **changes}.items() if value is not None
    }
    return {**found, **{f"holdfast:{key}": value for key, value in (whole or {}).items()}}


def pair(**changes: Any) -> dict[str, Deployment]:
    """Both stacks with the same changes."""
    return both(lambda stack: configured(stack, **changes))


@pytest.fixture(scope="session")
def example() -> dict[str, Deployment]:
    return pair()
