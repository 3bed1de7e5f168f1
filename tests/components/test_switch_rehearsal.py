"""Experiments, zonal autoshift and server recovery."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from components.switch import (
    CLUSTERS,
    EXPERIMENTS,
    INSTANCES,
    SUBNETS,
    Experiments,
    ExperimentsArgs,
    ServerRecovery,
    ServerRecoveryArgs,
    ZonalAutoshift,
    ZonalAutoshiftArgs,
    opt_in,
)
from tests.components.test_switch_region import TAGS
from tests.pulumi_mocks import Deployment, deploy

ALARM = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:unhealthy"
ARGS = ExperimentsArgs(
    region="us-east-1",
    zone_name="us-east-1a",
    peer_region="us-west-2",
    stop_alarm_arns={"unhealthy": ALARM},
    report_bucket="reports",
    key_arn="arn:key",
    tags=replace(TAGS, workload="games"),
)
SHIFT = ZonalAutoshiftArgs(resource_arn="arn:lb", outcome_alarm_arns={"unhealthy": ALARM})
SERVERS = ServerRecoveryArgs(
    subnet_id="subnet-12345678", security_group_ids=["sg-1"], key_arn="arn:key", tags=TAGS
)


def run(args: ExperimentsArgs = ARGS) -> Deployment:
    return deploy(lambda: Experiments("game", args) and None)


@pytest.mark.parametrize("name", list(EXPERIMENTS))
def test_every_experiment_stops_hits_what_opted_in_lasts_minutes_and_leaves_a_record(name: str) -> None:
    deployment = run()
    found = deployment.one("ExperimentTemplate", f"game-{name}").inputs
    assert found["stopConditions"] == [{"source": "aws:cloudwatch:alarm", "value": ALARM}]
    for target in found["targets"]:
        tags = {tag["key"]: tag["value"] for tag in target["resourceTags"]}
        shared = {"fis-ready": "true", "environment": "production", "system": "shop"}
        mine = {} if target["resourceType"] == "aws:ec2:subnet" else {"workload": "games"}
        assert tags == {**shared, **mine}
        running = {"path": "State.Name", "values": ["running"]} in target.get("filters", [])
        assert running is (target["resourceType"] == "aws:ec2:instance")
        assert "resourceArns" not in target
    lasting = [
        p["value"] for a in found["actions"] for p in a.get("parameters", []) if p["value"].startswith("PT")
    ]
    assert set(lasting) <= {"PT10M"}
    assert {a["target"]["value"] for a in found["actions"]} == {t["name"] for t in found["targets"]}
    group = "arn:aws:mock:us-east-1:123456789012:game-logs:*"
    assert found["logConfiguration"]["cloudwatchLogsConfiguration"] == {"logGroupArn": group}
    outputs = found["experimentReportConfiguration"]["outputs"]
    assert outputs == {"s3Configuration": {"bucketName": "reports", "prefix": "game"}}
    assert found["experimentOptions"]["emptyTargetResolutionMode"] == "fail"
    assert found["tags"] == ARGS.tags.resource(f"game-{name}")
    assert (
        deployment.one("RolePolicy").urn in deployment.one("ExperimentTemplate", f"game-{name}").dependencies
    )


def test_what_each_does() -> None:
    deployment = run()
    actions = {
        name: {
            a["actionId"]: a.get("parameters")
            for a in deployment.one("ExperimentTemplate", f"game-{name}").inputs["actions"]
        }
        for name in EXPERIMENTS
    }
    lasts = {"key": "duration", "value": "PT10M"}
    assert actions == {
        "instance": {"aws:ec2:terminate-instances": None},
        "task": {"aws:ecs:stop-task": None},
        "database": {"aws:rds:failover-db-cluster": None},
        "zone-power": {
            "aws:ec2:stop-instances": [
                {"key": "completeIfInstancesTerminated", "value": "true"},
                {"key": "startInstancesAfterDuration", "value": "PT10M"},
            ],
            "aws:network:disrupt-connectivity": [{"key": "scope", "value": "all"}, lasts],
        },
        "cross-region": {
            "aws:network:route-table-disrupt-cross-region-connectivity": [
                lasts,
                {"key": "region", "value": "us-west-2"},
            ]
        },
    }
    zone = deployment.one("ExperimentTemplate", "game-zone-power").inputs["targets"]
    assert [t["filters"][0] for t in zone] == [
        {"path": path, "values": ["us-east-1a"]}
        for path in ("Placement.AvailabilityZone", "AvailabilityZone")
    ]
    one = deployment.one("ExperimentTemplate", "game-instance").inputs["targets"][0]
    assert (one["selectionMode"], one["resourceType"]) == ("COUNT(1)", "aws:ec2:instance")


def test_the_role_is_for_the_experiments_that_there_are() -> None:
    deployment = run(replace(ARGS, names=["database"]))
    [attached] = deployment.all("RolePolicyAttachment")
    assert (
        attached.inputs["policyArn"]
        == "arn:aws:iam::aws:policy/service-role/AWSFaultInjectionSimulatorRDSAccess"
    )
    [trusted] = json.loads(deployment.one("aws:iam/role:Role").inputs["assumeRolePolicy"])["Statement"]
    assert trusted["Principal"] == {"Service": "fis.amazonaws.com"}
    assert trusted["Condition"]["ArnLike"] == {
        "aws:SourceArn": "arn:aws:fis:us-east-1:123456789012:experiment/*"
    }
    assert len(run().all("RolePolicyAttachment")) == 4


@pytest.mark.parametrize(
    ("names", "agree"),
    [
        ([], set()),
        (["instance"], {INSTANCES}),
        (["task"], {"aws:ecs:task"}),
        (["database"], {CLUSTERS}),
        (["cross-region"], {SUBNETS}),
        (["zone-power", "database"], {INSTANCES, SUBNETS, CLUSTERS}),
    ],
)
def test_what_experiments_hit_agrees_and_nothing_else(names: list[str], agree: set[str]) -> None:
    every = {INSTANCES, CLUSTERS, SUBNETS, "aws:ecs:task"}
    assert {what: opt_in(what, names) for what in every} == {
        what: {"fis-ready": "true"} if what in agree else {} for what in every
    }


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"stop_alarm_arns": {}},
            "stop_alarm_arns: got .*, allowed is 1 or more: nothing ends the experiment",
        ),
        ({"names": ["meteor"]}, "names: got 'meteor', allowed is one of instance, task"),
        ({"names": []}, "names: got"),
        ({"names": ["task", "task"]}, "names: got task more than once, allowed is each once"),
        ({"minutes": 61}, "minutes: got 61, allowed is 1 to 60 minutes"),
        ({"zone_name": None}, "zone_name: got None, allowed is the zone of zone-power"),
        ({"peer_region": "us-east-1"}, "peer_region: got 'us-east-1', allowed is another region"),
        ({"log_days": 2}, "log_days: got 2"),
    ],
)
def test_experiments_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        run(replace(ARGS, **changes))


def test_aws_shifts_by_itself_and_rehearses_outside_of_blocked_windows() -> None:
    args = replace(
        SHIFT,
        blocked_windows=["Mon:08:00-Mon:18:00"],
        blocked_dates=["2026-12-24"],
        blocking_alarm_arns={"a": "arn:a"},
    )
    deployment = deploy(lambda: ZonalAutoshift("web", args) and None)
    found = deployment.one("ZonalAutoshiftConfiguration")
    assert found.inputs == {
        "resourceArn": "arn:lb",
        "zonalAutoshiftStatus": "ENABLED",
        "outcomeAlarms": [{"alarmIdentifier": ALARM, "type": "CLOUDWATCH"}],
        "blockingAlarms": [{"alarmIdentifier": "arn:a", "type": "CLOUDWATCH"}],
        "blockedWindows": ["Mon:08:00-Mon:18:00"],
        "blockedDates": ["2026-12-24"],
    }
    assert found.parent == deployment.one("holdfast:switch:ZonalAutoshift").urn


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"outcome_alarm_arns": {}}, "outcome_alarm_arns: got 0, allowed is 1 to 10 alarms"),
        (
            {"blocked_windows": ["Mon:25:00-Tue:00:00"]},
            "blocked_windows: got 'Mon:25:00-Tue:00:00', allowed is DAY:HH:MM",
        ),
        (
            {"blocked_windows": ["Mon:08:00-Wed:18:00"]},
            "got 'Mon:08:00-Wed:18:00', allowed is .* within a day",
        ),
        (
            {"blocked_windows": ["Mon:18:00-Mon:08:00"]},
            "got 'Mon:18:00-Mon:08:00', allowed is .* within a day",
        ),
        ({"blocked_dates": ["2026-02-30"]}, "blocked_dates: got '2026-02-30', allowed is YYYY-MM-DD"),
        ({"blocked_dates": ["24.12.2026"]}, "blocked_dates: got '24.12.2026', allowed is YYYY-MM-DD"),
        ({"blocked_dates": ["2026-12-24"] * 16}, "blocked_dates: got 16, allowed is 0 to 15"),
    ],
)
def test_autoshift_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        deploy(lambda: ZonalAutoshift("web", replace(SHIFT, **changes)) and None)


def test_servers_disks_are_copied_privately_encrypted_and_kept() -> None:
    found = (
        deploy(lambda: ServerRecovery("old", SERVERS) and None).one("ReplicationConfigurationTemplate").inputs
    )
    assert (found["dataPlaneRouting"], found["createPublicIp"]) == ("PRIVATE_IP", False)
    assert (found["ebsEncryption"], found["ebsEncryptionKeyArn"]) == ("CUSTOM", "arn:key")
    assert found["associateDefaultSecurityGroup"] is False
    points = [(p["units"], p["interval"], p["retentionDuration"], p["enabled"]) for p in found["pitPolicies"]]
    assert points == [("MINUTE", 10, 60, True), ("HOUR", 1, 24, True), ("DAY", 1, 7, True)]
    assert found["tags"] == TAGS.resource("old-template")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"security_group_ids": []}, "security_group_ids: got"),
        ({"retention_days": 0}, "retention_days: got 0, allowed is 1 to 365 days"),
    ],
)
def test_server_recovery_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        deploy(lambda: ServerRecovery("old", replace(SERVERS, **changes)) and None)
