"""The example's two stacks, run once without an engine, and with changes of a system's keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.architectures.conftest import both
from tests.pulumi_mocks import Deployment
from tests.test_examples import config
from tests.test_settings import ROOT

EXAMPLE: Path = ROOT / "examples" / "workers"
REGIONS = {"prod": "us-east-1", "dr": "us-west-2"}


def configured(stack: str, **changes: Any) -> dict[str, Any]:
    """The example's configuration; `changes` are keys of the system `jobs`; None leaves a key out. With any, it is alone."""
    found = config(EXAMPLE, stack)
    if changes:
        systems = found["holdfast:systems"]
        said = {key: value for key, value in {**systems["jobs"], **changes}.items() if value is not None}
        found["holdfast:systems"] = {"jobs": said}
    return found


def pair(**changes: Any) -> dict[str, Deployment]:
    """Both stacks with the same changes."""
    return both(lambda stack: configured(stack, **changes))


@pytest.fixture(scope="session")
def example() -> dict[str, Deployment]:
    return pair()


def turned() -> dict[str, Deployment]:
    """The example with the regions' parts exchanged: us-west-2 is active."""

    def there(stack: str) -> dict[str, Any]:
        found = configured(stack)
        return {**found, "holdfast:recovery": {**found["holdfast:recovery"], "activeRegion": REGIONS["dr"]}}

    return both(there)
