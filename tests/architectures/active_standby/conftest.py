"""Both stacks of the example: a pair with a site, and one with disks inside the VPC."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.architectures.conftest import PEER, deployed, outputs
from tests.pulumi_mocks import Deployment
from tests.test_examples import config
from tests.test_settings import ROOT

EXAMPLE = ROOT / "examples" / "active-standby"
Stacks = Mapping[str, Deployment]


def said(stack: str, name: str = "desk", **changes: Any) -> dict[str, Any]:
    """The example's configuration with keys of one system changed; None leaves a key out."""
    found = config(EXAMPLE, stack)
    system = {**found["holdfast:systems"][name], **changes}
    found["holdfast:systems"][name] = {key: value for key, value in system.items() if value is not None}
    return found


def both(name: str = "desk", **changes: Any) -> Stacks:
    """Both stacks with these keys of a system."""
    prod = deployed("prod", said("prod", name, **changes), {})
    return {"prod": prod, "dr": deployed("dr", said("dr", name, **changes), {PEER: outputs(prod)})}


@pytest.fixture(scope="session")
def stacks() -> Stacks:
    return both()
