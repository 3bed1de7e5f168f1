"""The blast radius of a cell: whose keys are touched when one is added, lost, full or drained. No AWS."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from functions.cells.places import Cell, Held, NotNowError, Places, State, chosen
from tests.functions.test_serverless_libraries import CHI_SQUARE_999, chi_square

NAMES = [f"cell-{number}" for number in range(8)]
KEYS = [f"tenant-{number}" for number in range(4_000)]

names = st.sets(st.sampled_from(NAMES), min_size=1, max_size=8)
keys = st.text("abcXYZ019.-", min_size=1, max_size=12)
states = st.sampled_from(State)
few = settings(max_examples=60)


def places(states: Mapping[str, State]) -> Places:
    return Places({name: Cell(f"https://{name}.example", state) for name, state in states.items()})


def answer(map_: Places, key: str, held: Mapping[str, Held]) -> str:
    """Where a key is sent, or that it isn't."""
    try:
        return (map_.of(held[key]) if key in held else map_.cells[map_.first(key)]).address
    except NotNowError:
        return "503"


@given(keys, names, st.randoms())
@few
def test_a_key_has_one_cell_whatever_the_order(key: str, cells: set[str], random: object) -> None:
    shuffled = sorted(cells)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert chosen(key, cells) == chosen(key, shuffled)
    assert chosen(key, cells) in cells


@given(keys, names, st.sampled_from(NAMES))
@few
def test_a_new_cell_takes_keys_and_moves_none_between_the_others(key: str, cells: set[str], new: str) -> None:
    assume(new not in cells)
    assert chosen(key, {*cells, new}) in {chosen(key, cells), new}


@given(keys, names)
@few
def test_a_cell_that_goes_leaves_only_its_own_keys(key: str, cells: set[str]) -> None:
    assume(len(cells) > 1)
    for gone in cells:
        if chosen(key, cells) != gone:
            assert chosen(key, cells - {gone}) == chosen(key, cells)


@pytest.mark.parametrize("number", [2, 8])
def test_cells_have_even_shares(number: int) -> None:
    counts = Counter(chosen(key, NAMES[:number]) for key in KEYS)
    assert chi_square(list(counts.values()), len(KEYS) / number) < CHI_SQUARE_999[number]


def test_a_new_cell_gets_its_share_from_all_others_alike() -> None:
    before, after = NAMES[:7], NAMES[:8]
    moved = Counter(chosen(key, before) for key in KEYS if chosen(key, after) != chosen(key, before))
    assert sorted(moved) == before
    assert abs(sum(moved.values()) / len(KEYS) - 1 / 8) < 0.02, "an eighth, within four standard deviations"


@given(
    st.dictionaries(st.sampled_from(NAMES), states, min_size=1),
    st.dictionaries(keys, st.tuples(st.sampled_from(NAMES), st.booleans()), max_size=6),
    st.lists(keys, max_size=6),
    st.data(),
)
@few
def test_a_cell_whose_state_changes_touches_its_own_keys_alone(
    cells: dict[str, State], told: dict[str, tuple[str, bool]], new: list[str], data: st.DataObject
) -> None:
    held = {key: Held(cell, 1, moving) for key, (cell, moving) in told.items()}
    changed = data.draw(st.sampled_from(sorted(cells)))
    before = places(cells)
    after = places({**cells, changed: data.draw(states)})
    mine = f"https://{changed}.example"
    for key in {*held, *new}:
        was, is_ = answer(before, key, held), answer(after, key, held)
        if key in held and held[key].cell != changed:
            assert is_ == was, "another cell's key, written down"
        elif key not in held:
            # Without a place of its own a key goes to the changed cell, or comes from it: never from one of the others to another.
            assert is_ == was or mine in (was, is_)


@given(st.dictionaries(st.sampled_from(NAMES), states, min_size=1), st.sampled_from(NAMES), st.booleans())
@few
def test_a_key_that_is_written_down_goes_to_its_cell_or_nowhere(
    cells: dict[str, State], cell: str, moving: bool
) -> None:
    found = answer(places(cells), "key", {"key": Held(cell, 3, moving)})
    answers = not moving and cells.get(cell) in (State.TAKES, State.FULL)
    assert found == (f"https://{cell}.example" if answers else "503")


@given(st.dictionaries(st.sampled_from(NAMES), states, min_size=1), keys)
@few
def test_a_new_key_goes_to_a_cell_that_takes_it(cells: dict[str, State], key: str) -> None:
    found = answer(places(cells), key, {})
    taking = {f"https://{name}.example" for name, state in cells.items() if state is State.TAKES}
    assert found in (taking or {"503"})
