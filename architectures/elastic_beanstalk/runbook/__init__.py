"""The runbook of a system on Elastic Beanstalk: what to look at and what to call to move it to a region, with the real names filled in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pulumi

from architectures.elastic_beanstalk import arguments
from architectures.elastic_beanstalk.serving import Serving
from architectures.elastic_beanstalk.settings import ElasticBeanstalkSettings
from architectures.parts.data_plane import DataPlane
from architectures.parts.runbook import moving, told
from architectures.system import Place

HERE = Path(__file__).parent


def text(kind: str, values: Mapping[str, str]) -> str:
    """The runbook of that kind, which is the value of `switch.by`, or `restore`; in Markdown. Raises KeyError for a name it lacks."""
    return moving(HERE, kind, values)


def written(
    name: str,
    settings: ElasticBeanstalkSettings,
    place: Place,
    serving: Serving | None,
    way_over: DataPlane | None,
    *,
    application_name: pulumi.Output[str],
    bucket: pulumi.Output[str],
) -> dict[str, pulumi.Output[str]]:
    """The runbook of this stack's region, by region; `bucket` has the region's bundles."""
    stack = place.stack
    own: dict[str, pulumi.Input[str]] = {
        "SYSTEM": name,
        "REGION": stack.region,
        "PEER": stack.peer_region,
        "APPLICATION": application_name,
        "BUCKET": bucket,
    }
    if serving is None:
        return {stack.region: told(text, "restore", own)}
    own |= {
        "ALARM": serving.alarms.name,
        "BALANCER": serving.environment.balancer_arn,
        "ENVIRONMENT": serving.environment.name,
        "GROUP": serving.environment.group_name,
        "INSTANCES": str(arguments.full_size(settings, stack).total),
    }
    if way_over is None:
        return {stack.region: told(text, "none", own)}
    machines = {"MACHINE": way_over.machine, "PEER_MACHINE": stack.of_peer(way_over.machine)}
    return {stack.region: told(text, "data-plane", {**own, **machines})}
