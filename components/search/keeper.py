"""The function that takes a domain's snapshots, or restores the other region's."""

from __future__ import annotations

import json
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components import outputs
from components.data.letters import declare_letters
from components.facts import Fact, fact
from components.functions import declare_function, declare_log, logging_statement
from components.network import WorkerGroup
from components.operations import Comparison, Expression, Metric, Missing, alarm
from components.options import handed_down
from components.permissions import allow, document
from components.roles import role_with_policy
from components.schedules import declare_schedule
from components.search.args import KeeperArgs
from components.search.domain import SearchDomain
from components.trust import trust

CODE = Path(__file__).parents[2] / "functions" / "data_platform"
TIMEOUT_SECONDS = 900
_MEMORY_MIB = 256
_HOUR = 3600
_INTERFACES = (
    "CreateNetworkInterface",
    "DeleteNetworkInterface",
    "DescribeNetworkInterfaces",
    "DescribeSubnets",
)
"""Before there is one, none of them knows a resource.
https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html"""


class SnapshotKeeper(pulumi.ComponentResource):
    """A function in the domain's subnets, by the clock.

    It registers the bucket, takes snapshots and deletes the old ones; where it follows, it restores the other region's newest, closed to
    writes, until somebody has it take over: one call, which needs nothing of the other region and no control plane but Lambda's.

    Creates: function, its permissions and log, the role with which the domain writes to the bucket, a schedule, dead letters, an alarm.
    Survives: a zone; the loss of the other region. Costs: a run each hour, or as often as is said; an alarm.
    Source: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-snapshots.html
    """

    function_name: pulumi.Output[str]
    recovery_fact: Fact

    def __init__(
        self, name: str, args: KeeperArgs, domain: SearchDomain, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.check()
        super().__init__("holdfast:search:SnapshotKeeper", name, {}, handed_down(opts))
        self._name, self._args, self._domain = name, args, domain
        self._child = pulumi.ResourceOptions(parent=self)
        writer = self._writer()
        function = self._function(writer)
        self._schedule(function)
        self._alarm(function)
        self.function_name = function.name
        needs = [domain.recovery_fact["name"]]
        self.recovery_fact = fact(
            "compute", f"{name}-function", args.tags.resource(""), launch="lambda", needs=needs
        )
        outputs.register(self, "function_name")

    def _writer(self) -> pulumi.Output[str]:
        """The role that the domain takes to write its snapshots, or to read the other region's."""
        args, name = self._args, f"{self._name}-writer"
        arn = args.bucket_arn
        via = {"StringEquals": {"kms:ViaService": f"s3.{args.region}.amazonaws.com"}}
        return role_with_policy(
            name,
            [
                allow("s3:ListBucket", arn),
                allow(["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], pulumi.Output.concat(arn, "/*")),
                allow(["kms:Decrypt", "kms:GenerateDataKey"], args.key_arn, via),
            ],
            policy=f"{name}-policy",
            about=f"{self._name}: the search domain writes its snapshots",
            trusted=trust("es.amazonaws.com"),
            tags=args.tags,
            opts=self._child,
        )

    def _function(self, writer: pulumi.Output[str]) -> aws.lambda_.Function:
        args, name, domain = self._args, self._name, self._domain
        logs = declare_log(name, days=args.log_days, key_arn=args.key_arn, tags=args.tags, opts=self._child)
        lambdas_own = {"StringEquals": {"kms:ViaService": f"lambda.{args.region}.amazonaws.com"}}
        statements = [
            logging_statement(logs),
            allow("es:ESHttp*", pulumi.Output.concat(domain.arn, "/*")),
            # The domain itself asks whether the caller may, and AWS's page has no condition: the role trusts OpenSearch Service alone.
            allow("iam:PassRole", writer),
            allow("kms:Decrypt", args.key_arn, lambdas_own),
            allow([f"ec2:{each}" for each in _INTERFACES], "*"),
        ]
        policy = aws.iam.RolePolicy(
            f"{name}-policy", role=domain.master_role.id, policy=document(statements), opts=self._child
        )
        group = WorkerGroup(f"{name}-sg", args.vpc_id, args.tags, self._child)
        return declare_function(
            name,
            about=f"Snapshots of {self._name}: {args.mode}",
            handler="functions.data_platform.keeper.handler",
            files=packaged(),
            role_arn=outputs.once(domain.master_role.arn, policy.id),
            logs=logs,
            variables={
                "ENDPOINT": pulumi.Output.concat("https://", domain.endpoint),
                "PEER_REGION": args.peer_region,
                "BUCKET": args.bucket,
                "SNAPSHOT_ROLE": writer,
                "OWN_ROLE": domain.master_role.arn,
                "MODE": str(args.mode),
                "ADMINISTRATORS": json.dumps(list(args.administrators)),
                "EVERY_MINUTES": str(args.every_minutes),
                "KEEP_DAYS": str(args.keep_days),
            },
            timeout=TIMEOUT_SECONDS,
            memory_mib=_MEMORY_MIB,
            reserved=1,  # two at once would restore the same snapshot
            key_arn=args.key_arn,
            subnet_ids=args.subnet_ids,
            security_group_ids=[group.group_id],
            tags=args.tags,
            opts=self._child,
        )

    def _schedule(self, function: aws.lambda_.Function) -> None:
        args, name = self._args, self._name
        letters = declare_letters(
            f"{name}-letters",
            about=f"{name}: the schedule could not call the function",
            key_arn=args.key_arn,
            actions=args.actions,
            tags=args.tags,
            opts=self._child,
        )
        via = {"StringEquals": {"kms:ViaService": f"sqs.{args.region}.amazonaws.com"}}
        hours = args.every_minutes // 60
        declare_schedule(
            name,
            about=f"{name}: every {args.every_minutes} min",
            every=f"rate({hours} hour{'' if hours == 1 else 's'})",
            target_arn=function.arn,
            told={},
            letters_arn=letters.arn,
            statements=[
                allow("sqs:SendMessage", letters.arn),
                allow(["kms:Decrypt", "kms:GenerateDataKey"], args.key_arn, via),
            ],
            age_seconds=600,
            tags=args.tags,
            opts=self._child,
        )

    def _alarm(self, function: aws.lambda_.Function) -> None:
        """A run fails when there is no new snapshot, too: who hears of runs hears of snapshots."""
        args = self._args
        seconds = max(args.every_minutes * 60, _HOUR)
        metrics = {
            what: Metric(
                namespace="AWS/Lambda",
                name=metric,
                statistic="Sum",
                dimensions={"FunctionName": function.name},
                period_seconds=seconds,
            )
            for what, metric in (("runs", "Invocations"), ("errors", "Errors"))
        }
        alarm(
            f"{self._name}-late",
            Expression(
                expression="FILL(runs, 0) - FILL(errors, 0)", label="Runs that succeeded", metrics=metrics
            ),
            Comparison.BELOW,
            1,
            missing=Missing.BREACHING,
            description=f"{self._name}: no run has succeeded for {2 * args.every_minutes} min: snapshots grow old",
            tags=args.tags,
            actions=args.actions,
            periods=2,
            opts=self._child,
        )


def packaged() -> dict[str, pulumi.Asset | pulumi.Archive]:
    """The function's files, with the path that its modules import each other by."""
    root = CODE.parents[1]
    files = [root / "functions" / "__init__.py", *sorted(CODE.glob("*.py"))]
    return {str(path.relative_to(root)): pulumi.StringAsset(path.read_text()) for path in files}
