"""Workers of a region that are containers: one cluster, and a service for each that has an image."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from architectures.parts.images import Images
from architectures.parts.tasks import Around
from architectures.workers import arguments, names
from architectures.workers.floor import Done, Floor
from architectures.workers.sections import Container
from components.compute import ContainerCluster, ContainerClusterArgs, ContainerService
from components.data import WorkQueue


class Containers:
    """The cluster and the services, where there is one."""

    cluster: ContainerCluster | None
    """None where no worker is in containers, or none has an image yet."""
    services: dict[str, ContainerService]
    """Those that have an image."""

    def __init__(
        self,
        floor: Floor,
        done: Done,
        queues: Mapping[str, WorkQueue],
        images: Images,
        group_id: pulumi.Input[str] | None,
    ) -> None:
        self._floor, self._done, self._queues, self._images = floor, done, queues, images
        self.cluster, self.services = None, {}
        placed = floor.settings.placed
        if not placed or group_id is None:
            return
        args = ContainerClusterArgs(
            tags=floor.tags, cluster_name=floor.stack.named(floor.name), key_arn=floor.ground.key_arn
        )
        self.cluster = ContainerCluster(f"{floor.name}-tasks", args, floor.child)
        self.services = {
            each: self._service(each, given, self.cluster, group_id) for each, given in placed.items()
        }

    def _service(
        self, each: str, given: Container, cluster: ContainerCluster, group_id: pulumi.Input[str]
    ) -> ContainerService:
        assert given.image is not None  # noqa: S101  only those with an image are placed
        floor, queue = self._floor, self._queues[each]
        around = Around.of(
            floor.ground,
            floor.tags,
            group_id=group_id,
            pulled=self._images.of(each, given.image),
            cluster_arn=cluster.arn,
        )
        args = arguments.service(
            given,
            floor.stack,
            floor.stands.share or 0,
            around,
            queue_name=queue.name,
            variables={
                **self._done.told,
                names.QUEUE: queue.url,
                names.WORK: str(given.work_seconds),
            },
            statements=[*queue.receiving(), *self._done.statements],
        )
        return ContainerService(names.worker(floor.name, each), args, floor.child)
