"""What is rehearsed of each strategy stays within what the estimator promises, and docs/recovery.md shows both."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from architectures.three_tier.runbook import _of_stores
from policies.recovery.document import DOCUMENT
from sandbox.drills import by_hand
from sandbox.drills.ground import Ground
from sandbox.drills.rehearse import Drill, Result
from sandbox.drills.scenarios import BY_NAME
from sandbox.drills.world import World
from tests.sandbox.drills import rehearsals
from tests.sandbox.drills.rehearsals import (
    AUTOMATIC,
    BY_HAND,
    EVERYWHERE,
    JUDGED,
    PACES,
    PLANNED,
    STORED,
    SYSTEMS,
    Rehearsed,
    fill,
)
from tests.sandbox.projects import in_process

EAST, WEST = "us-east-1", "us-west-2"


@pytest.fixture(scope="module")
def four(strategies: Ground) -> Iterator[Ground]:
    with in_process():  # a region that is lost is rebuilt by a run of the program
        yield strategies


@pytest.fixture(scope="module")
def made(four: Ground) -> Rehearsed:
    return rehearsals.rehearse(four)


def test_every_drill_is_there(made: Rehearsed) -> None:
    everything = {(name, scenario.name) for name in SYSTEMS for scenario in rehearsals.scenarios(name)}
    assert everything == set(made)
    assert {scenario.failure for scenario in JUDGED} == {"instance", "zone", "region", "corruption"}
    assert all([result.pace for result in results] == list(PACES) for results in made.values())


@pytest.mark.parametrize("name", SYSTEMS)
def test_it_passes_and_stays_within_what_is_promised(made: Rehearsed, name: str) -> None:
    for result in (each for (system, _), found in made.items() if system == name for each in found):
        assert result.passed, (result.name, result.pace, result.causes)
        assert result.promised is not None
        assert result.seconds is not None
        time, loss = result.promised.time, result.promised.loss
        assert time.high is not None
        assert loss.high is not None
        assert result.promised.least > 0 or name == EVERYWHERE
        assert result.seconds > 0
        assert result.promised.least <= result.seconds <= time.high, (result.name, result.pace)
        assert 0 <= result.lost <= loss.high, (result.name, result.pace)


def test_systems_beside_the_one_that_is_drilled_stand_still(made: Rehearsed) -> None:
    for (name, _), results in made.items():
        for result in results:
            told = {line["what"] for line in result.timeline if line["who"] in ("Auto Scaling", "CloudWatch")}
            others = [other for other in SYSTEMS if other != name]
            assert not [what for what in told if any(f" {other}-" in what for other in others)], (name, told)
    assert any(line["who"] == "Auto Scaling" for line in made["both", "zone"][0].timeline)


def test_a_lost_region_loses_rows_and_nothing_else_does(made: Rehearsed) -> None:
    for (name, scenario), (_, high) in made.items():
        expected = "region-loss" if name != EVERYWHERE else "corruption"
        assert (high.lost > 0) == (scenario == expected), (name, scenario)


def test_a_region_that_is_watched_is_left_before_anybody_decides(made: Rehearsed) -> None:
    for result in made[AUTOMATIC, "region-loss"]:
        lines = {line["what"]: line for line in result.timeline}
        [rings] = [line for what, line in lines.items() if "alone-watch-lost" in what]
        assert (rings["where"], rings["what"].rpartition(": ")[2]) == (WEST, "ALARM")
        assert lines["step fail-over-database: running"]["at"] == rings["at"]
        assert not [line for line in result.timeline if line["who"] == "operator" and "calls" in line["what"]]
        assert result.seconds is not None
        assert result.seconds <= 15 * 60


def test_a_region_that_nobody_can_see_is_not_taken_for_lost(four: Ground) -> None:
    with four.copy() as world:
        functions = world.boto("lambda", WEST)
        for each in functions.list_functions()["Functions"]:
            if each["FunctionName"].startswith("alone-watch"):
                functions.delete_function(FunctionName=each["FunctionName"])
        world.start(0.5)
        timeline = world.advance(600)["timeline"]
    rung = [line["what"] for line in timeline if line["who"] == "CloudWatch"]
    assert len(rung) == 1
    assert rung[0].startswith("alarm alone-watch-blind")
    assert not [line for line in timeline if line["who"] == "Region switch"]


# A region that is rebuilt.


def said(made: Rehearsed, name: str, who: str) -> list[str]:
    """What somebody did, at the low end of each figure."""
    low, _ = made[name, "region-loss"]
    return [line["what"] for line in low.timeline if line["who"] == who]


def test_a_region_is_rebuilt_from_the_last_copy_that_has_arrived(made: Rehearsed) -> None:
    done = said(made, "restore", "operator")
    assert done[1].startswith("finds copyjob-")
    assert done[-1].startswith("has run the program: 7")
    for result in made["restore", "region-loss"]:
        assert result.promised is not None
        low, high = result.promised.loss.low or 0, result.promised.loss.high or 0
        edge = low + (high - low) * result.pace
        # The drill's rows of that time are five minutes apart.
        assert edge - 300 <= result.lost <= edge
        calls = [line for line in result.timeline if line["what"] == "calls rds:RestoreDBClusterFromSnapshot"]
        assert [line["where"] for line in calls] == [WEST]
        [ready] = [line for line in result.timeline if line["what"].endswith("-rebuilt is restored")]
        launched = [line["at"] for line in result.timeline if line["what"].startswith("launches")]
        assert min(launched) >= ready["at"], "servers come once there is a database"
        assert not [line for line in result.timeline if line["who"] == "Backup"], (
            "the last copy never arrives"
        )


def without_copies(world: World) -> None:
    """The plan makes recovery points, and none crosses."""
    backup = world.boto("backup", EAST)
    for each in backup.list_backup_plans()["BackupPlansList"]:
        plan = backup.get_backup_plan(BackupPlanId=each["BackupPlanId"])["BackupPlan"]
        for rule in plan["Rules"]:
            rule["CopyActions"] = []
            del rule["RuleId"]  # AWS's own
        backup.update_backup_plan(BackupPlanId=each["BackupPlanId"], BackupPlan=plan)


def without_control_planes(world: World) -> None:
    """What makes roles goes with us-east-1, its home."""
    world.aws.call("POST", "/sandbox/faults", {"actions": {"iam:*": [503, "ServiceUnavailable"]}})


@pytest.mark.parametrize(
    ("sabotage", "cause"),
    [
        (
            without_copies,
            r"take over: no vault in us-west-2 has a recovery point of shop-production-restore-db",
        ),
        (without_control_planes, r"the run of stack dr: .*aws:iam/\w+:\w+: \w+: ServiceUnavailable.*"),
    ],
)
def test_without_what_it_is_rebuilt_from_a_lost_region_stays_lost(
    four: Ground, sabotage: Callable[[World], None], cause: str
) -> None:
    with four.copy() as world:
        sabotage(world)
        system = four.system("restore")
        result = Drill(world, system, BY_NAME["region-loss"], four.report, stacks=four.stacks).run()
    assert not result.passed
    assert re.fullmatch(cause, result.causes[0]), result.causes


# Stores beside the database.


def lost_of(result: Result) -> dict[str, str]:
    """What is said of each store beside the database."""
    return {check.name: check.said for check in result.checks if check.name in rehearsals.STORES}


def test_stores_move_with_the_database_and_lose_what_their_replication_may(made: Rehearsed) -> None:
    for result in made[STORED, "region-loss"]:
        # Of the second in which the region is lost nothing has left it, whatever the lag.
        seconds = {kind: 1 + result.pace * high for kind, high in (("cache", 1), ("files", 900))}
        seconds["sessions"] = 1 + 1 + result.pace * 4
        for kind, said in lost_of(result).items():
            gone = int(said.split(" of ")[0])
            # Rows of before the drill are five minutes apart.
            least, most = (0, seconds[kind]) if kind != "files" else (0, 130 + seconds[kind] / 300)
            assert least <= gone <= most, (kind, said)
        order = {line["what"]: line["at"] for line in result.timeline}
        assert order["shop-production-kept-cache writes"] <= order["calls monitoring:PutMetricData"]
        [open_] = [at for what, at in order.items() if what.endswith(" can be written")]
        assert open_ <= order["calls monitoring:PutMetricData"], "clients come once files can be written"


def moved(
    four: Ground, sabotage: Callable[[World], None] | None, scenario: str, name: str = STORED
) -> Result:
    with four.copy() as world:
        if sabotage is not None:
            sabotage(world)
        return Drill(world, four.system(name), BY_NAME[scenario], four.report).run()


@pytest.mark.parametrize("name", [STORED, PLANNED, BY_HAND])
def test_a_planned_move_loses_no_file_there_and_back(four: Ground, name: str) -> None:
    result = moved(four, None, "switchover", name)
    assert result.passed, result.causes
    assert {said.split(" acknowledged")[0].split(" of ")[0] for said in lost_of(result).values()} == {"0"}
    [open_] = [check for check in result.checks if check.name == "stores write"]
    assert open_.said.endswith("files in us-east-1")
    at = {(line["what"], line["where"]): line["at"] for line in result.timeline}
    writes = min(line["at"] for line in result.timeline if line["who"] == "RDS")
    ended = at["calls elasticfilesystem:DeleteReplicationConfiguration", WEST]
    assert ended - writes >= 450, "the last sync is waited for, half of its fifteen minutes"


def machine(world: World, change: Callable[[dict[str, Any]], None]) -> None:
    """Change what the western state machine of the system does."""
    steps = world.boto("stepfunctions", WEST)
    [ours] = [
        each["stateMachineArn"]
        for each in steps.list_state_machines()["stateMachines"]
        if "kept" in each["name"]
    ]
    definition = json.loads(steps.describe_state_machine(stateMachineArn=ours)["definition"])
    change(definition["States"])
    steps.update_state_machine(stateMachineArn=ours, definition=json.dumps(definition))


def without_branch(first: str) -> Callable[[World], None]:
    def prepare(world: World) -> None:
        def change(states: dict[str, Any]) -> None:
            kept = [each for each in states["Move"]["Branches"] if each["StartAt"] != first]
            assert len(kept) == len(states["Move"]["Branches"]) - 1
            states["Move"]["Branches"] = kept

        machine(world, change)

    return prepare


def without_sync(world: World) -> None:
    def change(states: dict[str, Any]) -> None:
        states["FilesLast"]["Choices"][0]["Next"] = "EndFollowing"

    machine(world, change)


def without_steps(*names: str) -> Callable[[World], None]:
    """The plan that moves the system lacks these steps."""

    def prepare(world: World) -> None:
        switch = world.boto("arc-region-switch", EAST)
        [arn] = [each["arn"] for each in switch.list_plans()["plans"] if "-plan-region" in each["name"]]
        plan = switch.get_plan(arn=arn)["plan"]
        for workflow in plan["workflows"]:
            [move, *_] = workflow["steps"]
            beside = move["executionBlockConfiguration"]["parallelConfig"]
            for holder in (workflow, beside):
                holder["steps"] = [step for step in holder["steps"] if step["name"] not in names]
        kept = ("arn", "workflows", "executionRole", "associatedAlarms", "reportConfiguration")
        switch.update_plan(**{name: plan[name] for name in kept})

    return prepare


def without_function(world: World) -> None:
    functions = world.boto("lambda", WEST)
    [ours] = [
        each["FunctionName"]
        for each in functions.list_functions()["Functions"]
        if each["FunctionName"].startswith("plan-stores")
    ]
    functions.delete_function(FunctionName=ours)


def without_datastore(world: World) -> None:
    cache = world.boto("elasticache", EAST)
    found = cache.describe_global_replication_groups(ShowMemberInfo=True)["GlobalReplicationGroups"]
    [whole] = [each for each in found if "kept" in each["GlobalReplicationGroupId"]]
    [west] = [each for each in whole["Members"] if each["ReplicationGroupRegion"] == WEST]
    cache.disassociate_global_replication_group(
        GlobalReplicationGroupId=whole["GlobalReplicationGroupId"],
        ReplicationGroupId=west["ReplicationGroupId"],
        ReplicationGroupRegion=WEST,
    )


def without_replication(world: World) -> None:
    efs = world.boto("efs", EAST)
    [ours] = [
        each["FileSystemId"]
        for each in efs.describe_file_systems()["FileSystems"]
        if {"Key": "workload", "Value": STORED} in each["Tags"]
    ]
    efs.delete_replication_configuration(SourceFileSystemId=ours)


def without_table(world: World) -> None:
    dynamodb = world.boto("dynamodb", EAST)
    [table] = [name for name in dynamodb.list_tables()["TableNames"] if "kept" in name]
    world.boto("dynamodb", WEST).update_table(TableName=table, DeletionProtectionEnabled=False)
    gone = {"Delete": {"RegionName": WEST}}
    dynamodb.update_table(TableName=table, ReplicaUpdates=[gone])


@pytest.mark.parametrize(
    ("scenario", "sabotage", "cause"),
    [
        ("region-loss", without_branch("LookAtCache"), r"serves: .*the cache \S+ in us-west-2 only reads"),
        (
            "region-loss",
            without_branch("FilesMode"),
            r"the files \S+ in us-west-2 still follow others: nothing has let them be written",
        ),
        ("region-loss", without_datastore, r".*is not associated with .*"),
        (
            "region-loss",
            without_replication,
            r"the files \S+ in us-west-2 follow none: what was written in us-east-1 never came",
        ),
        ("region-loss", without_table, r"serves: .*there is no table \S+ in us-west-2"),
        ("switchover", without_sync, r"files: \d+ of .*gone and should be there: row .*"),
    ],
)
def test_without_what_moves_a_store_it_is_noticed(
    four: Ground, scenario: str, sabotage: Callable[[World], None], cause: str
) -> None:
    result = moved(four, sabotage, scenario)
    assert not result.passed
    assert re.fullmatch(cause, result.causes[0]), result.causes


@pytest.mark.parametrize(
    ("scenario", "sabotage", "cause"),
    [
        (
            "region-loss",
            without_steps("move-cache"),
            r"plan \S+ has not moved all that the system writes: the cache \S+ in us-west-2 only reads; its steps are move, start.*",
        ),
        (
            "region-loss",
            without_steps("open-files", "open-files-unless-planned"),
            r"plan \S+-plan-region has not moved all that the system writes: the files \S+ in us-west-2 only read; .*",
        ),
        (
            "region-loss",
            without_function,
            r"plan \S+ is pausedByFailedStep at move, move-cache, open-files-unless-planned",
        ),
        ("switchover", without_steps("follow-files"), r"plan \S+ is pausedByFailedStep at open-files"),
    ],
)
def test_without_its_steps_for_stores_a_plan_is_not_enough(
    four: Ground, scenario: str, sabotage: Callable[[World], None], cause: str
) -> None:
    result = moved(four, sabotage, scenario, PLANNED)
    assert not result.passed
    assert re.fullmatch(cause, result.causes[0]), result.causes


def test_a_plan_moves_stores_by_the_functions_of_the_region_that_is_left_standing(made: Rehearsed) -> None:
    for result in made[PLANNED, "region-loss"]:
        by = {line["what"]: (line["who"], line["where"]) for line in result.timeline}
        for call in ("elasticache:FailoverGlobal", "elasticfilesystem:DeleteReplication"):
            [(who, where)] = [each for what, each in by.items() if what.startswith(f"calls {call}")]
            assert who.startswith("plan-stores-function")
            assert where == WEST
        at = {line["what"]: line["at"] for line in result.timeline}
        moved = [at["step move-cache: completed"], at["step open-files-unless-planned: completed"]]
        assert max(moved) <= at["step send-traffic: running"], "clients come once stores can be written"
        assert at["step follow-files: completed"] == at["step follow-files: running"], "it is left out"


def test_a_person_moves_stores_as_the_runbook_says(made: Rehearsed) -> None:
    for result in made[BY_HAND, "region-loss"]:
        calls = [line for line in result.timeline if line["what"].startswith("calls ")]
        assert [(line["who"], line["what"], line["where"]) for line in calls] == [
            ("operator", f"calls {call}", WEST)
            for call in (
                "rds:FailoverGlobalCluster",
                "elasticache:FailoverGlobalReplicationGroup",
                "elasticfilesystem:DeleteReplicationConfiguration",
            )
        ]
        [stores] = [check for check in result.checks if check.name == "stores write"]
        assert stores.said == "cache, files in us-west-2"


@pytest.mark.parametrize(
    ("scenario", "forgotten", "cause"),
    [
        ("region-loss", "fail_over_cache", r"serves: .*the cache \S+ in us-west-2 only reads"),
        (
            "region-loss",
            "end_replication",
            r"the files \S+ in us-west-2 still follow others: nothing has let them be written",
        ),
        # Whoever doesn't look takes it for done.
        ("switchover", "synced", r"files: \d+ of .*gone and should be there: row .*"),
    ],
)
def test_what_a_person_forgets_is_noticed(
    four: Ground, monkeypatch: pytest.MonkeyPatch, scenario: str, forgotten: str, cause: str
) -> None:
    monkeypatch.setattr(by_hand, forgotten, lambda *_arguments: True)
    result = moved(four, None, scenario, BY_HAND)
    assert not result.passed
    assert re.fullmatch(cause, result.causes[0]), result.causes


# A database that both regions write.


def endpoint_gone(world: World) -> None:
    """The surviving region's servers have no private way to their database."""
    ec2 = world.boto("ec2", WEST)
    found = ec2.describe_vpc_endpoints()["VpcEndpoints"]
    [ours] = [each["VpcEndpointId"] for each in found if ".dsql-" in each["ServiceName"]]
    ec2.delete_vpc_endpoints(VpcEndpointIds=[ours])


def witness_gone(world: World) -> None:
    """The region that decides with either of the others is lost before."""
    world.call("break", region="us-east-2")


def peer_deleted(world: World) -> None:
    """The surviving region's cluster waits for the end that was asked for."""
    dsql = world.boto("dsql", WEST)
    [ours] = dsql.list_clusters()["clusters"]
    dsql.update_cluster(identifier=ours["identifier"], deletionProtectionEnabled=False)
    dsql.delete_cluster(identifier=ours["identifier"])


@pytest.mark.parametrize(
    ("sabotage", "cause"),
    [
        (endpoint_gone, r"no database answers"),
        (witness_gone, r"\w{26} in us-west-2 can't commit: only us-west-2 of its regions are there"),
        (peer_deleted, r"\w{26} in us-west-2 is PENDING_DELETE"),
    ],
)
def test_without_what_protects_it_a_lost_region_is_noticed(
    four: Ground, sabotage: Callable[[World], None], cause: str
) -> None:
    with four.copy() as world:
        sabotage(world)
        drill = Drill(world, four.system(EVERYWHERE), BY_NAME["region-loss"], four.report)
        result = drill.run()
    assert not result.passed
    assert re.fullmatch(f"the application in us-west-2 does not work: {cause}", result.causes[0])
    assert result.refused > 70


def test_a_lost_region_leaves_its_rows_and_the_other_one_writes(made: Rehearsed) -> None:
    for result in made[EVERYWHERE, "region-loss"]:
        [rows] = [check for check in result.checks if check.name == "rows"]
        assert (
            rows.said
            == f"{result.acknowledged} rows acknowledged, 0 gone, may be gone: what was not replicated"
        )
        assert not [line for line in result.timeline if line["who"] == "operator" and "calls" in line["what"]]


# Corrupted rows of one that has no points in time.


def test_rows_come_back_out_of_a_backup_and_what_was_written_since_stays(made: Rehearsed) -> None:
    for result in made[EVERYWHERE, "corruption"]:
        assert result.refused == 0, "nobody is failed: it is rows that are wrong"
        # Twice a day, late in its window of an hour; the drill's rows of that time are five minutes apart.
        most = 12 * 3600 + result.pace * 3600
        assert most - 300 <= result.lost <= most
        [rows] = [check for check in result.checks if check.name == "rows"]
        gone, known = (int(part.split()[0]) for part in rows.said.split(", ")[1::-1])
        assert known - gone > 100, "those of after the corruption are there"
        at = {line["what"]: line["at"] for line in result.timeline if line["who"] == "operator"}
        [back] = [when for what, when in at.items() if what.endswith(" rows back") and "has put" in what]
        took = (600, 60) if result.pace == 0 else (7200, 3600)
        assert back - at["calls backup:StartRestoreJob"] == sum(took)
        assert at["calls dsql:DeleteCluster"] >= back, "the restored cluster goes when it has served"


def test_what_a_person_calls_is_what_the_runbook_says(made: Rehearsed) -> None:
    [(_, words)] = [each for each in _of_stores().items() if each[0] == ("dsql", "restore")]
    said = re.findall(r"^    aws ([a-z]+) ([a-z-]+) ", words, re.MULTILINE)
    called = {f"calls {service}:{name.title().replace('-', '')}" for service, name in said}
    reads = {"calls backup:ListRecoveryPointsByBackupVault", "calls backup:DescribeRestoreJob"}
    assert len(said) == len(called) == 4
    for result in made[EVERYWHERE, "corruption"]:
        done = {
            line["what"] for line in result.timeline if line["who"] == "operator" and "calls" in line["what"]
        }
        assert done == called - reads


def unselected(world: World) -> None:
    """The region's backup plan selects nothing."""
    backup = world.boto("backup", EAST)
    for plan in backup.list_backup_plans()["BackupPlansList"]:
        asked = {"BackupPlanId": plan["BackupPlanId"]}
        for each in backup.list_backup_selections(**asked)["BackupSelectionsList"]:
            backup.delete_backup_selection(**asked, SelectionId=each["SelectionId"])


def untagged(world: World) -> None:
    """The cluster isn't tagged for a backup."""
    dsql = world.boto("dsql", EAST)
    [ours] = dsql.list_clusters()["clusters"]
    dsql.untag_resource(resourceArn=ours["arn"], tagKeys=["backup"])


@pytest.mark.parametrize(
    ("sabotage", "cause"),
    [
        (
            unselected,
            r"backup plan \S+ of us-east-1 selects nothing: no recovery point of its stores is made",
        ),
        (
            untagged,
            r"restore: no vault in us-east-1 has a recovery point of arn:aws:dsql:us-east-1:\d+:cluster/\w+ from before",
        ),
    ],
)
def test_without_a_backup_corrupted_rows_stay(
    four: Ground, sabotage: Callable[[World], None], cause: str
) -> None:
    with four.copy() as world:
        sabotage(world)
        result = Drill(world, four.system(EVERYWHERE), BY_NAME["corruption"], four.report).run()
    assert not result.passed
    assert re.fullmatch(cause, result.causes[0]), result.causes


def test_the_document_shows_them_beside_each_other(made: Rehearsed) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert fill(text, made) == text, "run python -m tests.sandbox.drills.rehearsals"
