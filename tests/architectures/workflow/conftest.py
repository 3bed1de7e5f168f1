"""The example's two stacks, run once without an engine, and with changes of a system's keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.architectures.conftest import both
from tests.pulumi_mocks import Deployment
from tests.test_examples import config
from tests.test_settings import ROOT

EXAMPLE: Path = ROOT / "examples" / "workflow"
REGIONS = {"prod": "us-east-1", "dr": "us-west-2"}


def configured(stack: str, **changes: Any) -> dict[str, Any]:
    """The example's configuration; `changes` are keys of the system `orders`; None leaves a key out. With any, it is alone."""
    found = config(EXAMPLE, stack)
    if changes:
        systems = found["holdfast:systems"]
        said = {key: value for key, value in {**systems["orders"], **changes}.items() if value is not None}
        found["holdfast:systems"] = {"orders": said}
    return found


def pair(**changes: Any) -> dict[str, Deployment]:
    """Both stacks with the same changes."""
    return both(lambda stack: configured(stack, **changes))


@pytest.fixture(scope="session")
def example() -> dict[str, Deployment]:
    return pair()
