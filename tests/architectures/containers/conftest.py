"""The example's two stacks, run once without an engine, and with changes of its system's keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.architectures.conftest import both
from tests.pulumi_mocks import Deployment
from tests.test_examples import config
from tests.test_settings import ROOT

EXAMPLE: Path = ROOT / "examples" / "containers"
REGIONS = {"prod": "us-east-1", "dr": "us-west-2"}


def configured(stack: str, services: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """The example's configuration; `changes` are keys of the system, `services` further keys of each; None leaves a key out."""
    found = config(EXAMPLE, stack)
    shop = found["holdfast:systems"]["shop"]
    for name, keys in (services or {}).items():
        given = shop["services"].setdefault(name, {})
        given |= keys
        shop["services"][name] = {key: value for key, value in given.items() if value is not None}
    shop |= changes
    found["holdfast:systems"]["shop"] = {key: value for key, value in shop.items() if value is not None}
    return found


def pair(services: dict[str, Any] | None = None, **changes: Any) -> dict[str, Deployment]:
    """Both stacks with the same changes."""
    return both(lambda stack: configured(stack, services, **changes))


CALLER, OTHER = "arn:aws:iam::123456789012:role/billing", "vpc-0123456789abcdef0"
ON = {"orders": {"lattice": True}}


@pytest.fixture(scope="session")
def optional() -> dict[str, Deployment]:
    """Both stacks with a service that other VPCs call, and an experiment."""
    lattice = {"callers": [CALLER], "vpcs": {OTHER: "10.30.0.0/16"}}
    return pair(ON, lattice=lattice, experiments=["task"])


@pytest.fixture(scope="session")
def example() -> dict[str, Deployment]:
    return pair()
