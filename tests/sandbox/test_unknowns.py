"""What is found in a value is what the SDK finds, and nothing is left behind."""

from __future__ import annotations

import gc
from typing import Any

import pulumi
from hypothesis import given
from hypothesis import strategies as st
from pulumi.output import Unknown

from sandbox.engines.runner import unknowns

VALUES = st.recursive(
    st.none() | st.integers() | st.text() | st.builds(Unknown),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner),
    max_leaves=12,
)


@given(VALUES)
def test_it_finds_what_the_sdk_finds(sdk: Any, value: Any) -> None:
    assert unknowns.contains_unknowns(value) == sdk.contains_unknowns(value)


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
    for name, look in (("ours", pulumi.contains_unknowns), ("theirs", sdk.contains_unknowns)):
        gc.collect(0)  # what is young: the whole suite lives in this process
        gc.disable()
        try:
            look(value)
            left[name] = gc.collect(0)
        finally:
            gc.enable()
    assert left["ours"] == 0
    assert left["theirs"] > 0, "the SDK has mended it: this module may go"
