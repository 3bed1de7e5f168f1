"""Auto Scaling groups; `autoscaling_parts` has their policies, scheduled actions and lifecycle hooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider import shapes
from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Resource
from sandbox.provider.values import has_unknown

SIZES = ("minSize", "maxSize", "desiredCapacity")
CHANGEABLE = (
    *SIZES,
    "availabilityZoneDistribution",
    "capacityRebalance",
    "capacityReservationSpecification",
    "context",
    "defaultCooldown",
    "defaultInstanceWarmup",
    "desiredCapacityType",
    "healthCheckGracePeriod",
    "healthCheckType",
    "instanceMaintenancePolicy",
    "launchTemplate",
    "maxInstanceLifetime",
    "mixedInstancesPolicy",
    "placementGroup",
    "protectFromScaleIn",
    "serviceLinkedRoleArn",
    "terminationPolicies",
    "vpcZoneIdentifiers",
)
"""What `UpdateAutoScalingGroup` takes."""
GROUP_NAMES = {
    "id": "LaunchTemplateId",
    "name": "LaunchTemplateName",
    "protectFromScaleIn": "NewInstancesProtectedFromScaleIn",
}
LAUNCHING = frozenset({"launchTemplate", "mixedInstancesPolicy"})


def one_string(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """Subnets are one string at AWS; the provider's tags name their group."""
    if "vpcZoneIdentifiers" in ctx.inputs:
        params["VPCZoneIdentifier"] = ",".join(ctx.inputs["vpcZoneIdentifiers"])
    return params


def refresh_preferences(inputs: Mapping[str, Any], ctx: Context) -> dict[str, Any]:
    """`instanceRefresh.preferences` as AWS takes them."""
    shape = ctx.api.input_shape("autoscaling", "StartInstanceRefresh").members["Preferences"]
    given = (inputs.get("instanceRefresh") or {}).get("preferences") or {}
    return dict(shapes.to_aws(given, shape, {}, "instanceRefresh.preferences"))


def refuse_group(inputs: Mapping[str, Any], ctx: Context) -> str | None:
    """Refuse what AWS refuses and moto lets pass."""
    if has_unknown(inputs.get("instanceRefresh")) or any(has_unknown(inputs.get(name)) for name in SIZES):
        return None
    low, high = int(inputs["minSize"]), int(inputs["maxSize"])
    wanted = int(inputs.get("desiredCapacity", low))
    if wanted == ctx.old.get("desiredCapacity"):
        # Unchanged, it is not sent: AWS then moves the capacity into the new limits.
        wanted = min(max(wanted, low), high)
    if not low <= wanted <= high:
        return (
            f"ValidationError: Desired capacity:{wanted} must be between min size:{low} and max size:{high}"
        )
    ways = [name for name in (*LAUNCHING, "launchConfiguration") if inputs.get(name) is not None]
    if len(ways) != 1:
        return f"ValidationError: exactly one of launch template and mixed instances policy, got {ways or 'none'}"
    try:
        refresh_preferences(inputs, ctx)
    except shapes.ShapeError as error:
        return f"ValidationError: {error}"
    return None


class Part(Resource):
    """A thing of Auto Scaling: asked to delete one that is gone, AWS answers a plain ValidationError."""

    def remove(self, ctx: Context) -> None:
        """Delete it if it is there."""
        if ctx.look() is not None:
            ctx.drop()


class Group(Part):
    """A group whose tags are a list, and whose instances are refreshed when what they launch from changes."""

    def change(self, ctx: Context, changed: frozenset[str]) -> None:
        """Update the group, its target groups, tags, metrics and warm pool, then refresh its instances."""
        group = {"AutoScalingGroupName": ctx.id}
        if ctx.old.get("warmPool") and not ctx.inputs.get("warmPool"):
            ctx.call("DeleteWarmPool", group)
            changed -= {"warmPool"}
        self._change_lists(ctx, group)
        ctx.alter(changed - {"targetGroupArns", "tags"})
        if changed & LAUNCHING and ctx.inputs.get("instanceRefresh"):
            ctx.call("StartInstanceRefresh", {**group, **self._refresh(ctx)})

    def _change_lists(self, ctx: Context, group: dict[str, Any]) -> None:
        old, new = (set(side.get("targetGroupArns") or ()) for side in (ctx.old, ctx.inputs))
        if new - old:
            ctx.call("AttachLoadBalancerTargetGroups", {**group, "TargetGroupARNs": sorted(new - old)})
        if old - new:
            ctx.call("DetachLoadBalancerTargetGroups", {**group, "TargetGroupARNs": sorted(old - new)})
        before, after = (tags_of(side, ctx) for side in (ctx.old, ctx.inputs))
        gone = [before[key] for key in sorted(set(before) - set(after))]
        more = [after[key] for key in sorted(after) if after[key] != before.get(key)]
        if gone:
            ctx.call("DeleteTags", {"Tags": gone})
        if more:
            ctx.call("CreateOrUpdateTags", {"Tags": more})

    def _refresh(self, ctx: Context) -> dict[str, Any]:
        preferences = refresh_preferences(ctx.inputs, ctx)
        request: dict[str, Any] = {
            "Strategy": ctx.inputs["instanceRefresh"]["strategy"],
            "Preferences": preferences,
        }
        if preferences.get("AutoRollback"):
            shape = ctx.api.input_shape("autoscaling", "StartInstanceRefresh").members["DesiredConfiguration"]
            launching = {name: ctx.inputs[name] for name in LAUNCHING if ctx.inputs.get(name) is not None}
            request["DesiredConfiguration"] = shapes.to_aws(launching, shape, GROUP_NAMES, "launchTemplate")
        return request


def tags_of(inputs: Mapping[str, Any], ctx: Context) -> dict[str, dict[str, Any]]:
    """Tags as `CreateOrUpdateTags` takes them, by key."""
    return {
        tag["key"]: {
            "ResourceId": ctx.id,
            "ResourceType": "auto-scaling-group",
            "Key": tag["key"],
            "Value": tag["value"],
            "PropagateAtLaunch": bool(tag["propagateAtLaunch"]),
        }
        for tag in inputs.get("tags") or ()
    }


def warm_pool(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """The members of `warmPool` are parameters of their own."""
    shape = ctx.api.input_shape("autoscaling", "PutWarmPool")
    inner = {
        shapes.find(k, shape.members): (k, v) for k, v in ctx.inputs["warmPool"].items() if v is not None
    }
    params |= {str(m): shapes.to_aws(v, shape.members[m], {}, f"warmPool.{k}") for m, (k, v) in inner.items()}
    return params


RESOURCES = (
    simulated(
        "aws:autoscaling/group:Group",
        Group,
        create=Call(
            "CreateAutoScalingGroup",
            {"AutoScalingGroupName": "in.name"},
            take=(*CHANGEABLE, "targetGroupArns", "tags"),
            rename=GROUP_NAMES,
            adjust=one_string,
        ),
        update=(
            Call(
                "UpdateAutoScalingGroup",
                {"AutoScalingGroupName": "id"},
                take=CHANGEABLE,
                rename=GROUP_NAMES,
                adjust=one_string,
            ),
            Call(
                "AttachLoadBalancerTargetGroups",
                {"AutoScalingGroupName": "id"},
                take=("targetGroupArns",),
            ),
            Call("CreateOrUpdateTags", take=("tags",)),
            Call(
                "EnableMetricsCollection",
                {"AutoScalingGroupName": "id", "Granularity": "in.metricsGranularity || '1Minute'"},
                take=("enabledMetrics",),
                rename={"enabledMetrics": "Metrics"},
            ),
            Call(
                "PutWarmPool",
                {"AutoScalingGroupName": "id"},
                take=("warmPool",),
                whole=True,
                adjust=warm_pool,
            ),
        ),
        delete=(
            # As the real provider does: a group with instances can't be deleted.
            Call(
                "UpdateAutoScalingGroup",
                {"AutoScalingGroupName": "id", "MinSize": "`0`", "MaxSize": "`0`", "DesiredCapacity": "`0`"},
            ),
            Call("DeleteAutoScalingGroup", {"AutoScalingGroupName": "id"}),
        ),
        outputs={"arn": "AutoScalingGroupARN", "warmPoolSize": "WarmPoolSize"},
        ignore={
            "instanceRefresh": "read when what instances launch from changes",
            "metricsGranularity": "sent with enabledMetrics",
            "forceDelete": "deletion always empties the group first",
            "waitForCapacityTimeout": "capacity is there at once",
            "waitForElbCapacity": "capacity is there at once",
            "minElbCapacity": "capacity is there at once",
        },
        autoname=("name", 255),
        kind="extended",
        refuse=refuse_group,
    ),
)
