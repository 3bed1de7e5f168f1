"""The way over to another region, as a plan that AWS keeps in both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from components.facts import Fact, fact
from components.options import handed_down
from components.switch.region_switch_args import RegionSwitchArgs
from components.switch.role import declare_role


class RegionSwitch(pulumi.ComponentResource):
    """An ARC Region switch plan: whoever runs it needs only the region that it activates.

    The plan of two regions that take turns activates either; the one of two that both serve also deactivates either. Servers start, the
    global database fails over, and functions move other stores, beside each other; then the health checks of the name turn, so nobody
    is sent to a region that can't write yet. These checks never turn by themselves: traffic goes back when the plan is run for the
    other region.

    Creates: a plan, its role. Survives: the plan is in both regions, each of which executes it alone. Costs: each plan, run or not.
    Source: https://docs.aws.amazon.com/r53recovery/latest/dg/region-switch.html
    """

    arn: pulumi.Output[str]
    role_arn: pulumi.Output[str]
    health_check_ids: Mapping[str, pulumi.Output[str]]
    """By region: the check that the region's record of `traffic` follows, and no other; empty without traffic."""
    recovery_fact: Fact

    def __init__(self, name: str, args: RegionSwitchArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:switch:RegionSwitch", name, {}, handed_down(opts))
        role, policy = declare_role(f"{name}-role", args, self)
        plan = aws.arcregionswitch.Plan(
            f"{name}-plan",
            name=args.plan_name,
            description=f"Moves {args.tags.system} between {' and '.join(args.regions)}",
            execution_role=role.arn,
            recovery_approach="activeActive" if args.both_serve else "activePassive",
            regions=list(args.regions),
            primary_region=None if args.both_serve else args.regions[0],
            recovery_time_objective_minutes=int(args.objective_minutes),
            workflows=_workflows(args),
            associated_alarms=_alarms(args) or None,
            triggers=_triggers(args),
            report_configurations=_report(args, self),
            tags=args.tags.resource(f"{name}-plan"),
            # AWS looks at what the role may do when it takes the plan.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
        self.arn, self.role_arn = plan.arn, role.arn
        self.health_check_ids = self._health_checks(args) if args.traffic else {}
        self.recovery_fact = _fact(f"{name}-plan", args, plan)
        self.register_outputs(
            {"arn": self.arn, "role_arn": self.role_arn, "health_check_ids": self.health_check_ids}
        )

    def _health_checks(self, args: RegionSwitchArgs) -> dict[str, pulumi.Output[str]]:
        invoke = pulumi.InvokeOutputOptions(parent=self)
        found = aws.arcregionswitch.get_route53_health_checks_output(plan_arn=self.arn, opts=invoke)

        def of(region: str) -> pulumi.Output[str]:
            return found.apply(
                lambda f: next(c.health_check_id for c in f.health_checks if c.region == region)
            )

        return {region: of(region) for region in args.regions}


def _workflows(args: RegionSwitchArgs) -> list[Any]:
    """Of regions that take turns either is activated. Of regions that both serve either is taken out, with its writer, and back in."""
    first, second = args.regions
    leaves, automatic = (
        ("deactivate", first) if args.both_serve else ("activate", second),
        args.trigger is not None,
    )
    plans = [("activate", second), ("activate", first)]
    plans += [("deactivate", first), ("deactivate", second)] if args.both_serve else []
    return [
        {
            "workflow_target_action": action,
            "workflow_target_region": region,
            "steps": args.steps.run(
                args.regions,
                writes=not args.both_serve or action == "deactivate",
                lossy=automatic and (action, region) == leaves,
            ),
        }
        for action, region in plans
    ]


def _alarms(args: RegionSwitchArgs) -> list[Any]:
    starts = {**args.trigger.red, **args.trigger.green} if args.trigger else {}
    kinds = [
        ("trigger", starts),
        ("applicationHealth", {f"health-{r}": arn for r, arn in args.health.items()}),
    ]
    return [
        {"map_block_key": name, "alarm_type": kind, "resource_identifier": arn}
        for kind, alarms in kinds
        for name, arn in alarms.items()
    ]


def _triggers(args: RegionSwitchArgs) -> list[Any] | None:
    if args.trigger is None:
        return None
    wanted = [
        *((name, "red") for name in args.trigger.red),
        *((name, "green") for name in args.trigger.green),
    ]
    trigger = {
        "action": "deactivate" if args.both_serve else "activate",
        "target_region": args.regions[0 if args.both_serve else 1],
        "min_delay_minutes_between_executions": args.trigger.delay_minutes,
        "conditions": [{"associated_alarm_name": name, "condition": condition} for name, condition in wanted],
        "description": f"{args.regions[0]} is gone and {args.regions[1]} can serve",
    }
    return [trigger]


def _report(args: RegionSwitchArgs, parent: pulumi.Resource) -> list[Any] | None:
    if args.report is None:
        return None
    account = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=parent)).account_id
    where = {
        "bucket_path": pulumi.Output.concat(args.report.bucket, f"/{args.plan_name}"),
        "bucket_owner": account,
    }
    return [{"report_outputs": [{"s3_configurations": [where]}]}]


def _fact(resource: str, args: RegionSwitchArgs, plan: aws.arcregionswitch.Plan) -> Fact:
    blocks = {
        "capacity": args.groups or args.services,
        "dns": args.traffic,
        "function": args.stores,
        "global-aurora": args.database,
    }
    services = [arn for pair in args.services for arn in pair.service_arns.values()]
    moved = [*args.groups.values(), *services, *([args.database.identifier] if args.database else [])]
    moved += args.stores.names if args.stores else []
    return fact(
        "region-switch",
        resource,
        args.tags.resource(resource),
        arn=plan.arn,
        blocks=sorted(name for name, there in blocks.items() if there),
        covers=[*moved, *([args.traffic.name] if args.traffic else [])],
        children=list(args.children) or None,
        approval=args.approval is not None,
        alarm=dict(zip(("period_s", "periods"), args.trigger.look_back, strict=True))
        if args.trigger and args.trigger.look_back
        else None,
        triggered=args.trigger is not None,
    )
