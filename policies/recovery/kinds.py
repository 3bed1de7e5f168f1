"""The kinds of unit, each with its reader: in words, and with its options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from policies.graph import Graph

from .model import Option
from .readers import (
    api,
    aurora,
    capacity,
    cognito,
    compute,
    dsql,
    dynamodb,
    ebs,
    edge,
    efs,
    elasticache,
    elb,
    emrserverless,
    firehose,
    msk,
    opensearch,
    queues,
    rds,
    redshift,
    regionswitch,
    route53,
    s3,
    ses,
    streams,
)
from .surroundings import Surroundings
from .unit import Unit


@dataclass(frozen=True)
class Kind:
    """A kind of unit: in words, whether it keeps data, and its options."""

    words: str
    store: bool
    options: Callable[[Unit, Surroundings], list[Option]]
    spans: bool = False
    """Whether its members in other regions are units of their own, which may be in another stack."""
    passes: bool = False
    """Whether what it keeps only passes through: nothing of it is restored after corruption."""


def _nothing(_unit: Unit, _world: Surroundings) -> list[Option]:
    return []


KINDS: Mapping[str, Kind] = {
    rds.KIND: Kind("RDS instance", True, rds.options, spans=True),
    rds.CLUSTER_KIND: Kind("RDS Multi-AZ cluster", True, rds.cluster_options),
    aurora.KIND: Kind("Aurora cluster", True, aurora.options, spans=True),
    dynamodb.KIND: Kind("DynamoDB table", True, dynamodb.options),
    s3.KIND: Kind("S3 bucket", True, s3.options),
    elasticache.KIND: Kind("ElastiCache", True, elasticache.options, spans=True),
    efs.KIND: Kind("EFS file system", True, efs.options),
    ebs.KIND: Kind("EBS volume", True, ebs.options),
    opensearch.KIND: Kind("OpenSearch domain", True, opensearch.options),
    redshift.KIND: Kind("Redshift cluster", True, redshift.options),
    msk.KIND: Kind("MSK cluster", True, msk.options, spans=True),
    queues.KIND: Kind("SQS queue", True, queues.options, spans=True, passes=True),
    streams.KIND: Kind("Kinesis stream", True, streams.options, spans=True, passes=True),
    firehose.KIND: Kind("Firehose stream", True, firehose.options, spans=True, passes=True),
    dsql.KIND: Kind("Aurora DSQL cluster", True, dsql.options),
    cognito.KIND: Kind("Cognito user pool", True, cognito.options, spans=True),
    compute.KIND: Kind("compute", False, capacity.options, spans=True),
    elb.KIND: Kind("load balancer", False, elb.options, spans=True),
    api.KIND: Kind("API", False, api.options, spans=True),
    emrserverless.KIND: Kind("EMR Serverless application", False, emrserverless.options, spans=True),
    ses.KIND: Kind("SES identity", False, ses.options, spans=True),
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
    queues,
    streams,
    firehose,
    cognito,
    compute,
    elb,
    api,
    emrserverless,
    ses,
    route53,
    edge,
    regionswitch,
)


def read(graph: Graph) -> list[Unit]:
    """Every unit that a graph declares."""
    return [u for reader in _READERS for u in reader.read(graph)]
