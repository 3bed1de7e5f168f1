"""RDS: global databases that fail over, instances that are where they were asked to be, clusters that keep what they are told."""

from __future__ import annotations

from sandbox.aws.extensions import (
    _rds_cluster,
    _rds_global,
    _rds_groups,
    _rds_instance,
    _rds_order,
    _rds_zones,
)


def install() -> None:
    """Patch moto's RDS."""
    _rds_instance.install()
    _rds_cluster.install()
    _rds_global.install()
    _rds_groups.install()
    _rds_order.install()
    _rds_zones.install()
