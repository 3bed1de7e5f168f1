"""The example's two stacks, run once without an engine, and with changes of the system's keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from policies.recovery import Report, judge
from tests.architectures.conftest import both
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment
from tests.test_examples import config
from tests.test_settings import ROOT

EXAMPLE: Path = ROOT / "examples" / "data-platform"
RESTORE = {"name": "first", "snapshot": "copy:rs:example-production-data-warehouse-2027-01-01-00-00-00"}
"""A warehouse that a person restores."""
REGIONS = {"prod": "us-east-1", "dr": "us-west-2"}


def configured(stack: str, **changes: Any) -> dict[str, Any]:
    """The example's configuration; `changes` are keys of the system `data`, of which groups add to what is there. None takes one away."""
    found = config(EXAMPLE, stack)
    system = found["holdfast:systems"]["data"]
    groups = {
        key: {**system[key], **changes[key]}
        for key in ("search", "warehouse")
        if changes.get(key) is not None
    }
    made = {**system, **changes, **groups}
    found["holdfast:systems"]["data"] = {key: value for key, value in made.items() if value is not None}
    return found


def pair(**changes: Any) -> dict[str, Deployment]:
    """Both stacks with the same changes."""
    return both(lambda stack: configured(stack, **changes))


@pytest.fixture(scope="session")
def example() -> dict[str, Deployment]:
    return pair()


@pytest.fixture(scope="session")
def report(example: dict[str, Deployment]) -> Report:
    """What the estimator says of both of the example's stacks."""
    return judge([r for name, region in REGIONS.items() for r in resources(example[name], region)])
