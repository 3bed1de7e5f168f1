"""Outputs are what the SDK makes of properties and of inputs, and are watched as long as somebody must."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi import output
from pulumi.output import Unknown
from pulumi.runtime.settings import SETTINGS

from sandbox.engines.runner import outputs
from tests.pulumi_mocks import deploy

VALUES = st.recursive(
    st.none() | st.integers() | st.text() | st.builds(Unknown),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


class Thing:
    """A resource, as far as its outputs go."""

    name: pulumi.Output[Any]


class Asked:
    """One of a generated class, whose properties look into its attributes."""

    name = property(lambda self: self.__dict__.get("name"))
    size = property(lambda self: self.__dict__.get("size"))

    def __init__(self) -> None:
        self.own = 1


@pytest.fixture(autouse=True)
def _watched() -> Iterator[None]:
    SETTINGS.outputs.clear()
    yield
    SETTINGS.outputs.clear()


def answered(transfer: Any, *answer: Any, kind: Any = Thing, first: bool = True) -> Any:
    """All that is known of the property `name` when the engine has answered so, or what waiting for it raises.

    `first` has it asked for before that, as well.
    """

    async def run() -> Any:
        # The SDK leaves futures that failed and nobody waits for.
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
        thing = kind()
        resolvers = transfer(thing, {"name": 1, "id": 2, "urn": 3}, custom=True)
        assert set(resolvers) == {"name"}
        asked = [thing.name] if first else []
        resolvers["name"](*answer)
        assert isinstance(thing.name, pulumi.Output)
        assert all(each is thing.name for each in asked)
        try:
            data = await thing.name._data
        except ValueError as error:
            return str(error)
        others = {each for each in data.resources if each is not thing}
        return data.value, data.is_known, data.is_secret, others, thing in data.resources

    return asyncio.run(run())


@given(
    st.tuples(
        VALUES,
        st.booleans(),
        st.booleans(),
        st.sets(st.sampled_from(["a", "b"])),
        st.none() | st.builds(ValueError, st.text()),
    )
)
def test_they_are_what_the_sdk_makes(sdk: Any, answer: tuple[Any, ...]) -> None:
    made, known = outputs.transfer_properties, answered(sdk.transfer_properties, *answer)
    assert answered(made, *answer) == known
    assert answered(made, *answer, kind=Asked) == known
    assert answered(made, *answer, kind=Asked, first=False) == known


LOOKS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "names": list,
    "keys": lambda found: list(found.keys()),
    "items": lambda found: [name for name, _ in found.items()],
    "copied": lambda found: list({**found}),
    "told": lambda found: [name for name in ("own", "name", "size", "none") if name in found],
}


@pytest.mark.parametrize("look", LOOKS)
def test_who_looks_into_a_resource_finds_all_outputs(look: str) -> None:
    async def run() -> None:
        thing = Asked()
        resolvers = outputs.transfer_properties(thing, dict.fromkeys(("name", "size")), custom=True)
        assert dict.__len__(vars(thing)) == 1, "nobody has asked"
        assert LOOKS[look](vars(thing)) == ["own", "name", "size"]
        assert [len(vars(thing)), *vars(thing).values()] == [3, 1, thing.name, thing.size]
        resolvers["size"](7, True, False, None, None)
        assert (await thing.size._data).value == 7
        assert "other" not in resolvers
        with pytest.raises(KeyError, match="other"):
            vars(thing)["other"]

    asyncio.run(run())


@pytest.mark.parametrize("asked", [True, False])
def test_an_answer_is_taken_apart_once_somebody_asks(asked: bool) -> None:
    async def run() -> list[str]:
        told, thing = list[str](), Asked()
        resolvers = outputs.transfer_properties(thing, dict.fromkeys(("name", "size")), custom=True)
        before = [thing.name] if asked else []

        def tell() -> None:
            told.append("told")
            for name, resolve in resolvers.items():
                resolve(name, True, False, None, None)

        thing.__dict__.later(tell)
        assert told == (["told"] if asked else [])
        assert (await thing.size._data).value == "size"
        assert (await thing.name._data).value == "name"
        assert all(each is thing.name for each in before)
        return told

    assert asyncio.run(run()) == ["told"]


@pulumi.input_type
class Given:
    """Arguments."""

    inner: Any = pulumi.property("inner", default=None)

    def __init__(self, inner: Any = None) -> None:
        pulumi.set(self, "inner", inner)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Given) and pulumi.get(self, "inner") == pulumi.get(other, "inner")

    __hash__ = None  # type: ignore[assignment]


class Making:
    """What makes an input once there is an event loop."""

    def __init__(self, value: Any, kind: str) -> None:
        self.value, self.kind = value, kind

    def made(self) -> Any:
        known = asyncio.get_event_loop().create_future()
        known.set_result(self.kind != "unknown")
        value = asyncio.get_event_loop().create_future()
        value.set_result(self.value)
        if self.kind == "awaitable":
            return value
        return (
            pulumi.Output.secret(self.value) if self.kind == "secret" else output.Output(set(), value, known)
        )


INPUTS = st.recursive(
    VALUES | st.builds(Making, VALUES, st.sampled_from(["output", "secret", "unknown", "awaitable"])),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text(), inner)
        | st.tuples(inner, inner)
        | st.builds(Given, inner)
    ),
    max_leaves=8,
)


def begun(value: Any) -> Any:
    """The input with all that needs an event loop."""
    if isinstance(value, Making):
        return value.made()
    if isinstance(value, Given):
        return Given(begun(pulumi.get(value, "inner")))
    if isinstance(value, dict):
        return {name: begun(each) for name, each in value.items()}
    return type(value)(map(begun, value)) if isinstance(value, list | tuple) else value


def comes_to(from_input: Any, value: Any) -> Any:
    async def run() -> Any:
        with pytest.MonkeyPatch.context() as changed:
            changed.setattr(output.Output, "from_input", staticmethod(from_input))
            data = await output.Output.from_input(begun(value))._data
        return data.value, data.is_known, data.is_secret, data.resources

    return asyncio.run(run())


@given(INPUTS)
def test_an_input_comes_to_what_the_sdk_says(value: Any) -> None:
    assert comes_to(outputs.from_input, value) == comes_to(outputs._FROM_INPUT, value)


def test_what_is_given_may_be_changed_afterwards() -> None:
    async def run() -> Any:
        given = {"a": [1, {"b": 2}]}
        made = outputs.from_input(given)
        given["a"][1]["b"] = 3
        given["c"] = []
        return (await made._data).value

    assert asyncio.run(run()) == {"a": [1, {"b": 2}]}


def test_the_sdk_watches_what_one_answer_resolves_one_by_one(sdk: Any) -> None:
    async def watched(transfer: Any) -> int:
        thing, before = Thing(), len(SETTINGS.outputs)
        transfer(thing, dict.fromkeys("abc"), custom=True)
        return len(SETTINGS.outputs) - before

    assert asyncio.run(watched(outputs.transfer_properties)) == 0
    assert asyncio.run(watched(sdk.transfer_properties)) == 3, "the SDK has mended it: this module may go"


def test_what_has_a_value_is_watched_no_more_and_what_failed_is() -> None:
    outputs.make_lightly()

    async def run() -> None:
        wait: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def data(ends: int | None) -> Any:
            if ends is None:
                raise ValueError("broken")
            return output._OutputData(set(), ends or await wait, True, False)

        made, waits, fails = (output.Output._from_data(data(ends)) for ends in (1, 0, None))
        await asyncio.sleep(0.01)
        assert SETTINGS.outputs == {made._data, waits._data, fails._data}
        assert outputs.under_way() == [waits._data]
        assert SETTINGS.outputs == {waits._data, fails._data}, "the end of the program tells of it"
        wait.set_result(2)
        assert await waits.future() == 2
        assert outputs.under_way() == []
        assert SETTINGS.outputs == {fails._data}

    asyncio.run(run())


def test_a_program_that_fails_in_an_apply_says_so_and_one_that_awaits_ends() -> None:
    """Made so the whole program runs: what nobody waits for is waited for, and its failure told."""
    seen: list[str] = []

    def fails() -> None:
        def broken(_value: str) -> str:
            raise ValueError("broken")

        pulumi.Output.from_input("a").apply(broken)

    with pytest.raises(ValueError, match="broken"):
        deploy(fails)
    deploy(lambda: pulumi.Output.from_input("b").apply(seen.append) and None)
    assert seen == ["b"]
