"""DB instances of RDS which tasks of a service sign in to: what each one refuses, and why.

A task says in its environment where its database is: DBHOST and DBPORT. Rows aren't kept: only whether one could be written.
An option that listens, as Oracle's for TLS, does so at a port of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.aws.client import ACCOUNT
from sandbox.aws.faults import TABLE

HOST, PORT = "DBHOST", "DBPORT"
AVAILABLE = "available"


def _every() -> Iterator[Any]:
    from moto.rds.models import rds_backends

    for region, backend in list(rds_backends[ACCOUNT].items()):
        if not TABLE.region_lost(region):
            yield from [each for each in backend.databases.values() if not each.db_cluster_identifier]


def told(service: Any) -> Mapping[str, str]:
    """What a service's tasks are told by their environment."""
    from moto.ecs.models import ecs_backends

    definition = ecs_backends[ACCOUNT][service.region_name].describe_task_definition(service.task_definition)
    return {
        each["name"]: each["value"]
        for container in definition.container_definitions
        for each in container.get("environment", [])
    }


def refuses(service: Any) -> str:
    """Why no task of a service can write to its database now; empty when one can, or has none."""
    said = told(service)
    if HOST not in said:
        return ""
    region = service.region_name
    instance = next(
        (each for each in _every() if each.backend.region_name == region and each.address == said[HOST]), None
    )
    return (
        _not_ready(instance, int(said[PORT]))
        if instance is not None
        else f"there is no database at {said[HOST]}"
    )


def _not_ready(instance: Any, port: int) -> str:
    name = instance.db_instance_identifier
    if instance.is_replica:
        return f"{name} is a replica"
    if instance.status != AVAILABLE:
        return f"{name} is {instance.status}"
    if port != instance.port and port not in _option_ports(instance):
        return f"{name} doesn't listen at {port}: its option group {instance.option_group_name} has nothing that does"
    return ""


def _option_ports(instance: Any) -> set[int]:
    group = instance.backend.option_groups.get(instance.option_group_name)
    return {int(each["Port"]) for each in group.options if each.get("Port")} if group else set()
