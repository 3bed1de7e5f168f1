"""An application of EMR Serverless in one region, and the role in which its jobs run."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components import outputs
from components.batch.args import BatchApplicationArgs
from components.facts import Fact, fact
from components.messaging import declare_rule
from components.network import WorkerGroup
from components.options import handed_down
from components.permissions import Statement, allow
from components.roles import role_with_policy
from components.trust import trust

SCRIPTS, RESULTS, LOGS = "scripts/", "results/", "logs/"
ENDED = ("FAILED", "CANCELLED")
"""https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/job-states.html"""


class BatchApplication(pulumi.ComponentResource):
    """An application that starts with the first job and stops when there is none: it keeps nothing, and costs nothing while it stands.

    Creates: the application, in private subnets of two zones or more, its security group, the role of its jobs, which read `scripts/` and
    what is named, and write `results/` and `logs/` alone, a rule that tells of runs that failed.
    Survives: a zone: EMR Serverless begins jobs in healthy ones, and a run that was lost is tried again. Not the region: the other one's
    application runs the same scripts on what has come over.
    Costs: vCPU, memory and disks by the second while a job runs. Disks have AWS's own key: pulumi_aws 7.51.1 can't name another one.
    Source: https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/app-behavior.html,
    https://aws.amazon.com/emr/serverless/pricing/, https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/disaster-recovery-resiliency.html
    """

    application_id: pulumi.Output[str]
    arn: pulumi.Output[str]
    role_arn: pulumi.Output[str]
    """In which jobs run, known once it may do what they need."""
    recovery_fact: Fact

    def __init__(
        self, name: str, args: BatchApplicationArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.check()
        super().__init__("holdfast:batch:BatchApplication", name, {}, handed_down(opts))
        self._name, self._args = name, args
        self._own = pulumi.ResourceOptions(parent=self)
        group = WorkerGroup(name, args.vpc_id, args.tags, self._own)
        made = aws.emrserverless.Application(
            f"{name}-application",
            name=args.name,
            release_label=args.release,
            type=args.engine,
            architecture="ARM64",
            auto_start_configuration={"enabled": True},
            auto_stop_configuration={"enabled": True, "idle_timeout_minutes": args.idle_minutes},
            maximum_capacity={
                "cpu": f"{args.cpus} vCPU",
                "memory": f"{args.memory_gib} GB",
                "disk": f"{args.disk_gib} GB",
            },
            network_configuration={
                "subnet_ids": list(args.subnet_ids.values()),
                "security_group_ids": [group.group_id],
            },
            tags=args.tags.resource(f"{name}-application"),
            opts=self._own,
        )
        self.application_id, self.arn = made.id, made.arn
        self.role_arn = self._role()
        self._told(made)
        self.recovery_fact = fact("batch", f"{name}-application", args.tags.resource(f"{name}-application"))
        outputs.register(self, "application_id", "arn", "role_arn")

    def starting(self) -> list[Statement]:
        """What a role needs that begins jobs: that application's, in that role. It is started with its first one.

        https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonemrserverless.html
        """
        passed = {"StringEquals": {"iam:PassedToService": "emr-serverless.amazonaws.com"}}
        return [
            allow(["emr-serverless:StartJobRun", "emr-serverless:StartApplication"], self.arn),
            allow("iam:PassRole", self.role_arn, passed),
        ]

    def _role(self) -> pulumi.Output[str]:
        """https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/security-iam-runtime-role.html."""
        args = self._args
        via = {"StringEquals": {"kms:ViaService": f"s3.{args.region}.amazonaws.com"}}

        def below(arn: pulumi.Input[str], prefix: str) -> pulumi.Output[str]:
            return pulumi.Output.concat(arn, "/", prefix, "*")

        written = [below(args.bucket_arn, each) for each in (RESULTS, LOGS)]
        return role_with_policy(
            f"{self._name}-jobs",
            [
                allow("s3:ListBucket", [args.bucket_arn, *args.reads]),
                allow(
                    "s3:GetObject",
                    [
                        below(args.bucket_arn, SCRIPTS),
                        below(args.bucket_arn, RESULTS),
                        *(below(arn, "") for arn in args.reads),
                    ],
                ),
                # What was half written by a run that failed is written anew, at its commit names are changed: so objects are deleted, too.
                allow(["s3:PutObject", "s3:AbortMultipartUpload"], written),
                allow("s3:DeleteObject", written[0]),
                allow(["kms:Decrypt", "kms:GenerateDataKey"], args.key_arn, via),
            ],
            policy=f"{self._name}-jobs-policy",
            about=f"{self._name}: jobs read scripts and data and write results",
            trusted=trust("emr-serverless.amazonaws.com"),
            tags=args.tags,
            opts=self._own,
        )

    def _told(self, made: aws.emrserverless.Application) -> None:
        """https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/using-eventbridge.html."""
        rule = declare_rule(
            f"{self._name}-failed",
            about=f"{self._name}: runs that failed, or were ended",
            pattern={
                "source": ["aws.emr-serverless"],
                "detail-type": ["EMR Serverless Job Run State Change"],
                "detail": {"applicationId": [made.id], "state": list(ENDED)},
            },
            tags=self._args.tags,
            opts=self._own,
        )
        for number, topic in enumerate(self._args.actions, 1):
            aws.cloudwatch.EventTarget(
                f"{self._name}-failed-told-{number}", rule=rule.name, arn=topic, opts=self._own
            )
