"""What a Region switch plan is given, and what of it AWS refuses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pulumi

from components.checks import at_least, between, need
from components.switch.steps import (
    OPENED_MINUTES,
    Approval,
    GlobalDatabase,
    Minutes,
    MovedStores,
    ServicePair,
    Steps,
    Traffic,
)
from components.tags import Tags

LONGEST_OBJECTIVE = 10_080
"""Minutes; a week. https://docs.aws.amazon.com/arc-region-switch/latest/api/API_CreatePlan.html"""
_NAME = re.compile(r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?")
_REGIONS = 2


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """Alarms that start the plan, all of them together, when one changes. Other alarms than those of `health`."""

    red: Mapping[str, pulumi.Input[str]]
    """ARN by name of alarms that must ring: the serving region is gone, as the other one sees it. One or more."""
    green: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """ARN by name of alarms that must not ring: the other region can serve."""
    delay_minutes: int = 60
    """Least time between two automatic executions, 1 or more."""
    look_back: tuple[int, int] | None = None
    """Period, in seconds, and periods of the slowest of the alarms. None: not known here."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """Where each execution leaves a report."""

    bucket: pulumi.Input[str]
    """Name of a bucket in the region that survives."""
    key_arn: pulumi.Input[str] | None = None
    """Key that the bucket encrypts with."""


@dataclass(frozen=True, kw_only=True)
class RegionSwitchArgs:
    """What a plan is for."""

    plan_name: str
    """Unique in the account: 1 to 32 letters, digits and `-`."""
    regions: Sequence[str]
    """The two regions, the active one first."""
    both_serve: bool = False
    """Both regions serve (active/active): the plan can also take one of them out of service."""
    groups: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """ARN of the Auto Scaling group of each region."""
    services: Sequence[ServicePair] = ()
    """ECS services, each with its like in the other region."""
    database: GlobalDatabase | None = None
    stores: MovedStores | None = None
    traffic: Traffic | None = None
    children: Sequence[pulumi.Input[str]] = ()
    """ARNs of plans that run as a last step, with the same regions and approach."""
    approval: Approval | None = None
    minutes: Minutes = field(default_factory=Minutes)
    health: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """By region: the alarm that tells whether the application is well there. AWS measures the recovery time with them."""
    trigger: Trigger | None = None
    """Takes the first region's load to the second one without a person. The database then fails over with the loss of what was not
    replicated: a trigger can't ask for the ungraceful mode, and a switchover would wait for the lost region."""
    report: Report | None = None
    tags: Tags

    @property
    def objective_minutes(self) -> float:
        """The recovery time objective."""
        minutes = round(float(self.tags.rto_hours) * 60, 2)
        return int(minutes) if minutes.is_integer() else minutes

    @property
    def steps(self) -> Steps:
        """What moves."""
        return Steps(
            groups=self.groups,
            services=self.services,
            database=self.database,
            stores=self.stores,
            traffic=self.traffic,
            children=self.children,
            approval=self.approval,
            minutes=replace(self.minutes, stores=self.minutes.stores or self._left),
        )

    @property
    def _left(self) -> int:
        """Minutes of the objective that nothing else takes, which is not done beside the stores; 1 or more."""
        others = self.minutes.traffic + OPENED_MINUTES + (self.approval.minutes if self.approval else 0)
        return max(1, int(self.objective_minutes - others))

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse or that undoes resilience."""
        fits = bool(_NAME.fullmatch(self.plan_name))
        need(fits, "plan_name", repr(self.plan_name), "1 to 32 letters, digits and -, no - at the ends")
        two = len(set(self.regions)) == len(self.regions) == _REGIONS
        need(two, "regions", repr(list(self.regions)), "two regions")
        between("tags.rto_hours", self.objective_minutes, 1, LONGEST_OBJECTIVE, "minutes")
        self.steps.check(self.regions, self.objective_minutes)
        for region in self.health:
            need(region in self.regions, "health", repr(region), f"alarms of {', '.join(self.regions)}")
        if self.trigger is not None:
            at_least("trigger.red", self.trigger.red, 1, "nothing starts the plan otherwise")
            need(
                self.trigger.delay_minutes >= 1,
                "trigger.delay_minutes",
                self.trigger.delay_minutes,
                "1 or more",
            )
            named = {*self.trigger.red, *self.trigger.green}
            once = len(named) == len(self.trigger.red) + len(self.trigger.green)
            need(once, "trigger", repr(sorted(named)), "names that are either red or green")
