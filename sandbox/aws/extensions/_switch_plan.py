"""Which Region switch plans AWS refuses.

https://docs.aws.amazon.com/arc-region-switch/latest/api/API_CreatePlan.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.aws import own
from sandbox.aws.extensions._switch_checks import steps_of

BLOCKS = {
    "customActionLambdaConfig": "CustomActionLambda",
    "executionApprovalConfig": "ManualApproval",
    "globalAuroraConfig": "AuroraGlobalDatabase",
    "ec2AsgCapacityIncreaseConfig": "EC2AutoScaling",
    "arcRoutingControlConfig": "ARCRoutingControl",
    "regionSwitchPlanConfig": "ARCRegionSwitchPlan",
    "parallelConfig": "Parallel",
    "ecsCapacityIncreaseConfig": "ECSServiceScaling",
    "eksResourceScalingConfig": "EKSResourceScaling",
    "route53HealthCheckConfig": "Route53HealthCheck",
    "documentDbConfig": "DocumentDb",
    "rdsPromoteReadReplicaConfig": "RdsPromoteReadReplica",
    "rdsCreateCrossRegionReadReplicaConfig": "RdsCreateCrossRegionReplica",
    "lambdaEventSourceMappingConfig": "LambdaEventSourceMapping",
    "auroraServerlessScalingConfig": "AuroraServerlessScaling",
    "auroraProvisionedScalingConfig": "AuroraProvisionedScaling",
    "neptuneGlobalDatabaseConfig": "NeptuneGlobalDatabase",
    "rdsSwitchoverReadReplicaConfig": "RdsSwitchoverReadReplica",
    "ssmSendCommandConfig": "SSMSendCommand",
}
"""The type that a block's configuration must be declared with."""
_ACTIONS = {"activePassive": ("activate",), "activeActive": ("activate", "deactivate")}


def check_plan(plan: dict[str, Any]) -> None:
    """Raise the refusal of the first thing that can't be."""
    for wrong in _faults(plan):
        raise own.Refused("ValidationException", wrong)


def _faults(plan: dict[str, Any]) -> Iterator[str]:
    regions = plan["regions"]
    if len(set(regions)) != len(regions):
        yield f"regions: {regions} are not two regions"
    if plan["recoveryApproach"] == "activePassive" and plan.get("primaryRegion") not in regions:
        yield "primaryRegion: an activePassive plan names one of its regions"
    yield from _workflows(plan)
    yield from _triggers(plan)


def _workflows(plan: dict[str, Any]) -> Iterator[str]:
    for action in _ACTIONS[plan["recoveryApproach"]]:
        for region in plan["regions"]:
            fitting = [
                w
                for w in plan["workflows"]
                if w["workflowTargetAction"] == action and w.get("workflowTargetRegion", region) == region
            ]
            if len(fitting) != 1:
                yield f"workflows: {len(fitting)} {action} {region}, and a {plan['recoveryApproach']} plan has one"
    for workflow in plan["workflows"]:
        if workflow.get("workflowTargetRegion", plan["regions"][0]) not in plan["regions"]:
            yield f"workflows: {workflow['workflowTargetRegion']} is no region of the plan"
        names = [step["name"] for step in steps_of(workflow.get("steps", []))]
        for name in sorted({n for n in names if names.count(n) > 1}):
            yield f"workflows: two steps are named {name}"
        for step in steps_of(workflow.get("steps", [])):
            yield from _step(step)


def _step(step: dict[str, Any]) -> Iterator[str]:
    config = step["executionBlockConfiguration"]
    if len(config) != 1:
        yield f"step {step['name']}: {len(config)} configurations, and a step has one"
        return
    [block] = config
    if BLOCKS[block] != step["executionBlockType"]:
        yield f"step {step['name']}: {block} is not of type {step['executionBlockType']}"
    inner = config.get("parallelConfig", {}).get("steps", [])
    for name in [s["name"] for s in inner if "parallelConfig" in s["executionBlockConfiguration"]]:
        yield f"step {name}: parallel steps can't be inside of parallel steps"


def _triggers(plan: dict[str, Any]) -> Iterator[str]:
    alarms = plan.get("associatedAlarms", {})
    for trigger in plan.get("triggers", []):
        if trigger["targetRegion"] not in plan["regions"]:
            yield f"triggers: {trigger['targetRegion']} is no region of the plan"
        for condition in trigger["conditions"]:
            alarm = alarms.get(condition["associatedAlarmName"])
            if alarm is None or alarm["alarmType"] != "trigger":
                yield f"triggers: {condition['associatedAlarmName']} is no associated alarm of type trigger"
