"""ElastiCache: replication groups over zones that fail over, Global Datastores, user groups, parameter groups.

moto keeps one node of a replication group whatever was asked for, in us-east-1's zones, never lets one go, and has none of the others.
"""

from __future__ import annotations

from sandbox.aws.extensions import (
    _elasticache_access,
    _elasticache_global,
    _elasticache_groups,
    _elasticache_parameters,
    _elasticache_store,
    _elasticache_subnets,
)


def install() -> None:
    """Patch moto's ElastiCache: the dispatcher finds operations by their names."""
    from moto.elasticache.responses import ElastiCacheResponse

    for module in (
        _elasticache_subnets,
        _elasticache_parameters,
        _elasticache_access,
        _elasticache_groups,
        _elasticache_global,
    ):
        for operation in module.OPERATIONS:
            setattr(ElastiCacheResponse, operation.__name__, operation)
    _elasticache_store.install()


def reset() -> None:
    """Forget what is kept beside moto's own."""
    _elasticache_store.reset()
