"""A region that is lost is rebuilt from the copied recovery point by the program itself, on the Pulumi CLI, serves for good, and comes home.

The way home is what the runbooks of both regions say, their commands included.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import yaml

from sandbox.aws import server
from tests.engine.test_own_failover import named, required
from tests.engine.test_own_failover_stores import (
    EAST,
    FULL,
    LOST,
    WEST,
    ZONES,
    answers,
    changed,
    faulty,
    left,
    swapped,
    with_systems,
)
from tests.sandbox.test_runbook import call, commands

NAME, RESTORE, HOME = "cold", "rebuilt", "home"
OBJECTIVES = {
    "drTier": 3,
    "rtoHours": 24,
    "rpoMinutes": 1440,
    "corruption": {"rtoHours": 24, "rpoMinutes": 2880},
}
SYSTEMS = {NAME: {"strategy": "backup-and-restore", "cache": {}, "sessions": {}, "files": {}}}


@pytest.fixture(scope="module")
def deployed(holdfast):
    return with_systems(holdfast, SYSTEMS, OBJECTIVES)


@pytest.fixture(scope="module")
def at_first(deployed):
    """What the stack of the region that waits has before anything happens."""
    return urns(deployed, "dr")


def newest(deployed, region, source):
    """The recovery point that the region's vault got last of a database that is in the region `source`."""
    backup = deployed.boto("backup", region)
    found = [
        point
        for vault in backup.list_backup_vaults()["BackupVaultList"]
        for point in backup.list_recovery_points_by_backup_vault(
            BackupVaultName=vault["BackupVaultName"], ByResourceType="Aurora"
        )["RecoveryPoints"]
        if point["ResourceArn"].split(":")[3] == source
    ]
    return max(found, key=lambda each: each["CreationDate"])


def says(deployed, stack, change):
    """The stack's configuration is changed, until the next change: `change` gets it and the system's own keys."""
    path = deployed.root / f"Pulumi.{stack}.yaml"
    document = yaml.safe_load(path.read_text())
    change(document["config"], document["config"]["holdfast:systems"][NAME])
    path.write_text(yaml.safe_dump(document, sort_keys=False))


def restores(deployed, stack, name, point):
    """The stack's settings name a recovery point, as the runbook says."""
    given = {"restores": [{"name": name, "recoveryPoint": point}]}
    says(deployed, stack, lambda _config, system: system.update(database=given))


def followed(deployed, region, part):
    """Run every command of a part of a region's runbook, as the AWS CLI would: the recovery point that was listed last."""
    [text] = [each for each in deployed("runbook").document["runbooks"] if f" in {region} what was " in each]
    endpoint, point = server.running(deployed.state).endpoint, ""
    for command in commands(text, part):
        listed = call(endpoint, command.replace("POINT", point)).get("RecoveryPoints")
        point = listed[0]["RecoveryPointArn"] if listed else point
    return point


def running(deployed, region):
    """Ids of the servers of a region."""
    groups = deployed.boto("autoscaling", region).describe_auto_scaling_groups()["AutoScalingGroups"]
    return {server["InstanceId"] for group in groups for server in group["Instances"]}


def databases(deployed, region):
    """The clusters of a region."""
    found = deployed.boto("rds", region).describe_db_clusters()["DBClusters"]
    return {each["DBClusterIdentifier"]: each["Status"] for each in found}


def test_the_program_rebuilds_the_region_while_the_other_one_is_lost(deployed, at_first):
    aws = server.running(deployed.state)
    aws.call("POST", "/sandbox/clock/backups", {"arrives": 0})
    first = left(deployed)
    assert at_first
    before, point = databases(deployed, WEST), newest(deployed, WEST, EAST)
    faulty(aws, {EAST: LOST})
    lost = answers(deployed, SYSTEMS)
    restores(deployed, "dr", RESTORE, point["RecoveryPointArn"])
    built = deployed("up", "--stack", "dr")
    meanwhile, servers = answers(deployed, SYSTEMS), required(deployed, WEST)
    faulty(aws, {EAST: None})
    built.ok()
    after = left(deployed)
    assert first == {"prod": set(), "dr": set()}
    assert before == {}
    assert lost == {NAME: "cloudfront"}, "the page of last resort"
    assert set(built.changes("dr")) == {"create", "update"}
    assert meanwhile == {NAME: WEST}
    assert servers == {NAME: (FULL, FULL)}
    assert databases(deployed, WEST) == {f"shop-production-{NAME}-db-{RESTORE}": "available"}
    assert after == {"prod": set(), "dr": set()}, (
        "what was restored is the program's, and nothing of the lost region goes"
    )
    assert answers(deployed, SYSTEMS) == {NAME: EAST}, "health brings back what nobody has moved for good"


def turned():
    """What the first run does: the founding region yields, and its servers go when scaling finds them idle."""
    found = {("Group", "update", f"{NAME}-app-group"), ("MetricAlarm", "update", f"{NAME}-health-hosts")}
    found |= {("MetricAlarm", "delete", f"{NAME}-app-healthy-{zone}") for zone in ZONES["prod"]}
    found |= {
        ("ZonalAutoshift", "delete", f"{NAME}-zonal"),
        ("ZonalAutoshiftConfiguration", "delete", f"{NAME}-zonal-autoshift"),
    }
    found |= {("HealthCheck", "create", f"{NAME}-site-{what}") for what in ("us-west-2-lost", "behind")}
    return found | {("Record", "update", f"{NAME}-site-site-record")}


def test_two_runs_make_the_region_that_was_rebuilt_the_one_that_serves(deployed):
    found = swapped(deployed, WEST, SYSTEMS)
    after = left(deployed)
    assert found["prod"] == (turned(), {NAME: WEST}, {NAME: FULL})
    assert found["dr"] == (set(), {NAME: WEST}, {NAME: FULL}), "it runs and keeps all that it needs already"
    assert after == {"prod": set(), "dr": set()}
    assert databases(deployed, EAST) == {f"shop-production-{NAME}-db": "available"}


def loosened(config, system):
    """What lets go of a region that was rebuilt, first step: nobody is sent there, and nothing is protected."""
    config["holdfast:protect"] = False
    config["holdfast:exemptions"] = [
        {
            "rule": rule,
            "resource": f"{NAME}-*",
            "reason": "home again",
            "until": f"{datetime.now(UTC):%Y-12-31}",
        }
        for rule in ("rds-deletion-protection", "dynamodb-table-deletion-protection")
    ]
    system["withdrawn"] = True


def let_go(config, system):
    """The second step: the settings are what they were."""
    del config["holdfast:protect"], config["holdfast:exemptions"], system["withdrawn"], system["database"]


def urns(deployed, stack):
    """What a stack has."""
    return {each["urn"] for each in deployed.engine().cli.state_of(stack)}


HOMEWARD = {
    ("Group", "update", f"{NAME}-app-group"),
    ("Parameter", "update", f"{NAME}-facts"),
    ("RolePolicy", "update", f"{NAME}-app-policy"),
    *(("MetricAlarm", "update", f"{NAME}-health-{what}") for what in ("hosts", "cpu", "connections")),
    *(("MetricAlarm", "create", f"{NAME}-app-healthy-{zone}") for zone in ZONES["prod"]),
    ("ZonalAutoshift", "create", f"{NAME}-zonal"),
    ("ZonalAutoshiftConfiguration", "create", f"{NAME}-zonal-autoshift"),
    *(("HealthCheck", "delete", f"{NAME}-site-{what}") for what in ("us-west-2-lost", "behind")),
    ("Record", "update", f"{NAME}-site-site-record"),
}
"""What the first run does to what is there: its servers start, with the restored database's address, and then clients come."""
LOOSENED = {
    ("Cluster", "update", f"{NAME}-db-{RESTORE}-cluster"),
    ("Table", "update", f"{NAME}-sessions-table"),
    ("LoadBalancer", "update", f"{NAME}-lb-alb"),
    ("Group", "update", f"{NAME}-app-group"),
    ("Record", "delete", f"{NAME}-site-site-record"),
    ("RoutedRecord", "delete", f"{NAME}-site-site"),
}


def test_a_backup_takes_it_home_and_what_was_rebuilt_is_let_go(deployed, at_first):
    former = running(deployed, EAST)
    point = followed(deployed, WEST, "Go back")
    stopped = answers(deployed, SYSTEMS), running(deployed, EAST) | running(deployed, WEST)
    followed(deployed, EAST, "Look")
    followed(deployed, EAST, "Act")
    restores(deployed, "prod", HOME, point)
    named(deployed, EAST)
    found = {}
    for stack, change in (("prod", None), ("dr", loosened)):
        if change:
            says(deployed, stack, change)
        deployed("refresh", "--stack", stack).ok()
        found[stack] = changed(deployed("up", "--stack", stack).ok(), stack), answers(deployed, SYSTEMS)
    servers, at_home = required(deployed, EAST), running(deployed, EAST)
    says(deployed, "dr", let_go)
    gone = deployed("up", "--stack", "dr").ok()
    after = left(deployed)
    assert former
    assert stopped == ({NAME: "cloudfront"}, set()), "nobody writes what the backup lacks"
    of_restored = {each for each in found["prod"][0] if each[2].startswith(f"{NAME}-db-{HOME}")}
    assert {op for _, op, _ in of_restored} == {"create"}
    assert found["prod"] == (HOMEWARD | of_restored, {NAME: EAST})
    assert found["dr"] == (LOOSENED, {NAME: EAST})
    assert servers == {NAME: (FULL, FULL)}
    assert not at_home & former, "no server has written to the former database meanwhile"
    assert set(gone.changes("dr")) == {"create", "delete", "update"}, (
        "records of the last resort, and the runbook"
    )
    assert (databases(deployed, WEST), answers(deployed, SYSTEMS)) == ({}, {NAME: EAST})
    assert databases(deployed, EAST) == dict.fromkeys(
        (f"shop-production-{NAME}-db", f"shop-production-{NAME}-db-{HOME}"), "available"
    )
    assert after == {"prod": set(), "dr": set()}
    assert urns(deployed, "dr") == at_first
