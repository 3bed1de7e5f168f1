"""What S3 keeps of a bucket: versioning, encryption, policy and replication, inline in the bucket or in resources of their own."""

from __future__ import annotations

from typing import Any, Final

from .graph import Graph
from .resource import Resource
from .unknown import Unknown, both, either

BUCKETS: Final = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
REPLICATION: Final = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
_VERSIONING: Final = (
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:s3/bucketVersioningV2:BucketVersioningV2",
)
_ENCRYPTION: Final = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
)
_LIFECYCLES: Final = (
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
)
_POLICY: Final = "aws:s3/bucketPolicy:BucketPolicy"
LOGS: Final = {
    "accessLogs": ("aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"),
    "deliveryDestinationConfiguration": ("aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",),
    "connectionLogs": ("aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"),
    "loggingConfig": ("aws:cloudfront/distribution:Distribution",),
    "reportConfigurations": ("aws:arcregionswitch/plan:Plan",),
    "experimentReportConfiguration": ("aws:fis/experimentTemplate:ExperimentTemplate",),
    "settings": ("aws:elasticbeanstalk/environment:Environment",),
    "targetBucket": ("aws:s3/bucketLogging:BucketLogging", "aws:s3/bucketLoggingV2:BucketLoggingV2"),
}
"""Properties that say where logs and reports go, and the types that have them."""


def takes_logs(graph: Graph, bucket: Resource) -> bool:
    """Whether something writes its access logs there: it names the bucket, or the policy that lets it."""
    named = (bucket, *graph.users(bucket, "bucket", _POLICY))
    return any(graph.users(each, prop, *types) for each in named for prop, types in LOGS.items())


def versioned(graph: Graph, bucket: Resource) -> bool | Unknown:
    """Whether it keeps versions. Object lock needs them, so a bucket that has it does."""
    found = [
        _is(each, "versioningConfiguration.status", "Enabled")
        for each in graph.users(bucket, "bucket", *_VERSIONING)
    ]
    return either(*found, bucket.flag("versioning.enabled"), bucket.flag("objectLockEnabled"))


def customer_key(graph: Graph, bucket: Resource) -> bool | Unknown:
    """Whether objects are encrypted by default with a key in KMS that is named, not AWS's own."""
    return either(
        *(
            both(_kms(holder, path), _given(holder, f"{path}.kmsMasterKeyId"))
            for holder, path in _defaults(graph, bucket)
        )
    )


def under_kms(graph: Graph, bucket: Resource) -> bool | Unknown:
    """Whether objects are encrypted by default with a key in KMS, of whomever."""
    return either(*(_kms(holder, path) for holder, path in _defaults(graph, bucket)))


def policies(graph: Graph, bucket: Resource) -> list[str | Unknown]:
    """Its policy documents."""
    found = [each.text("policy") for each in (bucket, *graph.users(bucket, "bucket", _POLICY))]
    # Where a bucket has none of its own, the provider shows what a policy beside it has put there, unknown at preview.
    return [text for text in found if isinstance(text, str)] or [
        text for text in found[1:] if text is not None
    ]


def lifecycles(graph: Graph, bucket: Resource) -> bool:
    """Whether something removes or moves its objects by age."""
    return bucket.get("lifecycleRules") is not None or bool(graph.users(bucket, "bucket", *_LIFECYCLES))


def bucket_of(graph: Graph, arn: Any) -> Resource | None:
    """The bucket with this ARN, which ends with its name."""
    found = graph.named([arn, arn.rpartition(":")[2]], *BUCKETS) if isinstance(arn, str) else []
    return found[0] if found else None


def replications(graph: Graph, bucket: Resource) -> list[tuple[Resource, str]]:
    """The rules that replicate it: the resource that holds each, and the path to it."""
    holders = [(each, "rules") for each in graph.users(bucket, "bucket", REPLICATION)]
    holders.append((bucket, "replicationConfiguration.rules"))
    return [
        (holder, f"{path}.{place}") for holder, path in holders for place, _ in enumerate(_rows(holder, path))
    ]


def whole(graph: Graph, bucket: Resource, holder: Resource, rule: str) -> bool | Unknown:
    """Whether a replication rule takes every object of its bucket.

    It doesn't when it is off or filtered, nor where objects are encrypted with KMS unless it selects those and names a key for the replica.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
    """
    narrowed = (f"{rule}.{name}" for name in _FILTERS)
    on = _is(holder, f"{rule}.status", "Enabled")
    if on is False or any(holder.get(path) is not None for path in narrowed):
        return False
    encrypted = under_kms(graph, bucket)
    if encrypted is False:
        return on
    chosen = f"{rule}.sourceSelectionCriteria.sseKmsEncryptedObjects"
    selects = either(_is(holder, f"{chosen}.status", "Enabled"), holder.flag(f"{chosen}.enabled"))
    key = either(
        _given(holder, f"{rule}.destination.encryptionConfiguration.replicaKmsKeyId"),
        _given(holder, f"{rule}.destination.replicaKmsKeyId"),
    )
    takes = both(selects, key)
    return both(on, takes if encrypted is True or takes is True else encrypted)


_FILTERS: Final = (
    "prefix",
    "filter.prefix",
    "filter.tag",
    "filter.tags",
    "filter.and.prefix",
    "filter.and.tags",
)


def _defaults(graph: Graph, bucket: Resource) -> list[tuple[Resource, str]]:
    """Where the default encryption is told: of resources beside the bucket, else in it."""
    beside = graph.users(bucket, "bucket", *_ENCRYPTION)
    found = [(each, f"rules.{i}") for each in beside for i, _ in enumerate(_rows(each, "rules"))]
    inline = [(bucket, "serverSideEncryptionConfiguration.rule")]
    return [(holder, f"{path}.applyServerSideEncryptionByDefault") for holder, path in found or inline]


def _rows(holder: Resource, path: str) -> list[Any]:
    rows = holder.items(path)
    return rows if isinstance(rows, list) else [rows]


def _kms(holder: Resource, path: str) -> bool | Unknown:
    algorithm = holder.text(f"{path}.sseAlgorithm", "")
    return algorithm if isinstance(algorithm, Unknown) else (algorithm or "").startswith("aws:kms")


def _is(holder: Resource, path: str, wanted: str) -> bool | Unknown:
    found = holder.text(path)
    return found if isinstance(found, Unknown) else found == wanted


def _given(holder: Resource, path: str) -> bool:
    """Whether a key is named; one that isn't known yet is."""
    return holder.get(path) is not None
