"""Tasks of ECS services on the clock: where each one runs, who sends it requests, how it fails, and what is started in its place.

The service scheduler spreads a service's tasks over the zones of its subnets that are there, stops a task that its load balancer finds
unhealthy or that has stopped by itself, and starts another. A task that runs has started its application; grace periods don't matter then.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html
"""

from __future__ import annotations

import functools
import ipaddress
import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from sandbox.aws.client import ACCOUNT
from sandbox.aws.clockwork import scope
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.faults import TABLE

NEED = "dr:required-capacity"
_FIRST = 20
"""Addresses of a subnet that others have: AWS's own, endpoints, load balancers."""


@dataclass
class Task:
    """One task."""

    address: str
    """In its subnet: what target groups know it by."""
    service: Any
    zone: str
    zone_id: str
    ready: float
    """When it runs, in simulated seconds."""
    failed: bool = False

    @property
    def alive(self) -> bool:
        """Whether it runs and answers."""
        gone = TABLE.zone_lost(self.zone, self.zone_id) or TABLE.region_lost(self.service.region_name)
        return not self.failed and not gone and self.ready <= CLOCK.now


_tasks: dict[str, Task] = {}
"""By address. Networks of two regions don't overlap: they could not be peered."""
_addresses = itertools.count(_FIRST)


def start() -> None:
    """As many tasks as each service wants run already."""
    from moto.ecs.models import EC2ContainerServiceBackend

    for service in services():
        for _ in range(int(service.desired_count)):
            _launch(service, at_once=True)
    EC2ContainerServiceBackend.update_service = _updated(EC2ContainerServiceBackend.update_service)


def services() -> Iterator[Any]:
    """The services of every region that is there."""
    from moto.ecs.models import ecs_backends

    for region, backend in list(ecs_backends[ACCOUNT].items()):
        if not TABLE.region_lost(region):
            yield from [each for each in backend.services.values() if scope.plays(each.tags)]


def of(service: Any) -> list[Task]:
    """A service's tasks, also those that just start."""
    return [task for task in _tasks.values() if task.service is service]


def known(address: str) -> Task | None:
    """The task at an address."""
    return _tasks.get(address)


def required(service: Any) -> int | None:
    """Tasks that carry the whole load, by the service's tag."""
    return next((int(tag["value"]) for tag in service.tags if tag["key"] == NEED), None)


def groups(service: Any) -> list[Any]:
    """The target groups that its tasks are registered in."""
    from moto.elbv2.models import elbv2_backends

    there = elbv2_backends[ACCOUNT][service.region_name].target_groups
    return [
        there[each["targetGroupArn"]]
        for each in service.load_balancers
        if each.get("targetGroupArn") in there
    ]


def light(service: Any) -> set[str]:
    """Paths that its load balancer asks a task by, which need nothing behind it."""
    return {str(group.health_check_path) for group in groups(service)}


def fail(address: str) -> bool:
    """The host of a task fails; whether there is such a task. ECS finds out, unless a load balancer does before."""
    task = _tasks.get(address)
    if task is None:
        return False
    task.failed = True
    CLOCK.after(CLOCK.lasts("detect.task"), partial(stop, address, "stopped"))
    return True


def lose(zone: str) -> None:
    """The tasks of a zone stop with it."""
    for task in list(_tasks.values()):
        if zone in (task.zone, task.zone_id):
            fail(task.address)


def stop(address: str, why: str) -> None:
    """The scheduler takes a task away and starts another, unless it has done so already, or its region is lost."""
    task = _tasks.get(address)
    if task is None or TABLE.region_lost(task.service.region_name):
        return
    CLOCK.note("ECS", f"replaces {address} of {task.service.name}: {why}", task.service.region_name)
    _leaves(task)
    settle(task.service)


def settle(service: Any) -> None:
    """As many tasks as are wanted."""
    there = of(service)
    for _ in range(int(service.desired_count) - len(there)):
        _launch(service)
    for task in there[int(service.desired_count) :]:
        _leaves(task)
    _count(service)


def _leaves(task: Task) -> None:
    """It is taken away, and nobody sends it requests any more."""
    del _tasks[task.address]
    for group in groups(task.service):
        group.deregister([{"Id": task.address}])


def _launch(service: Any, *, at_once: bool = False) -> None:
    """Start a task in the zone that is there and has the fewest; nowhere when none is."""
    subnets = [
        each
        for each in _subnets(service)
        if not TABLE.zone_lost(each.availability_zone, each.availability_zone_id)
    ]
    if not subnets:
        CLOCK.note("ECS", f"{service.name} has no zone to start a task in", service.region_name)
        return
    taken = Counter(task.zone for task in of(service))
    subnet = min(subnets, key=lambda each: (taken[each.availability_zone], each.availability_zone))
    address = str(ipaddress.ip_network(subnet.cidr_block)[next(_addresses)])
    wait = 0.0 if at_once else CLOCK.lasts("launch.fargate")
    task = Task(address, service, subnet.availability_zone, subnet.availability_zone_id, CLOCK.now + wait)
    _tasks[address] = task
    if at_once:
        _runs(task)
        return
    CLOCK.note("ECS", f"starts {address} of {service.name} in {task.zone}", service.region_name)
    CLOCK.after(wait, partial(_runs, task))


def _runs(task: Task) -> None:
    """A task that runs is registered, if it is still wanted."""
    if _tasks.get(task.address) is task and not TABLE.region_lost(task.service.region_name):
        for group in groups(task.service):
            group.register([{"Id": task.address}])
        _count(task.service)


def _count(service: Any) -> None:
    """What DescribeServices tells."""
    running = sum(task.ready <= CLOCK.now for task in of(service))
    service.running_count, service.pending_count = running, len(of(service)) - running


def _subnets(service: Any) -> list[Any]:
    from moto.ec2.models import ec2_backends

    said = service.network_configuration.get("awsvpcConfiguration", {}).get("subnets", [])
    ec2 = ec2_backends[ACCOUNT][service.region_name]
    return [found for each in said if (found := ec2.get_subnet(each)) is not None]


def spread(service: Any) -> int:
    """Zones that its subnets are in."""
    return len({each.availability_zone for each in _subnets(service)})


def _updated(original: Callable[..., Any]) -> Callable[..., Any]:
    """A service whose number of tasks is changed while the clock runs gets them in their time."""

    @functools.wraps(original)
    def update_service(self: Any, service_properties: dict[str, Any]) -> Any:
        service = original(self, service_properties)
        settle(service)
        return service

    return update_service
