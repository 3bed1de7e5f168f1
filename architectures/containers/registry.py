"""Services of a system whose tasks clients find themselves, by Cloud Map: the namespace of this region, and who may ask it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pulumi

from architectures.containers import names
from architectures.containers.sections import Service
from architectures.faults import Fault, fault
from architectures.stack import Stack
from architectures.system import Place
from components.network import Registry, RegistryArgs
from components.permissions import Statement


def faults(services: Mapping[str, Service]) -> Iterator[Fault]:
    """What can't be of those that are discovered."""
    for each, given in services.items():
        found = any(services[other].discovered for other in given.calls if other in services)
        if found and names.NAMESPACE in {*given.environment, *given.secrets}:
            allowed = "any other variable: that one is where those that it calls are found"
            yield fault(f"services.{each}.environment", repr(names.NAMESPACE), allowed)


def registry(
    name: str, services: Mapping[str, Service], stack: Stack, place: Place, child: pulumi.ResourceOptions
) -> Registry | None:
    """The namespace, where a service is in it."""
    found = [each for each, given in services.items() if given.discovered]
    if not found:
        return None
    args = RegistryArgs(
        namespace=names.namespace(stack.named(name), stack.region),
        vpc_id=place.ground.network.vpc_id,
        services=found,
        tags=place.tags,
    )
    return Registry(f"{name}-found", args, child)


def asked(given: Service, made: Registry | None) -> tuple[dict[str, pulumi.Input[str]], list[Statement]]:
    """Variables and permissions of a service that calls some which are in the namespace."""
    called = [each for each in given.calls if made is not None and each in made.service_arns]
    if made is None or not called:
        return {}, []
    return {names.NAMESPACE: made.namespace}, [made.finding(called)]
