"""What a run leaves in memory of the program's own modules goes before the next one, and nothing else does."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from sandbox.engines.runner import child


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A module of the program's, and one of another's."""
    for name in ("mine", "others"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / f"sizes_of_{name}.py").write_text("SIZE = 1\n")
        monkeypatch.syspath_prepend(folder)
    return ["sizes_of_mine", "sizes_of_others"]


def test_each_run_reads_the_programs_modules_anew(both: list[str], tmp_path: Path) -> None:
    mine, others = both
    installed = sys.modules["pulumi"]
    for _ in range(2):
        for name in both:
            importlib.import_module(name)
        child.forget(tmp_path / "mine")
        assert mine not in sys.modules
        assert others in sys.modules
        assert sys.modules["pulumi"] is installed
    child.forget(tmp_path / "others")
    assert others not in sys.modules, "another run's program may be the one that it belongs to"
    importlib.import_module(mine)
    child.forget(tmp_path / "mine")
    assert mine not in sys.modules
