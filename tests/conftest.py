"""What all rooms' tests share."""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import settings

from sandbox.garbage import collect_rarely

# Time is measured in benchmarks; a busy machine must not fail a test. Every run tries the same
# examples, so that what fails was changed; HYPOTHESIS_PROFILE=explore looks for new ones.
settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker runs a file, or all files that say a common group: they share what takes long to make.

    Those that say one come first, then those that deploy, so that no worker is left alone with a long one at the end.
    """
    first: dict[bool, list[pytest.Item]] = {True: [], False: []}
    for item in items:
        file = item.nodeid.partition("::")[0]
        named = item.get_closest_marker("xdist_group") is not None
        if not named:
            item.add_marker(pytest.mark.xdist_group(file))
        first[named].append(item)
    items[:] = first[True] + sorted(first[False], key=lambda item: "tests/sandbox/" not in item.nodeid)


def pytest_collection_finish() -> None:
    """From here on tests run, most of them the program."""
    collect_rarely()
    # A run leaves some hundred thousand objects when it ends: to look before would find nothing.
    gc.set_threshold(1_000_000, 3, 3)
