from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.checks import ArgumentError
from components.edge import PathTarget, PathTargetArgs, TargetArgs, priorities
from components.edge.path_target import LAST_PRIORITY
from tests.components.test_compute_containers import TAGS
from tests.pulumi_mocks import Deployment, deploy

PARTS = st.lists(st.sampled_from("abcdef"), min_size=0, max_size=8)
PATHS = st.sets(PARTS.map(lambda parts: "/" + "/".join(parts)), max_size=100)


def arguments(**more):
    given = {
        "listener_arn": "arn:listener",
        "vpc_id": "vpc-1",
        "path": "/orders",
        "priority": 7,
        "target": TargetArgs(port=8000, target_type="ip", health_path="/ok"),
        "tags": TAGS,
    }
    return PathTargetArgs(**{**given, **more})


def made(**more) -> Deployment:
    return deploy(lambda: PathTarget("shop-orders", arguments(**more)) and None)


def test_a_path_and_what_lies_below_it_go_to_a_target_group_of_its_own():
    found = made()
    component = found.one("holdfast:edge:PathTarget")
    assert {r.parent for r in found.resources if r.type.startswith("aws:")} == {component.urn}
    group, rule = found.one("TargetGroup", "shop-orders-tg"), found.one("ListenerRule", "shop-orders-rule")
    assert rule.inputs["conditions"] == [{"pathPattern": {"values": ["/orders", "/orders/*"]}}]
    assert rule.inputs["actions"] == [{"type": "forward", "targetGroupArn": found.made[group.urn]["arn"]}]
    assert (rule.inputs["priority"], rule.inputs["listenerArn"]) == (7, "arn:listener")
    assert (group.inputs["port"], group.inputs["targetType"], group.inputs["healthCheck"]["path"]) == (
        8000,
        "ip",
        "/ok",
    )
    assert rule.ignore_changes == ()


def test_the_root_takes_everything():
    assert made(path="/").one("ListenerRule").inputs["conditions"] == [{"pathPattern": {"values": ["/*"]}}]


def test_a_pair_is_moved_by_whoever_deploys():
    found = made(paired=True)
    groups = [found.one("TargetGroup", f"shop-orders-{what}") for what in ("tg", "alt")]
    rule = found.one("ListenerRule")
    arns = [found.made[group.urn]["arn"] for group in groups]
    assert rule.inputs["actions"] == [
        {
            "type": "forward",
            "forward": {"targetGroups": [{"arn": arns[0], "weight": 100}, {"arn": arns[1], "weight": 0}]},
        }
    ]
    assert rule.ignore_changes == ("actions",)


@pytest.mark.parametrize("path", ["orders", "/orders/", "//", "/Orders", "/a b", "/*", "/" + "a" * 200])
def test_a_path_that_can_not_be_is_told(path):
    with pytest.raises(ArgumentError, match=r"^path: got '"):
        arguments(path=path).check()


@pytest.mark.parametrize("priority", [0, 50_001])
def test_so_is_a_priority(priority):
    with pytest.raises(ArgumentError, match=f"^priority: got {priority}, allowed is 1 to 50000$"):
        arguments(priority=priority).check()


@given(PATHS)
def test_each_path_has_a_number_and_a_longer_one_goes_first(paths):
    found = priorities(paths)
    assert set(found) == paths
    assert len(set(found.values())) == len(paths)
    assert all(1 <= number <= LAST_PRIORITY for number in found.values())
    for inner in paths:
        for outer in paths - {inner}:
            if outer == "/" or inner.startswith(f"{outer}/"):
                assert found[inner] < found[outer]


@given(PATHS, PATHS)
def test_a_path_keeps_its_number_unless_another_wants_the_same(few, more):
    before, after = priorities(few), priorities(few | more)
    moved = {path for path in few if before[path] != after[path]}
    # Of 200 paths of up to nine depths at 5,000 numbers each, hardly any two want the same.
    assert len(moved) <= 3
