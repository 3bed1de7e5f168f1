"""Any order of what two servers, their clients and DynamoDB do to sessions, against a model of a few lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import boto3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.sessions import cookies
from functions.sessions.limits import Limits
from functions.sessions.store import Session, Sessions, StaleSessionError
from functions.sessions.sweep import sweep
from tests.functions.test_sessions import make

LIMITS = Limits(idle_seconds=40, absolute_seconds=60, note_seconds=10)
WORDS = (
    *["start", "read", "read", "read", "save", "save", "sign_in", "rotate", "end"],
    *["wait", "wait", "expiry", "sweep"],
)
WAITS = (1, 9, 10, 25, 30, 39, 40, 60)
STEPS = st.lists(st.integers(0, len(WORDS) * 2 * 40 - 1), min_size=12, max_size=25)
"""Each number is a word, a server and a number up to 39."""


@dataclass
class Truth:
    """A session as it ought to be."""

    data: dict[str, int]
    started: int
    seen: int
    version: int = 1

    def over(self, now: int) -> bool:
        return now - self.seen >= 40 or now - self.started >= 60


@dataclass
class Play:
    servers: list[Sessions]
    now: list[float]
    truths: dict[str, Truth] = field(default_factory=dict)
    held: list[Session] = field(default_factory=list)
    """What servers have in hand, some of it long overtaken."""
    count: int = 0

    def at(self) -> int:
        return int(self.now[0])

    def begun(self, made: Session, data: dict[str, int], started: int, version: int = 1) -> None:
        assert made.id not in self.truths
        self.truths[made.id] = Truth(data, started, self.at(), version)
        self.held.append(made)

    def some(self, number: int) -> Session:
        """One that a server has in hand, mostly one of the last."""
        return self.held[-1 - number % min(len(self.held), 4 if number < 30 else 40)]

    def current(self, session: Session) -> Truth | None:
        truth = self.truths.get(session.id)
        known = truth and truth.version == session.version and not truth.over(self.at())
        return truth if known else None

    def more(self) -> dict[str, int]:
        self.count += 1
        return {"n": self.count}

    def start(self, server: Sessions, _number: int) -> None:
        data = self.more()
        self.begun(server.start(data), data, self.at())

    def read(self, server: Sessions, number: int) -> None:
        session = self.some(number)
        found, truth = server.read(f"{cookies.NAME}={session.id}"), self.truths.get(session.id)
        if truth is None or truth.over(self.at()):
            assert found is None
            return
        if self.at() - truth.seen >= 10:
            truth.seen = self.at()
        assert found == Session(session.id, truth.data, truth.version, truth.started, truth.seen)
        self.held.append(found)

    def save(self, server: Sessions, number: int) -> None:
        session, data = self.some(number), self.more()
        truth = self.current(session)
        try:
            found = server.save(session, data)
        except StaleSessionError:
            assert truth is None
            return
        assert truth is not None
        truth.data, truth.seen, truth.version = data, self.at(), truth.version + 1
        self.held.append(found)

    def move(self, session: Session, how: Any, data: dict[str, int], started: int, version: int) -> None:
        truth = self.current(session)
        try:
            made = how()
        except StaleSessionError:
            assert truth is None
            return
        assert truth is not None
        del self.truths[session.id]
        self.begun(made, data, started, version)

    def sign_in(self, server: Sessions, number: int) -> None:
        session, data = self.some(number), self.more()
        self.move(session, lambda: server.sign_in(session, data), data, self.at(), 1)

    def rotate(self, server: Sessions, number: int) -> None:
        session = self.some(number)
        data, version = dict(session.data), session.version + 1
        self.move(session, lambda: server.rotate(session), data, session.started, version)

    def end(self, server: Sessions, number: int) -> None:
        session = self.some(number)
        server.end(f"{cookies.NAME}={session.id}")
        self.truths.pop(session.id, None)

    def wait(self, _server: Sessions, number: int) -> None:
        self.now[0] += WAITS[number % len(WAITS)]

    def expiry(self, server: Sessions, number: int) -> None:
        """DynamoDB deletes one item that has expired, by the attribute that it was told of."""
        for item in server.table.scan()["Items"]:
            if item["expires"] < self.at() and int(item["id"], 16) % 2 == number % 2:
                server.table.delete_item(Key={"id": item["id"]})
                self.gone(item["id"])

    def sweep(self, server: Sessions, _number: int) -> None:
        before = {each["id"] for each in server.table.scan()["Items"]}
        assert sweep(server) == len(before) - len(server.table.scan()["Items"])
        for each in before - {each["id"] for each in server.table.scan()["Items"]}:
            self.gone(each)

    def gone(self, stored: str) -> None:
        [name] = [each for each in self.truths if cookies.stored(each) == stored]
        assert self.truths.pop(name).over(self.at()), "only what has ended is deleted"


def test_any_order(boto: Any, in_lambda: Any) -> None:
    make(boto("dynamodb"))
    table = boto3.resource("dynamodb").Table("sessions")
    seen: dict[str, int] = {}

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def any_order(steps: list[int]) -> None:
        now = [1_800_000_000.0]
        each = Sessions(table, limits=LIMITS, clock=lambda: now[0])
        play = Play([each, Sessions(table, limits=LIMITS, clock=lambda: now[0])], now)
        play.start(each, 0)
        for step in steps:
            rest, word = divmod(step, len(WORDS))
            number, server = divmod(rest, 2)
            name = WORDS[word]
            getattr(play, name)(play.servers[server], number)
            seen[name] = seen.get(name, 0) + 1
        there = {item["id"] for item in table.scan()["Items"]}
        assert there == {cookies.stored(name) for name in play.truths}, "no more, no less is kept"
        for name in there:
            table.delete_item(Key={"id": name})

    any_order()
    assert set(seen) == set(WORDS)
