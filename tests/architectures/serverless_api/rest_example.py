"""The two stacks of the example with a REST API, run once without an engine, and with changes of its system's keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.architectures.conftest import both
from tests.pulumi_mocks import Deployment
from tests.test_examples import config
from tests.test_settings import ROOT

EXAMPLE: Path = ROOT / "examples" / "serverless-api-rest"
GROUPS = ("api", "authorizers", "functions", "routes")


def configured(stack: str, **changes: Any) -> dict[str, Any]:
    """The example's configuration; `changes` are keys of the system, of the API, and of what has a name; None leaves one out."""
    found = config(EXAMPLE, stack)
    claims = found["holdfast:systems"]["claims"]
    for group in GROUPS:
        keys = changes.pop(group, None)
        if keys is None:
            continue
        if group == "api":
            claims[group] = _changed(claims[group], keys)
        else:
            for name, own in keys.items():
                claims[group][name] = _changed(claims[group].get(name, {}), own)
    found["holdfast:systems"]["claims"] = _changed(claims, changes)
    return found


def _changed(given: dict[str, Any], keys: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**given, **keys}.items() if value is not None}


def pair(**changes: Any) -> dict[str, Deployment]:
    """Both stacks with the same changes."""
    return both(lambda stack: configured(stack, **changes))
