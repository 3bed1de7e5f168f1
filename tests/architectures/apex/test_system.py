"""What an APEX system registers in each region under each strategy, and what recovery it keeps."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.recovery import judge
from policies.recovery.model import Verdict
from tests.architectures.apex.conftest import SE2, configured, pair
from tests.architectures.conftest import PEER, deployed, outputs
from tests.architectures.strategies import assert_facts_as_read
from tests.architectures.test_recovery_facts import COMPARED
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment

INSTANCE, SERVICE = "aws:rds/instance:Instance", "aws:ecs/service:Service"
REGIONS = {"prod": "us-east-1", "dr": "us-west-2"}
BACKUPS = {"database": SE2, "strategy": "backup-and-restore"}
STAGING: dict[str, Any] = {**BACKUPS, "hours": {}, "whole": {"environment": "staging"}}
KEPT = (Verdict.MET, Verdict.MET_IF)


def one(stack: Deployment, kind: str, name: str | None = None) -> dict[str, Any]:
    return stack.one(kind, name).inputs if name else stack.one(kind).inputs


def test_the_database_writes_in_two_zones_and_is_what_the_settings_say(
    example: dict[str, Deployment],
) -> None:
    made = example["prod"].one(INSTANCE)
    assert {
        "engine": "oracle-ee",
        "licenseModel": "bring-your-own-license",
        "multiAz": True,
        "dbName": "ORCL",
        "storageEncrypted": True,
        "publiclyAccessible": False,
        "iamDatabaseAuthenticationEnabled": False,
        "backupRetentionPeriod": 35,
        "deletionProtection": True,
        "enabledCloudwatchLogsExports": ["alert", "listener"],
    }.items() <= made.inputs.items()
    assert made.protect
    assert made.tags["rpo-minutes"] == "30"
    password = json.loads(one(example["prod"], "SecretVersion")["secretStringWo"])["password"]
    assert len(password) == 30, "Oracle takes no longer one"
    parameters = one(example["prod"], "aws:rds/parameterGroup:ParameterGroup")
    assert parameters["family"] == "oracle-ee-19"


@pytest.mark.parametrize("stack", ["prod", "dr"])
def test_its_options_are_apex_and_tls_behind_its_security_group(
    stack: str, example: dict[str, Deployment]
) -> None:
    group = one(example[stack], "OptionGroup")
    assert (group["engineName"], group["majorEngineVersion"]) == ("oracle-ee", "19")
    apex, tls = group["options"]
    assert apex == {"optionName": "APEX", "version": "24.2.v1", "optionSettings": []}
    assert (tls["optionName"], tls["port"]) == ("SSL", 2484)
    assert {"name": "SQLNET.SSL_VERSION", "value": "1.2"} in tls["optionSettings"]
    assert len(tls["vpcSecurityGroupMemberships"]) == 1


def test_more_options_are_asked_for() -> None:
    stack = pair(database={"development": True, "zoneFileUpgrade": True})["prod"]
    names = [each["optionName"] for each in one(stack, "OptionGroup")["options"]]
    assert names == ["APEX", "APEX-DEV", "SSL", "TIMEZONE_FILE_AUTOUPGRADE"]


@pytest.mark.parametrize("stack", ["prod", "dr"])
def test_nobody_reaches_the_port_that_speaks_plain_text(stack: str, example: dict[str, Deployment]) -> None:
    rules = [
        *example[stack].all("SecurityGroupIngressRule"),
        *example[stack].all("SecurityGroupEgressRule"),
    ]
    ports = {int(rule.inputs["fromPort"]) for rule in rules if rule.name.startswith("crm-")}
    assert ports == {80, 443, 2484, 8080}


def test_tasks_are_told_where_it_listens_and_which_secret_opens_it(example: dict[str, Deployment]) -> None:
    for stack in example.values():
        [container] = json.loads(one(stack, "TaskDefinition")["containerDefinitions"])
        told = {each["name"]: each["value"] for each in container["environment"]}
        own = stack.made[stack.one(INSTANCE).urn]["address"]
        assert (told["DBHOST"], told["DBPORT"], told["DBSERVICENAME"]) == (own, "2484", "ORCL")
        assert told["DB_SECRET_ARN"].split(":")[3] == REGIONS["prod" if stack is example["prod"] else "dr"]
        assert "password" not in json.dumps(container).lower()


def test_the_other_regions_replica_is_encrypted_by_its_own_key_and_follows(
    example: dict[str, Deployment],
) -> None:
    source, replica = example["prod"].one(INSTANCE), example["dr"].one(INSTANCE)
    assert replica.inputs["replicateSourceDb"] == example["prod"].made[source.urn]["arn"]
    assert replica.inputs["replicaMode"] == "mounted"
    assert replica.inputs["kmsKeyId"] == outputs(example["prod"])["foundation"]["peerKeyArn"]
    assert "optionGroupName" not in replica.inputs, (
        "RDS gives it one that it can't leave before it is promoted"
    )
    assert {"replicateSourceDb", "replicaMode", "optionGroupName"} <= set(replica.ignore_changes)
    assert replica.protect
    assert not example["dr"].all("Secret")


def test_the_takeover_promotes_it_and_gives_it_its_options(example: dict[str, Deployment]) -> None:
    replica = example["dr"].one(INSTANCE)
    definition = json.loads(one(example["dr"], "StateMachine")["definition"])
    branches = definition["States"]["Move"]["Branches"]
    [moved] = [each["States"] for each in branches if "Promote" in each["States"]]
    name = example["dr"].made[replica.urn]["identifier"]
    assert moved["Promote"]["Resource"].endswith(":rds:promoteReadReplica")
    assert moved["Promote"]["Parameters"] == {"DbInstanceIdentifier": name}
    assert moved["GiveOptions"]["Parameters"] == {
        "DbInstanceIdentifier": name,
        "OptionGroupName": example["dr"].made[example["dr"].one("OptionGroup").urn]["name"],
        "ApplyImmediately": True,
    }
    founder = json.loads(one(example["prod"], "StateMachine")["definition"])
    assert "Promote" not in json.dumps(founder), "its own database is no replica"


@pytest.mark.parametrize(
    ("changes", "tasks", "instances"),
    [
        (BACKUPS, [], 0),
        ({}, [0], 1),
        ({"database": {"replicaMode": "open-read-only"}, "strategy": "warm-standby"}, [3], 1),
    ],
)
def test_what_stands_by(changes: dict[str, Any], tasks: list[int], instances: int) -> None:
    stacks = pair(**changes)
    assert [int(each.inputs["desiredCount"]) for each in stacks["prod"].all(SERVICE)] == [3]
    assert [int(each.inputs["desiredCount"]) for each in stacks["dr"].all(SERVICE)] == tasks
    assert len(stacks["dr"].all(INSTANCE)) == instances
    [copies] = stacks["prod"].all("InstanceAutomatedBackupsReplication")
    assert copies.inputs["region"] == "us-west-2"
    assert copies.inputs["retentionPeriod"] == 35
    assert copies.protect


@pytest.mark.parametrize("changes", [{}, BACKUPS])
def test_what_it_promises_it_keeps_and_tells(changes: dict[str, Any]) -> None:
    stacks = pair(**changes)
    both = [r for stack, region in REGIONS.items() for r in resources(stacks[stack], region)]
    for found in judge(both).failures.values():
        for node in found.nodes:
            if node.unit.kind == "rds" and node.unit.region == "us-east-1":
                assert node.verdict in KEPT, (node.failure, node.rpo, node.rto)


@pytest.mark.parametrize("stack", ["prod", "dr"])
def test_what_it_tells_is_what_the_estimator_reads(stack: str, example: dict[str, Deployment]) -> None:
    told = assert_facts_as_read(example[stack], stack, REGIONS[stack], (*COMPARED, "log_copies"))
    assert "crm-db-db" in told


def test_a_region_is_rebuilt_out_of_the_backups_that_were_replicated_there() -> None:
    prod = deployed("prod", configured("prod", **BACKUPS), {})
    given = {**BACKUPS, "database": {**SE2, "restores": [{"name": "first"}]}}
    dr = deployed("dr", configured("dr", **given), {PEER: outputs(prod)})
    made = dr.one(INSTANCE)
    copies = outputs(prod)["systems"]["crm"]["databases"]["original"]["backupsArn"]
    assert made.name == "crm-db-first-db"
    assert made.inputs["restoreToPointInTime"] == {
        "sourceDbInstanceAutomatedBackupsArn": copies,
        "useLatestRestorableTime": True,
    }
    assert "dbName" not in made.inputs
    assert "restoreToPointInTime" in made.ignore_changes
    assert [int(each.inputs["desiredCount"]) for each in dr.all(SERVICE)] == [3]


def test_corrupted_data_is_restored_beside_what_is_there() -> None:
    moment = "2026-11-26T10:00:00Z"
    stack = deployed(
        "prod", configured("prod", database={"restores": [{"name": "before", "time": moment}]}), {}
    )
    [before, restored] = sorted(stack.all(INSTANCE), key=lambda each: len(each.name))
    assert restored.inputs["restoreToPointInTime"] == {
        "sourceDbInstanceIdentifier": stack.made[before.urn]["identifier"],
        "restoreTime": moment,
    }
    [container] = json.loads(one(stack, "TaskDefinition")["containerDefinitions"])
    told = {each["name"]: each["value"] for each in container["environment"]}
    assert told["DBHOST"] == stack.made[restored.urn]["address"]


def test_it_is_stopped_at_night_where_it_is_not_production() -> None:
    stacks = pair(**STAGING)
    schedules = {each.name: each.inputs for each in stacks["prod"].all("Schedule")}
    said = {
        name.removeprefix("crm-hours-"): (
            each["scheduleExpression"],
            each["target"]["arn"].rpartition("aws-sdk:")[2],
            json.loads(each["target"]["input"]),
        )
        for name, each in schedules.items()
    }
    database = stacks["prod"].made[stacks["prod"].one(INSTANCE).urn]["identifier"]
    service = stacks["prod"].made[stacks["prod"].one(SERVICE).urn]["name"]
    tasks = {"Cluster": "example-staging-crm", "Service": service}
    assert said == {
        "start-database": (
            "cron(30 6 ? * MON-FRI *)",
            "rds:startDBInstance",
            {"DbInstanceIdentifier": database},
        ),
        "start-tasks": ("cron(0 7 ? * MON-FRI *)", "ecs:updateService", {**tasks, "DesiredCount": 3}),
        "stop-tasks": ("cron(0 20 ? * MON-FRI *)", "ecs:updateService", {**tasks, "DesiredCount": 0}),
        "stop-database": (
            "cron(0 20 ? * MON-FRI *)",
            "rds:stopDBInstance",
            {"DbInstanceIdentifier": database},
        ),
    }
    policy = json.loads(one(stacks["prod"], "RolePolicy", "crm-hours-policy")["policy"])
    assert all(each["Resource"] != "*" for each in policy["Statement"])
    hosts = one(stacks["prod"], "MetricAlarm", "crm-ords-hosts")["metricQueries"]
    assert hosts[0]["expression"].startswith("IF(FILL(wanted, 0) > 0")
    assert not stacks["dr"].all("Schedule")


def test_without_an_image_the_database_stands_and_waits() -> None:
    stack = deployed("prod", configured("prod", site=None, server={"image": None}), {})
    assert len(stack.all(INSTANCE)) == 1
    assert not stack.all(SERVICE)
    assert not stack.all("aws:lb/loadBalancer:LoadBalancer")


@pytest.mark.parametrize("stack", ["prod", "dr"])
def test_the_runbook_has_the_real_names(stack: str, example: dict[str, Deployment]) -> None:
    found = example[stack]
    region = REGIONS[stack]
    text = one(found, "BucketObjectv2", f"crm-runbook-{region}")["content"]
    assert "@" not in text
    assert found.made[found.one(INSTANCE).urn]["identifier"] in text
    machine = found.made[found.one("StateMachine").urn]["arn"]
    assert (machine in text) == (stack == "dr"), "the founder's machine would lead clients to older data"
