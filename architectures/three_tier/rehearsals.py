"""What rehearses the failures of a three-tier system in a region where its servers run."""

from __future__ import annotations

from typing import Any

import pulumi

from architectures.parts.arguments import autoshift
from architectures.system import Place
from architectures.three_tier import rehearsing
from architectures.three_tier.serving import Serving
from architectures.three_tier.settings import ThreeTierSettings
from components.edge.log_bucket import log_bucket
from components.switch import Experiments, ZonalAutoshift

REPORT_DAYS = 400
"""Reports of experiments are kept until the next year's have theirs."""


class Rehearsals:
    """Zonal autoshift with its weekly practice runs, and experiments that somebody starts, as children of the system."""

    outputs: dict[str, Any]
    """What people read of it."""

    def __init__(
        self,
        name: str,
        settings: ThreeTierSettings,
        place: Place,
        serving: Serving,
        *,
        parent: pulumi.Resource,
    ) -> None:
        self._name, self._place, self._serving, self._parent = name, place, serving, parent
        self._child = pulumi.ResourceOptions(parent=parent)
        self.outputs = {}
        if settings.shifts(place.stack):
            args = autoshift(
                settings.autoshift,
                load_balancer_arn=serving.load_balancer.arn,
                alarm_arns=serving.alarms.symptom_arns,
            )
            ZonalAutoshift(f"{name}-zonal", args, self._child)
        if names := settings.rehearsed(place.stack):
            self._experiments(names)

    def _experiments(self, names: tuple[str, ...]) -> None:
        stack, ground = self._place.stack, self._place.ground
        reports = log_bucket(
            f"{self._name}-experiment-reports",
            None,
            tags=self._place.tags,
            days=REPORT_DAYS,
            protect=stack.protect,
            parent=self._parent,
        )
        args = rehearsing.experiments(
            names,
            stack,
            alarm_arns=self._serving.alarms.symptom_arns,
            zone_names=ground.network.zone_names,
            report_bucket=reports.bucket,
            key_arn=ground.key_arn,
            tags=self._place.tags,
        )
        made = Experiments(f"{self._name}-experiment", args, self._child)
        self.outputs = {"experiments": {**made.template_ids, "reports": reports.bucket}}
