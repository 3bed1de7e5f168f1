"""What a drill breaks, and when that is over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.drills import release
from sandbox.drills.scenario import Break, Scenario
from sandbox.drills.servers import group_behind
from sandbox.drills.system import System
from sandbox.drills.world import DRILL, World

_SEEN = 120.0
"""Simulated seconds after which every loss has been felt: a drill that ends earlier would have ended before it began."""


def do(world: World, system: System, what: Break) -> None:
    """Break it."""
    region = system.home.region
    if what is Break.REGION:
        # Who rebuilds makes roles and records, by control planes that live in us-east-1.
        world.call("break", region=region, controls=system.other is not None)
    elif what is Break.ZONE:
        instance, zone = _placed(world, system)
        world.note(DRILL, f"{instance} is in {zone}", region)
        world.call("break", zone=zone, **{"in": region})
    elif what is Break.INSTANCE:
        world.call("break", instance=_server(world, system)[0], **{"in": region})
        if system.writer:
            world.call("break", database=_writer(world, system)[0], **{"in": region})
    elif what is Break.TIER:
        for instance in _tier_of_a_zone(world, system):
            world.call("break", instance=instance, **{"in": region})
    elif what is Break.ROWS:
        world.call("break", rows=system.cluster or _cluster(world, system)["DBClusterArn"])
    elif what is Break.RELEASE:
        release.roll_out(world, system)


def seen_after(what: Break) -> float:
    """Simulated seconds that must pass before the drill may be over."""
    return 0.0 if what is Break.NOTHING else _SEEN


def asked(system: System, scenario: Scenario) -> dict[str, Any]:
    """What to ask at the end of each step, to know of its end."""
    return {"spoilt": {"host": system.home.load_balancer}} if scenario.breaks is Break.ROWS else {}


def done(world: World, system: System, scenario: Scenario, answers: Mapping[str, Any]) -> bool:
    """Whether what was begun has come to its end; `answers` to what was asked."""
    if scenario.breaks is Break.RELEASE:
        return release.ended(world, system)
    if scenario.breaks is Break.ROWS:
        return not answers["spoilt"]["any"]
    return True


def _server(world: World, system: System) -> tuple[str, str]:
    """A server that clients are sent to, and its zone. Raises LookupError when there is none."""
    region = system.home.region
    found = world.call("capacity", host=system.home.load_balancer)
    serving = found["serves"]
    if not serving:
        raise LookupError(f"{system.home.load_balancer} has no healthy target")
    if system.tasks:
        zones = {address: zone for each in found["services"] for address, zone in each["zones"].items()}
        return serving[0], str(zones[serving[0]])
    asked = world.boto("ec2", region, DRILL).describe_instances(InstanceIds=serving[:1])
    return serving[0], str(asked["Reservations"][0]["Instances"][0]["Placement"]["AvailabilityZone"])


def _placed(world: World, system: System) -> tuple[str, str]:
    """What a zone's loss is to take, and that zone: the database's, where one server of it writes."""
    if system.instance:
        asked = world.boto("rds", system.home.region, DRILL).describe_db_instances(
            DBInstanceIdentifier=system.instance
        )
        return system.instance, str(asked["DBInstances"][0]["AvailabilityZone"])
    return _writer(world, system) if system.writer else _server(world, system)


def _tier_of_a_zone(world: World, system: System) -> list[str]:
    """The servers of the second tier that are in one zone. Raises LookupError when nobody serves there."""
    group = group_behind(world, system.home.region, system.home.inner)
    zone = min(each["AvailabilityZone"] for each in group["Instances"])
    found = [each["InstanceId"] for each in group["Instances"] if each["AvailabilityZone"] == zone]
    world.note(
        DRILL, f"{', '.join(found)} are all of {group['AutoScalingGroupName']} in {zone}", system.home.region
    )
    return found


def _cluster(world: World, system: System) -> dict[str, object]:
    rds = world.boto("rds", system.home.region, DRILL)
    return next(
        dict(c) for c in rds.describe_db_clusters()["DBClusters"] if c["Endpoint"] == system.home.endpoint
    )


def _writer(world: World, system: System) -> tuple[str, str]:
    """The database's writing instance, and its zone."""
    rds = world.boto("rds", system.home.region, DRILL)
    members: list[dict[str, object]] = _cluster(world, system)["DBClusterMembers"]  # type: ignore[assignment]
    name = next(str(m["DBInstanceIdentifier"]) for m in members if m["IsClusterWriter"])
    found = rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
    return name, str(found["AvailabilityZone"])
