"""The function and the agents of a mirrored disk in any trouble: never two primaries, and no acknowledged write is lost."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from architectures.replicated_disk.node import agent
from functions.active_standby import mirror
from functions.active_standby.lease import Lease, Leases
from tests.functions.mirror_disk import BUFFER
from tests.functions.mirror_world import KINDS, LASTS, MirrorWorld, Trouble, play, random_troubles

troubles = st.builds(Trouble, st.floats(20, LASTS), st.sampled_from(KINDS), st.integers(0, 3))


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32), st.lists(troubles, max_size=14))
def test_never_two_primaries_and_with_protocol_c_nothing_is_lost(seed: int, happens: list[Trouble]) -> None:
    world = play(seed, happens)
    world.close()
    assert world.troubles == []
    assert world.mirror.lost == 0
    assert world.well(), world.lines[-20:]
    assert len(world.mirror.acknowledged) > 100


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 2**32), st.lists(troubles, max_size=14))
def test_with_protocol_a_at_most_what_is_under_way_is_lost(seed: int, happens: list[Trouble]) -> None:
    world = play(seed, happens, protocol="A")
    world.close()
    assert world.troubles == []
    assert world.mirror.lost <= BUFFER
    assert world.well(), world.lines[-20:]


def test_a_primary_that_wakes_up_after_the_other_one_has_written_alone_overwrites_nothing() -> None:
    """Its machine was suspended, and who relieved it has crashed since: the older data must not be copied over the newer."""
    world = play(1035, random_troubles(1035))
    world.close()
    assert world.troubles == []
    assert world.mirror.lost == 0
    assert world.well()


def test_with_protocol_a_something_is_lost() -> None:
    """Else the bound above would say nothing."""
    world = MirrorWorld(5, protocol="A")
    world.schedule(4)
    world.loop.run(150, stop=world.well)
    world.loop.run(world.loop.now + 5)
    world.nodes["pair-a"].off()
    world.loop.run(world.loop.now + 60)
    world.close()
    assert 0 < world.mirror.lost <= BUFFER


def test_silence_outlasts_the_last_right_with_its_watchdog() -> None:
    assert mirror.EXPIRY > mirror.CALL + mirror.WATCHDOG
    assert mirror.RENEW + mirror.CALL < mirror.RIGHT < mirror.WATCHDOG


# What is sent under an older grant changes nothing.


class Given(MirrorWorld):
    """A table with what somebody has written, and calls without time."""

    def holds(self, **values: Any) -> Lease:
        item = {
            "epoch": 3,
            "member": "pair-a",
            "instance": "i-0a",
            "primary": "i-0a",
            "granted": 2,
            "renewed": 7,
        }
        typed = {
            name: {"N": str(v)} if isinstance(v, int) else {"S": v} for name, v in {**item, **values}.items()
        }
        self.table.put_item("lease", {"pair": {"S": "shop"}, **typed})
        return self.leases.read()

    @property
    def leases(self) -> Leases:
        return Leases(self.direct, "lease", "shop", mirrored=True)

    @property
    def direct(self) -> Any:
        from types import SimpleNamespace

        from tests.functions.pair_services import RefusedError

        refused = SimpleNamespace(ConditionalCheckFailedException=RefusedError)
        return SimpleNamespace(get_item=self.get_item, update_item=self.update_item, exceptions=refused)

    def agents(self) -> agent.Table:
        return agent.Table(self.direct, "lease", "shop", "i-0a", "pair-a")


@pytest.fixture
def table() -> Given:
    return Given(1)


def test_a_grant_that_was_renewed_or_given_anew_is_not_taken_back(table: Given) -> None:
    seen = table.holds()
    for since in ({"renewed": 8}, {"granted": 3}, {"primary": "i-1b"}):
        table.holds(**since)
        assert not table.leases.release(seen)
    table.holds()
    assert table.leases.release(seen)
    assert table.item()["primary"] == ""


def test_an_agent_changes_nothing_by_an_older_grant(table: Given) -> None:
    table.holds(fence=4, sole="pair-a")
    mine = table.agents()
    for write in (mine.renew, mine.release, mine.outdate, mine.form, mine.whole):
        assert write(1) is None
    assert mine.current(1, 4) is None
    assert mine.current(2, 3) is None
    assert mine.current(2, 4) is not None
    assert mine.renew(2)["renewed"] == "8"


def test_who_is_not_to_serve_neither_renews_nor_marks(table: Given) -> None:
    table.holds(instance="i-1b", member="pair-b")
    mine = table.agents()
    assert mine.renew(2) is None
    assert mine.outdate(2) is None
    assert mine.release(2) is not None


def test_a_first_copy_is_made_once(table: Given) -> None:
    mine = table.agents()
    table.holds()
    assert mine.form(2)["sole"] == "pair-a"
    assert mine.form(2) is not None, "one that was interrupted goes on"
    assert mine.whole(2)["formed"] == "whole"
    assert mine.form(2) is None
    table.holds(formed="pair-b")
    assert mine.form(2) is None


def test_nobody_is_granted_what_another_one_has_or_lacks(table: Given) -> None:
    free = table.holds(primary="")
    for since in (
        {},
        {"primary": "", "granted": 3},
        {"primary": "", "epoch": 4},
        {"primary": "", "sole": "pair-b"},
    ):
        table.holds(**since)
        assert not table.leases.grant(free, 0)
    table.holds(primary="", sole="pair-a")
    assert table.leases.grant(free, 0)
    assert (table.item()["primary"], table.item()["granted"]) == ("i-0a", "3")
    assert not table.leases.grant(dataclasses.replace(free, granted=0), 0)
