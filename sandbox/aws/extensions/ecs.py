"""ECS as AWS has it, where moto has it otherwise: as many tasks run as a service wants, and a new release is deployed.

moto runs one task of a new service, and as many as it wants only once somebody has changed the number. It forgets how a new service is
deployed, and has another release at once.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ecs.models import EC2ContainerServiceBackend, Service
from moto.ecs.responses import EC2ContainerServiceResponse

from sandbox.aws.clockwork import blue_green, releases, rollouts, tasks
from sandbox.aws.clockwork.clock import CLOCK

_KEPT = {
    "deploymentConfiguration": "deployment_configuration",
    "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
}


def _init(original: Any) -> Any:
    @functools.wraps(original)
    def __init__(self: Service, *args: Any, **more: Any) -> None:  # noqa: N807
        original(self, *args, **more)
        self.running_count, self.pending_count = self.desired_count, 0
        for deployment in self.deployments:
            deployment |= {
                "runningCount": self.desired_count,
                "pendingCount": 0,
                "rolloutState": "COMPLETED",
                "rolloutStateReason": f"ECS deployment {deployment['id']} completed.",
            }

    return __init__


def _created(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def create_service(self: Any) -> Any:
        answer = original(self)
        for name, attribute in _KEPT.items():
            if (given := self._get_param(name)) is not None:
                setattr(answer.result["service"], attribute, given)
        return answer

    return create_service


def _updated(original: Callable[..., Any]) -> Callable[..., Any]:
    """While the clock runs another number of tasks is there in its time, and another release is deployed."""

    @functools.wraps(original)
    def update_service(self: Any, service_properties: dict[str, Any]) -> Any:
        names = (str(service_properties.get(key, "default")) for key in ("cluster", "service"))
        known = self.services.get(":".join(name.rpartition("/")[2] for name in names))
        before = str(known.task_definition) if known else ""
        service = original(self, service_properties)
        service.task_definition = str(releases.definition(service, service.task_definition).arn)
        if CLOCK.running:
            if service.task_definition != before:
                _deploy(service, before)
            tasks.settle(service)
        return service

    return update_service


def _deploy(service: Service, before: str) -> None:
    under_way = tasks.KEEPERS.get(service.arn)
    if isinstance(under_way, rollouts.Deployment):
        under_way.supersede()
    strategy = releases.configuration(service).get("strategy")
    kind = blue_green.BlueGreen if strategy == blue_green.STRATEGY else rollouts.Deployment
    made = kind(service, before, str(service.task_definition), len(rollouts.DEPLOYMENTS) + 1, utcnow())
    rollouts.DEPLOYMENTS.append(made)


def list_service_deployments(self: EC2ContainerServiceResponse) -> Any:
    """Answer `ListServiceDeployments`, the last one first."""
    cluster, name = self._get_param("cluster", "default"), self._get_param("service")
    [service], _ = self.ecs_backend.describe_services(cluster, [name])
    shown = [
        {
            "serviceDeploymentArn": each.arn,
            "serviceArn": service.arn,
            "clusterArn": service.cluster_arn,
            "createdAt": each.began,
            "startedAt": each.began,
            "status": each.status,
            "statusReason": each.why,
        }
        for each in rollouts.of(service)
    ]
    return ActionResult({"serviceDeployments": shown})


def _telling(original: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(original)
    def set_alarm_state(self: Any, alarm_name: str, reason: str, reason_data: Any, state_value: str) -> None:
        original(self, alarm_name, reason, reason_data, state_value)
        if state_value == "ALARM":
            rollouts.rang(self.region_name, alarm_name)

    return set_alarm_state


def install() -> None:
    """Patch moto."""
    from moto.cloudwatch.models import CloudWatchBackend

    Service.__init__ = _init(Service.__init__)
    EC2ContainerServiceResponse.create_service = _created(EC2ContainerServiceResponse.create_service)
    EC2ContainerServiceResponse.list_service_deployments = list_service_deployments
    EC2ContainerServiceBackend.update_service = _updated(EC2ContainerServiceBackend.update_service)
    CloudWatchBackend.set_alarm_state = _telling(CloudWatchBackend.set_alarm_state)


def reset() -> None:
    """Nothing is under way."""
    rollouts.forget()
