"""The keys of a system with a mirrored disk, and what is allowed in them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from ipaddress import IPv4Network
from typing import Literal

from architectures.active_standby.settings import ActiveStandbySettings
from architectures.faults import Fault, fault, refusals
from architectures.replicated_disk import arguments
from architectures.replicated_disk.sections import Machine, MirroredDisk
from architectures.stack import Stack
from architectures.strategies import Strategy
from components.compute.pair import MEMBERS
from components.network.regions import zone_id_prefix


def _unread(network: str) -> bool:
    try:
        IPv4Network(network, strict=False)
    except ValueError:
        return True
    return False


class ReplicatedDiskSettings(ActiveStandbySettings):
    """Software that keeps its data on a disk, of which two zones have the same copy."""

    kind: Literal["replicated-disk"]  # type: ignore[assignment]  # another kind, with the same keys and two more
    server: Machine = Machine()
    disk: MirroredDisk
    address: str
    """The moving one: IPv4, outside of both regions' networks; who is primary answers there."""

    def faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        """What can't be in that stack under that name: pairs of a key within the system and what is said of it."""
        yield from super().faults(name, stack)
        zones = self.placed(stack)
        if any(map(_unread, stack.networks)) or len(set(zones)) != MEMBERS:
            return  # the network's own fault, or the pair's
        check = partial(arguments.check_link, self.server, self.address, zones, stack.networks)
        yield from refusals(check, arguments.LINK_KEYS)

    def _alone_faults(self, stack: Stack) -> Iterator[Fault]:
        """What only a disk could do that crosses regions."""
        yield from super()._alone_faults(stack)
        followed = self.followed(stack)
        if followed not in (Strategy.BACKUP_AND_RESTORE, Strategy.ACTIVE_ACTIVE) or (
            followed is Strategy.ACTIVE_ACTIVE and self.site is None
        ):
            allowed = f"{Strategy.BACKUP_AND_RESTORE}: the disk is mirrored within a region, and only snapshots of it cross"
            yield fault("strategy", repr(str(followed)), allowed)

    def _zone_faults(self, stack: Stack) -> Iterator[Fault]:
        own = zone_id_prefix(stack.region)
        for zone in self.zones or ():
            if not zone.startswith(own):
                allowed = (
                    f"zones of {stack.region}: each write would wait for the way to the other region and back"
                )
                yield fault("zones", repr(zone), allowed)
                return
        yield from super()._zone_faults(stack)

    def _script(self, stack: Stack) -> str:
        """The whole script, whose length is limited."""
        zones = self.placed(stack)
        return arguments.longest_script(self.server, self.disk, self.address, zones, stack.region)
