"""A region's warehouse: the cluster where it stands, those that restores made, and what lets snapshots be copied to the other region."""

from __future__ import annotations

from typing import Any

import pulumi

from architectures.data_platform import names, warehouse_arguments, warehouse_settings
from architectures.data_platform.sections import Warehouse as Given
from architectures.data_platform.sections import WarehouseRestore
from architectures.system import Place
from components.facts import Fact
from components.warehouse import CopyGrant, Warehouse


class WarehouseParts:
    """The parts of a region, as children of the system."""

    clusters: dict[str, Warehouse]
    """By name, oldest first; the last one serves. None in a joining stack that restores nothing."""
    recovery: list[Fact]
    outputs: dict[str, Any]

    def __init__(self, name: str, given: Given, place: Place, *, parent: pulumi.Resource) -> None:
        self._name, self._given, self._place = name, given, place
        self._child = pulumi.ResourceOptions(parent=parent)
        self.clusters, self.recovery, self.outputs = {}, [], {"clusters": {}}
        stack, ground = place.stack, place.ground
        granted = warehouse_arguments.grant(name, stack, tags=place.tags, peer_key_arn=ground.peer_key_arn)
        grant = CopyGrant(names.copies(name), granted, self._child)
        wanted = warehouse_settings.clusters(given, stack)
        for restore in wanted:
            # One that joined copies back once it is its region's to serve: the region that it took over from is there again.
            copies = restore is wanted[-1] and (stack.founder or stack.active)
            self._stand(restore, grant.name if copies else None)

    @property
    def serves(self) -> Warehouse | None:
        """The last one."""
        return list(self.clusters.values())[-1] if self.clusters else None

    def _stand(self, restore: WarehouseRestore | None, grant: pulumi.Output[str] | None) -> None:
        ground, called = self._place.ground, restore.name if restore else names.ORIGINAL
        args = warehouse_arguments.cluster(
            self._given,
            self._name,
            self._place.stack,
            restore,
            tags=self._place.tags,
            vpc_id=ground.network.vpc_id,
            subnet_ids=ground.network.data_subnet_ids,
            key_arn=ground.key_arn,
            topic_arn=ground.topic.arn,
            grant=grant,
        )
        made = Warehouse(names.warehouse(self._name, called), args, self._child)
        self.clusters[called] = made
        self.recovery.append({**made.recovery_fact, "backups": list(ground.backups.recovery_backups)})
        self.outputs["serves"] = called
        self.outputs["clusters"][called] = {
            "identifier": made.identifier,
            "endpoint": made.endpoint,
            "clients": made.clients_id,
            "secretArn": made.secret_arn,
        }
