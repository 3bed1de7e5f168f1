"""A master password that Secrets Manager replaces on schedule, by a function that has RDS set it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components import outputs
from components.checks import between, one_of
from components.functions import declare_function, declare_log, logging_statement
from components.logs import check_retention
from components.operations import Comparison, Metric, Missing, alarm
from components.options import handed_down
from components.permissions import Statement, allow
from components.roles import role_with_policy
from components.tags import Tags
from components.trust import trust

CODE = Path(__file__).parents[2] / "functions" / "master_password" / "handler.py"
ROTATION_DAYS = (1, 1000)
"""https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html"""
KINDS = ("global", "cluster", "instance")
"""What has a master password: a global database, of which the member that writes takes it, a cluster, an instance."""
TIMEOUT_SECONDS = 300
"""For each step; RDS takes well below a minute for a password."""
MEMORY_MIB = 128
PERIOD_SECONDS = 300
OWNERS = ("environment", "system", "workload")
"""Tags that all members of a system's database have, and no other's."""


@dataclass(frozen=True, kw_only=True)
class PasswordRotationArgs:
    """What the rotation of one database's password needs."""

    tags: Tags
    secret_arn: pulumi.Input[str]
    """The secret, not a replica: JSON with username and password."""
    kms_key_arn: pulumi.Input[str]
    """Key that encrypts the secret, and the function's log."""
    kind: str
    """global, cluster or instance."""
    identifier: pulumi.Input[str]
    """Of the global cluster, the cluster or the instance."""
    databases: Sequence[pulumi.Resource]
    """What must stand before the first rotation."""
    days: int = 30
    """Days from one rotation to the next, 1 to 1,000."""
    log_retention_days: int = 90
    """Days that CloudWatch Logs keeps what the function says; one of its own steps."""
    topic_arn: pulumi.Input[str] | None = None
    """Topic that is told of a step that failed; it must admit CloudWatch. None: nobody."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse."""
        one_of("kind", self.kind, KINDS)
        between("rotation_days", self.days, *ROTATION_DAYS, "days")
        check_retention("log_retention_days", self.log_retention_days)


class PasswordRotation(pulumi.ComponentResource):
    """Rotation of a master password: at once when it is deployed, then every so many days.

    Creates: the function with its role and log group, the permission for Secrets Manager to call it, the rotation, an alarm on
    steps that fail. The function is in no VPC: it talks to Secrets Manager and RDS, never to the database.

    Survives: a failed step (each may run again; the alarm tells, and between RDS's change and the last step the secret's current
    password isn't the database's); another region writing (of a global database the member that writes is found each time). While the
    secret's region is lost there is no rotation, and none is needed: the replica keeps the password. Costs: nothing to speak of.
    Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda.html
    """

    function_name: pulumi.Output[str]

    def __init__(
        self, name: str, args: PasswordRotationArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.check()
        super().__init__("holdfast:data:PasswordRotation", name, {}, handed_down(opts))
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        invoke = pulumi.InvokeOutputOptions(parent=self)
        self._account = aws.get_caller_identity_output(opts=invoke).account_id
        self._partition = aws.get_partition_output(opts=invoke).partition
        logs = declare_log(
            name,
            days=args.log_retention_days,
            key_arn=args.kms_key_arn,
            tags=args.tags,
            opts=self._child,
        )
        function = self._function(logs)
        permission = aws.lambda_.Permission(
            f"{name}-permission",
            action="lambda:InvokeFunction",
            function=function.name,
            principal="secretsmanager.amazonaws.com",
            source_account=self._account,
            opts=self._child,
        )
        aws.secretsmanager.SecretRotation(
            f"{name}-schedule",
            secret_id=args.secret_arn,
            rotation_lambda_arn=function.arn,
            rotation_rules={"automatically_after_days": args.days},
            # The password of the first deployment stands in the stack's state: it is good for minutes.
            rotate_immediately=True,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[permission, *args.databases]),
        )
        if args.topic_arn is not None:
            self._alarm(function, args.topic_arn)
        self.function_name = function.name
        outputs.register(self, "function_name")

    def _function(self, logs: aws.cloudwatch.LogGroup) -> aws.lambda_.Function:
        args, name = self._args, self._name
        return declare_function(
            name,
            about=f"Sets a new master password for {name}",
            handler="handler.handler",
            files={CODE.name: pulumi.StringAsset(CODE.read_text())},
            role_arn=self._role(logs),
            logs=logs,
            variables={"DATABASE_KIND": args.kind, "DATABASE": args.identifier},
            timeout=TIMEOUT_SECONDS,
            memory_mib=MEMORY_MIB,
            tags=args.tags,
            opts=self._child,
        )

    def _role(self, logs: aws.cloudwatch.LogGroup) -> pulumi.Output[str]:
        """The function's role, known when its policy stands too: Secrets Manager calls as soon as it may."""
        args, name = self._args, self._name
        secret = [f"secretsmanager:{verb}" for verb in ("DescribeSecret", "GetSecretValue", "PutSecretValue")]
        via = {"StringLike": {"kms:ViaService": "secretsmanager.*.amazonaws.com"}}
        statements = [
            allow([*secret, "secretsmanager:UpdateSecretVersionStage"], args.secret_arn),
            # Belongs to no secret: AWS allows no resource here.
            allow(["secretsmanager:GetRandomPassword"], "*"),
            allow(["kms:Decrypt", "kms:GenerateDataKey"], args.kms_key_arn, via),
            logging_statement(logs),
            *self._database_statements(),
        ]
        return role_with_policy(
            f"{name}-role",
            statements,
            policy=f"{name}-policy",
            about=f"{name} replaces one secret's password and has RDS set it",
            trusted=trust("lambda.amazonaws.com"),
            tags=args.tags,
            opts=self._child,
        )

    def _database_statements(self) -> list[Statement]:
        """Look at the database, and change it: RDS knows no permission for the password alone."""
        args = self._args
        if args.kind == "instance":
            arn = self._arn("*", "db", args.identifier)
            return [allow(["rds:DescribeDBInstances", "rds:ModifyDBInstance"], arn)]
        if args.kind == "cluster":
            arn = self._arn("*", "cluster", args.identifier)
            return [allow(["rds:DescribeDBClusters", "rds:ModifyDBCluster"], arn)]
        own = {key: tag for key, tag in args.tags.resource("").items() if key in OWNERS}
        members = self._arn("*", "cluster", "*")
        return [
            allow(["rds:DescribeGlobalClusters"], self._arn("", "global-cluster", args.identifier)),
            allow(["rds:DescribeDBClusters"], members),
            # What the members in other regions are called is theirs to say; they have the system's tags.
            allow(
                ["rds:ModifyDBCluster"],
                members,
                {"StringEquals": {f"aws:ResourceTag/{key}": tag for key, tag in own.items()}},
            ),
        ]

    def _arn(self, region: str, kind: str, identifier: pulumi.Input[str]) -> pulumi.Output[str]:
        return pulumi.Output.concat(
            "arn:", self._partition, f":rds:{region}:", self._account, f":{kind}:", identifier
        )

    def _alarm(self, function: aws.lambda_.Function, topic_arn: pulumi.Input[str]) -> None:
        alarm(
            f"{self._name}-errors",
            Metric(
                namespace="AWS/Lambda",
                name="Errors",
                statistic="Sum",
                dimensions={"FunctionName": function.name},
                period_seconds=PERIOD_SECONDS,
            ),
            Comparison.ABOVE,
            0,
            missing=Missing.NOT_BREACHING,  # between rotations nothing runs
            description=f"{self._name}: a step of the rotation failed. Until one succeeds the password may be the former one.",
            tags=self._args.tags,
            actions=[topic_arn],
            opts=self._child,
        )
