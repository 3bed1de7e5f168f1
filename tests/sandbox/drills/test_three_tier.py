"""All drills of the three-tier system pass, and each fails, naming the cause, when what protects it is taken away."""

from __future__ import annotations

import base64
import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from components.switch import GlobalDatabase, RegionSwitch, RegionSwitchArgs
from sandbox.aws.client import client
from sandbox.aws.server import ServerError
from sandbox.drills import command, evidence
from sandbox.drills.by_hand import clusters
from sandbox.drills.ground import Ground
from sandbox.drills.rehearse import Result
from sandbox.drills.scenario import Break
from sandbox.drills.scenarios import ALL, BY_NAME
from sandbox.drills.servers import group_behind
from sandbox.drills.world import World
from sandbox.provider import Provider
from tests.pulumi_mocks import deploy
from tests.sandbox.test_region_switch import TAGS, put

EAST, WEST = "us-east-1", "us-west-2"
SITE = "www.holdfast.example"
Drills = Callable[..., Result]


def said(result: Result, who: str = "") -> list[str]:
    return [line["what"] for line in result.timeline if who in ("", line["who"])]


def check(result: Result, name: str) -> tuple[bool, str]:
    [found] = [each for each in result.checks if each.name == name]
    return found.holds, found.said


# They pass


@pytest.fixture(scope="module")
def results(ground: Ground) -> dict[str, Result]:
    found = command.carry_out(ground, ALL, [ground.system("web")], 0.5)
    return {result.scenario.name: result for result in found}


@pytest.mark.parametrize("name", [each.name for each in ALL if each.breaks is not Break.TIER])
def test_a_drill_passes(results: dict[str, Result], name: str) -> None:
    result = results[name]
    assert result.causes == []
    assert {each.name for each in result.checks if not each.holds} == set()
    assert result.passed
    assert result.acknowledged > 100


def by_hand(world: World) -> None:
    """Nothing is deployed that moves the system: its state machines are gone."""
    for region in (EAST, WEST):
        machines = world.boto("stepfunctions", region)
        for each in machines.list_state_machines()["stateMachines"]:
            machines.delete_state_machine(stateMachineArn=each["stateMachineArn"])


def test_a_lost_region_is_left_by_the_state_machine_that_a_person_starts(results: dict[str, Result]) -> None:
    result = results["region-loss"]
    assert said(result, "operator") == [
        "is told by an alarm",
        "calls states:StartExecution",
        "runs shop-production-web-takeover",
    ]
    assert "calls rds:FailoverGlobalCluster" in said(result, "AWS")
    assert not [line for line in result.timeline if line["who"] == "AWS" and line["where"] == EAST]


def test_without_one_health_checks_move_clients_and_a_person_the_database(drill: Drills) -> None:
    result = drill("region-loss", by_hand)
    assert result.passed, result.causes
    assert said(result, "operator") == [
        "is told by an alarm",
        "calls rds:FailoverGlobalCluster",
        "promotes the database",
    ]
    assert any("target tracking" in line for line in said(result, "Auto Scaling"))
    assert check(result, "serves")[1].endswith("last row: us-west-2")
    assert "3 gone" in check(result, "rows")[1]  # rows of the last three seconds, a second apart
    assert result.refused > 100  # nobody writes until the person has decided
    times = [line["at"] for line in result.timeline]
    assert times == sorted(times)


def test_the_time_is_made_of_the_machinerys_own_events(results: dict[str, Result]) -> None:
    result = results["region-loss"]
    at = {line["what"]: line["at"] for line in result.timeline}
    told, acts = at["is told by an alarm"], at["calls rds:FailoverGlobalCluster"]
    [writes] = [when for what, when in at.items() if what.endswith(" writes")]
    assert acts - told == pytest.approx(1200, abs=10)  # between the ends of decide.person
    assert writes - acts == pytest.approx(330, abs=1)  # and of aurora.global_failover
    assert result.seconds is not None
    assert 130 + result.seconds == pytest.approx(writes, abs=10)


def test_a_bad_release_is_rolled_back_by_the_groups_own_preferences(
    ground: Ground, results: dict[str, Result]
) -> None:
    preferences = ground.system("web").refresh
    assert preferences["AutoRollback"] is True
    assert len(preferences["AlarmSpecification"]["Alarms"]) == 3
    lines = said(results["bad-release"], "Auto Scaling")
    assert lines[0].endswith("InProgress")
    assert lines[-1].endswith("RollbackSuccessful")
    assert results["bad-release"].refused == 0


def test_a_planned_move_loses_nothing_and_goes_back(results: dict[str, Result]) -> None:
    result = results["switchover"]
    assert said(result).count("calls rds:SwitchoverGlobalCluster") == 2
    assert check(result, "rows") == (
        True,
        f"{result.acknowledged} rows acknowledged, 0 gone, may be gone: none",
    )
    assert check(result, "fails back")[0]


def test_servers_go_over_to_the_restored_database_by_themselves(results: dict[str, Result]) -> None:
    result = results["corruption"]
    [ready] = [
        line["at"]
        for line in result.timeline
        if line["what"] == "shop-production-web-db-restored is restored"
    ]
    [told] = [line["at"] for line in result.timeline if line["what"] == "calls ssm:PutParameter"]
    assert ready <= told
    assert not [line for line in result.timeline if line["at"] >= 130 and line["who"] == "Auto Scaling"]
    assert result.seconds is not None
    assert told - 130 <= result.seconds <= told - 130 + 60 + 30, "a look of each minute, and the next row"


# What is deployed decides how long it takes


def slower_checks(world: World) -> None:
    """Every endpoint's check wants twice as many failures."""
    route53 = world.boto("route53", EAST)
    for each in route53.list_health_checks()["HealthChecks"]:
        if each["HealthCheckConfig"]["Type"] == "HTTPS":
            route53.update_health_check(HealthCheckId=each["Id"], FailureThreshold=6)


def slower_targets(world: World) -> None:
    elb = world.boto("elbv2", EAST)
    [group] = elb.describe_target_groups()["TargetGroups"]
    elb.modify_target_group(
        TargetGroupArn=group["TargetGroupArn"], HealthCheckIntervalSeconds=30, UnhealthyThresholdCount=5
    )


def both(world: World) -> None:
    slower_checks(world)
    slower_targets(world)


@pytest.mark.parametrize(
    ("prepare", "detected"),
    [(None, 155), (slower_checks, 155), (slower_targets, 163), (both, 193)],
)
def test_a_slower_check_makes_the_drill_longer(
    drill: Drills, results: dict[str, Result], prepare: Any, detected: int
) -> None:
    """An alias to a load balancer turns with its targets' checks, or with the record's health check: whichever is first."""
    result = results["region-loss"] if prepare is None else drill("region-loss", prepare)
    [told] = [line["at"] for line in result.timeline if line["what"] == "is told by an alarm"]
    assert told == pytest.approx(detected, abs=5)
    assert result.seconds == pytest.approx(results["region-loss"].seconds + told - 155, abs=10)


# A plan or a state machine acts in the person's place


def plan(world: World, ground: Ground, *, database: bool = True) -> str:
    """A Region switch plan of the system, as its component declares it."""
    system = ground.system("web")
    groups = {
        place.region: group_behind(world, place.region, place.load_balancer)["AutoScalingGroupARN"]
        for place in (system.home, system.away)
    }
    moved = GlobalDatabase(
        identifier=system.global_cluster, cluster_arns=clusters(world, system, system.home.region)
    )
    provider = Provider(endpoint=world.aws.endpoint, region=EAST, default_tags=None)
    args = RegionSwitchArgs(
        plan_name="web",
        regions=(EAST, WEST),
        groups=groups,
        database=moved if database else None,
        tags=replace(TAGS, rto_hours=4),
    )
    assert deploy(lambda: RegionSwitch("switch", args) and None)
    return put(provider, args)


def test_a_plan_is_run_where_there_is_one(ground: Ground, drill: Drills) -> None:
    result = drill("region-loss", lambda world: plan(world, ground) and None)
    assert result.passed, result.causes
    assert "calls arc-region-switch:StartPlanExecution" in said(result, "operator")
    assert "calls rds:FailoverGlobalCluster" in said(result, "Region-switch")
    assert "calls rds:FailoverGlobalCluster" not in said(result, "operator")
    done = [line for line in said(result, "Region switch") if line.endswith(": completed")]
    assert len(done) == 3  # servers, database, and both beside each other
    steps = {line["what"]: line["at"] for line in result.timeline if line["who"] == "Region switch"}
    assert max(steps.values()) - min(steps.values()) >= 330  # the database's step waits for the database
    assert check(result, "capacity")[1].startswith("6 of 4")


def machine(world: World, ground: Ground) -> None:
    """In place of the deployed ones, a state machine of the west that promotes its database and looks each ten seconds whether it writes."""
    by_hand(world)
    system = ground.system("web")
    api = "arn:aws:states:::aws-sdk:rds:"
    target = clusters(world, system, EAST)[WEST]
    whole = {"GlobalClusterIdentifier": system.global_cluster}
    moved = {**whole, "TargetDbClusterIdentifier": target, "AllowDataLoss": True}
    writes = {"Variable": "$.status", "StringEquals": "available", "Next": "Done"}
    wait = {
        "StartAt": "Wait",
        "States": {
            "Wait": {"Type": "Wait", "Seconds": 10, "Next": "Look"},
            "Look": {
                "Type": "Task", "Resource": f"{api}describeGlobalClusters", "Parameters": whole, "TimeoutSeconds": 60,
                "ResultSelector": {"status.$": "$.GlobalClusters[0].Status"}, "Next": "Writes",
            },
            "Writes": {"Type": "Choice", "Choices": [writes], "Default": "Wait"},
            "Done": {"Type": "Succeed"},
        },
    }  # fmt: skip
    aside = {"StartAt": "Aside", "States": {"Aside": {"Type": "Wait", "Seconds": 45, "End": True}}}
    definition = {
        "StartAt": "FailOver",
        "States": {
            "FailOver": {
                "Type": "Task", "Resource": f"{api}failoverGlobalCluster", "Parameters": moved, "TimeoutSeconds": 60,
                "Next": "Both",
            },
            "Both": {"Type": "Parallel", "Branches": [wait, aside], "End": True},
        },
    }  # fmt: skip
    role = world.boto("iam", EAST).create_role(RoleName="takeover", AssumeRolePolicyDocument="{}")["Role"][
        "Arn"
    ]
    world.boto("stepfunctions", WEST).create_state_machine(
        name="web-takeover", definition=json.dumps(definition), roleArn=role
    )


def test_a_state_machine_is_run_where_there_is_one_and_waits_on_the_simulated_clock(
    ground: Ground, drill: Drills
) -> None:
    result = drill("region-loss", lambda world: machine(world, ground))
    assert result.passed, result.causes
    assert "calls states:StartExecution" in said(result, "operator")
    called = [line for line in result.timeline if line["what"] == "calls rds:FailoverGlobalCluster"]
    assert [line["who"] for line in called] == ["AWS"]
    [writes] = [line["at"] for line in result.timeline if line["what"].endswith(" writes")]
    assert writes - called[0]["at"] == pytest.approx(330)


# Without what protects it, each fails


def without_health_check(world: World) -> None:
    """The serving region's record answers whatever happens."""
    route53 = world.boto("route53", EAST)
    [zone] = route53.list_hosted_zones()["HostedZones"]
    records = route53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
    [record] = [r for r in records if r["Name"] == f"{SITE}." and r["SetIdentifier"] == EAST]
    del record["HealthCheckId"]
    record["AliasTarget"]["EvaluateTargetHealth"] = False
    change = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    route53.change_resource_record_sets(HostedZoneId=zone["Id"], ChangeBatch=change)


def with_disabled_checks(world: World) -> None:
    without_health_check(world)
    route53 = world.boto("route53", EAST)
    [zone] = route53.list_hosted_zones()["HostedZones"]
    records = route53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
    [record] = [r for r in records if r["Name"] == f"{SITE}." and r["SetIdentifier"] == EAST]
    [check_id] = {
        r["HealthCheckId"] for r in records if r["Name"] == f"{EAST}.{SITE}." and "HealthCheckId" in r
    }
    change = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": {**record, "HealthCheckId": check_id}}]}
    route53.change_resource_record_sets(HostedZoneId=zone["Id"], ChangeBatch=change)
    for each in route53.list_health_checks()["HealthChecks"]:
        if each["HealthCheckConfig"]["Type"] == "HTTPS":
            route53.update_health_check(HealthCheckId=each["Id"], Disabled=True)


def without_replica(world: World) -> None:
    arn = f"arn:aws:rds:{WEST}:123456789012:cluster:shop-production-web-db"
    world.boto("rds", WEST).remove_from_global_cluster(
        GlobalClusterIdentifier="shop-production-web", DbClusterIdentifier=arn
    )


def without_reader(world: World) -> None:
    rds = world.boto("rds", EAST)
    [cluster] = rds.describe_db_clusters()["DBClusters"]
    [reader] = [m for m in cluster["DBClusterMembers"] if not m["IsClusterWriter"]]
    rds.delete_db_instance(DBInstanceIdentifier=reader["DBInstanceIdentifier"])


def without_secret_copy(world: World) -> None:
    secrets = world.boto("secretsmanager", EAST)
    [secret] = secrets.list_secrets()["SecretList"]
    secrets.remove_regions_from_replication(SecretId=secret["ARN"], RemoveReplicaRegions=[WEST])


def with_maximum(size: int, region: str = WEST) -> Callable[[World], None]:
    def prepare(world: World) -> None:
        scaling = world.boto("autoscaling", region)
        [group] = scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
        scaling.update_auto_scaling_group(
            AutoScalingGroupName=group["AutoScalingGroupName"],
            MinSize=size,
            MaxSize=size,
            DesiredCapacity=size,
        )

    return prepare


def without_scaling(world: World) -> None:
    by_hand(world)
    scaling = world.boto("autoscaling", WEST)
    for policy in scaling.describe_policies()["ScalingPolicies"]:
        scaling.delete_policy(
            AutoScalingGroupName=policy["AutoScalingGroupName"], PolicyName=policy["PolicyName"]
        )


def with_short_grace(world: World) -> None:
    scaling = world.boto("autoscaling", WEST)
    [group] = scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
    scaling.update_auto_scaling_group(
        AutoScalingGroupName=group["AutoScalingGroupName"], HealthCheckGracePeriod=60
    )


def without_backups(world: World) -> None:
    """The restore can't reach back: retention is a day, and the corruption is noticed later."""
    rds = world.boto("rds", EAST)
    [cluster] = rds.describe_db_clusters()["DBClusters"]
    rds.modify_db_cluster(DBClusterIdentifier=cluster["DBClusterIdentifier"], BackupRetentionPeriod=0)


def without_timer(world: World) -> None:
    """Servers look at their start alone what their application is told."""
    scaling, ec2 = world.boto("autoscaling", EAST), world.boto("ec2", EAST)
    [group] = scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
    name, policy = group["AutoScalingGroupName"], group["MixedInstancesPolicy"]
    used = policy["LaunchTemplate"]["LaunchTemplateSpecification"]
    which = {"LaunchTemplateId": used["LaunchTemplateId"]}
    [last] = ec2.describe_launch_template_versions(**which, Versions=[used["Version"]])[
        "LaunchTemplateVersions"
    ]
    script = base64.b64decode(last["LaunchTemplateData"]["UserData"]).decode()
    data = {"UserData": base64.b64encode(script.replace("OnUnitActiveSec=60", "").encode()).decode()}
    made = ec2.create_launch_template_version(
        **which, SourceVersion=used["Version"], LaunchTemplateData={**last["LaunchTemplateData"], **data}
    )["LaunchTemplateVersion"]
    spec = {**which, "Version": str(made["VersionNumber"])}
    template = {**policy["LaunchTemplate"], "LaunchTemplateSpecification": spec}
    new = {"MixedInstancesPolicy": {**policy, "LaunchTemplate": template}}
    for size in (0, group["DesiredCapacity"]):  # all of them are new
        scaling.update_auto_scaling_group(
            AutoScalingGroupName=name, MinSize=size, DesiredCapacity=size, **new
        )


SABOTAGES = {
    "no health check": (
        "region-loss",
        without_health_check,
        f"record of {SITE} for {EAST} follows no health check",
    ),
    "disabled health checks": ("region-loss", with_disabled_checks, f"of {SITE} for {EAST} is disabled"),
    "no replica": ("region-loss", without_replica, f"shop-production-web has no member in {WEST}"),
    "no copy of the secret": ("region-loss", without_secret_copy, f"can't be read in {WEST}"),
    "capacity too low": ("region-loss", with_maximum(3), f"group in {WEST} has a maximum of 3, below the 4"),
    "nothing scales": ("region-loss", without_scaling, f"group in {WEST} stays at 3 servers, 4 carry"),
    "grace too short": (
        "region-loss",
        with_short_grace,
        "its grace period of 60 s ends before they have started",
    ),
    "no reader, zone": ("zone", without_reader, "has no reader that could take over from its writer"),
    "no spare capacity, zone": (
        "zone",
        with_maximum(4, EAST),
        "has 4 servers, and 4 carry the whole load: without the 2 of a lost zone",
    ),
    "no reader, instance": ("instance", without_reader, "has no reader that could take over from its writer"),
    "no replica, planned": ("switchover", without_replica, f"shop-production-web has no member in {WEST}"),
    "no timer": (
        "corruption",
        without_timer,
        f"the servers in {EAST} go on with shop-production-web-db: nothing has told them of shop-production-web-db-restored",
    ),
    "no backups": ("corruption", without_backups, "the restorable times of shop-production-web-db"),
}


@pytest.mark.parametrize("name", SABOTAGES)
def test_without_what_protects_it_a_drill_fails_and_names_the_cause(drill: Drills, name: str) -> None:
    scenario, prepare, cause = SABOTAGES[name]
    result = drill(scenario, prepare)
    assert not result.passed
    assert cause in result.causes[0], result.causes
    assert "\n" not in result.causes[0]


def test_a_plan_without_the_databases_step_fails(ground: Ground, drill: Drills) -> None:
    result = drill("region-loss", lambda world: plan(world, ground, database=False) and None)
    assert not result.passed
    assert result.causes[0].startswith("plan web has no step for global database shop-production-web")


def test_a_stale_runbook_fails(drill: Drills) -> None:
    stale = {
        "service": "rds",
        "region": WEST,
        "operation": "failover_global_cluster",
        "parameters": {
            "GlobalClusterIdentifier": "shop-production-web",
            "TargetDbClusterIdentifier": f"arn:aws:rds:{WEST}:123456789012:cluster:the-one-before",
            "AllowDataLoss": True,
        },
    }
    result = drill("region-loss", runbook=[stale])
    assert not result.passed
    assert "the-one-before is not found in global cluster shop-production-web" in result.causes[0]


def test_a_release_that_may_not_go_back_fails(ground: Ground, drill: Drills) -> None:
    system = ground.system("web")
    stuck = replace(system, refresh={**system.refresh, "AutoRollback": False})
    result = drill("bad-release", system=stuck)
    assert not result.passed
    assert result.causes[0].startswith("rolled back: Failed")


# What a drill leaves, and leaves alone


def test_a_lost_region_refuses_every_call_and_the_resolver_answers(ground: Ground) -> None:
    with ground.copy() as world:
        world.start(0.5)
        world.call("break", region=EAST)
        for service, call in (
            ("rds", "describe_db_clusters"),
            ("ec2", "describe_instances"),
            ("route53", "list_hosted_zones"),
            ("iam", "list_roles"),
        ):
            with pytest.raises(ClientError, match="ServiceUnavailable"):
                getattr(world.boto(service, EAST), call)()
        assert world.boto("rds", WEST).describe_db_clusters()["DBClusters"]
        system = ground.system("web")
        found = world.boto("route53", EAST).test_dns_answer(
            HostedZoneId=system.zone_id, RecordName=SITE, RecordType="A"
        )
        assert found["RecordData"] == [system.home.load_balancer]
        world.advance(40)
        found = world.boto("route53", EAST).test_dns_answer(
            HostedZoneId=system.zone_id, RecordName=SITE, RecordType="A"
        )
        assert found["RecordData"] == [system.away.load_balancer]


def test_what_is_deployed_stays_as_it_is(ground: Ground, results: dict[str, Result]) -> None:
    assert results
    faults = ground.aws.call("GET", "/sandbox/faults")
    assert not any(faults.values())
    rds = client(ground.aws.endpoint, "rds", WEST)
    [whole] = rds.describe_global_clusters()["GlobalClusters"]
    assert [m["DBClusterArn"].split(":")[3] for m in whole["GlobalClusterMembers"] if m["IsWriter"]] == [EAST]
    with pytest.raises(ServerError, match="the clock isn't running"):
        ground.aws.call("POST", "/sandbox/clock/advance", {"seconds": 1})


def test_an_interrupted_drill_leaves_no_process_and_the_next_one_runs(
    ground: Ground, drill: Drills, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    class Interrupted(command.Drill):
        def run(self) -> Result:
            made.append(self._world.aws.pid)
            raise KeyboardInterrupt

    with monkeypatch.context() as changed:
        changed.setattr(command, "Drill", Interrupted)
        with pytest.raises(KeyboardInterrupt):
            list(command.carry_out(ground, [BY_NAME["zone"]], [ground.system("web")], 0.5))
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and Path(f"/proc/{made[0]}").exists():
        time.sleep(0.01)
    with pytest.raises(ProcessLookupError):
        os.kill(made[0], 0)
    assert drill("instance").passed


def test_drills_at_work_end_with_the_command(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C reaches the command, not the threads beside it: their copies are ended under them."""
    monkeypatch.setattr(command, "AT_ONCE", 2)
    ended: list[str] = []
    started = threading.Event()

    class Endless(command.Drill):
        def run(self) -> Result:
            if self.result.scenario.name == "zone":
                return self.result
            self._world.start(0.5)
            started.set()
            began = time.monotonic()
            try:
                while time.monotonic() - began < 20:
                    self._world.advance(1)
            except ServerError:
                ended.append("its AWS is gone")
            return self.result

    monkeypatch.setattr(command, "Drill", Endless)
    at_work = command.carry_out(ground, [BY_NAME["zone"], BY_NAME["instance"]], [ground.system("web")], 0.5)
    assert next(at_work).scenario.name == "zone"
    assert started.wait(10)
    began = time.monotonic()
    at_work.close()  # type: ignore[attr-defined]
    assert time.monotonic() - began < 15
    assert ended == ["its AWS is gone"]


def test_the_evidence_is_what_happened(results: dict[str, Result], tmp_path: Path) -> None:
    data, html = evidence.write(results["region-loss"], tmp_path)
    assert data.name == "web-region-loss.json"
    found = json.loads(data.read_text())
    assert (found["scenario"], found["system"], found["passed"]) == ("region-loss", "web", True)
    assert found["seconds"] == results["region-loss"].seconds
    assert found["promised"]["time"] == {"low": 865, "high": 2915}
    assert found["timeline"] == results["region-loss"].timeline
    page = html.read_text()
    assert "passed" in page
    for line in found["timeline"]:
        assert str(line["where"]) in page
    assert "<script" not in page
    assert "http://" not in page.replace("https://", "")
