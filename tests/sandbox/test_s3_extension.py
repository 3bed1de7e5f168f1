"""Replication and bucket policies on the sandbox's AWS."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from sandbox.aws import faults

ROLE = "arn:aws:iam::123456789012:role/copy"
RULE = {
    "ID": "everything",
    "Priority": 3,
    "Status": "Enabled",
    "Filter": {"Prefix": "kept/"},
    "DeleteMarkerReplication": {"Status": "Enabled"},
    "SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Enabled"}},
    "Destination": {
        "Bucket": "arn:aws:s3:::copy",
        "StorageClass": "STANDARD",
        "EncryptionConfiguration": {"ReplicaKmsKeyID": "arn:aws:kms:us-west-2:123456789012:key/x"},
        "ReplicationTime": {"Status": "Enabled", "Time": {"Minutes": 15}},
        "Metrics": {"Status": "Enabled", "EventThreshold": {"Minutes": 15}},
    },
}


@pytest.fixture
def buckets(boto):
    """Two versioned buckets, `media` in us-east-1 and `copy` in us-west-2, and clients of both regions."""
    east, west = boto("s3"), boto("s3", "us-west-2")
    east.create_bucket(Bucket="media")
    west.create_bucket(Bucket="copy", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    for bucket in ("media", "copy"):
        east.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    return east, west


def replicate(client, **changes):
    configuration = {"Role": ROLE, "Rules": [{**RULE, **changes}]}
    client.put_bucket_replication(Bucket="media", ReplicationConfiguration=configuration)


def test_a_rule_is_kept_whole(buckets):
    replicate(buckets[0])
    found = buckets[0].get_bucket_replication(Bucket="media")["ReplicationConfiguration"]
    assert found == {"Role": ROLE, "Rules": [RULE]}


def test_objects_arrive_with_version_metadata_and_the_other_regions_key(buckets):
    east, west = buckets
    replicate(east)
    made = east.put_object(Bucket="media", Key="kept/a", Body=b"content", Metadata={"kind": "text"})
    east.put_object(Bucket="media", Key="other", Body=b"stays")
    found = west.get_object(Bucket="copy", Key="kept/a")
    assert found["Body"].read() == b"content"
    assert found["Metadata"] == {"kind": "text"}
    assert found["VersionId"] == made["VersionId"]
    assert found["ReplicationStatus"] == "REPLICA"
    assert found["SSEKMSKeyId"].endswith(":key/x")
    assert east.head_object(Bucket="media", Key="kept/a")["ReplicationStatus"] == "COMPLETED"
    assert [o["Key"] for o in west.list_objects_v2(Bucket="copy")["Contents"]] == ["kept/a"]


def test_delete_markers_follow_when_the_rule_says_so(buckets):
    east, west = buckets
    for status, left in (("Disabled", True), ("Enabled", False)):
        replicate(east, DeleteMarkerReplication={"Status": status})
        east.put_object(Bucket="media", Key="kept/a", Body=b"content")
        east.delete_object(Bucket="media", Key="kept/a")
        assert ("Contents" in west.list_objects_v2(Bucket="copy")) is left
    assert west.list_object_versions(Bucket="copy")["Versions"], "a marker hides, it deletes nothing"


def test_a_lost_region_gets_its_copies_when_it_is_back(buckets):
    east, west = buckets
    replicate(east)
    faults.apply({"regions": {"us-west-2": [503, "ServiceUnavailable"]}})
    east.put_object(Bucket="media", Key="kept/a", Body=b"content")
    assert east.head_object(Bucket="media", Key="kept/a")["ReplicationStatus"] == "PENDING"
    faults.apply({"clear": True})
    assert west.get_object(Bucket="copy", Key="kept/a")["Body"].read() == b"content"


def test_replication_needs_versioning_at_both_ends(boto):
    east = boto("s3")
    for bucket in ("media", "copy"):
        east.create_bucket(Bucket=bucket)
    with pytest.raises(ClientError):
        replicate(east)
    east.put_bucket_versioning(Bucket="media", VersioningConfiguration={"Status": "Enabled"})
    with pytest.raises(ClientError, match="InvalidRequest"):
        replicate(east)


def test_a_tls_only_bucket_takes_objects_and_a_plain_denial_does_not(buckets):
    east, _ = buckets
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::media/*"}
    for condition, refused in (
        ({"Bool": {"aws:SecureTransport": "false"}}, False),
        ({"NumericLessThan": {"s3:TlsVersion": "1.2"}}, False),
        ({"NumericLessThan": {"s3:TlsVersion": "1.4"}}, True),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, False),
        ({}, True),
    ):
        statement = {**deny, **({"Condition": condition} if condition else {})}
        east.put_bucket_policy(
            Bucket="media", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        )
        if refused:
            with pytest.raises(ClientError, match=r"403|AccessDenied"):
                east.put_object(Bucket="media", Key="a", Body=b"x")
        else:
            east.put_object(Bucket="media", Key="a", Body=b"x")
