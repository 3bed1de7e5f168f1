"""Parts of Auto Scaling groups: scaling policies, scheduled actions, lifecycle hooks."""

from __future__ import annotations

from typing import Any

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.services.autoscaling import Part
from sandbox.provider.table import Call, Read


def without_unchanged(params: dict[str, Any], _ctx: Context) -> dict[str, Any]:
    """-1 is the provider's figure for a size that the action leaves as it is."""
    return {name: value for name, value in params.items() if value != -1}


RESOURCES = (
    simulated(
        "aws:autoscaling/policy:Policy",
        Part,
        create=Call("PutScalingPolicy", rename={"name": "PolicyName"}),
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
