"""A disk that one instance mirrors to the other: who may be its primary, and what must be sure before another one may.

The pair's lease says who is to serve, its `primary` who may be the disk's primary: at most one, by conditional writes. In this order:

    1. The lease moves, never to a member that may lack what was acknowledged.
    2. The former primary gives its grant back when it has unmounted; or EC2 says that it is stopped or terminated; or it has been silent
       for EXPIRY, by the clock of the invocation that looks. A silent one is stopped by force as well, as far as EC2 answers.
    3. The lease's instance is granted the disk; its agent promotes it, mounts it and starts what serves.
    4. The address's route is pointed at its zone's network interface, and the load balancer's target group gets it.

The agent (`architectures/replicated_disk/node/`) renews its grant every RENEW seconds. RIGHT seconds after it sent the last renewal that
was answered it unmounts, and when it can't, a watchdog resets the machine WATCHDOG seconds after that answer. So nobody is primary longer
than CALL and WATCHDOG after a renewal was sent, and EXPIRY is longer. Where a watchdog fails (a machine that is suspended as a whole), two
may call themselves primary, but the former one's writes stay frozen: DRBD holds them back from the loss of the connection on until its
handler has marked the other one outdated in the lease, which it can't once the lease has moved.

With protocol C what is acknowledged is on both disks, or the other one was marked outdated before: a failover of one instance loses
nothing. With protocol A what the send buffer holds may be lost; see `architectures/replicated_disk/sections.py` for how much that is.

Sources: https://linbit.com/drbd-user-guide/users-guide-drbd-8-4/ (fencing `resource-and-stonith`, handlers, protocols) and
https://docs.kernel.org/watchdog/watchdog-api.html.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .lease import Lease

RENEW = 2
"""Seconds between two renewals of a grant."""
RIGHT = 8
"""Seconds from the sending of a renewal in which the agent may let the disk be primary."""
WATCHDOG = 10
"""Seconds from the answer to a renewal after which the machine is reset."""
CALL = 3
"""Seconds that a call of the agent takes at most, connecting and waiting together."""
EXPIRY = 20
"""Seconds without a renewal after which nobody is primary by it: CALL + WATCHDOG, and half as much again."""
GONE = ("stopped", "terminated", "absent")
"""States of an instance that nothing runs on."""


@dataclass(frozen=True, kw_only=True)
class Mirror:
    """What the function is told of the disk and its address."""

    interfaces: Mapping[str, str]
    """Network interface of each member's zone."""
    tables: tuple[str, ...]
    """Route tables that lead to the address."""
    address: str
    """IPv4 network of one address, outside of the VPC's own."""
    starts: int
    """Seconds in which what serves is started once the disk is granted."""


@dataclass(frozen=True)
class Release:
    """Take the grant of an instance that isn't primary any more. `silent`: since it has expired, so that it is stopped as well."""

    instance: str
    why: str
    silent: bool = False


@dataclass(frozen=True)
class Grant:
    """Let the lease's instance be primary."""

    instance: str


@dataclass(frozen=True)
class Point:
    """Lead the address to this network interface, in these route tables."""

    interface: str
    tables: tuple[str, ...]


Step = Release | Grant | Point | str
"""What to do; a text says what is waited for."""


def step(
    mirror: Mirror, lease: Lease, *, state: str, silent: float, able: bool, routes: Mapping[str, str]
) -> Step | None:
    """The next step, None: there is none, the lease's instance is primary and has the address.

    `state` is EC2's of the primary that the lease doesn't name, `silent` for how many seconds its grant hasn't been renewed, `able` whether
    the lease's instance is healthy, `routes` the interface that each table leads to.
    """
    if lease.primary and lease.primary != lease.instance:
        if state in GONE:
            return Release(lease.primary, f"it is {state}")
        if silent >= EXPIRY:
            return Release(lease.primary, f"silent for {silent:.0f} s", silent=True)
        return f"{lease.primary} may still be the disk's primary"
    if not lease.primary:
        return Grant(lease.instance) if able else None
    interface = mirror.interfaces[lease.member]
    astray = tuple(table for table in mirror.tables if routes.get(table) != interface)
    return Point(interface, astray) if astray else None


def mirror(given: Mapping[str, Any]) -> Mirror:
    """What the environment says, checked. Raises ValueError that names what is missing."""
    keys = ("interfaces", "tables", "address", "starts")
    missing = [key for key in keys if key not in given]
    if missing:
        raise ValueError(f"DISK and MIRROR have no {missing[0]!r}: together they have {', '.join(keys)}")
    return Mirror(
        interfaces=dict(given["interfaces"]),
        tables=tuple(given["tables"]),
        address=given["address"],
        starts=given["starts"],
    )
