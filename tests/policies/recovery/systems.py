"""A whole system in two stacks, made of plain resources: DNS failover, load balancer, servers, Aurora global database, bucket."""

from __future__ import annotations

import dataclasses
from typing import Any

from policies.recovery import Resource
from tests.policies.recovery.build import TIER1, UNKNOWN, backed_up, res, zones

STORE = {**TIER1, "dr:data-gib": "100", "backup": "required"}
FILES = {**TIER1, "rpo-minutes": "15", "backup": "required"}


def linked(resource: Resource, **more: Resource) -> Resource:
    """The resource with further references from properties that have a value of their own."""
    found = {**resource.property_dependencies, **{k: frozenset({v.urn}) for k, v in more.items()}}
    return dataclasses.replace(
        resource,
        property_dependencies=found,
        dependencies=resource.dependencies | {v.urn for v in more.values()},
    )


def servers(
    name: str, desired: int, need: int | None, subnets: list[Resource], stack: str, **links: Any
) -> Resource:
    pairs = {**TIER1, **({"dr:required-capacity": str(need)} if need else {})}
    tags = [{"key": k, "value": v, "propagateAtLaunch": True} for k, v in pairs.items()]
    props = {"desiredCapacity": desired, "maxSize": 12, "healthCheckType": "ELB", "tags": tags}
    return res("asg", name, props, stack=stack, vpcZoneIdentifiers=subnets, **links)


def front(
    stack: str, region: str, side: str, subnets: list[Resource], *, check: bool = True, interval: int = 10
) -> list[Resource]:
    """Load balancer, target group, listener, health check, failover record: in this order."""
    lb = res("lb", "web-lb", {"tags": TIER1, "region": region}, stack=stack, subnets=subnets)
    health = {"interval": 10, "unhealthyThreshold": 2, "timeout": 5}
    tg = res("tg", "web-tg", {"healthCheck": health}, stack=stack)
    listener = res("listener", "web-listener", stack=stack, loadBalancerArn=lb, defaultActions=tg)
    hc = res(
        "check",
        "www-check",
        {"type": "HTTPS", "requestInterval": interval, "failureThreshold": 3},
        stack=stack,
        fqdn=lb,
    )
    props = {
        "name": "www.example.com",
        "type": "A",
        "failoverRoutingPolicies": [{"type": side}],
        "aliases": [{"name": UNKNOWN, "evaluateTargetHealth": False}],
    }
    record = linked(
        res("record", "www", props, stack=stack, **({"healthCheckId": hc} if check else {})), aliases=lb
    )
    return [lb, tg, listener, *([hc] if check else []), record]


def prod(
    *, readers: int = 1, check: bool = True, interval: int = 10, replicate: bool = True, copy: bool = True
) -> list[Resource]:
    """The stack that serves, in us-east-1."""
    subnets = zones()
    edge = front("prod", "us-east-1", "PRIMARY", subnets, check=check, interval=interval)
    global_ = res("global", "shop", {"globalClusterIdentifier": "shop"})
    props = {
        "engine": "aurora-postgresql",
        "backupRetentionPeriod": 35,
        "masterUsername": "root",
        "tags": STORE,
    }
    cluster = res("cluster", "db", props, globalClusterIdentifier=global_)
    members = [
        res("member", f"db-{i}", clusterIdentifier=cluster, availabilityZone=subnets[i])
        for i in range(1 + readers)
    ]
    template = res("template", "web-template", userData=cluster)
    web = servers("web", 6, 4, subnets, "prod", targetGroupArns=[edge[1]], launchTemplate=template)
    bucket = res("bucket", "files", {"tags": FILES, "bucket": "files-east"})
    versions = res(
        "versioning", "files-versions", {"versioningConfiguration": {"status": "Enabled"}}, bucket=bucket
    )
    found = [*subnets, *edge, global_, cluster, *members, template, web, bucket, versions]
    if replicate:
        away = res("bucket", "files-away", {"region": "us-west-2"})
        rule = {
            "status": "Enabled",
            "destination": {"bucket": UNKNOWN, "replicationTime": {"status": "Enabled"}},
        }
        found += [away, res("replication", "files-copy", {"rules": [rule]}, bucket=bucket, rules=away)]
    return [*found, *backed_up(copy_to="us-west-2" if copy else None)]


def tracking(group: Resource, stack: str) -> Resource:
    """Target tracking of a group."""
    props = {"policyType": "TargetTrackingScaling", "targetTrackingConfiguration": {"targetValue": 50}}
    return res("tracking", f"{group.name}-cpu", props, stack=stack, autoscalingGroupName=group)


def dr(
    *, desired: int = 1, facts: list[Any] | None = None, plan: bool = False, tracked: bool = True
) -> list[Resource]:
    """The standby, in us-west-2."""
    subnets = zones(region="us-west-2", stack="dr")
    edge = front("dr", "us-west-2", "SECONDARY", subnets)
    props = {"engine": "aurora-postgresql", "globalClusterIdentifier": "shop", "tags": STORE}
    cluster = res("cluster", "db", props, stack="dr")
    member = res("member", "db-0", stack="dr", clusterIdentifier=cluster)
    web = servers("web", desired, None, subnets, "dr", targetGroupArns=[edge[1]])
    outputs: dict[str, Any] = {
        "recovery": {"schema": 1, "stack": "dr", "region": "us-west-2", "role": "standby"}
    }
    if facts is not None:
        outputs["recovery_peers"] = facts
    found = [*subnets, *edge, cluster, member, web, res("stack", "app-dr", outputs, stack="dr")]
    if tracked:
        found.append(tracking(web, "dr"))
    if plan:
        alarm = res("alarm", "region-health", {"period": 60, "evaluationPeriods": 3}, stack="dr")
        steps = [
            {
                "name": "database",
                "executionBlockType": "AuroraGlobalDatabase",
                "globalAuroraConfigs": [{"globalClusterIdentifier": "shop"}],
            },
            {
                "name": "servers",
                "executionBlockType": "EC2AutoScaling",
                "ec2AsgCapacityIncreaseConfigs": [{}],
            },
        ]
        props = {
            "workflows": [{"steps": steps}],
            "triggers": [{"action": "activate"}],
            "associatedAlarms": [{}],
        }
        found += [
            alarm,
            linked(res("switch", "plan", props, stack="dr"), workflows=web, associatedAlarms=alarm),
        ]
    return found
