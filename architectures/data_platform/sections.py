"""The groups of keys that a data platform has."""

from __future__ import annotations

from architectures.keys import Section
from architectures.parts.sections import Role


class Snapshots(Section):
    """Snapshots of the search domain, which the other region gets."""

    every_minutes: int = 60
    keep_days: int = 14
    """How long they are kept."""


class Search(Section):
    """An OpenSearch Service domain of each region that serves, or follows."""

    version: str = "2.19"
    """Of OpenSearch."""
    data_nodes: int = 3
    data_type: str = "r6g.large.search"
    master_type: str = "m6g.large.search"
    """Of the three dedicated masters."""
    volume_gib: int | None = None
    """gp3 storage of each data node. None: 100, or the disks that the type has of its own."""
    off_peak_hour: int = 3
    """UTC: when the ten hours begin in which AWS updates and tunes."""
    reached_from: tuple[str, ...] = ()
    """IPv4 networks whose members may open connections. None: the stack's own network."""
    administrators: tuple[Role, ...] = ()
    """IAM roles that may do everything in the domain."""
    snapshots: Snapshots = Snapshots()
