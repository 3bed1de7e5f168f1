"""A data platform loses its region: a copied snapshot is found by the runbook and a warehouse is made of it; and where devices send to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.drills import ground as grounds
from sandbox.drills.ground import Ground
from sandbox.drills.world import World
from sandbox.engines import project as projects
from sandbox.engines.configuration import stack_config
from sandbox.engines.model import StackChoice, StackResult
from sandbox.engines.runner.engine import again
from tests.sandbox.drills.rehearsals import ROOT
from tests.sandbox.projects import in_process
from tests.sandbox.test_runbook import call, commands

EAST, WEST = "us-east-1", "us-west-2"
FILES = ROOT / "examples" / "data-platform"
GONE = [503, "ServiceUnavailable"]
SYSTEMS, SYSTEM = "holdfast:systems", "data"
CLUSTER = "example-production-data-warehouse"


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    stacks = [StackChoice(name, config_file=FILES / f"{name}.yaml") for name in ("prod", "dr")]
    with in_process(), grounds.deployed(ROOT, "runner", stacks, lambda _event: None) as found:
        yield found


@pytest.fixture
def world(ground: Ground) -> Iterator[World]:
    with ground.copy() as found:
        found.start(0.5)
        yield found


def runbook(ground: Ground, world: World, region: str, heading: str) -> list[str]:
    """The commands of that part of the region's runbook."""
    [told] = [o["systems"][SYSTEM] for o in ground.outputs if o["foundation"]["region"] == region]
    bucket, _, path = told["runbook"][region].removeprefix("s3://").partition("/")
    found = world.boto("s3", region).get_object(Bucket=bucket, Key=path)["Body"].read().decode()
    return commands(found, heading)


def taken(world: World, name: str) -> None:
    """A snapshot, as the schedule takes one."""
    world.boto("redshift", EAST).create_cluster_snapshot(ClusterIdentifier=CLUSTER, SnapshotIdentifier=name)


def lose(world: World, region: str) -> None:
    world.aws.call("POST", "/sandbox/faults", {"regions": {region: GONE}})


def restored(ground: Ground, world: World, snapshot: str) -> StackResult:
    """`pulumi up` of the stack that is left, with the line that its runbook tells."""
    assert ground.stacks is not None
    [(choice, result)] = ground.stacks.of(WEST, there=True)
    project = projects.load(ROOT)
    systems = dict(stack_config(project, choice).given[SYSTEMS])
    own = dict(systems[SYSTEM])
    own["warehouse"] = {**own["warehouse"], "restores": [{"name": "first", "snapshot": snapshot}]}
    asked = StackChoice(
        choice.name, choice.config_file, {**choice.config, SYSTEMS: json.dumps({**systems, SYSTEM: own})}
    )
    others = [other for _, other in ground.stacks.of(WEST, there=False)]
    return again(project, asked, result, others, world.aws)


def test_a_lost_region_s_warehouse_is_made_of_the_newest_copy(ground: Ground, world: World) -> None:
    taken(world, "before")
    world.advance(60)
    taken(world, "last")
    lose(world, EAST)
    with pytest.raises(ClientError, match="ServiceUnavailable"):
        world.boto("redshift", EAST).describe_clusters()
    snapshots, clusters = runbook(ground, world, WEST, "Warehouse: look")
    assert call(world.aws.endpoint, clusters)["Clusters"] == []
    found = call(world.aws.endpoint, snapshots)["Snapshots"]
    copied = [each for each in found if each["SourceRegion"] == EAST and each["Status"] == "available"]
    newest = max(copied, key=lambda each: each["SnapshotCreateTime"])
    assert newest["SnapshotIdentifier"].endswith("last")

    ran = restored(ground, world, newest["SnapshotIdentifier"])
    assert ran.errors == []
    [made] = call(world.aws.endpoint, clusters)["Clusters"]
    key = next(o["foundation"]["peerKeyArn"] for o in ground.outputs if o["foundation"]["region"] == EAST)
    assert (made["ClusterIdentifier"], made["ClusterStatus"]) == (f"{CLUSTER}-first", "available")
    assert (made["MultiAZ"], made["NumberOfNodes"], made["Encrypted"]) == ("Enabled", 2, True)
    assert (made["KmsKeyId"], made["PubliclyAccessible"]) == (key, False)
    assert made["RestoreStatus"]["Status"] == "completed"
    assert made["Tags"] == [], "Redshift takes none for what it restores"
    assert made["MasterPasswordSecretArn"].split(":")[3] == WEST
    told: Any = ran.outputs["systems"][SYSTEM]["warehouse"]
    assert told["serves"] == "first"
    assert told["clusters"]["first"]["endpoint"] == f"{made['Endpoint']['Address']}:5439"


def test_without_the_other_region_s_grant_there_is_nothing_to_make_it_of(
    ground: Ground, world: World
) -> None:
    world.boto("redshift", WEST).delete_snapshot_copy_grant(SnapshotCopyGrantName=f"{CLUSTER}-copies")
    taken(world, "last")
    lose(world, EAST)
    snapshots, _ = runbook(ground, world, WEST, "Warehouse: look")
    assert call(world.aws.endpoint, snapshots)["Snapshots"] == []


def test_the_runbook_tells_devices_way_while_the_other_region_is_lost(ground: Ground, world: World) -> None:
    lose(world, EAST)
    endpoint, alarms, letters = (
        call(world.aws.endpoint, each) for each in runbook(ground, world, WEST, "Ingestion")
    )
    assert endpoint["endpointAddress"].endswith(f".iot.{WEST}.amazonaws.com")
    assert {each["AlarmName"].split("-")[3] for each in alarms["MetricAlarms"]} == {"late", "throttled"}
    assert letters.get("Messages", []) == []


def test_an_ill_zone_is_left_by_the_runbook(ground: Ground, world: World) -> None:
    alarms, look, leave = runbook(ground, world, EAST, "Warehouse: act")
    [before] = call(world.aws.endpoint, look)["Clusters"]
    assert len(call(world.aws.endpoint, alarms)["MetricAlarms"]) == 3
    call(world.aws.endpoint, leave)
    [after] = call(world.aws.endpoint, look)["Clusters"]
    assert after["AvailabilityZone"] == before["MultiAZSecondary"]["AvailabilityZone"]
    assert after["Endpoint"] == before["Endpoint"]


def test_batch_jobs_of_a_lost_region_are_begun_in_the_other_one(ground: Ground, world: World) -> None:
    """By the function that is deployed there; its application is recorded, so that moto is given one to begin them in."""
    told = next(o["systems"][SYSTEM] for o in ground.outputs if o["foundation"]["region"] == WEST)["batch"]
    pair = next(o["systems"][SYSTEM] for o in ground.outputs if o["foundation"]["region"] == EAST)["batch"]
    emr, functions = world.boto("emr-serverless", WEST), world.boto("lambda", WEST)
    given = {"name": "batch", "releaseLabel": "emr-7.9.0", "type": "SPARK", "clientToken": "1"}
    application = emr.create_application(**given)["applicationId"]
    variables = functions.get_function_configuration(FunctionName=told["start"])["Environment"]["Variables"]
    assert variables["APPLICATION"] == told["application"]
    functions.update_function_configuration(
        FunctionName=told["start"], Environment={"Variables": {**variables, "APPLICATION": application}}
    )
    lose(world, EAST)
    (begin,) = [each for each in runbook(ground, world, WEST, "Batch jobs") if "lambda invoke" in each]
    assert f"--function-name {told['start']} " in begin
    event = {"job": "daily", "due": "2027-01-31T02:00:00Z"}
    answer = functions.invoke(FunctionName=told["start"], Payload=json.dumps(event))
    said = json.loads(answer["Payload"].read())
    assert said["results"] == f"s3://{pair['peerFiles']}/results/daily/20270131T020000Z/"
    run = emr.get_job_run(applicationId=application, jobRunId=said["run"])["jobRun"]
    spark = run["jobDriver"]["sparkSubmit"]
    assert spark["entryPoint"] == f"s3://{pair['peerFiles']}/scripts/daily.py", (
        "the script that has come over"
    )
    assert spark["entryPointArguments"][:2] == ["--days", "1"]
    roles = world.boto("iam", WEST).list_roles()["Roles"]
    assert run["executionRole"] in [
        each["Arn"] for each in roles if each["RoleName"].startswith("data-batch-jobs")
    ]
