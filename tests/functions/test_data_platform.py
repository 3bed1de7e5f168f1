"""The keeper of snapshots against a stand-in for OpenSearch: what it takes, deletes and restores, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.data_platform import keeper
from functions.data_platform.cluster import Cluster, ClusterError
from functions.data_platform.configuration import configuration
from functions.data_platform.restores import RefusedError
from functions.data_platform.snapshots import StaleError
from tests.functions.search_stand_in import Bucket, Domain

EAST, WEST = "us-east-1", "us-west-2"
OWN, ADMIN = "arn:aws:iam::123456789012:role/keeper", "arn:aws:iam::123456789012:role/admin"
BEGAN = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)


class Pair:
    """Both regions' domains and keepers, at one time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        bucket: Bucket = {}
        self.east, self.west = Domain(EAST, bucket), Domain(WEST, bucket)
        self.modes = {EAST: "take", WEST: "follow"}
        self._patch, self.bucket = monkeypatch, bucket
        self.clock(0)
        for name, value in {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "BUCKET": "snapshots",
            "SNAPSHOT_ROLE": "arn:aws:iam::123456789012:role/writer",
            "OWN_ROLE": OWN,
            "ADMINISTRATORS": f'["{ADMIN}"]',
            "EVERY_MINUTES": "60",
            "KEEP_DAYS": "1",
        }.items():
            monkeypatch.setenv(name, value)

    def clock(self, minutes: float) -> None:
        """Set the time, in minutes from the beginning."""
        now = BEGAN + timedelta(minutes=minutes)
        frozen = type("Frozen", (datetime,), {"now": classmethod(lambda _cls, _zone=None: now)})
        self._patch.setattr(keeper, "datetime", frozen)
        self.east.now = self.west.now = now.timestamp()

    def run(self, region: str, **event: Any) -> dict[str, Any]:
        domain, peer = (self.east, WEST) if region == EAST else (self.west, EAST)
        for name, value in {
            "ENDPOINT": domain.endpoint,
            "AWS_REGION": region,
            "PEER_REGION": peer,
            "MODE": self.modes[region],
        }.items():
            self._patch.setenv(name, value)
        return keeper.handler(event, None)

    def copied(self, *documents: str, at: float) -> None:
        """The east writes, takes a snapshot, and a quarter of an hour later the west restores it."""
        for document in documents:
            self.east.write("books", document)
        self.clock(at)
        self.run(EAST)
        self.clock(at + 16)
        self.run(WEST)


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    made = Pair(monkeypatch)
    yield made
    made.east.stop()
    made.west.stop()


def test_a_snapshot_is_taken_each_time_into_the_region_s_own_path(pair: Pair) -> None:
    pair.east.write("books", "one")
    assert pair.run(EAST) == {"began": "20261127t100000z", "deleted": []}
    pair.clock(60)
    assert pair.run(EAST)["began"] == "20261127t110000z"
    assert sorted(pair.bucket[EAST]) == ["20261127t100000z", "20261127t110000z"]
    said = pair.east.repositories["holdfast"]["settings"]
    assert (said["base_path"], said["bucket"], said.get("readonly")) == (EAST, "snapshots", None)
    assert pair.east.asked.count("PUT /_snapshot/holdfast") == 1, "registered once"


def test_old_snapshots_go_but_never_the_newest_that_succeeded(pair: Pair) -> None:
    pair.run(EAST)
    pair.clock(60)
    pair.run(EAST)
    pair.bucket[EAST]["20261127t110000z"]["state"] = "PARTIAL"
    pair.clock(60 + 1441)
    with pytest.raises(StaleError, match="no snapshot has succeeded for 90060 s, allowed is 7200"):
        pair.run(EAST)
    assert sorted(pair.bucket[EAST]) == ["20261127t100000z", "20261128t110100z"]
    pair.clock(60 + 1441 + 5)
    assert pair.run(EAST)["deleted"] == ["20261127t100000z"], "a newer one has succeeded"


def test_while_one_is_taken_no_other_begins(pair: Pair) -> None:
    pair.run(EAST)
    pair.bucket[EAST]["20261127t100000z"]["state"] = "IN_PROGRESS"
    pair.clock(60)
    assert pair.run(EAST) == {"running": True}
    assert list(pair.bucket[EAST]) == ["20261127t100000z"]


def test_who_may_what_is_added_to_who_is_there(pair: Pair) -> None:
    pair.run(EAST)
    assert pair.east.roles["all_access"] == {"backend_roles": [OWN, ADMIN], "hosts": [], "users": ["master"]}
    assert pair.east.roles["security_manager"]["backend_roles"] == [OWN, ADMIN]
    assert pair.east.roles["manage_snapshots"]["backend_roles"] == [OWN]
    before = len([each for each in pair.east.asked if each.startswith("PUT /_plugins")])
    pair.run(EAST)
    assert len([each for each in pair.east.asked if each.startswith("PUT /_plugins")]) == before == 3


def test_the_other_region_restores_each_snapshot_closed_to_writes(pair: Pair) -> None:
    pair.copied("one", at=0)
    assert pair.west.documents("books") == ["one"]
    assert pair.west.indices["books"]["settings"] == {
        "index.number_of_replicas": 2,
        "index.blocks.write": True,
    }
    with pytest.raises(PermissionError):
        pair.west.write("books", "lost")
    pair.copied("two", at=60)
    assert pair.west.documents("books") == ["one", "two"]
    assert pair.west.repositories["holdfast-other"]["settings"]["readonly"] is True
    assert pair.run(WEST) == {"restored": "20261127t110000z"}


def test_what_may_not_have_arrived_as_a_whole_is_not_restored(pair: Pair) -> None:
    pair.run(EAST)
    pair.clock(14)
    assert pair.run(WEST) == {"waiting": "no snapshot of the other region has arrived"}
    pair.clock(15)
    assert pair.run(WEST) == {"restoring": "20261127t100000z"}


def test_what_it_did_not_restore_itself_it_never_deletes(pair: Pair) -> None:
    pair.west.write("books", "of the west alone")
    pair.east.write("books", "one")
    pair.run(EAST)
    pair.clock(16)
    with pytest.raises(RefusedError, match=r"^books: no snapshot restored it, or it was made again since"):
        pair.run(WEST)
    assert pair.west.documents("books") == ["of the west alone"]
    del pair.west.indices["books"]
    pair.run(WEST)
    del pair.west.indices["books"]
    pair.west.write("books", "made again")
    pair.clock(60)
    pair.run(EAST)
    pair.clock(76)
    with pytest.raises(RefusedError, match=r"^books:"):
        pair.run(WEST)
    assert pair.west.documents("books") == ["made again"]


def test_a_run_that_ended_between_restore_and_note_is_taken_up(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask: Callable[..., Any] = Cluster.ask
    calls = {"PUT .holdfast-restored/_doc/state?refresh=true": 0}

    def cut(self: Cluster, method: str, path: str, body: Any = None) -> Any:
        key = f"{method} {path}"
        if key in calls:
            calls[key] += 1
            if calls[key] == 2:
                raise ClusterError("timed out")
        return ask(self, method, path, body)

    monkeypatch.setattr(Cluster, "ask", cut)
    pair.east.write("books", "one")
    pair.run(EAST)
    pair.clock(16)
    with pytest.raises(ClusterError, match="timed out"):
        pair.run(WEST)
    pair.copied("two", at=60)
    assert pair.west.documents("books") == ["one", "two"]


def test_a_lost_region_is_taken_over_from_what_is_restored_and_nothing_replaces_it_later(pair: Pair) -> None:
    pair.copied("one", at=0)
    pair.east.write("books", "lost with its region")
    assert pair.run(WEST, takeOver=True) == {"serving": True, "snapshot": "20261127t100000z"}
    pair.west.write("books", "written after")
    assert pair.west.documents("books") == ["one", "written after"]
    pair.clock(120)
    pair.run(EAST)  # it is back
    pair.clock(140)
    assert pair.run(WEST) == {"serving": True}
    assert pair.west.documents("books") == ["one", "written after"]


def test_a_domain_that_was_built_for_it_restores_first_and_serves_when_it_is_done(pair: Pair) -> None:
    pair.east.write("books", "one")
    pair.run(EAST)
    pair.clock(30)
    assert pair.run(WEST, takeOver=True) == {"restoring": "20261127t100000z"}
    pair.west.recovering = ["books"]
    assert pair.run(WEST, takeOver=True) == {"restoring": ["books"]}
    with pytest.raises(PermissionError):
        pair.west.write("books", "too early")
    pair.west.recovering, pair.west.status = [], "red"
    with pytest.raises(RefusedError, match="20261127t100000z: a shard is lost"):
        pair.run(WEST, takeOver=True)
    pair.west.status = "green"
    assert pair.run(WEST, takeOver=True)["serving"] is True


def test_an_earlier_snapshot_is_restored_by_its_name(pair: Pair) -> None:
    pair.copied("good", at=0)
    pair.copied("bad", at=60)
    named = "20261127t100000z"
    assert pair.run(WEST, takeOver=True, snapshot=named) == {"restoring": named}
    assert pair.run(WEST, takeOver=True, snapshot=named)["serving"] is True
    assert pair.west.documents("books") == ["good"]


def test_roles_are_swapped_and_the_old_region_s_data_stays_until_a_person_deletes_it(pair: Pair) -> None:
    pair.copied("one", at=0)
    pair.modes = {EAST: "follow", WEST: "take"}
    pair.clock(60)
    assert pair.run(WEST)["began"] == "20261127t110000z"
    pair.west.write("books", "two")
    assert ".holdfast-restored" not in pair.west.indices
    pair.clock(76)
    with pytest.raises(RefusedError, match=r"^books:"):
        pair.run(EAST)
    assert pair.east.documents("books") == ["one"]


@pytest.mark.parametrize(
    ("region", "event", "error", "message"),
    [
        (EAST, {"takeOver": True}, ValueError, "takeOver: us-east-1 serves already"),
        (WEST, {"takeOver": True, "snapshot": "../other"}, ValueError, r"snapshot: got '\.\./other'"),
        (WEST, {"takeOver": True}, RefusedError, "a snapshot of us-east-1: none is in snapshots"),
        (
            WEST,
            {"takeOver": True, "snapshot": "none"},
            RefusedError,
            "none of us-east-1: none is in snapshots",
        ),
    ],
)
def test_what_can_not_be_asked_is_told(
    pair: Pair, region: str, event: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        pair.run(region, **event)


def test_a_region_that_sends_no_new_snapshot_is_told_of(pair: Pair) -> None:
    pair.copied("one", at=0)
    pair.clock(136)
    with pytest.raises(StaleError, match="the newest snapshot of us-east-1 is 8160 s old, allowed is 8100"):
        pair.run(WEST)
    assert pair.west.documents("books") == ["one"]


def test_an_unknown_mode_and_a_refused_request_end_the_run(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair.run(EAST)
    with pytest.raises(ClusterError, match=r"GET /_cat/nothing: 400 .*no stand-in"):
        Cluster(pair.east.endpoint, EAST).ask("GET", "_cat/nothing")
    with pytest.raises(ClusterError, match=r"403 .*unsigned"):
        Cluster(pair.east.endpoint, WEST).ask("GET", "_cat/indices")
    monkeypatch.setenv("MODE", "idle")
    with pytest.raises(ValueError, match="MODE: got 'idle', allowed is take or follow"):
        configuration()
