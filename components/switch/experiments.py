"""Experiments that rehearse failures on what has opted in, and stop by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.checks import at_least, between, each_once, need, one_of
from components.logs import check_retention
from components.options import handed_down
from components.permissions import allow, document
from components.switch.takeover import DELIVERY
from components.tags import Tags
from components.trust import trust

OPT_IN = "fis-ready"
"""Tag whose value `true` lets experiments hit a resource."""
MOST_MINUTES = 60
"""Longer is no rehearsal. AWS itself allows 12 hours."""
INSTANCES, TASKS = "aws:ec2:instance", "aws:ecs:task"
CLUSTERS, SUBNETS = "aws:rds:cluster", "aws:ec2:subnet"
"""What FIS calls what experiments hit. https://docs.aws.amazon.com/fis/latest/userguide/targets.html"""
_RUNNING = {"path": "State.Name", "values": ["running"]}
"""EC2 shows a terminated instance for an hour more, and a warm pool's stand still: what is hit must run."""


@dataclass(frozen=True)
class _Action:
    """What an experiment does: action, its target, and the parameters that hold minutes or the other region."""

    id: str
    target: str
    type: str
    selection: str = "ALL"
    zone: str = ""
    """Path by which targets of one zone are found; empty: of all zones."""
    lasts: str = ""
    """Parameter with the duration; empty: it is done at once."""
    fixed: Mapping[str, str] | None = None
    region: str = ""
    """Parameter with the other region."""


_STOP = _Action(
    "aws:ec2:stop-instances",
    "Instances",
    INSTANCES,
    "ALL",
    "Placement.AvailabilityZone",
    "startInstancesAfterDuration",
    # An Auto Scaling group replaces what stopped: nothing is left to start again, and that is no failure.
    {"completeIfInstancesTerminated": "true"},
)
_CUT = _Action(
    "aws:network:disrupt-connectivity",
    "Subnets",
    SUBNETS,
    "ALL",
    "AvailabilityZone",
    "duration",
    {"scope": "all"},
)
_FAIL_OVER = _Action("aws:rds:failover-db-cluster", "Clusters", CLUSTERS)
_APART = _Action(
    "aws:network:route-table-disrupt-cross-region-connectivity",
    "Subnets",
    SUBNETS,
    lasts="duration",
    region="region",
)
EXPERIMENTS: Mapping[str, Mapping[str, _Action]] = {
    "instance": {"terminate": _Action("aws:ec2:terminate-instances", "Instances", INSTANCES, "COUNT(1)")},
    "task": {"stop": _Action("aws:ecs:stop-task", "Tasks", TASKS, "COUNT(1)")},
    "database": {"fail-over": _FAIL_OVER},
    "zone-power": {"stop": _STOP, "cut": _CUT},
    "cross-region": {"cut": _APART},
}
"""By name: the actions of each, all at once. https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html"""
_POLICIES = {"ec2": "EC2Access", "ecs": "ECSAccess", "network": "NetworkAccess", "rds": "RDSAccess"}
"""AWS's managed policies for the roles of experiments, by the namespace of an action.
https://docs.aws.amazon.com/fis/latest/userguide/security-iam-awsmanpol.html"""


def opt_in(what: str, names: Iterable[str]) -> dict[str, str]:
    """The tag by which a resource, of a type as FIS calls it, agrees to these experiments; none where no one of them hits such."""
    hit = {does.type for name in names for does in EXPERIMENTS[name].values()}
    return {OPT_IN: "true"} if what in hit else {}


@dataclass(frozen=True, kw_only=True)
class ExperimentsArgs:
    """What experiments in one region need."""

    region: str
    names: Sequence[str] = tuple(EXPERIMENTS)
    """Which, of `EXPERIMENTS`."""
    zone_name: pulumi.Input[str] | None = None
    """Zone that loses its power; needed for `zone-power`."""
    peer_region: str | None = None
    """Region that can't be reached; needed for `cross-region`."""
    stop_alarm_arns: Mapping[str, pulumi.Input[str]]
    """By name: alarms that end an experiment when one rings; at least one."""
    minutes: int = 10
    """How long what lasts may last, 1 to 60."""
    report_bucket: pulumi.Input[str]
    """Bucket that gets a report of each experiment."""
    key_arn: pulumi.Input[str]
    """Key of the log group."""
    log_days: int = 365
    tags: Tags

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an experiment that AWS would refuse or that nothing stops."""
        at_least("names", self.names, 1, "an experiment")
        for name in self.names:
            one_of("names", name, list(EXPERIMENTS))
        each_once("names", self.names)
        at_least("stop_alarm_arns", self.stop_alarm_arns, 1, "nothing ends the experiment otherwise")
        between("minutes", self.minutes, 1, MOST_MINUTES, "minutes")
        check_retention("log_days", self.log_days)
        need(
            "zone-power" not in self.names or self.zone_name is not None,
            "zone_name",
            "None",
            "the zone of zone-power",
        )
        other = self.peer_region not in (None, self.region)
        need(
            "cross-region" not in self.names or other,
            "peer_region",
            repr(self.peer_region),
            "another region, for cross-region",
        )


class Experiments(pulumi.ComponentResource):
    """Templates of FIS experiments: they end when an alarm rings, hit only what is tagged, last minutes, and leave log and report.

    What is hit carries `opt_in` and the environment, the system and the workload of `tags`; subnets, which all workloads of a VPC share,
    have no workload. Creates: a template for each experiment, a role, a log group. Survives: nothing is touched until somebody starts one.
    Costs: each action by the minute, each report.
    Source: https://docs.aws.amazon.com/fis/latest/userguide/experiment-templates.html
    """

    template_ids: Mapping[str, pulumi.Output[str]]
    """By name of the experiment."""

    def __init__(self, name: str, args: ExperimentsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:switch:Experiments", name, {}, handed_down(opts))
        child = pulumi.ResourceOptions(parent=self)
        logs = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            retention_in_days=args.log_days,
            kms_key_id=args.key_arn,
            tags=args.tags.logs(f"{name}-logs"),
            opts=child,
        )
        role, permissions = _role(f"{name}-role", args, self)
        after = pulumi.ResourceOptions(parent=self, depends_on=permissions)
        report: Any = {"s3_configuration": {"bucket_name": args.report_bucket, "prefix": name}}
        self.template_ids = {
            each: aws.fis.ExperimentTemplate(
                f"{name}-{each}",
                description=f"Rehearses {each} on what is tagged {OPT_IN}",
                role_arn=role.arn,
                stop_conditions=[
                    {"source": "aws:cloudwatch:alarm", "value": arn} for arn in args.stop_alarm_arns.values()
                ],
                actions=[_action(what, does, args) for what, does in EXPERIMENTS[each].items()],
                targets=[_target(what, does, args) for what, does in EXPERIMENTS[each].items()],
                # Nothing tagged is a rehearsal that proves nothing: it fails.
                experiment_options={
                    "account_targeting": "single-account",
                    "empty_target_resolution_mode": "fail",
                },
                log_configuration={
                    "log_schema_version": 2,
                    "cloudwatch_logs_configuration": {"log_group_arn": pulumi.Output.concat(logs.arn, ":*")},
                },
                experiment_report_configuration={
                    "outputs": report,
                    "pre_experiment_duration": "PT10M",
                    "post_experiment_duration": "PT10M",
                },
                tags=args.tags.resource(f"{name}-{each}"),
                opts=after,
            ).id
            for each in args.names
        }
        self.register_outputs({"template_ids": self.template_ids})


def _action(what: str, does: _Action, args: ExperimentsArgs) -> Any:
    given = [*(does.fixed or {}).items()]
    given += [(does.lasts, f"PT{args.minutes}M")] if does.lasts else []
    given += [(does.region, str(args.peer_region))] if does.region else []
    return {
        "name": what,
        "action_id": does.id,
        "target": {"key": does.target, "value": what},
        "parameters": [{"key": key, "value": value} for key, value in given] or None,
    }


def _target(what: str, does: _Action, args: ExperimentsArgs) -> Any:
    own = {OPT_IN: "true", "environment": args.tags.environment, "system": args.tags.system}
    if args.tags.workload is not None and does.type != SUBNETS:
        own["workload"] = args.tags.workload
    zone = [{"path": does.zone, "values": [args.zone_name]}] if does.zone else []
    running = [_RUNNING] if does.type == INSTANCES else []
    return {
        "name": what,
        "resource_type": does.type,
        "selection_mode": does.selection,
        "resource_tags": [{"key": key, "value": value} for key, value in own.items()],
        "filters": zone + running or None,
    }


def _role(
    name: str, args: ExperimentsArgs, parent: pulumi.Resource
) -> tuple[aws.iam.Role, list[pulumi.Resource]]:
    child = pulumi.ResourceOptions(parent=parent)
    source = f"arn:aws:fis:{args.region}:{{account}}:experiment/*"
    role = aws.iam.Role(
        name,
        description="Lets FIS run experiments",
        assume_role_policy=trust("fis.amazonaws.com", parent, of_account=True, source=source),
        tags=args.tags.resource(name),
        opts=child,
    )
    partition = aws.get_partition_output(opts=pulumi.InvokeOutputOptions(parent=parent)).partition
    statements = [
        allow([f"logs:{action}" for action in DELIVERY], "*"),
        allow(
            ["s3:PutObject", "s3:GetObject"],
            pulumi.Output.concat("arn:", partition, ":s3:::", args.report_bucket, "/*"),
        ),
        allow("cloudwatch:DescribeAlarms", "*"),
    ]
    policy = aws.iam.RolePolicy(
        f"{name}-policy",
        role=role.id,
        policy=document(statements),
        opts=child,
    )
    rooms = sorted({does.id.split(":")[1] for each in args.names for does in EXPERIMENTS[each].values()})
    attached = [
        aws.iam.RolePolicyAttachment(
            f"{name}-{room}",
            role=role.name,
            policy_arn=pulumi.Output.concat(
                "arn:",
                partition,
                f":iam::aws:policy/service-role/AWSFaultInjectionSimulator{_POLICIES[room]}",
            ),
            opts=child,
        )
        for room in rooms
    ]
    return role, [policy, *attached]
