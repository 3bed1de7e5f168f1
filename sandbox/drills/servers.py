"""The servers of a system in a region."""

from __future__ import annotations

from typing import Any

from sandbox.drills.world import World


def group_behind(world: World, region: str, host: str) -> dict[str, Any]:
    """The Auto Scaling group behind a load balancer. Raises LookupError when there is none."""
    elb, scaling = world.boto("elbv2", region), world.boto("autoscaling", region)
    [balancer] = [b for b in elb.describe_load_balancers()["LoadBalancers"] if b["DNSName"] == host]
    targets = elb.describe_target_groups(LoadBalancerArn=balancer["LoadBalancerArn"])["TargetGroups"]
    arns = {t["TargetGroupArn"] for t in targets}
    groups = scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
    found = [g for g in groups if arns & set(g["TargetGroupARNs"])]
    if not found:
        raise LookupError(f"there is no Auto Scaling group behind {host}")
    return dict(found[0])
