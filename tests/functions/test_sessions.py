"""The life of sessions against the sandbox's AWS: what cookies hold, what requests at once do to each other, when a session ends."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from hypothesis import given
from hypothesis import strategies as st

from functions.sessions import cookies
from functions.sessions.limits import Limits
from functions.sessions.store import Sessions, StaleSessionError
from functions.sessions.sweep import sweep

LIMITS = Limits(idle_seconds=100, absolute_seconds=1000, note_seconds=10)
NAME = "sessions"


def make(client: Any, name: str = NAME) -> None:
    client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def header(session: Any) -> str:
    """What a browser sends back of the cookie that it was given."""
    return "theme=dark; " + cookies.given(session.id).partition(";")[0] + "; lang=de"


@pytest.fixture
def now() -> list[float]:
    return [1_800_000_000.5]


@pytest.fixture
def servers(boto: Any, in_lambda: Any, now: list[float]) -> tuple[Sessions, Sessions]:
    """Two application servers, which share the table and nothing else."""
    make(boto("dynamodb"))
    table = boto3.resource("dynamodb").Table
    first, second = (
        Sessions(table(NAME), limits=LIMITS, clock=lambda: now[0], eventual_reads=each)
        for each in (False, True)
    )
    return first, second


def kept(sessions: Sessions) -> list[dict[str, Any]]:
    return sessions.table.scan(ConsistentRead=True)["Items"]


# The cookie


def test_a_cookie_holds_an_id_and_nothing_else() -> None:
    made = cookies.fresh()
    name_and_value, *attributes = cookies.given(made).split("; ")
    assert name_and_value == f"__Host-session={made}"
    assert set(attributes) == {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"}
    assert cookies.ENDED == "__Host-session=; Secure; HttpOnly; SameSite=Lax; Path=/; Max-Age=0"
    assert cookies.read(cookies.ENDED.partition(";")[0]) is None


def test_ids_are_as_random_as_what_they_are_made_of(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    real = cookies.secrets.token_urlsafe
    monkeypatch.setattr(cookies.secrets, "token_urlsafe", lambda size: asked.append(size) or real(size))
    made = {cookies.fresh() for _ in range(50)}
    assert len(made) == 50
    assert set(asked) == {32}, "bytes of the operating system's randomness, 16 at least"
    assert all(cookies.read(f"__Host-session={each}") == each for each in made)
    # each place takes many values: none is fixed
    assert min(len({each[place] for each in made}) for place in range(42)) > 15


ID = "A" * 43


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "",
        ";",
        "=",
        "__Host-session",
        "__Host-session=",
        f"__Host-session={ID[1:]}",
        f"__Host-session={ID}A",
        f"__Host-session={ID[1:]}\u00e4",
        f"__Host-session={ID}\n",
        f'__Host-session="{ID}"',
        f"session={ID}",
        f"__host-session={ID}",
        f"__Secure-session={ID}",
        f"__Host-session={ID}; __Host-session={ID[1:]}B",
        f"__Host-session={ID}, other=1",
        "__Host-session=\x00" + ID[1:],
        "a" * 100_000,
    ],
)
def test_what_is_no_cookie_of_ours(sent: str | None) -> None:
    assert cookies.read(sent) is None


@given(st.text() | st.text(alphabet=";= \t_-AHost-session\"'\\,\n\x00", max_size=120))
def test_no_header_makes_an_error(sent: str) -> None:
    found = cookies.read(sent)
    assert found is None or f"{cookies.NAME}={found}" in sent
    assert cookies.read(f"{sent}; {cookies.NAME}={ID}") in (ID, None)


def test_one_id_sent_twice_is_one() -> None:
    assert cookies.read(f"__Host-session={ID};__Host-session={ID}") == ID


# The life of a session


def test_a_session_outlives_the_server_that_started_it(servers: tuple[Sessions, Sessions]) -> None:
    first, second = servers
    made = first.start({"cart": [1, 2]})
    del first  # its node is lost
    found = second.read(header(made))
    assert found == made
    assert found.data == {"cart": [1, 2]}
    assert made.id not in repr(found)


def test_the_table_holds_no_cookie_that_works(servers: tuple[Sessions, Sessions]) -> None:
    made = servers[0].start({"user": "u-1"})
    (found,) = kept(servers[0])
    assert made.id not in str(found)
    assert servers[1].read(f"__Host-session={found['id']}") is None
    assert servers[1].read(f"__Host-session={found['id'][:43]}") is None


def test_forged_and_unknown_ids_are_no_sessions(servers: tuple[Sessions, Sessions]) -> None:
    servers[0].start()
    for sent in (None, f"__Host-session={ID}", f"__Host-session={cookies.fresh()}", "__Host-session=%00"):
        assert servers[0].read(sent) is None
        servers[0].end(sent)
    assert len(kept(servers[0])) == 1


def test_who_signs_in_has_another_id_and_the_former_one_nothing(
    servers: tuple[Sessions, Sessions], now
) -> None:
    first, second = servers
    planted = first.start({"cart": [1]})
    now[0] += 50
    signed = first.sign_in(planted, {"cart": [1], "user": "u-1"})
    assert signed.id != planted.id
    assert signed.started == int(now[0]), "signing in begins anew"
    assert second.read(header(planted)) is None
    assert second.read(header(signed)).data == {"cart": [1], "user": "u-1"}
    assert len(kept(first)) == 1
    assert first.sign_in(None, {"user": "u-2"}).data == {"user": "u-2"}


def test_an_id_that_is_changed_keeps_the_sessions_time(servers: tuple[Sessions, Sessions], now) -> None:
    made = servers[0].start({"user": "u-1"})
    now[0] += 50
    moved = servers[1].rotate(made)
    assert (moved.data, moved.started) == (made.data, made.started)
    assert servers[0].read(header(made)) is None
    assert servers[0].read(header(moved)) == moved


def test_of_two_changes_at_once_the_later_one_is_told(servers: tuple[Sessions, Sessions]) -> None:
    first, second = servers
    made = first.start({"n": 0})
    one, other = first.read(header(made)), second.read(header(made))
    changed = first.save(one, {"n": 1})
    for late in (
        lambda: second.save(other, {"n": 2}),
        lambda: second.rotate(other),
        lambda: second.sign_in(other, {"user": "u"}),
    ):
        with pytest.raises(StaleSessionError):
            late()
    assert second.read(header(made)) == changed
    assert len(kept(first)) == 1, "what was refused leaves nothing"


@pytest.mark.parametrize("how", ["save", "rotate", "sign_in"])
def test_a_session_that_has_ended_does_not_come_back(
    servers: tuple[Sessions, Sessions], how: str, now
) -> None:
    made, idle = servers[0].start({"user": "u-1"}), servers[0].start()
    servers[1].end(header(made))
    arguments = () if how == "rotate" else ({"user": "u-1"},)
    with pytest.raises(StaleSessionError):
        getattr(servers[0], how)(made, *arguments)
    now[0] += 100
    with pytest.raises(StaleSessionError):
        getattr(servers[0], how)(idle, *arguments)
    assert [each["id"] for each in kept(servers[0])] == [cookies.stored(idle.id)]
    servers[0].end(header(made))  # again, and nothing happens


def test_a_request_does_not_bring_back_a_session_that_ends_meanwhile(servers, now) -> None:
    first, second = servers
    made = first.start()
    now[0] += 20  # the request is to be noted
    get = second.table.get_item

    def read_and_then_gone(**asked: Any) -> Any:
        found = get(**asked)
        first.end(header(made))
        return found

    late = Sessions(
        SimpleNamespace(get_item=read_and_then_gone, update_item=second.table.update_item),
        limits=LIMITS,
        clock=second.clock,
    )
    assert late.read(header(made)) is None
    assert kept(first) == []


def test_requests_are_noted_now_and_then(servers: tuple[Sessions, Sessions], now) -> None:
    first, second = servers
    made = first.start()
    now[0] += 9
    assert second.read(header(made)).seen == made.seen
    now[0] += 1
    noted = second.read(header(made))
    assert noted.seen == made.seen + 10
    assert kept(first)[0]["expires"] == noted.seen + 100
    assert first.save(made, {"n": 1}).version == 2, "noting a request is no change that others lose to"


def test_a_session_ends_when_it_is_idle_although_its_item_is_there(servers, now) -> None:
    made = servers[0].start()
    now[0] += 99
    assert servers[1].read(header(made)) is not None
    now[0] += 100
    assert servers[0].read(header(made)) is None
    assert len(kept(servers[0])) == 1, "DynamoDB deletes it later"


def test_a_session_ends_after_its_time_however_it_is_used(servers, now) -> None:
    made, began = servers[0].start(), now[0]
    while now[0] < began + 999:
        now[0] = min(now[0] + 95, began + 999)
        found = servers[0].read(header(made))
        assert found is not None, now[0] - began
    assert kept(servers[0])[0]["expires"] == int(began) + 1000
    changed = servers[0].save(found, {"last": 1})
    now[0] = began + 1000
    assert servers[1].read(header(changed)) is None


def test_limits_that_a_release_lowers_hold_for_what_is_there(servers: tuple[Sessions, Sessions], now) -> None:
    made = servers[0].start()
    now[0] += 30
    less = Limits(idle_seconds=30, absolute_seconds=30, note_seconds=0)
    assert Sessions(servers[0].table, limits=less, clock=lambda: now[0]).read(header(made)) is None


def test_what_a_strong_table_does_not_expire_is_swept(
    servers: tuple[Sessions, Sessions], now, monkeypatch
) -> None:
    first, second = servers
    old, used = first.start(), first.start({"user": "u"})
    now[0] += 99
    found = second.read(header(used))
    now[0] += 1
    assert sweep(second) == 1
    assert [each["id"] for each in kept(first)] == [cookies.stored(used.id)]
    assert second.read(header(used)) == found
    assert second.read(header(old)) is None
    # What is used after it was found isn't deleted: the clock of the server that sweeps is a second ahead.
    now[0] += 98
    ahead = Sessions(first.table, limits=LIMITS, clock=lambda: now[0] + 1)
    scan = first.table.scan

    def then_used(**asked: Any) -> Any:
        page = scan(**asked)
        second.save(found, {"user": "u"})
        return page

    monkeypatch.setattr(first.table, "scan", then_used)
    assert sweep(ahead) == 0
    assert len(scan()["Items"]) == 1


def test_the_sweep_reads_page_after_page(servers: tuple[Sessions, Sessions], now, monkeypatch) -> None:
    first = servers[0]
    for _ in range(5):
        first.start()
    now[0] += 100
    scan = first.table.scan
    monkeypatch.setattr(first.table, "scan", lambda **asked: scan(**asked, Limit=2))
    assert sweep(first) == 5
    assert scan()["Items"] == []


# What is refused, and what fails


def test_a_session_that_dynamodb_would_refuse_for_its_size_is_one_line() -> None:
    sent: list[dict[str, Any]] = []
    sessions = Sessions(SimpleNamespace(put_item=lambda **put: sent.append(put["Item"])))
    sessions.start()
    own = sum(len(name) + (len(value) if isinstance(value, str) else 21) for name, value in sent[0].items())
    room = 409_600 - own - len('"a":""')
    sessions.start({"a": "x" * room})
    line = (
        "session: got 409601 bytes, allowed is up to 409600: DynamoDB's largest item; "
        "keep what is large elsewhere, and its key in the session"
    )
    with pytest.raises(ValueError, match=f"^{line}$"):
        sessions.start({"a": "x" * (room + 1)})
    with pytest.raises(ValueError, match=r"^session: got "):
        sessions.start({"a": "\u00e4" * (room // 4)})  # six bytes each, as JSON has it
    assert len(sent) == 2


def test_a_large_session_is_stored_and_what_is_too_large_leaves_it(
    servers: tuple[Sessions, Sessions],
) -> None:
    made = servers[0].start({"a": "x" * 400_000})
    with pytest.raises(ValueError, match=r"^session: got "):
        servers[1].save(made, {"a": "x" * 410_000})
    with pytest.raises(ValueError, match=r"^session: got "):
        servers[1].sign_in(made, {"a": "x" * 410_000})
    assert servers[1].read(header(made)) == made


@pytest.mark.parametrize("data", [{"a": float("nan")}, {"a": object()}, {"a": {1, 2}}])
def test_data_that_json_can_not_say(servers: tuple[Sessions, Sessions], data: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="JSON"):
        servers[0].start(data)
    assert kept(servers[0]) == []


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ({"absolute_seconds": 0}, "absolute_seconds: got 0, allowed is 1 to 31536000"),
        ({"idle_seconds": 28_801}, "idle_seconds: got 28801, allowed is 1 to 28800"),
        ({"idle_seconds": 0}, "idle_seconds: got 0, allowed is 1 to 28800"),
        ({"note_seconds": 1800}, "note_seconds: got 1800, allowed is 0 to 1799"),
        ({"note_seconds": -1}, "note_seconds: got -1, allowed is 0 to 1799"),
    ],
)
def test_limits_that_can_not_be(said: dict[str, int], line: str) -> None:
    with pytest.raises(ValueError, match=f"^{line}$"):
        Limits(**said)


def test_a_table_that_does_not_answer_signs_nobody_out(servers: tuple[Sessions, Sessions]) -> None:
    made = servers[0].start()
    gone = Sessions(boto3.resource("dynamodb").Table("other"), limits=LIMITS)
    for call in (
        lambda: gone.read(header(made)),
        lambda: gone.save(made, {}),
        lambda: gone.end(header(made)),
    ):
        with pytest.raises(ClientError, match="ResourceNotFound"):
            call()


class Lossy:
    """A table whose answers to its first write are lost on the way."""

    def __init__(self, table: Any, call: str) -> None:
        self._table, self._call, self._lost = table, call, False

    def __getattr__(self, name: str) -> Any:
        def call(**asked: Any) -> Any:
            found = getattr(self._table, name)(**asked)
            if name == self._call and not self._lost:
                self._lost = True
                raise EndpointConnectionError(endpoint_url="dynamodb")
            return found

        return call


def test_a_write_whose_answer_is_lost_is_no_other_requests(servers: tuple[Sessions, Sessions]) -> None:
    made = servers[0].start({"n": 0})
    unlucky = Sessions(Lossy(servers[0].table, "put_item"), limits=LIMITS, clock=servers[0].clock)
    assert unlucky.save(made, {"n": 1}).version == 2
    assert servers[1].read(header(made)).data == {"n": 1}


def test_where_the_table_is_told(servers: tuple[Sessions, Sessions], now) -> None:
    eventual = {"table": NAME, "key": "id", "expires": "expires"}
    found = Sessions.told(eventual, limits=LIMITS, clock=lambda: now[0], eventual_reads=True)
    made = found.start({"a": 1})
    assert servers[0].read(header(made)) == made
    assert found.table.name == NAME
    strong = {"table": NAME, "key": "id"}
    assert Sessions.told(strong, servers[0].table).expires == "expires"
    with pytest.raises(ValueError, match=r"^eventual_reads: got True, allowed is False with a strong table$"):
        Sessions.told(strong, eventual_reads=True)


@pytest.mark.parametrize("eventual", [False, True])
def test_reads_are_as_consistent_as_they_are_to_be(eventual: bool) -> None:
    asked: list[dict[str, Any]] = []
    table = SimpleNamespace(get_item=lambda **given: asked.append(given) or {})
    assert Sessions(table, eventual_reads=eventual).read(f"__Host-session={ID}") is None
    assert asked == [{"Key": {"id": cookies.stored(ID)}, "ConsistentRead": not eventual}]
    assert json.dumps(asked).count(ID) == 0
