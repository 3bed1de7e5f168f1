"""Servers, containers and functions: what serves and keeps no data.

Auto Scaling groups, EC2 instances, ECS services, EKS node groups, environments of Elastic Beanstalk, Lambda functions.
"""

from __future__ import annotations

import json
from typing import Any

from policies.graph import Graph, Resource, Unknown, beanstalk
from policies.graph.beanstalk import ENVIRONMENT, PROCESS
from policies.graph.functions import Pair, only_rotates, pairs
from policies.graph.zones import SUBNETS, distinct_zones, zone_of, zones
from policies.recovery.unit import Unit

from .common import unit
from .elb import TARGET_GROUPS, check_of

KIND = "compute"
GROUP, ATTACHMENTS = "aws:autoscaling/group:Group", ("aws:autoscaling/attachment:Attachment",)
TARGET_ATTACHMENT = "aws:lb/targetGroupAttachment:TargetGroupAttachment"
INSTANCE, SERVICE = "aws:ec2/instance:Instance", "aws:ecs/service:Service"
TASK, SCALED = "aws:ecs/taskDefinition:TaskDefinition", "aws:appautoscaling/target:Target"
POLICY, TASKS_POLICY = "aws:autoscaling/policy:Policy", "aws:appautoscaling/policy:Policy"
NODES, FUNCTION = "aws:eks/nodeGroup:NodeGroup", "aws:lambda/function:Function"


def read(graph: Graph) -> list[Unit]:
    """One unit for each group, instance, service, node group, environment and function that serves."""
    kept = {each.urn for pair in pairs(graph) for each in (*pair.groups, pair.function)}
    found = [_pair(graph, pair) for pair in pairs(graph)]
    found += [_group(graph, r) for r in graph.of(GROUP) if r.urn not in kept]
    found += [_instance(graph, r) for r in graph.of(INSTANCE)]
    found += [_service(graph, r) for r in graph.of(SERVICE)]
    found += [_nodes(graph, r) for r in graph.of(NODES)]
    found += [_environment(graph, r) for r in graph.of(ENVIRONMENT)]
    serving = (r for r in graph.of(FUNCTION) if r.urn not in kept and not only_rotates(graph, r))
    return found + [_function(graph, r) for r in serving]


def _keys(r: Resource) -> frozenset[str]:
    """Servers of two stacks are one unit when a `dr:group` tag says so (equal names are matched later)."""
    group = r.tags.get("dr:group")
    return frozenset({f"{KIND}:{group}"}) if isinstance(group, str) else frozenset()


def _pair(graph: Graph, pair: Pair) -> Unit:
    """Instances of which one serves, as one unit: the function that says which one has its name, and its timing."""
    groups, function = pair.groups, pair.function
    desired, most = ([_number(r, key) for r in groups] for key in ("desiredCapacity", "maxSize"))
    facts = {
        "desired": _sum(desired),
        "required": 1,
        "max": _sum(most),
        "zones": _together(graph, groups),
        "launch": "ec2",
        "warm_pool": False,
        "check": check_of(pair.members),
        "health": _health(groups),
        "swap": _timing(function),
    }
    owned = [r.urn for r in groups]
    return unit(graph, KIND, function, facts, keys=_keys(function), owned=owned)


def _number(r: Resource, key: str) -> float | Unknown:
    found = r.number(key)
    if found is None:
        found = r.number("minSize", 0)
    return 0 if found is None else found


def _sum(values: list[float | Unknown]) -> float | Unknown:
    known = [v for v in values if not isinstance(v, Unknown)]
    return sum(known) if len(known) == len(values) else next(v for v in values if isinstance(v, Unknown))


def _together(graph: Graph, groups: tuple[Resource, ...]) -> int | Unknown:
    """In how many zones the groups are."""
    subnets = [s for r in groups for s in graph.linked(r, "vpcZoneIdentifiers", *SUBNETS)]
    distinct, silent = distinct_zones(subnets)
    return Unknown(f"{groups[0].name}.vpcZoneIdentifiers (the zones of its subnets)") if silent else distinct


def _health(groups: tuple[Resource, ...]) -> str | Unknown | None:
    kinds = {r.text("healthCheckType", "EC2") for r in groups}
    return kinds.pop() if len(kinds) == 1 else "EC2"


def _timing(function: Resource) -> dict[str, Any] | Unknown:
    """Durations and counts of the watch, from the function's environment."""
    told = function.text("environment.variables.TIMING")
    if isinstance(told, Unknown):
        return told
    try:
        found = json.loads(told or "")
    except ValueError:
        found = None
    return found if isinstance(found, dict) else Unknown(f"{function.name}.environment.variables.TIMING")


def _group(graph: Graph, r: Resource) -> Unit:
    targets = graph.linked(r, "targetGroupArns", *TARGET_GROUPS)
    for attachment in graph.users(r, "autoscalingGroupName", *ATTACHMENTS):
        targets += graph.linked(attachment, "lbTargetGroupArn", *TARGET_GROUPS)
    for source in ("trafficSources",):
        targets += graph.linked(r, source, *TARGET_GROUPS)
    desired = r.number("desiredCapacity")
    if desired is None:
        desired = r.number("minSize")
    named = r.items("availabilityZones")
    in_zones = zones(graph, r, "vpcZoneIdentifiers")
    if r.get("vpcZoneIdentifiers") is None and isinstance(named, list) and named:
        in_zones = len(set(map(str, named)))
    facts = {
        "desired": desired,
        "max": r.number("maxSize"),
        "zones": in_zones,
        "launch": "ec2",
        "warm_pool": r.get("warmPool") is not None,
        "tracked": _tracked(graph.users(r, "autoscalingGroupName", POLICY), "targetTrackingConfiguration"),
        "check": check_of(targets[0]) if targets else None,
        "health": r.text("healthCheckType", "EC2") if targets else None,
    }
    return unit(graph, KIND, r, facts, keys=_keys(r))


def _tracked(policies: list[Resource], configuration: str) -> bool:
    """Whether target tracking gives it more when the load asks for more.

    Steps and schedules go by alarms and times of their own, which no figure tells.
    """
    return any(each.get(configuration) is not None for each in policies)


def _instance(graph: Graph, r: Resource) -> Unit:
    attached = graph.users(r, "targetId", TARGET_ATTACHMENT)
    targets = [t for a in attached for t in graph.linked(a, "targetGroupArn", *TARGET_GROUPS)]
    facts = {
        "desired": 1,
        "zones": 1,
        "zone": zone_of(graph, r),
        "launch": "instance",
        "check": check_of(targets[0]) if targets else None,
    }
    return unit(graph, KIND, r, facts, keys=_keys(r))


def _service(graph: Graph, r: Resource) -> Unit:
    targets = graph.linked(r, "loadBalancers", *TARGET_GROUPS)
    fargate = r.get("launchType") == "FARGATE" or any(
        str(s.get("capacityProvider", "")).startswith("FARGATE")
        for s in _listed(r.rows("capacityProviderStrategies"))
        if isinstance(s, dict)
    )
    facts = {
        "desired": _tasks(r),
        "max": _most(graph, r),
        "zones": zones(graph, r, "networkConfiguration.subnets")
        if r.get("networkConfiguration") is not None
        else 1,
        "launch": "fargate" if fargate else "ec2",
        "tracked": _tracked(_policies(graph, r), "targetTrackingScalingPolicyConfiguration"),
        "check": check_of(targets[0]) if targets else container_check(graph, r),
    }
    return unit(graph, KIND, r, facts, keys=_keys(r))


def _most(graph: Graph, r: Resource) -> float | Unknown | None:
    """The most that Application Auto Scaling gives a service; None where nothing changes its number of tasks."""
    ranges = graph.users(r, "resourceId", SCALED)
    return ranges[0].number("maxCapacity") if ranges else None


def _policies(graph: Graph, r: Resource) -> list[Resource]:
    """What scales a service: by its range, or by its own id."""
    named = [r, *graph.users(r, "resourceId", SCALED)]
    return [each for one in named for each in graph.users(one, "resourceId", TASKS_POLICY)]


def container_check(graph: Graph, r: Resource) -> dict[str, Any] | None:
    """The health check of an essential container: ECS replaces a task that fails it. None where it only sees a task that has ended.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
    """
    check = container_health(graph, r)
    if check is None:
        return None
    return {
        "interval_s": check.get("interval", 30),
        "threshold": check.get("retries", 3),
        "timeout_s": check.get("timeout", 5),
    }


def container_health(graph: Graph, r: Resource) -> dict[str, Any] | None:
    """That health check as the task definition has it."""
    for task in graph.linked(r, "taskDefinition", TASK):
        for container in _containers(task):
            check = container.get("healthCheck")
            if isinstance(check, dict) and container.get("essential", True) is not False:
                return check
    return None


def _containers(task: Resource) -> list[dict[str, Any]]:
    text = task.get("containerDefinitions")
    try:
        found = json.loads(text) if isinstance(text, str) else []
    except (ValueError, RecursionError):
        return []
    return [each for each in _listed(found) if isinstance(each, dict)]


def _tasks(r: Resource) -> float | Unknown | None:
    """What a service starts with: the provider's own default is none. A daemon has one on each container instance, however many there are.

    https://www.pulumi.com/registry/packages/aws/api-docs/ecs/service/
    """
    if r.get("schedulingStrategy") == "DAEMON":
        return Unknown(f"{r.name}: its tasks, one on each container instance")
    return r.number("desiredCount", 0)


def _listed(rows: Any) -> list[Any]:
    return rows if isinstance(rows, list) else []


def _nodes(graph: Graph, r: Resource) -> Unit:
    """Nodes of a cluster. Nothing of AWS's own makes them more: what does, if anything, runs in the cluster."""
    attached = graph.users(r, "autoscalingGroupName", *ATTACHMENTS)
    targets = [t for a in attached for t in graph.linked(a, "lbTargetGroupArn", *TARGET_GROUPS)]
    facts = {
        "desired": r.number("scalingConfig.desiredSize"),
        "max": r.number("scalingConfig.maxSize"),
        "zones": zones(graph, r, "subnetIds"),
        "launch": "ec2",
        "tracked": False,
        "check": check_of(targets[0]) if targets else None,
    }
    return unit(graph, KIND, r, facts, keys=_keys(r))


def _environment(graph: Graph, r: Resource) -> Unit:
    """Instances and their load balancer, as one. A trigger makes them more, by steps, which no figure tells."""
    alone = beanstalk.option(r, beanstalk.KIND, "EnvironmentType") == "SingleInstance"
    wide, silent = distinct_zones(beanstalk.subnets(graph, r))
    facts = {
        "desired": 1 if alone else beanstalk.size(r, "MinSize"),
        "max": 1 if alone else beanstalk.size(r, "MaxSize"),
        "zones": Unknown(f"{r.name}.settings (the zones of its subnets)") if silent else 1 if alone else wide,
        "launch": "beanstalk",
        "tracked": False,
        "check": None
        if alone
        else {
            "interval_s": beanstalk.number(r, PROCESS, "HealthCheckInterval", 15),
            "threshold": beanstalk.number(r, PROCESS, "UnhealthyThresholdCount", 5),
            "timeout_s": beanstalk.number(r, PROCESS, "HealthCheckTimeout", 5),
        },
    }
    return unit(graph, KIND, r, facts, keys=_keys(r))


def _function(graph: Graph, r: Resource) -> Unit:
    in_vpc = r.get("vpcConfig.subnetIds") is not None
    facts = {"launch": "lambda", "zones": zones(graph, r, "vpcConfig.subnetIds") if in_vpc else None}
    return unit(graph, KIND, r, facts, keys=_keys(r))
