"""What all rooms' tests share."""

from __future__ import annotations

from hypothesis import settings

# Time is measured in benchmarks; a busy machine must not fail a test.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")
