"""The keys of a sharded database: what is refused, in one line each, before anything is registered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.architectures.sharded_database.conftest import configured
from tests.test_settings import load, refusals

BACKUPS = {"strategy": "backup-and-restore"}
A, B = {"slots": ["0-511"]}, {"slots": ["512-1023"]}


def refused(stack: str = "prod", **changes: Any) -> list[str]:
    return refusals(configured(stack, **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        BACKUPS,
        {"strategy": "warm-standby", "switch": {"by": "none"}},
        {"database": {"engine": "mysql", "engineVersion": "8.4.8"}},
        {"shards": {"a": {"slots": ["0-99", "200-511"]}, "c": {"slots": ["100-199"], "instanceClass": "db.r7g.2xlarge"}}},
        {"shards": {"c": {"slots": []}}},
        {"map": {"version": 2, "moving": ["100-149"]}},
    ],
)  # fmt: skip
def test_what_there_is_is_taken(changes: dict[str, Any]) -> None:
    for stack in ("prod", "dr"):
        assert set(load(configured(stack, **changes)).systems) == {"orders"}


CLASS = "db.m7g.lrage"


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"shards": {"b": {"slots": ["511-1023"]}}}, "shards.b.slots: got '511-1023', allowed is each slot once: a has 511"),
        ({"shards": {"b": {"slots": ["513-1023"]}}}, "shards: got none with 512, allowed is a shard for each of 1024 slots"),
        ({"shards": {"b": {"slots": ["512-1024"]}}}, "shards.b.slots: got '512-1024', allowed is slots from 0 to 1023"),
        ({"shards": {"b": {"slots": ["1023-512"]}}}, "shards.b.slots: got '1023-512', allowed is the lower slot first"),
        ({"shards": {"a": {"slots": ["0-1023"]}, "b": None}}, "shards: got 1, allowed is 2 or more: one alone is a database"),
        ({"shards": {"b": {"slots": "512-1023"}}}, "shards.b.slots: got '512-1023', allowed is a list"),
        ({"shards": {"b": None, "b-2": B}}, "shards.b-2: got 'b-2', allowed is 1 to 8 lower-case letters and digits, a letter first"),
        ({"shards": {"b": None, "bbbbbbbbb": B}}, "shards.bbbbbbbbb: got 'bbbbbbbbb', allowed is 1 to 8 lower-case letters and digits, a letter first"),
        ({"map": {"version": 0}}, "map.version: got 0, allowed is 1 or more"),
        ({"map": {"slots": 100_000}}, "map.slots: got 100000, allowed is 2 to 16384"),
        ({"map": {"moving": ["1024"]}}, "map.moving: got '1024', allowed is slots from 0 to 1023"),
        ({"strategy": "active-active"}, "strategy: got 'active-active', allowed is any other: an instance of RDS is written in one region"),
        ({"database": {"engine": "mariadb"}}, "database.engine: got 'mariadb', allowed is 'postgres' or 'mysql'"),
        ({"database": {"engineVersion": "9.6"}}, "database.engineVersion: got '9.6', allowed is a version of postgres like '16.8'"),
        ({"database": {"storageGib": 10}}, "database.storageGib: got 10, allowed is 20 to 65536 GiB"),
        ({"database": {"backupRetentionDays": 0}}, "database.backupRetentionDays: got 0, allowed is 1 to 35 days: 0 would end point-in-time recovery"),
        ({"database": {"masterUsername": "9"}}, "database.masterUsername: got '9', allowed is a letter and up to 15 letters, digits or underscores"),
        ({"database": {"instanceClass": "large"}}, "database.instanceClass: got 'large', allowed is a class like 'db.m7g.large'"),
        ({"shards": {"a": {**A, "instanceClass": "large"}}}, "shards.a.instanceClass: got 'large', allowed is a class like 'db.m7g.large'"),
        ({"shards": {"a": {**A, "restores": [{"name": "one"}, {"name": "one"}]}}}, "shards.a.restores[1].name: got 'one', allowed is each name once, and not original"),
        ({"shards": {"a": {**A, "restores": [{"name": "one", "time": "noon"}]}}}, "shards.a.restores: got 'noon', allowed is a moment in UTC, as 2026-11-26T10:00:00Z"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_one_line(changes: dict[str, Any], line: str) -> None:
    assert refused(**changes) == [f"holdfast:systems.orders.{line}"]


@pytest.mark.parametrize(
    ("has", "line"),
    [
        ([], "a folder of the program's folder"),
        (["global-bundle.pem"], "a folder with pg8000: pip install --target FOLDER pg8000"),
        (["pg8000/__init__.py"], "a folder with global-bundle.pem, which RDS has at https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem"),
        (["pg8000/__init__.py", "global-bundle.pem"], ""),
    ],
)  # fmt: skip
def test_a_driver_is_what_the_engine_needs(tmp_path: Path, has: list[str], line: str) -> None:
    folder = tmp_path / "driver"
    for each in has:
        (folder / each).parent.mkdir(parents=True, exist_ok=True)
        (folder / each).touch()
    given = {"migrations": {"driver": str(folder)}}
    if not line:
        load(configured("prod", **given))
        return
    assert refused(**given) == [
        f"holdfast:systems.orders.migrations.driver: got {str(folder)!r}, allowed is {line}"
    ]


def test_a_name_that_iam_would_refuse_is_refused() -> None:
    shard = {**A, "restores": [{"name": "r" * 19}]}
    given = configured("prod", shards={"a": shard})
    systems = given["holdfast:systems"]
    systems["orders-of-all-people"] = systems.pop("orders")
    load(given)
    systems["orders-of-all-people"]["shards"]["abcdefgh"] = systems["orders-of-all-people"]["shards"].pop("a")
    [line] = refusals(given)
    assert line == (
        "holdfast:systems.orders-of-all-people.shards.abcdefgh.restores[0].name: got 'rrrrrrrrrrrrrrrrrrr', allowed is at most 12 letters "
        "after orders-of-all-people-abcdefgh"
    )


def test_a_map_that_no_parameter_holds_is_refused() -> None:
    def scattered(slots: int) -> dict[str, Any]:
        each = {"a": range(0, slots, 2), "b": range(1, slots, 2)}
        return {
            "map": {"slots": slots},
            "shards": {name: {"slots": [*map(str, had)]} for name, had in each.items()},
        }

    load(configured("prod", **scattered(500)))
    [line] = refused(**scattered(1024))
    assert line == (
        "holdfast:systems.orders.shards: got 7151 bytes, allowed is ranges whose map has at most 4096 bytes, as a parameter of Systems "
        "Manager: fewer and longer ones"
    )


def test_a_class_or_version_that_aws_lacks_is_told_with_what_is_near() -> None:
    [line] = refused(shards={"a": {**A, "instanceClass": CLASS}})
    assert line.startswith(
        f"holdfast:systems.orders.shards.a.instanceClass: got '{CLASS}', allowed is an instance class of postgres such as db."
    )
    [line] = refused(database={"engineVersion": "17.99"})
    assert line.startswith(
        "holdfast:systems.orders.database.engineVersion: got '17.99', allowed is a version of postgres such as 17."
    )


def test_a_region_without_instances_serves_once_each_shard_is_restored() -> None:
    there = {**configured("dr")["holdfast:recovery"], "activeRegion": "us-west-2"}
    restored = {**A, "restores": [{"name": "first"}]}
    [line] = refused("dr", **BACKUPS, shards={"a": restored}, whole={"recovery": there})
    allowed = "a restore: with backup-and-restore this region has no instance of it"
    assert line == f"holdfast:systems.orders.shards.b.restores: got none, allowed is {allowed}"


def test_both_stacks_say_the_same_of_the_map() -> None:
    def said(stack: str, **changes: Any) -> dict[str, Any]:
        return dict(load(configured(stack, **changes)).agreement().systems["orders"])

    assert said("prod") == said("dr")
    # The same slots in other words are the same map.
    assert said("dr", shards={"a": {"slots": ["256-511", "0-255"]}}) == said("prod")
    for changes in (
        {"map": {"version": 2}},
        {"map": {"moving": ["7"]}},
        {"shards": {"a": {"slots": ["0-510"]}, "b": {"slots": ["511-1023"]}}},
        {"database": {"engine": "mysql", "engineVersion": "8.4.8"}},
        {"shards": {"a": {**A, "restores": [{"name": "first"}]}}},
    ):
        assert said("dr", **changes) != said("prod")
