"""The kinds of unit, each with its reader: in words, with its options, and with advice where it has none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from policies.graph import Graph

from .model import Failure, Option
from .readers import (
    aurora,
    compute,
    dsql,
    dynamodb,
    ebs,
    edge,
    efs,
    elasticache,
    elb,
    msk,
    opensearch,
    rds,
    redshift,
    regionswitch,
    route53,
    s3,
)
from .surroundings import Surroundings
from .unit import Unit


@dataclass(frozen=True)
class Kind:
    """A kind of unit: in words, whether it keeps data, its options, and what to add where there is none."""

    words: str
    store: bool
    options: Callable[[Unit, Surroundings], list[Option]]
    advice: Mapping[Failure, str] = field(default_factory=dict)
    spans: bool = False
    """Whether its members in other regions are units of their own, which may be in another stack."""


_R, _X, _Z = Failure.REGION, Failure.CORRUPTION, Failure.ZONE


def _nothing(_unit: Unit, _world: Surroundings) -> list[Option]:
    return []


KINDS: Mapping[str, Kind] = {
    rds.KIND: Kind(
        "RDS instance",
        True,
        rds.options,
        {
            _R: "add a read replica or InstanceAutomatedBackupsReplication in another region, or a backup rule with a copy action there",
            _X: "set backupRetentionPeriod to 1 or more, or select it in a backup plan",
            _Z: "set multiAz, or backupRetentionPeriod to 1 or more",
        },
        spans=True,
    ),
    rds.CLUSTER_KIND: Kind(
        "RDS Multi-AZ cluster",
        True,
        rds.cluster_options,
        {_R: "add a backup rule with a copy action to another region", _X: "set backupRetentionPeriod"},
    ),
    aurora.KIND: Kind(
        "Aurora cluster",
        True,
        aurora.options,
        {
            _R: "make it a member of a global database with a cluster in another region, or add a backup rule with a copy action there",
            _X: "set backupRetentionPeriod, or select it in a backup plan",
        },
        spans=True,
    ),
    dynamodb.KIND: Kind(
        "DynamoDB table",
        True,
        dynamodb.options,
        {
            _R: "add a replica in another region, or a backup rule with a copy action there (point-in-time recovery stays in its region)",
            _X: "enable pointInTimeRecovery: a global table replicates a deletion",
        },
    ),
    s3.KIND: Kind(
        "S3 bucket",
        True,
        s3.options,
        {
            _R: "add a BucketReplicationConfig to a bucket in another region, or a backup rule with a copy action there",
            _X: "enable BucketVersioning",
        },
    ),
    elasticache.KIND: Kind(
        "ElastiCache",
        True,
        elasticache.options,
        {
            _R: "add a GlobalReplicationGroup, or the tag dr:rebuilt-from when it holds nothing of its own",
            _X: "set snapshotRetentionLimit, or the tag dr:rebuilt-from when it holds nothing of its own",
            _Z: "set automaticFailoverEnabled and multiAzEnabled with a replica",
            Failure.INSTANCE: "set automaticFailoverEnabled with a replica",
        },
        spans=True,
    ),
    efs.KIND: Kind(
        "EFS file system",
        True,
        efs.options,
        {
            _R: "add a ReplicationConfiguration, or a backup rule with a copy action to another region",
            _X: "add a BackupPolicy, or select it in a backup plan",
            _Z: "use a regional file system, or back it up",
        },
    ),
    ebs.KIND: Kind(
        "EBS volume",
        True,
        ebs.options,
        {
            _R: "add a copy of its snapshots to another region",
            _X: "select it in a backup plan or a lifecycle policy",
            _Z: "select it in a backup plan or a lifecycle policy",
        },
    ),
    opensearch.KIND: Kind(
        "OpenSearch domain",
        True,
        opensearch.options,
        {
            _R: "connect a domain in another region, or add the tag dr:rebuilt-from when it can be indexed again",
            _Z: "spread it over three zones (zoneAwarenessConfig)",
        },
    ),
    redshift.KIND: Kind(
        "Redshift cluster",
        True,
        redshift.options,
        {
            _R: "add a SnapshotCopy to another region",
            _X: "set automatedSnapshotRetentionPeriod",
            _Z: "set multiAz",
        },
    ),
    msk.KIND: Kind(
        "MSK cluster",
        True,
        msk.options,
        {
            _R: "add a Replicator to a cluster in another region",
            _X: "add the tag dr:rebuilt-from when the messages can be sent again",
            _Z: "put brokers into three zones",
        },
    ),
    dsql.KIND: Kind(
        "Aurora DSQL cluster",
        True,
        dsql.options,
        {_R: "peer it with a cluster in another region", _X: "select it in a backup plan"},
    ),
    compute.KIND: Kind(
        "compute",
        False,
        compute.options,
        {_R: "declare its counterpart, and its data, in another region"},
        spans=True,
    ),
    elb.KIND: Kind(
        "load balancer", False, elb.options, {_R: "declare its counterpart in another region"}, spans=True
    ),
    route53.KIND: Kind("DNS record", False, route53.options, spans=True),
    edge.CDN: Kind("CloudFront distribution", False, edge.cdn_options),
    edge.ACCELERATOR: Kind("Global Accelerator", False, edge.accelerator_options),
    regionswitch.KIND: Kind("Region switch plan", False, _nothing),
}

_READERS = (
    aurora,
    rds,
    dynamodb,
    s3,
    elasticache,
    efs,
    ebs,
    opensearch,
    redshift,
    msk,
    dsql,
    compute,
    elb,
    route53,
    edge,
    regionswitch,
)


def read(graph: Graph) -> list[Unit]:
    """Every unit that a graph declares."""
    return [u for reader in _READERS for u in reader.read(graph)]


UNREAD = {
    "aws:fsx/": "FSx",
    "aws:memorydb/cluster": "MemoryDB",
    "aws:keyspaces/table": "Keyspaces",
    "aws:timestreamwrite/table": "Timestream",
    "aws:timestreaminfluxdb/": "Timestream for InfluxDB",
    "aws:mq/broker": "Amazon MQ",
    "aws:sqs/queue:": "SQS queue",
    "aws:kinesis/stream:": "Kinesis stream",
    "aws:qldb/ledger": "QLDB",
    "aws:lightsail/database": "Lightsail database",
    "aws:redshiftserverless/namespace": "Redshift Serverless",
    "aws:opensearch/serverlessCollection": "OpenSearch Serverless",
}
"""Types that keep data and that no reader knows: they are named in the report, never passed over in silence."""
