"""The program survives its own failover on the Pulumi CLI: a system of each strategy is moved, serves for good, and comes back."""

from __future__ import annotations

import json
import time

import pytest
import yaml

from tests.engine.test_whole_program import STATEFUL, name_of, type_of

EAST, WEST = "us-east-1", "us-west-2"
STACKS = ("prod", "dr")
STRATEGIES = {"pilot": "pilot-light", "warm": "warm-standby", "both": "active-active"}
GROUP = "aws:autoscaling/group:Group"


@pytest.fixture(scope="module")
def deployed(holdfast):
    for stack in STACKS:
        path = holdfast.root / f"Pulumi.{stack}.yaml"
        document = yaml.safe_load(path.read_text())
        web = document["config"]["holdfast:systems"]["web"]
        del web["standbyFraction"]
        document["config"]["holdfast:systems"] = {
            name: {**web, "site": f"{name}.holdfast.example", "strategy": strategy}
            for name, strategy in STRATEGIES.items()
        }
        path.write_text(yaml.safe_dump(document, sort_keys=False))
    holdfast("up").ok()
    return holdfast


def moved(deployed, region, **given):
    """Each system's state machine of that region does what is asked of it."""
    steps = deployed.boto("stepfunctions", region)
    machines = [each["stateMachineArn"] for each in steps.list_state_machines()["stateMachines"]]
    assert len(machines) == len(STRATEGIES)
    started = [
        steps.start_execution(stateMachineArn=arn, input=json.dumps(given))["executionArn"]
        for arn in machines
    ]
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        found = {steps.describe_execution(executionArn=each)["status"] for each in started}
        if "RUNNING" not in found:
            break
        time.sleep(0.2)
    assert found == {"SUCCEEDED"}


def named(deployed, region):
    """The configuration of both stacks says that this region serves."""
    for stack in STACKS:
        path = deployed.root / f"Pulumi.{stack}.yaml"
        document = yaml.safe_load(path.read_text())
        document["config"]["holdfast:recovery"]["activeRegion"] = region
        path.write_text(yaml.safe_dump(document, sort_keys=False))


def planned(deployed, stack):
    """What `up` of a stack would do, by type: the operations and the names. Nothing that keeps data is replaced or goes."""
    deployed("refresh", "--stack", stack).ok()
    steps = deployed("preview", "--stack", stack).ok().stack(stack)["steps"]
    lost = [u for u, op in steps.items() if op in ("replace", "delete") and type_of(u).startswith(STATEFUL)]
    assert lost == []
    return {(type_of(urn).rsplit(":", 1)[-1], op, name_of(urn)) for urn, op in steps.items()}


def writers(deployed):
    """The region in which each global database writes."""
    found = deployed.boto("rds", EAST).describe_global_clusters()["GlobalClusters"]
    return {
        each["GlobalClusterIdentifier"]: next(
            m["DBClusterArn"].split(":")[3] for m in each["GlobalClusterMembers"] if m["IsWriter"]
        )
        for each in found
    }


# Of each region: what changes when it no longer serves, by strategy. A pilot light has nothing to watch, nor a zone to leave, while none runs.
WAITS = {
    ("Group", "update", "pilot-app-group"),
    ("Group", "update", "warm-app-group"),
    ("MetricAlarm", "update", "pilot-health-hosts"),
    ("Cluster", "update", "both-db-cluster"),
}


def turned(stack, op):
    """What naming another region changes of a stack: `op` is what becomes of what only servers have."""
    zones = ZONES[stack]
    watched = {("MetricAlarm", "update", f"warm-app-healthy-{zone}") for zone in zones}
    once = {("MetricAlarm", op, f"pilot-app-healthy-{zone}") for zone in zones}
    shifted = {
        ("ZonalAutoshift", op, "pilot-zonal"),
        ("ZonalAutoshiftConfiguration", op, "pilot-zonal-autoshift"),
    }
    return WAITS | watched | once | shifted


ZONES = {"prod": ("use1-az1", "use1-az2", "use1-az4"), "dr": ("usw2-az1", "usw2-az2", "usw2-az3")}


def required(deployed, region):
    """Servers that each group of a region has in service, and the least that it may have."""
    groups = deployed.boto("autoscaling", region).describe_auto_scaling_groups()["AutoScalingGroups"]
    return {
        group["AutoScalingGroupName"].split("-")[0]: (
            sum(each["LifecycleState"] == "InService" for each in group["Instances"]),
            group["MinSize"],
        )
        for group in groups
    }


def answers(deployed):
    """The regions whose load balancers Route 53 answers each site with."""
    route53 = deployed.boto("route53")
    (zone,) = route53.list_hosted_zones()["HostedZones"]
    found = set()
    for name in STRATEGIES:
        answer = route53.test_dns_answer(
            HostedZoneId=zone["Id"], RecordName=f"{name}.holdfast.example", RecordType="A"
        )
        found |= {host.split(".")[1] for host in answer["RecordData"]}
    return found


def test_what_a_failover_changes_is_left_alone(deployed):
    for stack in STACKS:
        assert planned(deployed, stack) == set()
    moved(deployed, WEST, action="take", mode="failover")
    assert set(writers(deployed).values()) == {WEST}
    assert answers(deployed) == {WEST}
    assert planned(deployed, "prod") == set()
    # The state machine has raised the least that a group may have; until roles are swapped, the program wants its own.
    assert planned(deployed, "dr") == {("Group", "update", f"{name}-app-group") for name in ("pilot", "warm")}


def test_two_runs_make_the_region_that_took_over_the_one_that_serves(deployed):
    named(deployed, WEST)
    for stack, op in (("prod", "delete"), ("dr", "create")):
        assert planned(deployed, stack) == turned(stack, op)
        deployed("up", "--stack", stack).ok()
        assert answers(deployed) == {WEST}
        assert {name: running for name, (running, _) in required(deployed, WEST).items()} == dict.fromkeys(
            STRATEGIES, 6
        )
    assert required(deployed, WEST) == dict.fromkeys(STRATEGIES, (6, 6))
    assert {name: least for name, (_, least) in required(deployed, EAST).items()} == {
        "pilot": 0,
        "warm": 3,
        "both": 6,
    }
    for stack in STACKS:
        assert planned(deployed, stack) == set()


def test_the_way_back_ends_where_it_began(deployed):
    moved(deployed, EAST, action="take", mode="switchover")
    for region in (WEST, EAST):
        moved(deployed, region, action="release")
    assert set(writers(deployed).values()) == {EAST}
    named(deployed, EAST)
    for stack, op in (("prod", "create"), ("dr", "delete")):
        assert planned(deployed, stack) == turned(stack, op)
        deployed("up", "--stack", stack).ok()
        assert EAST in answers(deployed)
        assert all(running >= 6 for running, _ in required(deployed, EAST).values())
    for stack in STACKS:
        assert planned(deployed, stack) == set()
    assert required(deployed, EAST) == dict.fromkeys(STRATEGIES, (6, 6))
