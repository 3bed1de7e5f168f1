"""What rehearses the failures of a system in a region where its servers or tasks run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from architectures.parts import rehearsing
from architectures.parts.arguments import autoshift
from architectures.parts.sections import Autoshift
from architectures.system import Place
from components.edge.log_bucket import log_bucket
from components.switch import Experiments, ZonalAutoshift

REPORT_DAYS = 400
"""Reports of experiments are kept until the next year's have theirs."""


@dataclass(frozen=True, kw_only=True)
class Rehearsed:
    """What of a system is rehearsed."""

    autoshift: Autoshift | None
    """When AWS may rehearse the loss of a zone. None: it doesn't."""
    experiments: Sequence[str]
    """What somebody may start."""
    load_balancer_arn: pulumi.Input[str]
    alarm_arns: Mapping[str, pulumi.Input[str]]
    """By name: the system's symptoms, any of which ends a rehearsal."""


class Rehearsals:
    """Zonal autoshift with its weekly practice runs, and experiments that somebody starts, as children of the system."""

    outputs: dict[str, Any]
    """What people read of it."""

    def __init__(self, name: str, place: Place, given: Rehearsed, *, parent: pulumi.Resource) -> None:
        self._name, self._place, self._given, self._parent = name, place, given, parent
        self._child = pulumi.ResourceOptions(parent=parent)
        self.outputs = {}
        if given.autoshift is not None:
            args = autoshift(
                given.autoshift, load_balancer_arn=given.load_balancer_arn, alarm_arns=given.alarm_arns
            )
            ZonalAutoshift(f"{name}-zonal", args, self._child)
        if given.experiments:
            self._experiments(given.experiments)

    def _experiments(self, names: Sequence[str]) -> None:
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
            alarm_arns=self._given.alarm_arns,
            zone_names=ground.network.zone_names,
            report_bucket=reports.bucket,
            key_arn=ground.key_arn,
            tags=self._place.tags,
        )
        made = Experiments(f"{self._name}-experiment", args, self._child)
        self.outputs = {"experiments": {**made.template_ids, "reports": reports.bucket}}
