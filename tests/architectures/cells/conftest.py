"""The example's two stacks, run once without an engine, and with changes of its router's keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.architectures.conftest import both
from tests.pulumi_mocks import Deployment
from tests.test_examples import config
from tests.test_settings import ROOT

EXAMPLE: Path = ROOT / "examples" / "cells"
REGIONS = {"prod": "us-east-1", "dr": "us-west-2"}
GROUPS = ("authorizers", "cells", "router")


def configured(
    stack: str, others: dict[str, dict[str, Any] | None] | None = None, **changes: Any
) -> dict[str, Any]:
    """The example's configuration; `changes` are keys of the router, `others` whole systems beside it. None leaves one out."""
    found = config(EXAMPLE, stack)
    systems = found["holdfast:systems"]
    for group in GROUPS:
        given = {**systems["shop"][group], **changes.pop(group, {})}
        systems["shop"][group] = {key: value for key, value in given.items() if value is not None}
    systems["shop"] |= changes
    systems["shop"] = {key: value for key, value in systems["shop"].items() if value is not None}
    systems |= others or {}
    found["holdfast:systems"] = {name: said for name, said in systems.items() if said is not None}
    return found


def pair(**changes: Any) -> dict[str, Deployment]:
    """Both stacks with the same changes."""
    return both(lambda stack: configured(stack, **changes))


@pytest.fixture(scope="session")
def example() -> dict[str, Deployment]:
    return pair()
