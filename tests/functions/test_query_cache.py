"""Results out of the cache: how old they may be, what a cache that fails costs, and what several who ask at once do."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import math
import random
import threading
import urllib.parse
import uuid
from decimal import Decimal
from typing import Any

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.query_cache import connecting, entries
from functions.query_cache.breaker import Breaker, LostError
from functions.query_cache.cache import QueryCache
from functions.query_cache.keeping import Keeping
from functions.query_cache.keys import Namespace, spelt
from tests.functions.cache_stand_in import StandInError, Store

SQL = "SELECT * FROM products WHERE id = %s"
SHOP = Namespace("shop")
STEADY = Keeping(jitter=0, beta=0)


class Database:
    """One row, counted."""

    def __init__(self, store: Store, takes: float = 0.0) -> None:
        self.store, self.takes, self.asked, self.row = store, takes, 0, {"n": 0}

    def query(self) -> Any:
        self.asked += 1
        found = None if self.row is None else [dict(self.row)]
        self.store.now += self.takes
        return found


def cache_of(store: Store, keeping: Keeping = STEADY, **more: Any) -> QueryCache:
    def sleep(seconds: float) -> None:
        store.now += seconds

    breaker = more.pop("breaker", None) or Breaker(clock=lambda: store.now)
    return QueryCache(store, SHOP, keeping, breaker, clock=lambda: store.now, sleep=sleep, **more)


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def database(store: Store) -> Database:
    return Database(store)


def read(cache: QueryCache, database: Database, **more: Any) -> Any:
    return cache.read(SQL, (7,), database.query, tags=("product 7",), **more)


# What stands for the server


def test_the_stand_in(store: Store) -> None:
    assert store.get("a") is None
    assert store.set("a", "1", px=1000) is True
    assert store.get("a") == b"1"
    assert store.set("a", "2", px=1000, nx=True) is None
    assert store.set("a", "3", px=2000) is True
    store.now += 1.9
    assert store.get("a") == b"3"
    store.now += 0.2
    assert store.get("a") is None
    assert store.set("a", "4", px=1000, nx=True) is True
    assert store.delete("a") == 1
    assert store.delete("a") == 0
    with pytest.raises(StandInError, match="invalid expire time in 'set' command"):
        store.set("a", "1", px=0)


# Keys


def test_keys_are_the_same_on_every_server_and_in_every_release_of_this_library() -> None:
    text = f"[{len(SQL) + 6}:str '{SQL}'9:[5:int 7]]"
    assert spelt([SQL, (7,)]) == text
    assert SHOP.result(SQL, (7,)) == f"shop:1:result:{hashlib.sha256(text.encode()).hexdigest()}"
    assert Namespace("shop", "2").result(SQL, (7,)) != SHOP.result(SQL, (7,))
    assert SHOP.result("a", {"x": 1, "y": 2}) == SHOP.result("a", {"y": 2, "x": 1})
    assert SHOP.tag("a").startswith("shop:1:tag:")


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.decimals(allow_nan=False)
    | st.dates()
    | st.datetimes()
    | st.uuids(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(VALUES, VALUES)
def test_two_values_have_one_text_only_if_they_are_the_same(one: Any, other: Any) -> None:
    assert (spelt(one) == spelt(other)) == (repr(_ordered(one)) == repr(_ordered(other)))


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return sorted(((key, repr(_ordered(each))) for key, each in value.items()), key=repr), "a mapping"
    return [_ordered(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    "pair",
    [
        (1, "1"),
        (1, True),
        (1, 1.0),
        (None, "None"),
        (["a", "b"], ["ab"]),
        (["a"], [["a"]]),
        ([], {}),
        (b"a", "a"),
        (Decimal("1.0"), Decimal(1)),
        (dt.date(2026, 1, 1), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)),
        (uuid.UUID(int=1), str(uuid.UUID(int=1))),
        ({"a": 1}, [["a", 1]]),
    ],
)
def test_values_that_look_alike_have_keys_of_their_own(pair: tuple[Any, Any]) -> None:
    assert SHOP.result(SQL, pair[0]) != SHOP.result(SQL, pair[1])


def test_what_can_not_be_told_apart_is_refused(store: Store, database: Database) -> None:
    with pytest.raises(
        TypeError, match=r"^parameter: got object, allowed are plain values, times, lists and mappings$"
    ):
        cache_of(store).read(SQL, [object()], database.query)
    for name in ("", "a b", "a" * 41, "\u00e4", "a\n"):
        with pytest.raises(ValueError, match=r"^name: got .*, allowed is 1 to 40 letters"):
            Namespace(name)
        with pytest.raises(ValueError, match=r"^release: got "):
            Namespace("shop", name)


# How long a result is good


def test_a_result_is_kept_until_its_time_is_over(store: Store, database: Database) -> None:
    cache = cache_of(store)
    assert read(cache, database) == [{"n": 0}]
    database.row = {"n": 1}
    store.now += 59.9
    assert read(cache, database) == [{"n": 0}]
    store.now += 0.2
    assert read(cache, database) == [{"n": 1}]
    assert database.asked == 2
    assert cache.counts == {"miss": 2, "hit": 1}


def test_a_result_is_as_old_as_the_beginning_of_its_query(store: Store) -> None:
    slow = Database(store, takes=59)
    cache = cache_of(store)
    read(cache, slow)
    store.now += 0.5
    read(cache, slow)
    assert slow.asked == 1
    store.now += 0.6
    read(cache, slow)
    assert slow.asked == 2
    never = Database(store, takes=61)
    for _ in range(2):
        cache.read("other", (), never.query)
    assert never.asked == 2
    assert cache.counts["unkept"] == 2


@pytest.mark.parametrize("nothing", [None, []])
def test_what_is_not_there_is_asked_for_again_sooner(store: Store, nothing: Any) -> None:
    cache, asked = cache_of(store), []
    for wait, times in ((0, 1), (4.9, 1), (0.2, 2)):
        store.now += wait
        assert cache.read(SQL, (), lambda: asked.append(1) or nothing) == nothing
        assert len(asked) == times
    for other in ({}, 0, [0], ""):
        assert Keeping().lasts(other, lambda: 0) == 60, "a value"


def test_results_that_are_stored_together_end_apart_and_none_late(store: Store) -> None:
    rng = random.Random(1)
    cache = cache_of(store, Keeping(jitter=0.2, beta=0), rng=rng.random)
    for number in range(200):
        cache.read(SQL, (number,), lambda: [1])
    ends = [found - store.now for key, (_, found) in store.data.items() if ":result:" in key]
    assert len(ends) == 200
    assert 48 <= min(ends) < 49.5
    assert 58.5 < max(ends) <= 60
    assert sum(ends) / len(ends) == pytest.approx(54, abs=1)


def test_a_result_is_asked_for_before_it_ends_by_some_and_others_are_served(store: Store) -> None:
    """The share of early askers is that of the paper: exp(-left / (beta * took))."""
    keeping, rng = Keeping(), random.Random(2)
    for left, took in ((1.0, 1.0), (2.0, 1.0), (0.5, 2.0)):
        share = sum(keeping.early(left, took, rng.random) for _ in range(4000)) / 4000
        assert share == pytest.approx(math.exp(-left / took), abs=0.025)
    assert not Keeping(beta=0).early(0.001, 9.0, lambda: 0.999)
    slow = Database(store, takes=2)
    draws = [0.0]
    cache = cache_of(store, Keeping(jitter=0), rng=lambda: draws[0])
    read(cache, slow)
    store.now += 57
    draws[0] = 0.9  # -2 * ln(0.1) is 4.6 s, and 1 s is left
    slow.row = {"n": 1}
    assert read(cache, slow) == [{"n": 1}]
    draws[0] = 0.0
    store.now += 30
    assert read(cache, slow) == [{"n": 1}]
    assert (slow.asked, cache.counts) == (2, {"miss": 1, "early": 1, "hit": 1})
    for _ in range(2):
        cache.read("quick", (), lambda: [1])
        store.now += 59.9
        draws[0] = 0.9
    assert cache.counts["early"] == 1, "what takes no time is no hurry"


def test_no_result_is_older_than_a_release_allows(store: Store, database: Database) -> None:
    read(cache_of(store), database)
    store.now += 11
    read(cache_of(store, Keeping(ttl_seconds=10, jitter=0, beta=0)), database)
    assert database.asked == 2


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ({"ttl_seconds": 0}, "ttl_seconds: got 0, allowed is 0.001 to 86400"),
        ({"empty_seconds": 61}, "empty_seconds: got 61, allowed is 0.001 to 60"),
        ({"jitter": 1}, "jitter: got 1, allowed is 0 to 0.9"),
        ({"beta": -1}, "beta: got -1, allowed is 0 to 10"),
        ({"lock_seconds": 0}, "lock_seconds: got 0, allowed is 0.001 to 86400"),
        ({"wait_seconds": 6}, "wait_seconds: got 6, allowed is 0 to 5"),
        ({"poll_seconds": 0}, "poll_seconds: got 0, allowed is 0.001 to 86400"),
        ({"largest_bytes": 0}, "largest_bytes: got 0, allowed is 1 to 536870912"),
    ],
)
def test_times_that_can_not_be(said: dict[str, Any], line: str) -> None:
    with pytest.raises(ValueError, match="^" + line.replace("+", r"\+") + "$"):
        Keeping(**said)


# Invalidation


def test_what_was_read_before_a_write_is_served_to_nobody(store: Store, database: Database) -> None:
    first, second = cache_of(store), cache_of(store)
    read(first, database)
    database.row = {"n": 1}
    assert second.invalidate("product 7", "products") is True
    store.now += 0.001
    assert read(first, database) == read(second, database) == [{"n": 1}]
    assert database.asked == 2
    cache_of(store).invalidate("product 8")
    assert read(first, database) == [{"n": 1}]
    assert database.asked == 2, "another tag's"


def test_what_was_read_before_a_write_and_is_stored_after_it_is_not_served(store: Store) -> None:
    row, cache = ["old"], cache_of(store)

    def query() -> Any:
        found = list(row)
        row[0] = "new"
        cache_of(store).invalidate("t")
        return found

    assert cache.read(SQL, (), query, tags=("t",)) == ["old"]
    store.now += 1
    assert cache.read(SQL, (), lambda: list(row), tags=("t",)) == ["new"]


def test_a_tag_whose_mark_is_lost_is_not_what_it_was(store: Store, database: Database) -> None:
    """As a counter would be that begins again at the same number."""
    cache, other = cache_of(store), cache_of(store)
    read(cache, database)
    kept = store.copied()
    cache.invalidate("product 7")
    store.data.pop(SHOP.tag("product 7"))
    store.data.update({key: value for key, value in kept.items() if ":result:" in key})
    database.row = {"n": 1}
    assert read(other, database) == [{"n": 1}]


def test_an_invalidation_that_the_cache_does_not_confirm_holds_here_and_is_made_up_for(
    store: Store, database: Database
) -> None:
    cache, other = cache_of(store), cache_of(store)
    read(cache, database)
    store.fails = store.only_reads
    database.row = {"n": 1}
    assert cache.invalidate("product 7") is False
    for _ in range(5):
        assert read(cache, database) == [{"n": 1}]
    assert read(other, database) == [{"n": 0}], "until its time is over"
    store.fails = None
    store.now += 6
    assert read(cache, database) == [{"n": 1}]
    assert read(other, database) == [{"n": 1}]


@pytest.mark.parametrize("refused", [1, 2, 3])
def test_that_all_tags_are_invalid_is_said_when_all_are(store: Store, refused: int) -> None:
    cache = cache_of(store)
    store.fails = lambda name, what: store.refuses(name, what) if len(store.calls) == refused else what()
    assert cache.invalidate("a", "b", "c") is False
    assert len(store.calls) == 3, "the others are tried all the same"
    assert cache.invalidate("a", "b", "c") is True
    assert cache.invalidate() is True


def test_an_invalidation_whose_answer_is_lost_is_tried_again_with_another_mark(
    store: Store, database: Database
) -> None:
    cache = cache_of(store)
    store.fails = store.loses_answers
    assert cache.invalidate("product 7") is False
    mark = store.data[SHOP.tag("product 7")]
    store.fails = None
    read(cache, database)
    assert store.data[SHOP.tag("product 7")][0] != mark[0]


def test_a_cache_that_forgot_an_invalidation_is_not_believed_here(store: Store, database: Database) -> None:
    """A replica that takes over lacks what it hadn't received."""
    cache = cache_of(store)
    read(cache, database)
    before = store.copied()
    store.now += 1
    database.row = {"n": 1}
    assert cache.invalidate("product 7") is True
    store.data = before
    assert read(cache, database) == [{"n": 1}]


def test_an_invalidation_that_is_owed_holds_against_servers_whose_clocks_are_ahead(
    store: Store, database: Database
) -> None:
    cache, ahead = cache_of(store), cache_of(store)
    ahead.clock = lambda: store.now + 5
    read(ahead, database)
    store.fails = store.only_reads
    store.now += 1
    database.row = {"n": 1}
    assert cache.invalidate("product 7") is False
    store.now += 6
    assert read(cache, database) == [{"n": 1}]


def test_an_invalidation_is_owed_while_results_from_before_it_are_good(
    store: Store, database: Database
) -> None:
    cache = cache_of(store)
    store.fails = store.only_reads
    cache.invalidate("product 7")
    store.now += 61
    store.fails = None
    read(cache_of(store), database)
    store.fails = store.only_reads
    read(cache, database)
    assert database.asked == 1


def test_what_is_remembered_of_invalidations_does_not_grow(store: Store) -> None:
    cache = cache_of(store)
    for number in range(100):
        cache.invalidate(f"product {number}")
        store.now += 1
    assert len(cache._marks._renewed) <= 61


# A cache that fails


WAYS = ["refuses", "is_silent", "loses_answers", "only_reads", "is_slow", "mixes_up", "tells_rubbish"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("filled", [True, False])
def test_a_cache_that_fails_costs_no_request_and_tells_nothing_old(
    store: Store, database: Database, way: str, filled: bool
) -> None:
    cache = cache_of(store)
    if filled:
        read(cache, database)
        store.now += 61
    database.row = {"n": 1}
    store.fails = getattr(store, way)
    for number in range(9):
        assert read(cache, database) == [{"n": 1}]
        store.now += 0.3
        assert cache.invalidate("product 7") in (True, False), number
    store.fails = None
    store.now += 60
    database.row = {"n": 2}
    assert read(cache, database) == read(cache, database) == [{"n": 2}]
    asked = database.asked
    assert read(cache, database) == [{"n": 2}]
    assert database.asked == asked, "it is used again"


@pytest.mark.parametrize(
    "found",
    [
        b"",
        b"{}",
        b"null",
        b"7",
        b"\xff",
        b"[" * 100_000,
        7,
        object(),
        *(
            json.dumps(
                {"form": 1, "key": "k", "began": 1, "until": 2, "took": 0, "marks": {}, "value": 1} | change
            ).encode()
            for change in (
                {"form": 2},
                {"key": "other"},
                {"began": "x"},
                {"until": None},
                {"until": 1e999},
                {"took": []},
                {"marks": 7},
                {"began": 10**400},
            )
        ),
        b'{"form":1,"key":"k","began":1,"until":2,"took":0,"marks":{}}',
        b'{"form":1,"key":"k","began":1,"until":NaN,"took":0,"marks":{},"value":1}',
    ],
)
def test_what_is_no_entry(found: Any) -> None:
    assert entries.read("k", found) is None


def test_an_entry_that_claims_the_future_is_none(store: Store, database: Database) -> None:
    cache = cache_of(store)
    read(cache, database)
    [key] = [each for each in store.data if ":result:" in each]
    text, ends = store.data[key]
    for claim in ({"until": store.now + 10**6}, {"began": store.now + 10**6, "until": store.now + 10**7}):
        store.data[key] = json.dumps(json.loads(text) | claim).encode(), ends + 10**9
        found = entries.read(key, store.data[key][0])
        assert found is not None
        store.now += 60
        asked = database.asked
        read(cache, database)
        assert database.asked == asked + 1
        store.now -= 60


def test_a_cache_that_keeps_what_has_ended_is_not_believed(store: Store) -> None:
    cache, asked = cache_of(store), []
    for wait in (0, 4.9, 0.2):
        store.now += wait
        cache.read(SQL, (), lambda: asked.append(1))
        store.data = {key: (value, ends + 1000) for key, (value, ends) in store.data.items()}
    assert len(asked) == 2


def test_a_cache_that_keeps_nothing_is_as_one_that_is_lost(store: Store, database: Database) -> None:
    cache = cache_of(store)
    store.fails = lambda name, what: None if name == "get" else what()
    assert read(cache, database) == read(cache, database) == [{"n": 0}]
    assert cache.counts == {"lost": 2}


def test_a_silent_cache_adds_its_time_out_once_to_a_request_and_not_to_each(
    store: Store, database: Database
) -> None:
    cache = cache_of(store, breaker=Breaker(failures=3, pause_seconds=5, clock=lambda: store.now))
    store.fails = store.is_silent
    waits = []
    for _ in range(400):
        began = store.now
        read(cache, database)
        waits.append(round(store.now - began, 3))
        store.now += 0.1
    assert database.asked == 400
    assert waits[:4] == [0.05, 0.05, 0.05, 0]
    assert set(waits) == {0, 0.05}
    assert sum(wait > 0 for wait in waits) == 3 + 7, "and one each five seconds of the forty"
    store.fails = None
    store.now += 5
    read(cache, database)
    read(cache, database)
    assert (database.asked, cache.breaker.open) == (401, False)


def test_a_cache_that_fails_between_two_calls_is_waited_for_once(store: Store, database: Database) -> None:
    """After the query it is asked to keep the result; when that fails, nothing more is asked of it."""
    cache = cache_of(store, Keeping(jitter=0, beta=0))

    def query() -> Any:
        store.fails = store.is_silent
        return database.query()

    began = store.now
    assert cache.read(SQL, (), query, tags=("t",)) == [{"n": 0}]
    assert store.now - began == pytest.approx(0.05)


def test_while_one_call_tries_whether_it_is_back_no_other_does(store: Store) -> None:
    breaker = Breaker(failures=1, pause_seconds=5, clock=lambda: store.now)
    with pytest.raises(LostError, match="ZeroDivisionError"):
        breaker.ask(lambda: 1 / 0)
    with pytest.raises(LostError, match="left alone"):
        breaker.ask(lambda: 1)
    store.now += 5

    def trial() -> int:
        with pytest.raises(LostError, match="left alone"):
            breaker.ask(lambda: 1)
        return 2

    assert breaker.ask(trial) == 2
    assert breaker.ask(lambda: 3) == 3


def test_answers_that_are_late_open_it_too(store: Store) -> None:
    breaker = Breaker(failures=2, pause_seconds=5, slow_seconds=0.1, clock=lambda: store.now)

    def late(seconds: float) -> int:
        store.now += seconds
        return 1

    assert [
        breaker.ask(lambda: late(0.2)),
        breaker.ask(lambda: late(0.05)),
        breaker.ask(lambda: late(0.2)),
    ] == [1] * 3
    assert not breaker.open, "not in a row"
    breaker.ask(lambda: late(0.2))
    assert breaker.open


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ({"failures": 0}, "failures: got 0, allowed is 1 or more"),
        ({"pause_seconds": 0}, "pause_seconds: got 0, allowed is above 0"),
        ({"slow_seconds": -1}, "slow_seconds: got -1, allowed is above 0"),
    ],
)
def test_a_breaker_that_can_not_be(said: dict[str, Any], line: str) -> None:
    with pytest.raises(ValueError, match=f"^{line}$"):
        Breaker(**said)


# The database that fails, and results that can't be kept


def test_an_error_of_the_database_is_the_requests_and_lets_others_ask(
    store: Store, database: Database
) -> None:
    cache = cache_of(store)
    with pytest.raises(ZeroDivisionError):
        cache.read(SQL, (7,), lambda: 1 / 0, tags=("product 7",))
    began = store.now
    assert read(cache, database) == [{"n": 0}]
    assert store.now == began, "nobody waits for who has failed"


def test_a_result_that_json_can_not_say_is_an_error_on_the_first_day(
    store: Store, database: Database
) -> None:
    cache = cache_of(store)
    for fails in (None, store.refuses):
        store.fails = fails
        with pytest.raises((TypeError, ValueError), match="JSON"):
            cache.read(SQL, (7,), lambda: [object()])
        with pytest.raises((TypeError, ValueError), match="JSON"):
            cache.read(SQL, (7,), lambda: float("inf"))
    store.fails = None
    store.now += 6
    began = store.now
    read(cache, database)
    assert store.now == began


def test_a_result_is_the_same_from_wherever_it_comes(store: Store) -> None:
    cache = cache_of(store)
    first = cache.read(SQL, (), lambda: [("a", 1)])
    assert first == cache.read(SQL, (), lambda: 1 / 0) == [["a", 1]]
    store.fails = store.refuses
    assert cache.read(SQL, (), lambda: [("a", 1)]) == first


def test_a_result_that_is_too_large_is_not_kept(store: Store) -> None:
    cache, asked = cache_of(store, Keeping(largest_bytes=500)), []
    for _ in range(2):
        assert cache.read(SQL, (), lambda: asked.append(1) or "x" * 500) == "x" * 500
    assert (len(asked), cache.counts["unkept"]) == (2, 2)
    assert cache.read(SQL, (1,), lambda: "x" * 100) == "x" * 100
    assert cache.counts["unkept"] == 2


# Several at once


def test_of_many_who_miss_one_asks_the_database() -> None:
    store, asked, started, asking = Store(), [], threading.Barrier(8), threading.Event()
    keeping = Keeping(lock_seconds=60, wait_seconds=60, poll_seconds=0.001, beta=0)
    cache = QueryCache(store, SHOP, keeping, Breaker(slow_seconds=60))  # a busy machine is slow
    lock = threading.Lock()
    call = store._call

    def one_at_a_time(*arguments: Any) -> Any:
        with lock:
            return call(*arguments)

    store._call = one_at_a_time
    store.now = cache.clock()  # the store's own clock stands
    gate = threading.Event()

    def query() -> Any:
        asked.append(1)
        asking.set()
        gate.wait(60)
        return ["row"]

    found: list[Any] = []

    def request() -> None:
        started.wait(60)
        found.append(cache.read(SQL, (), query, tags=("t",)))

    threads = [threading.Thread(target=request) for _ in range(8)]
    for each in threads:
        each.start()
    assert asking.wait(60)
    gate.set()
    for each in threads:
        each.join(60)
    assert found == [["row"]] * 8
    assert len(asked) == 1


def test_nobody_waits_longer_than_he_should_for_who_asks(store: Store, database: Database) -> None:
    cache = cache_of(store)
    key = SHOP.result(SQL, (7,))
    store.set(f"{key}:lock", "somebody", px=60_000)
    began = store.now
    assert read(cache, database) == [{"n": 0}]
    assert store.now - began == pytest.approx(0.5, abs=0.03)
    assert store.get(f"{key}:lock") == b"somebody", "it is left to whose it is"
    assert read(cache, database) == [{"n": 0}]
    assert database.asked == 1, "the result is kept all the same"


def test_who_waits_is_served_what_the_other_one_kept(store: Store, database: Database) -> None:
    first, second = cache_of(store), cache_of(store)

    def sleep(seconds: float) -> None:
        store.now += seconds
        store.delete(f"{SHOP.result(SQL, (7,))}:lock")
        read(second, database)

    store.set(f"{SHOP.result(SQL, (7,))}:lock", "second", px=5000)
    first.sleep = sleep
    assert first.read(SQL, (7,), lambda: 1 / 0, tags=("product 7",)) == [{"n": 0}]
    assert database.asked == 1


@pytest.mark.parametrize("before", [":tag:", ":lock"])
def test_what_another_one_keeps_between_two_calls_is_served(
    store: Store, database: Database, before: str
) -> None:
    first, second, real = cache_of(store), cache_of(store), store.set

    def late(name: str, *arguments: Any, **how: Any) -> Any:
        if before in name:
            store.set = real
            read(second, database)
        return real(name, *arguments, **how)

    store.set = late
    assert first.read(SQL, (7,), lambda: 1 / 0, tags=("product 7",)) == [{"n": 0}]
    assert store.get(f"{SHOP.result(SQL, (7,))}:lock") is None
    assert read(second, database) == [{"n": 0}]
    assert database.asked == 1


def test_a_lock_that_has_ended_and_is_anothers_is_left_to_him(store: Store) -> None:
    key = f"{SHOP.result(SQL, ())}:lock"

    def query() -> Any:
        store.now += 6
        assert store.set(key, "somebody", px=60_000, nx=True)
        return [1]

    cache_of(store).read(SQL, (), query)
    assert store.get(key) == b"somebody"


def test_what_is_invalidated_while_somebody_waits_is_asked_for_and_kept(
    store: Store, database: Database
) -> None:
    first, second = cache_of(store), cache_of(store)

    def sleep(seconds: float) -> None:
        store.now += seconds
        second.invalidate("product 7")

    store.set(f"{SHOP.result(SQL, (7,))}:lock", "somebody", px=60_000)
    first.sleep = sleep
    read(first, database)
    read(first, database)
    assert database.asked == 1


# Signing in


def test_a_server_signs_in_with_a_token_of_its_role() -> None:
    session = boto3.Session("AKID", "secret", "of the session", region_name="us-west-2")
    told = {
        "host": "master.x",
        "reader": "replica.x",
        "port": 6379,
        "group": "Shop-Web",
        "user": "shop-web",
        "sharded": False,
    }
    found = connecting.arguments(told, session)
    provider = found.pop("credential_provider")
    assert found == {
        "host": "master.x",
        "port": 6379,
        "ssl": True,
        "socket_connect_timeout": 0.05,
        "socket_timeout": 0.05,
        "retry": None,
    }
    user, token = provider.get_credentials()
    assert user == "shop-web"
    host, _, query = token.partition("/?")
    asked = dict(urllib.parse.parse_qsl(query, strict_parsing=True))
    assert host == "shop-web"
    date = asked["X-Amz-Date"]
    assert asked["X-Amz-Credential"] == f"AKID/{date[:8]}/us-west-2/elasticache/aws4_request"
    assert {key: asked[key] for key in ("Action", "User", "X-Amz-Expires", "X-Amz-Security-Token")} == {
        "Action": "connect",
        "User": "shop-web",
        "X-Amz-Expires": "900",
        "X-Amz-Security-Token": "of the session",
    }
    signature = asked.pop("X-Amz-Signature")
    assert signature == signed(host, asked, "secret", date, "us-west-2")
    assert "secret" not in token


def signed(host: str, asked: dict[str, str], secret: str, date: str, region: str) -> str:
    """Signature version 4, by its own description: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html"""
    query = "&".join(f"{k}={urllib.parse.quote(v, safe='-_.~')}" for k, v in sorted(asked.items()))
    empty = hashlib.sha256(b"").hexdigest()
    canonical = f"GET\n/\n{query}\nhost:{host}\n\nhost\n{empty}"
    scope = f"{date[:8]}/{region}/elasticache/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{secret}".encode()
    for part in (date[:8], region, "elasticache", "aws4_request", text):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key.hex()
