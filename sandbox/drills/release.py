"""A release that doesn't start, rolled out as the group's stack would: an instance refresh with the group's own preferences.

Services in containers are deployed instead, see `deployment`.
"""

from __future__ import annotations

import base64
from typing import Any

from sandbox.drills import deployment
from sandbox.drills.checks import Check
from sandbox.drills.client import Client
from sandbox.drills.promise import Promise
from sandbox.drills.servers import group_behind
from sandbox.drills.system import System
from sandbox.drills.world import DRILL, World

BROKEN = "#!/bin/bash\nexit 1\n"
"""User data that starts nothing."""
ENDED = ("Successful", "Failed", "RollbackSuccessful", "RollbackFailed", "Cancelled")


def roll_out(world: World, system: System) -> None:
    """Make a version of the launch template that doesn't start, and refresh the group with it."""
    if system.tasks:
        deployment.roll_out(world, system)
        return
    region = system.home.region
    group = group_behind(world, region, system.home.load_balancer)
    scaling, ec2 = world.boto("autoscaling", region, DRILL), world.boto("ec2", region, DRILL)
    policy = group["MixedInstancesPolicy"]
    used = policy["LaunchTemplate"]["LaunchTemplateSpecification"]
    made = ec2.create_launch_template_version(
        LaunchTemplateId=used["LaunchTemplateId"],
        SourceVersion=used["Version"],
        LaunchTemplateData={"UserData": base64.b64encode(BROKEN.encode()).decode()},
    )["LaunchTemplateVersion"]
    wanted = {"LaunchTemplateId": used["LaunchTemplateId"], "Version": str(made["VersionNumber"])}
    template = {**policy["LaunchTemplate"], "LaunchTemplateSpecification": wanted}
    scaling.start_instance_refresh(
        AutoScalingGroupName=group["AutoScalingGroupName"],
        DesiredConfiguration={"MixedInstancesPolicy": {**policy, "LaunchTemplate": template}},
        Preferences=dict(system.refresh),
    )


def refreshed(world: World, system: System) -> dict[str, Any]:
    """The last instance refresh of the group."""
    group = group_behind(world, system.home.region, system.home.load_balancer)
    scaling = world.boto("autoscaling", system.home.region, DRILL)
    found = scaling.describe_instance_refreshes(AutoScalingGroupName=group["AutoScalingGroupName"])
    return dict(found["InstanceRefreshes"][0])


def checks(world: World, system: System, client: Client, promised: Promise | None) -> list[Check]:
    """The release went back by itself, and no client has noticed it."""
    if system.tasks:
        return deployment.checks(world, system, client, promised)
    last = refreshed(world, system)
    said = ": ".join(filter(None, [last["Status"], last.get("StatusReason")]))
    refused = [each for each in client.tries if each.at > world.broke and each.refused]
    noticed = f"{len(refused)} rows refused while it was rolled out"
    return [
        Check("rolled back", last["Status"] == "RollbackSuccessful", said),
        Check("kept serving", not refused, noticed + (f": {refused[0].refused}" if refused else "")),
    ]


def ended(world: World, system: System) -> bool:
    """Whether the refresh has come to its end, and the group is as it was: no instance is of the broken version."""
    if system.tasks:
        return deployment.ended(world, system)
    return refreshed(world, system)["Status"] in ENDED
