"""Environment and events of the active-standby function: what is read, and the one line that says what is wrong."""

from __future__ import annotations

import json
import re

import pytest

from functions.active_standby.configuration import Asked, asked, configuration
from functions.active_standby.timing import FIELDS, timing

ARN = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/{}/1"
GOOD = {
    "LEASE_TABLE": "lease",
    "PAIR": "shop",
    "SERVING_TARGET_GROUP": ARN.format("serving"),
    "MEMBERS_TARGET_GROUP": ARN.format("members"),
    "MEMBERS": '["pair-a", "pair-b"]',
    "TOPIC": "arn:aws:sns:us-east-1:123456789012:alarms",
    "TIMING": '{"poll": 3}',
}
MEMBERS = ("pair-a", "pair-b")
TWO_NAMES = "allowed is a JSON list of two names of Auto Scaling groups"


def test_an_environment_is_read():
    found = configuration(GOOD)
    assert (found.table, found.pair, found.members) == ("lease", "shop", MEMBERS)
    assert (found.serving, found.members_group) == (
        GOOD["SERVING_TARGET_GROUP"],
        GOOD["MEMBERS_TARGET_GROUP"],
    )
    assert (found.topic, found.timing) == (GOOD["TOPIC"], timing({"poll": 3}))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("LEASE_TABLE", None, "LEASE_TABLE is None: allowed is a table's name"),
        ("LEASE_TABLE", "a/b", "LEASE_TABLE is 'a/b': allowed is a table's name"),
        ("PAIR", "", "PAIR is '': allowed is the system's name"),
        (
            "SERVING_TARGET_GROUP",
            "serving",
            "SERVING_TARGET_GROUP is 'serving': allowed is a target group's ARN",
        ),
        (
            "MEMBERS_TARGET_GROUP",
            GOOD["SERVING_TARGET_GROUP"],
            "allowed is another one than SERVING_TARGET_GROUP",
        ),
        ("TOPIC", "alarms", "TOPIC is 'alarms': allowed is an SNS topic's ARN"),
        ("MEMBERS", "pair-a", f"MEMBERS is 'pair-a': {TWO_NAMES}"),
        ("MEMBERS", '["pair-a"]', f"MEMBERS is ['pair-a']: {TWO_NAMES}"),
        ("MEMBERS", '["pair-a", "pair-a"]', f"MEMBERS is ['pair-a', 'pair-a']: {TWO_NAMES}"),
        ("MEMBERS", '["pair-a", 1]', f"MEMBERS is ['pair-a', 1]: {TWO_NAMES}"),
        ("TIMING", "soon", "TIMING is 'soon': allowed is a JSON object"),
        ("TIMING", "[]", f"TIMING is []: allowed is an object with {', '.join(FIELDS)}"),
        ("TIMING", '{"pol": 2}', f"TIMING has 'pol': allowed are {', '.join(FIELDS)}"),
        (
            "TIMING",
            '{"poll": 0}',
            "TIMING.poll is 0: allowed are whole numbers from 1 to 10 (seconds between two looks)",
        ),
        ("TIMING", '{"coolDown": 1.5}', "TIMING.coolDown is 1.5: allowed are whole numbers from 0 to 3600"),
        ("TIMING", '{"request": true}', "TIMING.request is True: allowed are whole numbers from 1 to 5"),
    ],
)
def test_a_bad_environment_is_said_in_one_line(name, value, said):
    given = {**GOOD, name: value} if value is not None else {n: v for n, v in GOOD.items() if n != name}
    with pytest.raises(ValueError, match=re.escape(said)) as caught:
        configuration(given)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("event", "found"),
    [
        ({"action": "watch"}, Asked("watch")),
        ({"action": "swap"}, Asked("swap")),
        ({"action": "swap", "to": None}, Asked("swap")),
        ({"action": "swap", "to": "pair-b"}, Asked("swap", to="pair-b")),
        ({"action": "pause", "reason": "release 7"}, Asked("pause", reason="release 7", minutes=60)),
        ({"action": "pause", "reason": "x", "minutes": 1440}, Asked("pause", reason="x", minutes=1440)),
    ],
)
def test_an_event_is_read(event, found):
    assert asked(event, MEMBERS) == found


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({}, "action is None: allowed are watch, swap, pause, resume, status"),
        ("watch", "action is None: allowed are watch, swap, pause, resume, status"),
        ({"action": ["watch"]}, "action is ['watch']: allowed are watch, swap, pause, resume, status"),
        ({"action": "watch", "to": "pair-a"}, "watch has 'to': allowed is no other key"),
        ({"action": "swap", "of": "pair-a"}, "swap has 'of': allowed is to"),
        ({"action": "swap", "to": "pair-c"}, "to is 'pair-c': allowed are pair-a, pair-b"),
        ({"action": "pause"}, "reason is None: allowed is a text that says why"),
        (
            {"action": "pause", "reason": "x", "minutes": 0},
            "minutes is 0: allowed are whole numbers from 1 to 1440",
        ),
        (
            {"action": "pause", "reason": "x", "minutes": "9"},
            "minutes is '9': allowed are whole numbers from 1 to 1440",
        ),
    ],
)
def test_a_bad_event_is_said_in_one_line(event, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        asked(event, MEMBERS)


def test_what_timing_leaves_out_has_its_default():
    found = timing({})
    assert vars(found) == {
        "poll": 2,
        "watch": 120,
        "cool_down": 120,
        "unhealthy_polls": 2,
        "healthy_polls": 2,
        "drain": 5,
        "request": 2,
    }
    assert all(field.low <= field.default <= field.high for field in FIELDS.values())
    assert timing(json.loads(GOOD["TIMING"])).poll == 3


@pytest.mark.parametrize("request_", range(FIELDS["request"].low, FIELDS["request"].high + 1))
def test_a_right_to_act_ends_after_what_follows_from_it(request_):
    """What `settle` is made of: the age of a reading, three waits on the network, and what AWS takes after the caller has given up."""
    given = timing({"request": request_})
    assert given.settle == given.fresh + 3 * given.socket + request_ / 2
    assert given.timeout > given.watch + given.reserve - given.poll
