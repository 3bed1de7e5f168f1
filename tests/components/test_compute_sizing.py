from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.compute import Size, standby_size, statically_stable_size

needs = st.integers(min_value=1, max_value=10_000)
zones = st.integers(min_value=2, max_value=6)


@pytest.mark.parametrize(
    ("required", "count", "per_zone"),
    [(6, 3, 3), (6, 2, 6), (30, 3, 15), (1, 3, 1), (2, 3, 1), (3, 3, 2), (7, 4, 3), (1, 2, 1)],
)
def test_size_by_hand(required: int, count: int, per_zone: int) -> None:
    size = statically_stable_size(required, count)
    assert (size.per_zone, size.zones, size.total) == (per_zone, count, per_zone * count)


@given(needs, zones)
def test_the_need_is_met_with_any_zone_lost_and_no_smaller_spread_does(required: int, count: int) -> None:
    size = statically_stable_size(required, count)
    assert size.left() >= required
    assert size.per_zone >= 1
    smaller = Size(per_zone=size.per_zone - 1, zones=count)
    assert smaller.left() < required or smaller.per_zone < 1


@given(needs, zones, st.integers(min_value=1, max_value=1000))
def test_a_standby_is_the_fraction_but_at_least_one_a_zone(
    required: int, count: int, thousandths: int
) -> None:
    full = statically_stable_size(required, count)
    standby = standby_size(full, thousandths / 1000)
    assert standby.per_zone >= 1
    assert standby.total <= full.total
    assert standby.total * 1000 >= full.total * thousandths
    smaller = Size(per_zone=standby.per_zone - 1, zones=count)
    assert smaller.per_zone < 1 or smaller.total * 1000 < full.total * thousandths


def test_a_tenth_is_a_tenth_in_spite_of_binary_fractions() -> None:
    assert standby_size(Size(per_zone=10, zones=3), 0.1) == Size(per_zone=1, zones=3)
    assert standby_size(Size(per_zone=100, zones=3), 0.07) == Size(per_zone=7, zones=3)


@pytest.mark.parametrize("required", [0, -1])
def test_a_need_below_one_is_refused(required: int) -> None:
    with pytest.raises(ValueError, match=rf"required: got {required}, allowed is 1 or more"):
        statically_stable_size(required, 3)


@pytest.mark.parametrize("count", [0, 1])
def test_a_single_zone_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match=rf"zones: got {count}, allowed is 2 or more"):
        statically_stable_size(4, count)


def test_nothing_of_a_tier_is_no_instance() -> None:
    assert standby_size(Size(per_zone=2, zones=3), 0).total == 0


@pytest.mark.parametrize("fraction", [-0.1, 1.01])
def test_a_fraction_outside_its_range_is_refused(fraction: float) -> None:
    with pytest.raises(ValueError, match=r"fraction: got .*, allowed is 0 to 1"):
        standby_size(Size(per_zone=1, zones=3), fraction)
