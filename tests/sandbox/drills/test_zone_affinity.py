"""Zone affinity on the clock: what is lost is left, and each drill fails when its protection is taken away."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from sandbox.drills.command import lacks, unfit
from sandbox.drills.ground import Ground
from sandbox.drills.rehearse import Result
from sandbox.drills.scenarios import ALL, BY_NAME
from sandbox.drills.world import World
from tests.sandbox.drills.carried_out import carried_out

EAST, EVERYWHERE = "us-east-1", {"us-east-1b", "us-east-1c", "us-east-1d"}
WEST = "us-west-2"
DRILLED = ("instance", "zone", "application", "region-loss")
Drills = Callable[..., Result]
TTL = 60
"""Seconds that the answer of a load balancer's name is kept."""


@pytest.fixture(scope="module")
def ground(services: Ground) -> Ground:
    return services


@pytest.fixture(scope="module")
def drill(ground: Ground) -> Drills:
    return partial(carried_out, ground, "zonal")


@pytest.fixture(scope="module")
def results(drill: Drills) -> dict[str, Result]:
    return {name: drill(name) for name in DRILLED}


@pytest.mark.parametrize("name", DRILLED)
def test_a_drill_passes(results: dict[str, Result], name: str) -> None:
    found = results[name]
    assert found.causes == []
    assert found.passed
    assert "in their zones" in [check.name for check in found.checks]


@pytest.mark.parametrize("pace", [0.0, 1.0])
def test_a_lost_tier_of_a_zone_is_back_within_what_is_promised(drill: Drills, pace: float) -> None:
    found = drill("application", None, pace)
    assert found.passed, found.causes
    assert found.promised is not None
    # Three checks of the inner load balancer find them, and the web tier's servers keep the answer of its name. No database moves.
    assert (found.promised.time.low, found.promised.time.high) == (25 + TTL, 25 + TTL)
    assert found.seconds is not None
    assert 25 < found.seconds <= 25 + TTL, "it would be late without the time to live"


def broke(result: Result) -> float:
    return next(line["at"] for line in result.timeline if line["what"].endswith("is lost"))


def test_a_lost_zones_requests_go_on_in_the_others_and_stay_there(results: dict[str, Result]) -> None:
    found = results["zone"]
    lost = next(line["what"].split()[1] for line in found.timeline if line["what"].startswith("zone "))
    at, end = broke(found), found.tries[-1].at
    before = {zone for each in found.tries if each.at < at for zone in each.zones}
    after = [each for each in found.tries if each.at > end - TTL]
    assert before == EVERYWHERE
    assert {zone for each in after for zone in each.zones} == EVERYWHERE - {lost}
    assert all(len(set(each.zones)) == 1 for each in after)  # web, application and replica


def test_a_zone_without_its_application_asks_the_others(results: dict[str, Result]) -> None:
    found = results["application"]
    at = broke(found)
    late = [each for each in found.tries if each.at > at + TTL + 25]
    led_away = [each for each in late if each.zones[0] == "us-east-1b"]
    assert led_away
    assert "us-east-1b" not in {each.zones[1] for each in late}
    # Who is led elsewhere reads there.
    assert all(each.zones[1] == each.zones[2] for each in late)
    refused = [each for each in found.tries if each.refused]
    assert {each.refused for each in refused} == {"no application answers the tier before it in us-east-1b"}
    assert refused[-1].at - at <= TTL + 25


def test_a_zone_whose_replica_fails_reads_in_another_and_no_other_zone_does(
    results: dict[str, Result],
) -> None:
    found = results["instance"]
    failed = {each.zones for each in found.tries if each.at > 130 and len(set(each.zones)) > 1}
    # One zone's requests go on in it, and only what they read is elsewhere: where the common endpoint of replicas leads.
    [(first, application)] = {each[:2] for each in failed}
    assert first == application
    assert first not in {each[2] for each in failed}
    assert {each.zones[0] for each in found.tries if each.at > 130 and each.zones} == EVERYWHERE


def balancer(world: World, **attributes: str) -> None:
    elb = world.boto("elbv2", EAST)
    [inner] = [each for each in elb.describe_load_balancers()["LoadBalancers"] if each["Type"] == "network"]
    elb.modify_load_balancer_attributes(
        LoadBalancerArn=inner["LoadBalancerArn"],
        Attributes=[{"Key": key.replace("__", "."), "Value": value} for key, value in attributes.items()],
    )


def told(world: World, **changed: Any) -> None:
    ssm = world.boto("ssm", EAST)
    name = "/example/production/zonal/database"
    known = json.loads(ssm.get_parameter(Name=name)["Parameter"]["Value"])
    ssm.put_parameter(Name=name, Value=json.dumps({**known, **changed}), Type="String", Overwrite=True)


def one_group(world: World, name: str, size: int, region: str = EAST) -> None:
    scaling = world.boto("autoscaling", region)
    [group] = [
        each["AutoScalingGroupName"]
        for each in scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
        if each["AutoScalingGroupName"].startswith(f"zonal-{name}-group")
    ]
    scaling.update_auto_scaling_group(
        AutoScalingGroupName=group, MinSize=size, MaxSize=size, DesiredCapacity=size
    )


def without_readers(world: World) -> None:
    rds = world.boto("rds", EAST)
    [cluster] = rds.describe_db_clusters()["DBClusters"]
    for member in cluster["DBClusterMembers"]:
        if not member["IsClusterWriter"]:
            rds.delete_db_instance(
                DBInstanceIdentifier=member["DBInstanceIdentifier"], SkipFinalSnapshot=True
            )


def blind(world: World) -> None:
    """Nothing finds out that a region is ill."""
    route53 = world.boto("route53", EAST)
    for each in route53.list_health_checks()["HealthChecks"]:
        route53.update_health_check(HealthCheckId=each["Id"], Disabled=True)


TAKEN_AWAY = {
    "a reader that takes over": ("instance", without_readers, "has no reader that could take over"),
    "a server more than carry the load": (
        "instance",
        lambda world: one_group(world, "web", 4),
        "has 4 servers, and 4 carry the whole load: without the 1 of a lost instance",
    ),
    "health checks": ("region-loss", blind, "is disabled: it never finds anything unhealthy"),
    "room for the other region's web servers": (
        "region-loss",
        lambda world: one_group(world, "web", 3, WEST),
        "the group in us-west-2 has a maximum of 3, below the 4 servers",
    ),
    "room for its application servers": (
        "region-loss",
        lambda world: one_group(world, "app", 3, WEST),
        "the group of the next tier in us-west-2 has a maximum of 3, below the 4 servers",
    ),
    "affinity of the name": (
        "zone",
        lambda world: balancer(world, dns_record__client_routing_policy="any_availability_zone"),
        "addresses of any zone: its client routing policy is no affinity",
    ),
    "no cross-zone load balancing": (
        "zone",
        lambda world: balancer(world, load_balancing__cross_zone__enabled="true"),
        "each of its addresses leads to servers of all zones",
    ),
    "a replica in each zone": (
        "zone",
        lambda world: told(world, readers={}),
        "requests left their zone before the loss",
    ),
    "enough servers without a zone's application": (
        "application",
        lambda world: one_group(world, "app", 3),
        "of the next tier ",
    ),
}


@pytest.mark.parametrize("name", TAKEN_AWAY)
def test_without_what_protects_it_a_drill_fails_and_names_the_cause(drill: Drills, name: str) -> None:
    scenario, prepare, cause = TAKEN_AWAY[name]
    found = drill(scenario, prepare)
    assert not found.passed
    assert any(cause in each for each in found.causes), found.causes


def test_only_systems_of_two_tiers_lose_one_of_them(ground: Ground) -> None:
    zonal = ground.system("zonal")
    assert [each.name for each in ALL if lacks(each, zonal)] == []
    single = replace(zonal, home=replace(zonal.home, inner=""))
    assert unfit(ALL, [single]) == []
    assert unfit([BY_NAME["zone"], BY_NAME["application"]], [single]) == [
        "application of zonal: its servers are of one tier"
    ]
