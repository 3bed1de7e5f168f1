"""Refuses arguments that AWS refuses, or that would not survive the loss of a zone."""

from __future__ import annotations

from components.checks import between, need
from components.compute import architectures
from components.compute.args import AutoScaledTierArgs, ServerArgs
from components.compute.options import Metric

USER_DATA_BYTES = (
    16_384  # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html
)
SPOT_TYPES = 3  # fewer pools than this are interrupted together
REFRESH_ALARMS = 10  # https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AlarmSpecification.html
REFRESH_SPREAD = 100  # https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html
CRON_FIELDS = 5
BY_REQUESTS = "AWS/ApplicationELB"  # a network load balancer counts connections


def validate(args: AutoScaledTierArgs) -> None:
    """Raise ArgumentError for the first argument that can't be, naming argument, value and what is allowed."""
    _capacity(args)
    validate_servers(args)
    _scaling(args)
    _spot(args)
    _refresh(args)
    _hooks(args)
    _zone_alarms(args)


def _capacity(args: AutoScaledTierArgs) -> None:
    need(args.zones > 1, "subnet_ids", f"{args.zones} zones", "two zones or more")
    spread = args.min_size == 0 or args.min_size >= args.zones
    need(spread, "min_size", args.min_size, f"at least one a zone, {args.zones} or more; or 0, none at all")
    need(args.max_size >= args.min_size, "max_size", args.max_size, f"min_size ({args.min_size}) or more")
    if args.desired_capacity is not None:
        between("desired_capacity", args.desired_capacity, args.min_size, args.max_size)
    need(args.instance_warmup >= 0, "instance_warmup", args.instance_warmup, "0 s or more")


def validate_servers(args: ServerArgs) -> None:
    """The same for what instances are."""
    need(args.grace_period >= 0, "grace_period", args.grace_period, "0 s or more")
    need(bool(args.security_group_ids), "security_group_ids", "none", "one or more")
    types = args.instance_types
    need(bool(types), "instance_types", "none", "one or more")
    need(len(set(types)) == len(types), "instance_types", repr(list(types)), "each type once")
    architectures.check(types, args.image.parameter)
    between("root_volume_gib", args.root_volume_gib, 8, 16_384)
    between("hop_limit", args.hop_limit, 1, 64)
    if isinstance(args.user_data, str):
        size = len(args.user_data.encode())
        need(size <= USER_DATA_BYTES, "user_data", f"{size} bytes", f"at most {USER_DATA_BYTES} bytes")


def _scaling(args: AutoScaledTierArgs) -> None:
    metrics = [policy.metric for policy in args.tracking]
    need(len(set(metrics)) == len(metrics), "tracking", repr([m.name for m in metrics]), "each metric once")
    for policy in args.tracking:
        if policy.metric is Metric.REQUESTS:
            need(
                args.target is not None,
                "tracking",
                "REQUESTS without a target",
                "REQUESTS with a target group",
            )
            counted = args.target is None or args.target.namespace == BY_REQUESTS
            need(
                counted,
                "tracking",
                f"REQUESTS of {args.target and args.target.namespace}",
                f"REQUESTS of {BY_REQUESTS}",
            )
            need(policy.target > 0, "tracking.target", f"{policy.target:g}", "above 0 requests a minute")
        else:
            # The zones that are left take over the lost one's load: a higher target would saturate them.
            ceiling = 100 * (args.zones - 1) // args.zones
            need(
                0 < policy.target <= ceiling,
                "tracking.target",
                f"{policy.target:g}",
                f"above 0 and at most {ceiling} % CPU, which one zone less turns into 100 %",
            )
    if args.backlog is not None:
        need(args.backlog.target > 0, "backlog.target", f"{args.backlog.target:g}", "above 0")
        if args.backlog.first is not None:
            between("backlog.first", args.backlog.first, 1, args.max_size)
    names = [schedule.name for schedule in args.schedules]
    need(len(set(names)) == len(names), "schedules", repr(names), "each name once")
    for schedule in args.schedules:
        where = f"schedules.{schedule.name}"
        fields = len(schedule.recurrence.split())
        need(fields == CRON_FIELDS, f"{where}.recurrence", repr(schedule.recurrence), "cron with five fields")
        sizes = (schedule.min_size, schedule.desired_capacity, schedule.max_size)
        need(
            any(size is not None for size in sizes),
            where,
            "no size",
            "min_size, max_size or desired_capacity",
        )
        for what, size in zip(("min_size", "desired_capacity", "max_size"), sizes, strict=True):
            allowed = f"at least one a zone, {args.zones} or more"
            need(size is None or size >= args.zones, f"{where}.{what}", str(size), allowed)
        known = [size for size in sizes if size is not None]
        need(known == sorted(known), where, repr(known), "min_size <= desired_capacity <= max_size")


def _spot(args: AutoScaledTierArgs) -> None:
    if args.spot is None:
        return
    types = len(args.instance_types)
    need(types >= SPOT_TYPES, "instance_types", f"{types} with Spot", f"{SPOT_TYPES} or more with Spot")
    between("spot.on_demand_base", args.on_demand_base, args.zones, args.max_size)
    above = args.spot.on_demand_percentage_above_base
    between("spot.on_demand_percentage_above_base", above, 0, 100)
    need(args.warm_pool is None, "warm_pool", "a warm pool with Spot", "a warm pool without Spot")


def _refresh(args: AutoScaledTierArgs) -> None:
    refresh = args.refresh
    low, high = refresh.min_healthy_percentage, refresh.max_healthy_percentage
    between("refresh.min_healthy_percentage", low, 0, 100)
    between("refresh.max_healthy_percentage", high, 100, 200)
    need(
        high - low <= REFRESH_SPREAD,
        "refresh.max_healthy_percentage",
        high,
        f"at most {low + REFRESH_SPREAD}, {REFRESH_SPREAD} above the minimum",
    )
    need(
        args.image.fixed or not refresh.auto_rollback,
        "refresh.auto_rollback",
        "true with an image resolved at launch",
        "false there, or an image resolved at deployment: AWS can't roll back to a resolve:ssm image",
    )
    marks = list(refresh.checkpoint_percentages)
    ascending = marks == sorted(set(marks)) and all(mark > 0 for mark in marks) and marks[-1:] in ([], [100])
    need(ascending, "refresh.checkpoint_percentages", repr(marks), "ascending from 1, ending in 100")
    between("refresh.checkpoint_delay", refresh.checkpoint_delay, 0, 172_800)
    alarms = len(refresh.alarm_names) + (args.zones if args.zone_alarms else 0)
    need(
        alarms <= REFRESH_ALARMS,
        "refresh.alarm_names",
        f"{alarms} with the alarms per zone",
        f"at most {REFRESH_ALARMS}",
    )


def _hooks(args: AutoScaledTierArgs) -> None:
    names = [hook.name for hook in args.lifecycle_hooks]
    need(len(set(names)) == len(names), "lifecycle_hooks", repr(names), "each name once")
    for hook in args.lifecycle_hooks:
        between(f"lifecycle_hooks.{hook.name}.heartbeat_timeout", hook.heartbeat_timeout, 30, 7_200)
    if args.warm_pool is not None:
        between("warm_pool.min_size", args.warm_pool.min_size, 0, args.max_size)
        prepared = args.warm_pool.max_group_prepared_capacity
        need(
            prepared is None or prepared >= args.warm_pool.min_size,
            "warm_pool.max_group_prepared_capacity",
            str(prepared),
            f"warm_pool.min_size ({args.warm_pool.min_size}) or more",
        )


def _zone_alarms(args: AutoScaledTierArgs) -> None:
    if args.zone_alarms is None:
        return
    need(
        args.target is not None, "zone_alarms", "no target", "a target group, whose healthy hosts are counted"
    )
    zones, named = set(args.subnet_ids), set(args.zone_alarms.zone_names)
    need(args.min_size > 0, "zone_alarms", "min_size of 0", "none where no instance need run")
    need(
        zones == named,
        "zone_alarms.zone_names",
        repr(sorted(named)),
        f"the zones of subnet_ids, {sorted(zones)}",
    )
