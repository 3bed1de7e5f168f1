"""Both stacks of the example, run once without an engine, and with changes of its system's keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.architectures.conftest import PEER, deployed, outputs
from tests.pulumi_mocks import Deployment, Registered
from tests.test_examples import config
from tests.test_settings import ROOT

EXAMPLE = ROOT / "examples" / "kubernetes"
REGIONS = {"prod": "us-east-1", "dr": "us-west-2"}
Stacks = Mapping[str, Deployment]


def said(stack: str, **changes: Any) -> dict[str, Any]:
    """The example's configuration with keys of the system changed, those of groups within them; None leaves a key out."""
    found = config(EXAMPLE, stack)
    system = found["holdfast:systems"]["shop"]
    for key, given in changes.items():
        both = isinstance(given, dict) and isinstance(system.get(key), dict)
        merged = {**system[key], **given} if both else given
        system[key] = {k: v for k, v in merged.items() if v is not None} if both else merged
    found["holdfast:systems"]["shop"] = {key: value for key, value in system.items() if value is not None}
    return found


def both(**changes: Any) -> Stacks:
    """Both stacks with these keys of the system."""
    prod = deployed("prod", said("prod", **changes), {})
    return {"prod": prod, "dr": deployed("dr", said("dr", **changes), {PEER: outputs(prod)})}


def named(stack: Deployment, kind: str, name: str) -> Registered:
    return next(each for each in stack.all(kind) if each.name == name)


@pytest.fixture(scope="session")
def stacks() -> Stacks:
    return both()
