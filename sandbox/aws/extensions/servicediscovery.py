"""Cloud Map as AWS has it, where moto has it otherwise: an instance that is registered anew is the same one, and may begin ill.

https://docs.aws.amazon.com/cloud-map/latest/api/API_RegisterInstance.html
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

INITIAL = "AWS_INIT_HEALTH_STATUS"


def install() -> None:
    """Patch moto's Cloud Map."""
    from moto.servicediscovery.models import ServiceDiscoveryBackend

    ServiceDiscoveryBackend.register_instance = _register(ServiceDiscoveryBackend.register_instance)


def _register(original: Callable[..., str]) -> Callable[..., str]:
    @functools.wraps(original)
    def register_instance(
        self: Any, service_id: str, instance_id: str, creator_request_id: str, attributes: dict[str, str]
    ) -> str:
        service = self.get_service(service_id)
        service.instances = [each for each in service.instances if each.instance_id != instance_id]
        operation = original(self, service_id, instance_id, creator_request_id, attributes)
        if status := attributes.get(INITIAL):
            self.get_instance(service_id, instance_id).health_status = status
        return operation

    return register_instance
