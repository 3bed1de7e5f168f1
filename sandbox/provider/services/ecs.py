"""ECS: clusters, task definitions, services."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sandbox.provider import shapes
from sandbox.provider.api import AwsError
from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Read, Resource, small_tags

_TAGS = small_tags()
FARGATE_GIB: Mapping[int, tuple[float, ...]] = {
    256: (0.5, 1, 2),
    512: tuple(range(1, 5)),
    1024: tuple(range(2, 9)),
    2048: tuple(range(4, 17)),
    4096: tuple(range(8, 31)),
    8192: tuple(range(16, 61, 4)),
    16384: tuple(range(32, 121, 8)),
    32768: (60, 120, 244),
}
"""GiB of memory by CPU units:
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html; the last line as awsx has it."""

CLUSTER = simulated(
    "aws:ecs/cluster:Cluster",
    create=Call("CreateCluster", {"clusterName": "in.name"}),
    read=Read("DescribeClusters", {"clusters": "[id]"}, path="clusters[?status=='ACTIVE'] | [0]"),
    update=(
        Call(
            "UpdateCluster", {"cluster": "id"}, take=("configuration", "serviceConnectDefaults", "settings")
        ),
    ),
    delete=(Call("DeleteCluster", {"cluster": "id"}),),
    outputs={"arn": "id"},
    autoname=("name", 255),
)


def _containers(text: Any, ctx: Context) -> list[dict[str, Any]]:
    """Container definitions, written as JSON, as the API takes them. Raises ShapeError."""
    try:
        given = json.loads(text)
    except (TypeError, ValueError):
        raise shapes.ShapeError(f"containerDefinitions: {str(text)[:60]!r} is not JSON") from None
    shape = ctx.api.input_shape("ecs", "RegisterTaskDefinition").members["containerDefinitions"]
    found: list[dict[str, Any]] = shapes.to_aws(given, shape, {}, "containerDefinitions")
    return found


def _task(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    made = {**params, "containerDefinitions": _containers(ctx.inputs["containerDefinitions"], ctx)}
    volumes = [dict(volume) for volume in ctx.inputs.get("volumes") or []]
    for volume in volumes:
        if path := volume.pop("hostPath", None):
            volume["host"] = {"sourcePath": path}
    if not volumes:
        return made
    shape = ctx.api.input_shape("ecs", "RegisterTaskDefinition").members["volumes"]
    names = {"configureAtLaunch": "configuredAtLaunch"}
    return {**made, "volumes": shapes.to_aws(volumes, shape, names, "volumes")}


def _no_task(inputs: Mapping[str, Any], ctx: Context) -> str | None:
    """What RegisterTaskDefinition refuses and moto takes."""
    text, cpu, memory = (inputs.get(name) for name in ("containerDefinitions", "cpu", "memory"))
    if isinstance(text, str):
        try:
            _containers(text, ctx)
        except shapes.ShapeError as error:
            return f"ClientException: {error}"
    fargate = "FARGATE" in (inputs.get("requiresCompatibilities") or [])
    if fargate and str(cpu).isdecimal() and str(memory).isdecimal():
        gib = int(str(memory)) / 1024
        if gib not in FARGATE_GIB.get(int(str(cpu)), ()):
            return f"ClientException: No Fargate configuration exists for given values: {cpu} CPU, {memory} memory"
    return None


TASK_DEFINITION = simulated(
    "aws:ecs/taskDefinition:TaskDefinition",
    create=Call(
        "RegisterTaskDefinition",
        rename=dict.fromkeys(("containerDefinitions", "volumes"), "none"),
        take=(
            *("containerDefinitions", "cpu", "enableFaultInjection", "ephemeralStorage", "executionRoleArn"),
            *("family", "ipcMode", "memory", "networkMode", "pidMode", "placementConstraints"),
            *("proxyConfiguration", "requiresCompatibilities", "runtimePlatform", "taskRoleArn", "volumes"),
        ),
        adjust=_task,
    ),
    id="taskDefinition.family",
    read=Read("DescribeTaskDefinition", {"taskDefinition": "out.arn || id"}, path="taskDefinition"),
    delete=(Call("DeregisterTaskDefinition", {"taskDefinition": "out.arn"}),),
    outputs={
        "arn": "taskDefinitionArn",
        "arnWithoutRevision": "join(':', [join(':', ['arn:aws:ecs', region, account]), join('/', ['task-definition', family])])",
        "revision": "revision",
    },
    ignore={"skipDestroy": "used by delete", "trackLatest": "the sandbox registers each revision itself"},
    refuse=_no_task,
)
_DEPLOYMENT = (
    *("alarms", "deploymentCircuitBreaker", "deploymentConfiguration"),
    *("deploymentMaximumPercent", "deploymentMinimumHealthyPercent"),
)
_SERVICE = (
    *("availabilityZoneRebalancing", "capacityProviderStrategies", "desiredCount", "enableEcsManagedTags"),
    *("enableExecuteCommand", "forceNewDeployment", "healthCheckGracePeriodSeconds", "loadBalancers"),
    *("networkConfiguration", "orderedPlacementStrategies", "placementConstraints", "platformVersion"),
    *("propagateTags", "serviceConnectConfiguration", "serviceRegistries", "taskDefinition"),
    *("volumeConfiguration", "vpcLatticeConfigurations"),
)
"""What an update takes besides the deployment's settings."""


def _network(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    wanted = ctx.inputs.get("networkConfiguration")
    if not wanted:
        return params
    public = "ENABLED" if wanted.get("assignPublicIp") else "DISABLED"
    given = {k: wanted.get(k) or [] for k in ("subnets", "securityGroups")}
    return {**params, "networkConfiguration": {"awsvpcConfiguration": {**given, "assignPublicIp": public}}}


def _deployment(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """The deployment's settings: single properties in Pulumi, one structure in AWS."""
    given = {
        **(ctx.inputs.get("deploymentConfiguration") or {}),
        "alarms": ctx.inputs.get("alarms"),
        "deploymentCircuitBreaker": ctx.inputs.get("deploymentCircuitBreaker"),
        "maximumPercent": ctx.inputs.get("deploymentMaximumPercent"),
        "minimumHealthyPercent": ctx.inputs.get("deploymentMinimumHealthyPercent"),
    }
    wanted = {name: value for name, value in given.items() if value is not None}
    if not wanted:
        return params
    shape = ctx.api.input_shape("ecs", "CreateService").members["deploymentConfiguration"]
    return {**params, "deploymentConfiguration": shapes.to_aws(wanted, shape, {}, "deploymentConfiguration")}


class _Service(Resource):
    """A service. AWS refuses target groups that no load balancer serves, which moto takes."""

    def made(self, ctx: Context) -> None:
        for balancer in ctx.inputs.get("loadBalancers") or []:
            if balancer.get("targetGroupArn"):
                self._served(ctx, balancer["targetGroupArn"])
        ctx.make()

    @staticmethod
    def _served(ctx: Context, arn: str) -> None:
        (group,) = ctx.call("DescribeTargetGroups", {"TargetGroupArns": [arn]}, "elbv2")["TargetGroups"]
        what = None
        if not group.get("LoadBalancerArns"):
            what = f"The target group with targetGroupArn {arn} does not have an associated load balancer."
        elif ctx.inputs.get("networkConfiguration") and group.get("TargetType") != "ip":
            what = f"The provided target group {arn} has target type {group.get('TargetType')}, which is incompatible with awsvpc"
        if what:
            raise AwsError("InvalidParameterException", what, "CreateService")

    def find(self, ctx: Context) -> dict[str, Any] | None:
        cluster = ctx.inputs.get("cluster") or str(ctx.id).split("/")[-2]
        asked = {"services": [ctx.id], "cluster": cluster}
        found = ctx.call("DescribeServices", asked)["services"]
        return next((each for each in found if each["status"] != "INACTIVE"), None)


def _no_service(inputs: Mapping[str, Any], _ctx: Context) -> str | None:
    """What CreateService refuses and moto takes."""
    if inputs.get("launchType") and inputs.get("capacityProviderStrategies"):
        return "InvalidParameterException: specifying both a launch type and capacity provider strategies is not supported"
    if inputs.get("launchType") == "FARGATE" and not inputs.get("networkConfiguration"):
        return "InvalidParameterException: Network Configuration must be provided when networkMode 'awsvpc' is specified"
    return None


_NAMES = {
    "capacityProviderStrategies": "capacityProviderStrategy",
    "orderedPlacementStrategies": "placementStrategy",
    "volumeConfiguration": "volumeConfigurations",
    "clientAlias": "clientAliases",
    "iamRole": "role",
    "networkConfiguration": "none",
    **dict.fromkeys(_DEPLOYMENT, "none"),
}
_OF = {"cluster": "in.cluster", "service": "id"}

SERVICE = simulated(
    "aws:ecs/service:Service",
    _Service,
    create=Call(
        "CreateService",
        {"serviceName": "in.name"},
        take=(
            *("cluster", "deploymentController", "iamRole", "launchType", "schedulingStrategy"),
            *_DEPLOYMENT,
            *(name for name in _SERVICE if name != "forceNewDeployment"),
        ),
        adjust=lambda params, ctx: _network(_deployment(params, ctx), ctx),
    ),
    update=(
        Call("UpdateService", _OF, take=_SERVICE, adjust=_network),
        Call("UpdateService", _OF, take=_DEPLOYMENT, whole=True, adjust=_deployment),
    ),
    # AWS deletes a service only when it wants no task any more.
    delete=(
        Call("UpdateService", {**_OF, "desiredCount": "`0`"}),
        Call("DeleteService", {**_OF, "force": "in.forceDelete || `false`"}),
    ),
    rename=_NAMES,
    outputs={"arn": "id"},
    ignore={
        "forceDelete": "used by delete",
        "sigintRollback": "nothing waits in the sandbox",
        "triggers": "the sandbox runs no tasks that could be started again",
        "waitForSteadyState": "nothing waits in the sandbox",
    },
    autoname=("name", 255),
    refuse=_no_service,
)

RESOURCES = (CLUSTER, TASK_DEFINITION, SERVICE)
