"""The two target groups and the Auto Scaling groups: who is registered, how load balancers find them, whose they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Target:
    """How a target group shows a target.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
    """

    state: str
    reason: str = ""
    port: int | None = None

    @property
    def registered(self) -> bool:
        """Whether it gets requests, or would if it were healthy. One that is stopped is still registered."""
        return self.state != "draining" and self.reason != "Target.NotRegistered"

    @property
    def gone(self) -> bool:
        """Neither registered nor draining."""
        return self.reason == "Target.NotRegistered"

    @property
    def healthy(self) -> bool:
        """Whether the load balancer sends it requests."""
        return self.state == "healthy"

    @property
    def unknown(self) -> bool:
        """Whether the load balancer itself can't tell."""
        return self.state == "unavailable" or self.reason == "Elb.InternalError"


Group = Mapping[str, Target]
"""Targets by instance id."""
ABSENT = Target("unused", "Target.NotRegistered")


@dataclass
class Groups:
    """The pair's groups."""

    balancing: Any
    scaling: Any
    serving_arn: str
    members_arn: str
    names: tuple[str, str]
    known: dict[str, str]
    """Members by instance; grows. An instance never changes hands."""

    def serving(self) -> Group:
        """What the serving group has."""
        return self._targets(self.serving_arn)

    def members(self) -> Group:
        """What the members' group has."""
        return self._targets(self.members_arn)

    def learn(self, instances: Collection[str]) -> None:
        """Ask whose these are, unless it is known of all. Who is of neither member stays unknown."""
        if set(instances) <= set(self.known):
            return
        found = self.scaling.describe_auto_scaling_groups(AutoScalingGroupNames=list(self.names))
        for group in found["AutoScalingGroups"]:
            for instance in group["Instances"]:
                self.known[instance["InstanceId"]] = group["AutoScalingGroupName"]

    def register(self, instance: str) -> None:
        """Have an instance serve."""
        self.balancing.register_targets(TargetGroupArn=self.serving_arn, Targets=[{"Id": instance}])

    def deregister(self, group: Group) -> None:
        """Take instances out of service, on the ports that they are registered with."""
        self.balancing.deregister_targets(
            TargetGroupArn=self.serving_arn,
            Targets=[
                {"Id": id_, **({"Port": each.port} if each.port else {})} for id_, each in group.items()
            ],
        )

    def _targets(self, arn: str) -> Group:
        found = self.balancing.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        shown = {
            each["Target"]["Id"]: Target(
                each["TargetHealth"]["State"],
                each["TargetHealth"].get("Reason", ""),
                each["Target"].get("Port"),
            )
            for each in found
        }
        return {id_: target for id_, target in shown.items() if not target.gone}
