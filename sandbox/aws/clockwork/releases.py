"""Releases of ECS services on the clock: which one doesn't work, how each is watched, and which target group gets a service's requests.

Which release fails, and how, is said by who breaks it: no image runs here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.aws.client import ACCOUNT
from sandbox.aws.clockwork.clock import CLOCK

CHECKS, REQUESTS = "checks", "requests"
"""A release whose tasks pass no health check, and one whose tasks pass all of them, and fail what clients ask."""
FAILING: dict[str, str] = {}
"""Task definitions by ARN, and how they fail."""
WHOLE = 100


def sick(release: str) -> bool:
    """Whether its tasks pass no health check."""
    return FAILING.get(release) == CHECKS


def fails(release: str) -> bool:
    """Whether its tasks fail what clients ask."""
    return release in FAILING


def configuration(service: Any) -> Mapping[str, Any]:
    """How a service is deployed."""
    return dict(getattr(service, "deployment_configuration", None) or {})


def grace(service: Any) -> float:
    """Seconds for which a new task's load balancer isn't listened to."""
    return float(getattr(service, "health_check_grace_period_seconds", None) or 0)


def ends(task: Any) -> float | None:
    """Seconds until ECS stops a task that has begun to run, and doesn't work, by itself; None where only a load balancer tells.

    Its container's health check fails as often as it may, or, where nobody looks, the container ends.
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
    """
    if not sick(task.release):
        return None
    for check in _checks(task):
        return float(check.get("startPeriod", 0)) + float(check.get("interval", 30)) * int(
            check.get("retries", 3)
        )
    return None if task.into else CLOCK.lasts("detect.task")


def _checks(task: Any) -> Iterator[Mapping[str, Any]]:
    for container in definition(task.service, task.release).container_definitions:
        if container.get("essential", True) and container.get("healthCheck"):
            yield container["healthCheck"]


def definition(service: Any, release: str) -> Any:
    """A task definition. Raises moto's ClientException when there is none."""
    from moto.ecs.models import ecs_backends

    return ecs_backends[ACCOUNT][service.region_name].describe_task_definition(release)


def pair(balancer: Mapping[str, Any]) -> list[str]:
    """ARNs of the target groups that blue/green deployments of a service change between; one without."""
    other = (balancer.get("advancedConfiguration") or {}).get("alternateTargetGroupArn")
    return [str(each) for each in (balancer.get("targetGroupArn"), other) if each]


def serving(service: Any, balancer: Mapping[str, Any]) -> str:
    """ARN of the target group that gets a service's requests; empty without any."""
    found = pair(balancer)
    if len(found) > 1:
        weights = {
            each["TargetGroupArn"]: int(each.get("Weight") or 0) for each in _weighted(service, balancer)
        }
        found.sort(key=lambda arn: -weights.get(arn, 0))
    return found[0] if found else ""


def lead(service: Any, balancer: Mapping[str, Any], arn: str) -> None:
    """Send all of a service's requests to one of the pair."""
    for each in _weighted(service, balancer):
        each["Weight"] = WHOLE if each["TargetGroupArn"] == arn else 0


def _weighted(service: Any, balancer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The target groups of the rule that ECS moves the weights of."""
    from moto.elbv2.models import elbv2_backends

    backend = elbv2_backends[ACCOUNT][service.region_name]
    [rule] = backend.describe_rules(None, [balancer["advancedConfiguration"]["productionListenerRule"]])
    return [
        each
        for action in rule.actions
        for each in action.data.get("ForwardConfig", {}).get("TargetGroups", ())
    ]
