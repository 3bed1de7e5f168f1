"""The two stacks of the example with a database, run once without an engine, and with changes of its system's keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.architectures.conftest import both
from tests.pulumi_mocks import Deployment
from tests.test_examples import config
from tests.test_settings import ROOT

EXAMPLE: Path = ROOT / "examples" / "serverless-api-database"


def configured(stack: str, **changes: Any) -> dict[str, Any]:
    """The example's configuration; `changes` are keys of the system, of functions and of the database; None leaves one out."""
    found = config(EXAMPLE, stack)
    bills = found["holdfast:systems"]["bills"]
    for name, keys in changes.pop("functions", {}).items():
        bills["functions"][name] |= keys
    if isinstance(keys := changes.pop("database", {}), dict):
        given = {**bills["database"], **keys}
        bills["database"] = {key: value for key, value in given.items() if value is not None}
    else:
        del bills["database"]
    bills |= changes
    found["holdfast:systems"]["bills"] = {key: value for key, value in bills.items() if value is not None}
    return found


def following(stack: str, strategy: str, **changes: Any) -> dict[str, Any]:
    """The same under another strategy."""
    return {**configured(stack, **changes), "holdfast:strategy": strategy}


def pair(**changes: Any) -> dict[str, Deployment]:
    """Both stacks with the same changes."""
    return both(lambda stack: configured(stack, **changes))
