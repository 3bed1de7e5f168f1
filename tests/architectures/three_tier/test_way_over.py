"""What moves the system to the other region, for each value of `switch.by`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from architectures.parts import names
from architectures.strategies import Strategy
from tests.architectures.conftest import PEER, outputs, run, with_system
from tests.architectures.strategy_table import changes
from tests.pulumi_mocks import Deployment
from tests.test_settings import configuration

EAST, WEST = "us-east-1", "us-west-2"
REGIONS = {"prod": EAST, "dr": WEST}
PLAN = "aws:arcregionswitch/plan:Plan"
APPROVER = "arn:aws:iam::123456789012:role/approver"
LOST = "arn:aws:cloudwatch:us-west-2:123456789012:alarm:east-is-lost"
Pair = Mapping[str, Deployment]


def pair(switch: Mapping[str, Any], *, joining: Mapping[str, Any] | None = None, **changed: Any) -> Pair:
    prod = run("prod", {}, systems=with_system("prod", "web", switch=switch, **changed))
    theirs = with_system("dr", "web", switch={**switch, **(joining or {})}, **changed)
    return {"prod": prod, "dr": run("dr", {PEER: outputs(prod)}, systems=theirs)}


def site(stack: Deployment) -> dict[str, Any]:
    return stack.one("Record", "web-site-site-record").inputs


@pytest.fixture(scope="module")
def planned() -> Pair:
    return pair({"by": "region-switch"})


def test_each_stack_brings_its_own_region_up_and_is_left_by_a_number_in_the_other(
    prod: Deployment, dr: Deployment
) -> None:
    for name, stack in (("prod", prod), ("dr", dr)):
        here, there = REGIONS[name], REGIONS["dr" if name == "prod" else "prod"]
        taken = stack.one("MetricAlarm", "web-switch-taken").inputs
        assert taken["region"] == there
        assert taken["dimensions"] == {"From": here, "System": "shop-production-web"}
        decided = stack.one("HealthCheck", "web-switch-decision").inputs
        assert decided["cloudwatchAlarmRegion"] == there
        may = stack.one("HealthCheck", "web-switch-may-serve").inputs
        assert may["childHealthThreshold"] == 2
        assert site(stack)["healthCheckId"] == "web-switch-may-serve-id"
        assert site(stack)["aliases"][0]["name"] == f"{here}.www.holdfast.example"
        states = json.loads(stack.one("StateMachine").inputs["definition"])["States"]
        (datum,) = states["SendTraffic"]["Parameters"]["MetricData"]
        # What this region takes is the other's to lose: the number that the other stack's check follows.
        assert {d["Name"]: d["Value"] for d in datum["Dimensions"]} == {
            "From": there,
            "System": "shop-production-web",
        }


def test_the_machine_may_move_the_writer_from_either_cluster(dr: Deployment) -> None:
    policy = json.loads(dr.one("RolePolicy", "web-takeover-role-policy").inputs["policy"])
    (moving,) = [s for s in policy["Statement"] if "rds:FailoverGlobalCluster" in s["Action"]]
    clusters = [
        arn
        for arn in moving["Resource"]
        if ":cluster:" in arn or "/cluster" in arn or "web-db-cluster" in arn
    ]
    assert {arn.split(":")[3] for arn in clusters} == {EAST, WEST}
    starting = json.loads(dr.one("StateMachine").inputs["definition"])["States"]["Move"]["Branches"][0][
        "States"
    ]
    assert starting["StartServers"]["Parameters"]["DesiredCapacity"] == 6


def test_a_plan_of_the_names_stands_in_the_founder_and_the_other_runs_it_last(planned: Pair) -> None:
    names_, whole = (stack.one(PLAN).inputs for stack in (planned["prod"], planned["dr"]))
    assert names_["name"] == "shop-production-web-traffic"
    assert whole["name"] == "shop-production-web-region"
    # AWS changes neither the regions nor their order: the founder's stays first, whoever is active.
    assert names_["regions"] == whole["regions"] == [EAST, WEST]
    for workflow in names_["workflows"]:
        (step,) = workflow["steps"]
        (config,) = step["route53HealthCheckConfigs"]
        assert (config["recordName"], config["timeoutMinutes"]) == ("www.holdfast.example", 2)
    for workflow in whole["workflows"]:
        move, last = workflow["steps"]
        assert last["regionSwitchPlanConfigs"] == [
            {"arn": planned["prod"].made[planned["prod"].one(PLAN).urn]["arn"]}
        ]
        kinds = {s["executionBlockType"]: s for s in move["parallelConfigs"][0]["steps"]}
        groups = [a["arn"] for a in kinds["EC2AutoScaling"]["ec2AsgCapacityIncreaseConfigs"][0]["asgs"]]
        clusters = kinds["AuroraGlobalDatabase"]["globalAuroraConfigs"][0]["databaseClusterArns"]
        assert [arn.split(":")[3] for arn in groups] == [EAST, WEST]
        assert [arn.split(":")[3] for arn in clusters] == [EAST, WEST]
    alarms = {
        a["mapBlockKey"]: (a["alarmType"], a["resourceIdentifier"].split(":")[3])
        for a in whole["associatedAlarms"]
    }
    assert alarms == {f"health-{r}": ("applicationHealth", r) for r in (EAST, WEST)}


def test_the_site_follows_the_checks_of_the_founders_plan_alone(planned: Pair) -> None:
    ids = outputs(planned["prod"])["systems"]["web"]["switch"]["checkIds"]
    assert set(ids) == {EAST, WEST}
    assert len(set(ids.values())) == 2
    for name, stack in planned.items():
        assert site(stack)["healthCheckId"] == ids[REGIONS[name]]
        assert not [r for r in stack.resources if r.type.startswith("holdfast:switch:DataPlane")]


def test_reports_are_left_in_the_joining_region(planned: Pair) -> None:
    (report,) = planned["dr"].one(PLAN).inputs["reportConfigurations"]
    (where,) = report["reportOutputs"]
    assert where["s3Configurations"][0]["bucketPath"].endswith("/shop-production-web-region")
    assert planned["dr"].one("aws:s3/bucket:Bucket", "web-switch-reports-bucket").protect
    assert outputs(planned["dr"])["systems"]["web"]["switch"]["reports"]


def test_a_swap_of_roles_leaves_both_plans_as_they_are(planned: Pair) -> None:
    switch = {"by": "region-switch"}
    recovery = {"activeRegion": WEST, "peerRegion": WEST}
    prod = run("prod", {}, systems=with_system("prod", "web", switch=switch), recovery=recovery)
    recovery = {"activeRegion": WEST, "peerRegion": EAST, "peerStack": PEER}
    dr = run("dr", {PEER: outputs(prod)}, systems=with_system("dr", "web", switch=switch), recovery=recovery)
    for name, after in (("prod", prod), ("dr", dr)):
        assert after.one(PLAN).inputs == planned[name].one(PLAN).inputs


def test_who_approves_how_long_it_takes_and_what_starts_it_are_the_settings() -> None:
    minutes = {"capacity": 3, "database": 4, "traffic": 1, "approval": 2}
    switch = {"by": "region-switch", "approvalRole": APPROVER, "minutes": minutes}
    made = pair(switch, joining={"startedBy": [LOST]})
    plan = made["dr"].one(PLAN).inputs
    for workflow in plan["workflows"]:
        approve, move, _ = workflow["steps"]
        assert approve["executionApprovalConfigs"] == [{"approvalRole": APPROVER, "timeoutMinutes": 2}]
        waits = {
            config["timeoutMinutes"]
            for step in move["parallelConfigs"][0]["steps"]
            for key, configs in step.items()
            if key.endswith("Configs")
            for config in configs
        }
        assert waits == {3, 4}
    (step,) = made["prod"].one(PLAN).inputs["workflows"][0]["steps"]
    assert step["route53HealthCheckConfigs"][0]["timeoutMinutes"] == 1
    (trigger,) = plan["triggers"]
    assert (trigger["action"], trigger["targetRegion"]) == ("activate", WEST)
    assert ("trigger", LOST) in [(a["alarmType"], a["resourceIdentifier"]) for a in plan["associatedAlarms"]]


def test_regions_that_both_serve_are_taken_out() -> None:
    given = {name: changes(name, Strategy.ACTIVE_ACTIVE) for name in ("prod", "dr")}
    for each in given.values():
        each["systems"]["web"]["switch"] = {
            "by": "region-switch",
            "minutes": {"capacity": 1, "database": 1, "traffic": 1},
        }
    prod = run("prod", {}, **given["prod"])
    dr = run("dr", {PEER: outputs(prod)}, **given["dr"])
    for stack in (prod, dr):
        plan = stack.one(PLAN).inputs
        assert plan["recoveryApproach"] == "activeActive"
        actions = {(w["workflowTargetAction"], w["workflowTargetRegion"]) for w in plan["workflows"]}
        assert actions == {
            (action, region) for action in ("activate", "deactivate") for region in (EAST, WEST)
        }


def test_without_a_site_servers_and_writer_move_and_no_name_does() -> None:
    made = pair({"by": "region-switch"}, site=None)
    assert not made["prod"].all(PLAN)
    for workflow in made["dr"].one(PLAN).inputs["workflows"]:
        assert [s["executionBlockType"] for s in workflow["steps"]] == ["Parallel"]


@pytest.mark.parametrize("strategy", [Strategy.BACKUP_AND_RESTORE, Strategy.WARM_STANDBY], ids=str)
def test_nothing_is_there_where_nothing_moves(strategy: Strategy) -> None:
    given = changes("prod", strategy)
    if strategy is not Strategy.BACKUP_AND_RESTORE:
        given["systems"]["web"]["switch"] = {"by": "none"}
    made = run("prod", {}, **given)
    switches = [r for r in made.resources if r.type.startswith("holdfast:switch:")]
    assert [r.name for r in switches] == ["web-zonal"]  # between zones, not regions
    assert site(made)["healthCheckId"] == "web-check-all-id"


def test_both_stacks_switch_alike() -> None:
    prod = run("prod", {})
    with pytest.raises(pulumi.RunError, match=r"systems.web.switch.by: got 'none', allowed is 'data-plane'"):
        run("dr", {PEER: outputs(prod)}, systems=with_system("dr", "web", switch={"by": "none"}))


def test_alarms_that_start_a_plan_are_this_regions() -> None:
    theirs = with_system("dr", "web", switch={"by": "region-switch", "startedBy": [LOST.replace(WEST, EAST)]})
    with pytest.raises(pulumi.RunError, match=r"switch.startedBy: got .*, allowed is alarms of us-west-2"):
        run("dr", {PEER: {}}, systems=theirs)


def test_a_plans_name_is_one_of_its_own_and_fits() -> None:
    long = [f"a-system-of-a-long-name-staging-{each}" for each in ("orders", "invoices")]
    found = {names.plan(each, part) for each in long for part in ("traffic", "region")}
    assert len(found) == 4
    assert all(len(name) <= 32 and not name.endswith("-") for name in found)
    assert names.plan("shop-production-web", "traffic") == "shop-production-web-traffic"


def test_how_long_stores_may_take_is_said_where_there_are_some() -> None:
    switch = {"by": "region-switch", "minutes": {"stores": 5}}
    with pytest.raises(pulumi.RunError) as raised:
        run("prod", {}, systems=with_system("prod", "web", switch=switch))
    told = "holdfast:systems.web.switch.minutes.stores: got 5, allowed is nothing without a cache or files"
    assert str(raised.value) == told


# Without a person.


@pytest.fixture(scope="module")
def automatic() -> Pair:
    return pair({"by": "region-switch", "automatic": True})


def test_the_region_that_stands_by_watches_the_other_ones_public_name(automatic: Pair) -> None:
    assert not automatic["prod"].all("holdfast:operations:PeerWatch")
    function = automatic["dr"].one("aws:lambda/function:Function", "web-watch-function").inputs
    said = function["environment"]["variables"]
    assert said["URL"] == f"https://{EAST}.www.holdfast.example/health"
    assert json.loads(said["DIMENSIONS"]) == {"Region": EAST, "System": "shop-production-web"}


def test_its_alarm_starts_the_plan_which_may_lose_what_was_not_replicated(automatic: Pair) -> None:
    plan = automatic["dr"].one(PLAN).inputs
    lost = automatic["dr"].made[automatic["dr"].one("MetricAlarm", "web-watch-lost").urn]["arn"]
    assert {"alarmType": "trigger", "mapBlockKey": "lost", "resourceIdentifier": lost} in plan[
        "associatedAlarms"
    ]
    (trigger,) = plan["triggers"]
    assert trigger["conditions"] == [{"associatedAlarmName": "lost", "condition": "red"}]
    assert (trigger["action"], trigger["targetRegion"]) == ("activate", WEST)
    assert '"behavior": "failover"' in json.dumps(plan["workflows"])


def test_beside_alarms_of_ones_own_it_starts_the_plan_when_all_ring() -> None:
    made = pair({"by": "region-switch", "automatic": True}, joining={"startedBy": [LOST]})
    (trigger,) = made["dr"].one(PLAN).inputs["triggers"]
    assert [each["associatedAlarmName"] for each in trigger["conditions"]] == ["lost-1", "lost"]
    (fact,) = [m for m in outputs(made["dr"])["recovery"]["members"] if m["kind"] == "region-switch"]
    assert "alarm" not in fact  # how far back one's own alarms look isn't known here


def test_the_other_stack_is_told_how_soon_it_rings(automatic: Pair) -> None:
    (fact,) = [m for m in outputs(automatic["dr"])["recovery"]["members"] if m["kind"] == "region-switch"]
    assert (fact["triggered"], fact["alarm"]) == (True, {"period_s": 60, "periods": 2})


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"switch": {"automatic": True}}, "without a plan that an alarm can start: switch.by is region-switch"),
        ({"switch": {"by": "none", "automatic": True}}, "without a plan that an alarm can start: switch.by is region-switch"),
        (
            {"strategy": "backup-and-restore", "standbyFraction": None, "switch": {"by": "region-switch", "automatic": True}},
            "with backup-and-restore: there is nothing to move to",
        ),
        (
            {"site": None, "switch": {"by": "region-switch", "automatic": True}},
            "without a site: the other region is watched by its public name",
        ),
    ],
)  # fmt: skip
def test_what_can_not_start_by_itself_is_told(said: dict[str, Any], why: str) -> None:
    with pytest.raises(pulumi.RunError) as raised:
        run("prod", {}, systems=with_system("prod", "web", **said))
    assert str(raised.value) == f"holdfast:systems.web.switch.automatic: got true, allowed is false {why}"


def test_a_plan_takes_nothing_to_the_founding_stacks_region_by_itself() -> None:
    recovery = {"activeRegion": WEST, "peerRegion": WEST}
    with pytest.raises(
        pulumi.RunError,
        match=r"switch.automatic: got true, allowed is false while the founding stack stands by",
    ):
        run(
            "prod",
            {},
            recovery=recovery,
            systems=with_system("prod", "web", switch={"by": "region-switch", "automatic": True}),
        )


def test_the_region_that_serves_watches_nobody(automatic: Pair) -> None:
    recovery = {**configuration("dr")["holdfast:recovery"], "activeRegion": WEST}
    theirs = with_system("dr", "web", switch={"by": "region-switch", "automatic": True})
    # The founding stack that stands by says nothing of it, see above.
    founder = run(
        "prod",
        {},
        recovery={"activeRegion": WEST, "peerRegion": WEST},
        systems=with_system("prod", "web", switch={"by": "region-switch"}),
    )
    made = run("dr", {PEER: outputs(founder)}, recovery=recovery, systems=theirs)
    assert not made.all("holdfast:operations:PeerWatch")
    assert "triggers" not in made.one(PLAN).inputs
