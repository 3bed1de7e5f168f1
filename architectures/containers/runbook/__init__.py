"""The runbook of a system of containers: what to look at and what to call to move it to a region, with the real names filled in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pulumi

from architectures.containers import arguments
from architectures.containers.serving import Serving
from architectures.containers.settings import ContainersSettings
from architectures.parts.data_plane import DataPlane
from architectures.parts.images import repository_name
from architectures.parts.runbook import filled
from architectures.system import Place

HERE = Path(__file__).parent


def text(kind: str, values: Mapping[str, str]) -> str:
    """The runbook of that kind, which is the value of `switch.by`, or `restore`; in Markdown. Raises KeyError for a name it lacks."""
    parts = ["restore"] if kind == "restore" else ["look", kind, "end"]
    return filled([HERE / f"{part}.md" for part in parts], values)


def _told(kind: str, values: Mapping[str, pulumi.Input[str]]) -> pulumi.Output[str]:
    return pulumi.Output.all(**values).apply(lambda known: text(kind, known))


def written(
    name: str,
    settings: ContainersSettings,
    place: Place,
    serving: Serving | None,
    way_over: DataPlane | None,
) -> dict[str, pulumi.Output[str]]:
    """The runbook of this stack's region, by region; none of a system without any image yet."""
    stack = place.stack
    own: dict[str, pulumi.Input[str]] = {
        "SYSTEM": name,
        "REGION": stack.region,
        "PEER": stack.peer_region,
    }
    if serving is None or not settings.posture(stack).replicated:
        first = repository_name(stack, name, min(settings.services))
        return {stack.region: _told("restore", {**own, "REPOSITORY": first})}
    if not serving.services:
        return {}
    made = [each.service_name for each in serving.services.values()]
    own |= {
        "CLUSTER": serving.cluster.name,
        "SERVICES": pulumi.Output.all(*made).apply(" ".join),
        "LOOK": _look(stack.region, serving),
    }
    if way_over is None:
        return {stack.region: _told("none", {**own, "START": _start(settings, place, serving)})}
    machines = {"MACHINE": way_over.machine, "PEER_MACHINE": stack.of_peer(way_over.machine)}
    return {stack.region: _told("data-plane", {**own, **machines})}


def _look(region: str, serving: Serving) -> pulumi.Output[str]:
    """How what faces outside fares; nothing where nothing does."""
    if serving.alarms is None:
        return pulumi.Output.from_input("")
    alarm = "    aws cloudwatch describe-alarms --region {0} --alarm-types CompositeAlarm --alarm-names {1}\n"
    targets = "    aws elbv2 describe-target-health --region {0} --target-group-arn {1}\n"
    return pulumi.Output.concat(
        pulumi.Output.format(alarm, region, serving.alarms.name),
        *(pulumi.Output.format(targets, region, path.target_group_arn) for path in serving.paths.values()),
    )


def _start(settings: ContainersSettings, place: Place, serving: Serving) -> pulumi.Output[str]:
    """For each service: its least number of tasks, then as many."""
    least = (
        "    aws application-autoscaling register-scalable-target --region {0} --service-namespace ecs "
        "--scalable-dimension ecs:service:DesiredCount --resource-id service/{1}/{2} --min-capacity {3}\n"
    )
    more = "    aws ecs update-service --region {0} --cluster {1} --service {2} --desired-count {3}\n"
    return pulumi.Output.concat(
        *(
            pulumi.Output.format(
                line,
                place.stack.region,
                made.cluster_name,
                made.service_name,
                str(arguments.running(settings.services[each], place.stack, 1)),
            )
            for each, made in serving.services.items()
            for line in (least, more)
        )
    )
