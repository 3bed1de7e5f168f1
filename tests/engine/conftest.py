"""Tests with the real Pulumi CLI: skipped, and the reason printed, where there is none on PATH."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.engine.harness import Sandbox

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    missing = shutil.which("pulumi") is None
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.engine)
            if missing:
                item.add_marker(pytest.mark.skip(reason="there is no Pulumi CLI (`pulumi`) on PATH"))


@pytest.fixture
def sandbox(tmp_path):
    """`sandbox(program, stacks=...)` makes a small project with an AWS of its own, stopped at the end."""
    made = []

    def make(program, **more):
        made.append(Sandbox.small(tmp_path / f"project{len(made)}", program, **more))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture(scope="module")
def holdfast(tmp_path_factory):
    """The repository's own program in a copy of it, with an AWS of its own."""
    found = Sandbox.repository(tmp_path_factory.mktemp("holdfast") / "copy")
    yield found
    found.close()
