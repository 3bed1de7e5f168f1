"""Both stacks of the example."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.architectures.conftest import PEER, deployed, outputs
from tests.pulumi_mocks import Deployment
from tests.test_examples import config
from tests.test_settings import ROOT

EXAMPLE = ROOT / "examples" / "zone-affinity"
Stacks = Mapping[str, Deployment]


def said(stack: str, **changes: Any) -> dict[str, Any]:
    """The example's configuration with keys of the system changed; None leaves a key out."""
    found = config(EXAMPLE, stack)
    system = {**found["holdfast:systems"]["shop"], **changes}
    found["holdfast:systems"]["shop"] = {key: value for key, value in system.items() if value is not None}
    return found


def both(**changes: Any) -> Stacks:
    """Both stacks with these keys of the system."""
    prod = deployed("prod", said("prod", **changes), {})
    return {"prod": prod, "dr": deployed("dr", said("dr", **changes), {PEER: outputs(prod)})}


@pytest.fixture(scope="session")
def stacks() -> Stacks:
    return both()
