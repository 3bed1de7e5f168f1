"""Cache, table and files survive their system's own failover where servers wait for it, or serve beside, too, on the Pulumi CLI.

The stores of a pilot light, and those that move nothing, are in test_own_failover_stores.py.
"""

from __future__ import annotations

import pytest

from tests.engine.test_own_failover import writers
from tests.engine.test_own_failover_stores import (
    EAST,
    FULL,
    OBJECTIVES,
    STACKS,
    WEST,
    ZONES,
    left,
    opened,
    protection,
    released,
    swapped,
    taken_over,
    with_systems,
)

STORES = {"cache": {}, "sessions": {}, "files": {}}
SYSTEMS = {"warm": {"strategy": "warm-standby", **STORES}, "both": {"strategy": "active-active", **STORES}}


@pytest.fixture(scope="module")
def deployed(holdfast):
    return with_systems(holdfast, SYSTEMS, OBJECTIVES)


def turned(stack, op):
    """What naming another region changes of a stack; `op` is what becomes of the alarm on files that follow."""
    found = {("MetricAlarm", "update", f"warm-app-healthy-{zone}") for zone in ZONES[stack]}
    found |= {("Group", "update", "warm-app-group"), ("Cluster", "update", "both-db-cluster")}
    found |= {("MetricAlarm", op, f"{name}-files-lag") for name in SYSTEMS}
    if stack == "prod":
        # The takeover ended those that were there.
        found |= {("ReplicationConfiguration", "create", f"{name}-files-replication") for name in SYSTEMS}
    return found


def each(region):
    return dict.fromkeys(SYSTEMS, region)


def caches(deployed):
    """The region in which each cache is written."""
    found = deployed.boto("elasticache").describe_global_replication_groups(ShowMemberInfo=True)
    return [
        member["ReplicationGroupRegion"]
        for whole in found["GlobalReplicationGroups"]
        for member in whole["Members"]
        if member["Role"] == "PRIMARY"
    ]


def guarded(deployed):
    """What protects the files of each region from being overwritten, of all systems."""
    return {region: {protection(deployed, region, name)[1] for name in SYSTEMS} for region in (EAST, WEST)}


def test_two_runs_make_the_region_that_took_over_the_one_that_serves(deployed):
    first = left(deployed)
    meanwhile = taken_over(deployed, WEST, tuple(SYSTEMS), lossy=True)
    moved = set(writers(deployed).values()), caches(deployed), guarded(deployed)
    for name in SYSTEMS:
        opened(deployed, EAST, name)
    found = swapped(deployed, WEST, SYSTEMS)
    after = left(deployed)
    assert first == {"prod": set(), "dr": set()}, "a second `up` changes nothing"
    assert meanwhile == each(WEST)
    assert moved == ({WEST}, [WEST] * 2, {EAST: {"ENABLED"}, WEST: {"ENABLED"}})
    for stack, op in (("prod", "delete"), ("dr", "create")):
        assert found[stack] == (turned(stack, op), each(WEST), dict.fromkeys(SYSTEMS, FULL))
    assert after == {"prod": set(), "dr": set()}
    assert guarded(deployed) == {EAST: {"REPLICATING"}, WEST: {"ENABLED"}}


def test_the_way_back_ends_where_it_began(deployed):
    taken_over(deployed, EAST, tuple(SYSTEMS), lossy=False)
    released(deployed)
    for name in SYSTEMS:
        opened(deployed, WEST, name)
    found = swapped(deployed, EAST, SYSTEMS)
    after = left(deployed)
    for stack, op in zip(STACKS, ("create", "delete"), strict=True):
        assert found[stack] == (turned(stack, op), each(EAST), dict.fromkeys(SYSTEMS, FULL))
    assert after == {"prod": set(), "dr": set()}
    assert (set(writers(deployed).values()), caches(deployed)) == ({EAST}, [EAST] * 2)
    assert guarded(deployed) == {EAST: {"ENABLED"}, WEST: {"REPLICATING"}}
