"""A Lambda function behind an alias, with its log, role, dead letters and alarms."""

from __future__ import annotations

import json

import pulumi
import pulumi_aws as aws

from components import outputs
from components.compute.function_args import FunctionArgs
from components.compute.function_sources import mapped
from components.facts import Fact, fact
from components.functions import declare_log, logging_statement
from components.operations import Comparison, Metric, Missing, alarm
from components.options import handed_down
from components.permissions import allow
from components.roles import role_with_policy
from components.trust import trust

ALIAS = "live"
KEPT_SECONDS = 14 * 86_400
"""Dead letters: the longest that SQS keeps them."""
_TRACING = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]


class ServingFunction(pulumi.ComponentResource):
    """A function whose callers call the alias `live`: a version that can be shifted to, and taken back, without them.

    Creates: function, version, alias, role, log group, traces; dead letters of asynchronous calls; alarms on errors and throttling;
    where asked for provisioned concurrency, or a mapping from a queue, which hands back the messages that failed one by one, from a stream
    or from a topic.
    Survives: instance and zone (Lambda runs in several). Not the region. Costs: by use; provisioned concurrency by the hour; alarms.
    Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html
    """

    function_name: pulumi.Output[str]
    function_arn: pulumi.Output[str]
    alias_arn: pulumi.Output[str]
    invoke_arn: pulumi.Output[str]
    """Of the alias, as API Gateway calls it; known once what is kept warm is."""
    alias: pulumi.Output[str]
    mapping_id: pulumi.Output[str] | None = None
    """Of the mapping from its source, where it has one."""
    recovery_fact: Fact

    def __init__(self, name: str, args: FunctionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:compute:ServingFunction", name, {}, handed_down(opts))
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        function = self._function()
        alias = aws.lambda_.Alias(
            f"{name}-{ALIAS}",
            name=ALIAS,
            description=f"What callers of {name} get",
            function_name=function.name,
            function_version=function.version,
            opts=self._child,
        )
        warm = self._warm(function, alias)
        if args.source is not None:
            self.mapping_id = mapped(f"{name}-source", args.source, alias.arn, args.tags, self._child)
        self._alarms(function)
        self.function_name, self.function_arn = function.name, function.arn
        self.alias_arn, self.alias = alias.arn, alias.name
        self.invoke_arn = outputs.once(alias.invoke_arn, *warm)
        self.recovery_fact = fact("compute", f"{name}-function", args.tags.resource(""), launch="lambda")
        outputs.register(self, "function_name", "function_arn", "alias_arn", "invoke_arn")

    def _function(self) -> aws.lambda_.Function:
        args, name = self._args, self._name
        logs = declare_log(name, days=args.log_days, key_arn=args.key_arn, tags=args.tags, opts=self._child)
        dead = self._dead_letters() if args.source is None else None
        role = self._role(logs, dead)
        return aws.lambda_.Function(
            f"{name}-function",
            description=args.about,
            runtime=args.runtime,
            architectures=[args.architecture],
            handler=args.handler,
            code=args.code,
            role=role,
            timeout=args.timeout_seconds,
            memory_size=args.memory_mib,
            reserved_concurrent_executions=args.reserved,
            publish=True,
            snap_start={"apply_on": "PublishedVersions"} if args.snap_start else None,
            environment={"variables": dict(args.variables)} if args.variables else None,
            kms_key_arn=args.key_arn,
            logging_config={"log_format": "JSON", "log_group": logs.name},
            tracing_config={"mode": "Active"},
            dead_letter_config={"target_arn": dead.arn} if dead else None,
            vpc_config={
                "subnet_ids": list(args.subnet_ids),
                "security_group_ids": list(args.security_group_ids),
            }
            if args.subnet_ids
            else None,
            tags=args.tags.resource(f"{name}-function"),
            opts=self._child,
        )

    def _role(self, logs: aws.cloudwatch.LogGroup, dead: aws.sqs.Queue | None) -> pulumi.Output[str]:
        args, name = self._args, self._name
        lambdas_own = {"StringLike": {"kms:ViaService": ["lambda.*.amazonaws.com", "sqs.*.amazonaws.com"]}}
        statements = [
            logging_statement(logs),
            allow(_TRACING, "*"),  # know no resource
            allow(["kms:Decrypt", "kms:GenerateDataKey"], args.key_arn, lambdas_own),
            *args.statements,
            *(args.source.statements if args.source else ()),
        ]
        if dead is not None:
            statements.append(allow("sqs:SendMessage", dead.arn))
        if args.subnet_ids:
            interfaces = [
                "CreateNetworkInterface",
                "DescribeNetworkInterfaces",
                "DeleteNetworkInterface",
                "DescribeSubnets",
            ]
            statements.append(allow([f"ec2:{each}" for each in interfaces], "*"))  # before there is one
        return role_with_policy(
            f"{name}-role",
            statements,
            policy=f"{name}-policy",
            about=f"{name} runs",
            trusted=trust("lambda.amazonaws.com"),
            tags=args.tags,
            opts=self._child,
        )

    def _dead_letters(self) -> aws.sqs.Queue:
        """Events of asynchronous calls that failed three times. A queue's messages have the queue's own dead letters."""
        args, name = self._args, f"{self._name}-letters"
        queue = aws.sqs.Queue(
            name,
            message_retention_seconds=KEPT_SECONDS,
            kms_master_key_id=args.key_arn,
            redrive_allow_policy=json.dumps({"redrivePermission": "denyAll"}),  # Lambda's letters alone
            tags=args.tags.resource(name),
            opts=self._child,
        )
        metric = Metric(
            namespace="AWS/SQS",
            name="ApproximateNumberOfMessagesVisible",
            statistic="Maximum",
            dimensions={"QueueName": queue.name},
        )
        alarm(
            name,
            metric,
            Comparison.ABOVE,
            0,
            missing=Missing.NOT_BREACHING,  # an idle queue reports nothing
            description=f"{self._name}: events that nobody could handle",
            tags=args.tags,
            actions=args.actions,
            opts=self._child,
        )
        return queue

    def _warm(self, function: aws.lambda_.Function, alias: aws.lambda_.Alias) -> list[pulumi.Output[str]]:
        if not self._args.provisioned:
            return []
        made = aws.lambda_.ProvisionedConcurrencyConfig(
            f"{self._name}-warm",
            function_name=function.name,
            qualifier=alias.name,
            provisioned_concurrent_executions=self._args.provisioned,
            opts=self._child,
        )
        return [made.id]

    def _alarms(self, function: aws.lambda_.Function) -> None:
        for what, about in (("Errors", "fails"), ("Throttles", "is throttled: its concurrency is used up")):
            alarm(
                f"{self._name}-{what.lower()}",
                Metric(
                    namespace="AWS/Lambda",
                    name=what,
                    statistic="Sum",
                    dimensions={"FunctionName": function.name},
                ),
                Comparison.ABOVE,
                0,
                missing=Missing.NOT_BREACHING,  # nobody called it
                description=f"{self._name} {about}",
                tags=self._args.tags,
                actions=self._args.actions,
                periods=5,
                datapoints=3,
                opts=self._child,
            )
