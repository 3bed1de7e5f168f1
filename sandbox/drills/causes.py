"""Why a drill failed: the protections that should have held are looked at one by one, in the region that should have served."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from sandbox.aws.clockwork.tiers import AFFINE
from sandbox.drills import by_hand, copy_back, deployment, restore, ways
from sandbox.drills.client import OK
from sandbox.drills.scenario import Act, Break, Loss, Scenario
from sandbox.drills.servers import group_behind
from sandbox.drills.system import Place, System
from sandbox.drills.world import DRILL, World

_AGAIN = 3
"""Replacements in a drill that are no chance."""


def find(world: World, system: System, scenario: Scenario, result: Any, problem: str) -> list[str]:
    """The causes, the nearest first; never empty: what can't be explained is said by the checks that don't hold."""
    found: list[str] = []
    # What is missing comes before what AWS said of it; who was stopped half-way has not been able to grow.
    looks = [_release, _backups, _traffic, _zones, _database, _restored, _maximum, _application]
    if not problem:
        looks = [_steps, *looks, _files, _capacity]
    built = system.other is not None or not scenario.elsewhere
    for look in looks if built else ():
        try:
            found += look(world, system, scenario)
        except ClientError as error:
            found.append(f"a cause can't be looked for: {error}")
    if problem:
        found.append(problem)
    found += [f"{check.name}: {check.said}" for check in result.checks if not check.holds]
    return list(dict.fromkeys(found))


def _release(world: World, system: System, scenario: Scenario) -> Iterator[str]:
    """Services that a bad release stays on."""
    if scenario.breaks is Break.RELEASE and system.tasks:
        yield from deployment.causes(world, system)


def _backups(world: World, system: System, scenario: Scenario) -> Iterator[str]:
    """Plans that back nothing up."""
    if scenario.loses is Loss.BACKED_UP:
        region = system.home.region
        for plan, roles in copy_back.selections(world.boto("backup", region, DRILL)).items():
            if not roles:
                yield f"backup plan {plan} of {region} selects nothing: no recovery point of its stores is made"


def _traffic(world: World, system: System, scenario: Scenario) -> Iterator[str]:
    """Records of the site that follow no health check, or one that can't turn."""
    if scenario.breaks is not Break.REGION:
        return
    # The data planes answer only; what is configured is read where the copy keeps it.
    for record in world.call("records", zone=system.zone_id, name=system.site)["records"]:
        if not record["check"] and not record["evaluates"]:
            yield f"the record of {system.site} for {record['set']} follows no health check: clients stay with a region that is lost"
        for disabled in record["disabled"]:
            yield f"health check {disabled} of {system.site} for {record['set']} is disabled: it never finds anything unhealthy"


def _zones(world: World, system: System, _scenario: Scenario) -> Iterator[str]:
    """What lets requests out of their zone although each tier stands in all of them."""
    home = system.home
    if not home.inner:
        return
    elb = world.boto("elbv2", home.region, DRILL)
    [balancer] = [b for b in elb.describe_load_balancers()["LoadBalancers"] if b["DNSName"] == home.inner]
    said = elb.describe_load_balancer_attributes(LoadBalancerArn=balancer["LoadBalancerArn"])["Attributes"]
    found = {each["Key"]: each["Value"] for each in said}
    if found.get("dns_record.client_routing_policy") not in AFFINE:
        yield f"{home.inner} answers who asks for it with addresses of any zone: its client routing policy is no affinity"
    if found.get("load_balancing.cross_zone.enabled") == "true":
        yield f"{home.inner} has cross-zone load balancing: each of its addresses leads to servers of all zones"


def _database(world: World, system: System, scenario: Scenario) -> Iterator[str]:
    if system.cluster:
        return  # whether it writes is what the application says
    if scenario.act in (Act.TAKE_OVER, Act.SWITCH) and system.global_cluster:
        yield from _way_over(world, system)
    if scenario.breaks in (Break.ZONE, Break.INSTANCE):
        yield from _readers(world, system)


def _way_over(world: World, system: System) -> Iterator[str]:
    region = system.away.region
    members = by_hand.clusters(world, system, region)
    if region not in members:
        yield f"global database {system.global_cluster} has no member in {region}: nothing there can be promoted"
        return
    rds = world.boto("rds", region, DRILL)
    cluster = rds.describe_db_clusters(DBClusterIdentifier=members[region])["DBClusters"][0]
    if not cluster["DBClusterMembers"]:
        yield f"{cluster['DBClusterIdentifier']} in {region} has no DB instance to promote"
    plan = ways.plan_of(world, system, region)
    if plan is not None and f'"{system.global_cluster}"' not in str(plan["workflows"]).replace("'", '"'):
        yield f"plan {plan['name']} has no step for global database {system.global_cluster}: it never writes in {region}"


def _steps(world: World, system: System, scenario: Scenario) -> Iterator[str]:
    """Cache and files that the plan of the region that should serve has not made the ones that write."""
    if scenario.act not in (Act.TAKE_OVER, Act.SWITCH) or not system.stores:
        return
    place = scenario.ends_in(system)
    found = world.call("rows", host=place.load_balancer)["refuses"]
    plan = ways.plan_of(world, system, place.region) if found else None
    if plan is not None:
        yield f"plan {plan['name']} has not moved all that the system writes: {found}; its steps are {', '.join(ways.steps_of(plan))}"


def _readers(world: World, system: System) -> Iterator[str]:
    rds = world.boto("rds", system.home.region, DRILL)
    for cluster in rds.describe_db_clusters()["DBClusters"]:
        if cluster["Endpoint"] == system.home.endpoint and len(cluster["DBClusterMembers"]) < 2:  # noqa: PLR2004
            yield f"{cluster['DBClusterIdentifier']} has no reader that could take over from its writer"


def _restored(world: World, system: System, scenario: Scenario) -> Iterator[str]:
    """Servers that go on with the database that was restored beside."""
    if scenario.act is not Act.RESTORE:
        return
    used = world.call("rows", host=system.home.load_balancer)["cluster"]
    known = world.boto("rds", system.home.region).describe_db_clusters()["DBClusters"]
    for each in known:
        name = each["DBClusterIdentifier"]
        if name == restore.restored(used) and each["Status"] == restore.AVAILABLE:
            yield f"the servers in {system.home.region} go on with {used}: nothing has told them of {name}"


def _files(world: World, system: System, scenario: Scenario) -> Iterator[str]:
    """Files that should have become the ones that are written."""
    if not scenario.elsewhere or not system.files:
        return
    region = system.away.region
    own, what = system.files[region], f"the files {system.files[region]} in {region}"
    opened = any(line["who"] == "EFS" and own in line["what"] for line in world.timeline)
    found = world.boto("efs", region).describe_replication_configurations()["Replications"]
    if any(each["FileSystemId"] == own for one in found for each in one["Destinations"]):
        yield f"{what} still follow others: nothing has let them be written"
    elif not opened:
        yield f"{what} follow none: what was written in {system.home.region} never came"


def _application(world: World, system: System, scenario: Scenario) -> Iterator[str]:
    place = scenario.ends_in(system)
    found = world.call("request", host=place.load_balancer, path="/health/deep")
    if found["status"] != OK:
        yield f"the application in {place.region} does not work: {found['said']}"


def _capacity(world: World, system: System, scenario: Scenario) -> Iterator[str]:
    place = scenario.ends_in(system)
    found = world.call("capacity", host=place.load_balancer)
    if system.api:
        return  # what functions lack is what the application says
    if system.tasks:
        yield from _services(found["services"], place, scenario)
        return
    need, where = found["required"], f"the group in {place.region}"
    group = group_behind(world, place.region, place.load_balancer)
    lost = _lost(group, scenario)
    if lost and found["desired"] - lost < need:
        yield (
            f"{where} has {found['desired']} servers, and {need} carry the whole load: "
            f"without the {lost} of a lost {scenario.breaks} too few are left until new ones have started"
        )
    elif found["healthy"] >= need:
        return
    elif found["desired"] < need:
        yield f"{where} stays at {found['desired']} servers, {need} carry the whole load: nothing makes it grow"
    else:
        yield from _short_grace(world, place, group)


def _services(found: list[dict[str, Any]], place: Place, scenario: Scenario) -> Iterator[str]:
    """Services that had too few tasks for what was lost."""
    for each in found:
        taken = {Break.ZONE: math.ceil(each["desired"] / each["spread"]), Break.INSTANCE: 1}
        lost = taken.get(scenario.breaks, 0)
        if lost and each["desired"] - lost < each["required"]:
            yield (
                f"{each['name']} in {place.region} has {each['desired']} tasks, and {each['required']} carry the whole load: "
                f"without the {lost} of a lost {scenario.breaks} too few are left until new ones run"
            )
        elif each["healthy"] < each["required"]:
            yield f"{each['name']} in {place.region} has {each['healthy']} tasks that work, {each['required']} carry the whole load"


def _maximum(world: World, system: System, scenario: Scenario) -> Iterator[str]:
    place = scenario.ends_in(system)
    found = world.call("capacity", **place.asked)
    for each in found.get("services", ()):
        if each["most"] < each["required"]:
            yield (
                f"{each['name']} in {place.region} has at most {each['most']} tasks, and {each['required']} carry the whole load: "
                "nothing gives it more"
            )
    for tier, which in ((found, ""), (found["inner"], " of the next tier")):
        if tier and not system.tasks and tier["most"] < tier["required"]:
            yield (
                f"the group{which} in {place.region} has a maximum of {tier['most']}, "
                f"below the {tier['required']} servers that carry the whole load"
            )


def _lost(group: Mapping[str, Any], scenario: Scenario) -> int:
    """Servers that the loss takes at most, of a group that is spread evenly."""
    if scenario.breaks is Break.ZONE:
        return math.ceil(int(group["DesiredCapacity"]) / len(group["AvailabilityZones"]))
    return int(scenario.breaks is Break.INSTANCE)


def _short_grace(world: World, place: Place, group: Mapping[str, Any]) -> Iterator[str]:
    """Servers that are replaced before they have started, again and again."""
    again = [
        line for line in world.timeline if f"of {group['AutoScalingGroupName']}: unhealthy" in line["what"]
    ]
    if len(again) >= _AGAIN:
        grace = group["HealthCheckGracePeriod"]
        yield f"the group in {place.region} has replaced {len(again)} servers: its grace period of {grace} s ends before they have started"
