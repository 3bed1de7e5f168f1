"""What all rooms' tests share."""

from __future__ import annotations

import os

from hypothesis import settings

from sandbox.garbage import collect_rarely

# Time is measured in benchmarks; a busy machine must not fail a test. Every run tries the same
# examples, so that what fails was changed; HYPOTHESIS_PROFILE=explore looks for new ones.
settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


def pytest_collection_finish() -> None:
    """From here on tests run, most of them the program."""
    collect_rarely()
