"""The steps of a Region switch plan, as data that the plan's class takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pulumi

from components.checks import between, each_once, need

MOVE_CACHE, OPEN_FILES, FOLLOW_FILES = "move-cache", "open-files", "follow-files"
OPEN_UNLESS_PLANNED = "open-files-unless-planned"
"""Steps of functions/store_switch, which knows by a step's name what is to be done."""
RETRY_MINUTES = 1
"""After which a function that has not come to an end in its time is invoked again."""
FOLLOWS_MINUTES = 60
"""For the last files of a planned move: EFS brings most within fifteen minutes, and gives no figure for the end of a replication."""
OPENED_MINUTES = 1
"""To see that files are open already."""
_BESIDE = ("minutes.capacity", "minutes.database", "minutes.stores")


@dataclass(frozen=True, kw_only=True)
class GlobalDatabase:
    """An Aurora global database with a cluster in each region of the plan."""

    identifier: pulumi.Input[str]
    cluster_arns: Mapping[str, pulumi.Input[str]]
    """By region."""


@dataclass(frozen=True, kw_only=True)
class ServicePair:
    """An ECS service with its like in the other region of the plan."""

    label: str
    """Tells its step from others: letters, digits and hyphens, another for each."""
    cluster_arns: Mapping[str, pulumi.Input[str]]
    """By region."""
    service_arns: Mapping[str, pulumi.Input[str]]
    """By region, in the long form, which has the cluster's name."""


@dataclass(frozen=True, kw_only=True)
class MovedStores:
    """A cache, or files, or both, for which Region switch has no block: a function of each region moves them there, see `StoreSwitch`."""

    function_arns: Mapping[str, pulumi.Input[str]]
    """By region."""
    cache: bool = True
    files: bool = True
    names: Sequence[pulumi.Input[str]] = ()
    """What AWS calls what moves: of the cache its datastore, of files both file systems."""


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """A name whose records, one a region with the region's name in its set identifier, follow the plan's health checks."""

    zone_id: pulumi.Input[str]
    name: str


@dataclass(frozen=True, kw_only=True)
class Approval:
    """Who must say yes before anything moves."""

    role_arn: pulumi.Input[str]
    """Role of this account whose users may approve."""
    minutes: int = 5
    """How long the plan waits for the answer, 1 or more."""


@dataclass(frozen=True, kw_only=True)
class Minutes:
    """How long each kind of step may take, in minutes, 1 or more."""

    capacity: int = 10
    """Launch instances and have them in service, or start tasks and have them running."""
    database: int = 10
    """Fail the global database over: minutes, says AWS.
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html"""
    traffic: int = 2
    """Turn health checks."""
    stores: int | None = None
    """Make the cache, or files, those that write. None: what approval and traffic leave of the objective, since AWS gives no figure for
    the end of a replication of files."""


@dataclass(frozen=True, kw_only=True)
class Steps:
    """What moves when a region is activated: approval; groups, services, database and stores beside each other; names; child plans."""

    groups: Mapping[str, pulumi.Input[str]]
    """ARN of the Auto Scaling group of each region; none: no servers to start."""
    services: Sequence[ServicePair] = ()
    """Whose tasks are started; none: no tasks to start."""
    database: GlobalDatabase | None
    stores: MovedStores | None = None
    traffic: Traffic | None
    children: Sequence[pulumi.Input[str]]
    """ARNs of plans for the same two regions that run as a last step; such a plan has no children of its own."""
    approval: Approval | None
    minutes: Minutes

    def check(self, regions: Sequence[str], objective: float) -> None:
        """Raise ArgumentError for what AWS would refuse, or what can't be done within the objective (minutes)."""
        moves = (self.groups, self.services, self.database, self.stores, self.traffic, self.children)
        need(any(moves), "steps", "none", "groups, services, a database, stores, traffic or child plans")
        each_once("services", [pair.label for pair in self.services])
        for argument, given in (
            ("groups", self.groups),
            ("database.cluster_arns", self._clusters),
            ("stores.function_arns", self.stores.function_arns if self.stores else {}),
            *((f"services[{pair.label}].cluster_arns", pair.cluster_arns) for pair in self.services),
            *((f"services[{pair.label}].service_arns", pair.service_arns) for pair in self.services),
        ):
            fits = not given or set(given) == set(regions)
            need(fits, argument, repr(sorted(given)), f"one for each of {', '.join(regions)}")
        for argument, minutes in self._waits():
            between(argument, minutes, 1, objective, "minutes: the recovery time objective")
        beside = [m for a, m in self._waits() if a in _BESIDE]
        total = max(beside, default=0) + sum(m for _, m in self._waits()) - sum(beside)
        total += OPENED_MINUTES if self.stores and self.stores.files else 0
        allowed = (
            f"at most the recovery time objective of {objective:g} minutes for what runs one after the other"
        )
        need(total <= objective, "minutes", total, allowed)

    @property
    def _clusters(self) -> Mapping[str, pulumi.Input[str]]:
        return self.database.cluster_arns if self.database else {}

    def _waits(self) -> Iterator[tuple[str, int]]:
        """The argument and the minutes of each step that there is."""
        yield from [("approval.minutes", self.approval.minutes)] if self.approval else []
        yield from [("minutes.capacity", self.minutes.capacity)] if self.groups or self.services else []
        yield from [("minutes.database", self.minutes.database)] if self.database else []
        yield from [("minutes.stores", self.minutes.stores)] if self.stores and self.minutes.stores else []
        yield from [("minutes.traffic", self.minutes.traffic)] if self.traffic else []

    def run(
        self, regions: Sequence[str], *, writes: bool = True, lossy: bool = False
    ) -> list[dict[str, Any]]:
        """The steps of a workflow. `writes`: the writer moves, too. `lossy`: it does so even if that loses what wasn't replicated."""
        database = self._failover(regions, lossy=lossy) if writes else []
        started = [*self._capacity(regions), *(self._tasks(pair, regions) for pair in self.services)]
        beside, after = self._stores(regions, lossy=lossy) if writes else ([], [])
        move = _together("move", [*started, *database, *beside])
        steps = [*self._approval(), *move, *after, *self._send()]
        for number, arn in enumerate(self.children, 1):
            steps.append(
                {
                    "name": f"child-{number}",
                    "execution_block_type": "ARCRegionSwitchPlan",
                    "region_switch_plan_configs": [{"arn": arn}],
                }
            )
        return steps

    def _send(self) -> list[dict[str, Any]]:
        """The step that turns the health checks of the name."""
        if self.traffic is None:
            return []
        config = {
            "hosted_zone_id": self.traffic.zone_id,
            "record_name": self.traffic.name,
            "timeout_minutes": self.minutes.traffic,
        }
        return [
            {
                "name": "send-traffic",
                "execution_block_type": "Route53HealthCheck",
                "route53_health_check_configs": [config],
            }
        ]

    def _approval(self) -> list[dict[str, Any]]:
        if self.approval is None:
            return []
        config = {"approval_role": self.approval.role_arn, "timeout_minutes": self.approval.minutes}
        return [
            {
                "name": "approve",
                "execution_block_type": "ManualApproval",
                "execution_approval_configs": [config],
            }
        ]

    def _capacity(self, regions: Sequence[str]) -> list[dict[str, Any]]:
        if not self.groups:
            return []
        config = {
            "asgs": [{"arn": self.groups[region]} for region in regions],
            **self._as_much(),
        }
        return [
            {
                "name": "start-servers",
                "execution_block_type": "EC2AutoScaling",
                "ec2_asg_capacity_increase_configs": [config],
            }
        ]

    def _as_much(self) -> dict[str, Any]:
        """As much as ran in the other region within a day."""
        return {
            "capacity_monitoring_approach": "sampledMaxInLast24Hours",
            "target_percent": 100,
            "timeout_minutes": self.minutes.capacity,
            # With a region lost, half of its capacity serves while the rest still starts.
            "ungraceful": {"minimum_success_percentage": 50},
        }

    def _tasks(self, pair: ServicePair, regions: Sequence[str]) -> dict[str, Any]:
        services = [
            {"cluster_arn": pair.cluster_arns[region], "service_arn": pair.service_arns[region]}
            for region in regions
        ]
        return {
            "name": f"start-{pair.label}",
            "execution_block_type": "ECSServiceScaling",
            "ecs_capacity_increase_configs": [{"services": services, **self._as_much()}],
        }

    def _failover(self, regions: Sequence[str], *, lossy: bool) -> list[dict[str, Any]]:
        if self.database is None:
            return []
        config = {
            "behavior": "failover" if lossy else "switchoverOnly",
            "ungracefuls": [{"ungraceful": "failover"}],
            "global_cluster_identifier": self.database.identifier,
            "database_cluster_arns": [self.database.cluster_arns[region] for region in regions],
            "timeout_minutes": self.minutes.database,
        }
        return [
            {
                "name": "fail-over-database",
                "execution_block_type": "AuroraGlobalDatabase",
                "global_aurora_configs": [config],
            }
        ]

    def _stores(
        self, regions: Sequence[str], *, lossy: bool
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The steps of cache and files that run beside the others, and those that come after.

        Where there is time, files are opened once all has come that was written until the database had moved. Who skips the wait for
        that, by switching its step to ungraceful when a planned move goes wrong, finds them opened all the same.
        """
        if (moved := self.stores) is None:
            return [], []
        step = partial(_invoked, [moved.function_arns[region] for region in regions])
        longest = self.minutes.stores or 1
        beside = [step(MOVE_CACHE, longest)] if moved.cache else []
        if not moved.files:
            return beside, []
        if lossy:
            return [*beside, step(OPEN_FILES, longest)], []
        later = [step(FOLLOW_FILES, FOLLOWS_MINUTES, planned_alone=True), step(OPEN_FILES, OPENED_MINUTES)]
        return [*beside, step(OPEN_UNLESS_PLANNED, longest)], later


def _invoked(
    arns: Sequence[pulumi.Input[str]], name: str, minutes: int, *, planned_alone: bool = False
) -> dict[str, Any]:
    """A step that a function of the region that is brought up does; its name tells the function what.

    `planned_alone`: it is left out when a region is lost, the one thing that an ungraceful execution may do differently with it.
    https://docs.aws.amazon.com/r53recovery/latest/dg/custom-action-lambda-block.html
    """
    config = {
        "lambdas": [{"arn": arn} for arn in arns],
        "region_to_run": "activatingRegion",
        "retry_interval_minutes": RETRY_MINUTES,
        "timeout_minutes": minutes,
        **({"ungracefuls": [{"behavior": "skip"}]} if planned_alone else {}),
    }
    return {
        "name": name,
        "execution_block_type": "CustomActionLambda",
        "custom_action_lambda_configs": [config],
    }


def _together(name: str, steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Steps that run beside each other, as one step where there are several."""
    if len(steps) < 2:  # noqa: PLR2004  one runs alone
        return steps
    return [{"name": name, "execution_block_type": "Parallel", "parallel_configs": [{"steps": steps}]}]
