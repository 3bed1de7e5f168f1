"""Clients that balance themselves: against the sandbox's Cloud Map, and the balancer alone."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.discovery.balancer import LONGEST_SECONDS, OUT_SECONDS, Balancer, NobodyError
from functions.discovery.client import Client
from functions.discovery.instances import Instance, deregister, discover, register, report
from functions.discovery.known import TTL_SECONDS, Known
from sandbox.aws import faults
from tests.sandbox.emptied import emptied

EAST, NAMESPACE, SERVICE = "us-east-1", "shop.us-east-1.internal", "orders"
ZONES = ("use1-az1", "use1-az2", "use1-az4")


class Time:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def instance(number: int, **changes: Any) -> Instance:
    return Instance(
        **{
            "id": f"i-{number}",
            "address": f"10.0.0.{number}",
            "port": 8080,
            "zone": ZONES[number % 3],
            **changes,
        }
    )


def ids(found: Any) -> set[str]:
    return {each.id for each in found}


# Cloud Map


@pytest.fixture
def aws_endpoint(aws_server: Any) -> Iterator[str]:
    yield emptied(aws_server, "servicediscovery")
    faults.apply({"regions": {EAST: None}})


@pytest.fixture
def cloud_map(boto: Callable[..., Any]) -> Any:
    return boto("servicediscovery", EAST)


@pytest.fixture
def service(cloud_map: Any) -> str:
    """The id of a service with three healthy instances."""
    cloud_map.create_http_namespace(Name=NAMESPACE)
    [namespace] = cloud_map.list_namespaces()["Namespaces"]
    made = cloud_map.create_service(
        Name=SERVICE, NamespaceId=namespace["Id"], HealthCheckCustomConfig={"FailureThreshold": 1}
    )["Service"]
    for number in range(3):
        register(cloud_map, made["Id"], instance(number))
    return str(made["Id"])


def test_instances_are_found_as_they_were_registered(cloud_map: Any, service: str) -> None:
    assert set(discover(cloud_map, NAMESPACE, SERVICE)) == {instance(number) for number in range(3)}


def test_one_that_says_it_is_ill_is_left_out_and_comes_back(cloud_map: Any, service: str) -> None:
    report(cloud_map, service, "i-1", healthy=False)
    assert ids(discover(cloud_map, NAMESPACE, SERVICE)) == {"i-0", "i-2"}
    report(cloud_map, service, "i-1", healthy=True)
    assert len(discover(cloud_map, NAMESPACE, SERVICE)) == 3


def test_when_all_are_ill_all_are_given(cloud_map: Any, service: str) -> None:
    for number in range(3):
        report(cloud_map, service, f"i-{number}", healthy=False)
    found = discover(cloud_map, NAMESPACE, SERVICE)
    assert len(found) == 3
    assert not any(each.healthy for each in found)


def test_one_that_begins_ill_is_not_called_before_it_is_healthy(cloud_map: Any, service: str) -> None:
    register(cloud_map, service, instance(3, healthy=False))
    assert "i-3" not in ids(discover(cloud_map, NAMESPACE, SERVICE))
    report(cloud_map, service, "i-3", healthy=True)
    assert "i-3" in ids(discover(cloud_map, NAMESPACE, SERVICE))


def test_one_that_is_registered_anew_is_still_one(cloud_map: Any, service: str) -> None:
    register(cloud_map, service, instance(1, port=9000))
    found = sorted((each.id, each.port) for each in discover(cloud_map, NAMESPACE, SERVICE))
    assert found == [("i-0", 8080), ("i-1", 9000), ("i-2", 8080)]


def test_one_that_is_taken_out_is_gone_and_may_be_taken_out_twice(cloud_map: Any, service: str) -> None:
    for _ in range(2):
        deregister(cloud_map, service, "i-0")
        assert ids(discover(cloud_map, NAMESPACE, SERVICE)) == {"i-1", "i-2"}


def test_tasks_tell_no_port_and_get_the_one_that_the_client_knows(cloud_map: Any, service: str) -> None:
    cloud_map.register_instance(
        ServiceId=service, InstanceId="task", Attributes={"AWS_INSTANCE_IPV4": "10.0.0.9"}
    )
    assert "task" not in ids(discover(cloud_map, NAMESPACE, SERVICE)), "nobody knows where it listens"
    found = {each.id: each.port for each in discover(cloud_map, NAMESPACE, SERVICE, 9090)}
    assert found == {"task": 9090, "i-0": 8080, "i-1": 8080, "i-2": 8080}


def test_while_discovery_does_not_answer_the_last_known_serve(cloud_map: Any, service: str) -> None:
    clock = Time()
    known = Known(lambda: discover(cloud_map, NAMESPACE, SERVICE), clock=clock)
    assert len(known.instances()) == 3
    faults.apply({"regions": {EAST: [503, "ServiceUnavailable"]}})
    clock.now += 10 * TTL_SECONDS
    called = Client(known).call(lambda each: each.id)
    assert called in {"i-0", "i-1", "i-2"}
    faults.apply({"regions": {EAST: None}})
    deregister(cloud_map, service, "i-0")
    clock.now += TTL_SECONDS
    assert ids(known.instances()) == {"i-1", "i-2"}


def test_as_long_as_nothing_is_known_who_asks_is_told_why(cloud_map: Any, service: str) -> None:
    faults.apply({"regions": {EAST: [503, "ServiceUnavailable"]}})
    known = Known(lambda: discover(cloud_map, NAMESPACE, SERVICE), clock=Time())
    with pytest.raises(ClientError, match="ServiceUnavailable"):
        known.instances()
    faults.apply({"regions": {EAST: None}})
    assert len(known.instances()) == 3, "the next call asks again"


# What is known


def test_an_answer_is_good_for_its_time() -> None:
    clock, asked = Time(), []
    known = Known(lambda: asked.append(1) or [instance(len(asked))], clock=clock)  # type: ignore[func-returns-value]
    assert ids(known.instances()) == ids(known.instances()) == {"i-1"}
    clock.now = TTL_SECONDS - 0.01
    assert ids(known.instances()) == {"i-1"}
    clock.now = TTL_SECONDS
    assert ids(known.instances()) == {"i-2"}


def test_discovery_that_fails_is_asked_no_more_often_than_one_that_answers() -> None:
    clock, asked = Time(), []

    def ask() -> list[Instance]:
        asked.append(clock.now)
        if clock.now:
            raise OSError
        return [instance(1)]

    known = Known(ask, clock=clock)
    for clock.now in (0, 1, 10, 11, 19, 20):
        assert ids(known.instances()) == {"i-1"}
    assert asked == [0, 10, 20]


def test_an_empty_answer_changes_nothing() -> None:
    clock, answers = Time(), iter([[instance(1)], [], [instance(2)]])
    known = Known(lambda: next(answers), clock=clock)
    found = []
    for clock.now in (0, 10, 20):
        found.append(ids(known.instances()))
    assert found == [{"i-1"}, {"i-1"}, {"i-2"}]


def test_nobody_waits_for_a_new_answer_where_there_is_an_old_one() -> None:
    clock, asked, go = Time(), threading.Event(), threading.Event()
    answers = iter([[instance(1)], [instance(2)]])

    def ask() -> list[Instance]:
        if clock.now:
            asked.set()
            assert go.wait(10)
        return next(answers)

    known = Known(ask, clock=clock)
    known.instances()
    clock.now = TTL_SECONDS
    renews = threading.Thread(target=known.instances)
    renews.start()
    assert asked.wait(10)
    assert ids(known.instances()) == {"i-1"}
    go.set()
    renews.join(10)
    assert ids(known.instances()) == {"i-2"}


# The balancer


OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("call"), st.integers(0, 5), st.booleans()),
        st.tuples(st.just("wait"), st.floats(0, 40), st.just(False)),
        st.tuples(st.just("health"), st.integers(0, 5), st.booleans()),
    ),
    max_size=60,
)


@settings(max_examples=60, deadline=None)
@given(OPERATIONS, st.integers(1, 6), st.integers(0, 2**32))
def test_none_that_failed_is_called_while_another_is_well(
    operations: list[tuple[str, Any, bool]], number: int, seed: int
) -> None:
    clock = Time()
    balancer = Balancer(clock=clock, chance=random.Random(seed))
    among = [instance(each) for each in range(number)]
    out: dict[str, float] = {}
    row: Counter[str] = Counter()
    for what, value, said in operations:
        if what == "wait":
            clock.now += value
        elif what == "health":
            among = [instance(each, healthy=said) if each == value else among[each] for each in range(number)]
        else:
            found = balancer.begin(among)
            well = [each for each in among if out.get(each.id, 0) <= clock.now]
            best = [each for each in well if each.healthy] or well or among
            assert found in best
            balancer.end(found, failed=said)
            row[found.id] = row[found.id] + 1 if said else 0
            if said:
                out[found.id] = clock.now + min(OUT_SECONDS * 2 ** (row[found.id] - 1), LONGEST_SECONDS)
            else:
                out.pop(found.id, None)


def test_one_that_fails_again_is_left_out_for_twice_as_long_and_from_the_start_after_it_worked() -> None:
    clock, among = Time(), [instance(1), instance(2)]
    balancer = Balancer(clock=clock, chance=random.Random(1))

    def one(*, failed: bool) -> None:
        found = balancer.begin(among, ["i-2"])
        balancer.end(found, failed=failed)
        assert found.id == "i-1"

    def called() -> set[str]:
        found = ids(balancer.begin(among) for _ in range(40))
        balancer._busy.clear()
        return found

    for out in (5, 10, 20):
        one(failed=True)
        clock.now += out - 0.5
        assert called() == {"i-2"}
        clock.now += 0.5
        assert "i-1" in called()
    one(failed=False)
    one(failed=True)
    clock.now += 5
    assert "i-1" in called()
    for _ in range(20):
        one(failed=True)
    clock.now += LONGEST_SECONDS
    assert "i-1" in called()


@pytest.mark.parametrize("number", [2, 3, 10, 30])
def test_calls_that_last_are_spread_within_a_few_of_each_other(number: int) -> None:
    among = [instance(each) for each in range(number)]
    for seed in range(5):
        balancer = Balancer(clock=Time(), chance=random.Random(seed))
        busy = Counter(balancer.begin(among).id for _ in range(40 * number))
        assert set(busy) == ids(among)
        assert max(busy.values()) - 40 <= 3, "one choice would be some twenty off"


def test_short_calls_are_spread_too() -> None:
    among = [instance(each) for each in range(5)]
    balancer = Balancer(clock=Time(), chance=random.Random(1))
    counts: Counter[str] = Counter()
    for _ in range(2000):
        found = balancer.begin(among)
        balancer.end(found, failed=False)
        counts[found.id] += 1
    expected = 2000 / 5
    assert sum((count - expected) ** 2 / expected for count in counts.values()) < 18.467, (
        "chi-square's quantile 0.999 with four degrees"
    )


def test_a_slow_one_gets_less() -> None:
    among = [instance(each) for each in range(4)]
    balancer = Balancer(clock=Time(), chance=random.Random(1))
    counts: Counter[str] = Counter()
    for _ in range(400):
        found = balancer.begin(among)
        counts[found.id] += 1
        if found.id != "i-0":  # never ends
            balancer.end(found, failed=False)
    assert counts["i-0"] == 1


def test_what_is_gone_is_forgotten() -> None:
    balancer = Balancer(clock=Time(), chance=random.Random(1))
    balancer.end(balancer.begin([instance(1)]), failed=True)
    balancer.begin([instance(2)])
    assert set(balancer._until) | set(balancer._failures) == set()
    assert set(balancer._busy) == {"i-2"}


def test_where_nobody_is_who_calls_is_told() -> None:
    with pytest.raises(NobodyError):
        Balancer().begin([])


# A call


def client(number: int, **given: Any) -> Client:
    among = [instance(each) for each in range(number)]
    return Client(Known(lambda: among, clock=Time()), Balancer(chance=random.Random(1)), **given)


def test_a_call_goes_to_another_instance_when_one_fails() -> None:
    tried: list[str] = []

    def what(each: Instance) -> str:
        tried.append(each.id)
        if len(tried) < 3:
            raise ConnectionError
        return "answer"

    assert client(3).call(what) == "answer"
    assert len(set(tried)) == 3


def test_a_call_asks_none_twice_while_another_is_untried_though_all_have_failed() -> None:
    calls, tried = client(8, attempts=8), list[str]()

    def what(each: Instance) -> None:
        tried.append(each.id)
        raise ConnectionError

    for number in (1, 2):
        with pytest.raises(ConnectionError):
            calls.call(what)
        assert (len(tried), len(set(tried[-8:]))) == (8 * number, 8)


def test_the_last_failure_is_told_after_so_many() -> None:
    tried: list[str] = []

    def what(each: Instance) -> None:
        tried.append(each.id)
        raise TimeoutError(each.id)

    with pytest.raises(TimeoutError, match="i-"):
        client(5, attempts=2).call(what)
    assert len(set(tried)) == 2


def test_what_is_not_the_instance_s_fault_is_told_at_once_and_leaves_it_in() -> None:
    calls = client(1)
    tried: list[str] = []

    def what(each: Instance) -> None:
        tried.append(each.id)
        raise ValueError("no such order")

    with pytest.raises(ValueError, match="no such order"):
        calls.call(what)
    assert tried == ["i-0"]
    assert calls._balancer._until == {}
    assert +calls._balancer._busy == Counter()


def test_a_call_tries_something() -> None:
    with pytest.raises(ValueError, match="attempts: got 0, allowed is 1 or more"):
        client(1, attempts=0)


def test_when_instances_die_clients_go_on_with_those_that_are_left() -> None:
    """Two of five die at once; discovery says nothing of it. Each call succeeds, and the dead are asked twice at most."""
    dead = {"i-1", "i-3"}
    asked: Counter[str] = Counter()

    def what(each: Instance) -> str:
        asked[each.id] += 1
        if each.id in dead:
            raise ConnectionRefusedError
        return each.id

    calls = client(5)
    assert {calls.call(what) for _ in range(300)} == {"i-0", "i-2", "i-4"}
    assert all(asked[each] <= 2 for each in dead)
