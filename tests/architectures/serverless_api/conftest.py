"""The example's two stacks, run once without an engine, and with changes of its system's keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.architectures.conftest import both
from tests.pulumi_mocks import Deployment
from tests.test_examples import config
from tests.test_settings import ROOT

EXAMPLE: Path = ROOT / "examples" / "serverless-api"
REGIONS = {"prod": "us-east-1", "dr": "us-west-2"}
GROUPS = ("functions", "routes", "authorizers")


def configured(stack: str, **changes: Any) -> dict[str, Any]:
    """The example's configuration; `changes` are keys of the system, of functions, routes and authorizers by name; None leaves one out."""
    found = config(EXAMPLE, stack)
    orders = found["holdfast:systems"]["orders"]
    for group in GROUPS:
        for name, keys in changes.pop(group, {}).items():
            given = {**orders[group].get(name, {}), **keys}
            orders[group][name] = {key: value for key, value in given.items() if value is not None}
    orders |= changes
    found["holdfast:systems"]["orders"] = {key: value for key, value in orders.items() if value is not None}
    return found


def pair(**changes: Any) -> dict[str, Deployment]:
    """Both stacks with the same changes."""
    return both(lambda stack: configured(stack, **changes))


@pytest.fixture(scope="session")
def example() -> dict[str, Deployment]:
    return pair()
