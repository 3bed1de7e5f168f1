"""What the SDK is handed as it is comes out as the SDK makes it, and a type is taken apart as the SDK does."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from google.protobuf import struct_pb2
from hypothesis import given, settings
from hypothesis import strategies as st
from pulumi import _types
from pulumi.output import Unknown
from pulumi.runtime import resource, rpc

from sandbox.engines.runner import words
from tests.pulumi_mocks import deploy
from tests.sandbox.conftest import untouched


class Size(StrEnum):
    """A word that is more than a word."""

    SMALL = "small"


WORDS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
SPECIAL = st.sampled_from([rpc.UNKNOWN, Size.SMALL])
VALUES = st.recursive(
    WORDS | SPECIAL | st.builds(Unknown),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner),
    max_leaves=8,
)
ON_THE_WIRE = st.recursive(
    WORDS.filter(lambda each: each is not None) | st.just(rpc.UNKNOWN),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def told(convert: Any, *given: Any, **more: Any) -> Any:
    """What a conversion comes to, with each word's type: 1, 1.0 and True are equal and not the same."""

    async def run() -> Any:
        return await convert(*given, **more)

    return repr(asyncio.run(run()))


def shown(value: Any) -> Any:
    """A value with the type of each word; each unknown is like any other."""
    if isinstance(value, dict):
        return {key: shown(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shown(each) for each in value]
    return type(value).__name__, "?" if isinstance(value, Unknown) else value


@pytest.fixture(autouse=True)
def _carried() -> None:
    words.carry_as_they_are()


@given(VALUES, st.booleans())
def test_a_value_is_serialized_as_the_sdk_does(sdk: Any, value: Any, protobuf: bool) -> None:
    more = {"return_protobuf_value": True} if protobuf else {}
    assert told(rpc.serialize_property, value, [], "name", **more) == told(
        sdk.serialize_property, value, [], "name", **more
    )


def test_a_value_that_has_no_name_on_the_wire_is_refused_as_the_sdk_does(sdk: Any) -> None:
    refused = []
    for convert in (rpc.serialize_property, sdk.serialize_property):
        with pytest.raises(ValueError, match="unexpected input of type object for a") as error:
            told(convert, {"a": ["b", object()]}, [], "name")
        refused.append(str(error.value))
    assert len(set(refused)) == 1


@given(st.dictionaries(st.text(), ON_THE_WIRE), st.booleans())
def test_an_answer_is_read_as_the_sdk_does(sdk: Any, value: Any, keep: bool) -> None:
    struct = struct_pb2.Struct()
    struct.update(value)
    ours, theirs = (
        shown(convert(struct, keep_unknowns=keep))
        for convert in (rpc.deserialize_properties, sdk.deserialize_properties)
    )
    assert ours == theirs


@settings(max_examples=10)  # each a run of a program, with many parts
@given(st.lists(st.tuples(st.text(), st.text(), st.text("a:")), min_size=5))
def test_a_urn_is_what_the_sdk_makes_of_its_parts(parts: list[tuple[str, str, str]]) -> None:
    ours, theirs = [], []

    def program() -> None:
        for each in parts:
            resource.create_urn(*each).apply(ours.append)
            words._URN(*each).apply(theirs.append)

    deploy(program)
    assert len(ours) == len(parts)
    assert ours == theirs


def test_a_urn_without_a_parent_is_the_sdks() -> None:
    made: list[str] = []
    deploy(lambda: resource.create_urn("name", "type").apply(made.append))
    assert made == ["urn:pulumi:prod::holdfast::type::name"]


TYPES = (
    str,
    str | None,
    str | int,
    int | str,
    pulumi.Input[str],
    pulumi.Input[str] | None,
    pulumi.Output[Sequence[str]],
    pulumi.Input[Mapping[str, pulumi.Input[str]]],
    pulumi.Input[Sequence[pulumi.Input[pulumi.InputType[aws.ec2.SecurityGroupIngressArgs]]]] | None,
    pulumi.InputType[aws.ec2.SecurityGroupIngressArgs],
    Any,
)


@pytest.mark.parametrize("looked", ["unwrap_type", "unwrap_optional_type"])
def test_a_type_is_taken_apart_as_the_sdk_does_and_once(looked: str) -> None:
    ours, theirs = getattr(_types, looked), getattr(untouched("pulumi._types"), looked)
    assert ours is not theirs
    for _ in range(2):
        assert [repr(ours(each)) for each in TYPES] == [repr(theirs(each)) for each in TYPES]
    asked: list[Any] = []
    once = words._once(lambda each: asked.append(each) or each)
    for _ in range(2):
        assert once(TYPES[2]) is TYPES[2]
        assert once(TYPES[3]) is TYPES[3]
    assert asked == [TYPES[2], TYPES[3]]
    words.carry_as_they_are()
    assert getattr(_types, looked) is ours
