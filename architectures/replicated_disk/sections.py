"""The groups of keys that only a system with a mirrored disk has."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from architectures.active_standby.sections import Disk, Server
from architectures.keys import shaped

ROOT_DEVICE = "/dev/sda1"
"""Of Ubuntu's images."""


class Machine(Server):
    """Each of the two machines. Ubuntu: Amazon Linux's kernel has no DRBD."""

    image_parameter: Annotated[
        str, shaped(r"/[\w./-]{1,1010}", "the name of an SSM parameter, which begins with /")
    ] = "/aws/service/canonical/ubuntu/server/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id"
    """https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/"""
    ready_seconds: int = Field(default=60, ge=1, le=600)
    """In which what serves answers once the disk is primary: the file system is mounted, the software starts. A machine that takes longer
    is ill, and relieved by the other one."""
    user_data: str | None = None
    """Script that installs a systemd unit `app.service`, which the agent starts and stops (in 5 s: a watchdog resets a machine that is no
    longer primary in 10). Its data is in /data. None: a small server that counts its visitors, for a trial."""


class MirroredDisk(Disk):
    """The disk at /data that the two machines mirror."""

    snapshots: Literal["hourly", "daily"] = "hourly"
    """Besides the stack's backup plan. Of both halves, and copied to the other region: with that are lost what was written in an hour,
    with the windows of two jobs; or in the plan's gap."""
    protocol: Literal["C", "A"] = "C"
    """C, synchronous: a write is acknowledged when both disks have it, about a millisecond later; with a machine or a zone nothing is
    lost. A, asynchronous: when it is in the send buffer; what that holds may be lost, 1 MiB at most, and what was written in the 5
    seconds (`ping-int` and `ping-timeout`) in which the loss of the connection is noticed. Mistakes are mirrored, too: snapshots alone
    bring back what was."""
