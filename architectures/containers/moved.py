"""What of a system of containers moves to the other region: as many tasks of each service as the load needs."""

from __future__ import annotations

from architectures.containers.serving import Serving
from architectures.containers.settings import ContainersSettings
from architectures.parts.data_plane import Moving
from architectures.parts.switching import Planned
from architectures.parts.tasks import running
from architectures.parts.way_over import Moved
from architectures.peer import Outputs
from architectures.stack import Stack
from components.switch import ScaledService, ServicePair


def moved(settings: ContainersSettings, stack: Stack, serving: Serving) -> Moved:
    """Of this region, and, for a plan, of the other one too."""

    def moving() -> Moving:
        services = [
            ScaledService(
                label=each,
                cluster_name=made.cluster_name,
                service_name=made.service_name,
                arn=made.service_arn,
                tasks=running(settings.services[each].required_tasks, stack, 1),
            )
            for each, made in serving.services.items()
        ]
        return Moving(services=services)

    def planned(peer: Outputs) -> Planned:
        theirs, here, there = peer.part("parts"), stack.region, stack.peer_region
        services = [
            ServicePair(
                label=each,
                cluster_arns={here: serving.cluster.arn, there: theirs.text("clusterArn")},
                service_arns={here: made.service_arn, there: theirs.part("serviceArns").text(each)},
            )
            for each, made in serving.services.items()
        ]
        health = {}
        if serving.alarms is not None:
            health = {here: serving.alarms.arn, there: theirs.text("alarmArn")}
        return Planned(groups={}, services=services, health=health)

    return Moved(moving=moving, planned=planned, health_path=settings.health_path)
