"""What becomes of inputs when AWS says something else than it said before."""

from __future__ import annotations

import pytest

from sandbox.provider.ignored import ignoring
from sandbox.provider.readback import KEPT, agrees, kept, refreshed, retagged

TOKEN = "aws:ec2/vpc:Vpc"


def again(inputs, first, now, token=TOKEN):
    """The inputs after a refresh, where AWS said `first` when the resource was made and says `now`."""
    return refreshed(token, inputs, {**inputs, **kept(inputs, first)}, now)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"a": 1}, {"a": 1}),
        ({"a": [1, 2]}, {"a": [2, 1]}),
        ({"a": "holdfast.example"}, {"a": "holdfast.example."}),
        ({"a": {"b": 1}}, {"a": {"b": 1, "filled": "in"}}),
        ({"a": "x"}, {}),
        ({"a": "x", "secretWo": "y"}, {"a": "x"}),
    ],
)
def test_what_aws_says_as_before_leaves_the_inputs_as_they_were_given(given, said):
    assert again(given, said, said) == given


def test_what_aws_says_otherwise_is_taken():
    assert again({"a": 1, "b": 2}, {"a": 1, "b": 2}, {"a": 1, "b": 3}) == {"a": 1, "b": 3}
    assert again({"a": "long"}, {"a": "short"}, {"a": "other"}) == {"a": "other"}


def test_what_aws_no_longer_says_is_gone_and_what_it_never_said_stays():
    assert again({"a": 1, "b": 2}, {"a": 1}, {}) == {"b": 2}


def test_what_aws_says_for_the_first_time_counts_where_it_is_not_what_was_given():
    assert again({"a": {"b": "TRUE"}}, {}, {"a": {"b": True, "c": 1}}) == {"a": {"b": "TRUE"}}
    assert again({"a": 1}, {}, {"a": 2}) == {"a": 2}


def test_members_that_did_not_change_keep_the_programs_spelling():
    first = {"rule": {"name": "daily", "hours": 5, "filled": "in"}}
    now = {"rule": {"name": "daily", "hours": 6, "filled": "in"}}
    assert again({"rule": {"name": "daily", "hours": 5}}, first, now) == {
        "rule": {"name": "daily", "hours": 6}
    }
    added = {"rule": {"name": "daily", "hours": 5, "filled": "other"}}
    assert again({"rule": {"name": "daily", "hours": 5}}, first, added) == added


def test_elements_of_a_list_that_did_not_change_keep_the_programs_spelling():
    given = {"rules": [{"name": "a"}, {"name": "b"}]}
    first = {"rules": [{"name": "a", "id": 1}, {"name": "b", "id": 2}]}
    assert again(given, first, {"rules": [{"name": "b", "id": 2}]}) == {"rules": [{"name": "b"}]}
    changed = {"rules": [{"name": "a", "id": 1}, {"name": "c", "id": 2}]}
    assert again(given, first, changed) == {"rules": [{"name": "a"}, {"name": "c"}]}


def test_an_input_left_to_its_documented_default_shows_when_it_is_another():
    vpc = {"cidrBlock": "10.0.0.0/16"}
    assert refreshed(TOKEN, vpc, {**vpc, "enableDnsSupport": True}, {**vpc, "enableDnsSupport": True}) == vpc
    moved = refreshed(TOKEN, vpc, {**vpc, "enableDnsSupport": True}, {**vpc, "enableDnsSupport": False})
    assert moved == {**vpc, "enableDnsSupport": False}
    computed = refreshed(TOKEN, vpc, {**vpc, "ipv6IpamPoolId": "a"}, {**vpc, "ipv6IpamPoolId": "b"})
    assert computed == vpc, "what AWS computes and no documentation gives a default is no drift"


def test_of_a_resource_without_history_only_what_differs_in_meaning_counts():
    assert refreshed(TOKEN, {"a": "5"}, {}, {"a": 5}) == {"a": "5"}
    assert refreshed(TOKEN, {"a": "5"}, {}, {"a": 6}) == {"a": 6}
    assert refreshed(TOKEN, {"a": "5"}, {}, {}) == {"a": "5"}


def test_only_what_is_not_the_input_itself_is_remembered():
    assert kept({"a": 1, "tags": {"x": "y"}}, {"a": 1.0}) == {}
    assert kept({"a": 1, "b": 2}, {"a": 3}) == {KEPT: {"said": {"a": 3}, "silent": ["b"]}}


@pytest.mark.parametrize(
    ("given", "said", "same"),
    [
        ('{"a": [1, 2]}', '{ "a": [2, 1] }', True),
        ('{"a": 1}', '{"a": 2}', False),
        (True, "true", True),
        ("enabled", "ENABLED", True),
        ([], None, True),
        ([1], [1, 2], False),
        ({"a": 1}, [1], False),
        ({"a": 1}, {"b": 1}, False),
    ],
)
def test_agreement_looks_at_the_meaning(given, said, same):
    assert agrees(given, said) is same


def test_tags_of_the_providers_defaults_are_no_resources_own():
    usual = {"owner": "platform"}
    inputs = {"tags": {"Name": "n"}, "tagsAll": {"Name": "n", "owner": "platform"}}
    fresh = retagged(inputs, {"Name": "n", "owner": "platform", "new": "x"}, usual)
    assert fresh == {
        "tags": {"Name": "n", "new": "x"},
        "tagsAll": {"Name": "n", "owner": "platform", "new": "x"},
    }
    assert retagged(inputs, usual, usual) == {"tagsAll": usual}
    assert retagged(inputs, {"Name": "n", "owner": "mallory"}, usual)["tags"]["owner"] == "mallory"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a", {"a": 1, "b": {"c": [5, 6], "d": "new"}}),
        ("b.d", {"a": 2, "b": {"c": [5, 6], "d": "old"}}),
        ('b["d"]', {"a": 2, "b": {"c": [5, 6], "d": "old"}}),
        ("b.c[1]", {"a": 2, "b": {"c": [5, 4], "d": "new"}}),
        ("b.c[*]", {"a": 2, "b": {"c": [3, 4], "d": "new"}}),
        ("b", {"a": 2, "b": {"c": [3, 4], "d": "old"}}),
        ("missing", {"a": 2, "b": {"c": [5, 6], "d": "new"}}),
        ("*", {"a": 1, "b": {"c": [3, 4], "d": "old"}}),
    ],
)
def test_ignored_paths_are_as_they_were(path, expected):
    old = {"a": 1, "b": {"c": [3, 4], "d": "old"}}
    new = {"a": 2, "b": {"c": [5, 6], "d": "new"}}
    assert ignoring([path], old, new) == expected
    assert new == {"a": 2, "b": {"c": [5, 6], "d": "new"}}, "the arguments stay as they are"


def test_an_ignored_property_that_was_not_there_is_left_out():
    assert ignoring(["a", "b.c"], {}, {"a": 1, "b": {"c": 1, "d": 2}}) == {"b": {"d": 2}}
