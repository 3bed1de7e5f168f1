"""How a person moves a system on Elastic Beanstalk: as its runbook says, first its instances, then its clients."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.drills.world import World

KIND = "elastic-beanstalk"


@dataclass(frozen=True)
class Environment:
    """A region's part."""

    name: str
    instances: int
    """That carry the whole load, with a zone lost."""
    machine: str
    """ARN of the state machine that sends clients there; empty where there is none."""


def read(name: str, stacks: Iterable[Mapping[str, Any]]) -> dict[str, Environment]:
    """By region, what the stacks put out of the system's environments; nothing of a system of another kind."""
    found = {}
    for stack in stacks:
        said = stack["systems"][name]
        if said.get("kind") == KIND and "environment" in said:
            found[stack["foundation"]["region"]] = Environment(
                said["environment"], int(said["instances"]), str(said.get("takeover", ""))
            )
    return found


def grow(world: World, environment: Environment, region: str) -> str:
    """Have as many instances run as the load needs, through Elastic Beanstalk. What a person says of it."""
    least = {
        "Namespace": "aws:autoscaling:asg",
        "OptionName": "MinSize",
        "Value": str(environment.instances),
    }
    world.boto("elasticbeanstalk", region).update_environment(
        EnvironmentName=environment.name, OptionSettings=[least]
    )
    return f"has {environment.instances} instances run in {environment.name}"
