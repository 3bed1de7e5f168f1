"""What moves a function's callers to a new version, and back when an alarm rings: CodeDeploy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.checks import at_least
from components.delivery.shift import PREDEFINED, Shift
from components.outputs import register
from components.permissions import allow
from components.roles import role_with_policy
from components.tags import Tags
from components.trust import trust

ROLLED_BACK_ON = ("DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM")
TOLD = ("DeploymentFailure", "DeploymentRollback", "DeploymentStop")
"""https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_TriggerConfig.html"""


@dataclass(frozen=True, kw_only=True)
class FunctionDeploymentArgs:
    """What a function's deployments need."""

    physical_name: str
    """Unique in the account's region, 1 to 80 characters."""
    function_arn: pulumi.Input[str]
    shift: Shift
    alarms: Sequence[pulumi.Input[str]]
    """Names of alarms, one at least: any of them takes a deployment back."""
    topic_arn: pulumi.Input[str]
    """Is told of a deployment that failed, or was taken back."""
    key_arn: pulumi.Input[str]
    """That the topic is encrypted with."""
    tags: Tags

    def check(self) -> None:
        """Raise ArgumentError for the first argument that can't be."""
        self.shift.check()
        at_least("alarms", self.alarms, 1, "a bad version is taken back by one")


class FunctionDeployment(pulumi.ComponentResource):
    """A CodeDeploy application with one deployment group, for a function's alias.

    Creates: application, group with its role, and a configuration where AWS has none with those numbers.
    Survives: a version that fails: an alarm, or a failure, leads all requests back to the one before. Costs: nothing.
    Source: https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-lambda.html
    """

    application: pulumi.Output[str]
    application_arn: pulumi.Output[str]
    group: pulumi.Output[str]
    group_arn: pulumi.Output[str]
    configuration: pulumi.Output[str]

    def __init__(
        self, name: str, args: FunctionDeploymentArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.check()
        super().__init__("holdfast:delivery:FunctionDeployment", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        application = aws.codedeploy.Application(
            f"{name}-application",
            name=args.physical_name,
            compute_platform="Lambda",
            tags=args.tags.resource(f"{name}-application"),
            opts=child,
        )
        self.configuration = self._configuration(name, args)
        group = aws.codedeploy.DeploymentGroup(
            f"{name}-group",
            app_name=application.name,
            deployment_group_name=args.physical_name,
            deployment_config_name=self.configuration,
            service_role_arn=self._role(name, args),
            deployment_style={"deployment_option": "WITH_TRAFFIC_CONTROL", "deployment_type": "BLUE_GREEN"},
            auto_rollback_configuration={"enabled": True, "events": list(ROLLED_BACK_ON)},
            # Whoever can't see whether it rings doesn't go on.
            alarm_configuration={
                "alarms": list(args.alarms),
                "enabled": True,
                "ignore_poll_alarm_failure": False,
            },
            trigger_configurations=[
                {
                    "trigger_name": "told",
                    "trigger_events": list(TOLD),
                    "trigger_target_arn": args.topic_arn,
                }
            ],
            tags=args.tags.resource(f"{name}-group"),
            opts=child,
        )
        self.application, self.application_arn = application.name, application.arn
        self.group, self.group_arn = group.deployment_group_name, group.arn
        register(self, "application", "application_arn", "group", "group_arn", "configuration")

    def _configuration(self, name: str, args: FunctionDeploymentArgs) -> pulumi.Output[str]:
        shift = args.shift
        if shift.name in PREDEFINED:
            return pulumi.Output.from_input(f"CodeDeployDefault.Lambda{shift.name}")
        step = {"interval": shift.minutes, "percentage": shift.percent}
        routing: Any = (
            {"type": "TimeBasedLinear", "time_based_linear": step}
            if shift.linear
            else {"type": "TimeBasedCanary", "time_based_canary": step}
        )
        # Nothing of it can be changed: other numbers are another one, with a name of its own.
        made = aws.codedeploy.DeploymentConfig(
            f"{name}-shift",
            deployment_config_name=f"{args.physical_name}-{shift.name}",
            compute_platform="Lambda",
            traffic_routing_config=routing,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return made.deployment_config_name

    def _role(self, name: str, args: FunctionDeploymentArgs) -> pulumi.Output[str]:
        """The least of AWSCodeDeployRoleForLambdaLimited that this function takes.

        https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCodeDeployRoleForLambdaLimited.html
        """
        function = pulumi.Output.from_input(args.function_arn)
        alias = ["lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "lambda:UpdateAlias"]
        return role_with_policy(
            f"{name}-role",
            [
                allow(alias, [function, pulumi.Output.concat(function, ":*")]),
                allow("cloudwatch:DescribeAlarms", "*"),  # knows no single alarm where it lists
                allow("sns:Publish", args.topic_arn),
                allow(["kms:Decrypt", "kms:GenerateDataKey*"], args.key_arn),
            ],
            policy=f"{name}-policy",
            about=f"Lets CodeDeploy move {name}'s callers",
            trusted=trust("codedeploy.amazonaws.com"),  # its documentation names no account that it sends
            tags=args.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
