"""What is found in a value is what the SDK finds, and nothing is left behind."""

from __future__ import annotations

import gc
import importlib.util
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.output import Unknown

from sandbox.engines.runner import unknowns

VALUES = st.recursive(
    st.none() | st.integers() | st.text() | st.builds(Unknown),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def sdk() -> Any:
    """The SDK's own function."""
    spec = importlib.util.find_spec("pulumi.runtime.rpc")
    assert spec is not None
    assert spec.loader is not None
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    return fresh.contains_unknowns


@given(VALUES)
def test_it_finds_what_the_sdk_finds(sdk: Any, value: Any) -> None:
    assert unknowns.contains_unknowns(value) == sdk(value)


def test_what_is_within_itself_is_looked_at_once() -> None:
    circle: list[Any] = []
    circle.append({"again": circle})
    assert not unknowns.contains_unknowns(circle)
    circle.append([Unknown()])
    assert unknowns.contains_unknowns(circle)


def test_a_look_leaves_no_garbage(sdk: Any) -> None:
    unknowns.look_lightly()
    value = {"a": [1, {"b": "c"}]}
    left = {}
    for name, look in (("ours", pulumi.contains_unknowns), ("theirs", sdk)):
        gc.collect(0)  # what is young: the whole suite lives in this process
        gc.disable()
        try:
            look(value)
            left[name] = gc.collect(0)
        finally:
            gc.enable()
    assert left["ours"] == 0
    assert left["theirs"] > 0, "the SDK has mended it: this module may go"
