"""RDS: global databases that fail over, instances that are where they were asked to be, clusters that keep what they are told.

And backups of instances in another region, and endpoints for some of a cluster's instances.
"""

from __future__ import annotations

from sandbox.aws.extensions import (
    _rds_backups,
    _rds_cluster,
    _rds_endpoints,
    _rds_global,
    _rds_groups,
    _rds_instance,
    _rds_options,
    _rds_order,
    _rds_proxy_endpoints,
    _rds_restore,
    _rds_zones,
)


def install() -> None:
    """Patch moto's RDS."""
    _rds_instance.install()
    _rds_cluster.install()
    _rds_endpoints.install()
    _rds_proxy_endpoints.install()
    _rds_global.install()
    _rds_groups.install()
    _rds_options.install()
    _rds_order.install()
    _rds_restore.install()
    _rds_zones.install()
    _rds_backups.install()


def reset() -> None:
    """Forget what is kept beside moto's own."""
    _rds_backups.reset()
    _rds_endpoints.reset()
    _rds_proxy_endpoints.reset()
