"""The bucket and its copy in another region."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any

import pulumi_aws as aws
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.checks import ArgumentError
from components.data import Bucket, BucketArgs, BucketReplica, JoinedBucketArgs, Transition
from components.data.bucket_args import STORAGE_CLASSES
from policies.recovery import facts
from tests.components.data_arguments import KEY, PEER_KEY, REQUIRED_TAGS, TAGS
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment, deploy

PEER = BucketReplica(region="us-west-2", kms_key_arn=PEER_KEY)


def made(preview: bool = False, **changes: Any) -> Deployment:
    args = {"tags": TAGS, "kms_key_arn": KEY, **changes}
    return deploy(lambda: Bucket("media", BucketArgs(**args)), preview=preview)


def test_a_bucket_is_private_versioned_and_encrypted():
    deployment = made()
    bucket = deployment.one("aws:s3/bucket:Bucket")
    assert bucket.inputs == {"forceDestroy": False, "tags": TAGS.store("media-bucket")}
    assert bucket.protect
    assert deployment.one("BucketVersioning").inputs["versioningConfiguration"] == {"status": "Enabled"}
    (rule,) = deployment.one("BucketServerSideEncryptionConfiguration").inputs["rules"]
    assert rule == {
        "applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": KEY},
        "bucketKeyEnabled": True,
    }
    block = deployment.one("BucketPublicAccessBlock").inputs
    assert all(
        block[k]
        for k in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    )
    assert deployment.one("BucketOwnershipControls").inputs["rule"] == {
        "objectOwnership": "BucketOwnerEnforced"
    }
    component = deployment.one("holdfast:data:Bucket").urn
    assert {r.parent for r in deployment.resources if r.type.startswith("aws:")} == {component}
    assert not any("region" in r.inputs for r in deployment.resources)


def test_history_is_kept_and_rubbish_is_not():
    deployment = made(noncurrent_days=30, transitions=[Transition(days=60, storage_class="GLACIER_IR")])
    lifecycle = deployment.one("BucketLifecycleConfiguration")
    assert deployment.one("BucketVersioning").urn in lifecycle.dependencies
    history, uploads = lifecycle.inputs["rules"]
    assert history["noncurrentVersionExpiration"] == {"noncurrentDays": 30}
    assert history["expiration"] == {"expiredObjectDeleteMarker": True}
    assert history["transitions"] == [{"days": 60, "storageClass": "GLACIER_IR"}]
    assert uploads["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 7}
    assert made(expiration_days=365).one("BucketLifecycleConfiguration").inputs["rules"][0]["expiration"] == {
        "days": 365
    }


def statements(deployment: Deployment, name: str = "media-policy") -> dict[str, Any]:
    policy = json.loads(deployment.one("BucketPolicy", name).inputs["policy"])
    return {s["Sid"]: s for s in policy["Statement"]}


def test_plain_http_and_old_tls_are_refused():
    deployment = made()
    found = statements(deployment)
    arn = "arn:aws:mock:us-east-1:123456789012:media-bucket"
    assert found.keys() == {"TlsOnly", "TlsVersion"}
    for statement in found.values():
        assert (statement["Effect"], statement["Action"], statement["Principal"]) == ("Deny", "s3:*", "*")
        assert statement["Resource"] == [arn, f"{arn}/*"]
    assert found["TlsOnly"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert found["TlsVersion"]["Condition"] == {"NumericLessThan": {"s3:TlsVersion": "1.2"}}
    assert deployment.one("BucketPublicAccessBlock").urn in deployment.one("BucketPolicy").dependencies


def test_somebody_else_may_write_the_policy():
    assert not made(own_policy=False, replica=PEER).all("BucketPolicy")


def test_a_log_bucket_lets_a_service_write_for_this_account():
    deployment = made(kms_key_arn=None, log_writers=["logdelivery.elasticloadbalancing.amazonaws.com"])
    found = statements(deployment)
    assert found["LogDelivery0"]["Action"] == "s3:PutObject"
    assert found["LogDelivery0"]["Resource"].endswith("/AWSLogs/123456789012/*")
    assert deployment.one("aws:s3/bucket:Bucket").tags["dr-tier"] == "3"
    assert found["LogDelivery0"]["Principal"] == {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
    (rule,) = deployment.one("BucketServerSideEncryptionConfiguration").inputs["rules"]
    assert rule == {
        "applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"},
        "bucketKeyEnabled": False,
    }


def test_a_bucket_of_reports_lets_nobody_write_and_is_one_of_logs():
    found: list[Bucket] = []
    deployment = deploy(lambda: found.append(Bucket("media", BucketArgs(tags=TAGS, logs=True))))
    assert "LogDelivery0" not in statements(deployment)
    assert deployment.one("aws:s3/bucket:Bucket").tags == TAGS.logs("media-bucket")
    assert found[0].recovery_facts == []


def test_the_copy_is_protected_alike_in_its_own_region():
    deployment = made(replica=PEER)
    for resource in deployment.resources:
        if not resource.type.startswith("aws:s3/") or resource.type.endswith("BucketReplicationConfig"):
            continue
        assert resource.inputs.get("region") == ("us-west-2" if "-copy-" in resource.name else None), (
            resource.name
        )
    kinds = [sorted(r.type for r in deployment.resources if r.type.startswith("aws:s3/") and side(r.name)) for side in (
        lambda name: "-copy-" in name, lambda name: "-copy-" not in name and "replication" not in name)]  # fmt: skip
    assert kinds[0] == kinds[1]
    assert deployment.one("aws:s3/bucket:Bucket", "media-copy-bucket").protect
    encryption = deployment.one("BucketServerSideEncryptionConfiguration", "media-copy-encryption").inputs
    assert encryption["rules"][0]["applyServerSideEncryptionByDefault"]["kmsMasterKeyId"] == PEER_KEY
    assert "us-west-2:123456789012:media-copy-bucket" in json.dumps(
        statements(deployment, "media-copy-policy")
    )
    for resource in deployment.taggable():
        assert resource.tags.keys() >= REQUIRED_TAGS


BOTH = BucketReplica(region="us-west-2", kms_key_arn=PEER_KEY, home_region="us-east-1")


def test_both_ways_each_bucket_copies_to_the_other_and_changes_go_back():
    deployment = made(replica=BOTH)
    ends = {}
    for name, region in (("media", None), ("media-copy", "us-west-2")):
        config = deployment.one("BucketReplicationConfig", f"{name}-replication")
        assert config.inputs.get("region") == region
        (rule,) = config.inputs["rules"]
        assert rule["sourceSelectionCriteria"] == {
            "sseKmsEncryptedObjects": {"status": "Enabled"},
            "replicaModifications": {"status": "Enabled"},
        }
        assert rule["deleteMarkerReplication"] == {"status": "Enabled"}
        assert rule["destination"]["replicationTime"] == {"status": "Enabled", "time": {"minutes": 15}}
        key = rule["destination"]["encryptionConfiguration"]["replicaKmsKeyId"]
        ends[config.inputs["bucket"]] = (rule["destination"]["bucket"].rsplit(":", 1)[-1], key)
        assert deployment.one("BucketVersioning", "media-versioning").urn in config.dependencies
        assert deployment.one("BucketVersioning", "media-copy-versioning").urn in config.dependencies
        assert deployment.one("RolePolicy", f"{name}-replication").urn in config.dependencies
    assert ends == {
        "media-bucket-id": ("media-copy-bucket", PEER_KEY),
        "media-copy-bucket-id": ("media-bucket", KEY),
    }


def test_the_way_back_has_a_role_that_may_do_just_that():
    policy = made(replica=BOTH).one("RolePolicy", "media-copy-replication").inputs["policy"]
    read, objects, write, decrypt, encrypt = json.loads(policy)["Statement"]
    assert read["Resource"].endswith("us-west-2:123456789012:media-copy-bucket")
    assert objects["Resource"].endswith(":media-copy-bucket/*")
    assert write["Resource"].endswith("us-east-1:123456789012:media-bucket/*")
    assert (decrypt["Resource"], encrypt["Resource"]) == (PEER_KEY, KEY)
    assert encrypt["Condition"] == {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}


def test_alarms_stand_where_s3_publishes_and_tell_that_regions_topic():
    there = BucketReplica(
        region="us-west-2", kms_key_arn=PEER_KEY, home_region="us-east-1", alarm_actions=["west"]
    )
    found = {
        alarm.name: (alarm.inputs["metricName"], alarm.inputs.get("region"), alarm.inputs["alarmActions"])
        for alarm in made(replica=there, alarm_actions=["east"]).all("MetricAlarm")
    }
    failed, latency, pending = (
        "OperationsFailedReplication",
        "ReplicationLatency",
        "OperationsPendingReplication",
    )
    assert found == {
        "media-failed": (failed, None, ["east"]),
        "media-latency": (latency, "us-west-2", ["west"]),
        "media-pending": (pending, "us-west-2", ["west"]),
        "media-copy-failed": (failed, "us-west-2", ["west"]),
        "media-copy-latency": (latency, None, ["east"]),
        "media-copy-pending": (pending, None, ["east"]),
    }
    one_way = made(replica=PEER, alarm_actions=["east"])
    assert [alarm.name for alarm in one_way.all("MetricAlarm")] == ["media-failed"]
    assert one_way.one("MetricAlarm").inputs["dimensions"] == {
        "SourceBucket": "media-bucket-1234567",
        "DestinationBucket": "media-copy-bucket-1234567",
        "RuleId": "everything",
    }
    late = made(replica=there).one("MetricAlarm", "media-latency").inputs
    assert (late["threshold"], late["treatMissingData"]) == (900, "notBreaching")
    assert not made(replica=PEER).all("MetricAlarm")


@pytest.mark.parametrize("replica", [None, PEER, BOTH], ids=["alone", "one way", "both ways"])
def test_a_buckets_facts_are_what_the_estimator_reads(replica):
    kept: list[Bucket] = []
    args = BucketArgs(tags=TAGS, kms_key_arn=KEY, replica=replica)
    deployment = deploy(lambda: kept.append(Bucket("media", args)))
    read = {
        member["name"]: member
        for member in facts(resources(deployment, "us-east-1"), stack="prod", region="us-east-1")["members"]
    }
    told = {fact["name"]: fact for fact in kept[0].recovery_facts}
    assert told.keys() == read.keys()
    for name, fact in told.items():
        for key in ("kind", "versioned", "tags"):
            assert fact[key] == read[name][key]
        assert fact.get("role", "active") == read[name]["role"]
        assert fact.get("region", "us-east-1") == read[name]["region"]
        ways = [
            {k: way[k] for k in ("region", "whole", "time_control", "versioned")}
            for way in read[name].get("replicas", [])
        ]
        assert fact.get("replicas", []) == ways


def test_replication_copies_everything_within_the_agreed_time():
    deployment = made(replica=PEER)
    config = deployment.one("BucketReplicationConfig")
    (rule,) = config.inputs["rules"]
    assert rule == {
        "id": "everything",
        "priority": 1,
        "status": "Enabled",
        "filter": {"prefix": ""},
        "deleteMarkerReplication": {"status": "Enabled"},
        "sourceSelectionCriteria": {"sseKmsEncryptedObjects": {"status": "Enabled"}},
        "destination": {
            "bucket": "arn:aws:mock:us-west-2:123456789012:media-copy-bucket",
            "storageClass": "STANDARD",
            "encryptionConfiguration": {"replicaKmsKeyId": PEER_KEY},
            "replicationTime": {"status": "Enabled", "time": {"minutes": 15}},
            "metrics": {"status": "Enabled", "eventThreshold": {"minutes": 15}},
        },
    }
    waits = {
        deployment.one("BucketVersioning", "media-versioning").urn,
        deployment.one("BucketVersioning", "media-copy-versioning").urn,
        deployment.one("RolePolicy").urn,
    }
    assert waits <= config.dependencies
    plain = made(kms_key_arn=None, replica=BucketReplica(region="us-west-2")).one("BucketReplicationConfig")
    assert "sourceSelectionCriteria" not in plain.inputs["rules"][0]
    assert "encryptionConfiguration" not in plain.inputs["rules"][0]["destination"]


def test_the_replication_role_may_do_just_that():
    deployment = made(replica=PEER)
    assert "s3.amazonaws.com" in deployment.one("Role").inputs["assumeRolePolicy"]
    source = "arn:aws:mock:us-east-1:123456789012:media-bucket"
    copy = "arn:aws:mock:us-west-2:123456789012:media-copy-bucket"
    found = json.loads(deployment.one("RolePolicy").inputs["policy"])["Statement"]
    assert [s["Resource"] for s in found] == [source, f"{source}/*", f"{copy}/*", KEY, PEER_KEY]
    assert [s["Action"] for s in found][2:] == [
        ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
        "kms:Decrypt",
        ["kms:Encrypt", "kms:GenerateDataKey"],
    ]
    assert found[4]["Condition"] == {"StringEquals": {"kms:ViaService": "s3.us-west-2.amazonaws.com"}}
    assert not any(
        "*" in action
        for s in found
        for action in ([s["Action"]] if isinstance(s["Action"], str) else s["Action"])
    )


def test_outputs():
    deployment = made(replica=PEER)
    assert deployment.outputs[deployment.one("holdfast:data:Bucket").urn] == {
        "bucket": "media-bucket-1234567",
        "arn": "arn:aws:mock:us-east-1:123456789012:media-bucket",
        "regionalDomainName": "media-bucket-1234567.s3.us-east-1.amazonaws.com",
        "replicaBucket": "media-copy-bucket-1234567",
        "replicaArn": "arn:aws:mock:us-west-2:123456789012:media-copy-bucket",
        "replicaRegionalDomainName": "media-copy-bucket-1234567.s3.us-west-2.amazonaws.com",
    }


def test_a_preview_with_nothing_known_registers_the_same():
    def unknown() -> None:
        key = aws.kms.Key("key").arn
        replica = BucketReplica(region="us-west-2", kms_key_arn=key)
        Bucket(
            "media", BucketArgs(tags=TAGS, kms_key_arn=key, replica=replica, log_writers=["x.amazonaws.com"])
        )

    names = {(r.type, r.name) for r in made(replica=PEER).resources}
    assert names <= {(r.type, r.name) for r in deploy(unknown, preview=True).resources}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"noncurrent_days": 0}, "noncurrent_days: got 0, allowed is 1 day or more"),
        ({"abort_multipart_days": 0}, "abort_multipart_days: got 0, allowed is 1 day or more"),
        ({"expiration_days": 0}, "expiration_days: got 0, allowed is 1 day or more"),
        ({"log_writers": ["x"], "own_policy": False}, "log_writers: got ['x'], allowed is none with own_policy False"),
        ({"replica": BucketReplica(region="us-west-2")}, "replica.kms_key_arn"),
        ({"kms_key_arn": None, "replica": PEER}, "replica.kms_key_arn"),
        ({"replica": BucketReplica(region="us-west-2", kms_key_arn=PEER_KEY, home_region="us-west-2")}, "replica.home_region: got 'us-west-2', allowed is another than replica.region"),
        ({"alarm_actions": ["t"]}, "alarm_actions: got some, allowed is none without a replica"),
        ({"transitions": [Transition(days=1, storage_class="TAPE")]}, "transitions.storage_class: got 'TAPE', allowed is one of STANDARD_IA, ONEZONE_IA,"),
        ({"transitions": [Transition(days=90, storage_class="ONEZONE_IA")]}, "transitions.storage_class: got ONEZONE_IA, allowed is STANDARD_IA: a lost zone would take"),
        ({"transitions": [Transition(days=29, storage_class="STANDARD_IA")]}, "transitions.days: got 29, allowed is 30 or more for STANDARD_IA"),
        (
            {"transitions": [Transition(days=30, storage_class="STANDARD_IA")], "expiration_days": 30},
            "expiration_days: got 30, allowed is more than the last transition's 30",
        ),
    ],
)  # fmt: skip
def test_bad_arguments(changes: dict[str, Any], message: str):
    with pytest.raises(ValueError, match=re.escape(message)):
        made(**changes)


KINDS = [k for k in STORAGE_CLASSES if k != "ONEZONE_IA"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 90), st.sampled_from(KINDS)), max_size=4),
    st.none() | st.integers(1, 120),
)
def test_transitions_go_forward_and_end_before_expiry(steps: list[tuple[int, str]], expiry: int | None):
    days = [d for d, _ in steps]
    legal = (
        all(a < b for a, b in pairwise(days))
        and all(d >= STORAGE_CLASSES[k] for d, k in steps)
        and (expiry is None or not days or days[-1] < expiry)
    )
    args = BucketArgs(
        tags=TAGS,
        transitions=[Transition(days=d, storage_class=k) for d, k in steps],
        expiration_days=expiry,
    )
    if legal:
        args.check()
    else:
        with pytest.raises(ValueError, match=r"transitions\.days|expiration_days"):
            args.check()


def test_the_name_is_known_once_what_is_written_is_replicated():
    def program() -> None:
        bucket = Bucket("media", BucketArgs(tags=TAGS, kms_key_arn=KEY, replica=PEER)).bucket
        aws.s3.BucketObjectv2("page", bucket=bucket, key="index.html", content="x")

    deployment = deploy(program)
    page = deployment.one("BucketObjectv2")
    assert page.inputs["bucket"] == "media-bucket-1234567"
    sources = page.property_dependencies["bucket"]
    assert deployment.one("BucketReplicationConfig").urn in sources
    assert deployment.one("aws:s3/bucket:Bucket", "media-bucket").urn in sources


def test_a_bucket_that_another_stack_made_is_watched_by_somebody():
    args = JoinedBucketArgs(tags=TAGS, bucket="here", arn="arn:here", peer_bucket="there", actions=[])
    with pytest.raises(ArgumentError, match=r"actions: got .*, allowed is 1 or more"):
        args.check()
