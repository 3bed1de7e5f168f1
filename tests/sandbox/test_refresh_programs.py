"""Whole programs, deployed and left alone: a refresh changes no input of any resource, and AWS says every one or the table why not."""

from __future__ import annotations

from collections import defaultdict

import pytest

from sandbox.engines.model import StackChoice
from sandbox.engines.runner.engine import RunnerEngine
from sandbox.provider import Provider, deviations
from sandbox.provider.derived import Derived
from sandbox.provider.readback import KEPT
from tests.sandbox.projects import PROGRAMS, in_process, project, state_of

STACKS = {
    "holdfast": {"prod": "us-east-1", "dr": "us-west-2"},
    "containers": {"one": "us-east-1"},
    "container_service": {"one": "us-east-1"},
    "forty_types": {"one": "us-east-1"},
    "two_stacks": {"first": "us-east-1", "second": "us-west-2"},
}
"""Region of each program's stacks."""
DEFAULT_TAGS = {("containers", "one"): {"team": "web"}, ("two_stacks", "second"): {"given": "by-default"}}


def root_of(name, directory):
    if (PROGRAMS / name / "Pulumi.yaml").exists():
        return PROGRAMS / name
    root = project(directory / name, "", {"one": {"aws:region": "us-east-1", "small:note": "first"}})
    (root / "__main__.py").write_text((PROGRAMS / name / "__main__.py").read_text())
    return root


@pytest.fixture(params=STACKS, scope="module")
def deployed(request, whole, aws_server, tmp_path_factory):
    """What was deployed: the provider of each resource, and the resource."""
    name, endpoint = request.param, f"http://127.0.0.1:{aws_server.port}"
    if name == "holdfast":
        endpoint, results = whole.endpoint, whole.results
    else:
        aws_server.app.reset()
        state = state_of(endpoint, tmp_path_factory.mktemp("state"))
        with in_process():
            engine = RunnerEngine(root_of(name, tmp_path_factory.mktemp("projects")), state)
            results = engine.up([StackChoice(stack) for stack in STACKS[name]], lambda _: None, plan=False)
    assert [error for result in results for error in result.errors] == []
    return [
        (Provider(endpoint, STACKS[name][result.name], DEFAULT_TAGS.get((name, result.name))), found)
        for result in results
        for found in result.resources
        if found.type.startswith("aws:") and found.custom
    ]


def refreshed(deployed):
    for provider, found in deployed:
        answer = provider.refresh(found.type, found.id, dict(found.inputs), dict(found.outputs))
        assert answer is not None, f"{found.urn} is gone"
        yield provider.row(found.type), found, *answer


def test_a_refresh_of_what_was_left_alone_changes_nothing(deployed):
    changed = {
        (found.urn, name): (found.inputs.get(name), fresh.get(name))
        for _, found, fresh, _ in refreshed(deployed)
        for name in {*fresh, *found.inputs}
        if fresh.get(name) != found.inputs.get(name)
    }
    assert deployed
    assert changed == {}


def test_aws_says_every_input_or_the_table_why_not(deployed):
    unsaid = defaultdict(set)
    for row, _found, _, outputs in refreshed(deployed):
        if isinstance(row, Derived):
            continue
        reasons = {*row.ignore, *deviations.of(row.token).silent}
        silent = outputs.get(KEPT, {}).get("silent", ())
        unsaid[row.token] |= {n for n in silent if n not in reasons and not n.endswith("WoVersion")}
    assert {token: names for token, names in unsaid.items() if names} == {}
