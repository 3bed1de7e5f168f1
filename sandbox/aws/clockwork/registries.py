"""Tasks in Cloud Map: ECS registers one that runs, and takes it out when it is stopped.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.aws.client import ACCOUNT


def enter(service: Any, address: str, zone: str) -> None:
    """A task at an address is found from now on."""
    told = {
        "AVAILABILITY_ZONE": zone,
        "AWS_INIT_HEALTH_STATUS": "HEALTHY",
        "AWS_INSTANCE_IPV4": address,
        "ECS_CLUSTER_NAME": service.cluster_name,
        "ECS_SERVICE_NAME": service.name,
        "REGION": service.region_name,
    }
    for backend, id_ in _of(service):
        backend.register_instance(
            service_id=id_, instance_id=address, creator_request_id=address, attributes=dict(told)
        )


def leave(service: Any, address: str) -> None:
    """It is found no more."""
    for backend, id_ in _of(service):
        if any(each.instance_id == address for each in backend.get_service(id_).instances):
            backend.deregister_instance(service_id=id_, instance_id=address)


def _of(service: Any) -> Iterator[tuple[Any, str]]:
    """Where its tasks are registered: services of Cloud Map that are there."""
    from moto.servicediscovery.models import servicediscovery_backends

    backend = servicediscovery_backends[ACCOUNT][service.region_name]
    for each in service.service_registries:
        id_ = str(each.get("registryArn", "")).rpartition("/")[2]
        if id_ in backend.services:
            yield backend, id_
