"""Tasks of ECS services on the clock: where each one runs, who sends it requests, how it fails, and what is started in its place.

The service scheduler spreads a service's tasks over the zones of its subnets that are there, stops a task that its load balancer finds
unhealthy or that has stopped by itself, and starts another. A task that runs has started its application; a service's grace period matters
to one that never works.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html
"""

from __future__ import annotations

import ipaddress
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from sandbox.aws.client import ACCOUNT
from sandbox.aws.clockwork import registries, releases, scope
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.faults import TABLE

NEED = "dr:required-capacity"
UNHEALTHY, STOPPED = "unhealthy", "stopped"
"""Why a task is replaced: its load balancer says so; it has ended, or its own health check says so."""
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
    release: str
    """ARN of its task definition."""
    into: list[Any] = field(default_factory=list)
    """Target groups that it is registered in."""
    failed: bool = False

    @property
    def alive(self) -> bool:
        """Whether it runs and answers."""
        gone = TABLE.zone_lost(self.zone, self.zone_id) or TABLE.region_lost(self.service.region_name)
        return not self.failed and not gone and self.ready <= CLOCK.now and not releases.sick(self.release)


class Keeper(Protocol):
    """Who decides which of a service's tasks run while a deployment is under way."""

    def settle(self) -> None:
        """As many tasks as are wanted, of each release."""

    def lost(self, task: Task) -> None:
        """A task was stopped, since it doesn't work."""


_tasks: dict[str, Task] = {}
"""By address. Networks of two regions don't overlap: they could not be peered."""
KEEPERS: dict[str, Keeper] = {}
"""By the ARN of a service that is being deployed."""
_addresses = itertools.count(_FIRST)


def start() -> None:
    """As many tasks as each service wants run already."""
    for service in services():
        for _ in range(int(service.desired_count)):
            launch(service, at_once=True)


def services() -> Iterator[Any]:
    """The services of every region that is there."""
    from moto.ecs.models import ecs_backends

    for region, backend in list(ecs_backends[ACCOUNT].items()):
        if not TABLE.region_lost(region):
            yield from [each for each in backend.services.values() if scope.played(each)]


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
    """The target groups that its tasks are registered in, of a pair the one that its requests go to."""
    from moto.elbv2.models import elbv2_backends

    there = elbv2_backends[ACCOUNT][service.region_name].target_groups
    found = (releases.serving(service, each) for each in service.load_balancers)
    return [there[arn] for arn in found if arn in there]


def light(service: Any) -> set[str]:
    """Paths that its load balancer asks a task by, which need nothing behind it."""
    return {str(group.health_check_path) for group in groups(service)}


def fail(address: str) -> bool:
    """The host of a task fails; whether there is such a task. ECS finds out, unless a load balancer does before."""
    task = _tasks.get(address)
    if task is None:
        return False
    task.failed = True
    CLOCK.after(CLOCK.lasts("detect.task"), partial(stop, address, STOPPED))
    return True


def lose(zone: str) -> None:
    """The tasks of a zone stop with it."""
    for task in list(_tasks.values()):
        if zone in (task.zone, task.zone_id):
            fail(task.address)


def stop(address: str, why: str) -> None:
    """The scheduler takes a task away and starts another, unless it has done so already, or its region is lost.

    What load balancers find unhealthy in the service's grace period it leaves until that is over.
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
    """
    task = _tasks.get(address)
    if task is None or TABLE.region_lost(task.service.region_name):
        return
    early = task.ready + releases.grace(task.service) - CLOCK.now
    if why == UNHEALTHY and early > 0:
        CLOCK.after(early, lambda: None if task.alive else stop(address, why))
        return
    CLOCK.note("ECS", f"replaces {address} of {task.service.name}: {why}", task.service.region_name)
    leaves(task)
    if (keeper := KEEPERS.get(task.service.arn)) is not None:
        keeper.lost(task)
    settle(task.service)


def settle(service: Any) -> None:
    """As many tasks as are wanted."""
    if (keeper := KEEPERS.get(service.arn)) is not None:
        keeper.settle()
    else:
        there = of(service)
        for _ in range(int(service.desired_count) - len(there)):
            launch(service)
        for task in there[int(service.desired_count) :]:
            leaves(task)
    _count(service)


def leaves(task: Task) -> None:
    """It is taken away, and nobody sends it requests any more."""
    if _tasks.pop(task.address, None) is not None:
        for group in task.into:
            group.deregister([{"Id": task.address}])
        registries.leave(task.service, task.address)


def launch(service: Any, release: str = "", into: list[Any] | None = None, *, at_once: bool = False) -> None:
    """Start a task in the zone that is there and has the fewest; nowhere when none is.

    Of the release that the service names, in the target groups that its requests go to, unless another is given.
    """
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
    wait = -releases.grace(service) if at_once else CLOCK.lasts("launch.fargate")
    task = Task(
        address,
        service,
        subnet.availability_zone,
        subnet.availability_zone_id,
        CLOCK.now + wait,
        release or str(service.task_definition),
        groups(service) if into is None else into,
    )
    _tasks[address] = task
    if at_once:
        _runs(task)
        return
    CLOCK.note("ECS", f"starts {address} of {service.name} in {task.zone}", service.region_name)
    CLOCK.after(wait, partial(_runs, task))


def _runs(task: Task) -> None:
    """A task that runs is registered, if it is still wanted."""
    if _tasks.get(task.address) is task and not TABLE.region_lost(task.service.region_name):
        for group in task.into:
            group.register([{"Id": task.address}])
        registries.enter(task.service, task.address, task.zone)
        if (found := releases.ends(task)) is not None:
            CLOCK.after(found, partial(stop, task.address, STOPPED))
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
