"""The instances of a service as Cloud Map has them: found, registered, taken out, and said to be healthy or not.

Source: https://docs.aws.amazon.com/cloud-map/latest/api/API_DiscoverInstances.html,
https://docs.aws.amazon.com/cloud-map/latest/api/API_RegisterInstance.html
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

MOST = 1000
"""Instances in an answer at most."""
FAILING_OPEN = "HEALTHY_OR_ELSE_ALL"
"""Healthy instances, or all where none says that it is: their checks may be what fails."""
ADDRESS, PORT, ZONE = "AWS_INSTANCE_IPV4", "AWS_INSTANCE_PORT", "AVAILABILITY_ZONE"
"""Attributes of an instance; ECS sets the first and the last one.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html"""


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One instance."""

    id: str
    address: str
    port: int
    zone: str | None = None
    healthy: bool = True
    """What Cloud Map was told last; True for a service without health checks."""


def discover(cloud_map: Any, namespace: str, service: str, port: int | None = None) -> list[Instance]:
    """The service's instances: healthy ones, or all where none is. `port` is of those that tell none; without it these are left out.

    Raises what boto3 raises.
    """
    answer = cloud_map.discover_instances(
        NamespaceName=namespace, ServiceName=service, MaxResults=MOST, HealthStatus=FAILING_OPEN
    )
    found = []
    for each in answer["Instances"]:
        told = each.get("Attributes", {})
        listens = int(told.get(PORT) or port or 0)
        if told.get(ADDRESS) and listens:
            found.append(
                Instance(
                    id=each["InstanceId"],
                    address=told[ADDRESS],
                    port=listens,
                    zone=told.get(ZONE),
                    healthy=each.get("HealthStatus") != "UNHEALTHY",
                )
            )
    return found


def register(cloud_map: Any, service_id: str, instance: Instance) -> None:
    """Register an instance that ECS doesn't, or register it anew. It counts as healthy as soon as it is told to be."""
    told = {
        ADDRESS: instance.address,
        PORT: str(instance.port),
        "AWS_INIT_HEALTH_STATUS": "HEALTHY" if instance.healthy else "UNHEALTHY",
        **({ZONE: instance.zone} if instance.zone else {}),
    }
    cloud_map.register_instance(
        ServiceId=service_id, InstanceId=instance.id, CreatorRequestId=str(uuid.uuid4()), Attributes=told
    )


def report(cloud_map: Any, service_id: str, instance_id: str, *, healthy: bool) -> None:
    """Say whether an instance is healthy; Cloud Map waits half a minute for something else to be said, then it counts."""
    status = "HEALTHY" if healthy else "UNHEALTHY"
    cloud_map.update_instance_custom_health_status(
        ServiceId=service_id, InstanceId=instance_id, Status=status
    )


def deregister(cloud_map: Any, service_id: str, instance_id: str) -> None:
    """Take an instance out; one that is out already stays so."""
    try:
        cloud_map.deregister_instance(ServiceId=service_id, InstanceId=instance_id)
    except cloud_map.exceptions.InstanceNotFound:
        return
