"""Subnet groups of ElastiCache that change and go."""

from __future__ import annotations

from typing import Any

from sandbox.aws.extensions._elasticache_store import answer, refuse, store_of


def _found(self: Any) -> Any:
    name = self.params["CacheSubnetGroupName"]
    groups = self.elasticache_backend.cache_subnet_groups
    if name not in groups:
        raise refuse("CacheSubnetGroupNotFoundFault", f"CacheSubnetGroup {name} not found.")
    return groups[name]


def zones(backend: Any, name: str | None) -> list[str]:
    """Zones of a subnet group's subnets, sorted; refuses a group that is not there."""
    group = backend.cache_subnet_groups.get(name or "")
    if group is None:
        raise refuse("CacheSubnetGroupNotFoundFault", f"CacheSubnetGroup {name} not found.")
    return sorted({each["subnet_availability_zone"] for each in group.subnets})


def modify_cache_subnet_group(self: Any) -> Any:
    """Answer `ModifyCacheSubnetGroup`."""
    from moto.elasticache.models import CacheSubnetGroup

    group = _found(self)
    made = CacheSubnetGroup(
        self.current_account,
        self.region,
        group.cache_subnet_group_name,
        self.params.get("CacheSubnetGroupDescription") or group.cache_subnet_group_description,
        self.params.get("SubnetIds") or group.subnet_ids,
        None,
    )
    self.elasticache_backend.cache_subnet_groups[group.cache_subnet_group_name] = made
    return answer({"CacheSubnetGroup": made})


def delete_cache_subnet_group(self: Any) -> Any:
    """Answer `DeleteCacheSubnetGroup`, of one that no cache is in."""
    name = _found(self).cache_subnet_group_name
    used = [g.id for g in store_of(self).groups.values() if g.said.get("CacheSubnetGroupName") == name]
    if used:
        raise refuse(
            "CacheSubnetGroupInUse", f"Cache subnet group {name} is currently in use by a cache cluster."
        )
    del self.elasticache_backend.cache_subnet_groups[name]
    return answer({})


OPERATIONS = (modify_cache_subnet_group, delete_cache_subnet_group)
