"""Shuffle sharding's blast radius: what its formula says, measured, and whose members a new one changes. No AWS."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.sharded_database.shuffle import members, share_with

WORKERS = [f"worker-{number}" for number in range(12)]
CUSTOMERS = [f"customer-{number}" for number in range(6_000)]
SIGMAS = 4.5
"""A fair spread strays further once in 150,000 times."""
few = settings(max_examples=40, deadline=None)
customers = st.text(min_size=1, max_size=12)
sizes = st.integers(1, 12).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n)))


def strays(found: int, share: float, among: int) -> float:
    """Standard deviations by which a number of `among` customers is off from what a share of them would be."""
    return abs(found - share * among) / math.sqrt(among * share * (1 - share))


@given(customers, sizes, st.randoms())
@few
def test_a_customer_has_so_many_different_members_whatever_the_order(
    customer: str, size: tuple[int, int], random: object
) -> None:
    among, take = WORKERS[: size[0]], size[1]
    shuffled = list(among)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    found = members(customer, among, take)
    assert len(found) == take
    assert found <= set(among)
    assert members(customer, shuffled, take) == found


@given(customers, sizes)
@few
def test_a_new_member_takes_one_place_at_most_and_changes_nothing_else(
    customer: str, size: tuple[int, int]
) -> None:
    among, take = WORKERS[: size[0]], size[1]
    before, after = members(customer, among, take), members(customer, [*among, "new"], take)
    assert after - before <= {"new"}
    assert len(before - after) == len(after - before)


@given(customers, sizes, st.data())
@few
def test_a_member_that_goes_is_replaced_and_changes_nothing_else(
    customer: str, size: tuple[int, int], data: st.DataObject
) -> None:
    among, take = WORKERS[: size[0]], size[1]
    gone = data.draw(st.sampled_from(among))
    left = [each for each in among if each != gone]
    if take > len(left):
        return
    before, after = members(customer, among, take), members(customer, left, take)
    assert before - after <= {gone}
    assert (before == after) == (gone not in before)


@pytest.mark.parametrize(("among", "take"), [(8, 2), (8, 3), (12, 4)])
def test_who_shares_how_many_members_is_what_the_formula_says(among: int, take: int) -> None:
    """Also who shares all of them, and so is lost with a customer who brings all of its members down."""
    fixed = [members(f"bad-{number}", WORKERS[:among], take) for number in range(5)]
    others = [members(each, WORKERS[:among], take) for each in CUSTOMERS]
    for bad in fixed:
        counts = Counter(len(bad & other) for other in others)
        for overlap in range(take + 1):
            share = share_with(overlap, among, take)
            assert strays(counts[overlap], share, len(others)) < SIGMAS, (overlap, counts)
    assert share_with(take, among, take) == 1 / math.comb(among, take)


def test_a_new_member_is_given_to_its_share_of_customers() -> None:
    changed = sum(members(each, WORKERS[:9], 3) != members(each, WORKERS[:8], 3) for each in CUSTOMERS)
    assert strays(changed, 3 / 9, len(CUSTOMERS)) < SIGMAS


def test_every_set_of_members_is_as_likely_as_any_other() -> None:
    counts = Counter(members(each, WORKERS[:6], 2) for each in CUSTOMERS)
    assert len(counts) == math.comb(6, 2)
    assert all(strays(count, 1 / 15, len(CUSTOMERS)) < SIGMAS for count in counts.values())


def test_names_that_run_together_are_told_apart() -> None:
    """Customer `7/c` of member `m` isn't customer `c` of member `m/7`."""
    first = [members(f"{number}/c", ["m", "o"], 1) == {"m"} for number in range(40)]
    other = [members("c", [f"m/{number}", f"o/{number}"], 1) == {f"m/{number}"} for number in range(40)]
    assert first != other


@given(sizes)
@few
def test_the_shares_are_all_of_them(size: tuple[int, int]) -> None:
    among, take = size
    assert sum(share_with(overlap, among, take) for overlap in range(take + 1)) == pytest.approx(1)


@pytest.mark.parametrize(
    ("ask", "line"),
    [
        (lambda: members("c", ["a", "b"], 3), "take: got 3, allowed is 1 to 2, as many as there are"),
        (lambda: members("c", ["a"], 0), "take: got 0, allowed is 1 to 1, as many as there are"),
        (lambda: members("c", ["a", "a"], 1), "among: got ['a', 'a'], allowed is each member once"),
        (lambda: share_with(0, 3, 4), "take: got 4, allowed is 1 to 3, as many as there are"),
        (lambda: share_with(3, 3, 2), "overlap: got 3, allowed is 0 to 2, as many as are taken"),
    ],
)
def test_what_can_not_be_is_said(ask: object, line: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011  the whole text follows
        ask()  # type: ignore[operator]
    assert str(refused.value) == line
