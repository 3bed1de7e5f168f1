"""What programs in the wild declare: small stacks whose right judgement differs from the obvious one."""

from __future__ import annotations

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
