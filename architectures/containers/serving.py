"""What serves a system of containers in one region: groups, cluster, queues, load balancer, services, alarms."""

from __future__ import annotations

from functools import partial
from typing import Any

import pulumi

from architectures.containers import arguments, names
from architectures.containers.lattice import OnLattice, prefix_list
from architectures.containers.registry import asked, registry
from architectures.containers.sections import Service
from architectures.containers.settings import ContainersSettings
from architectures.parts import service_alarms as alarms
from architectures.parts.arguments import queue
from architectures.parts.images import Images
from architectures.parts.site import Site
from architectures.parts.tasks import Around
from architectures.system import Place
from components.compute import BlueGreen, ContainerCluster, ContainerClusterArgs, ContainerService, Target
from components.data import WorkQueue
from components.edge import LoadBalancer, PathTarget, priorities
from components.facts import Fact
from components.network import Registry, ServiceGroups
from components.operations import RegionHealth, RegionHealthArgs
from components.permissions import Statement
from components.switch import TASKS, opt_in


class Serving:
    """The parts of a region that serve, as children of the system."""

    balancer: LoadBalancer | None
    """None where no service faces outside."""
    alarms: RegionHealth | None
    """The same."""
    lattice: OnLattice | None
    """None where no service is called from other VPCs."""
    registry: Registry | None
    """None where nobody finds tasks himself."""
    services: dict[str, ContainerService]
    """Those that have an image."""

    def __init__(
        self,
        name: str,
        settings: ContainersSettings,
        place: Place,
        site: Site,
        images: Images,
        *,
        parent: pulumi.Resource,
    ) -> None:
        self._name, self._settings, self._place = name, settings, place
        self._site, self._images = site, images
        self._stack, self._ground, self._tags = place.stack, place.ground, place.tags
        self._share = settings.posture(place.stack).share or 0
        self._parent, self._child = parent, pulumi.ResourceOptions(parent=parent)
        self.groups = self._groups()
        self.cluster = self._cluster()
        self.queues = {
            each: self._queue(each, given) for each, given in settings.services.items() if given.queue
        }
        self.balancer = site.balancer(self.groups.load_balancer_id, None) if settings.answered else None
        self._numbers = priorities(settings.outside.values())
        self.paths = {
            each: self._path(self.balancer, each, path)
            for each, path in settings.answered.items()
            if self.balancer
        }
        self.lattice = None
        if settings.lattice is not None and settings.latticed:
            self.lattice = OnLattice(name, settings.lattice, settings.latticed, place, parent=parent)
        self.registry = registry(name, settings.placed, place.stack, place, self._child)
        self._errors = {each: self._alarm_of_errors(each) for each in self.paths}
        self.services = {each: self._service(each, given) for each, given in settings.placed.items()}
        self.alarms = self._alarms(self.balancer) if self.balancer else None

    @property
    def answering(self) -> list[str]:
        """The units behind the load balancer."""
        return [self.services[each].recovery_fact["name"] for each in self.paths]

    @property
    def recovery(self) -> list[Fact]:
        """The units that serve, front to back."""
        front = []
        if self.balancer is not None:
            front = [{**self.balancer.recovery_fact, "needs": sorted(self.answering)}]
        return [*front, *(self._fact(each, made) for each, made in self.services.items())]

    def _fact(self, each: str, made: ContainerService) -> Fact:
        path = self.paths.get(each)
        return {**made.recovery_fact, "check": path.target_check} if path else made.recovery_fact

    @property
    def outputs(self) -> dict[str, Any]:
        """What people and the other region's stack read of it."""
        found: dict[str, Any] = {
            "cluster": self.cluster.name,
            "services": {each: made.service_name for each, made in self.services.items()},
        }
        if self.queues:
            found["queues"] = {each: made.url for each, made in self.queues.items()}
        if self.balancer is not None:
            found["loadBalancer"] = self.balancer.dns_name
        if self.alarms is not None:
            found["alarm"] = self.alarms.name
        if self.lattice is not None:
            found["lattice"] = self.lattice.outputs
        if self.registry is not None:
            found["discovery"] = {
                "namespace": self.registry.namespace,
                "services": self.registry.service_arns,
            }
        if self._settings.switch.by == "region-switch":
            found["parts"] = self._parts
        return found

    @property
    def _parts(self) -> dict[str, Any]:
        """What AWS calls the parts that a plan of the other region's stack moves, and what its runbook looks at."""
        found: dict[str, Any] = {
            "clusterArn": self.cluster.arn,
            "serviceArns": {each: made.service_arn for each, made in self.services.items()},
            "targets": {each: path.target_group_arn for each, path in self.paths.items()},
        }
        if self.alarms is not None:
            found["alarmArn"] = self.alarms.arn
        return found

    def _groups(self) -> ServiceGroups:
        network = self._ground.network
        args = arguments.groups(
            self._settings.services,
            vpc_id=network.vpc_id,
            ingress_cidrs=[self._site.clients],
            lattice_prefix_list_id=prefix_list(self._stack.region, self._parent)
            if any(given.lattice for given in self._settings.services.values())
            else None,
            tags=self._tags,
        )
        return ServiceGroups(f"{self._name}-sg", args, self._child)

    def _cluster(self) -> ContainerCluster:
        args = ContainerClusterArgs(
            tags=self._tags,
            cluster_name=self._stack.named(self._name),
            key_arn=self._ground.key_arn,
            execute_command=self._settings.execute_command,
        )
        return ContainerCluster(f"{self._name}-apps", args, self._child)

    def _queue(self, each: str, given: Service) -> WorkQueue:
        assert given.queue is not None  # noqa: S101  asked for those that have one
        args = queue(
            given.queue,
            tags=self._tags,
            key_arn=self._ground.key_arn,
            actions=[self._ground.topic.arn],
            protect=self._stack.protect,
        )
        return WorkQueue(names.service(self._name, each), args, self._child)

    def _path(self, balancer: LoadBalancer, each: str, path: str) -> PathTarget:
        args = arguments.path(
            self._settings.services[each],
            path,
            listener_arn=balancer.https_listener_arn,
            vpc_id=self._ground.network.vpc_id,
            priority=self._numbers[path],
            tags=self._tags,
        )
        return PathTarget(names.target(self._name, each), args, self._child)

    def _alarm_of_errors(self, each: str) -> pulumi.Output[str]:
        assert self.balancer is not None  # noqa: S101  paths are its own
        made = alarms.errors(
            names.service(self._name, each),
            self.paths[each].arn_suffixes,
            balancer=self.balancer.arn_suffix,
            tags=self._tags,
            actions=[self._ground.topic.arn],
            opts=self._child,
        )
        return made.name

    def _service(self, each: str, given: Service) -> ContainerService:
        assert given.image is not None  # noqa: S101  only those with an image are placed
        queue = self.queues.get(each)
        around = Around.of(
            self._ground,
            self._tags,
            group_id=self.groups.service_ids[each],
            pulled=self._images.of(each, given.image),
            cluster_arn=self.cluster.arn,
        )
        told: dict[str, pulumi.Input[str]] = {names.QUEUE: queue.url} if queue else {}
        where, finding = asked(given, self.registry)
        args = arguments.service(
            each,
            given,
            self._stack,
            self._share,
            around,
            namespace_arn=self.cluster.namespace_arn,
            command_log_arn=self.cluster.log_group_arn,
            target=self._target(each),
            blue_green=self._blue_green(each, given),
            lattice_target_arn=self.lattice.target_arns[each] if self.lattice and given.lattice else None,
            registry_arn=self.registry.service_arns[each] if self.registry and given.discovered else None,
            rollback_alarms=[self._errors[each]] if each in self._errors else [],
            queue_name=queue.name if queue else None,
            environment={
                **told,
                **where,
                **{names.variable(other): self.queues[other].url for other in given.sends},
            },
            statements=[*self._statements(given, queue), *finding],
            task_tags=opt_in(TASKS, self._settings.rehearsed(self._stack)),
        )
        return ContainerService(names.service(self._name, each), args, self._child)

    def _statements(self, given: Service, own: WorkQueue | None) -> list[Statement]:
        sent = [each for other in given.sends for each in self.queues[other].sending()]
        return [*(own.receiving() if own else []), *sent]

    def _target(self, each: str) -> Target | None:
        path = self.paths.get(each)
        if path is None or self.balancer is None:
            return None
        return Target(
            arn=path.target_group_arn,
            arn_suffix=path.arn_suffixes[0],
            load_balancer_arn_suffix=self.balancer.arn_suffix,
            listener_arn=path.rule_arn,
        )

    def _blue_green(self, each: str, given: Service) -> BlueGreen | None:
        path = self.paths.get(each)
        if path is None or path.alternate_arn is None:
            return None
        return BlueGreen(
            alternate_arn=path.alternate_arn, rule_arn=path.rule_arn, bake_minutes=given.bake_minutes
        )

    def _alarms(self, balancer: LoadBalancer) -> RegionHealth:
        watched = partial(
            alarms.hosts,
            balancer=balancer.arn_suffix,
            tags=self._tags,
            actions=[self._ground.topic.arn],
            opts=self._child,
        )
        args = RegionHealthArgs(
            prefix=self._stack.named(self._name),
            region=self._stack.region,
            load_balancer_arn_suffix=balancer.arn_suffix,
            others={
                f"hosts-{each}": watched(
                    names.service(self._name, each),
                    self.paths[each].arn_suffixes,
                    idle=None if self._share else (self.cluster.name, made.service_name),
                )
                for each, made in self.services.items()
                if each in self.paths
            },
            actions=[self._ground.topic.arn],
            tags=self._tags,
        )
        return RegionHealth(f"{self._name}-health", args, self._child)
