"""What serves a system with a mirrored disk in one region: what a pair has, the link of the two, and who may be primary."""

from __future__ import annotations

import functools
from typing import Any, cast

import pulumi

from architectures.active_standby import names as pair_names
from architectures.active_standby.serving import SERVER, Serving
from architectures.replicated_disk import arguments, names
from architectures.replicated_disk.bootstrap import Half, Machines, script
from architectures.replicated_disk.sections import ROOT_DEVICE
from architectures.replicated_disk.settings import ReplicatedDiskSettings
from components.compute import MirrorArgs
from components.edge import TargetArgs
from components.facts import Fact
from components.network import MirrorLink
from components.permissions import Statement, allow


class MirroredServing(Serving):
    """The parts of a region that serve, as children of the system."""

    ROOT_DEVICE = ROOT_DEVICE

    @property
    def _given(self) -> ReplicatedDiskSettings:
        return cast("ReplicatedDiskSettings", self._settings)

    @functools.cached_property
    def link(self) -> MirrorLink:
        """The interfaces and the moving address."""
        network, given = self._ground.network, self._given
        args = arguments.link(
            given.server,
            given.address,
            vpc_id=network.vpc_id,
            cidrs=self._stack.networks,
            subnet_ids={zone: network.private_subnet_ids[zone] for zone in given.placed(self._stack)},
            route_table_ids=network.private_route_table_ids,
            load_balancer_id=self.groups.load_balancer_id,
            machine_id=self.groups.tier_ids[SERVER],
            tags=self._tags,
        )
        return MirrorLink(names.link(self._name), args, self._child)

    @property
    def recovery(self) -> list[Fact]:
        """The units that serve, front to back; the disk that is attached is in two zones."""
        given = self._given
        mirrored = {"mirrored": {"protocol": given.disk.protocol, "starts": given.server.ready_seconds}}
        used = {each["name"] for each in self._attached.recovery_facts} if self._attached else set()
        return [{**each, **(mirrored if each["name"] in used else {})} for each in super().recovery]

    @property
    def outputs(self) -> dict[str, Any]:
        """What people and the other region's stack read of it."""
        return {**super().outputs, "address": self._given.address}

    @property
    def parts(self) -> dict[str, pulumi.Output[str]]:
        """What AWS calls the parts, for who looks at them or moves them."""
        first, second = self.link.interface_ids.values()
        return {**super().parts, "firstInterface": first, "secondInterface": second, "key": self._key}

    @property
    def _probe(self) -> TargetArgs:
        return arguments.probe(self._given.server, self._given.watch)

    @property
    def _called(self) -> str:
        """Its lease is another one with each restore: what was primary, and what is whole, is said of one disk."""
        restore = self._given.disks()[-1]
        return self._stack.named(self._name, *([restore.name] if restore else []))

    @property
    def _key(self) -> pulumi.Output[str]:
        return pulumi.Output.from_input(self._called)

    def _script(self) -> pulumi.Input[str]:
        given, disk = self._given, self._attached
        assert disk is not None  # noqa: S101 - there is no such system without one
        restore = given.disks()[-1]

        def filled(known: dict[str, Any]) -> str:
            halves = {
                zone: Half(
                    volume=known["volumes"][zone],
                    interface=known["interfaces"][zone],
                    address=known["addresses"][zone],
                )
                for zone in given.placed(self._stack)
            }
            told = Machines(
                name=pair_names.disks(self._name, restore.name if restore else None),
                protocol=given.disk.protocol,
                halves=halves,
                address=given.address,
                region=self._stack.region,
                table=known["table"],
                pair=self._called,
            )
            return script(told, arguments.start(given.server))

        return pulumi.Output.all(
            volumes=disk.volume_ids,
            interfaces=self.link.interface_ids,
            addresses=self.link.addresses,
            table=self.lease.table_name,
        ).apply(filled)

    def _statements(self) -> list[Statement]:
        assert self._attached is not None  # noqa: S101
        attaching = self._attached.attaching
        instances = attaching["Resource"][-1]
        interfaces = [*self.link.interface_arns.values(), instances]
        own = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [self._called]}}
        via = {"StringLike": {"kms:ViaService": "dynamodb.*.amazonaws.com"}}
        return [
            attaching,
            allow("ec2:AttachNetworkInterface", interfaces, attaching["Condition"]),
            allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], self.lease.table_arn, own),
            allow("kms:Decrypt", self._ground.key_arn, via),
        ]

    def _mirror(self) -> MirrorArgs | None:
        given = self._given
        return arguments.mirror(
            given.server,
            given.disk,
            given.address,
            interface_ids=list(self.link.interface_ids.values()),
            route_table_ids=list(self._ground.network.private_route_table_ids.values()),
        )
