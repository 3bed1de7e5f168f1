"""What programs in the wild declare: small stacks whose right judgement differs from the obvious one."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from policies.graph import Resource
from policies.recovery.model import Verdict
from tests.policies.recovery.build import TIER1, UNKNOWN, backed_up, home, losses, node, res

SAFE = {**TIER1, "rpo-minutes": "60"}
AWAY = res("bucket", "away", {"bucket": "away", "region": "us-west-2"})
KMS = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": "arn:aws:kms:us-east-1:1:key/1"}
SELECTED = {
    "sourceSelectionCriteria": {"sseKmsEncryptedObjects": {"status": "Enabled"}},
    "destination": {"bucket": "arn:aws:s3:::away", "encryptionConfiguration": {"replicaKmsKeyId": UNKNOWN}},
}


def replicated(rule: dict[str, Any], *more: Resource, **props: Any) -> list[Resource]:
    bucket = res("bucket", "it", {"bucket": "it", "tags": SAFE, **props})
    full = {"status": "Enabled", "destination": {"bucket": "arn:aws:s3:::away"}, **rule}
    return [bucket, AWAY, res("replication", "crr", {"rules": [full]}, bucket=bucket, rules=AWAY), *more]


def inline(algorithm: Any) -> dict[str, Any]:
    default = {**KMS, "sseAlgorithm": algorithm}
    return {"serverSideEncryptionConfiguration": {"rule": {"applyServerSideEncryptionByDefault": default}}}


def beside(name: str) -> Resource:
    type_ = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration" + name
    return res(type_, "sse", {"bucket": "it", "rules": [{"applyServerSideEncryptionByDefault": KMS}]})


@pytest.mark.parametrize(
    ("resources", "verdict"),
    [
        (replicated({}), Verdict.MET_IF),
        (replicated({"filter": {}, "prefix": ""}), Verdict.MET_IF),
        (replicated({"filter": {"prefix": "logs/"}}), Verdict.UNATTAINABLE),
        (replicated({"prefix": "logs/"}), Verdict.UNATTAINABLE),
        (replicated({"filter": {"tag": {"key": "a", "value": "b"}}}), Verdict.UNATTAINABLE),
        (replicated({"filter": {"and": {"tags": {"a": "b"}}}}), Verdict.UNATTAINABLE),
        (replicated({"filter": {"and": {"prefix": "x", "tags": {}}}}), Verdict.UNATTAINABLE),
        (replicated({"status": "Disabled"}), Verdict.UNATTAINABLE),
        (replicated({"status": UNKNOWN}), Verdict.UNDETERMINED),
        (replicated({}, **inline("aws:kms")), Verdict.UNATTAINABLE),
        (replicated({}, **inline("AES256")), Verdict.MET_IF),
        (replicated({}, **inline(UNKNOWN)), Verdict.UNDETERMINED),
        (replicated(SELECTED, **inline("aws:kms")), Verdict.MET_IF),
        (replicated(SELECTED, **inline(UNKNOWN)), Verdict.MET_IF),
        (
            replicated(
                {**SELECTED, "destination": {"bucket": "arn:aws:s3:::away"}}, **inline("aws:kms:dsse")
            ),
            Verdict.UNATTAINABLE,
        ),
        (replicated({}, beside("")), Verdict.UNATTAINABLE),
        (replicated(SELECTED, beside("")), Verdict.MET_IF),
    ],
)
def test_a_replication_rule_brings_back_what_it_takes(resources: list[Resource], verdict: Verdict) -> None:
    assert node(home(*resources), "region", "it").verdict is verdict


def test_a_bucket_of_the_older_type_keeps_its_settings_in_lists() -> None:
    rule = {
        "status": "Enabled",
        "sourceSelectionCriterias": [{"sseKmsEncryptedObjects": [{"enabled": True}]}],
        "destinations": [{"bucket": "arn:aws:s3:::away", "replicaKmsKeyId": UNKNOWN}],
    }
    encryption = [{"rules": [{"applyServerSideEncryptionByDefaults": [KMS]}]}]
    bucket = res(
        "aws:s3/bucketV2:BucketV2",
        "it",
        {
            "bucket": "it",
            "tags": SAFE,
            "versionings": [{"enabled": True}],
            "serverSideEncryptionConfigurations": encryption,
            "replicationConfigurations": [{"role": "r", "rules": [rule]}],
        },
    )
    report = home(bucket, AWAY)
    assert node(report, "region", "it").option == "replica in us-west-2"
    assert node(report, "corruption", "it").option == "earlier versions"
    rule["sourceSelectionCriterias"] = []
    assert node(home(bucket, AWAY), "region", "it").verdict is Verdict.UNATTAINABLE


def test_a_bucket_without_versions_is_not_backed_up() -> None:
    tags = {**TIER1, "rpo-minutes": "9999", "backup": "required"}
    plan = backed_up(copy_to="us-west-2")
    without = home(res("bucket", "it", {"bucket": "it", "tags": tags}), *plan)
    assert node(without, "region", "it").verdict is Verdict.UNATTAINABLE
    kept = home(res("bucket", "it", {"bucket": "it", "tags": tags, "versioning": {"enabled": True}}), *plan)
    assert losses(node(kept, "region", "it"))[0] >= 86400
    vague = home(
        res("bucket", "it", {"bucket": "it", "tags": tags, "versioning": {"enabled": UNKNOWN}}), *plan
    )
    assert "it.versioning.enabled" in node(vague, "region", "it").unknown


def sides(first: dict[str, Any], second: dict[str, Any], *more: Resource, **links: Any) -> list[Resource]:
    """A failover pair that leads to two load balancers; the second region is the secondary's."""
    lbs = [res("lb", "east", {"tags": TIER1}), res("lb", "west", {"tags": TIER1, "region": "us-west-2"})]
    records = []
    for lb, side, props, own in ((lbs[0], "PRIMARY", first, links), (lbs[1], "SECONDARY", second, {})):
        alias = [{"name": UNKNOWN, "evaluateTargetHealth": False}]
        common = {"name": "www.example.com", "aliases": alias, "failoverRoutingPolicies": [{"type": side}]}
        record = res("record", side.lower(), {**common, **props}, aliases=lb, **own)
        records.append(
            dataclasses.replace(record, props={**record.props, "aliases": props.get("aliases", alias)})
        )
    return [*lbs, *records, *more]


CHECK = res("check", "c", {"type": "HTTPS", "requestInterval": 10, "failureThreshold": 3})
EVALUATED = {"aliases": [{"name": UNKNOWN, "evaluateTargetHealth": True}]}


def by_itself(*resources: Resource) -> bool:
    return node(home(*resources), "region", "primary").option == "DNS failover"


def test_a_pair_has_one_name_in_one_zone() -> None:
    assert by_itself(*sides({"zoneId": "Z1"}, {"zoneId": "Z1"}, CHECK, healthCheckId=CHECK))
    apart = home(*sides({"zoneId": "Z1"}, {"zoneId": "Z2"}, CHECK, healthCheckId=CHECK))
    assert node(apart, "region", "primary").option == "record changed by hand"
    zone = res("aws:route53/zone:Zone", "zone", {"name": "example.com", "zoneId": "Z1"})
    spelled = ({"zoneId": "Z1", "name": "www"}, {"zoneId": "Z1", "name": "WWW.Example.com."})
    assert by_itself(*sides(*spelled, CHECK, zone, healthCheckId=CHECK))
    told = ({"zoneId": "Z1", "name": "www", "fqdn": "www.example.com"}, {"zoneId": "Z1"})
    assert by_itself(*sides(*told, CHECK, healthCheckId=CHECK))


@pytest.mark.parametrize(
    "props",
    [
        {"type": "HTTPS", "disabled": True},
        {"type": "CALCULATED", "childHealthThreshold": 0},
        {"type": "CALCULATED", "childHealthThreshold": 1, "childHealthchecks": ["off", "c"]},
    ],
    ids=["disabled", "threshold", "enough-disabled-children"],
)
def test_a_check_that_never_fails_moves_nothing(props: dict[str, Any]) -> None:
    off = res("check", "off", {"type": "TCP", "disabled": True, "id": "off"})
    one = dataclasses.replace(CHECK, id="c")
    check = res("check", "it", props)
    assert not by_itself(*sides({}, {}, check, off, one, healthCheckId=check))
    alive = res("check", "it", {**props, "disabled": False, "childHealthThreshold": 2})
    assert by_itself(*sides({}, {}, alive, off, one, healthCheckId=alive))


def test_an_alias_that_evaluates_its_targets_health_has_a_check() -> None:
    lb_check = {"healthCheck": {"interval": 10, "unhealthyThreshold": 2, "timeout": 5}}
    pair = sides(EVALUATED, {})
    target = res("tg", "tg", lb_check)
    listener = res("listener", "l", loadBalancerArn=pair[0], defaultActions=target)
    assert by_itself(*pair, target, listener)
    assert not by_itself(*sides({}, {}), target)


def test_the_ttl_of_a_record_with_an_empty_list_of_aliases() -> None:
    record = {"name": "www.example.com", "records": ["203.0.113.1"], "ttl": 300, "aliases": []}
    props = {**record, "failoverRoutingPolicies": [{"type": "PRIMARY"}]}
    found = node(home(res("record", "it", props)), "region", "it")
    assert [t.time.high for t in found.terms if t.step == "propagate"] == [300 + 60]
    quick = node(home(res("record", "it", {**props, "ttl": 0})), "region", "it")
    assert [t.time.high for t in quick.terms if t.step == "propagate"] == [60]
