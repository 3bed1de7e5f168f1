"""A path of a load balancer, and the targets that answer it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.checks import between, need
from components.edge.target_group import TargetArgs, target_group
from components.options import handed_down
from components.outputs import once
from components.tags import Tags

_PATH = re.compile(r"/|(/[a-z0-9][a-z0-9._~-]{0,62}){1,8}", re.ASCII)
PATH_FORM = "/, or parts of lower-case letters, digits and ._~- after a / each, without a / at the end"
LONGEST_PATH = 126
"""AWS takes 128 characters, of which two go to the `/*` of what lies below.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html"""
LAST_PRIORITY = 50_000
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html"""


@dataclass(frozen=True, kw_only=True)
class PathTargetArgs:
    """What a path needs."""

    listener_arn: pulumi.Input[str]
    """The HTTPS listener."""
    vpc_id: pulumi.Input[str]
    path: str
    """The path; what lies below it belongs to it. `/` is everything that no other path takes."""
    priority: int
    """1 to 50,000; where paths lie within each other, the longer one has the smaller number. See `priorities`."""
    target: TargetArgs = field(default_factory=TargetArgs)
    paired: bool = False
    """A second target group beside the first, for blue/green deployments by ECS, which moves the rule's weights between the two."""
    tags: Tags

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse."""
        fits = bool(_PATH.fullmatch(self.path)) and len(self.path) <= LONGEST_PATH
        need(fits, "path", repr(self.path), f"{PATH_FORM}; {LONGEST_PATH} characters at most")
        between("priority", self.priority, 1, LAST_PRIORITY)
        self.target.validate()


class PathTarget(pulumi.ComponentResource):
    """A rule that sends a path's requests to a target group of its own.

    Creates: target group, with `paired` a second one, listener rule. Survives: as the load balancer's targets do. Costs: nothing.
    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html,
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html
    """

    target_group_arn: pulumi.Output[str]
    """Known when the rule forwards to it: ECS refuses a target group that no load balancer serves."""
    alternate_arn: pulumi.Output[str] | None
    """Of the second target group."""
    rule_arn: pulumi.Output[str]
    target_check: Mapping[str, int]
    """How its targets are watched, for their own facts."""
    arn_suffixes: Sequence[pulumi.Output[str]]
    """The TargetGroup dimension of the metrics of each target group."""

    def __init__(self, name: str, args: PathTargetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:edge:PathTarget", name, {}, handed_down(opts))
        child = pulumi.ResourceOptions(parent=self)
        whats = ["tg", "alt"] if args.paired else ["tg"]
        groups = [
            target_group(f"{name}-{what}", args.target, args.vpc_id, args.tags, child) for what in whats
        ]
        rule = aws.lb.ListenerRule(
            f"{name}-rule",
            listener_arn=args.listener_arn,
            priority=args.priority,
            conditions=[{"path_pattern": {"values": _patterns(args.path)}}],
            actions=[_forward([group.arn for group in groups])],
            tags=args.tags.resource(f"{name}-rule"),
            opts=pulumi.ResourceOptions(
                parent=self,
                ignore_changes=["actions"] if args.paired else None,  # ECS moves the weights as it deploys
            ),
        )
        self.rule_arn = rule.arn
        self.target_group_arn = once(groups[0].arn, rule.arn)
        self.alternate_arn = once(groups[1].arn, rule.arn) if args.paired else None
        self.target_check = args.target.recovery_check
        self.arn_suffixes = [group.arn_suffix for group in groups]
        self.register_outputs({"target_group_arn": self.target_group_arn, "rule_arn": self.rule_arn})


def _patterns(path: str) -> list[str]:
    return ["/*"] if path == "/" else [path, f"{path}/*"]


def _forward(arns: Sequence[pulumi.Output[str]]) -> aws.lb.ListenerRuleActionArgsDict:
    if len(arns) == 1:
        return {"type": "forward", "target_group_arn": arns[0]}
    weighted: list[aws.lb.ListenerRuleActionForwardTargetGroupArgsDict] = [
        {"arn": arn, "weight": 100 if place == 0 else 0} for place, arn in enumerate(arns)
    ]
    return {"type": "forward", "forward": {"target_groups": weighted}}
