"""What moves a system of containers to another region: this region's part of the switch."""

from __future__ import annotations

import pulumi

from architectures.containers import arguments, names
from architectures.containers.serving import Serving
from architectures.containers.settings import ContainersSettings
from architectures.system import Place
from components.edge import HealthChecks
from components.switch import DataPlaneSwitch, DataPlaneSwitchArgs, ScaledService, Takeover, TakeoverArgs


class WayOver:
    """A state machine that starts this region's tasks, and with a site the number that clients then follow, kept in the other region."""

    check_id: pulumi.Output[str] | None = None
    """Check that the region's record of the site follows. None: there is no site."""
    machine: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: ContainersSettings,
        place: Place,
        serving: Serving,
        *,
        health: HealthChecks | None,
        parent: pulumi.Resource,
    ) -> None:
        stack, tags, child = place.stack, place.tags, pulumi.ResourceOptions(parent=parent)
        if health is not None:
            decision = DataPlaneSwitchArgs(
                region=stack.region,
                peer_region=stack.peer_region,
                system=stack.named(name),
                health_check_id=health.calculated_id,
                tags=tags,
            )
            self.check_id = DataPlaneSwitch(f"{name}-switch", decision, child).check_id
        args = TakeoverArgs(
            machine_name=stack.named(name, names.TAKEOVER),
            region=stack.region,
            peer_region=stack.peer_region,
            system=stack.named(name),
            services=[
                ScaledService(
                    label=each,
                    cluster_name=made.cluster_name,
                    service_name=made.service_name,
                    arn=made.service_arn,
                    tasks=arguments.running(settings.services[each], stack, 1),
                )
                for each, made in serving.services.items()
            ],
            key_arn=place.ground.key_arn,
            actions=[place.ground.topic.arn],
            tags=tags,
        )
        self.machine = Takeover(f"{name}-takeover", args, child).arn
