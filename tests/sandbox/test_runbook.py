"""The runbooks of deployed systems: each command is run, as the AWS CLI would, and the system moves and comes back."""

from __future__ import annotations

import copy
import json
import re
import shlex
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from botocore import xform_name

from sandbox.__main__ import main
from sandbox.aws.client import client
from tests.sandbox.projects import said
from tests.test_settings import configuration

EAST, WEST = "us-east-1", "us-west-2"
BACKED_UP: dict[str, Any] = {
    "objectives": {
        "drTier": 1,
        "rtoHours": 4,
        "rpoMinutes": 15,
        "corruption": {"rtoHours": 24, "rpoMinutes": 2880},
    },
}
"""What is promised where a backup alone brings corrupted data back."""
STORES = {
    **BACKED_UP,
    "cache": {},
    "sessions": {},
    "files": {},
}
SYSTEMS: dict[str, dict[str, Any]] = {
    "web": {"site": "www.holdfast.example", "switch": {"by": "data-plane"}, **STORES},
    "plan": {"site": "plan.holdfast.example", "switch": {"by": "region-switch"}, **STORES},
    "near": {
        "site": "near.holdfast.example",
        "strategy": "active-active",
        "switch": {"by": "region-switch"},
        **BACKED_UP,
    },
    "hand": {"switch": {"by": "none"}, **STORES},
    "bare": {"switch": {"by": "none"}},
    "both": {"site": "both.holdfast.example", "database": {"engine": "aurora-dsql"}, **BACKED_UP},
}
API: dict[str, Any] = {
    "kind": "serverless-api",
    "database": {"instanceClass": "db.serverless", "serverless": {"minCapacity": 2, "maxCapacity": 8}},
    "functions": {"state": {"handler": "serverless_api.relational.handler", "database": True}},
    "routes": {"state": {"routeKey": "GET /health/database", "function": "state", "auth": "iam"}},
}
"""An API before a database, which moves without servers."""
APIS: dict[str, dict[str, Any]] = {
    "bills": {**API, "switch": {"by": "data-plane"}},
    "dues": {**API, "switch": {"by": "region-switch"}},
}
SYSTEMS |= APIS
MOVED = [name for name, said in SYSTEMS.items() if "database" not in said]
"""Those whose database is moved."""
STANDS = {system: 6 if said.get("strategy") == "active-active" else 3 for system, said in SYSTEMS.items()}
"""Servers of the region that stands by."""
STUCK = ("pausedByFailedStep", "planExecutionTimedOut", "failed", "completedWithExceptions")
"""What becomes of a plan's execution when a step of it fails."""
PATIENCE = 30
"""Seconds, for what goes on after its call has answered."""


def settings(stack: str) -> dict[str, Any]:
    config = configuration(stack)
    config["holdfast:systems"] = {
        name: {"kind": "three-tier", **copy.deepcopy(said)} for name, said in SYSTEMS.items()
    }
    return config


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    state, folder = tmp_path_factory.mktemp("state"), tmp_path_factory.mktemp("settings")
    for stack in ("prod", "dr"):
        (folder / f"{stack}.yaml").write_text(yaml.safe_dump({"config": settings(stack)}))
    done = said(state, "up", "--config-file", str(folder), plan=False, guarded=False)
    told = said(state, "runbook")
    endpoint = (state / "endpoint").read_text().strip()
    yield {"endpoint": endpoint, "texts": told["runbooks"], **done}
    said(state, "down")


def runbook(deployed: dict[str, Any], system: str, region: str) -> str:
    [text] = [each for each in deployed["texts"] if each.startswith(f"# {system}: take over in {region} ")]
    return text


def commands(text: str, heading: str) -> list[str]:
    """The commands below a heading."""
    [part] = [each for each in text.split("\n## ") if each.startswith(heading)]
    return [line.strip() for line in part.splitlines() if line.startswith("    aws ")]


def _option(shape: Any, words: list[str]) -> Any:
    """An option's value, of the type that AWS's model gives it."""
    if shape.type_name == "boolean":
        assert not words
        return True
    if shape.type_name == "list" and shape.member.type_name == "structure":
        return [dict(pair.split("=", 1) for pair in word.split(",")) for word in words]
    if shape.type_name == "list":
        return words
    [word] = words
    if shape.type_name == "structure":
        return dict(pair.split("=", 1) for pair in word.split(","))
    if shape.type_name == "map":
        return json.loads(word)
    return int(word) if shape.type_name == "integer" else word


def call(endpoint: str, command: str) -> dict[str, Any]:
    """Run a command of the AWS CLI. Its options are the members of the operation's input, in other spelling."""
    _, service, operation, *words = shlex.split(command)
    at = words.index("--region")
    region, words = words[at + 1], [*words[:at], *words[at + 2 :]]
    found = client(endpoint, {"s3api": "s3"}.get(service, service), region)
    [name] = [n for n in found.meta.service_model.operation_names if xform_name(n, "-") == operation]
    members = found.meta.service_model.operation_model(name).input_shape.members
    options = {f"--{xform_name(member, '-')}": member for member in members}
    switched_off = {
        option.replace("--", "--no-", 1): member
        for option, member in options.items()
        if members[member].type_name == "boolean"
    }
    given: dict[str, list[str]] = {}
    for word in words:
        if word.startswith("--"):
            given[word] = []
        else:
            given[next(reversed(given))].append(word)
    assert set(given) <= {*options, *switched_off}, command
    asked: dict[str, Any] = {
        options[option]: _option(members[options[option]], said)
        for option, said in given.items()
        if option in options
    }
    asked |= {switched_off[option]: False for option in given if option not in options}
    answer: dict[str, Any] = getattr(found, xform_name(name))(**asked)
    return answer


def settled(endpoint: str) -> None:
    """Wait until no state machine and no plan is at work."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        busy = []
        for region in (EAST, WEST):
            machines, plans = (client(endpoint, s, region) for s in ("stepfunctions", "arc-region-switch"))
            for machine in machines.list_state_machines()["stateMachines"]:
                runs = machines.list_executions(stateMachineArn=machine["stateMachineArn"])["executions"]
                assert not [run for run in runs if run["status"] in ("FAILED", "TIMED_OUT", "ABORTED")]
                busy += [run for run in runs if run["status"] == "RUNNING"]
            for plan in plans.list_plans()["plans"]:
                runs = plans.list_plan_executions(planArn=plan["arn"])["items"]
                assert not [run for run in runs if run["executionState"] in STUCK]
                busy += [run for run in runs if run["executionState"] in ("pending", "inProgress")]
        if not busy:
            return
        time.sleep(0.2)
    raise AssertionError(f"still at work: {busy}")


@pytest.fixture
def run(deployed: dict[str, Any]) -> Callable[[list[str]], None]:
    def all_of(found: list[str]) -> None:
        assert found
        for command in found:
            assert call(deployed["endpoint"], command)["ResponseMetadata"]["HTTPStatusCode"] < 300
            settled(deployed["endpoint"])

    return all_of


def writer(deployed: dict[str, Any], system: str) -> str:
    found = client(deployed["endpoint"], "rds", WEST).describe_global_clusters(
        GlobalClusterIdentifier=f"shop-production-{system}"
    )
    [arn] = [m["DBClusterArn"] for m in found["GlobalClusters"][0]["GlobalClusterMembers"] if m["IsWriter"]]
    return str(arn.split(":")[3])


def caches(deployed: dict[str, Any], system: str) -> str | None:
    """The region whose cache writes."""
    datastore = deployed["stacks"]["prod"]["outputs"]["systems"][system].get("stores", {}).get("cache")
    if datastore is None:
        return None
    found = client(deployed["endpoint"], "elasticache", WEST).describe_global_replication_groups(
        GlobalReplicationGroupId=datastore["datastore"], ShowMemberInfo=True
    )["GlobalReplicationGroups"][0]["Members"]
    return next(str(m["ReplicationGroupRegion"]) for m in found if m["Role"] == "PRIMARY")


def files(deployed: dict[str, Any], system: str) -> set[str]:
    """The regions whose files can be written."""
    stores = {
        region: deployed["stacks"][stack]["outputs"]["systems"][system].get("stores", {}).get("files")
        for stack, region in (("prod", EAST), ("dr", WEST))
    }
    found = set()
    for region, store in stores.items():
        if store is None:
            continue
        [shown] = client(deployed["endpoint"], "efs", region).describe_file_systems(
            FileSystemId=store["fileSystem"]
        )["FileSystems"]
        if shown["FileSystemProtection"]["ReplicationOverwriteProtection"] != "REPLICATING":
            found.add(region)
    return found


def servers(deployed: dict[str, Any], system: str, region: str) -> int:
    groups = client(deployed["endpoint"], "autoscaling", region).describe_auto_scaling_groups()
    [group] = [
        g for g in groups["AutoScalingGroups"] if g["AutoScalingGroupName"].startswith(f"{system}-app")
    ]
    return len(group["Instances"])


@pytest.mark.parametrize("system", MOVED)
def test_every_command_is_run_and_the_system_moves_and_comes_back(
    deployed: dict[str, Any], run: Callable[[list[str]], None], system: str
) -> None:
    text = runbook(deployed, system, WEST)
    act = commands(text, "Act")
    stores = [c for c in act if c.startswith(("aws elasticache", "aws efs"))]
    lost = [c for c in act if c not in stores and ("failover" in c or "ungraceful" in c)]
    planned = [c for c in act if "switchover" in c or " graceful" in c]
    rest = [c for c in act if c not in {*lost, *planned, *stores}]
    assert len(lost) == len(planned) == 1
    has = "cache" in SYSTEMS[system]
    assert len(stores) == (3 if has and SYSTEMS[system]["switch"]["by"] == "none" else 0)

    def serves() -> tuple[str, str | None, set[str]]:
        return writer(deployed, system), caches(deployed, system), files(deployed, system)

    def whole(region: str, *also: str) -> tuple[str, str | None, set[str]]:
        return (region, region, {region, *also}) if has else (region, None, set())

    assert (serves(), servers(deployed, system, WEST)) == (whole(EAST), STANDS[system])
    run(commands(text, "Look"))
    before = [c for c in rest if "update-auto-scaling-group" in c]
    for decided in (lost, planned):
        run([*before, *decided, *stores])
        run(commands(text, "Afterwards"))
        assert (serves(), servers(deployed, system, WEST)) == (whole(WEST, EAST), 6)
        run([c for c in rest if c not in before] or commands(text, "Look"))
        run(commands(text, "Go back"))
        assert serves() == whole(EAST)
    aws = re.findall(r"\baws [a-z0-9-]+ [a-z-]+ .*", text)
    assert len(aws) == sum(len(commands(text, part)) for part in ("Look", "Act", "Go back", "Afterwards"))


@pytest.mark.parametrize("system", APIS)
def test_every_command_is_run_of_an_api_and_its_database_moves_and_comes_back(
    deployed: dict[str, Any], run: Callable[[list[str]], None], system: str
) -> None:
    text = runbook(deployed, system, WEST)
    act = commands(text, "Act")
    lost = [c for c in act if "failover" in c or "ungraceful" in c]
    planned = [c for c in act if "switchover" in c or " graceful" in c]
    assert len(lost) == len(planned) == 1
    run(commands(text, "Look"))
    run([c for c in act if c not in {*lost, *planned}])
    for decided in (lost, planned):
        assert writer(deployed, system) == EAST
        run(decided)
        assert writer(deployed, system) == WEST
        run(commands(text, "Afterwards"))
        run(commands(text, "Go back"))
    assert writer(deployed, system) == EAST
    aws = re.findall(r"\baws [a-z0-9-]+ [a-z-]+ .*", text)
    assert len(aws) == sum(len(commands(text, part)) for part in ("Look", "Act", "Go back", "Afterwards"))


def test_every_command_is_run_where_no_database_moves(
    deployed: dict[str, Any], run: Callable[[list[str]], None]
) -> None:
    text = runbook(deployed, "both", WEST)
    assert servers(deployed, "both", WEST) == 3
    parts = {part: commands(text, part) for part in ("Look", "Act", "Go back", "Afterwards")}
    for found in parts.values():
        run(found)
    assert servers(deployed, "both", WEST) == 6
    back = commands(text, "Corrupted rows")
    assert len(re.findall(r"\baws [a-z0-9-]+ [a-z-]+ .*", text)) == sum(map(len, (*parts.values(), back)))
    for region, stack in ((EAST, "prod"), (WEST, "dr")):
        identifier = deployed["stacks"][stack]["outputs"]["systems"]["both"]["parts"]["cluster"]
        assert f"aws dsql get-cluster --region {region} --identifier {identifier}" in runbook(
            deployed, "both", region
        )


@pytest.mark.parametrize(("region", "stack"), [(EAST, "prod"), (WEST, "dr")])
def test_corrupted_rows_are_restored_as_the_runbook_says(
    deployed: dict[str, Any], region: str, stack: str
) -> None:
    outputs = deployed["stacks"][stack]["outputs"]
    parts = outputs["systems"]["both"]["parts"]
    backup, dsql = (client(deployed["endpoint"], each, region) for each in ("backup", "dsql"))
    backup.start_backup_job(
        BackupVaultName=outputs["foundation"]["vaultName"],
        ResourceArn=parts["clusterArn"],
        IamRoleArn=parts["backupRole"],
    )
    look, start, wait, end = commands(runbook(deployed, "both", region), "Corrupted rows")
    [point] = call(deployed["endpoint"], look)["RecoveryPoints"]
    assert point["ResourceArn"] == parts["clusterArn"]
    job = call(deployed["endpoint"], start.replace("RECOVERY_POINT", point["RecoveryPointArn"]))
    done = call(deployed["endpoint"], wait.replace("RESTORE_JOB", job["RestoreJobId"]))
    assert (done["Status"], done["IamRoleArn"]) == ("COMPLETED", parts["backupRole"])
    made = done["CreatedResourceArn"].rpartition("/")[2]
    assert made != parts["cluster"]
    found = dsql.get_cluster(identifier=made)
    assert (found["deletionProtectionEnabled"], found["encryptionDetails"]["kmsKeyArn"]) == (
        False,
        outputs["foundation"]["keyArn"],
    )
    assert call(deployed["endpoint"], end.replace("RESTORED", made))["status"] in ("DELETING", "DELETED")


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_is_done_while_the_other_region_is_lost_calls_this_one_alone(
    deployed: dict[str, Any], system: str
) -> None:
    for region in (EAST, WEST):
        text = runbook(deployed, system, region)
        for part in ("Look", "Act", "Afterwards"):
            assert {re.search(r"--region (\S+)", c)[1] for c in commands(text, part)} == {region}  # type: ignore[index]


def test_each_region_has_its_runbooks_and_the_founders_lies_in_both(deployed: dict[str, Any]) -> None:
    systems = deployed["stacks"]["prod"]["outputs"]["systems"]
    for name, system in systems.items():
        own, copied = system["runbooks"], system["peerRunbooks"]
        east = client(deployed["endpoint"], "s3", EAST).list_objects_v2(Bucket=own)["Contents"]
        west = client(deployed["endpoint"], "s3", WEST).list_objects_v2(Bucket=copied)["Contents"]
        assert [o["Key"] for o in east] == [f"{EAST}.md"]
        assert sorted(o["Key"] for o in west) == [f"{EAST}.md", f"{WEST}.md"]
        assert runbook(deployed, name, EAST)


def test_without_a_deployment_there_is_no_runbook(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runbook", "--engine", "runner"], state=tmp_path / "state") == 1
    assert "nothing is deployed; first: python -m sandbox up" in capsys.readouterr().out.replace("\n", " ")
