"""The keys of a system of containers, and what is allowed in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import Field

from architectures.containers import arguments, lattice, names, registry
from architectures.containers.sections import Experiment, Lattice, Service
from architectures.faults import PLACEHOLDER, Fault, fault, held, refusals
from architectures.keys import Slug
from architectures.parts import images, rehearsing, switching
from architectures.parts.arguments import PLACEHOLDER_TAGS, placeholder_tags, queue_faults
from architectures.parts.settings import PlainSettings, SiteSettings
from architectures.parts.switched import SwitchedSettings
from architectures.parts.switching import Planned
from architectures.stack import Stack
from architectures.strategies import Strategy
from components.edge import checks
from components.network.cidr import MINIMUM_ZONES
from components.switch import ServicePair

UrlPath = Annotated[str, held(partial(checks.path, ""))]
FRONT = "/"
"""The path that a site's checks need: it takes what no other path does."""


class ContainersSettings(SwitchedSettings, PlainSettings, SiteSettings):
    """One system of containers."""

    kind: Literal["containers"]
    experiments: tuple[Experiment, ...] = ()
    """What can be started to rehearse a failure, where tasks run. Each stops when the system shows a symptom."""
    health_path: UrlPath = "/health"
    """What Route 53 asks the site's load balancer: light."""
    deep_health_path: UrlPath = "/health/deep"
    """The same, of what works only if the services behind do."""
    execute_command: bool = False
    """Whether people may run commands in containers; each session is encrypted and logged."""
    replicate_images: bool = True
    """Whether this stack sets the replication of its account's registry, which is one for the region: false where another one does."""
    lattice: Lattice | None = None
    """A network on which services are called from other VPCs. None: nobody calls them from there, but by the load balancer."""
    services: Annotated[dict[Slug, Service], Field(min_length=1)]

    @property
    def placed(self) -> Mapping[str, Service]:
        """The services that have an image."""
        return {each: given for each, given in self.services.items() if given.image is not None}

    @property
    def outside(self) -> Mapping[str, str]:
        """Path of each service that faces outside."""
        return {each: given.path for each, given in self.services.items() if given.path is not None}

    @property
    def answered(self) -> Mapping[str, str]:
        """The same of those that have an image: to Route 53 a load balancer with an empty target group is ill."""
        return {each: path for each, path in self.outside.items() if each in self.placed}

    @property
    def latticed(self) -> Mapping[str, Service]:
        """Those on the service network that have an image."""
        return {each: given for each, given in self.placed.items() if given.lattice}

    @property
    def paired(self) -> bool:
        """Whether a service has a target group that is empty but for its deployments."""
        return any(self.services[each].deployment == "blue-green" for each in self.answered)

    def faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        """What can't be in that stack under that name: pairs of a key within the system and what is said of it."""
        yield from self.site_faults(name, stack)
        yield from self.strategy_faults(stack)
        if self.rebuild and (stack.founder or self.followed(stack) is not Strategy.BACKUP_AND_RESTORE):
            allowed = f"false but in the joining stack with {Strategy.BACKUP_AND_RESTORE}: elsewhere all of it stands"
            yield fault("rebuild", "true", allowed)
        if len(set(stack.zones)) < MINIMUM_ZONES:  # the network's own fault
            return
        yield from self._rehearsal_faults(stack)
        yield from self._front_faults()
        yield from self._switch_faults(name, stack)
        yield from self._group_faults()
        yield from registry.faults(self.services)
        yield from lattice.faults(self.lattice, self.services, name, stack)
        for each, given in self.services.items():
            for key, said in self._service_faults(each, given, stack):
                yield f"services.{each}.{key}", said

    def _front_faults(self) -> Iterator[Fault]:
        by_path: dict[str, str] = {}
        for each, path in self.outside.items():
            if path in by_path:
                allowed = f"each path once, and {by_path[path]} has it"
                yield fault(f"services.{each}.path", repr(path), allowed)
            by_path.setdefault(path, each)
        front = by_path.get(FRONT)
        if self.site is not None and (front is None or self.services[front].image is None):
            allowed = f"one with an image and the path {FRONT} beside a site: it answers what no other does"
            yield fault("services", repr(sorted(by_path)) if by_path else "none with a path", allowed)
        if self.health_path == self.deep_health_path:
            yield fault("deepHealthPath", repr(self.deep_health_path), "another than healthPath")

    def rehearsed(self, stack: Stack) -> tuple[str, ...]:
        """The experiments that can be started in that stack's region: where tasks run."""
        return self.experiments if self.posture(stack).share else ()

    def _rehearsal_faults(self, stack: Stack) -> Iterator[Fault]:
        tags = placeholder_tags(rto_hours=stack.rto_hours)
        yield from rehearsing.faults(self.autoshift, self.experiments, stack, tags)
        if self.experiments and not self.answered:
            allowed = "none without a service that has a path and an image: nothing would end them"
            yield fault("experiments", repr(list(self.experiments)), allowed)

    def planned(self, stack: Stack) -> Planned:
        """What its plan moves, where nothing exists yet."""
        each = switching.regions_of(stack)
        pairs = [ServicePair(label=found, cluster_arns=each, service_arns=each) for found in self.placed]
        return Planned(groups={}, services=pairs, health=each)

    def _switch_faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        yield from self.switch_faults(name, stack)
        if "database" in self.switch.minutes.model_fields_set:
            allowed = "nothing: no database fails over"
            yield fault("switch.minutes.database", self.switch.minutes.database, allowed)

    def _group_faults(self) -> Iterator[Fault]:
        for each, given in self.services.items():
            for other in given.calls:
                there = self.services.get(other)
                if other == each or there is None or there.port is None:
                    allowed = "names of other services that have a port"
                    yield fault(f"services.{each}.calls", repr(other), allowed)
            for other in given.sends:
                there = self.services.get(other)
                if there is None or there.queue is None:
                    allowed = "names of services that have a queue"
                    yield fault(f"services.{each}.sends", repr(other), allowed)

    def _service_faults(self, each: str, given: Service, stack: Stack) -> Iterator[Fault]:
        if given.path is not None and given.port is None:
            yield fault("port", "nothing", "a port beside a path")
            return
        if (region := given.image and images.image_region(given.image)) and region != stack.region:
            allowed = f"an image in {stack.region}: the other region may be lost when a task starts"
            yield fault("image", repr(given.image), allowed)
        for variable, arn in given.secrets.items():
            if arn.split(":")[3] != stack.region:
                yield fault(f"secrets.{variable}", repr(arn), f"a secret of {stack.region}")
        told = {names.variable(other) for other in given.sends} | ({names.QUEUE} if given.queue else set())
        for variable in sorted(told & {*given.environment, *given.secrets}):
            yield fault("environment", repr(variable), "any other variable: that one is where a queue is")
        if given.deployment == "blue-green" and given.path is None:
            allowed = "rolling without a path: requests that the load balancer sends are what moves"
            yield fault("deployment", "'blue-green'", allowed)
            return
        share = self.posture(stack).share or 0
        args = partial(
            arguments.placeholder_service, each, given, stack, share, commands=self.execute_command
        )
        found = list(refusals(lambda: args().check(), arguments.SERVICE_KEYS))
        yield from found
        if given.queue is not None:
            yield from queue_faults(given.queue, stack)
        if given.path is not None and not found:
            path = arguments.path(
                given,
                given.path,
                listener_arn=PLACEHOLDER,
                vpc_id=PLACEHOLDER,
                priority=1,
                tags=PLACEHOLDER_TAGS,
            )
            yield from refusals(path.check, arguments.PATH_KEYS)

    def parts(self, name: str) -> list[str]:
        """What its parts are called, besides the system itself."""
        return [names.service(name, each) for each in self.services]

    @property
    def restored_types(self) -> set[str]:
        """Types of resources, in AWS Backup's words, whose restores are rehearsed: none keeps data that a backup has."""
        return set()

    def image_prefixes(self, stack: Stack) -> list[str]:
        """How the names of the repositories begin whose images are copied to the other region."""
        return [images.prefix(stack)] if self.replicate_images else []

    def agreement(self, stack: Stack) -> Mapping[str, Any]:
        """What both regions' stacks must say alike of the system, by key."""
        found = {**super().agreement(stack), "services": sorted(self.services)}
        for each, given in sorted(self.services.items()):
            found[f"services.{each}.path"] = given.path
            found[f"services.{each}.port"] = given.port
            found[f"services.{each}.lattice"] = given.lattice
            found[f"services.{each}.discovered"] = given.discovered or None
            if self.switch.by == "region-switch":  # the plan names each in both regions
                found[f"services.{each}.image"] = "one" if given.image else None
        return found
