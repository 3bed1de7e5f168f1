"""Dataclasses whose methods are of the same text share what was compiled, and nothing else."""

from __future__ import annotations

import dataclasses
import inspect
from dataclasses import dataclass, field
from typing import Any

import pytest

from sandbox.engines.runner import compiled


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A class as Python makes it by itself; what follows in the test is made with texts that are compiled once."""
    monkeypatch.setattr(dataclasses, "exec", exec, raising=False)
    made = loaded(1)
    compiled.once()
    return made


def loaded(usual: int) -> Any:
    """A class as a program's module has it, each time it is loaded."""

    @dataclass(frozen=True, order=True)
    class Size:
        width: int
        height: int = usual
        names: list[str] = field(default_factory=list)

    return Size


def test_the_same_text_is_compiled_once(plain):
    first, second = loaded(1), loaded(2)
    assert first.__init__.__code__ is second.__init__.__code__
    assert first.__eq__.__code__ is second.__eq__.__code__


def test_classes_of_the_same_text_stay_apart(plain):
    first, second = loaded(1), loaded(2)
    assert (first(5), second(5)) == (first(5, 1, []), second(5, 2, []))
    assert first(5) != second(5, 1)
    assert first(1) < first(2)
    with pytest.raises(dataclasses.FrozenInstanceError):
        second(5).width = 6


def test_methods_are_those_that_python_makes(plain):
    again = loaded(1)
    assert inspect.signature(again.__init__) == inspect.signature(plain.__init__)
    assert again.__init__.__annotations__ == plain.__init__.__annotations__
    assert again.__init__.__code__ == plain.__init__.__code__
    assert again.__init__.__globals__ is globals()
