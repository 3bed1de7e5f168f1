"""Parts of Auto Scaling groups: policies, scheduled actions, lifecycle hooks; tags and target groups of groups that others made."""

from __future__ import annotations

from typing import Any

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.services.autoscaling import Part
from sandbox.provider.table import Call, Read


def without_unchanged(params: dict[str, Any], _ctx: Context) -> dict[str, Any]:
    """-1 is the provider's figure for a size that the action leaves as it is."""
    return {name: value for name, value in params.items() if value != -1}


_GROUP = Read(
    "DescribeAutoScalingGroups",
    {"AutoScalingGroupNames": "[in.autoscalingGroupName]"},
    path="AutoScalingGroups[0]",
)


class Attachment(Part):
    """A target group, or a Classic Load Balancer, that a group's instances are put behind."""

    def made(self, ctx: Context) -> None:
        """Attach it."""
        ctx.call(f"Attach{_what(ctx)[0]}", _what(ctx)[1])
        ctx.id = f"{ctx.inputs['autoscalingGroupName']}-{ctx.uuid[:8]}"

    def find(self, ctx: Context) -> dict[str, Any] | None:
        """The group, while it is attached."""
        found = ctx.look() or {}
        behind = [*found.get("TargetGroupARNs", ()), *found.get("LoadBalancerNames", ())]
        return found if {ctx.inputs.get("lbTargetGroupArn"), ctx.inputs.get("elb")} & set(behind) else None

    def remove(self, ctx: Context) -> None:
        """Detach it, if it is."""
        if self.find(ctx) is not None:
            ctx.call(f"Detach{_what(ctx)[0]}", _what(ctx)[1])


def _what(ctx: Context) -> tuple[str, dict[str, Any]]:
    group = {"AutoScalingGroupName": ctx.inputs["autoscalingGroupName"]}
    if arn := ctx.inputs.get("lbTargetGroupArn"):
        return "LoadBalancerTargetGroups", {**group, "TargetGroupARNs": [arn]}
    return "LoadBalancers", {**group, "LoadBalancerNames": [ctx.inputs["elb"]]}


class GroupTag(Part):
    """One tag of a group."""

    def find(self, ctx: Context) -> dict[str, Any] | None:
        """The tag, while the group has it."""
        tags = (ctx.look() or {}).get("Tags", ())
        key = str(ctx.id).partition(",")[2]
        return next(({"tag": each} for each in tags if each["Key"] == key), None)

    def remove(self, ctx: Context) -> None:
        """Take it away, if it is there."""
        if self.find(ctx) is not None:
            ctx.drop()


def _tag(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    given = ctx.inputs["tag"]
    tag = {
        "ResourceId": ctx.inputs["autoscalingGroupName"],
        "ResourceType": "auto-scaling-group",
        "Key": given["key"],
        "Value": given["value"],
        "PropagateAtLaunch": bool(given["propagateAtLaunch"]),
    }
    return {**params, "Tags": [tag]}


RESOURCES = (
    simulated(
        "aws:autoscaling/attachment:Attachment",
        Attachment,
        create=Call("AttachLoadBalancerTargetGroups", take=()),
        ignore={"elb": "read by create", "lbTargetGroupArn": "read by create"},
        read=_GROUP,
        replace=("autoscalingGroupName", "elb", "lbTargetGroupArn"),
        id="uuid",
        kind="extended",
    ),
    simulated(
        "aws:autoscaling/tag:Tag",
        GroupTag,
        create=Call("CreateOrUpdateTags", take=("tag",), adjust=_tag),
        id="join(',', [in.autoscalingGroupName, in.tag.key])",
        read=_GROUP,
        update=(Call("CreateOrUpdateTags", take=("tag",), adjust=_tag),),
        delete=(Call("DeleteTags", {}, adjust=_tag),),
        replace=("autoscalingGroupName",),
        ignore={"autoscalingGroupName": "read with the tag"},
        tags=None,
        kind="extended",
    ),
    simulated(
        "aws:autoscaling/policy:Policy",
        Part,
        create=Call("PutScalingPolicy", {"PolicyName": "in.name"}),
        read=Read(
            "DescribePolicies",
            {"AutoScalingGroupName": "in.autoscalingGroupName", "PolicyNames": "[id]"},
            path="ScalingPolicies[0]",
        ),
        update=(
            Call(
                "PutScalingPolicy",
                {"PolicyName": "id", "AutoScalingGroupName": "in.autoscalingGroupName"},
                whole=True,
            ),
        ),
        delete=(
            Call("DeletePolicy", {"AutoScalingGroupName": "in.autoscalingGroupName", "PolicyName": "id"}),
        ),
        outputs={"arn": "PolicyARN"},
        replace=("name", "autoscalingGroupName"),
        autoname=("name", 255),
        kind="extended",
    ),
    simulated(
        "aws:autoscaling/schedule:Schedule",
        Part,
        create=Call("PutScheduledUpdateGroupAction", adjust=without_unchanged),
        read=Read(
            "DescribeScheduledActions",
            {"AutoScalingGroupName": "in.autoscalingGroupName", "ScheduledActionNames": "[id]"},
            path="ScheduledUpdateGroupActions[0]",
        ),
        update=(
            Call(
                "PutScheduledUpdateGroupAction",
                {"ScheduledActionName": "id", "AutoScalingGroupName": "in.autoscalingGroupName"},
                whole=True,
                adjust=without_unchanged,
            ),
        ),
        delete=(
            Call(
                "DeleteScheduledAction",
                {"AutoScalingGroupName": "in.autoscalingGroupName", "ScheduledActionName": "id"},
            ),
        ),
        outputs={"arn": "ScheduledActionARN"},
        replace=("scheduledActionName", "autoscalingGroupName"),
        kind="extended",
    ),
    simulated(
        "aws:autoscaling/lifecycleHook:LifecycleHook",
        Part,
        create=Call("PutLifecycleHook", rename={"name": "LifecycleHookName"}),
        update=(
            Call(
                "PutLifecycleHook",
                {"LifecycleHookName": "id", "AutoScalingGroupName": "in.autoscalingGroupName"},
                whole=True,
            ),
        ),
        delete=(
            Call(
                "DeleteLifecycleHook",
                {"AutoScalingGroupName": "in.autoscalingGroupName", "LifecycleHookName": "id"},
            ),
        ),
        replace=("name", "autoscalingGroupName"),
        autoname=("name", 255),
        kind="extended",
    ),
)
