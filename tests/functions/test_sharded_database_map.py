"""The map of a sharded database: each key has one shard, and what moves or is lost touches no other keys. No AWS."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.sharded_database.shard_map import MovingError, ShardMap, newer
from functions.sharded_database.slots import MapError, parsed, slot_of, written
from tests.functions.test_serverless_libraries import CHI_SQUARE_999, chi_square

NAMES = ("a", "b", "c", "d")
few = settings(max_examples=40, deadline=None)
keys = st.text(min_size=1, max_size=12)


@st.composite
def maps(draw: st.DrawFn) -> ShardMap:
    """A map of 2 to 4 shards, any of whose slots may be on their way."""
    slots = draw(st.integers(4, 24))
    names = NAMES[: draw(st.integers(2, 4))]
    held = st.lists(st.sampled_from(names), min_size=slots, max_size=slots)
    moving = draw(st.frozensets(st.integers(0, slots - 1), max_size=slots))
    return ShardMap(draw(st.integers(1, 9)), slots, frozenset(names), dict(enumerate(draw(held))), moving)


def answer(map_: ShardMap, key: str) -> str:
    try:
        return map_.shard(key)
    except MovingError:
        return "503"


@given(maps(), keys)
@few
def test_a_key_has_exactly_one_shard_which_has_its_slot(map_: ShardMap, key: str) -> None:
    slot, told = map_.slot(key), map_.told
    having = [
        name
        for name, ranges in told["shards"].items()
        if any(slot in parsed(text, map_.slots, "") for text in ranges)
    ]
    assert answer(map_, key) == ("503" if slot in map_.moving else having[0])
    assert len(having) == 1


@given(maps())
@few
def test_a_map_is_written_and_read_again(map_: ShardMap) -> None:
    assert ShardMap.read(json.dumps(map_.told)) == map_


@given(maps(), st.lists(keys, min_size=1, max_size=8), st.data())
@few
def test_a_slot_that_moves_touches_its_keys_alone(
    map_: ShardMap, asked: list[str], data: st.DataObject
) -> None:
    slot = data.draw(st.integers(0, map_.slots - 1))
    to = data.draw(st.sampled_from(sorted(map_.names)))
    begun = map_.begun([slot])
    moved = begun.moved([slot], to)
    for key in asked:
        if map_.slot(key) != slot:
            assert answer(begun, key) == answer(map_, key)
            assert answer(moved, key) == answer(map_, key)
        else:
            assert answer(begun, key) == "503"
            assert answer(moved, key) == to
    assert (begun.version, moved.version) == (map_.version + 1, map_.version + 2)


@given(maps(), st.lists(keys, min_size=1, max_size=8), st.data())
@few
def test_a_lost_shard_touches_its_keys_alone(map_: ShardMap, asked: list[str], data: st.DataObject) -> None:
    lost = data.draw(st.sampled_from(sorted(map_.names)))
    mine = {slot for slot, name in map_.shard_of.items() if name == lost}
    for key in asked:
        assert (answer(map_, key) == lost) == (map_.slot(key) in mine - map_.moving)


def test_keys_have_their_slots_for_good() -> None:
    # By `printf tenant-1 | sha256sum`: the last ten bits of the first eight bytes.
    assert [slot_of(key, 1024) for key in ("tenant-1", "tenant-2", "ä")] == [782, 140, 76]


@pytest.mark.parametrize("slots", [2, 16, 100])
def test_slots_have_even_shares(slots: int) -> None:
    counts = Counter(slot_of(f"tenant-{number}", slots) for number in range(8_000))
    assert chi_square([counts[slot] for slot in range(slots)], 8_000 / slots) < CHI_SQUARE_999[slots]


@given(st.sets(st.integers(0, 99)))
@few
def test_ranges_are_as_few_as_can_be(slots: set[int]) -> None:
    texts = written(slots)
    assert [slot for text in texts for slot in parsed(text, 100, "")] == sorted(slots)
    assert len(texts) == sum(slot - 1 not in slots for slot in slots)


HALVES = {"a": ["0-3"], "b": ["4-7"]}


def whole(**changes: object) -> ShardMap:
    return ShardMap.of(**{"version": 1, "slots": 8, "shards": HALVES, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("make", "line"),
    [
        (lambda: whole(version=0), "map.version: got 0, allowed is 1 or more"),
        (lambda: whole(slots=1), "map.slots: got 1, allowed is 2 to 16384"),
        (lambda: whole(slots=16_385), "map.slots: got 16385, allowed is 2 to 16384"),
        (
            lambda: whole(shards={"a": ["0-7"]}),
            "shards: got 1, allowed is 2 or more: one alone is a database",
        ),
        (
            lambda: whole(shards={"a": ["0-4"], "b": ["4-7"]}),
            "shards.b.slots: got '4-7', allowed is each slot once: a has 4",
        ),
        (
            lambda: whole(shards={"a": ["0-3", "2"], "b": ["4-7"]}),
            "shards.a.slots: got '2', allowed is each slot once: a has 2",
        ),
        (
            lambda: whole(shards={"a": ["0-2"], "b": ["4-5", "7"]}),
            "shards: got none with 3, 6, allowed is a shard for each of 8 slots",
        ),
        (
            lambda: whole(shards={"a": ["0-3"], "b": ["4-8"]}),
            "shards.b.slots: got '4-8', allowed is slots from 0 to 7",
        ),
        (
            lambda: whole(shards={"a": ["3-0"], "b": ["4-7"]}),
            "shards.a.slots: got '3-0', allowed is the lower slot first",
        ),
        *(
            (
                lambda text=text: whole(shards={"a": [text], "b": ["4-7"]}),
                f"shards.a.slots: got {text!r}, allowed is slots such as '0-511' or '7'",
            )
            for text in ("", "0..3", "00-3", "-3", "0-3 ", "a")
        ),
        (lambda: whole(moving=["8"]), "map.moving: got '8', allowed is slots from 0 to 7"),
        (lambda: whole().begun([8]), "map.moving: got 8, allowed is slots from 0 to 7"),
        (lambda: whole().moved([0], "c"), "shards: got 'c', allowed is one of a, b"),
        (lambda: whole().moved([0, 1], "b"), "shards.b.slots: got 0-1, allowed is slots that are moving"),
        (
            lambda: newer(whole(), whole(moving=["1"])),
            "map.version: got 1, allowed is above 1: it says something else",
        ),
        (
            lambda: newer(whole(), whole(version=2, slots=9, shards={"a": ["0-3"], "b": ["4-8"]})),
            "map.slots: got 9, allowed is 8, as it was: keys would go elsewhere",
        ),
    ],
)
def test_what_can_not_be_is_said(make: Callable[[], object], line: str) -> None:
    with pytest.raises(MapError) as refused:
        make()
    assert str(refused.value) == line


def test_a_shard_is_filled_from_nothing_and_emptied_again() -> None:
    made = whole(shards={**HALVES, "c": []})
    full = made.begun(range(4)).moved(range(4), "c")
    assert full.told["shards"] == {"a": [], "b": ["4-7"], "c": ["0-3"]}
    assert full.begun(range(4)).moved(range(4), "a").told == {**made.told, "version": 5}


def test_an_older_map_is_not_taken() -> None:
    old, new = whole(), whole(version=2, moving=["1"])
    assert newer(None, old) is old
    assert newer(old, new) is new
    assert newer(new, old) is new


def test_an_empty_key_has_no_slot() -> None:
    with pytest.raises(ValueError, match="key: got '', allowed is a text that isn't empty"):
        slot_of("", 8)
