"""Container definitions as ECS takes them: JSON text, byte for byte what awsx writes, since the task's family is a hash of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pulumi

from sandbox.awsx.arguments import ArgumentError, check, only_one
from sandbox.awsx.children import Args
from sandbox.awsx.log_groups import LogTarget
from sandbox.provider.schema import resource_class

_PORT_MAPPING = ("name", "containerPortRange", "appProtocol", "containerPort", "hostPort", "protocol")
Containers = Mapping[str, Mapping[str, Any]]


def by_name(component: str, args: Args) -> pulumi.Output[Containers]:
    """The containers of a task by name, whether one is given or several."""
    only_one(component, args, "container", "containers", needed=True)
    if args.get("containers") is not None:
        return pulumi.Output.from_input(args["containers"])
    one = args["container"]
    name = pulumi.Output.from_input(one.get("name"))
    return name.apply(lambda found: {found or "container": one})


def _all(values: list[Any]) -> pulumi.Output[list[Any]]:
    return pulumi.Output.from_input(values)


def _resolved(
    component: str, containers: pulumi.Output[Containers], of_group: Callable[[Any], Any]
) -> pulumi.Output[Containers]:
    """The containers with all their outputs resolved, and `of_group(target group)` in the place of each target group."""

    def mapping(found: Any) -> Any:
        group = found.get("targetGroup")
        if group is None:
            return found
        if not isinstance(group, pulumi.Resource):
            raise ArgumentError(
                f"{component}: portMappings.targetGroup: got {group!r}, allowed is a target group"
            )
        return {**found, "targetGroup": of_group(group)}

    def container(found: Mapping[str, Any]) -> Any:
        if found.get("portMappings") is None:
            return found
        mappings: pulumi.Output[list[Any]] = pulumi.Output.from_input(found["portMappings"])
        return {**found, "portMappings": mappings.apply(lambda each: _all([mapping(one) for one in each]))}

    def every(found: Containers) -> pulumi.Output[Containers]:
        return pulumi.Output.from_input({name: container(one) for name, one in found.items()})

    return containers.apply(every)


def definitions(
    component: str, containers: pulumi.Output[Containers], log: LogTarget | None
) -> pulumi.Output[list[dict[str, Any]]]:
    """The definitions in the order of their names; they are known as soon as the ports of target groups are."""
    known = _resolved(component, containers, lambda group: {"port": group.port})
    where = pulumi.Output.all(log.name, log.region) if log else pulumi.Output.from_input([None, None])

    def write(found: list[Any]) -> list[dict[str, Any]]:
        given, (group, region) = found
        return [
            _definition(component, name, given[name], group, region) for name in sorted(given, key=_collation)
        ]

    return pulumi.Output.all(known, where).apply(write)


def _definition(
    component: str, name: str, given: Mapping[str, Any], group: str | None, region: str | None
) -> dict[str, Any]:
    """One definition. Given keys stand in order; a name, ports or a log configuration that are added come after them."""
    cls = resource_class("awsx:ecs:TaskDefinitionContainerDefinitionArgs")
    check(f"{component}: container {name!r}", _without_groups(given), cls)
    made: dict[str, Any] = _in_order(given)
    if given.get("portMappings") is not None:
        made["portMappings"] = [_port_mapping(each) for each in given["portMappings"]]
    made["name"] = name
    if given.get("logConfiguration") is None and group is not None:
        options = {"awslogs-group": group, "awslogs-region": region, "awslogs-stream-prefix": name}
        made["logConfiguration"] = {"logDriver": "awslogs", "options": options}
    return made


def _in_order(value: Any) -> Any:
    """Keys in order at every level, and whole numbers without a decimal point."""
    if isinstance(value, Mapping):
        return {key: _in_order(value[key]) for key in sorted(value) if value[key] is not None}
    if isinstance(value, list):
        return [_in_order(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _without_groups(given: Mapping[str, Any]) -> Mapping[str, Any]:
    mappings = given.get("portMappings") or []
    return {**given, "portMappings": [{**each, "targetGroup": None} for each in mappings]}


def _port_mapping(given: Mapping[str, Any]) -> dict[str, Any]:
    port = (given.get("targetGroup") or {}).get("port")
    made = {name: given.get(name) for name in _PORT_MAPPING}
    made["containerPort"] = _first(given.get("containerPort"), given.get("hostPort"), port)
    made["hostPort"] = _first(given.get("hostPort"), port, given.get("containerPort"))
    return {name: _in_order(value) for name, value in made.items() if value is not None}


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def _collation(name: str) -> tuple[list[int], list[bool]]:
    """The order in which awsx sorts names: `_`, `-`, digits, letters; small before capital only where nothing else differs."""
    order = "_-0123456789abcdefghijklmnopqrstuvwxyz"
    return [order.find(letter.lower()) for letter in name], [letter.isupper() for letter in name]


def as_text(found: list[dict[str, Any]]) -> str:
    """The definitions as JSON without spaces."""
    return json.dumps(found, separators=(",", ":"), ensure_ascii=False)


def load_balancers(
    component: str, containers: pulumi.Output[Containers]
) -> pulumi.Output[list[dict[str, Any]]]:
    """The service's load balancers: one for each target group that a container's port names."""
    ports = containers.apply(
        lambda given: {name: {"portMappings": one.get("portMappings")} for name, one in given.items()}
    )
    known = _resolved(component, ports, lambda group: {"port": group.port, "arn": group.arn})

    def found_in(given: Containers) -> list[dict[str, Any]]:
        return [
            {"containerName": name, "containerPort": group["port"], "targetGroupArn": group["arn"]}
            for name, one in given.items()
            for group in (each.get("targetGroup") for each in one.get("portMappings") or [])
            if group and group.get("arn") is not None and group.get("port") is not None
        ]

    return known.apply(found_in)
