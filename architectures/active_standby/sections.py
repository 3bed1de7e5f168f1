"""The groups of keys that only an active-standby system has."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from architectures.keys import Section, Slug, shaped
from architectures.parts.sections import Machine
from functions.active_standby.timing import FIELDS


class Server(Machine):
    """Each of the two instances."""

    port: int = 8080
    """Where the software listens, in plain HTTP."""
    health_path: str = "/health"
    """A light path: does it answer."""
    deep_health_path: str = "/health/deep"
    """One that asks whether it works. Route 53 asks both, the load balancer the light one."""
    start_seconds: int = Field(default=300, ge=0, le=7200)
    """In which an instance is launched, boots and answers. One that takes longer is taken for a failure, and replaced."""
    user_data: str | None = None
    """Script of the first start. None: a small server that keeps its state in memory, for a trial."""


class DiskRestore(Section):
    """Disks made from a snapshot, beside those that were there before."""

    name: Slug
    """Part of their names: letters, digits and hyphens, another for each restore."""
    snapshot: Annotated[
        str, shaped(r"snap-[0-9a-f]{8}([0-9a-f]{9})?", "the id of a snapshot, such as snap-0123456789abcdef0")
    ]
    """Of the stack's region, where backups are copied to as well."""


class Disk(Section):
    """A data disk for each of the two instances, at /data. Nothing copies the one's to the other's."""

    size_gb: int
    snapshots: Literal["hourly", "daily"] = "daily"
    """Besides the stack's backup plan, which takes and copies one as often as `backup.timesADay` says. Both cross to the other region."""
    fast_restore: bool = False
    """With hourly snapshots: the last one makes a volume that is fast at once, for 0.75 USD an hour in each zone."""
    restores: tuple[DiskRestore, ...] = ()
    """Oldest first; the last one's are attached. What stands here is the program's: it goes when its line goes."""


class Watch(Section):
    """How the function watches, and when it swaps. Defaults and ranges are the function's own."""

    poll_seconds: int = FIELDS["poll"].default
    """Between two looks."""
    unhealthy_polls: int = FIELDS["unhealthyPolls"].default
    """Looks in a row that must find the one that serves ill."""
    healthy_polls: int = FIELDS["healthyPolls"].default
    """Looks in a row that must find an instance healthy before it may serve."""
    cool_down_seconds: int = FIELDS["coolDown"].default
    """After a swap without another one."""
    drain_seconds: int = FIELDS["drain"].default
    """In which the one that is relieved may end what it has begun, before the other one serves."""
