"""A zone that is lost takes its DB instances along: standbys and readers in other zones take over, as RDS does by itself.

What is down is asked of the fault table whenever databases are described, so a lost zone needs no call to RDS.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.aws import faults
from sandbox.aws.clockwork import databases
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.extensions._rds_instance import fail_over

DOWN = "incompatible-network"
"""Status shown of an instance whose zone is gone."""


def install() -> None:
    """Patch how moto describes databases."""
    from moto.rds.models import RDSBackend

    RDSBackend.describe_db_instances = _settled(RDSBackend.describe_db_instances)
    RDSBackend.describe_db_clusters = _settled(RDSBackend.describe_db_clusters)


def _settled(original: Callable[..., Any]) -> Callable[..., Any]:
    def describe(self: Any, *args: Any, **given: Any) -> Any:
        settle(self)
        return original(self, *args, **given)

    return describe


def settle(backend: Any) -> None:
    """Bring every database of a region to where its living zones let it be."""
    known = list(backend.databases.values())
    if not faults.snapshot()["zones"] and not any(map(_down, known)):
        return
    zones = _zone_ids(backend)
    for instance in known:
        lost = _lost(instance.availability_zone, zones)
        standby = instance.secondary_availability_zone
        if lost and standby and not _lost(standby, zones):
            _stand_in(instance)
            lost = _lost(instance.availability_zone, zones)
        if lost and instance.status == "available":
            instance.status = DOWN
        elif not lost and instance.status == DOWN:
            instance.status = "available"
    for cluster in list(backend.clusters.values()):
        _promote(cluster)


def _down(instance: Any) -> bool:
    return instance.status == DOWN or instance.db_instance_identifier in databases.FAILED


def _stand_in(instance: Any) -> None:
    """The standby takes over, and the instance's name leads there: on the clock, after the figures' time."""

    def take_over() -> None:
        if not _lost(instance.availability_zone, _zone_ids(instance.backend)):
            return
        fail_over(instance)
        said = f"{instance.db_instance_identifier} fails over to {instance.availability_zone}"
        CLOCK.note("RDS", said, instance.backend.region_name)
        settle(instance.backend)

    wait = CLOCK.lasts("rds.multi_az", "propagate.database_endpoint")
    CLOCK.once(f"stand in {instance.db_instance_arn}", wait, take_over)


def _promote(cluster: Any) -> None:
    """Let a reader take over from a writer that is down."""
    writer = cluster.writer
    if writer is None or not _down(writer):
        return

    def take_over() -> None:
        living = [member for member in cluster.members if databases.lives(member)]
        if living and _down(writer):
            writer.is_cluster_writer = False
            min(living, key=lambda member: member.promotion_tier).is_cluster_writer = True
            databases.promoted(cluster)

    CLOCK.once(f"promote {cluster.db_cluster_arn}", CLOCK.lasts("aurora.promote"), take_over)


def _zone_ids(backend: Any) -> dict[str, str]:
    from moto.ec2.models import ec2_backends

    region = ec2_backends[backend.account_id][backend.region_name]
    return {zone.name: zone.zone_id for zone in region.describe_availability_zones()}


def _lost(zone: str, ids: dict[str, str]) -> bool:
    return faults.TABLE.zone_lost(zone, ids.get(zone))
