"""From a release to the version that serves: a pipeline that checks, asks, and has CodeDeploy move the callers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws

from components.checks import between, need
from components.delivery.function import ALIAS
from components.functions import declare_log, logging_statement
from components.outputs import register
from components.permissions import Statement, allow
from components.roles import role_with_policy
from components.tags import Tags
from components.trust import trust

SPECS = Path(__file__).parent / "buildspecs"
_IMAGE = "aws/codebuild/amazonlinux-aarch64-standard:3.0"
"""https://docs.aws.amazon.com/codebuild/latest/userguide/ec2-compute-images.html"""
TIMEOUT_MINUTES = (5, 2160)
"""https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html"""
VERIFY_MINUTES, SLACK_MINUTES = 15, 30
"""What a look at a version may take; what a deployment may, beside its own shift."""
_RELEASE = "release"


@dataclass(frozen=True, kw_only=True)
class PipelineArgs:
    """What a function's pipeline needs."""

    physical_name: str
    """Unique in the account's region, 1 to 100 characters."""
    bucket: pulumi.Input[str]
    """Of this region: versioned, and encrypted with `key_arn`. Releases and what stages hand on lie there."""
    bucket_arn: pulumi.Input[str]
    release_key: str
    """Of the release, a zip with the file `digest`: the image's."""
    key_arn: pulumi.Input[str]
    approval_topic_arn: pulumi.Input[str] | None
    """Who is asked before anything moves. None: nobody."""
    topic_arn: pulumi.Input[str]
    """Is told of an execution that failed."""
    function: pulumi.Input[str]
    function_arn: pulumi.Input[str]
    application: pulumi.Input[str]
    application_arn: pulumi.Input[str]
    group: pulumi.Input[str]
    group_arn: pulumi.Input[str]
    shift_minutes: int
    """How long a deployment moves callers."""
    log_days: int = 90
    tags: Tags

    def check(self) -> None:
        """Raise ArgumentError for the first argument that can't be."""
        need(self.release_key.endswith(".zip"), "release_key", repr(self.release_key), "the key of a zip")
        between("shift_minutes", self.shift_minutes + SLACK_MINUTES, *TIMEOUT_MINUTES, "minutes")


class Pipeline(pulumi.ComponentResource):
    """Source, build, approval, deploy: each on its own, with a role that can do its part alone.

    Creates: a V2 pipeline, a CodeBuild project each for the look at the version and for its deployment, their roles and logs, a rule that
    tells of failures. Nothing starts it but a call: with the version of the release that is meant.
    Survives: a deployment that is taken back: the stage goes back to what was deployed last. Costs: minutes of CodeBuild, and those of the
    pipeline's actions.
    Source: https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-rollback-stage.html
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(self, name: str, args: PipelineArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:delivery:Pipeline", name, {}, opts)
        self._args = args
        function, group = args.function_arn, args.group_arn
        versions = allow(
            ["lambda:GetFunction", "lambda:GetFunctionConfiguration", "lambda:ListVersionsByFunction"],
            [function, pulumi.Output.concat(function, ":*")],
        )
        verify = self._project(
            f"{name}-verify", "verify", [versions], {"FUNCTION": args.function}, minutes=VERIFY_MINUTES
        )
        # arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:...
        codedeploy = pulumi.Output.from_input(group).apply(lambda arn: ":".join(arn.split(":")[:5]))
        shift = self._project(
            f"{name}-shift",
            "shift",
            [
                allow("lambda:GetAlias", [function, pulumi.Output.concat(function, ":", ALIAS)]),
                allow(["codedeploy:CreateDeployment", "codedeploy:GetDeployment"], group),
                allow(
                    ["codedeploy:GetApplicationRevision", "codedeploy:RegisterApplicationRevision"],
                    args.application_arn,
                ),
                allow(
                    "codedeploy:GetDeploymentConfig", pulumi.Output.concat(codedeploy, ":deploymentconfig:*")
                ),
            ],
            {
                "FUNCTION": args.function,
                "ALIAS": ALIAS,
                "APPLICATION": args.application,
                "GROUP": args.group,
            },
            minutes=args.shift_minutes + SLACK_MINUTES,
        )
        made = aws.codepipeline.Pipeline(
            f"{name}-pipeline",
            name=args.physical_name,
            pipeline_type="V2",
            execution_mode="QUEUED",
            role_arn=self._role(name, [verify.arn, shift.arn]),
            artifact_stores=[
                {
                    "location": args.bucket,
                    "type": "S3",
                    "encryption_key": {"id": args.key_arn, "type": "KMS"},
                }
            ],
            stages=self._stages(verify.name, shift.name),
            tags=args.tags.resource(f"{name}-pipeline"),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name, self.arn = made.name, made.arn
        self._failures(name, made.name)
        register(self, "name", "arn")

    def _stages(self, verify: pulumi.Input[str], shift: pulumi.Input[str]) -> list[Any]:
        args = self._args
        source = _action(
            "Source",
            ("Source", "S3"),
            {
                "S3Bucket": args.bucket,
                "S3ObjectKey": args.release_key,
                # Who starts it says which version of the object: nothing is released by being put there.
                "PollForSourceChanges": "false",
            },
            output_artifacts=[_RELEASE],
        )
        build = _action(
            "Verify",
            ("Build", "CodeBuild"),
            {"ProjectName": verify},
            input_artifacts=[_RELEASE],
            namespace="Verify",
        )
        deploy = _action(
            "Shift",
            ("Build", "CodeBuild"),
            {
                "ProjectName": shift,
                "EnvironmentVariables": '[{"name":"VERSION","value":"#{Verify.VERSION}","type":"PLAINTEXT"}]',
            },
            input_artifacts=[_RELEASE],
        )
        approval = []
        if args.approval_topic_arn is not None:
            asked = {
                "NotificationArn": args.approval_topic_arn,
                "CustomData": "Version #{Verify.VERSION}, image #{Verify.DIGEST}",
            }
            approval = [{"name": "Approve", "actions": [_action("Approve", ("Approval", "Manual"), asked)]}]
        return [
            {"name": "Source", "actions": [source]},
            {"name": "Build", "actions": [build]},
            *approval,
            {"name": "Deploy", "actions": [deploy], "on_failure": {"result": "ROLLBACK"}},
        ]

    @property
    def _handed_on(self) -> list[Statement]:
        """What is handed from stage to stage, in the bucket."""
        args = self._args
        return [
            allow(
                ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
                pulumi.Output.concat(args.bucket_arn, "/*"),
            ),
            allow(
                ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning", "s3:ListBucket"],
                args.bucket_arn,
            ),
            allow(["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"], args.key_arn),
        ]

    def _project(
        self,
        name: str,
        spec: str,
        statements: Sequence[Statement],
        variables: Mapping[str, pulumi.Input[str]],
        *,
        minutes: int,
    ) -> aws.codebuild.Project:
        args, child = self._args, pulumi.ResourceOptions(parent=self)
        logs = declare_log(name, days=args.log_days, key_arn=args.key_arn, tags=args.tags, opts=child)
        role_arn = role_with_policy(
            f"{name}-role",
            [logging_statement(logs), *self._handed_on, *statements],
            policy=f"{name}-policy",
            about=f"What the commands of {name} may do",
            trusted=trust("codebuild.amazonaws.com", self, of_account=True),
            tags=args.tags,
            opts=child,
        )
        return aws.codebuild.Project(
            f"{name}-project",
            service_role=role_arn,
            encryption_key=args.key_arn,
            build_timeout=minutes,
            source={"type": "CODEPIPELINE", "buildspec": (SPECS / f"{spec}.yaml").read_text("utf-8")},
            artifacts={"type": "CODEPIPELINE"},
            environment={
                "type": "ARM_CONTAINER",
                "compute_type": "BUILD_GENERAL1_SMALL",
                "image": _IMAGE,
                "environment_variables": [
                    {"name": each, "value": value} for each, value in sorted(variables.items())
                ],
            },
            logs_config={"cloudwatch_logs": {"group_name": logs.name, "status": "ENABLED"}},
            tags=args.tags.resource(f"{name}-project"),
            opts=child,
        )

    def _role(self, name: str, projects: Sequence[pulumi.Input[str]]) -> pulumi.Output[str]:
        args = self._args
        statements = [
            *self._handed_on,
            allow(["codebuild:BatchGetBuilds", "codebuild:StartBuild"], list(projects)),
        ]
        if args.approval_topic_arn is not None:
            statements.append(allow("sns:Publish", args.approval_topic_arn))
        return role_with_policy(
            f"{name}-role",
            statements,
            policy=f"{name}-policy",
            about=f"Lets CodePipeline run {name}",
            trusted=trust("codepipeline.amazonaws.com", self, of_account=True),
            tags=args.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _failures(self, name: str, pipeline: pulumi.Output[str]) -> None:
        """Tell people of an execution that failed, or went back to the one before.

        https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
        """
        child = pulumi.ResourceOptions(parent=self)
        rule = aws.cloudwatch.EventRule(
            f"{name}-failed",
            description=f"An execution of {name} that failed",
            event_pattern=pulumi.Output.json_dumps(
                {
                    "source": ["aws.codepipeline"],
                    "detail-type": ["CodePipeline Pipeline Execution State Change"],
                    "detail": {"pipeline": [pipeline], "state": ["FAILED"]},
                }
            ),
            tags=self._args.tags.resource(f"{name}-failed"),
            opts=child,
        )
        aws.cloudwatch.EventTarget(f"{name}-told", rule=rule.name, arn=self._args.topic_arn, opts=child)


def _action(
    name: str, what: tuple[str, str], configuration: Mapping[str, Any], **more: Any
) -> dict[str, Any]:
    category, provider = what
    return {
        "name": name,
        "category": category,
        "owner": "AWS",
        "provider": provider,
        "version": "1",
        "configuration": dict(configuration),
        **more,
    }
