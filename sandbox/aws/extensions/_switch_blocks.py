"""What the execution blocks of a Region switch plan do, each by calls to this very AWS in the region that is brought up.

https://docs.aws.amazon.com/r53recovery/latest/dg/working-with-rs-execution-blocks.html
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from sandbox.aws.client import ACCOUNT
from sandbox.aws.client import client as aws_client
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.extensions import _switch_checks as checks
from sandbox.aws.extensions import _switch_functions as functions
from sandbox.aws.recorded import RECORDED

_PERCENT = 100


class StepFailedError(Exception):
    """A step that did not do what it is for; the message says why."""


@dataclass(frozen=True)
class Move:
    """What an execution is about: the plan, and where load and data go."""

    plan: Mapping[str, Any]
    vended: Mapping[tuple[str, str, str], str]
    action: str
    """`activate` or `deactivate`."""
    target: str
    """The region that the action is for."""
    ungraceful: bool
    execution: str
    step: str

    @property
    def event(self) -> dict[str, str]:
        """What a function is told that is given no payload of its own; of `InvokedBy`, too, AWS gives no value."""
        return {
            "PlanArn": self.plan["arn"],
            "ExecutionId": self.execution,
            "StepName": self.step,
        }

    @property
    def up(self) -> str:
        """The region that takes over."""
        return self.target if self.action == "activate" else self._other

    @property
    def down(self) -> str:
        """The region that is left."""
        return self._other if self.action == "activate" else self.target

    @property
    def _other(self) -> str:
        return next(str(region) for region in self.plan["regions"] if region != self.target)


class StepWaitsError(Exception):
    """A step whose work goes on; the message says what it waits for."""


def client(service: str, region: str) -> Any:
    """A client of this AWS. Faults of the sandbox hold for it as for anybody."""
    return aws_client(f"http://127.0.0.1:{os.environ['MOTO_PORT']}", service, region, "Region-switch")


def run(block: str, config: Mapping[str, Any], move: Move) -> None:
    """Run a block. StepFailedError when AWS refuses it, or when the sandbox has no such block."""
    act = _BLOCKS.get(block)
    if act is None:
        raise StepFailedError(f"the sandbox does not run {block}")
    try:
        act(config, move)
    except ClientError as error:
        raise StepFailedError(str(error)) from error


def _region(arn: str) -> str:
    return arn.split(":")[3]


def _grow(config: Mapping[str, Any], move: Move) -> None:
    """Scale the group of the region that takes over to a share of the other one's capacity; never down.

    AWS samples the other group's capacity for 24 hours beforehand; the sandbox looks it up, also of a region that is lost.
    """
    by_region = {_region(group["arn"]): group["arn"].rsplit("/", 1)[-1] for group in config["asgs"]}
    other = next(region for region in by_region if region != move.up)
    source = _desired(by_region[other], other)
    wanted = math.ceil(config.get("targetPercent", _PERCENT) / _PERCENT * source)
    scaling, name = client("autoscaling", move.up), by_region[move.up]
    group = _group(scaling, name)
    if group["DesiredCapacity"] < wanted:
        minimum = max(group["MinSize"], wanted)
        scaling.update_auto_scaling_group(AutoScalingGroupName=name, MinSize=minimum, DesiredCapacity=wanted)
        group = _group(scaling, name)
    serving = sum(each["LifecycleState"] == "InService" for each in group["Instances"])
    _await(config, move, f"{name} in {move.up} has {serving} instances in service", serving, wanted)


def _await(config: Mapping[str, Any], move: Move, said: str, there: int, wanted: int) -> None:
    """Wait until there is enough of what is wanted; where nobody can wait, fail."""
    least = config.get("ungraceful", {}).get("minimumSuccessPercentage") if move.ungraceful else None
    needed = math.ceil((_PERCENT if least is None else least) / _PERCENT * wanted)
    if there < needed:
        told = f"{said}, {needed} are needed"
        raise StepWaitsError(told) if CLOCK.running else StepFailedError(told)


def _start(config: Mapping[str, Any], move: Move) -> None:
    """Have as many tasks run in the region that takes over as a share of the other one's; never fewer than there are.

    Scaling must not take them back: its least number rises first. Whose tasks nothing scales has no such number.
    """
    by_region = {_region(each["serviceArn"]): each for each in config["services"]}
    other = next(region for region in by_region if region != move.up)
    wanted = math.ceil(
        config.get("targetPercent", _PERCENT) / _PERCENT * _tasks(by_region[other]["serviceArn"], other)
    )
    asked = by_region[move.up]
    cluster, name = asked["serviceArn"].split("/")[-2:]
    ecs = client("ecs", move.up)
    if _running(ecs, asked)["desiredCount"] < wanted:
        target = {
            "ServiceNamespace": "ecs",
            "ScalableDimension": "ecs:service:DesiredCount",
            "ResourceId": f"service/{cluster}/{name}",
        }
        if _scaled(target["ResourceId"], move.up):
            client("application-autoscaling", move.up).register_scalable_target(**target, MinCapacity=wanted)
        ecs.update_service(cluster=asked["clusterArn"], service=asked["serviceArn"], desiredCount=wanted)
    running = _running(ecs, asked)["runningCount"]
    _await(config, move, f"{name} in {move.up} has {running} tasks that run", running, wanted)


def _running(ecs: Any, asked: Mapping[str, str]) -> dict[str, Any]:
    found = ecs.describe_services(cluster=asked["clusterArn"], services=[asked["serviceArn"]])["services"]
    if not found or found[0]["status"] != "ACTIVE":
        raise StepFailedError(f"there is no service {asked['serviceArn']}")
    return dict(found[0])


def _tasks(arn: str, region: str) -> int:
    """How many tasks the service wants, also of a region that is lost: AWS has sampled them beforehand."""
    from moto.ecs.models import ecs_backends

    for service in ecs_backends[ACCOUNT][region].services.values():
        if service.arn == arn:
            return int(service.desired_count)
    raise StepFailedError(f"there is no service {arn}")


def _scaled(resource_id: str, region: str) -> bool:
    """Whether Application Auto Scaling knows the service."""
    documents = RECORDED.list(("application-autoscaling", region, "Target")).values()
    return any(each["request"]["ResourceId"] == resource_id for each in documents)


def _group(scaling: Any, name: str) -> dict[str, Any]:
    groups = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"]
    if not groups:
        raise StepFailedError(f"there is no Auto Scaling group {name} in {scaling.meta.region_name}")
    return dict(groups[0])


def _desired(name: str, region: str) -> int:
    from moto.autoscaling.models import autoscaling_backends

    group = autoscaling_backends[ACCOUNT][region].autoscaling_groups.get(name)
    if group is None:
        raise StepFailedError(f"there is no Auto Scaling group {name} in {region}")
    return int(group.desired_capacity)


def _promote(config: Mapping[str, Any], move: Move) -> None:
    """Make the member in the region that takes over the global database's writer; done when it is already."""
    behavior = config["behavior"]
    if move.ungraceful:
        behavior = config.get("ungraceful", {}).get("ungraceful", behavior)
    rds, name = client("rds", move.up), config["globalClusterIdentifier"]
    target = next((arn for arn in config["databaseClusterArns"] if _region(arn) == move.up), None)
    if target is None:
        raise StepFailedError(f"{name} has no cluster in {move.up} in the plan")
    known = rds.describe_global_clusters(GlobalClusterIdentifier=name)["GlobalClusters"][0]
    if known["Status"] != "available":
        raise StepWaitsError(f"{name} is {known['Status']}")
    if any(m["DBClusterArn"] == target and m["IsWriter"] for m in known["GlobalClusterMembers"]):
        return
    asked = {"GlobalClusterIdentifier": name, "TargetDbClusterIdentifier": target}
    if behavior == "failover":
        rds.failover_global_cluster(**asked, AllowDataLoss=True)
    else:
        rds.switchover_global_cluster(**asked)
    if CLOCK.running:
        raise StepWaitsError(f"{name} moves to {move.up}")


def _send(config: Mapping[str, Any], move: Move) -> None:
    """Turn the vended checks of a record, so that Route 53 answers with the region that takes over."""
    here = {
        key[2]: id_
        for key, id_ in move.vended.items()
        if key[:2] == (config["hostedZoneId"], config["recordName"])
    }
    known = checks.backend().health_checks
    if move.plan["recoveryApproach"] == "activeActive":
        checks.turn(known[here[move.target]], on=move.action == "activate")
        return
    for region, id_ in here.items():
        checks.turn(known[id_], on=region == move.up)


def _invoke(config: Mapping[str, Any], move: Move) -> None:
    """Call the function of the region that the step names, until it succeeds."""
    if move.ungraceful and config.get("ungraceful", {}).get("behavior") == "skip":
        return
    wanted = move.up if config["regionToRun"] in ("activatingRegion", "activeRegion") else move.down
    arn = next((f["arn"] for f in config["lambdas"] if _region(f["arn"]) == wanted), None)
    if arn is None:
        raise StepFailedError(f"the step has no function in {wanted}")
    lambda_ = client("lambda", wanted)
    lambda_.get_function(FunctionName=arn)
    if not CLOCK.running:
        # From its beginning to its end the step has time for so many.
        times = 1 + int(config.get("timeoutMinutes", 0) / config.get("retryIntervalMinutes", 1))
        if said := functions.fails(lambda_, arn, move.event, times):
            raise StepFailedError(said)
    elif said := functions.waits_for(arn, move.event, 60.0 * config["retryIntervalMinutes"]):
        raise StepWaitsError(said)


_BLOCKS: Mapping[str, Callable[[Mapping[str, Any], Move], None]] = {
    "ec2AsgCapacityIncreaseConfig": _grow,
    "ecsCapacityIncreaseConfig": _start,
    "globalAuroraConfig": _promote,
    "route53HealthCheckConfig": _send,
    "customActionLambdaConfig": _invoke,
}
"""By the member of ExecutionBlockConfiguration. Parallel, approval and child plans are the execution's own."""
