"""A region that is lost is rebuilt from the copied recovery point by the program itself, on the Pulumi CLI, and then serves for good."""

from __future__ import annotations

import pytest
import yaml

from sandbox.aws import server
from tests.engine.test_own_failover import required
from tests.engine.test_own_failover_stores import (
    EAST,
    FULL,
    LOST,
    WEST,
    ZONES,
    answers,
    faulty,
    left,
    swapped,
    with_systems,
)

NAME, RESTORE = "cold", "rebuilt"
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


def newest(deployed, region):
    """The recovery point of a database that the region's vault got last."""
    backup = deployed.boto("backup", region)
    found = [
        point
        for vault in backup.list_backup_vaults()["BackupVaultList"]
        for point in backup.list_recovery_points_by_backup_vault(
            BackupVaultName=vault["BackupVaultName"], ByResourceType="Aurora"
        )["RecoveryPoints"]
    ]
    return max(found, key=lambda each: each["CreationDate"])


def restores(deployed, stack, point):
    """The stack's settings name a recovery point, as the runbook says."""
    path = deployed.root / f"Pulumi.{stack}.yaml"
    document = yaml.safe_load(path.read_text())
    document["config"]["holdfast:systems"][NAME]["database"] = {
        "restores": [{"name": RESTORE, "recoveryPoint": point}]
    }
    path.write_text(yaml.safe_dump(document, sort_keys=False))


def databases(deployed, region):
    """The clusters of a region."""
    found = deployed.boto("rds", region).describe_db_clusters()["DBClusters"]
    return {each["DBClusterIdentifier"]: each["Status"] for each in found}


def test_the_program_rebuilds_the_region_while_the_other_one_is_lost(deployed):
    aws = server.running(deployed.state)
    aws.call("POST", "/sandbox/clock/backups", {"arrives": 0})
    first = left(deployed)
    before, point = databases(deployed, WEST), newest(deployed, WEST)
    faulty(aws, {EAST: LOST})
    lost = answers(deployed, SYSTEMS)
    restores(deployed, "dr", point["RecoveryPointArn"])
    built = deployed("up", "--stack", "dr")
    meanwhile, servers = answers(deployed, SYSTEMS), required(deployed, WEST)
    faulty(aws, {EAST: None})
    built.ok()
    after = left(deployed)
    assert first == {"prod": set(), "dr": set()}
    assert before == {}
    assert point["ResourceArn"].split(":")[3] == EAST, "a copy of the lost region's database"
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
