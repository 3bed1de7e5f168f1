"""One migration for all shards, against the sandbox's parameters and secrets, and SQLite for the shards."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.sharded_database import migrate
from functions.sharded_database.migrations import TABLE, Migration, Outcome, UnfitError
from tests.functions.sqlite_driver import placed

SHARDS = ("a", "b", "c")
FIRST = {
    "migration": "0001-orders",
    "statements": ["CREATE TABLE orders (id INTEGER)", "INSERT INTO orders VALUES (7)"],
}


class Hosts:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def rows(self, shard: str, query: str = "SELECT id FROM orders") -> list[Any]:
        with closing(sqlite3.connect(self.folder / shard)) as found:
            return found.execute(query).fetchall()

    def tell(self, shard: str, statement: str) -> None:
        with closing(sqlite3.connect(self.folder / shard)) as found:
            found.execute(statement)
            found.commit()


@pytest.fixture
def hosts(
    tmp_path: Path, in_lambda: Callable[..., None], boto: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Hosts]:
    """Three shards, each with a secret of its own, told of by parameters."""
    folder, path = placed(tmp_path / "driver"), f"/{tmp_path.name}/orders"
    monkeypatch.setattr(migrate, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    ssm, secrets = boto("ssm"), boto("secretsmanager")
    for shard in SHARDS:
        (folder / shard).touch()
        (folder / f"{shard}.password").write_text(f"of {shard}")
        signed = json.dumps({"username": "holdfast", "password": f"of {shard}"})
        arn = secrets.create_secret(Name=f"{tmp_path.name}-{shard}", SecretString=signed)["ARN"]
        where = {"host": shard, "port": 5432, "engine": "postgres", "database": "app", "secret": arn}
        ssm.put_parameter(Name=f"{path}/shards/{shard}", Value=json.dumps(where), Type="String")
    ssm.put_parameter(Name=f"{path}/map", Value="{}", Type="String")
    in_lambda("PARAMETERS", path)
    yield Hosts(folder)
    for module in ("pg8000", "pg8000.dbapi"):
        sys.modules.pop(module, None)


def states(event: dict[str, Any]) -> dict[str, str]:
    return {shard: each["state"] for shard, each in migrate.handler(event, None)["shards"].items()}


def failed(event: dict[str, Any]) -> dict[str, Any]:
    with pytest.raises(migrate.FailedError) as refused:
        migrate.handler(event, None)
    told = json.loads(str(refused.value))
    assert told["migration"] == event["migration"]
    return dict(told["shards"])


def test_every_shard_gets_it_once(hosts: Hosts) -> None:
    assert states(FIRST) == dict.fromkeys(SHARDS, "applied")
    assert states(FIRST) == dict.fromkeys(SHARDS, "present")
    for shard in SHARDS:
        assert hosts.rows(shard) == [(7,)]
        assert hosts.rows(shard, f"SELECT id, state FROM {TABLE}") == [("0001-orders", "applied")]


def test_a_shard_that_fails_is_named_keeps_nothing_and_takes_no_other_one_along(hosts: Hosts) -> None:
    hosts.tell("b", "CREATE TABLE orders (id INTEGER, CHECK (id < 7))")
    event = {"migration": "0002", "statements": ["CREATE TABLE lines (id INTEGER)", FIRST["statements"][0]]}
    found = failed(event)
    assert [found[shard]["state"] for shard in SHARDS] == ["applied", "failed", "applied"]
    assert found["b"]["said"] == "OperationalError: table orders already exists"
    assert hosts.rows("b", "SELECT name FROM sqlite_master WHERE name = 'lines'") == [], (
        "all of it or nothing"
    )
    assert hosts.rows("b", f"SELECT * FROM {TABLE}") == []
    hosts.tell("b", "DROP TABLE orders")
    assert states(event) == {"a": "present", "b": "applied", "c": "present"}


def test_a_shard_that_is_lost_gets_it_when_it_is_back(hosts: Hosts) -> None:
    (hosts.folder / "c").unlink()
    found = failed(FIRST)
    assert found["c"] == {"state": "failed", "said": "OSError: no route to c"}
    assert {found["a"]["state"], found["b"]["state"]} == {"applied"}
    (hosts.folder / "c").touch()
    assert states(FIRST) == {"a": "present", "b": "present", "c": "applied"}


def test_each_shard_is_signed_in_to_with_its_own_secret(hosts: Hosts, boto: Any, tmp_path: Path) -> None:
    other = json.dumps({"username": "holdfast", "password": "of a"})
    boto("secretsmanager").put_secret_value(SecretId=f"{tmp_path.name}-b", SecretString=other)
    assert failed(FIRST)["b"]["said"] == "PermissionError: holdfast isn't let in to b"


def test_a_name_stands_for_its_statements(hosts: Hosts) -> None:
    migrate.handler(FIRST, None)
    found = failed({**FIRST, "statements": ["CREATE TABLE others (id INTEGER)"]})
    assert {each["said"] for each in found.values()} == {
        "UnfitError: 0001-orders was something else here: its statements are others"
    }


def test_a_region_without_shards_is_no_success(in_lambda: Callable[..., None]) -> None:
    in_lambda("PARAMETERS", "/nowhere")
    assert failed(FIRST) == {}


NAME = "allowed is 1 to 64 letters, digits and . _ -"
STATEMENTS = "allowed is a list of statements of SQL"


@pytest.mark.parametrize(
    ("event", "line"),
    [
        ({}, f"migration: got None, {NAME}"),
        ([], f"migration: got None, {NAME}"),
        ({**FIRST, "migration": "0001'; --"}, f'migration: got "0001\'; --", {NAME}'),
        ({**FIRST, "migration": "m" * 65}, f"migration: got {'m' * 65!r}, {NAME}"),
        ({"migration": "m"}, f"statements: got None, {STATEMENTS}"),
        ({"migration": "m", "statements": []}, f"statements: got [], {STATEMENTS}"),
        ({"migration": "m", "statements": [" "]}, f"statements: got [' '], {STATEMENTS}"),
        ({"migration": "m", "statements": "DROP TABLE x"}, f"statements: got 'DROP TABLE x', {STATEMENTS}"),
    ],
)
def test_what_is_no_migration_is_said_and_done_nowhere(event: Any, line: str) -> None:
    with pytest.raises(UnfitError) as refused:
        migrate.handler(event, None)
    assert str(refused.value) == line


class Shard:
    """A shard's connection, over SQLite. `broken`: statements fail; `cut`: all ends at the first one, as when the function's time is over."""

    def __init__(self) -> None:
        self.found = sqlite3.connect(":memory:")
        self.commit, self.rollback = self.found.commit, self.found.rollback
        self.broken = self.cut = False

    def cursor(self) -> Shard:
        self._cursor = self.found.cursor()
        return self

    def fetchone(self) -> Any:
        return self._cursor.fetchone()

    def execute(self, operation: str, args: Any = ()) -> None:
        if TABLE not in operation:
            if self.cut:
                raise KeyboardInterrupt
            if self.broken:
                raise OSError("gone")
        self._cursor.execute(operation.replace("%s", "?"), args)

    def count(self) -> int:
        return int(self.found.execute("SELECT count(*) FROM done").fetchone()[0])


def counting(number: int) -> Migration:
    return Migration(f"m{number}", (f"INSERT INTO done VALUES ({number})",))


@given(
    st.lists(st.tuples(st.integers(0, 2), st.sets(st.integers(0, 2))), max_size=8),
    st.booleans(),
)
@settings(max_examples=25)
def test_whatever_fails_a_shard_gets_each_migration_once(
    runs: list[tuple[int, set[int]]], transactional: bool
) -> None:
    shards = [Shard() for _ in range(3)]
    for shard in shards:
        shard.found.execute("CREATE TABLE done (id INTEGER)")
    had: list[set[int]] = [set() for _ in shards]
    for number, broken in [*runs, *((number, set[int]()) for number in range(3))]:
        for place, shard in enumerate(shards):
            shard.broken = place in broken
            try:
                outcome = counting(number).apply(shard, transactional=transactional)
            except OSError:
                assert number not in had[place], "what is there isn't done again"
                continue
            assert outcome is (Outcome.PRESENT if number in had[place] else Outcome.APPLIED)
            had[place].add(number)
            assert shard.count() == len(had[place])
    assert had == [{0, 1, 2}] * 3


@pytest.mark.parametrize("transactional", [True, False])
def test_what_was_cut_off_is_done_again_or_looked_at(transactional: bool) -> None:
    shard = Shard()
    shard.found.execute("CREATE TABLE done (id INTEGER)")
    shard.cut = True
    with pytest.raises(KeyboardInterrupt):
        counting(1).apply(shard, transactional=transactional)
    shard.rollback()  # its connection ends
    shard.cut = False
    if transactional:
        assert counting(1).apply(shard, transactional=True) is Outcome.APPLIED
        return
    with pytest.raises(UnfitError, match="m1 was begun and cut off: look what it has done"):
        counting(1).apply(shard, transactional=False)


def test_where_each_statement_is_final_a_migration_is_one() -> None:
    with pytest.raises(
        UnfitError, match="statements: got 2, allowed is one with MySQL: each of them is final"
    ):
        Migration("m", ("a", "b")).apply(Shard(), transactional=False)
