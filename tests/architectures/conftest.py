"""Both stacks, run once without an engine: what they registered and put out."""

from __future__ import annotations

import copy
import json
import runpy
import uuid
from collections.abc import Callable
from typing import Any
from weakref import WeakValueDictionary

import pytest

from tests.pulumi_mocks import Deployment, deploy
from tests.test_settings import ROOT, configuration, text

PEER = "organization/holdfast/prod"


def deployed(
    stack: str,
    configuration: dict[str, Any],
    stacks: dict[str, Any],
    *,
    preview: bool = False,
    into: Deployment | None = None,
) -> Deployment:
    """Run the program for a stack with that configuration. The same run is made once; nobody changes what it registered."""
    config = {key: text(value) for key, value in configuration.items()}
    key = json.dumps([stack, config, stacks, preview], sort_keys=True, default=_unlike)
    found = _ALIVE.get(key) if into is None else None
    if found is None:
        found = deploy(
            lambda: runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__"),
            stack=stack,
            config=config,
            stacks=stacks,
            preview=preview,
            into=into,
        )
    if into is None:
        _RUNS.pop(key, None)
        _RUNS[key] = _ALIVE[key] = found
    for oldest in list(_RUNS)[:-KEPT]:
        del _RUNS[oldest]
    return found


KEPT = 114
"""Runs that are remembered, those used last: both of every example among them, which several files look at. Each holds some megabytes."""
_RUNS: dict[str, Deployment] = {}
_ALIVE: WeakValueDictionary[str, Deployment] = WeakValueDictionary()
"""Those and every other that somebody still has: an example's is its fixture's to the end."""


def _unlike(_value: object) -> str:
    """What isn't plain, an unknown for one, is like nothing else: a run with it is made anew."""
    return uuid.uuid4().hex


def run(
    stack: str,
    stacks: dict[str, Any],
    *,
    preview: bool = False,
    into: Deployment | None = None,
    **changes: Any,
) -> Deployment:
    """Run the program for a stack; `changes` are configuration keys of the namespace."""
    changed = {f"holdfast:{key}": value for key, value in changes.items()}
    return deployed(stack, {**configuration(stack), **changed}, stacks, preview=preview, into=into)


def with_system(stack: str, name: str, **changes: Any) -> dict[str, Any]:
    """The stack's systems, one of them with keys changed; None leaves a key out."""
    systems = configuration(stack)["holdfast:systems"]
    said = {key: value for key, value in {**systems[name], **changes}.items() if value is not None}
    return {**systems, name: said}


def outputs(deployment: Deployment) -> dict[str, Any]:
    """What the stack exports: a copy, since others read the same deployment."""
    found = next(found for urn, found in deployment.outputs.items() if "pulumi:pulumi:Stack::" in urn)
    return copy.deepcopy(found)


def both(configured: Callable[[str], dict[str, Any]]) -> dict[str, Deployment]:
    """The founding stack and the one that joins it, with the configuration that each has."""
    prod = deployed("prod", configured("prod"), {})
    return {"prod": prod, "dr": deployed("dr", configured("dr"), {PEER: outputs(prod)})}


@pytest.fixture(scope="session")
def prod() -> Deployment:
    return run("prod", {})


@pytest.fixture(scope="session")
def dr(prod: Deployment) -> Deployment:
    return run("dr", {PEER: outputs(prod)})


@pytest.fixture(params=["prod", "dr"])
def stack(request: pytest.FixtureRequest, example: dict[str, Deployment]) -> Deployment:
    """Each stack of a kind's example, which the kind's folder has as `example`."""
    return example[request.param]
