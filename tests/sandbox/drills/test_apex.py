"""An APEX system: what is lost is drilled, with its database, and each drill fails, naming the cause, without what protects it."""

from __future__ import annotations

import re

import pytest

from sandbox.drills import command
from sandbox.drills.ground import Ground
from sandbox.drills.rehearse import Result
from sandbox.drills.scenarios import BY_NAME
from sandbox.drills.world import World
from tests.sandbox.drills.carried_out import Prepare, carried_out, what

EAST, WEST = "us-east-1", "us-west-2"


@pytest.fixture(scope="module")
def crm(managed: Ground) -> Ground:
    return managed


def drilled(crm: Ground, scenario: str, prepare: Prepare | None = None) -> Result:
    return carried_out(crm, "crm", scenario, prepare, pace=1.0)


def database(world: World, region: str) -> str:
    return str(world.boto("rds", region).describe_db_instances()["DBInstances"][0]["DBInstanceIdentifier"])


def test_a_task_is_replaced_while_the_others_serve(crm: Ground) -> None:
    result = drilled(crm, "instance")
    assert result.passed, result.causes
    assert [line.split()[0] for line in what(result, "ECS")] == ["replaces", "starts"]


def test_the_standby_takes_over_from_the_zone_of_the_database(crm: Ground) -> None:
    result = drilled(crm, "zone")
    assert result.passed, result.causes
    [moved] = what(result, "RDS")
    assert " fails over to us-east-1" in moved
    assert 120 <= (result.seconds or 0) <= 180, "as long as the figures of a failover and of its name"
    assert moved.split()[-1] not in what(result, "drill")[1]


def test_without_a_standby_the_database_stays_with_its_zone(crm: Ground) -> None:
    def alone(world: World) -> None:
        world.boto("rds", EAST).modify_db_instance(
            DBInstanceIdentifier=database(world, EAST), MultiAZ=False, ApplyImmediately=True
        )

    result = drilled(crm, "zone", alone)
    assert not result.passed
    assert not what(result, "RDS")
    assert any("incompatible-network" in cause for cause in result.causes), result.causes


def test_a_lost_regions_replica_is_promoted_and_given_its_options(crm: Ground) -> None:
    result = drilled(crm, "region-loss")
    assert result.passed, result.causes
    called = [line for line in what(result, "AWS") if line.startswith("calls rds:")]
    assert called == ["calls rds:PromoteReadReplica", "calls rds:ModifyDBInstance"]
    assert [line.split()[-1] for line in what(result, "RDS")] == ["promoted"]


def test_without_a_replica_nothing_takes_over(crm: Ground) -> None:
    def removed(world: World) -> None:
        rds, name = world.boto("rds", WEST), database(world, WEST)
        rds.modify_db_instance(DBInstanceIdentifier=name, DeletionProtection=False, ApplyImmediately=True)
        rds.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)

    result = drilled(crm, "region-loss", removed)
    assert not result.passed
    assert any("there is no database at" in cause or "FAILED" in cause for cause in result.causes), (
        result.causes
    )


def test_without_what_listens_for_tls_no_task_reaches_the_promoted_database(crm: Ground) -> None:
    def deaf(world: World) -> None:
        machines = world.boto("stepfunctions", WEST)
        [machine] = [
            each for each in machines.list_state_machines()["stateMachines"] if "-crm-" in each["name"]
        ]
        said = machines.describe_state_machine(stateMachineArn=machine["stateMachineArn"])["definition"]
        [group] = set(re.findall(r'"OptionGroupName": ?"([^"$]+)"', said))
        world.boto("rds", WEST).modify_option_group(OptionGroupName=group, OptionsToRemove=["SSL"])

    result = drilled(crm, "region-loss", deaf)
    assert not result.passed
    assert any("doesn't listen at 2484" in cause for cause in result.causes), result.causes


def test_a_release_that_passes_no_check_is_taken_back_while_the_old_tasks_serve(crm: Ground) -> None:
    result = drilled(crm, "bad-release")
    assert result.passed, result.causes
    assert result.refused == 0
    assert any(line.startswith("deployment failed: 3 tasks failed to start") for line in what(result, "ECS"))


def test_what_is_not_rehearsed_is_said(crm: Ground) -> None:
    said = command.unfit(list(BY_NAME.values()), [crm.system("crm")])
    assert [line.split(" of ")[0] for line in said] == ["corruption", "switchover"]
    assert said[1].endswith("its replica is promoted once: a planned move has no way back but a new replica")
