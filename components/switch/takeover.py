"""The way over without Region switch: a state machine that brings its own region up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.checks import at_least, each_once, need
from components.logs import check_retention
from components.operations import Comparison, Metric, Missing, alarm
from components.options import handed_down
from components.permissions import allow, document, global_arn
from components.switch.calls import Pace
from components.switch.decision import NAMESPACE, taken_from
from components.switch.definition import definition
from components.switch.nodes import NodeGroup
from components.switch.replicas import PromotedReplica
from components.switch.servers import ServerGroup
from components.switch.steps import GlobalDatabase
from components.switch.stores import FollowingFiles, GlobalCache, store_statements
from components.switch.tasks import ScaledService
from components.tags import Tags
from components.trust import trust

DELIVERY = (
    "CreateLogDelivery", "DeleteLogDelivery", "DescribeLogGroups", "DescribeResourcePolicies", "GetLogDelivery",
    "ListLogDeliveries", "PutResourcePolicy", "UpdateLogDelivery",
)  # fmt: skip
"""https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html"""


@dataclass(frozen=True, kw_only=True)
class TakeoverArgs:
    """What the state machine of a region needs."""

    machine_name: str
    """Unique in the account's region."""
    region: str
    """The machine's own region, which it brings up."""
    peer_region: str
    """The region that it takes over from. No call goes there."""
    system: str
    """Name of the system, as its `DataPlaneSwitch` has it."""
    groups: Sequence[ServerGroup] = ()
    """The region's Auto Scaling groups, whose servers are started beside each other."""
    services: Sequence[ScaledService] = ()
    """ECS services of the region, whose tasks are started beside each other."""
    nodes: Sequence[NodeGroup] = ()
    """EKS node groups of the region, whose nodes are started beside each other."""
    database: GlobalDatabase | None = None
    replicas: Sequence[PromotedReplica] = ()
    """Read replicas of the region, which are promoted beside each other."""
    cache: GlobalCache | None = None
    files: FollowingFiles | None = None
    key_arn: pulumi.Input[str]
    """Key of the log group."""
    actions: Sequence[pulumi.Input[str]]
    """Topics of this region that are told of an execution that did not succeed; at least one."""
    log_days: int = 365
    pace: Pace = field(default_factory=Pace)
    tags: Tags

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that can't be."""
        need(self.region != self.peer_region, "peer_region", repr(self.peer_region), "another than region")
        at_least("actions", self.actions, 1, "somebody is told when a failover fails")
        check_retention("log_days", self.log_days)
        each_once("groups", [group.label for group in self.groups])
        for group in self.groups:
            need(group.servers >= 1, "groups.servers", group.servers, "1 or more")
        each_once("services", [service.label for service in self.services])
        for service in self.services:
            need(service.tasks >= 1, "services.tasks", service.tasks, "1 or more")
        each_once("nodes", [group.label for group in self.nodes])
        for each in self.nodes:
            need(each.nodes >= 1, "nodes.nodes", each.nodes, "1 or more")
        each_once("replicas", [replica.label for replica in self.replicas])
        if self.database is not None:
            there = self.region in self.database.cluster_arns
            need(
                there,
                "database.cluster_arns",
                repr(sorted(self.database.cluster_arns)),
                f"one of {self.region}",
            )


class Takeover(pulumi.ComponentResource):
    """A state machine that starts the region's servers, makes its stores the ones that are written, and then sends clients here.

    Run with `{"action": "take", "mode": "switchover"}`, or with mode `failover` when the other region is lost; with
    `{"action": "release"}` clients are sent to the other region again. Run twice it does nothing twice. It calls its own region's
    APIs only, and ends at the recovery time objective.

    Creates: state machine, role, log group, an alarm on executions that fail. Survives: loss of the other region. Costs: nothing
    until it runs, but for the alarm.
    Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-standard-vs-express.html
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: TakeoverArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:switch:Takeover", name, {}, handed_down(opts))
        child = pulumi.ResourceOptions(parent=self)
        logs = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            name=f"/aws/vendedlogs/states/{args.machine_name}",
            retention_in_days=args.log_days,
            kms_key_id=args.key_arn,
            tags=args.tags.resource(f"{name}-logs"),
            opts=child,
        )
        role, policy = _role(f"{name}-role", args, self)
        machine = aws.sfn.StateMachine(
            f"{name}-machine",
            name=args.machine_name,
            role_arn=role.arn,
            type="STANDARD",
            definition=pulumi.Output.json_dumps(
                definition(
                    region=args.region,
                    groups=args.groups,
                    services=args.services,
                    nodes=args.nodes,
                    database=args.database,
                    replicas=args.replicas,
                    cache=args.cache,
                    files=args.files,
                    decision=taken_from(args.peer_region, args.system),
                    timeout_seconds=int(args.tags.rto_hours * 3600),
                    pace=args.pace,
                )
            ),
            logging_configuration={
                "level": "ALL",
                "include_execution_data": True,
                "log_destination": pulumi.Output.concat(logs.arn, ":*"),
            },
            tags=args.tags.resource(f"{name}-machine"),
            # Step Functions looks at what the role may do with the log group.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
        alarm(
            f"{name}-failed",
            Metric(
                namespace="AWS/States",
                name="ExecutionsFailed",
                statistic="Sum",
                dimensions={"StateMachineArn": machine.arn},
            ),
            Comparison.ABOVE,
            0,
            missing=Missing.NOT_BREACHING,  # nothing ran, nothing failed
            description=f"The takeover of {args.system} by {args.region} failed",
            tags=args.tags,
            actions=args.actions,
            opts=child,
        )
        self.arn = machine.arn
        self.register_outputs({"arn": self.arn})


def _role(name: str, args: TakeoverArgs, parent: pulumi.Resource) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
    child = pulumi.ResourceOptions(parent=parent)
    invoke = pulumi.InvokeOutputOptions(parent=parent)
    source = f"arn:aws:states:{args.region}:{{account}}:stateMachine:{args.machine_name}"
    role = aws.iam.Role(
        name,
        description=f"Lets {args.machine_name} bring {args.region} up",
        assume_role_policy=trust("states.amazonaws.com", parent, of_account=True, source=source),
        tags=args.tags.resource(name),
        opts=child,
    )
    own_metrics = {"StringEquals": {"cloudwatch:namespace": NAMESPACE}}
    mark = allow("cloudwatch:PutMetricData", "*", own_metrics)  # knows no resource
    statements = [mark, allow([f"logs:{action}" for action in DELIVERY], "*")]
    if args.groups or args.nodes:
        statements.append(allow("autoscaling:DescribeAutoScalingGroups", "*"))
    statements += [each for group in args.groups for each in group.statements]
    statements += [each for service in args.services for each in service.statements]
    statements += [each for group in args.nodes for each in group.statements]
    if args.database is not None:
        whole = _whole("rds", "global-cluster", args.database.identifier, invoke)
        statements.append(allow("rds:DescribeGlobalClusters", whole))
        moved = [whole, *args.database.cluster_arns.values()]
        statements.append(allow(["rds:FailoverGlobalCluster", "rds:SwitchoverGlobalCluster"], moved))
    statements += [each for replica in args.replicas for each in replica.statements]
    statements += store_statements(args.cache, args.files, parent)
    policy = aws.iam.RolePolicy(
        f"{name}-policy",
        role=role.id,
        policy=document(statements),
        opts=child,
    )
    return role, policy


def _whole(
    service: str, kind: str, identifier: pulumi.Input[str], invoke: pulumi.InvokeOutputOptions
) -> pulumi.Output[str]:
    """The ARN of what spans the regions."""
    account = aws.get_caller_identity_output(opts=invoke).account_id
    partition = aws.get_partition_output(opts=invoke).partition
    return global_arn(partition, account, service, kind, identifier)
