"""Better protection never estimates worse, and worse never better."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from policies.graph import Graph
from policies.recovery import Resource, Settings, judge
from policies.recovery.estimate import estimate
from policies.recovery.kinds import KINDS
from policies.recovery.model import Failure, Verdict
from policies.recovery.world import World
from tests.policies.recovery.build import backed_up, res, zones
from tests.policies.recovery.systems import front, servers

Features = Mapping[str, Any]
HOME = Settings(home="us-east-1")


def _tags(f: Features) -> dict[str, str]:
    return {
        "dr-tier": "1",
        "rto-hours": str(f["rto"]),
        "rpo-minutes": str(f["rpo"]),
        "dr:data-gib": "50",
        "dr:files": "1000000",
        "backup": "required",
    }


def rds(f: Features) -> list[Resource]:
    props = {
        "multiAz": f["standby"],
        "allocatedStorage": 50,
        "backupRetentionPeriod": 7 if f["pitr"] else 0,
        "tags": _tags(f),
    }
    db = res("rds", "it", props)
    found = [db]
    if f["replica"]:
        found.append(res("rds", "copy", {"region": "us-west-2"}, replicateSourceDb=db))
    if f["extra"]:
        found.append(res("log-copy", "logs", {"region": "us-west-2"}, sourceDbInstanceArn=db))
    return found


def aurora(f: Features) -> list[Resource]:
    subnets = zones()
    props = {
        "engine": "aurora-mysql",
        "masterUsername": "x",
        "backupRetentionPeriod": 7 if f["pitr"] else 1,
        "tags": _tags(f),
    }
    cluster = res("cluster", "it", props)
    found = [*subnets, cluster]
    found += [
        res("member", f"m{i}", clusterIdentifier=cluster, availabilityZone=subnets[i])
        for i in range(2 if f["standby"] else 1)
    ]
    if f["replica"]:
        global_ = res("global", "g", sourceDbClusterIdentifier=cluster)
        away = res(
            "cluster",
            "away",
            {"engine": "aurora-mysql", "region": "us-west-2", "sourceRegion": "us-east-1"},
            globalClusterIdentifier=global_,
        )
        found += [global_, away, res("member", "far", {"region": "us-west-2"}, clusterIdentifier=away)]
    if f["extra"]:
        found.append(res("proxy-target", "proxy", dbClusterIdentifier=cluster))
    return found


def dynamodb(f: Features) -> list[Resource]:
    props: dict[str, Any] = {"pointInTimeRecovery": {"enabled": f["pitr"]}, "tags": _tags(f)}
    if f["replica"]:
        props["replicas"] = [
            {"regionName": "us-west-2", "consistencyMode": "STRONG" if f["extra"] else "EVENTUAL"}
        ]
    return [res("table", "it", props)]


def s3(f: Features) -> list[Resource]:
    bucket = res("bucket", "it", {"tags": _tags(f)})
    found = [bucket]
    if f["pitr"]:
        found.append(
            res("versioning", "v", {"versioningConfiguration": {"status": "Enabled"}}, bucket=bucket)
        )
    if f["replica"]:
        away = res("bucket", "away", {"region": "us-west-2"})
        rule = {
            "status": "Enabled",
            "destination": {"replicationTime": {"status": "Enabled" if f["extra"] else "Disabled"}},
        }
        found += [away, res("replication", "r", {"rules": [rule]}, bucket=bucket, rules=away)]
    return found


def efs(f: Features) -> list[Resource]:
    files = res(
        "efs", "it", {"tags": _tags(f), **({} if f["standby"] else {"availabilityZoneName": "us-east-1a"})}
    )
    found = [files]
    if f["replica"]:
        found.append(
            res("efs-replication", "r", {"destination": {"region": "us-west-2"}}, sourceFileSystemId=files)
        )
    if f["extra"]:
        found.append(res("efs-backup", "b", {"backupPolicy": {"status": "ENABLED"}}, fileSystemId=files))
    return found


def elasticache(f: Features) -> list[Resource]:
    count = 2 if f["standby"] else 1
    props = {
        "automaticFailoverEnabled": f["standby"],
        "multiAzEnabled": f["standby"],
        "numCacheClusters": count,
        "tags": _tags(f),
    }
    cache = res("cache", "it", {**props, "snapshotRetentionLimit": 5 if f["pitr"] else 0})
    found = [cache]
    if f["replica"]:
        store = res("datastore", "g", primaryReplicationGroupId=cache)
        found += [store, res("cache", "away", {"region": "us-west-2"}, globalReplicationGroupId=store)]
    return found


def redshift(f: Features) -> list[Resource]:
    warehouse = res(
        "redshift",
        "it",
        {"multiAz": f["standby"], "availabilityZoneRelocationEnabled": f["extra"], "tags": _tags(f)},
    )
    found = [warehouse]
    if f["replica"]:
        found.append(
            res("snapshot-copy", "copy", {"destinationRegion": "us-west-2"}, clusterIdentifier=warehouse)
        )
    return found


BUILDERS: list[Callable[[Features], list[Resource]]] = [rds, aurora, dynamodb, s3, efs, elasticache, redshift]
FLAGS = ("standby", "pitr", "replica", "extra", "backup", "copy")
features = st.fixed_dictionaries(
    {
        **{k: st.booleans() for k in FLAGS},
        "rto": st.sampled_from([0.01, 0.25, 1, 2, 4, 24]),
        "rpo": st.sampled_from([1, 5, 15, 60, 2880]),
    }
)


def build(builder: Callable[[Features], list[Resource]], f: Features) -> list[Resource]:
    return builder(f) + (backed_up(copy_to="us-west-2" if f["copy"] else None) if f["backup"] else [])


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(BUILDERS), features, st.sampled_from(FLAGS))
def test_adding_never_worsens_and_removing_never_improves(
    builder: Callable[[Features], list[Resource]], f: Features, flag: str
) -> None:
    assume(not f[flag])
    less, more = (judge(build(builder, g), HOME) for g in (f, {**f, flag: True}))
    for failure in Failure:
        before, after = (
            next(n for n in r.failures[failure].nodes if n.unit.name == "it") for r in (less, more)
        )
        assert after.verdict.severity <= before.verdict.severity, (failure, before, after)
        if after.verdict is before.verdict and after.rpo_verdict is before.rpo_verdict:
            assert after.rpo is not None
            assert before.rpo is not None
            better = (after.rto.high, after.rpo.high) <= (before.rto.high, before.rpo.high)
            assert better or (after.rpo.high, after.rto.high) <= (before.rpo.high, before.rto.high), (
                failure,
                before,
                after,
            )
        assert more.failures[failure].verdict.severity <= less.failures[failure].verdict.severity


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(BUILDERS), features)
def test_no_store_loses_less_than_by_its_best_surviving_option(
    builder: Callable[[Features], list[Resource]], f: Features
) -> None:
    world = World(Graph(build(builder, f), home="us-east-1"), HOME)
    for unit in world.units:
        for failure in Failure:
            found = estimate(unit, failure, world)
            if found is None or found.rpo is None:
                continue
            surviving = [o for o in KINDS[unit.kind].options(unit, world) if failure in o.survives]
            if not surviving:
                assert found.verdict is Verdict.UNATTAINABLE
                continue
            assert found.rpo.low >= min(o.rpo.low for o in surviving)
            assert found.rpo.high >= min(o.rpo.high for o in surviving)
            assert found.option in {o.name for o in surviving}


checks = st.tuples(st.sampled_from([10, 30]), st.integers(1, 10))


@settings(max_examples=40, deadline=None)
@given(checks, checks)
def test_a_faster_check_is_never_worse(a: tuple[int, int], b: tuple[int, int]) -> None:
    (slow, fast) = sorted((a, b), key=lambda c: c[0] * c[1], reverse=True)

    def high(check: tuple[int, int]) -> tuple[float, float]:
        east = front("prod", "us-east-1", "PRIMARY", zones())
        hc = next(r for r in east if r.name == "www-check")
        east[east.index(hc)] = dataclasses.replace(
            hc, props={**hc.props, "requestInterval": check[0], "failureThreshold": check[1]}
        )
        west = front("dr", "us-west-2", "SECONDARY", zones(region="us-west-2", stack="dr"))
        region = judge([*east, *west], HOME).failures[Failure.REGION]
        return region.rto.high, region.rto.low

    assert high(fast) <= high(slow)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 4), st.booleans())
def test_more_servers_or_zones_are_never_worse(
    desired: int, need: int, count: int, one_more_zone: bool
) -> None:
    def high(servers_: int, zones_: int, failure: Failure) -> float:
        subnets = zones(zones_)
        edge = front("prod", "us-east-1", "PRIMARY", subnets)
        group = servers("web", servers_, need, subnets, "prod", targetGroupArns=[edge[1]])
        nodes = judge([*subnets, *edge, group], HOME).failures[failure].nodes
        return next(n for n in nodes if n.unit.name == "web").rto.high

    for failure in (Failure.INSTANCE, Failure.ZONE):
        if one_more_zone:
            assert high(desired, count + 1, failure) <= high(desired, count, failure)
        else:
            assert high(desired + 1, count, failure) <= high(desired, count, failure)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 12), st.integers(0, 12))
def test_more_capacity_in_the_other_region_is_never_worse(a: int, b: int) -> None:
    def high(desired: int) -> float:
        east = [*zones(), servers("web", 6, 4, [], "prod")]
        west = [servers("web", desired, 4, [], "dr")]
        west = [dataclasses.replace(r, props={**r.props, "region": "us-west-2"}) for r in west]
        return judge([*east, *west], HOME).failures[Failure.REGION].rto.high

    low, more = sorted((a, b))
    assert high(more) <= high(low)
