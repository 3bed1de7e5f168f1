"""What every kind's runbook texts have in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest


def anything(paths: Iterable[Path]) -> dict[str, str]:
    """A value for each name that stands in any of the texts."""
    marks = {mark for path in paths for mark in re.findall(r"@([A-Z_]+)@", path.read_text())}
    return {mark: f"<{mark}>" for mark in marks}


def all_is_filled_in(text: Callable[[str, Mapping[str, str]], str], kind: str, paths: Iterable[Path]) -> None:
    """Every name of a text is filled in, and none may be missing."""
    found = text(kind, anything(paths))
    assert "@" not in found
    assert found.count("<REGION>") >= 2
    with pytest.raises(KeyError):
        text(kind, {})
