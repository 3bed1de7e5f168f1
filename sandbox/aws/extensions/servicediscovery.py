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

    for name, wrap in {
        "register_instance": _register,
        "create_private_dns_namespace": _private,
        "delete_namespace": _deleted,
        "create_service": _service,
    }.items():
        setattr(ServiceDiscoveryBackend, name, wrap(getattr(ServiceDiscoveryBackend, name)))


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


def _private(original: Callable[..., str]) -> Callable[..., str]:
    """A VPC may have several namespaces, of different names; the hosted zone has the namespace's name."""

    @functools.wraps(original)
    def create_private_dns_namespace(self: Any, **given: Any) -> str:
        kept = dict(self.namespaces)
        self.namespaces = {id_: each for id_, each in kept.items() if each.name == given["name"]}
        try:
            operation = original(self, **given)
        finally:
            self.namespaces = {**kept, **self.namespaces}
        made = self.namespaces[self.operations[operation].targets["NAMESPACE"]]
        zone = made.dns_properties["HostedZoneId"].removeprefix("/hostedzone/")
        made.dns_properties["HostedZoneId"] = zone
        _zones(self)[zone].name = f"{made.name}."
        return operation

    return create_private_dns_namespace


def _deleted(original: Callable[..., str]) -> Callable[..., str]:
    """A namespace that has services stays; with it goes its hosted zone.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_DeleteNamespace.html
    """

    @functools.wraps(original)
    def delete_namespace(self: Any, namespace_id: str) -> str:
        from moto.core.exceptions import JsonRESTError

        if any(each.namespace_id == namespace_id for each in self.services.values()):
            raise JsonRESTError("ResourceInUse", f"The namespace {namespace_id} has services")
        found = self.namespaces.get(namespace_id)
        operation = original(self, namespace_id)
        if found is not None and found.type == "DNS_PRIVATE":
            _zones(self).pop(found.dns_properties["HostedZoneId"], None)
        return operation

    return delete_namespace


def _zones(backend: Any) -> Any:
    from moto.route53.models import route53_backends
    from moto.utilities.utils import get_partition

    return route53_backends[backend.account_id][get_partition(backend.region_name)].zones


def _service(original: Callable[..., Any]) -> Callable[..., Any]:
    """The namespace of a service may be said where its DNS records are."""

    @functools.wraps(original)
    def create_service(self: Any, **given: Any) -> Any:
        within = given["namespace_id"] or (given["dns_config"] or {}).get("NamespaceId")
        return original(self, **{**given, "namespace_id": within})

    return create_service
