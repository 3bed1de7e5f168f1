"""Trying again, spreading a hot key, doing a request once: by themselves, without AWS."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from hypothesis import given
from hypothesis import strategies as st

from functions.serverless_api.retry import Backoff, again, momentary
from functions.serverless_api.sharding import LARGEST, Shards

CHI_SQUARE_999 = {2: 10.828, 8: 24.322, 16: 37.697, 100: 148.230}
"""By number of shards: what a fair spread passes once in a thousand times (quantile 0.999 with one degree less than shards).
https://www.itl.nist.gov/div898/handbook/eda/section3/eda3674.htm"""
SEEDS = (1, 2, 3, 4, 5)
ITEMS = 5_000


def chi_square(counts: list[int], expected: float) -> float:
    return sum((count - expected) ** 2 / expected for count in counts)


def ids(kind: str, seed: int) -> list[str]:
    """Ids as people have them: random ones, numbers in a row, times a millisecond apart."""
    rng = random.Random(seed)
    if kind == "random":
        return [f"{rng.getrandbits(128):032x}" for _ in range(ITEMS)]
    first = rng.randrange(10**12)
    return [f"order-{first + each}" if kind == "numbers" else f"{first + each:020d}" for each in range(ITEMS)]


@pytest.mark.parametrize("kind", ["random", "numbers", "times"])
@pytest.mark.parametrize("number", CHI_SQUARE_999)
def test_a_hot_key_is_spread_evenly(kind: str, number: int) -> None:
    shards = Shards(number)
    for seed in SEEDS:
        found = Counter(shards.key("user#1", each) for each in ids(kind, seed))
        assert set(found) == set(shards.keys("user#1"))
        assert chi_square(list(found.values()), ITEMS / number) < CHI_SQUARE_999[number], (kind, number, seed)


def test_the_test_sees_a_spread_that_is_not_even() -> None:
    lengths = Counter(len(each.rstrip("0123456789abc")) % 8 for each in ids("random", 1))
    counts = [lengths.get(shard, 0) for shard in range(8)]
    assert chi_square(counts, ITEMS / 8) > CHI_SQUARE_999[8]


@given(st.integers(1, 64), st.text(), st.text())
def test_an_item_is_where_it_was_and_among_the_keys(number: int, key: str, item: str) -> None:
    shards = Shards(number)
    assert shards.key(key, item) == shards.key(key, item)
    assert shards.key(key, item) in shards.keys(key)


@given(
    st.integers(1, 8),
    st.lists(st.integers(0, 10**6), unique=True, max_size=60),
    st.none() | st.integers(0, 20),
    st.booleans(),
)
def test_a_read_of_all_shards_is_as_one_partition_would_be(
    number: int, written: list[int], limit: int | None, newest: bool
) -> None:
    shards, partitions = Shards(number), {}
    for each in written:
        item = {"sk": f"{each:08d}", "id": each}
        partitions.setdefault(shards.key("k", str(each)), []).append(item)

    def query(partition: str) -> list[dict[str, Any]]:
        found = sorted(partitions.get(partition, []), key=lambda item: item["sk"], reverse=newest)
        return found[:limit]

    found = [item["id"] for item in shards.gather("k", query, order="sk", limit=limit, newest_first=newest)]
    assert found == sorted(written, reverse=newest)[:limit]


def test_a_shard_that_fails_fails_the_read() -> None:
    def query(partition: str) -> list[dict[str, Any]]:
        if partition.endswith("#2"):
            raise RuntimeError(partition)
        return []

    with pytest.raises(RuntimeError, match="k#2"):
        Shards(4).gather("k", query, order="sk")


@pytest.mark.parametrize("number", [0, -1, LARGEST + 1])
def test_a_number_of_shards_that_can_not_be(number: int) -> None:
    with pytest.raises(ValueError, match=rf"^shards: got {number}, allowed is 1 to 1000$"):
        Shards(number)


def refused(code: str, status: int = 400) -> ClientError:
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "PutItem")


class World:
    """A call that fails as often as it is told, and time that only pauses take."""

    def __init__(self, *errors: Exception, lasts: float = 0.0) -> None:
        self.errors, self.now, self.pauses, self.calls, self.lasts = list(errors), 0.0, [], 0, lasts

    def call(self) -> str:
        self.calls += 1
        self.now += self.lasts
        if self.errors:
            raise self.errors.pop(0)
        return "done"

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    def again(self, backoff: Backoff | None = None, **how: Any) -> str:
        return again(self.call, backoff, sleep=self.sleep, clock=lambda: self.now, **how)


def test_what_fails_for_a_moment_is_tried_again() -> None:
    world = World(
        refused("ThrottlingException"),
        refused("InternalServerError", 500),
        EndpointConnectionError(endpoint_url="x"),
    )
    assert world.again() == "done"
    assert world.calls == 4
    assert len(world.pauses) == 3


@pytest.mark.parametrize(
    "error", [refused("ConditionalCheckFailedException"), refused("ValidationException"), ValueError("no")]
)
def test_what_will_fail_again_is_not(error: Exception) -> None:
    world = World(error, error)
    with pytest.raises(type(error)):
        world.again()
    assert (world.calls, world.pauses) == (1, [])


def test_the_last_error_is_raised() -> None:
    world = World(*(refused("ThrottlingException") for _ in range(9)))
    with pytest.raises(ClientError):
        world.again(Backoff(attempts=3))
    assert world.calls == 3


def test_bounds_double_up_to_the_cap() -> None:
    bounds: list[float] = []
    backoff = Backoff(attempts=7, base_seconds=1, cap_seconds=10)
    assert list(backoff.pauses(lambda low, high: bounds.append(high) or low)) == [0] * 6
    assert bounds == [1, 2, 4, 8, 10, 10]


def test_no_pause_ends_after_the_time_that_there_is() -> None:
    world = World(*(refused("ThrottlingException") for _ in range(99)), lasts=1.0)
    with pytest.raises(ClientError):
        world.again(
            Backoff(attempts=99, base_seconds=1, cap_seconds=1, within_seconds=5),
            spread=lambda _low, high: high,
        )
    assert world.now <= 6
    assert world.calls == 3


def test_pauses_are_spread_over_all_of_their_bound() -> None:
    """Full jitter: clients that failed together come back evenly, the first of them at once."""
    rng = random.Random(7)
    bound, bins = 8.0, 16
    pauses = [
        next(Backoff(attempts=2, base_seconds=bound, cap_seconds=bound).pauses(rng.uniform))
        for _ in range(ITEMS)
    ]
    counts = Counter(int(pause / bound * bins) for pause in pauses)
    assert chi_square([counts[each] for each in range(bins)], ITEMS / bins) < CHI_SQUARE_999[bins]


def test_which_errors_pass() -> None:
    assert momentary(refused("Unheard", 503))
    assert momentary(TimeoutError())
    assert not momentary(refused("AccessDeniedException", 403))
    assert not momentary(KeyError())
