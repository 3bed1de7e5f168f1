"""Parts of Auto Scaling groups: scaling policies, scheduled actions, lifecycle hooks."""

# ruff: noqa: S106 - a resource type's token is no secret
from __future__ import annotations

from typing import Any

from sandbox.provider.protocol import Context
from sandbox.provider.services.autoscaling import Part
from sandbox.provider.table import Call, Read, Resource


def without_unchanged(params: dict[str, Any], _ctx: Context) -> dict[str, Any]:
    """-1 is the provider's figure for a size that the action leaves as it is."""
    return {name: value for name, value in params.items() if value != -1}


RESOURCES: tuple[Resource, ...] = (
    Part(
        token="aws:autoscaling/policy:Policy",
        service="autoscaling",
        create=Call("PutScalingPolicy", rename={"name": "PolicyName"}),
        id="in.name",
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
    Part(
        token="aws:autoscaling/schedule:Schedule",
        service="autoscaling",
        create=Call("PutScheduledUpdateGroupAction", adjust=without_unchanged),
        id="in.scheduledActionName",
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
    Part(
        token="aws:autoscaling/lifecycleHook:LifecycleHook",
        service="autoscaling",
        create=Call("PutLifecycleHook", rename={"name": "LifecycleHookName"}),
        id="in.name",
        read=Read(
            "DescribeLifecycleHooks",
            {"AutoScalingGroupName": "in.autoscalingGroupName", "LifecycleHookNames": "[id]"},
            path="LifecycleHooks[0]",
        ),
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
