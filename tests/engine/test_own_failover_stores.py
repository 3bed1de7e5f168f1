"""Every replicated store survives its system's own failover on the Pulumi CLI, and so does a system that nothing but health checks moves.

A cache, a table, files, Aurora and Aurora DSQL. What happens comes before what is asserted of it: a wrong list doesn't hide the next one.
"""

from __future__ import annotations

import time

import pytest
import yaml

from sandbox.aws import server
from sandbox.drills import system as systems
from sandbox.drills import ways
from sandbox.drills.servers import group_behind
from sandbox.drills.world import World
from tests.engine.test_own_failover import named, required
from tests.engine.test_whole_program import STATEFUL, name_of, type_of

EAST, WEST = "us-east-1", "us-west-2"
STACKS = ("prod", "dr")
KEPT = (
    *STATEFUL,
    "aws:elasticache/",
    "aws:dynamodb/",
    "aws:efs/fileSystem",
    "aws:efs/mountTarget",
    "aws:efs/accessPoint",
    "aws:dsql/",
)
"""What keeps data, or leads to it."""
LOST = [503, "ServiceUnavailable"]
OBJECTIVES = {
    "drTier": 1,
    "rtoHours": 4,
    "rpoMinutes": 15,
    "corruption": {"rtoHours": 24, "rpoMinutes": 2880},
}
SYSTEMS = {
    "shop": {"strategy": "pilot-light", "cache": {}, "sessions": {}, "files": {}},
    "rows": {"strategy": "active-active", "database": {"engine": "aurora-dsql"}},
    "plain": {"strategy": "warm-standby", "switch": {"by": "none"}},
}
BY_HAND = "plain"
FULL = 6
ZONES = {"prod": ("use1-az1", "use1-az2", "use1-az4"), "dr": ("usw2-az1", "usw2-az2", "usw2-az3")}


@pytest.fixture(scope="module")
def deployed(holdfast):
    return with_systems(holdfast, SYSTEMS, OBJECTIVES)


def with_systems(holdfast, systems, objectives):
    """Both stacks with these three-tier systems, deployed."""
    for stack in STACKS:
        path = holdfast.root / f"Pulumi.{stack}.yaml"
        document = yaml.safe_load(path.read_text())
        document["config"]["holdfast:systems"] = {
            name: {"kind": "three-tier", "site": f"{name}.holdfast.example", "objectives": objectives, **said}
            for name, said in systems.items()
        }
        path.write_text(yaml.safe_dump(document, sort_keys=False))
    holdfast("up").ok()
    return holdfast


def planned(deployed, stack):
    """What `up` of a stack would do after a refresh, by type: the operations and the names. Nothing that keeps data is replaced or goes."""
    deployed("refresh", "--stack", stack).ok()
    return changed(deployed("preview", "--stack", stack).ok(), stack)


def left(deployed):
    """The same of both stacks, which are looked at beside each other: what isn't as the settings say."""
    deployed("refresh").ok()
    answer = deployed("preview").ok()
    return {stack: changed(answer, stack) for stack in STACKS}


def changed(answer, stack):
    """What a command does to a stack: type, operation and name."""
    steps = answer.stack(stack)["steps"]
    lost = [u for u, op in steps.items() if op in ("replace", "delete") and type_of(u).startswith(KEPT)]
    assert lost == []
    return {(type_of(urn).rsplit(":", 1)[-1], op, name_of(urn)) for urn, op in steps.items()}


def taken_over(deployed, region, names=tuple(SYSTEMS), *, lossy):
    """The operator of the drills moves these systems to a region; the other one is lost meanwhile, where that loses anything.

    Where nothing is deployed that moves a system, its servers are started first, as the runbook says.
    """
    aws = server.running(deployed.state)
    world, outputs = World(aws), [deployed.engine().outputs(stack) for stack in STACKS]
    known = [systems.read(name, outputs) for name in names]
    if lossy:
        faulty(aws, {EAST: LOST})
    for system in known:
        if system.name == BY_HAND:
            started(world, system.place(region))
        begun = ways.take_over(world, system, system.place(region), lossy=lossy)
        assert ("takeover" in begun.what) == (system.name != BY_HAND)
        if begun.execution:
            ended(deployed, region, begun.execution)
        assert begun.problem(world) == ""
    found = answers(deployed, names)
    faulty(aws, {EAST: None})
    return found


def started(world, place):
    name = group_behind(world, place.region, place.load_balancer)["AutoScalingGroupName"]
    world.boto("autoscaling", place.region).update_auto_scaling_group(
        AutoScalingGroupName=name, MinSize=FULL, DesiredCapacity=FULL
    )


def faulty(aws, regions):
    aws.call("POST", "/sandbox/faults", {"regions": regions})


def ended(deployed, region, execution):
    steps, deadline = deployed.boto("stepfunctions", region), time.monotonic() + 120
    while (status := steps.describe_execution(executionArn=execution)["status"]) == "RUNNING":
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert status == "SUCCEEDED"


def released(deployed):
    """Either region forgets that it was left."""
    for region in (EAST, WEST):
        steps = deployed.boto("stepfunctions", region)
        for machine in steps.list_state_machines()["stateMachines"]:
            begun = steps.start_execution(
                stateMachineArn=machine["stateMachineArn"], input='{"action": "release"}'
            )
            ended(deployed, region, begun["executionArn"])


def writes(deployed):
    """Where each store is written, and what protects the files of each region from being overwritten."""
    databases = deployed.boto("rds").describe_global_clusters()["GlobalClusters"]
    (cache,) = deployed.boto("elasticache").describe_global_replication_groups(ShowMemberInfo=True)[
        "GlobalReplicationGroups"
    ]
    tables, clusters = {}, set()
    for region in (EAST, WEST):
        dynamodb, dsql = deployed.boto("dynamodb", region), deployed.boto("dsql", region)
        (name,) = [t for t in dynamodb.list_tables()["TableNames"] if "sessions" in t]
        tables[region] = dynamodb.describe_table(TableName=name)["Table"]["TableStatus"]
        clusters |= {
            dsql.get_cluster(identifier=c["identifier"])["status"] for c in dsql.list_clusters()["clusters"]
        }
    return {
        "databases": {
            m["DBClusterArn"].split(":")[3]
            for d in databases
            for m in d["GlobalClusterMembers"]
            if m["IsWriter"]
        },
        "cache": next(m["ReplicationGroupRegion"] for m in cache["Members"] if m["Role"] == "PRIMARY"),
        "files": {region: protection(deployed, region)[1] for region in (EAST, WEST)},
        "sessions": tables,
        "rows": clusters,
    }


def protection(deployed, region, system=None):
    """Id of a system's file system in a region, and what protects it. `system` may be left out of one that alone has files."""
    kept = deployed.boto("efs", region).describe_file_systems()["FileSystems"]
    (files,) = [each for each in kept if system is None or workload(each) == system]
    return files["FileSystemId"], files["FileSystemProtection"]["ReplicationOverwriteProtection"]


def workload(made):
    return next(tag["Value"] for tag in made["Tags"] if tag["Key"] == "workload")


def opened(deployed, region, system=None):
    """What the runbook has a person do with the files of the region that no longer serves, once nothing of them is missed."""
    deployed.boto("efs", region).update_file_system_protection(
        FileSystemId=protection(deployed, region, system)[0], ReplicationOverwriteProtection="DISABLED"
    )


def where(region, files):
    """All stores as they are when that region writes; tables and Aurora DSQL everywhere."""
    return {
        "databases": {region},
        "cache": region,
        "files": files,
        "sessions": dict.fromkeys((EAST, WEST), "ACTIVE"),
        "rows": {"ACTIVE"},
    }


def answers(deployed, names=tuple(SYSTEMS)):
    """By system: the region whose load balancer Route 53 answers with. There is always one; of two that serve it is the first."""
    route53 = deployed.boto("route53")
    (zone,) = route53.list_hosted_zones()["HostedZones"]
    found = {}
    for name in names:
        answer = route53.test_dns_answer(
            HostedZoneId=zone["Id"], RecordName=f"{name}.holdfast.example", RecordType="A"
        )
        (host,) = answer["RecordData"]
        found[name] = host.split(".")[1]
    return found


def each(region, **others):
    return {**dict.fromkeys(SYSTEMS, region), **others}


def pilot(name, stack, op):
    """What naming another region changes of a pilot light with files: `op` is what becomes of what only servers have."""
    found = {("Group", "update", f"{name}-app-group"), ("MetricAlarm", "update", f"{name}-health-hosts")}
    found |= {("MetricAlarm", op, f"{name}-app-healthy-{zone}") for zone in ZONES[stack]}
    found |= {
        ("ZonalAutoshift", op, f"{name}-zonal"),
        ("ZonalAutoshiftConfiguration", op, f"{name}-zonal-autoshift"),
    }
    found |= {("MetricAlarm", op, f"{name}-files-lag")}
    if stack == "prod":
        # The takeover ended the one that was there.
        found |= {("ReplicationConfiguration", "create", f"{name}-files-replication")}
    return found


def turned(stack, op, region):
    """The same of all systems; `region` is the one that serves then."""
    found = pilot("shop", stack, op) | {("Group", "update", "plain-app-group")}
    found |= {("MetricAlarm", "update", f"plain-app-healthy-{zone}") for zone in ZONES[stack]}
    if stack == "prod":
        yields = "create" if region == WEST else "delete"
        found |= {
            ("HealthCheck", yields, name) for name in ("plain-site-us-west-2-lost", "plain-site-behind")
        }
        found |= {("Record", "update", "plain-site-site-record")}
    return found


def swapped(deployed, region, names=tuple(SYSTEMS)):
    """The roles of both stacks, one run each: what each does, and after each where clients are and how many servers are there."""
    named(deployed, region)
    found = {}
    for stack in STACKS:
        deployed("refresh", "--stack", stack).ok()
        found[stack] = (
            changed(deployed("up", "--stack", stack).ok(), stack),
            answers(deployed, names),
            {n: running for n, (running, _) in required(deployed, region).items()},
        )
    return found


def test_what_a_failover_changes_is_left_alone(deployed):
    first, began = left(deployed), writes(deployed)
    meanwhile = taken_over(deployed, WEST, lossy=True)
    after, moved = left(deployed), writes(deployed)
    named(deployed, WEST)
    unopened = planned(deployed, "prod")
    assert first == {"prod": set(), "dr": set()}, "a second `up` changes nothing"
    assert began == where(EAST, {EAST: "ENABLED", WEST: "REPLICATING"})
    assert meanwhile == each(WEST)
    assert moved == where(WEST, {EAST: "ENABLED", WEST: "ENABLED"})
    assert answers(deployed) == each(WEST, plain=EAST), "health brings back what nobody has moved for good"
    # Who took over has raised the least that a group may have; until roles are swapped, the program wants its own.
    wants = {("Group", "update", f"{name}-app-group") for name in ("shop", "plain")}
    waits = {("FileSystem", "update", "shop-files-files")}
    assert after == {"prod": waits, "dr": wants}, (
        "the pack holds nothing against the founder, whose database writes elsewhere"
    )
    assert unopened == (
        turned("prod", "delete", WEST) - {("ReplicationConfiguration", "create", "shop-files-replication")}
    ) | {("FileSystem", "update", "shop-files-files")}


def test_two_runs_make_the_region_that_took_over_the_one_that_serves(deployed):
    opened(deployed, EAST)
    found = swapped(deployed, WEST)
    after = left(deployed)
    for stack, op in (("prod", "delete"), ("dr", "create")):
        plan, there, servers = found[stack]
        assert plan == turned(stack, op, WEST)
        assert there == each(WEST, rows=there["rows"])
        assert servers == dict.fromkeys(SYSTEMS, FULL)
    assert after == {"prod": set(), "dr": set()}
    assert writes(deployed) == where(WEST, {EAST: "REPLICATING", WEST: "ENABLED"})


def test_the_way_back_ends_where_it_began(deployed):
    taken_over(deployed, EAST, lossy=False)
    released(deployed)
    moved = writes(deployed)
    opened(deployed, WEST)
    found = swapped(deployed, EAST)
    after = left(deployed)
    for stack, op in (("prod", "create"), ("dr", "delete")):
        plan, there, servers = found[stack]
        assert plan == turned(stack, op, EAST)
        assert there == each(EAST)
        assert servers == dict.fromkeys(SYSTEMS, FULL)
    assert after == {"prod": set(), "dr": set()}
    assert moved == where(EAST, {EAST: "ENABLED", WEST: "ENABLED"})
    assert writes(deployed) == where(EAST, {EAST: "ENABLED", WEST: "REPLICATING"})
