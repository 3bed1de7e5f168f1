"""A bad release of services in containers, deployed as their stack would: another task definition for each of them, all at once.

Of a rolling service the new tasks pass no health check. Of a blue/green one they pass them, and fail what clients ask: if they passed none
either, no request would ever go there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.drills.checks import Check, failed_for
from sandbox.drills.client import Client
from sandbox.drills.promise import Promise
from sandbox.drills.system import System
from sandbox.drills.world import DRILL, World

BACK = "ROLLBACK_SUCCESSFUL"
ENDED = (BACK, "SUCCESSFUL", "STOPPED", "ROLLBACK_FAILED")
_BLUE_GREEN = "BLUE_GREEN"
_GIVEN = (
    *("family", "taskRoleArn", "executionRoleArn", "networkMode", "containerDefinitions", "volumes"),
    *("requiresCompatibilities", "cpu", "memory", "runtimePlatform"),
)
"""What a task definition is registered with, of what is told of one."""


def services(world: World, system: System) -> Iterator[Mapping[str, Any]]:
    """The services of the system's region, as ECS tells of them."""
    ecs, found = world.boto("ecs", system.home.region, DRILL), world.call("capacity", **system.home.asked)
    ours = {each["name"] for each in found["services"]}
    for cluster in ecs.list_clusters()["clusterArns"]:
        names = ecs.list_services(cluster=cluster)["serviceArns"]
        for each in ecs.describe_services(cluster=cluster, services=names)["services"] if names else ():
            if each["serviceName"] in ours and each["desiredCount"]:
                yield each


def roll_out(world: World, system: System) -> None:
    """Register another task definition of each service, which doesn't work, and deploy it."""
    ecs = world.boto("ecs", system.home.region, DRILL)
    for each in services(world, system):
        used = ecs.describe_task_definition(taskDefinition=each["taskDefinition"])["taskDefinition"]
        given = {key: used[key] for key in _GIVEN if key in used}
        made = ecs.register_task_definition(**given)["taskDefinition"]["taskDefinitionArn"]
        world.call("break", release=made, how="requests" if blue_green(each) else "checks")
        ecs.update_service(cluster=each["clusterArn"], service=each["serviceArn"], taskDefinition=made)


def blue_green(service: Mapping[str, Any]) -> bool:
    """Whether a service is deployed beside itself."""
    return bool(service.get("deploymentConfiguration", {}).get("strategy") == _BLUE_GREEN)


def _last(world: World, system: System) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Each service, and its last deployment."""
    ecs = world.boto("ecs", system.home.region, DRILL)
    return [
        (each, found[0])
        for each in services(world, system)
        if (
            found := ecs.list_service_deployments(cluster=each["clusterArn"], service=each["serviceArn"])[
                "serviceDeployments"
            ]
        )
    ]


def ended(world: World, system: System) -> bool:
    """Whether every deployment has come to its end."""
    return all(deployment["status"] in ENDED for _, deployment in _last(world, system))


def checks(world: World, system: System, client: Client, promised: Promise | None) -> list[Check]:
    """Every service went back by itself, and clients were failed no longer than it takes an alarm to ring."""
    found = [
        (each["serviceName"], last["status"], last.get("statusReason", ""))
        for each, last in _last(world, system)
    ]
    said = ", ".join(": ".join(filter(None, each)) for each in found)
    refused = [each for each in client.tries if each.at > world.broke and each.refused]
    high = promised.failed.high if promised else 0
    lasted = failed_for(client, world)
    noticed = f"{len(refused)} rows refused"
    noticed += f" in {lasted:.0f} s, may be for {high} s: {refused[0].refused}" if refused else ""
    return [
        Check("rolled back", bool(found) and all(status == BACK for _, status, _ in found), said),
        Check("kept serving", not refused or (high is not None and 0 < lasted <= high), noticed),
    ]


def causes(world: World, system: System) -> Iterator[str]:
    """Services that nothing takes back."""
    for each, last in _last(world, system):
        if last["status"] == BACK:
            continue
        name, said = f"{each['serviceName']} in {system.home.region}", each.get("deploymentConfiguration", {})
        what = "alarms" if blue_green(each) else "deploymentCircuitBreaker"
        if not said.get(what, {}).get("enable"):
            yield f"{name} has no {_WORDS[what]}: nothing finds out that its release is bad"
        elif not said[what].get("rollback"):
            yield f"the {_WORDS[what]} of {name} roll nothing back: it is {last['status']}, {last.get('statusReason', '')}"


_WORDS = {"alarms": "alarms of its deployment", "deploymentCircuitBreaker": "circuit breaker"}
