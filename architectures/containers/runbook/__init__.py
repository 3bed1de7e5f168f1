"""The runbook of a system of containers: what to look at and what to call to move it to a region, with the real names filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pulumi

from architectures.containers.serving import Serving
from architectures.containers.settings import ContainersSettings
from architectures.parts.images import repository_name
from architectures.parts.runbook import moving, plan_kind, told
from architectures.parts.tasks import running
from architectures.parts.way_over import WayOver
from architectures.peer import Outputs
from architectures.system import Place

HERE = Path(__file__).parent


def text(kind: str, values: Mapping[str, str]) -> str:
    """The runbook of that kind, the value of `switch.by`, what `plan_kind` says, or `restore`. Raises KeyError for a name it lacks."""
    return moving(HERE, kind, values)


def written(
    name: str,
    settings: ContainersSettings,
    place: Place,
    serving: Serving | None,
    way_over: WayOver | None,
) -> dict[str, pulumi.Output[str]]:
    """The runbooks that this stack can fill in, by region; none of a system without any image yet.

    Of its own region, but with a plan: the joining stack has that, and writes both.
    """
    stack = place.stack
    own: dict[str, pulumi.Input[str]] = {
        "SYSTEM": name,
        "REGION": stack.region,
        "PEER": stack.peer_region,
    }
    if serving is None or not settings.posture(stack).replicated:
        first = repository_name(stack, name, min(settings.services))
        return {stack.region: told(text, "restore", {**own, "REPOSITORY": first})}
    if not serving.services:
        return {}
    own |= {
        "CLUSTER": serving.cluster.name,
        "SERVICES": _words(each.service_name for each in serving.services.values()),
        "LOOK": _looks(stack.region, serving),
    }
    if way_over is None:
        return {stack.region: told(text, "none", {**own, "START": _start(settings, place, serving)})}
    if way_over.machine is None:
        kind = plan_kind(settings.posture(stack).traffic)
        return _planned(kind, place, serving, own, way_over.plan)
    machines = {"MACHINE": way_over.machine, "PEER_MACHINE": stack.of_peer(way_over.machine)}
    return {stack.region: told(text, "data-plane", {**own, **machines})}


def _planned(
    kind: str,
    place: Place,
    serving: Serving,
    own: Mapping[str, pulumi.Input[str]],
    plan: pulumi.Output[str] | None,
) -> dict[str, pulumi.Output[str]]:
    """What to call to run the plan for either region."""
    if plan is None or place.peer is None:
        return {}
    stack, theirs = place.stack, place.peer
    services = theirs.part("services")
    back = {
        **own,
        "REGION": stack.peer_region,
        "PEER": stack.region,
        "CLUSTER": theirs.text("cluster"),
        "SERVICES": _words(services.text(each) for each in serving.services),
        "LOOK": _their_look(stack.peer_region, serving, theirs),
    }
    return {
        stack.region: told(text, kind, {**own, "PLAN": plan}),
        stack.peer_region: told(text, kind, {**back, "PLAN": plan}),
    }


def _words(names: Iterable[pulumi.Output[str]]) -> pulumi.Output[str]:
    return pulumi.Output.all(*names).apply(" ".join)


def _looks(region: str, serving: Serving) -> pulumi.Output[str]:
    """How what faces outside fares; nothing where nothing does."""
    if serving.alarms is None:
        return pulumi.Output.from_input("")
    return _look(region, serving.alarms.name, [path.target_group_arn for path in serving.paths.values()])


def _their_look(region: str, serving: Serving, theirs: Outputs) -> pulumi.Output[str]:
    """The same of the other region's."""
    if serving.alarms is None:
        return pulumi.Output.from_input("")
    groups = theirs.part("parts").part("targets")
    return _look(region, theirs.text("alarm"), [groups.text(each) for each in serving.paths])


def _look(region: str, alarm: pulumi.Input[str], groups: Iterable[pulumi.Input[str]]) -> pulumi.Output[str]:
    watched = (
        "    aws cloudwatch describe-alarms --region {0} --alarm-types CompositeAlarm --alarm-names {1}\n"
    )
    targets = "    aws elbv2 describe-target-health --region {0} --target-group-arn {1}\n"
    return pulumi.Output.concat(
        pulumi.Output.format(watched, region, alarm),
        *(pulumi.Output.format(targets, region, group) for group in groups),
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
                str(running(settings.services[each].required_tasks, place.stack, 1)),
            )
            for each, made in serving.services.items()
            for line in (least, more)
        )
    )
