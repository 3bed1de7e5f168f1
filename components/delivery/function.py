"""A Lambda function whose versions are published, and whose callers call an alias."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.checks import between, need, one_of
from components.facts import Fact, fact
from components.functions import declare_log, logging_statement
from components.logs import check_retention
from components.operations import Comparison, Expression, Metric, Missing, alarm
from components.outputs import once, register
from components.permissions import Statement
from components.roles import role_with_policy
from components.tags import Tags
from components.trust import trust

ALIAS = "live"
"""What callers call."""
ARCHITECTURES = ("arm64", "x86_64")
MEMORY_MIB, TIMEOUT_SECONDS = (128, 10_240), (1, 900)
"""https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""
_NAMESPACE = "AWS/Lambda"


@dataclass(frozen=True, kw_only=True)
class ReleasedFunctionArgs:
    """What the function needs."""

    image: pulumi.Input[str]
    """In ECR, by digest: `123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/prod/web@sha256:...`. Another one is another version."""
    memory_mib: int = 512
    """128 to 10240; CPU goes with it."""
    timeout_seconds: int = 30
    """1 to 900."""
    architecture: str = "arm64"
    environment: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    statements: Sequence[Statement] = ()
    """What its code may do, beside writing its log."""
    error_percent: float = 1
    """Share of its invocations, above 0 and below 100, above which its errors ring."""
    key_arn: pulumi.Input[str]
    """Customer key of the log and of the environment."""
    actions: Sequence[pulumi.Input[str]]
    """Topics that are told."""
    log_days: int = 90
    tags: Tags

    def check(self) -> None:
        """Raise ArgumentError for the first argument that can't be."""
        between("memory_mib", self.memory_mib, *MEMORY_MIB, "MiB")
        between("timeout_seconds", self.timeout_seconds, *TIMEOUT_SECONDS, "s")
        one_of("architecture", self.architecture, ARCHITECTURES)
        below = 0 < self.error_percent < 100  # noqa: PLR2004 - per cent
        need(below, "error_percent", f"{self.error_percent:g}", "above 0 and below 100 percent")
        check_retention("log_days", self.log_days)


class ReleasedFunction(pulumi.ComponentResource):
    """A function from an image, its versions, and the alias `live` that leads to the one that serves.

    Creates: function with an encrypted log and a role of its own, alias, an alarm on the share of the alias's invocations that fail.
    A changed image or setting is published as the next version, to which nobody is led until it is deployed.
    Survives: a zone (Lambda runs in several). Costs: invocations alone.
    Source: https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    alias_arn: pulumi.Output[str]
    """What callers call."""
    alarm_name: pulumi.Output[str]
    recovery_fact: Fact

    def __init__(
        self, name: str, args: ReleasedFunctionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.check()
        super().__init__("holdfast:delivery:ReleasedFunction", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        logs = declare_log(name, days=args.log_days, key_arn=args.key_arn, tags=args.tags, opts=child)
        role_arn = role_with_policy(
            f"{name}-role",
            [logging_statement(logs), *args.statements],
            policy=f"{name}-policy",
            about=f"What {name}'s code may do",
            trusted=trust("lambda.amazonaws.com"),
            tags=args.tags,
            opts=child,
        )
        function = aws.lambda_.Function(
            f"{name}-function",
            description=f"{name}, by its alias {ALIAS}",
            package_type="Image",
            image_uri=args.image,
            architectures=[args.architecture],
            memory_size=args.memory_mib,
            timeout=args.timeout_seconds,
            publish=True,
            role=role_arn,
            kms_key_arn=args.key_arn if args.environment else None,
            environment={"variables": dict(args.environment)} if args.environment else None,
            logging_config={"log_format": "JSON", "log_group": logs.name},
            tags=args.tags.resource(f"{name}-function"),
            opts=child,
        )
        alias = aws.lambda_.Alias(
            f"{name}-alias",
            name=ALIAS,
            description="The version that serves; CodeDeploy moves it",
            function_name=function.name,
            function_version=function.version,
            # Both are a deployment's to change, and to take back: the program says them for the first version alone.
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["functionVersion", "routingConfig"]),
        )
        self.name, self.arn = once(function.name, alias.id), function.arn
        self.alias_arn = alias.arn
        self.recovery_fact = fact(
            "compute", f"{name}-function", args.tags.resource(f"{name}-function"), launch="lambda"
        )
        self.alarm_name = self._errors(name, function.name, args).name
        register(self, "name", "arn", "alias_arn", "alarm_name")

    def _errors(
        self, name: str, function: pulumi.Output[str], args: ReleasedFunctionArgs
    ) -> aws.cloudwatch.MetricAlarm:
        """An alarm on all that the alias leads to: while two versions serve, each has its share.

        https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
        """
        dimensions = {"FunctionName": function, "Resource": pulumi.Output.concat(function, ":", ALIAS)}
        metrics = {
            each.lower(): Metric(namespace=_NAMESPACE, name=each, statistic="Sum", dimensions=dimensions)
            for each in ("Errors", "Invocations")
        }
        return alarm(
            f"{name}-errors",
            Expression(
                expression="100 * errors / invocations",
                label="Invocations that fail, per cent",
                metrics=metrics,
            ),
            Comparison.ABOVE,
            args.error_percent,
            missing=Missing.NOT_BREACHING,  # nobody calls, nothing fails
            description=f"{name}: more than {args.error_percent:g} % of its invocations fail",
            tags=args.tags,
            actions=args.actions,
            opts=pulumi.ResourceOptions(parent=self),
        )
