"""A system whose data is on a disk that two zones mirror: one machine of two is primary, and serves."""

from __future__ import annotations

from architectures.active_standby.system import ActiveStandby
from architectures.replicated_disk.runbook import written
from architectures.replicated_disk.serving import MirroredServing


class ReplicatedDisk(ActiveStandby):
    """One region's part of the system.

    Creates: what an active-standby system does, with its disks mirrored by DRBD, a network interface in each of the two zones, and a
    route to the address that moves. Survives: instance and zone (the other machine serves in about a minute, and has what was
    acknowledged; with protocol A but for what the send buffer held); region by snapshots alone. Costs: two machines and two disks, of
    which one serves; traffic between zones for each write.
    Source: https://linbit.com/drbd-user-guide/users-guide-drbd-8-4/
    """

    TYPE = "holdfast:architectures:ReplicatedDisk"
    SERVING = MirroredServing
    RUNBOOKS = staticmethod(written)
