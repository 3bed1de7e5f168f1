"""Many invocations of the active-standby function at once, in all the trouble that its guarantee allows, and in some that it doesn't."""

from __future__ import annotations

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.functions.pair_fates import Fate, calm
from tests.functions.pair_time import Killed
from tests.functions.pair_trouble import KINDS, LASTS, RESTLESS, Trouble, play
from tests.functions.pair_world import World

SAID = (Killed, RuntimeError, ClientError, BotoCoreError)
"""How an invocation may end otherwise than well."""
troubles = st.builds(Trouble, st.floats(30, LASTS), st.sampled_from(KINDS + RESTLESS), st.integers(0, 3))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.lists(troubles, max_size=30))
def test_never_two_at_once_and_one_that_serves_when_trouble_has_ended(seed, happens):
    world = play(seed, happens)
    world.close()
    assert world.wrong == []
    assert world.serves(), world.lines[-20:]
    assert [p.error for p in world.processes if p.error and not isinstance(p.error, SAID)] == []


@pytest.mark.parametrize("late", [5, 12, 20])
def test_what_lands_later_than_guaranteed_is_taken_out_by_the_next_look(late):
    """The residue that the package tells of: a request that the network has held back."""
    world = World(3)
    world.invoke({"action": "watch"})
    held = [Fate(lands=late), Fate(refused=True)]

    def fates(dice, called, request):
        if called == "register_targets" and held:
            world.loop.after(
                0.01, lambda: len(held) == 1 and world.invoke({"action": "swap", "to": "pair-b"})
            )
            return held.pop(0)
        return calm(dice, called, request)

    world.fates = fates
    world.loop.run(200, stop=lambda: len(world.serving.registered()) > 1)
    if late == 5:
        assert world.wrong == [], "half of the margin is left"
    else:
        began = world.loop.now
        assert "beside" in " ".join(world.wrong)
        world.loop.run(began + 60, stop=lambda: len(world.serving.registered()) == 1)
        most = world.timing.poll + 12 * world.timing.socket
        assert 0 < world.loop.now - began <= most
        assert world.serving.registered() == [world.holder]
    world.close()
