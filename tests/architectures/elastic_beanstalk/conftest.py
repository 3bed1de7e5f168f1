"""Both stacks of the example, run once without an engine, and with changes of its system's keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.architectures.conftest import both, deployed
from tests.pulumi_mocks import Deployment, Registered
from tests.test_examples import config
from tests.test_settings import ROOT

EXAMPLE: Path = ROOT / "examples" / "elastic-beanstalk"
REGIONS = {"prod": "us-east-1", "dr": "us-west-2"}
ENVIRONMENT = "aws:elasticbeanstalk/environment:Environment"


def configured(stack: str, **changes: Any) -> dict[str, Any]:
    """The example's configuration; `changes` are keys of the system, those of groups within them; None leaves a key out."""
    found = config(EXAMPLE, stack)
    system = found["holdfast:systems"]["greet"]
    for key, given in changes.items():
        merge = isinstance(given, dict) and isinstance(system.get(key), dict)
        merged = {**system[key], **given} if merge else given
        system[key] = {k: v for k, v in merged.items() if v is not None} if merge else merged
    found["holdfast:systems"]["greet"] = {key: value for key, value in system.items() if value is not None}
    return found


def pair(**changes: Any) -> dict[str, Deployment]:
    """Both stacks with the same changes."""
    return both(lambda stack: configured(stack, **changes))


def named(stack: Deployment, kind: str, name: str) -> Registered:
    return next(each for each in stack.all(kind) if each.name == name)


def option(stack: Deployment, namespace: str, name: str) -> str | None:
    """What the stack's environment is told."""
    rows = stack.one(ENVIRONMENT).inputs["settings"]
    return next((r["value"] for r in rows if (r["namespace"], r["name"]) == (namespace, name)), None)


@pytest.fixture(scope="session")
def example() -> dict[str, Deployment]:
    return pair()


@pytest.fixture(scope="session")
def other() -> Deployment:
    """The founding stack without a site, and with another value of each key."""
    given = configured(
        "prod",
        site=None,
        switch={"by": "none"},
        runtime="Corretto 21",
        variables={"GREETING": None},
        instances={"instanceType": "m7i.large", "requiredInstances": 2, "maximumInstances": 6},
        deployments={"policy": "rolling-with-additional-batch", "batchPercent": 50},
        updates={"window": "Sun:03:30", "level": "patch"},
        keptVersions=5,
        logRetentionDays=365,
        healthPath="/up",
    )
    return deployed("prod", given, {})
