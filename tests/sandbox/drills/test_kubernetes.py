"""A cluster's nodes on the clock: what is lost is replaced or left, and each drill fails when its protection is taken away."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from sandbox.drills import command
from sandbox.drills.ground import Ground
from sandbox.drills.rehearse import Result
from sandbox.drills.scenarios import BY_NAME
from sandbox.drills.world import World
from tests.sandbox.drills.carried_out import carried_out, what

EAST, WEST = "us-east-1", "us-west-2"
DRILLED = ("instance", "zone", "region-loss", "switchover")
Drills = Callable[..., Result]


@pytest.fixture(scope="module")
def ground(managed: Ground) -> Ground:
    return managed


@pytest.fixture(scope="module")
def drill(ground: Ground) -> Drills:
    return partial(carried_out, ground, "shop")


@pytest.fixture(scope="module")
def results(drill: Drills) -> dict[str, Result]:
    return {name: drill(name) for name in DRILLED}


@pytest.mark.parametrize("name", DRILLED)
def test_a_drill_passes(results: dict[str, Result], name: str) -> None:
    found = results[name]
    assert found.causes == []
    assert found.passed
    assert {check.name for check in found.checks} >= {"serves", "capacity", "in time"}


def test_what_a_cluster_lacks_is_said(ground: Ground) -> None:
    said = command.unfit(list(BY_NAME.values()), [ground.system("shop")])
    assert [line.split(" of ")[0] for line in said] == ["corruption", "bad-release"]


def test_a_node_is_replaced_when_ec2s_checks_have_found_out(results: dict[str, Result]) -> None:
    found = results["instance"]
    lost = what(found, "drill")[-1].split()[1]
    [gone] = [
        line for line in found.timeline if line["what"].startswith(f"replaces {lost} of eks-shop-general-")
    ]
    broke = next(line["at"] for line in found.timeline if line["what"] == f"instance {lost} is lost")
    assert 60 <= gone["at"] - broke <= 120, "as long as EC2's status checks take"
    assert any(line.startswith("launches ") for line in what(found, "Auto Scaling"))


def test_clients_leave_a_lost_zones_nodes(results: dict[str, Result]) -> None:
    found = results["zone"]
    refused = [each for each in found.tries if each.refused]
    broke = next(line["at"] for line in found.timeline if line["what"].endswith("is lost"))
    assert refused, "until they are found, clients are sent to them"
    assert refused[-1].at - broke <= 25, "two checks 10 s apart, and the wait of the second"


def test_the_takeover_starts_nodes_through_eks(results: dict[str, Result], ground: Ground) -> None:
    found = results["region-loss"]
    assert any("example-production-shop-takeover" in line for line in what(found, "operator"))
    capacity = next(check for check in found.checks if check.name == "capacity")
    assert capacity.said == "6 of 4 needed are healthy, the group has 6, at most 24"
    assert found.tries[-1].region == WEST


def nodes(world: World, size: int, region: str = EAST, *, most: int | None = None) -> None:
    eks = world.boto("eks", region)
    [group] = eks.list_nodegroups(clusterName="example-production-shop")["nodegroups"]
    sizes = {"minSize": size, "desiredSize": size, "maxSize": most or size}
    eks.update_nodegroup_config(
        clusterName="example-production-shop", nodegroupName=group, scalingConfig=sizes
    )


def nodes_group(scaling: Any) -> dict[str, Any]:
    groups = scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
    return next(each for each in groups if each["AutoScalingGroupName"].startswith("eks-"))


def alone(world: World) -> None:
    """Nothing sends the load balancer to nodes of another zone than one."""
    scaling = world.boto("autoscaling", EAST)
    group = nodes_group(scaling)
    first = group["VPCZoneIdentifier"].split(",")[0]
    scaling.update_auto_scaling_group(
        AutoScalingGroupName=group["AutoScalingGroupName"], VPCZoneIdentifier=first
    )
    for each in nodes_group(scaling)["Instances"]:
        scaling.terminate_instance_in_auto_scaling_group(
            InstanceId=each["InstanceId"], ShouldDecrementDesiredCapacity=False
        )


def blind(world: World) -> None:
    """Nothing finds out that a region is ill."""
    route53 = world.boto("route53", EAST)
    for each in route53.list_health_checks()["HealthChecks"]:
        route53.update_health_check(HealthCheckId=each["Id"], Disabled=True)


def idle_machine(world: World) -> None:
    """The machine of the region that takes over starts nothing."""
    steps = world.boto("stepfunctions", WEST)
    for each in steps.list_state_machines()["stateMachines"]:
        if "-shop-" not in each["name"]:
            continue
        found = steps.describe_state_machine(stateMachineArn=each["stateMachineArn"])
        text = found["definition"].replace('"MinSize": 6, "DesiredSize": 6', '"MinSize": 3, "DesiredSize": 3')
        assert text != found["definition"]
        steps.update_state_machine(stateMachineArn=each["stateMachineArn"], definition=text)


TAKEN_AWAY = {
    "a node more than carry the load": (
        "instance",
        lambda world: nodes(world, 4, most=24),
        "has 4 servers, and 4 carry the whole load: without the 1 of a lost instance",
    ),
    "nodes that are left with a zone gone": (
        "zone",
        lambda world: nodes(world, 5, most=24),
        "has 5 servers, and 4 carry the whole load: without the 2 of a lost zone",
    ),
    "nodes in several zones": ("zone", alone, "of a lost zone too few are left"),
    "room for nodes in the other region": (
        "region-loss",
        lambda world: nodes(world, 3, WEST),
        "the group in us-west-2 has a maximum of 3, below the 4 servers",
    ),
    "the step that starts nodes": (
        "region-loss",
        idle_machine,
        "stays at 3 servers, 4 carry the whole load: nothing makes it grow",
    ),
    "health checks": ("region-loss", blind, "is disabled: it never finds anything unhealthy"),
}


@pytest.mark.parametrize("name", TAKEN_AWAY)
def test_without_what_protects_it_a_drill_fails_and_names_the_cause(drill: Drills, name: str) -> None:
    scenario, prepare, cause = TAKEN_AWAY[name]
    found = drill(scenario, prepare)
    assert not found.passed
    assert any(cause in each for each in found.causes), found.causes
