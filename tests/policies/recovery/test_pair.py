"""Two servers of which a function keeps one behind the load balancer, and disks that each of them has: worked by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.recovery import Report, Resource, facts
from policies.recovery.model import Verdict
from tests.policies.recovery.build import TIER1, UNKNOWN, home, losses, node, res, times, zones

TIMING = {
    "poll": 2,
    "watch": 120,
    "coolDown": 120,
    "unhealthyPolls": 2,
    "healthyPolls": 2,
    "drain": 5,
    "request": 2,
}
CHECK = {"interval": 5, "unhealthyThreshold": 2, "timeout": 2}
NAME = "desk-watcher"


def pair(
    *,
    subnets: list[Resource] | None = None,
    desired: tuple[int, int] = (1, 1),
    told: Any = TIMING,
    template: Resource | None = None,
) -> list[Resource]:
    """Load balancer with both listeners, the two groups, and the function over a table of its own."""
    nets = zones(2) if subnets is None else subnets
    lb = res("lb", "desk-lb", {"tags": TIER1}, subnets=zones(3))
    serving, members = (res("tg", name, {"healthCheck": CHECK}) for name in ("serving", "members"))
    listeners = [
        res("listener", f"to-{each.name}", loadBalancerArn=lb, defaultActions=each)
        for each in (serving, members)
    ]
    groups = [
        res(
            "asg",
            f"group-{i}",
            {"desiredCapacity": size, "maxSize": 1, "healthCheckType": "ELB"},
            vpcZoneIdentifiers=[net],
            targetGroupArns=[members],
            **({"launchTemplate": template} if template else {}),
        )
        for i, (net, size) in enumerate(zip(nets, desired, strict=True))
    ]
    table = res("table", "lease", {"tags": {**TIER1, "rpo-minutes": "5"}})
    variables = {"TIMING": told if told is UNKNOWN else json.dumps(told), "SERVING_TARGET_GROUP": UNKNOWN}
    props = {"environment": {"variables": variables}, "tags": TIER1}
    function = res("lambda", NAME, props, environment=[serving, members, table, *groups])
    everywhere = {r.urn: r for r in (*zones(3), *nets)}
    return [*everywhere.values(), lb, serving, members, *listeners, *groups, table, function]


def judged(**changes: Any) -> Report:
    return home(*pair(**changes))


@pytest.mark.parametrize("failure", ["instance", "zone"])
def test_the_other_one_serves(failure: str) -> None:
    found = node(judged(), failure, NAME)
    assert found.option == "the other one serves"
    # check 5 x 2 + 2, looks 2 x (2 - 1) .. 2 x 2 + 2; what was sent lands 3 x 2, drain 0..5 and a look 0..2; registered 0..5, checked 0..7
    assert times(found) == (12 + 2 + 6, 12 + 6 + 6 + 5 + 2 + 5 + 7)
    assert found.verdict is Verdict.MET


def test_looks_and_waits_are_the_functions_own() -> None:
    slow = {**TIMING, "poll": 10, "unhealthyPolls": 3, "drain": 60, "request": 5}
    # check 12, looks 10 x 2 .. 10 x 3 + 5; lands 15, drain 0..60 and a look 0..10; registered 0..5, checked 0..7
    assert times(node(judged(told=slow), "instance", NAME)) == (12 + 20 + 15, 12 + 35 + 15 + 60 + 10 + 5 + 7)


def test_a_watch_that_ends_before_the_next_begins_leaves_a_gap() -> None:
    short = {**TIMING, "watch": 60}
    # two invocations are up to 119 s apart
    assert times(node(judged(told=short), "instance", NAME)) == (20, 43 + 59)


def test_the_path_leads_from_the_load_balancer_to_the_pair() -> None:
    report = judged()
    path = next(t.path for t in report.failures["zone"].tiers if t.tier == "1")
    assert [n.unit.name for n in path] == ["desk-lb", NAME]


def test_groups_function_and_lease_are_no_units_of_their_own() -> None:
    names = {n.unit.name for n in judged().failures["instance"].nodes}
    assert names == {"desk-lb", NAME}


def test_a_table_that_something_else_uses_too_is_a_store() -> None:
    resources = pair()
    table = next(r for r in resources if r.name == "lease")
    other = res("lambda", "other", {"tags": TIER1}, environment=[table])
    names = {n.unit.name for n in home(*resources, other).failures["instance"].nodes}
    assert {"lease", "other"} <= names


def test_both_in_one_zone_go_with_it() -> None:
    (net,) = zones(1)
    report = judged(subnets=[net, net])
    assert times(node(report, "instance", NAME)) == (20, 43)
    found = node(report, "zone", NAME)
    assert found.option == "deployed again in another zone"


def test_one_alone_is_launched_again() -> None:
    report = judged(desired=(1, 0))
    found = node(report, "instance", NAME)
    assert found.option == "it is launched again, and serves"
    # as above, and launch 60..120 + bootstrap 60..300, a check 0..5, and the swap's own waits once more: 6 .. 25
    assert times(found) == (20 + 120 + 6, 43 + 420 + 25 + 5)
    assert "0 are left of 1 needed" in report.failures["instance"].findings[0]


def test_what_is_not_known_widens_and_is_named() -> None:
    found = node(judged(told=UNKNOWN), "instance", NAME)
    assert found.verdict in (Verdict.UNDETERMINED, Verdict.AT_RISK)
    assert any("TIMING" in each for each in found.unknown)
    assert found.rto.low <= 20
    assert found.rto.high >= 43


@pytest.mark.parametrize("told", ["no JSON", '"a text"', "[]"])
def test_a_timing_that_can_not_be_read_is_not_known(told: str) -> None:
    resources = pair()
    function = next(r for r in resources if r.name == NAME)
    function.props["environment"]["variables"]["TIMING"] = told
    assert any("TIMING" in each for each in node(home(*resources), "instance", NAME).unknown)


def test_a_function_that_is_told_of_no_timing_is_a_function() -> None:
    resources = pair()
    function = next(r for r in resources if r.name == NAME)
    del function.props["environment"]["variables"]["TIMING"]
    names = {n.unit.name for n in home(*resources).failures["instance"].nodes}
    assert {"group-0", "group-1", NAME} <= names


def test_its_fact_goes_to_another_stack() -> None:
    (told,) = [
        m for m in facts(pair(), stack="prod", region="us-east-1")["members"] if m["kind"] == "compute"
    ]
    assert (told["name"], told["desired"], told["required"], told["max"]) == (NAME, 2, 1, 2)
    assert told["swap"] == TIMING
    assert told["zones"] == 2


# Disks.


def test_a_disk_that_a_launch_template_names_is_attached_by_the_next_instance() -> None:
    disk = res("ebs", "disk", {"size": 50, "tags": {**TIER1, "rpo-minutes": "5"}})
    free = node(home(disk), "instance", "disk")
    assert free.option == "volume attached to another instance of its zone"
    template = res("template", "servers", userData=disk)
    found = node(home(disk, template), "instance", "disk")
    assert found.option == "attached by the instance that replaces the lost one"
    # status checks 60..120 + launch 60..120 + bootstrap 60..300 + attached 30..300: nobody decides
    assert times(found) == (60 + 60 + 60 + 30, 120 + 120 + 300 + 300)
    assert losses(found) == (0, 0)
    assert free.rto.high > found.rto.high


def test_a_pair_waits_for_the_disks_that_it_uses() -> None:
    disk = res("ebs", "disk", {"size": 50, "tags": {**TIER1, "rpo-minutes": "5"}})
    template = res("template", "servers", userData=disk)
    report = home(disk, template, *pair(template=template))
    path = next(t.path for t in report.failures["instance"].tiers if t.tier == "1")
    assert [n.unit.name for n in path] == ["desk-lb", NAME, "disk"]
    assert node(report, "zone", "disk").verdict is Verdict.UNATTAINABLE  # nobody takes snapshots of it


def halves(protocol: str = "C", *, apart: bool = True, told: bool = True) -> list[Resource]:
    """Two volumes that one script names, and the pair whose function is told how they are mirrored."""
    tags = {**TIER1, "rpo-minutes": "5"}
    zone = ["us-east-1a", "us-east-1b" if apart else "us-east-1a"]
    disks = [
        res("ebs", f"half-{i}", {"size": 50, "availabilityZone": z, "tags": tags}) for i, z in enumerate(zone)
    ]
    template = res("template", "servers", userData=disks)
    found = pair(template=template)
    function = found[-1]
    if told:
        variables = function.props["environment"]["variables"]
        variables["DISK"] = json.dumps({"protocol": protocol, "starts": 60})
    return [*disks, template, *found]


@pytest.mark.parametrize("failure", ["instance", "zone"])
@pytest.mark.parametrize(("protocol", "lost"), [("C", (0, 0)), ("A", (0, 5))])
def test_the_other_half_becomes_primary(failure: str, protocol: str, lost: tuple[int, int]) -> None:
    found = node(home(*halves(protocol)), failure, "half-0")
    assert found.option == "the other half, in another zone, becomes primary"
    # silent for 20, starts 60
    assert times(found) == (0, 20 + 60)
    assert losses(found) == lost


def test_a_half_that_nobody_mirrors_is_no_half() -> None:
    for found in (halves(apart=False), halves(told=False)):
        assert node(home(*found), "zone", "half-0").verdict is Verdict.UNATTAINABLE
