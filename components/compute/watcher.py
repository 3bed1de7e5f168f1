"""What keeps exactly one of a pair's instances behind the load balancer: a function that watches all the time, and swaps."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components import outputs
from components.compute.pair import MEMBERS
from components.compute.watcher_alarms import declare_watcher_alarms
from components.compute.watcher_args import MirrorArgs, PairWatcherArgs
from components.facts import Fact, fact
from components.functions import declare_function, declare_log, logging_statement
from components.options import handed_down
from components.permissions import Statement, allow
from components.roles import role_with_policy
from components.schedules import declare_schedule
from components.trust import trust
from functions.active_standby.timing import timing

CODE = Path(__file__).parents[2] / "functions" / "active_standby"
PACKAGE = CODE.name
MEMORY_MIB = 512
"""More than it needs: the share of a processor comes with it, and the first look is not to wait for imports."""
KEPT_DAYS = 14
"""Dead letters: what Scheduler couldn't deliver."""


class PairWatcher(pulumi.ComponentResource):
    """A function that looks every few seconds which of two instances are healthy, and registers the one that is to serve.

    It is invoked each minute and watches for longer than that, so that a late invocation leaves no gap; which instance may serve is a
    lease in a table, changed by conditional writes, so that any number of them may run. In no VPC: it talks to AWS's APIs only.

    Creates: function, its role and log group, a schedule with its role and a queue of dead letters, alarms. Survives: instance and
    zone, which it is there for; while the region's APIs don't answer nothing is swapped, and what serves goes on serving.
    Costs: about 13 USD a month: two to three executions of half a GB all the time; alarms and metrics.
    Source: https://docs.aws.amazon.com/lambda/latest/dg/with-eventbridge-scheduler.html
    """

    function_name: pulumi.Output[str]
    function_arn: pulumi.Output[str]
    alarm_arns: dict[str, pulumi.Output[str]]
    """`errors` and `unscheduled`; where an instance runs `serving`, where two do `spare`."""

    def __init__(self, name: str, args: PairWatcherArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:compute:PairWatcher", name, {}, handed_down(opts))
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        function = self._function()
        letters = self._letters()
        self._schedule(function, letters)
        self.function_name, self.function_arn = function.name, function.arn
        self.alarm_arns = declare_watcher_alarms(
            name,
            pair=args.pair,
            function_name=function.name,
            queue_name=letters.name,
            running=args.running,
            topic_arn=args.topic_arn,
            tags=args.tags,
            opts=self._child,
        )
        outputs.register(self, "function_name", "function_arn", "alarm_arns")

    def recovery_fact(self, check: Mapping[str, int]) -> Fact:
        """The pair as a unit of recovery, named by the function that keeps it; `check` is how its members are watched."""
        args = self._args
        return fact(
            "compute",
            f"{self._name}-function",
            args.tags.resource(""),
            desired=args.running,
            required=1,
            max=MEMBERS,
            launch="ec2",
            warm_pool=False,
            check=dict(check),
            swap=args.values,
        )

    def _function(self) -> aws.lambda_.Function:
        args, name = self._args, self._name
        logs = declare_log(
            name, days=args.log_retention_days, key_arn=args.key_arn, tags=args.tags, opts=self._child
        )
        environment: dict[str, pulumi.Input[str]] = {
            "LEASE_TABLE": args.table_name,
            "PAIR": args.pair,
            "SERVING_TARGET_GROUP": args.serving_arn,
            "MEMBERS_TARGET_GROUP": args.members_arn,
            "MEMBERS": pulumi.Output.json_dumps(list(args.group_names)),
            "TOPIC": args.topic_arn,
            "TIMING": json.dumps(args.values),
        }
        if args.mirror:
            disk = {"protocol": args.mirror.protocol, "starts": args.mirror.starts}
            environment |= {"DISK": json.dumps(disk), "MIRROR": _mirror(args.mirror, args.group_names)}
        function = declare_function(
            name,
            about=f"Keeps one of two instances of {args.pair} behind its load balancer",
            handler=f"{PACKAGE}.handler.handler",
            files=packaged(),
            role_arn=self._role(logs),
            logs=logs,
            # As text a line goes out as it was written, and CloudWatch finds the metrics in it.
            log_format="Text",
            variables=environment,
            timeout=timing(args.values).timeout,
            memory_mib=MEMORY_MIB,
            reserved=args.reserved,
            tags=args.tags,
            opts=self._child,
        )
        aws.lambda_.FunctionEventInvokeConfig(
            f"{name}-once",
            function_name=function.name,
            # The next minute's invocation does what one that failed has left.
            maximum_retry_attempts=0,
            maximum_event_age_in_seconds=60,
            opts=self._child,
        )
        return function

    def _role(self, logs: aws.cloudwatch.LogGroup) -> pulumi.Output[str]:
        args = self._args
        balancing, scaling = "elasticloadbalancing", "autoscaling"
        writing = [f"{balancing}:RegisterTargets", f"{balancing}:DeregisterTargets"]
        # Neither has a resource that it could be kept to.
        looking = [f"{balancing}:DescribeTargetHealth", f"{scaling}:DescribeAutoScalingGroups"]
        via = {"StringLike": {"kms:ViaService": ["dynamodb.*.amazonaws.com", "sns.*.amazonaws.com"]}}
        statements = [
            allow(writing, args.serving_arn),
            allow(looking, "*"),
            allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], args.table_arn),
            allow("sns:Publish", args.topic_arn),
            allow(["kms:Decrypt", "kms:GenerateDataKey"], args.key_arn, via),
            logging_statement(logs),
            *(self._fencing(args.mirror) if args.mirror else ()),
        ]
        return role_with_policy(
            f"{self._name}-role",
            statements,
            policy=f"{self._name}-role-policy",
            about=f"{args.pair}: registers what serves",
            trusted=trust("lambda.amazonaws.com"),
            tags=args.tags,
            opts=self._child,
        )

    def _fencing(self, mirror: MirrorArgs) -> list[Statement]:
        """To see whether a machine is gone, to stop one of its own, and to lead the address elsewhere."""
        its = {
            f"aws:ResourceTag/{key}": tag
            for key, tag in self._args.tags.resource("").items()
            if key in ("environment", "system", "workload")
        }
        arns = ec2_arns(self._args.table_arn)
        tables = [pulumi.Output.concat(arns, "route-table/", each) for each in mirror.route_table_ids]
        return [
            # Neither has a resource that it could be kept to.
            allow(["ec2:DescribeInstances", "ec2:DescribeRouteTables"], "*"),
            allow("ec2:StopInstances", pulumi.Output.concat(arns, "instance/*"), {"StringEquals": its}),
            allow("ec2:ReplaceRoute", tables),
        ]

    def _letters(self) -> aws.sqs.Queue:
        args, name = self._args, f"{self._name}-letters"
        return aws.sqs.Queue(
            name,
            message_retention_seconds=KEPT_DAYS * 86_400,
            kms_master_key_id=args.key_arn,
            redrive_allow_policy=json.dumps({"redrivePermission": "denyAll"}),  # Scheduler's letters alone
            tags=args.tags.resource(name),
            opts=self._child,
        )

    def _schedule(self, function: aws.lambda_.Function, letters: aws.sqs.Queue) -> None:
        args, name = self._args, self._name
        via = {"StringLike": {"kms:ViaService": "sqs.*.amazonaws.com"}}
        declare_schedule(
            name,
            about=f"Watches {args.pair}",
            every="rate(1 minute)",
            target_arn=function.arn,
            told={"action": "watch"},
            letters_arn=letters.arn,
            statements=[
                allow("sqs:SendMessage", letters.arn),
                allow(["kms:Decrypt", "kms:GenerateDataKey"], args.key_arn, via),
            ],
            age_seconds=60,
            tags=args.tags,
            opts=self._child,
        )


def _mirror(mirror: MirrorArgs, group_names: Sequence[pulumi.Input[str]]) -> pulumi.Output[str]:
    """What the function is told of it, with each interface by the name of its group."""

    def told(known: Mapping[str, Sequence[str]]) -> str:
        interfaces = dict(zip(known["groups"], known["interfaces"], strict=True))
        found = {"interfaces": interfaces, "tables": known["tables"], "address": f"{mirror.address}/32"}
        return json.dumps(found)

    return pulumi.Output.all(
        groups=list(group_names), interfaces=list(mirror.interface_ids), tables=list(mirror.route_table_ids)
    ).apply(told)


def ec2_arns(known: pulumi.Input[str]) -> pulumi.Output[str]:
    """How ARNs of EC2 begin in the region and account of an ARN that is known."""
    return pulumi.Output.from_input(known).apply(
        lambda arn: ":".join([*arn.split(":")[:2], "ec2", *arn.split(":")[3:5], ""])
    )


def packaged() -> dict[str, pulumi.Asset | pulumi.Archive]:
    """The function's files as the archive has them: a package, whose modules import each other."""
    files = sorted(CODE.glob("*.py"))
    return {f"{PACKAGE}/{path.name}": pulumi.StringAsset(path.read_text()) for path in files}
