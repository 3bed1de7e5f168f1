"""Whether another region still answers, as this one sees it: what may start a failover without a person."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components.checks import at_least, between, need
from components.functions import declare_function, declare_log, logging_statement
from components.logs import check_retention
from components.operations.alarms import Comparison, Metric, Missing, alarm
from components.options import handed_down
from components.permissions import allow
from components.roles import role_with_policy
from components.tags import Tags
from components.trust import trust

CODE = Path(__file__).parents[2] / "functions" / "region_watch" / "handler.py"
NAMESPACE, METRIC = "Holdfast/Watch", "Lost"
PERIOD_SECONDS, MINUTES = 60, 2
"""How often it looks, and how many minutes in a row without an answer are a loss."""
TIMEOUT_SECONDS = 55
"""Before the next look begins, and after the last one of this."""
THIRD = ("us-east-2", "us-west-1", "eu-west-1")
"""Where it looks, too, in the first that is neither region: at Security Token Service's endpoint, which each region has of its own.
https://docs.aws.amazon.com/general/latest/gr/sts.html"""
_MEMORY_MIB = 128
_BLIND_MINUTES = 5


def watched(region: str, system: str) -> Mapping[str, str]:
    """Dimensions of what is seen of a region."""
    return {"Region": region, "System": system}


def third(*regions: str) -> str:
    """An endpoint of AWS in a region that is none of these."""
    return f"https://sts.{next(each for each in THIRD if each not in regions)}.amazonaws.com"


@dataclass(frozen=True, kw_only=True)
class PeerWatchArgs:
    """What watching another region needs."""

    region: str
    """The stack's own, which survives."""
    peer_region: str
    """The one that is watched."""
    system: str
    """Name of the system, unique in the account's region."""
    url: pulumi.Input[str]
    """What answers 200 while the other region serves, by a public name."""
    third: pulumi.Input[str] | None = None
    """A URL that tells whether this region has a way out, when the other doesn't answer: it must be in neither. None: an endpoint of
    AWS in the first of `THIRD` that is neither."""
    minutes: int = MINUTES
    """Minutes in a row without an answer after which the region is lost, 1 to 10: more is safer, and slower."""
    key_arn: pulumi.Input[str]
    """Key of the function's log."""
    actions: Sequence[pulumi.Input[str]]
    """Topics of this region that are told; at least one."""
    log_days: int = 90
    tags: Tags

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that can't be."""
        need(self.region != self.peer_region, "peer_region", repr(self.peer_region), "another than region")
        between("minutes", self.minutes, 1, 10, "minutes without an answer")
        at_least("actions", self.actions, 1, "somebody is told that a region is lost")
        check_retention("log_days", self.log_days)


class PeerWatch(pulumi.ComponentResource):
    """A function that looks every minute whether the other region answers, and the alarm that rings when it doesn't.

    It needs nothing of the region that it watches: neither its CloudWatch, nor Route 53's metrics, which are in us-east-1 alone. It looks
    at a third place, too: when that doesn't answer either, its own region's way out is lost, and it says nothing. It stays one observer,
    which is wrong where just the network between the two regions is cut, and clients still reach both: what its alarm starts must be
    worth that. Several looks a minute, all unanswered, in every one of `minutes` make it ring; a watch that sees nothing at all
    doesn't, and is told of by an alarm of its own.

    Creates: function, role, log group, rule, permission, two alarms. Survives: loss of the other region. Costs: 43,800 short runs a month.
    Source: https://docs.aws.amazon.com/r53recovery/latest/dg/working-with-rs-triggers.html,
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html
    """

    arn: pulumi.Output[str]
    """Of the alarm that rings when the region is lost."""

    def __init__(self, name: str, args: PeerWatchArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:operations:PeerWatch", name, {}, handed_down(opts))
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        function = self._function()
        self._schedule(function)
        seen = Metric(
            namespace=NAMESPACE,
            name=METRIC,
            statistic="Minimum",
            dimensions=watched(args.peer_region, args.system),
            period_seconds=PERIOD_SECONDS,
        )
        lost = alarm(
            f"{name}-lost",
            seen,
            Comparison.ABOVE,
            0,
            missing=Missing.NOT_BREACHING,  # who sees nothing sees no loss
            description=f"{args.peer_region} has not answered {args.region} for {args.minutes} min",
            tags=args.tags,
            actions=args.actions,
            periods=args.minutes,
            opts=self._child,
        )
        alarm(
            f"{name}-blind",
            Metric(
                namespace=NAMESPACE,
                name=METRIC,
                statistic="SampleCount",
                dimensions=watched(args.peer_region, args.system),
                period_seconds=PERIOD_SECONDS,
            ),
            Comparison.BELOW,
            1,
            missing=Missing.BREACHING,
            description=f"Nobody looks from {args.region} whether {args.peer_region} answers: its loss would start nothing",
            tags=args.tags,
            actions=args.actions,
            periods=_BLIND_MINUTES,
            opts=self._child,
        )
        self.arn = lost.arn
        self.register_outputs({"arn": self.arn})

    def _function(self) -> aws.lambda_.Function:
        args, name = self._args, self._name
        logs = declare_log(name, days=args.log_days, key_arn=args.key_arn, tags=args.tags, opts=self._child)
        own = {"StringEquals": {"cloudwatch:namespace": NAMESPACE}}
        measuring = allow("cloudwatch:PutMetricData", "*", own)  # knows no resource
        role_arn = role_with_policy(
            f"{name}-role",
            [measuring, logging_statement(logs)],
            policy=f"{name}-policy",
            about=f"{name} writes whether {args.peer_region} answers",
            trusted=trust("lambda.amazonaws.com"),
            tags=args.tags,
            opts=self._child,
        )
        return declare_function(
            name,
            about=f"Looks whether {args.peer_region} answers",
            handler="handler.handler",
            files={CODE.name: pulumi.StringAsset(CODE.read_text())},
            role_arn=role_arn,
            logs=logs,
            variables={
                "URL": args.url,
                "THIRD": args.third or third(args.region, args.peer_region),
                "NAMESPACE": NAMESPACE,
                "METRIC": METRIC,
                "DIMENSIONS": json.dumps(watched(args.peer_region, args.system)),
            },
            timeout=TIMEOUT_SECONDS,
            memory_mib=_MEMORY_MIB,
            tags=args.tags,
            opts=self._child,
        )

    def _schedule(self, function: aws.lambda_.Function) -> None:
        name = self._name
        rule = aws.cloudwatch.EventRule(
            f"{name}-minute",
            description=f"{name} looks every minute",
            schedule_expression="rate(1 minute)",
            tags=self._args.tags.resource(f"{name}-minute"),
            opts=self._child,
        )
        permission = aws.lambda_.Permission(
            f"{name}-permission",
            action="lambda:InvokeFunction",
            function=function.name,
            principal="events.amazonaws.com",
            source_arn=rule.arn,
            opts=self._child,
        )
        aws.cloudwatch.EventTarget(
            f"{name}-target",
            rule=rule.name,
            arn=function.arn,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[permission]),
        )
