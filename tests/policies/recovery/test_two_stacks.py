"""A system in two stacks: each alone, both together by files, and one with the other's facts."""

from __future__ import annotations

import json

import pytest

from policies.recovery import Settings, check, facts, judge, undetermined, violations
from policies.recovery.figures import Figures
from policies.recovery.model import Step, Verdict
from policies.recovery.readers.route53 import KIND as DNS
from tests.policies.recovery.build import UNKNOWN, home, node, res, times
from tests.policies.recovery.systems import dr, linked, prod


def told() -> dict[str, object]:
    """What prod exports, as it comes through JSON."""
    found: dict[str, object] = json.loads(
        json.dumps(facts(prod(), stack="prod", region="us-east-1", role="active"))
    )
    return found


def test_alone_the_serving_stack_keeps_its_promises_and_leaves_the_region_open() -> None:
    report = home(*prod())
    assert violations(report) == []
    assert report.failures["instance"].verdict is Verdict.MET
    assert report.failures["zone"].verdict is Verdict.MET
    assert report.failures["corruption"].verdict is Verdict.MET_IF
    assert report.failures["region"].verdict is Verdict.UNDETERMINED
    reasons = {v.name: v.message for v in undetermined(report)}
    assert set(reasons) == {"db", "web", "web-lb"}
    assert "global database of db" in reasons["db"]
    assert all("not at hand" in m for m in reasons.values())


def test_alone_the_standby_leaves_the_region_open() -> None:
    report = judge(dr())
    assert report.failures["region"].verdict is Verdict.UNDETERMINED
    assert "not at hand" in undetermined(report)[0].message
    assert violations(report) == []


@pytest.mark.parametrize("form", ["files", "facts", "argument"])
def test_together_the_region_is_judged(form: str) -> None:
    if form == "files":
        report = judge([*prod(), *dr()], Settings(home="us-east-1"))
    elif form == "facts":
        report = judge(dr(facts=[told()]))
    else:
        report = judge(dr(), peers=[told()])
    region = report.failures["region"]
    assert region.verdict is Verdict.MET_IF
    # health check 10 x 3 + 0..6, decide 600..1800, fail over 60..600, endpoint 5 + 0..30
    assert times(node(report, "region", "db")) == (30 + 600 + 60 + 5, 36 + 1800 + 600 + 35)
    # health check 30..36, target tracking 120..240 and its metric 0..60, five servers more: launch 60..120 + bootstrap 60..300 + a check 0..10
    assert times(node(report, "region", "web")) == (30 + 120 + 120, 36 + 300 + 430)
    assert times(node(report, "region", "web-lb")) == (0, 0)
    assert times(node(report, "region", "www")) == (30 + 60, 36 + 60)
    # the path: detect and decide once, db and then web, the alias last
    tier = region.tiers[0]
    assert [n.unit.name for n in tier.path] == ["www", "web-lb", "web", "db"]
    assert (tier.rto.low, tier.rto.high) == (30 + 600 + 60 + 120 + 60, 36 + 1800 + 600 + 430 + 60)
    assert region.dominant is not None
    assert region.dominant["term"] == "decide"
    assert violations(report) == []


def test_facts_pass_their_own_check() -> None:
    assert check(told()) == []
    assert "schema" in check({"schema": 2})[0]
    assert (
        "members[0].kind"
        in check({"schema": 1, "stack": "a", "region": "r", "members": [{"kind": "x", "name": "y"}]})[0]
    )


def test_facts_that_a_program_writes_by_hand_do_as_well() -> None:
    own = {
        "schema": 1,
        "stack": "prod",
        "region": "us-east-1",
        "role": "active",
        "members": [
            {"kind": "dns", "name": "www", "group": "www.example.com", "routing": "failover", "side": "PRIMARY",
             "check": {"interval_s": 10, "threshold": 3}, "needs": ["web-lb"]},
            {"kind": "load-balancer", "name": "web-lb", "needs": ["web"]},
            {"kind": "compute", "name": "web", "desired": 6, "required": 4, "needs": ["db"]},
            {"kind": "aurora", "name": "db", "group": "shop", "instances": 2, "tags": {"dr-tier": "1", "rto-hours": "4", "rpo-minutes": "5"}},
        ],
    }  # fmt: skip
    assert check(own) == []
    report = judge(dr(facts=[own]))
    assert times(node(report, "region", "db")) == (695, 2471)
    assert times(node(report, "region", "web")) == (270, 766)
    assert report.failures["region"].verdict is Verdict.MET_IF


def test_facts_that_are_not_known_yet_leave_the_region_open() -> None:
    for given in (UNKNOWN, [UNKNOWN]):
        report = judge(dr(facts=given))  # type: ignore[arg-type]
        assert report.failures["region"].verdict is Verdict.UNDETERMINED
        assert any("not known yet" in n for n in report.notes)


def test_facts_that_cant_be_read_are_named() -> None:
    report = judge(
        dr(facts=[{"schema": 1, "stack": "prod", "region": "us-east-1", "members": [{"kind": "aurora"}]}])
    )
    assert any("members[0].name" in n for n in report.notes)
    assert report.failures["region"].verdict is Verdict.UNDETERMINED


def test_a_member_whose_group_is_not_known_yet() -> None:
    own = told()
    member = next(m for m in own["members"] if m["kind"] == "aurora")  # type: ignore[attr-defined]
    member["group"] = [UNKNOWN]
    report = judge(dr(facts=[own]))
    assert node(report, "region", "web").verdict is not Verdict.UNDETERMINED
    named = {n.unit.urn: n for n in report.failures["region"].nodes if n.unit.name == "db"}
    assert {n.verdict for n in named.values()} == {Verdict.UNDETERMINED}


def test_a_region_switch_plan_takes_the_decision_away() -> None:
    report = judge(dr(plan=True, facts=[told()]))
    # the plan's alarm 60 x 3 + 0..60, no decision, fail over 60..600, endpoint 5 + 0..30
    assert times(node(report, "region", "db")) == (180 + 60 + 5, 240 + 600 + 35)
    assert report.failures["region"].dominant["term"] == "fail over"  # type: ignore[index]
    # It asks for servers, too: they don't wait until their load is seen.
    assert times(node(report, "region", "web")) == (180 + 120, 240 + 430)


def test_a_standby_that_is_too_small_waits_until_its_load_is_seen() -> None:
    found = {t.step: t for t in node(judge(dr(desired=3, facts=[told()])), "region", "web").terms}
    assert found[Step.DECIDE].why == "target tracking of web sees the load"
    assert (found[Step.DECIDE].time.low, found[Step.DECIDE].time.high) == (120, 240 + 60)
    # Whoever decides sooner asks for more at once.
    quick = judge(dr(desired=3, facts=[told()]), Settings(figures=Figures({"decide.person": 90})))
    web = node(quick, "region", "web")
    assert web.option == "members in us-west-2, made to grow"
    assert times(web) == (30 + 90 + 120, 36 + 90 + 430)


def test_a_standby_without_a_policy_grows_when_somebody_asks_for_more() -> None:
    web = node(judge(dr(desired=3, facts=[told()], tracked=False)), "region", "web")
    assert web.option == "members in us-west-2, made to grow"
    # health check 30..36 + decide 600..1800 + launch 120..430
    assert times(web) == (30 + 600 + 120, 36 + 1800 + 430)
    # Steps go by alarms of their own.
    steps = res("tracking", "web-steps", {"policyType": "StepScaling"}, stack="dr")
    group = next(r for r in dr() if r.name == "web")
    also = linked(steps, autoscalingGroupName=group)
    stepping = judge([*dr(desired=3, facts=[told()], tracked=False), also])
    assert times(node(stepping, "region", "web")) == times(web)
    # A plan that nobody needs to start asks for more, too.
    planned = judge(dr(desired=3, facts=[told()], tracked=False, plan=True))
    assert times(node(planned, "region", "web")) == (180 + 120, 240 + 430)
    # What has enough needs none.
    assert times(node(judge(dr(desired=4, facts=[told()], tracked=False)), "region", "web")) == (30, 36)


def test_a_pilot_light_needs_a_decision() -> None:
    pilot = judge(dr(desired=0, facts=[told()]))
    found = node(pilot, "region", "web")
    # health check 30..36 + decide 600..1800 + launch 120..430
    assert times(found) == (30 + 600 + 120, 36 + 1800 + 430)
    hot = node(judge(dr(desired=4, facts=[told()])), "region", "web")
    assert times(hot) == (30, 36)


class TestTakenAway:
    """Each thing that the promise rests on: without it the preview fails and names the cause."""

    def test_the_reader(self) -> None:
        everything = prod(readers=0)
        report = home(*[_promising(r, "0.4") if r.name == "db" else r for r in everything])
        found = [v for v in violations(report) if v.name == "db" and "zone failure" in v.message]
        assert found
        assert "decide" in found[0].message or "reader" in found[0].message

    def test_the_copy_in_the_other_region(self) -> None:
        found = violations(home(*prod(replicate=False, copy=False)))
        assert [(v.name, v.verdict) for v in found] == [("files", Verdict.UNATTAINABLE)]
        assert "BucketReplicationConfig" in found[0].message

    def test_the_health_check(self) -> None:
        def without(check_: bool) -> list[str]:
            told_ = facts(prod(check=check_), stack="prod", region="us-east-1", role="active")
            for member in told_["members"]:
                if "rto-hours" in member.get("tags", {}):
                    member["tags"]["rto-hours"] = "0.9"
            return [v.message for v in violations(judge(dr(facts=[told_])))]

        assert without(check_=True) == []
        found = without(check_=False)
        assert any("region failure" in m for m in found)

    def test_the_promise_itself(self) -> None:
        report = home(*[_promising(r, "0.01") if r.name == "db" else r for r in prod()])
        messages = [v.message for v in violations(report) if v.name == "db"]
        assert any("instance failure" in m and "objective 36 s" in m for m in messages)
        assert any("zone failure" in m for m in messages)


def _promising(resource: object, hours: str) -> object:
    return res(
        "cluster" if "Cluster" in resource.type else "bucket",  # type: ignore[attr-defined]
        resource.name,  # type: ignore[attr-defined]
        {**resource.props, "tags": {**resource.props["tags"], "rto-hours": hours}},  # type: ignore[attr-defined]
        globalClusterIdentifier=next(r for r in prod() if r.name == "shop"),
    )


def test_after_a_failover_the_roles_are_data() -> None:
    own = told()
    own["role"] = "standby"
    everything = dr(facts=[own])
    stack = everything.pop()
    outputs = {
        **stack.props,
        "recovery": {"schema": 1, "stack": "dr", "region": "us-west-2", "role": "active"},
    }
    report = judge([*everything, res("stack", "app-dr", outputs, stack="dr")])
    serving = {
        n.unit.region for n in report.failures["region"].nodes if n.unit.name in ("db", "web", "web-lb")
    }
    assert serving == {"us-west-2"}
    assert node(report, "region", "db").option == "global database's member in us-east-1"


def test_a_pair_of_records_that_a_check_turned_is_read_by_the_roles() -> None:
    """Its sides stay as they are; the region that both stacks call active is the one that its clients are sent to."""

    def serves(own: str, other: str) -> set[tuple[str, str]]:
        theirs = told()
        theirs["role"] = other
        everything = dr(facts=[theirs])
        stack = everything.pop()
        said = {"schema": 1, "stack": "dr", "region": "us-west-2", "role": own}
        report = judge([*everything, res("stack", "app-dr", {**stack.props, "recovery": said}, stack="dr")])
        nodes = report.failures["region"].nodes
        return {(n.unit.region, n.unit.fact("side")) for n in nodes if n.unit.kind == DNS}

    assert {m["side"] for m in told()["members"] if m["kind"] == DNS} == {"PRIMARY"}
    assert serves("standby", "active") == {("us-east-1", "PRIMARY")}
    assert serves("active", "standby") == {("us-west-2", "PRIMARY")}


def test_a_store_of_the_standby_region_is_not_missed_when_the_other_region_goes() -> None:
    own = res("table", "sessions", {"tags": {"dr-tier": "1"}}, stack="dr")
    report = judge([*dr(facts=[told()]), own])
    assert "sessions" not in {n.unit.name for n in report.failures["region"].nodes}
    assert node(report, "corruption", "sessions").verdict is Verdict.UNATTAINABLE


def test_resources_at_hand_say_more_than_facts() -> None:
    report = judge([*prod(), *dr(facts=[told()])], Settings(home="us-east-1"))
    names = [n.unit.name for n in report.failures["region"].nodes]
    assert len(names) == len(set(names))
    assert times(node(report, "region", "db")) == (695, 2471)
