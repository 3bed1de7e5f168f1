"""Stores, each failure worked by hand. Times in seconds, low then high; the sum is written out beside each.

Terms that return: detection by a person 300..900, corruption noticed after 3600, a decision 600..1800, a database's endpoint
5 + 0..30 for clients, a restored store's new endpoint 60..300.
"""

from __future__ import annotations

import math
from typing import ClassVar

import pytest

from policies.recovery.model import Verdict
from tests.policies.recovery.build import TIER1, UNKNOWN, backed_up, home, losses, node, res, times, zones

SIZED = {**TIER1, "dr:data-gib": "100", "backup": "required"}
GIB_S = 100 * 1024 / 100
"""100 GiB at 100 MiB/s: 1024 s."""


def rds(**props: object) -> object:
    return res("rds", "db", {"allocatedStorage": 100, "tags": {**TIER1, "backup": "required"}, **props})


class TestRds:
    def test_multi_az_takes_over_from_instance_and_zone(self) -> None:
        report = home(rds(multiAz=True, backupRetentionPeriod=7))
        for failure in ("instance", "zone"):
            found = node(report, failure, "db")
            # detect 0, decide 0, fail over 60..120, endpoint 5 + 0..30
            assert times(found) == (60 + 5, 120 + 5 + 30)
            assert losses(found) == (0, 0)
            assert found.option == "Multi-AZ standby"
            assert found.verdict is Verdict.MET

    def test_a_single_instance_waits_for_its_host(self) -> None:
        found = node(home(rds(backupRetentionPeriod=7)), "instance", "db")
        assert times(found) == (300, 3600)
        assert losses(found) == (0, 300)
        assert found.verdict is Verdict.MET_IF

    def test_a_single_instance_is_restored_in_another_zone(self) -> None:
        found = node(home(rds(backupRetentionPeriod=7)), "zone", "db")
        # detect 300..900 + decide 600..1800 + restore 1800 + 1024 .. (1800 + 1024) x 2 + new endpoint 60..300
        assert times(found) == (300 + 600 + 1800 + 1024 + 60, 900 + 1800 + (1800 + 1024) * 2 + 600)
        assert losses(found) == (300, 300)

    def test_corruption_needs_a_point_in_time(self) -> None:
        found = node(home(rds(multiAz=True, backupRetentionPeriod=7)), "corruption", "db")
        # detect 3600 + decide 600..1800 + restore 2824..5648 + new endpoint 60..300
        assert times(found) == (3600 + 600 + 2824 + 60, 3600 + 1800 + 5648 + 600)
        assert losses(found) == (300, 300)
        assert found.verdict is Verdict.MET_IF

    def test_a_standby_is_no_help_against_corruption(self) -> None:
        found = node(home(rds(multiAz=True)), "corruption", "db")
        assert found.verdict is Verdict.UNATTAINABLE
        assert math.isinf(found.rto.low)

    def test_corruption_noticed_after_the_retention_is_not_covered(self) -> None:
        late = {**TIER1, "dr:detect-corruption-minutes": str(8 * 24 * 60)}
        assert (
            node(home(rds(backupRetentionPeriod=7, tags=late)), "corruption", "db").verdict
            is Verdict.UNATTAINABLE
        )
        assert (
            node(home(rds(backupRetentionPeriod=9, tags=late)), "corruption", "db").verdict
            is Verdict.BREACHED
        )

    def test_a_region_needs_something_elsewhere(self) -> None:
        found = node(home(rds(multiAz=True, backupRetentionPeriod=35)), "region", "db")
        assert found.verdict is Verdict.UNATTAINABLE

    def test_a_read_replica_in_another_region_is_promoted(self) -> None:
        db = rds(backupRetentionPeriod=7)
        found = node(
            home(db, res("rds", "copy", {"region": "us-west-2"}, replicateSourceDb=db)), "region", "db"
        )
        # detect 300..900 + decide 600..1800 + promotion 180..1800 + new endpoint 60..300
        assert times(found) == (300 + 600 + 180 + 60, 900 + 1800 + 1800 + 600)
        assert losses(found) == (60, 900)
        assert found.option == "read replica in us-west-2"

    def test_a_read_replica_in_the_same_region_is_lost_with_it(self) -> None:
        db = rds(backupRetentionPeriod=7)
        found = node(home(db, res("rds", "copy", replicateSourceDb=db)), "region", "db")
        assert found.verdict is Verdict.UNATTAINABLE

    def test_replicated_backups(self) -> None:
        db = rds(backupRetentionPeriod=7, tags={"dr-tier": "2", "rto-hours": "4", "rpo-minutes": "30"})
        copy = res("log-copy", "copy", {"region": "us-west-2", "retentionPeriod": 7}, sourceDbInstanceArn=db)
        found = node(home(db, copy), "region", "db")
        # detect 300..900 + decide 600..1800 + restore 2824..5648 + new endpoint 60..300
        assert times(found) == (300 + 600 + 2824 + 60, 900 + 1800 + 5648 + 600)
        assert losses(found) == (300 + 0, 300 + 900)

    def test_a_backup_copied_to_another_region(self) -> None:
        found = node(home(rds(), *backed_up(copy_to="us-west-2")), "region", "db")
        # a day between runs + start window 0..3600 + job 300..3600 + copy 600..7200
        assert losses(found) == (86400 + 300 + 600, 86400 + 3600 + 3600 + 7200)
        assert found.verdict is Verdict.BREACHED

    def test_a_copy_to_its_own_region_is_none(self) -> None:
        found = node(home(rds(), *backed_up(copy_to="us-east-1")), "region", "db")
        assert found.verdict is Verdict.UNATTAINABLE

    def test_a_backup_on_weekdays_is_72_hours_old_on_a_monday(self) -> None:
        found = node(home(rds(), *backed_up(schedule="cron(0 5 ? * MON-FRI *)")), "corruption", "db")
        assert losses(found) == (72 * 3600 + 300, 72 * 3600 + 3600 + 3600)

    def test_a_multi_az_cluster(self) -> None:
        db = res(
            "cluster", "db", {"engine": "mysql", "dbClusterInstanceClass": "db.m6gd.large", "tags": SIZED}
        )
        report = home(db)
        assert times(node(report, "zone", "db")) == (0 + 5, 35 + 35)
        assert losses(node(report, "corruption", "db")) == (300, 300)

    def test_unknown_size_leaves_the_restore_open(self) -> None:
        db = res(
            "cluster", "db", {"engine": "mysql", "dbClusterInstanceClass": "db.m6gd.large", "tags": TIER1}
        )
        found = node(home(db), "corruption", "db")
        assert found.verdict is Verdict.UNDETERMINED
        assert found.unknown == ("db: its size, which the tag dr:data-gib tells",)


def aurora(members: int = 2, spread: bool = True, **props: object) -> list[object]:
    subnets = zones()
    cluster = res("cluster", "db", {"engine": "aurora-mysql", "masterUsername": "x", "tags": SIZED, **props})
    made = [
        res("member", f"db-{i}", clusterIdentifier=cluster, availabilityZone=subnets[i if spread else 0])
        for i in range(members)
    ]
    return [*subnets, cluster, *made]


class TestAurora:
    def test_a_reader_in_another_zone(self) -> None:
        report = home(*aurora())
        for failure in ("instance", "zone"):
            # promotion 30..60 + endpoint 5 + 0..30
            assert times(node(report, failure, "db")) == (30 + 5, 60 + 35)
            assert losses(node(report, failure, "db")) == (0, 0)

    def test_a_proxy_takes_dns_away_and_shortens_the_failover(self) -> None:
        cluster = aurora()
        proxy = res("proxy-target", "proxy", dbClusterIdentifier=cluster[3])
        # 30 x 0.34, down to whole seconds .. 60
        assert times(node(home(*cluster, proxy), "zone", "db")) == (10, 60)

    def test_a_reader_in_the_same_zone_does_not_survive_it(self) -> None:
        found = node(home(*aurora(spread=False)), "zone", "db")
        # detect 300..900 + decide 600..1800 + instance in another zone 300..600
        assert times(found) == (300 + 600 + 300, 900 + 1800 + 600)
        assert losses(found) == (0, 0)

    def test_without_a_reader_the_writer_is_recreated(self) -> None:
        assert times(node(home(*aurora(1)), "instance", "db")) == (0, 600)
        assert times(node(home(*aurora(1)), "zone", "db")) == (1200, 3300)

    def test_point_in_time(self) -> None:
        found = node(home(*aurora(backupRetentionPeriod=7)), "corruption", "db")
        # detect 3600 + decide 600..1800 + (1800 + 1024) .. x 2 + new endpoint 60..300
        assert times(found) == (3600 + 600 + 2824 + 60, 3600 + 1800 + 5648 + 600)
        assert losses(found) == (300, 300)

    def test_backtrack_is_quicker(self) -> None:
        found = node(home(*aurora(backtrackWindow=86400)), "corruption", "db")
        # detect 3600 + decide 600..1800 + 900
        assert times(found) == (3600 + 600 + 900, 3600 + 1800 + 900)
        assert losses(found) == (300, 300)

    def test_global_database(self) -> None:
        everything = aurora()
        global_ = res("global", "global", sourceDbClusterIdentifier=everything[3])
        away = {"engine": "aurora-mysql", "region": "us-west-2", "sourceRegion": "us-east-1"}
        second = res("cluster", "second", away, globalClusterIdentifier=global_)
        reader = res("member", "second-0", {"region": "us-west-2"}, clusterIdentifier=second)
        found = node(home(*everything, global_, second, reader), "region", "db")
        # detect 300..900 + decide 600..1800 + failover 60..600 + endpoint 5 + 0..30
        assert times(found) == (300 + 600 + 60 + 5, 900 + 1800 + 600 + 35)
        assert losses(found) == (1, 5)
        headless = node(home(*everything, global_, second), "region", "db")
        assert times(headless) == (965 + 300, 3335 + 600)

    def test_neptune_has_auroras_figures_as_assumptions(self) -> None:
        cluster = res("aws:neptune/cluster:Cluster", "db", {"tags": SIZED})
        member = "aws:neptune/clusterInstance:ClusterInstance"
        subnets = zones()
        both = [
            res(member, f"db-{i}", clusterIdentifier=cluster, availabilityZone=subnets[i]) for i in range(2)
        ]
        found = node(home(*subnets, cluster, *both), "zone", "db")
        assert times(found) == (35, 95)
        assert found.verdict is Verdict.MET_IF


class TestDynamoDb:
    def table(self, **props: object) -> object:
        return res("table", "orders", {"tags": {**TIER1, "backup": "required"}, **props})

    def test_instance_and_zone_are_the_services_own(self) -> None:
        for failure in ("instance", "zone"):
            found = node(home(self.table()), failure, "orders")
            assert (times(found), losses(found)) == ((0, 0), (0, 0))

    def test_region(self) -> None:
        assert node(home(self.table()), "region", "orders").verdict is Verdict.UNATTAINABLE
        report = home(self.table(replicas=[{"regionName": "us-west-2"}]))
        assert (times(node(report, "region", "orders")), losses(node(report, "region", "orders"))) == (
            (0, 0),
            (1, 5),
        )
        strong = home(self.table(replicas=[{"regionName": "us-west-2", "consistencyMode": "STRONG"}]))
        assert losses(node(strong, "region", "orders")) == (0, 0)

    def test_consistency_that_isnt_known_spans_both(self) -> None:
        replica = {"regionName": "us-west-2", "consistencyMode": UNKNOWN}
        found = node(home(self.table(replicas=[replica])), "region", "orders")
        assert losses(found) == (0, 5)
        short = {**TIER1, "rpo-minutes": "0.05"}
        found = node(home(self.table(replicas=[replica], tags=short)), "region", "orders")
        assert found.verdict is Verdict.UNDETERMINED
        assert any("consistencyMode" in path for path in found.unknown)

    def test_a_witness_is_no_replica(self) -> None:
        table = self.table(globalTableWitness={"regionName": "us-east-2"})
        assert node(home(table), "region", "orders").verdict is Verdict.UNATTAINABLE

    def test_a_replica_of_its_own_resource(self) -> None:
        table = self.table()
        replica = res("table-replica", "replica", {"region": "us-west-2"}, globalTableArn=table)
        assert losses(node(home(table, replica), "region", "orders")) == (1, 5)

    def test_point_in_time_is_bound_to_its_region(self) -> None:
        report = home(self.table(pointInTimeRecovery={"enabled": True}))
        assert node(report, "region", "orders").verdict is Verdict.UNATTAINABLE
        found = node(report, "corruption", "orders")
        # detect 3600 + decide 600..1800 + restore 0..3600 + new endpoint 60..300
        assert times(found) == (3600 + 600 + 0 + 60, 3600 + 1800 + 3600 + 600)
        assert losses(found) == (300, 300)

    def test_a_global_table_replicates_the_deletion(self) -> None:
        report = home(self.table(replicas=[{"regionName": "us-west-2"}]))
        assert node(report, "corruption", "orders").verdict is Verdict.UNATTAINABLE


class TestS3:
    def bucket(self, rules: list[dict[str, object]] | None = None, versioned: bool = False) -> list[object]:
        bucket = res("bucket", "files", {"tags": {"dr-tier": "1", "rto-hours": "4", "rpo-minutes": "15"}})
        found: list[object] = [bucket]
        if versioned:
            found.append(
                res("versioning", "v", {"versioningConfiguration": {"status": "Enabled"}}, bucket=bucket)
            )
        if rules is not None:
            away = res("bucket", "away", {"region": "us-west-2"})
            found += [away, res("replication", "r", {"rules": rules}, bucket=bucket, rules=away)]
        return found

    def test_instance_and_zone(self) -> None:
        for failure in ("instance", "zone"):
            found = node(home(*self.bucket()), failure, "files")
            assert (times(found), losses(found)) == ((0, 0), (0, 0))

    def test_region(self) -> None:
        assert node(home(*self.bucket(versioned=True)), "region", "files").verdict is Verdict.UNATTAINABLE
        rule: dict[str, object] = {"status": "Enabled", "destination": {}}
        plain = node(home(*self.bucket([rule])), "region", "files")
        assert (times(plain), losses(plain), plain.verdict) == ((0, 0), (900, 3600), Verdict.AT_RISK)
        timed = {**rule, "destination": {"replicationTime": {"status": "Enabled"}}}
        assert losses(node(home(*self.bucket([timed])), "region", "files")) == (0, 900)

    def test_a_rule_for_some_objects_or_a_disabled_one_is_none(self) -> None:
        for rule in ({"status": "Disabled"}, {"status": "Enabled", "filter": {"prefix": "a/"}}):
            assert node(home(*self.bucket([rule])), "region", "files").verdict is Verdict.UNATTAINABLE

    def test_corruption(self) -> None:
        assert node(home(*self.bucket()), "corruption", "files").verdict is Verdict.UNATTAINABLE
        found = node(home(*self.bucket(versioned=True)), "corruption", "files")
        # detect 3600 + decide 600..1800 + roll-back 0..3600
        assert times(found) == (3600 + 600, 3600 + 1800 + 3600)
        assert losses(found) == (0, 0)

    def test_the_replica_is_judged_with_its_source(self) -> None:
        rule: dict[str, object] = {"status": "Enabled", "destination": {}}
        report = home(*self.bucket([rule]))
        assert [n.unit.name for n in report.failures["corruption"].nodes] == ["files"]


class TestElastiCache:
    def cache(self, **props: object) -> object:
        return res("cache", "cache", {"tags": TIER1, **props})

    def test_a_replica_in_another_zone(self) -> None:
        report = home(self.cache(automaticFailoverEnabled=True, multiAzEnabled=True, numCacheClusters=2))
        for failure in ("instance", "zone"):
            found = node(report, failure, "cache")
            assert (times(found), losses(found)) == ((5, 60), (1, 10))

    def test_a_replica_in_the_same_zone(self) -> None:
        report = home(self.cache(automaticFailoverEnabled=True, replicasPerNodeGroup=1, numNodeGroups=1))
        assert times(node(report, "instance", "cache")) == (5, 60)
        assert node(report, "zone", "cache").verdict is Verdict.UNATTAINABLE

    def test_a_daily_snapshot(self) -> None:
        found = node(home(self.cache(snapshotRetentionLimit=5)), "corruption", "cache")
        # detect 3600 + decide 600..1800 + restore 600..7200 + new endpoint 60..300
        assert times(found) == (3600 + 600 + 600 + 60, 3600 + 1800 + 7200 + 600)
        assert losses(found) == (86400 + 3600, 86400 + 3600)

    def test_a_cache_that_is_filled_again_loses_nothing(self) -> None:
        report = home(self.cache(tags={**TIER1, "dr:rebuilt-from": "the database"}))
        found = node(report, "zone", "cache")
        # detect 300..900 + decide 600..1800 + filled again 600..1800
        assert times(found) == (1500, 4500)
        assert losses(found) == (0, 0)

    def test_global_datastore(self) -> None:
        cache = self.cache()
        store = res("datastore", "global", primaryReplicationGroupId=cache)
        second = res("cache", "second", {"region": "us-west-2"}, globalReplicationGroupId=store)
        found = node(home(cache, store, second), "region", "cache")
        # detect 300..900 + decide 600..1800 + promotion 60..300 + new endpoint 60..300
        assert times(found) == (300 + 600 + 60 + 60, 900 + 1800 + 300 + 600)
        assert losses(found) == (0, 1)


class TestEfs:
    TAGS: ClassVar = {
        **TIER1,
        "rpo-minutes": "30",
        "dr:data-gib": "1024",
        "dr:files": "10000000",
        "backup": "required",
    }

    def test_a_regional_file_system(self) -> None:
        for failure in ("instance", "zone"):
            found = node(home(res("efs", "files", {"tags": self.TAGS})), failure, "files")
            assert (times(found), losses(found)) == ((0, 0), (0, 0))

    def test_one_zone_is_restored(self) -> None:
        alone = res("efs", "files", {"tags": self.TAGS, "availabilityZoneName": "us-east-1a"})
        assert node(home(alone), "zone", "files").verdict is Verdict.UNATTAINABLE
        found = node(home(alone, *backed_up()), "zone", "files")
        # 1 TiB in 10 M files: max(10e6 / 1500, 1024 GiB / 200 MB/s) = max(6667, 5498) s, twice that at worst
        # detect 300..900 + decide 600..1800 + restore 6666..13334 + new endpoint 60..300
        assert times(found) == (300 + 600 + 6666 + 60, 900 + 1800 + 13334 + 600)
        assert losses(found) == (86400 + 300, 86400 + 3600 + 3600)

    def test_replication(self) -> None:
        files = res("efs", "files", {"tags": self.TAGS})
        copy = res(
            "efs-replication", "copy", {"destination": {"region": "us-west-2"}}, sourceFileSystemId=files
        )
        found = node(home(files, copy), "region", "files")
        # detect 300..900 + decide 600..1800 + replica made writable 300..1800 + new endpoint 60..300
        assert times(found) == (300 + 600 + 300 + 60, 900 + 1800 + 1800 + 600)
        assert losses(found) == (0, 900)
        assert node(home(files, copy), "corruption", "files").verdict is Verdict.UNATTAINABLE

    def test_automatic_backups(self) -> None:
        files = res("efs", "files", {"tags": self.TAGS})
        policy = res("efs-backup", "policy", {"backupPolicy": {"status": "ENABLED"}}, fileSystemId=files)
        found = node(home(files, policy), "corruption", "files")
        # a day + start window 0..28800 + job 300..3600
        assert losses(found) == (86400 + 300, 86400 + 28800 + 3600)

    def test_without_the_number_of_files_nothing_is_said(self) -> None:
        files = res("efs", "files", {"tags": {**SIZED, "rpo-minutes": "9999"}})
        found = node(home(files, *backed_up()), "corruption", "files")
        assert found.verdict is Verdict.UNDETERMINED
        assert "dr:files" in found.unknown[0]


class TestEbs:
    TAGS: ClassVar = {"dr-tier": "3", "rto-hours": "24", "rpo-minutes": "2880", "backup": "required"}

    def test_instance(self) -> None:
        found = node(home(res("ebs", "disk", {"size": 500, "tags": self.TAGS})), "instance", "disk")
        # detect 300..900 + decide 600..1800 + attached again 30..300
        assert times(found) == (930, 3000)
        assert losses(found) == (0, 0)

    def test_zone_and_region_from_snapshots(self) -> None:
        disk = res("ebs", "disk", {"size": 500, "tags": self.TAGS, "volumeInitializationRate": 300})
        assert node(home(disk), "zone", "disk").verdict is Verdict.UNATTAINABLE
        report = home(disk, *backed_up(copy_to="us-west-2"))
        # detect 300..900 + decide 600..1800 + attach 30..300 + 500 GiB at 300 MiB/s: 1707 s + new endpoint 60..600
        for failure in ("zone", "region"):
            assert times(node(report, failure, "disk")) == (
                300 + 600 + 30 + 1706 + 60,
                900 + 1800 + 300 + 1707 + 600,
            )
        assert losses(node(report, "region", "disk")) == (86400 + 900, 86400 + 14400)

    def test_lifecycle_manager(self) -> None:
        disk = res("ebs", "disk", {"size": 100, "tags": self.TAGS})
        schedule = {
            "createRule": {"interval": 12, "intervalUnit": "HOURS"},
            "retainRule": {"count": 14},
            "crossRegionCopyRules": [
                {"target": "us-west-2", "retainRule": {"interval": 7, "intervalUnit": "DAYS"}}
            ],
        }
        policy = res(
            "dlm",
            "policy",
            {"policyDetails": {"targetTags": {"backup": "required"}, "schedules": [schedule]}},
        )
        report = home(disk, policy)
        # 12 h + start within an hour + job 300..3600 (+ copy 600..7200)
        assert losses(node(report, "corruption", "disk")) == (43200 + 300, 43200 + 3600 + 3600)
        assert losses(node(report, "region", "disk")) == (43200 + 900, 43200 + 3600 + 3600 + 7200)


class TestOpenSearch:
    def domain(self, **cluster: object) -> object:
        return res(
            "search",
            "logs",
            {"tags": {"dr-tier": "2", "rto-hours": "4", "rpo-minutes": "90"}, "clusterConfig": cluster},
        )

    def test_standby(self) -> None:
        zones_ = {"zoneAwarenessEnabled": True, "zoneAwarenessConfig": {"availabilityZoneCount": 3}}
        report = home(self.domain(instanceCount=3, **zones_))
        assert times(node(report, "zone", "logs")) == (0, 0)
        standby = home(self.domain(multiAzWithStandbyEnabled=True))
        assert times(node(standby, "zone", "logs")) == (0, 60)
        assert losses(node(standby, "zone", "logs")) == (0, 0)

    def test_two_zones_without_masters(self) -> None:
        found = node(home(self.domain(instanceCount=2, zoneAwarenessEnabled=True)), "zone", "logs")
        assert times(found) == (600, 3600)
        with_masters = self.domain(instanceCount=2, zoneAwarenessEnabled=True, dedicatedMasterEnabled=True)
        assert times(node(home(with_masters), "zone", "logs")) == (0, 0)

    def test_corruption_from_the_hourly_snapshot(self) -> None:
        found = node(home(self.domain()), "corruption", "logs")
        # detect 3600 + decide 600..1800 + restore 600..7200
        assert times(found) == (3600 + 600 + 600, 3600 + 1800 + 7200)
        assert losses(found) == (3600, 3600)

    def test_a_domain_with_standby_leaves_it_first(self) -> None:
        found = node(home(self.domain(multiAzWithStandbyEnabled=True)), "corruption", "logs")
        assert times(found) == (3600 + 600 + 600 + 600, 3600 + 1800 + 3600 + 7200)

    def test_region(self) -> None:
        assert node(home(self.domain(instanceCount=3)), "region", "logs").verdict is Verdict.UNATTAINABLE

    def connected(self, local: object, remote: object) -> object:
        ends = {"local": ("us-west-2", local), "remote": ("us-east-1", remote)}
        named = {f"{end}DomainInfo": {"region": region} for end, (region, _) in ends.items()}
        return res("connection", "follows", named, **{f"{end}DomainInfo": d for end, (_, d) in ends.items()})

    def test_a_connected_domain_there_may_follow(self) -> None:
        own, other = self.of("logs", "us-east-1"), self.of("logs-west", "us-west-2")
        report = home(own, other, self.connected(local=other, remote=own))
        found = node(report, "region", "logs")
        assert found.option == "domain in us-west-2 (not known yet)"
        assert found.unknown == ("logs: which indices follow in the connected domain",)
        assert found.verdict is Verdict.UNDETERMINED

    def test_who_follows_is_followed_by_nobody(self) -> None:
        own, other = self.of("logs", "us-east-1"), self.of("logs-west", "us-west-2")
        report = home(own, other, self.connected(local=own, remote=other))
        assert node(report, "region", "logs").verdict is Verdict.UNATTAINABLE

    TAKEN: ClassVar = {
        "dr:snapshot-minutes": "60",
        "dr:snapshot-days": "14",
        "dr:snapshot-region": "us-west-2",
    }

    def of(self, name: str, region: str, **tags: object) -> object:
        promised = {"dr-tier": "2", "rto-hours": "8", "rpo-minutes": "240"}
        return res("search", name, {"domainName": "logs", "region": region, "tags": {**promised, **tags}})

    def test_snapshots_in_a_bucket_of_another_region(self) -> None:
        found = node(home(self.of("logs", "us-east-1", **self.TAKEN)), "region", "logs")
        assert found.option == "snapshot restored to a domain that is built in us-west-2"
        # detect 300..900 + decide 600..1800 + build 900..3600 + restore 600..7200 + new endpoint 60..600
        assert times(found) == (300 + 600 + 900 + 600 + 60, 900 + 1800 + 3600 + 7200 + 600)
        # an hour + taken 60..3600 + copied 0..900
        assert losses(found) == (3600 + 60, 3600 + 3600 + 900)

    def test_a_domain_there_that_restores_them(self) -> None:
        own = self.of("logs", "us-east-1", **self.TAKEN)
        other = self.of("logs-west", "us-west-2", **{"dr:restores-from": "us-east-1"})
        found = node(home(own, other), "region", "logs")
        assert found.option == "snapshot restored to the domain in us-west-2"
        assert times(found) == (300 + 600 + 600 + 60, 900 + 1800 + 7200 + 600)

    def test_who_bears_more_loss_has_what_is_restored_there_at_once(self) -> None:
        own = self.of("logs", "us-east-1", **self.TAKEN, **{"rpo-minutes": "400"})
        other = self.of("logs-west", "us-west-2", **{"dr:restores-from": "us-east-1"})
        found = node(home(own, other), "region", "logs")
        assert found.option == "domain in us-west-2 that restores each snapshot"
        # detect 300..900 + decide 600..1800 + open 5..120 + new endpoint 60..600
        assert times(found) == (300 + 600 + 5 + 60, 900 + 1800 + 120 + 600)
        assert losses(found) == (3660 + 3600 + 600, 8100 + 3600 + 7200)

    @pytest.mark.parametrize("minutes", [UNKNOWN, "often"])
    def test_how_often_is_not_known(self, minutes: object) -> None:
        taken = {**self.TAKEN, "dr:snapshot-minutes": minutes}
        found = node(home(self.of("logs", "us-east-1", **taken)), "region", "logs")
        assert found.verdict is Verdict.UNDETERMINED


class TestRedshift:
    TAGS: ClassVar = {"dr-tier": "3", "rto-hours": "8", "rpo-minutes": "720"}

    def test_snapshots(self) -> None:
        report = home(res("redshift", "wh", {"tags": self.TAGS}))
        # detect 300..900 + decide 600..1800 + restore 600..2700 + new endpoint 60..300
        assert times(node(report, "zone", "wh")) == (300 + 600 + 600 + 60, 900 + 1800 + 2700 + 600)
        # detect 3600 + decide 600..1800 + restore 600..2700 + new endpoint 60..300
        assert times(node(report, "corruption", "wh")) == (3600 + 600 + 600 + 60, 3600 + 1800 + 2700 + 600)
        assert losses(node(report, "corruption", "wh")) == (28800, 28800)
        assert node(report, "region", "wh").verdict is Verdict.UNATTAINABLE

    def test_snapshot_copy(self) -> None:
        warehouse = res("redshift", "wh", {"tags": self.TAGS})
        copy = res("snapshot-copy", "copy", {"destinationRegion": "us-west-2"}, clusterIdentifier=warehouse)
        found = node(home(warehouse, copy), "region", "wh")
        # detect 300..900 + decide 600..1800 + restore 3600..7200 + new endpoint 60..300; 8 h + copy 600..7200
        assert times(found) == (300 + 600 + 3600 + 60, 900 + 1800 + 7200 + 600)
        assert losses(found) == (28800 + 600, 28800 + 7200)

    def test_multi_az(self) -> None:
        found = node(home(res("redshift", "wh", {"tags": self.TAGS, "multiAz": True})), "zone", "wh")
        assert (times(found), losses(found)) == ((0, 300), (0, 0))

    @pytest.mark.parametrize(
        ("definitions", "hours"),
        [
            (["cron(0 0/2 *)"], 2),
            (["cron(0 0 *)"], 24),
            (["rate(12 hours)"], 12),
            (["cron(30 9,21 *)", "rate(6 hours)"], 6),
            (["cron(0 21 MON-FRI)"], 72),
        ],
    )
    def test_a_schedule_says_how_old_a_snapshot_is(self, definitions: list[str], hours: int) -> None:
        warehouse = res("redshift", "wh", {"tags": self.TAGS})
        schedule = res("snapshot-schedule", "often", {"definitions": definitions})
        given = res("snapshot-scheduled", "given", clusterIdentifier=warehouse, scheduleIdentifier=schedule)
        copy = res("snapshot-copy", "copy", {"destinationRegion": "us-west-2"}, clusterIdentifier=warehouse)
        report = home(warehouse, schedule, given, copy)
        assert losses(node(report, "corruption", "wh")) == (hours * 3600, hours * 3600)
        assert losses(node(report, "region", "wh")) == (hours * 3600 + 600, hours * 3600 + 7200)

    @pytest.mark.parametrize("definitions", [UNKNOWN, [UNKNOWN], ["now and then"]])
    def test_how_old_is_not_known(self, definitions: object) -> None:
        warehouse = res("redshift", "wh", {"tags": self.TAGS})
        schedule = res("snapshot-schedule", "often", {"definitions": definitions})
        given = res("snapshot-scheduled", "given", clusterIdentifier=warehouse, scheduleIdentifier=schedule)
        found = node(home(warehouse, schedule, given), "corruption", "wh")
        assert found.verdict is Verdict.UNDETERMINED

    def test_one_of_several_nodes_is_replaced(self) -> None:
        for nodes, time in ((2, (300, 3600)), (1, (300 + 600 + 600 + 60, 900 + 1800 + 2700 + 600))):
            report = home(res("redshift", "wh", {"tags": self.TAGS, "numberOfNodes": nodes}))
            assert times(node(report, "instance", "wh")) == time
            assert times(node(report, "zone", "wh"))[0] > 300, "the other nodes stand in the same zone"


class TestFirehose:
    TAGS: ClassVar = {"dr-tier": "3", "rto-hours": "8", "rpo-minutes": "10"}

    @pytest.mark.parametrize(
        ("said", "seconds"),
        [
            ({"extendedS3Configuration": {"bufferingInterval": 60}}, 60),
            ({"extendedS3Configuration": {"bucketArn": "arn"}}, 300),
            ({"opensearchConfiguration": {"bufferingInterval": 120}}, 120),
        ],
    )
    def test_what_waits_in_the_buffer_may_be_lost(self, said: dict[str, object], seconds: int) -> None:
        elsewhere = res("bucket", "away", {"region": "us-west-2"})
        report = home(res("firehose", "records", {"tags": self.TAGS, **said}), elsewhere)
        assert (times(node(report, "zone", "records")), losses(node(report, "zone", "records"))) == (
            (0, 0),
            (0, 0),
        )
        assert losses(node(report, "region", "records")) == (0, seconds)
        assert "records" not in {each.unit.name for each in report.failures["corruption"].nodes}

    @pytest.mark.parametrize(
        "said",
        [
            {"extendedS3Configuration": UNKNOWN},
            {"extendedS3Configuration": {"bufferingInterval": UNKNOWN}},
        ],
    )
    def test_how_long_it_waits_is_not_known(self, said: dict[str, object]) -> None:
        elsewhere = res("bucket", "away", {"region": "us-west-2"})
        found = node(
            home(res("firehose", "records", {"tags": self.TAGS, **said}), elsewhere), "region", "records"
        )
        assert found.verdict is Verdict.UNDETERMINED

    def test_one_that_promises_nothing_is_not_judged(self) -> None:
        report = home(res("firehose", "records", {"tags": {"dr-tier": "3"}}))
        assert not report.failures["zone"].nodes


class TestDsql:
    def test_peers_lose_nothing(self) -> None:
        here = res("dsql", "db", {"tags": TIER1})
        away = res("dsql", "away", {"region": "us-west-2", "tags": TIER1})
        half = res("peering", "half", identifier=here, clusters=[away])
        other = res("peering", "other", {"region": "us-west-2"}, identifier=away, clusters=[here])
        report = home(here, away, half, other)
        for failure in ("instance", "zone", "region"):
            found = node(report, failure, "db")
            assert (times(found), losses(found)) == ((0, 0), (0, 0))
        assert node(report, "corruption", "db").verdict is Verdict.UNATTAINABLE
        assert node(home(here), "region", "db").verdict is Verdict.UNATTAINABLE
        assert node(home(here, away, half), "region", "db").verdict is Verdict.UNATTAINABLE


@pytest.mark.parametrize("failure", ["instance", "zone", "region", "corruption"])
def test_an_objective_of_zero_is_never_met(failure: str) -> None:
    table = res(
        "table",
        "t",
        {"tags": {"rto-hours": "0", "rpo-minutes": "0"}, "replicas": [{"regionName": "us-west-2"}]},
    )
    assert node(home(table), failure, "t").verdict.severity >= Verdict.BREACHED.severity


def test_an_objective_for_one_failure_only() -> None:
    tags = {"rto-hours": "0.1", "dr:rto-hours-corruption": "8", "rpo-minutes": "10"}
    report = home(res("table", "t", {"tags": tags, "pointInTimeRecovery": {"enabled": True}}))
    assert node(report, "corruption", "t").verdict is Verdict.MET_IF
    assert node(report, "corruption", "t").objective.rto == 8 * 3600


def test_a_game_days_time_replaces_the_high_end() -> None:
    tags = {**SIZED, "dr:measured-rto-seconds-corruption": "5000"}
    cluster = res("cluster", "db", {"engine": "aurora-mysql", "masterUsername": "x", "tags": tags})
    found = node(home(cluster), "corruption", "db")
    assert times(found) == (5000, 5000)
    assert found.rto.grade == "measured"
    assert found.verdict is Verdict.MET
