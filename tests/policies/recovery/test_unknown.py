"""Preview: what isn't known yet leaves open what depends on it, by name, and nothing else."""

from __future__ import annotations

import dataclasses

import pytest

from policies.recovery import Resource, judge, undetermined
from policies.recovery.model import Verdict
from tests.policies.recovery.build import TIER1, UNKNOWN, backed_up, home, losses, node, res, times, zones
from tests.policies.recovery.systems import FILES, linked

SIZED = {**TIER1, "dr:data-gib": "100", "backup": "required"}

CASES: list[tuple[str, str, list[Resource], str]] = []


def case(failure: str, path: str, *resources: Resource, name: str = "it") -> None:
    CASES.append((failure, path, list(resources), name))


case("zone", "it.multiAz", res("rds", "it", {"multiAz": UNKNOWN, "allocatedStorage": 100, "tags": SIZED}))
case(
    "corruption",
    "it.backupRetentionPeriod",
    res("rds", "it", {"backupRetentionPeriod": UNKNOWN, "allocatedStorage": 1, "tags": SIZED}),
)
case(
    "corruption",
    "it.pointInTimeRecovery.enabled",
    res("table", "it", {"pointInTimeRecovery": {"enabled": UNKNOWN}, "tags": TIER1}),
)
case("region", "it.replicas.0", res("table", "it", {"replicas": [UNKNOWN], "tags": TIER1}))
case("region", "it.replicas", res("table", "it", {"replicas": UNKNOWN, "tags": TIER1}))
case(
    "zone",
    "it.multiAzEnabled",
    res(
        "cache",
        "it",
        {"multiAzEnabled": UNKNOWN, "automaticFailoverEnabled": True, "numCacheClusters": 2, "tags": TIER1},
    ),
)
case(
    "zone",
    "it.numCacheClusters",
    res(
        "cache",
        "it",
        {
            "multiAzEnabled": True,
            "automaticFailoverEnabled": True,
            "numCacheClusters": UNKNOWN,
            "tags": TIER1,
        },
    ),
)
case(
    "zone",
    "it.clusterConfig.instanceCount",
    res(
        "search",
        "it",
        {"tags": TIER1, "clusterConfig": {"instanceCount": UNKNOWN, "zoneAwarenessEnabled": True}},
    ),
)
case("zone", "it.tags[rto-hours]", res("table", "it", {"tags": {"dr-tier": "1", "rto-hours": UNKNOWN}}))
case(
    "zone",
    "it.tags[rto-hours] (it is 'soon', expected a number of 0 or more)",
    res("table", "it", {"tags": {"rto-hours": "soon"}}),
)
case(
    "region",
    "it.globalClusterIdentifier",
    res("cluster", "it", {"engine": "aurora-mysql", "globalClusterIdentifier": UNKNOWN, "tags": TIER1}),
)

bucket = res("bucket", "it", {"tags": TIER1})
case(
    "corruption",
    "v.versioningConfiguration.status",
    bucket,
    res("versioning", "v", {"versioningConfiguration": {"status": UNKNOWN}}, bucket=bucket),
)
rule = {"status": "Enabled", "destination": {"bucket": UNKNOWN, "replicationTime": {"status": "Enabled"}}}
case(
    "region",
    "r.rules.0.destination.bucket (its region)",
    bucket,
    res("replication", "r", {"rules": [rule]}, bucket=bucket),
)

disk = res("ebs", "it", {"size": 10, "tags": {**TIER1, "rpo-minutes": "9999", "backup": "required"}})
plan, selection = backed_up()
case("zone", "plan.rules", disk, res("plan", "plan", {"rules": UNKNOWN}), selection)
case("region", "plan.rules.0.copyActions.0.destinationVaultArn", disk, res(
    "plan", "plan", {"rules": [{"schedule": "rate(1 day)", "copyActions": [{"destinationVaultArn": UNKNOWN}]}]}), selection)  # fmt: skip
case(
    "zone",
    "selection.selectionTags.0.value",
    disk,
    plan,
    res("selection", "selection", {"selectionTags": [{"key": "backup", "value": UNKNOWN}]}, planId=plan),
)
case(
    "zone", "plan.rules.0.schedule", disk, res("plan", "plan", {"rules": [{"schedule": UNKNOWN}]}), selection
)
case("zone", "it.vpcZoneIdentifiers (the zones of its subnets)", res("asg", "it", {
    "desiredCapacity": 3, "vpcZoneIdentifiers": [UNKNOWN, UNKNOWN],
    "tags": [{"key": "rto-hours", "value": "0.5"}, {"key": "dr:required-capacity", "value": "1"}]}))  # fmt: skip
case("zone", "it.desiredCapacity", *(subnets := zones()), res("asg", "it", {
    "desiredCapacity": UNKNOWN, "tags": [{"key": "rto-hours", "value": "0.05"}]}, vpcZoneIdentifiers=subnets))  # fmt: skip


@pytest.mark.parametrize(
    ("failure", "path", "resources", "name"), CASES, ids=lambda v: v if isinstance(v, str) else ""
)
def test_it_is_left_open_by_name(failure: str, path: str, resources: list[Resource], name: str) -> None:
    other = res(
        "table",
        "other",
        {"tags": SIZED, "replicas": [{"regionName": "us-west-2"}], "pointInTimeRecovery": {"enabled": True}},
    )
    report = home(*resources, other)
    found = node(report, failure, name)
    assert found.verdict is Verdict.UNDETERMINED, (found.rto, found.rpo)
    reasons = [
        v.message for v in undetermined(report) if v.name == name and f"{failure} failure" in v.message
    ]
    assert path in reasons[0]
    assert node(report, failure, "other").verdict in (Verdict.MET, Verdict.MET_IF)


def test_what_holds_whatever_the_value_is_gets_said() -> None:
    # A standby would be good, but a slow restore is good enough for this promise.
    tags = {"dr-tier": "3", "rto-hours": "24", "rpo-minutes": "2880"}
    db = res(
        "rds", "db", {"multiAz": UNKNOWN, "allocatedStorage": 10, "backupRetentionPeriod": 7, "tags": tags}
    )
    found = node(home(db), "zone", "db")
    assert found.verdict is Verdict.MET_IF
    assert found.rto.low == 65  # with the standby
    # And no value helps against a region.
    assert node(home(db), "region", "db").verdict is Verdict.UNATTAINABLE


def test_an_unknown_check_interval_spans_what_aws_allows() -> None:
    lb = res("lb", "lb", {"tags": TIER1})
    away = res("lb", "away", {"region": "us-west-2"})
    check = res("check", "c", {"requestInterval": UNKNOWN, "failureThreshold": 3})
    common = {"name": "x.example.com", "aliases": [{"name": UNKNOWN}]}
    one = linked(
        res(
            "record", "one", {**common, "failoverRoutingPolicies": [{"type": "PRIMARY"}]}, healthCheckId=check
        ),
        aliases=lb,
    )
    two = linked(
        res("record", "two", {**common, "failoverRoutingPolicies": [{"type": "SECONDARY"}]}), aliases=away
    )
    found = node(home(lb, away, check, one, two), "region", "one")
    # 10 x 3 .. 30 x 3 + 6, then 60 for the alias
    assert times(found) == (30 + 60, 96 + 60)
    assert found.unknown == ("c.requestInterval",)


def test_zones_by_the_subnets_that_zones_come_from() -> None:
    subnets = zones(2)
    cluster = res("cluster", "db", {"engine": "aurora-mysql", "masterUsername": "x", "tags": SIZED})
    members = [
        res("member", f"m{i}", clusterIdentifier=cluster, availabilityZone=subnets[i]) for i in range(2)
    ]
    assert all(m.props["availabilityZone"] == UNKNOWN for m in members)
    assert node(home(*subnets, cluster, *members), "zone", "db").option == "reader in another zone"


def test_a_vault_in_another_region_by_reference() -> None:
    vaults = [res("vault", "here"), res("vault", "away", {"region": "us-west-2"})]
    rule_ = {
        "schedule": "rate(1 day)",
        "targetVaultName": UNKNOWN,
        "startWindow": 60,
        "copyActions": [{"destinationVaultArn": UNKNOWN}],
    }
    plan_ = res("plan", "plan", {"rules": [rule_]}, rules=vaults)
    found = node(
        home(
            disk,
            *vaults,
            plan_,
            res("selection", "s", {"resources": [UNKNOWN]}, planId=plan_, resources=[disk]),
        ),
        "region",
        "it",
    )
    assert losses(found) == (86400 + 900, 86400 + 14400)


def test_the_providers_region_and_default_tags() -> None:
    provider = {"region": "eu-west-1", "defaultTags": '{"tags": {"rto-hours": "2", "dr-tier": "2"}}'}
    table = dataclasses.replace(res("table", "t", {"tags": {"dr-tier": "1"}}), provider=provider)
    found = node(judge([table]), "zone", "t")
    assert found.unit.region == "eu-west-1"
    assert (found.objective.tier, found.objective.rto) == ("1", 7200)


def test_a_bucket_of_another_stack_is_found_by_name() -> None:
    bucket_ = res("bucket", "files", {"tags": FILES})
    copy = {
        "status": "Enabled",
        "destination": {"bucket": "arn:aws:s3:::files-west", "replicationTime": {"status": "Enabled"}},
    }
    replication = res("replication", "r", {"rules": [copy]}, bucket=bucket_)
    assert node(home(bucket_, replication), "region", "files").verdict is Verdict.UNDETERMINED
    facts = {
        "schema": 1,
        "stack": "dr",
        "region": "us-west-2",
        "members": [{"kind": "s3", "name": "west", "group": "files-west"}],
    }
    assert losses(node(home(bucket_, replication, peers=[facts]), "region", "files")) == (0, 900)


def test_a_record_whose_tags_are_not_known_is_judged_by_what_it_leads_to() -> None:
    record = Resource(
        type="aws:route53/record:Record",
        name="www",
        urn="urn:pulumi:prod::p::aws:route53/record:Record::www",
        props={
            "name": "www.example.com",
            "type": "A",
            "failoverRoutingPolicies": [{"type": "PRIMARY"}],
            "tags": UNKNOWN,
        },
    )
    assert judge([record]).as_json()["failures"]["region"]["verdict"] in ("undetermined", "unattainable")


def test_a_group_whose_datastore_is_merely_computed_has_none() -> None:
    cache = res("cache", "it", {"globalReplicationGroupId": UNKNOWN, "tags": TIER1})
    assert node(home(cache), "region", "it").verdict is Verdict.UNATTAINABLE
    told = res("pulumi:pulumi:StackReference", "prod")
    joined = res("cache", "it", {"tags": TIER1}, globalReplicationGroupId=told)
    assert node(home(joined, told), "region", "it").verdict is Verdict.UNDETERMINED
