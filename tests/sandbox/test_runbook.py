"""The runbooks of deployed systems: each command is run, as the AWS CLI would, and the system moves and comes back."""

from __future__ import annotations

import json
import re
import shlex
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from botocore import xform_name

from sandbox.__main__ import main
from sandbox.aws.client import client
from sandbox.drills.ground import Ground
from sandbox.drills.world import World
from tests.sandbox.projects import said
from tests.sandbox.runbooks import APIS, SYSTEMS

EAST, WEST = "us-east-1", "us-west-2"
MOVED = [name for name in SYSTEMS if name not in APIS]
"""Those whose database is moved."""
STANDS = {system: 6 if said.get("strategy") == "active-active" else 3 for system, said in SYSTEMS.items()}
"""Servers of the region that stands by."""
STUCK = ("pausedByFailedStep", "planExecutionTimedOut", "failed", "completedWithExceptions")
"""What becomes of a plan's execution when a step of it fails."""
PATIENCE = 30
"""Seconds, for what goes on after its call has answered."""


def of(ground: Ground, world: World) -> dict[str, Any]:
    """A copy of what is deployed, with the runbooks that lie there."""
    assert ground.state is not None
    return {
        "endpoint": world.aws.endpoint,
        "texts": said(ground.state, "runbook")["runbooks"],
        "stacks": {result.name: {"outputs": result.outputs} for result in ground.results},
    }


@pytest.fixture(scope="module")
def deployed(strategies: Ground) -> Iterator[dict[str, Any]]:
    with strategies.copy() as world:
        yield of(strategies, world)


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


def follow(endpoint: str, found: list[str]) -> None:
    """Run commands, each once the one before has done what it does."""
    assert found
    for command in found:
        assert call(endpoint, command)["ResponseMetadata"]["HTTPStatusCode"] < 300
        settled(endpoint)


@pytest.fixture
def run(deployed: dict[str, Any]) -> Callable[[list[str]], None]:
    return partial(follow, deployed["endpoint"])


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


def calls_this_region_alone(deployed: dict[str, Any], system: str) -> None:
    for region in (EAST, WEST):
        text = runbook(deployed, system, region)
        for part in ("Look", "Act", "Afterwards"):
            assert {re.search(r"--region (\S+)", c)[1] for c in commands(text, part)} == {region}  # type: ignore[index]


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_is_done_while_the_other_region_is_lost_calls_this_one_alone(
    deployed: dict[str, Any], system: str
) -> None:
    calls_this_region_alone(deployed, system)


def lie_in_their_regions(deployed: dict[str, Any], name: str) -> None:
    system = deployed["stacks"]["prod"]["outputs"]["systems"][name]
    own, copied = system["runbooks"], system["peerRunbooks"]
    east = client(deployed["endpoint"], "s3", EAST).list_objects_v2(Bucket=own)["Contents"]
    west = client(deployed["endpoint"], "s3", WEST).list_objects_v2(Bucket=copied)["Contents"]
    assert [o["Key"] for o in east] == [f"{EAST}.md"]
    assert sorted(o["Key"] for o in west) == [f"{EAST}.md", f"{WEST}.md"]
    assert runbook(deployed, name, EAST)


@pytest.mark.parametrize("system", SYSTEMS)
def test_each_region_has_its_runbooks_and_the_founders_lies_in_both(
    deployed: dict[str, Any], system: str
) -> None:
    lie_in_their_regions(deployed, system)


def test_without_a_deployment_there_is_no_runbook(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runbook", "--engine", "runner"], state=tmp_path / "state") == 1
    assert "nothing is deployed; first: python -m sandbox up" in capsys.readouterr().out.replace("\n", " ")
