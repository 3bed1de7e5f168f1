"""The example's two stacks, run once without an engine, and with changes of its system's keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.architectures.conftest import both
from tests.pulumi_mocks import Deployment
from tests.test_examples import config
from tests.test_settings import ROOT

EXAMPLE: Path = ROOT / "examples" / "delivery"
REGIONS = {"prod": "us-east-1", "dr": "us-west-2"}


def configured(stack: str, function: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """The example's configuration; `changes` are keys of the system, `function` further keys of `greeting`; None leaves a key out."""
    found = config(EXAMPLE, stack)
    release = found["holdfast:systems"]["release"]
    given = {**release["functions"]["greeting"], **(function or {})}
    release["functions"]["greeting"] = {key: value for key, value in given.items() if value is not None}
    release |= changes
    found["holdfast:systems"]["release"] = {key: v for key, v in release.items() if v is not None}
    return found


def pair(function: dict[str, Any] | None = None, **changes: Any) -> dict[str, Deployment]:
    """Both stacks with the same changes."""
    return both(lambda stack: configured(stack, function, **changes))


def statements(stack: Deployment, policy: str, type_: str = "RolePolicy", key: str = "policy") -> list[Any]:
    """The statements of a policy of that name."""
    found: list[Any] = json.loads(stack.one(type_, policy).inputs[key])["Statement"]
    return found


def actions(found: list[Any]) -> set[str]:
    """Every action that statements allow."""
    return {each for s in found for each in ([s["Action"]] if isinstance(s["Action"], str) else s["Action"])}


@pytest.fixture(scope="session")
def example() -> dict[str, Deployment]:
    return pair()
