"""What to type where a unit has no way back: by kind and failure, in the words of pulumi_aws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .model import Failure

_I, _R, _X, _Z = Failure.INSTANCE, Failure.REGION, Failure.CORRUPTION, Failure.ZONE
_COPY: Final = (
    'copy_actions=[{"destination_vault_arn": ...}] in a backup rule, with a vault in another region'
)
_SELECT: Final = "select it in an aws.backup.Selection"
_AGAIN: Final = (
    'in a stack of its own under the same name, or here with region="..." and the same tag dr:group on both'
)
_REBUILT: Final = 'the tag "dr:rebuilt-from" when it holds nothing of its own'

ADVICE: Final[Mapping[str, Mapping[Failure, str]]] = {
    "rds": {
        _R: f'aws.rds.InstanceAutomatedBackupsReplication(source_db_instance_arn=..., region="..."), a replica there, or {_COPY}',
        _X: f"backup_retention_period=7, or {_SELECT}",
        _Z: "multi_az=True, or backup_retention_period=7",
    },
    "rds-cluster": {_R: _COPY, _X: "backup_retention_period=7"},
    "aurora": {
        _R: f"global_cluster_identifier=... on it and on a cluster in another region (aws.rds.GlobalCluster), or {_COPY}",
        _X: f"backup_retention_period=7, or {_SELECT}",
    },
    "dynamodb": {
        _R: f'replicas=[{{"region_name": "..."}}], or {_COPY} (point-in-time recovery stays in its region)',
        _X: 'point_in_time_recovery={"enabled": True} (a replica repeats a deletion)',
    },
    "s3": {
        _R: "aws.s3.BucketReplicationConfig(bucket=..., rules=[...]) without filter to a bucket in another region, with "
        'source_selection_criteria={"sse_kms_encrypted_objects": {"status": "Enabled"}} where objects are under KMS, '
        f"or {_COPY}",
        _X: 'aws.s3.BucketVersioning(bucket=..., versioning_configuration={"status": "Enabled"})',
    },
    "elasticache": {
        _R: f"aws.elasticache.GlobalReplicationGroup(primary_replication_group_id=...), or {_REBUILT}",
        _X: f"snapshot_retention_limit=7, or {_REBUILT}",
        _Z: "automatic_failover_enabled=True, multi_az_enabled=True, num_cache_clusters=2",
        _I: "automatic_failover_enabled=True, num_cache_clusters=2",
    },
    "efs": {
        _R: f'aws.efs.ReplicationConfiguration(source_file_system_id=..., destination={{"region": "..."}}), or {_COPY}',
        _X: f'aws.efs.BackupPolicy(file_system_id=..., backup_policy={{"status": "ENABLED"}}), or {_SELECT}',
        _Z: f"leave availability_zone_name out, or {_SELECT}",
    },
    "ebs": {
        _R: f"cross_region_copy_rules in the schedule of an aws.dlm.LifecyclePolicy, or {_COPY}",
        _X: f"{_SELECT}, or give it the target tags of an aws.dlm.LifecyclePolicy",
        _Z: f"{_SELECT}, or give it the target tags of an aws.dlm.LifecyclePolicy",
    },
    "opensearch": {
        _R: "aws.opensearch.OutboundConnection of a domain in another region that follows, "
        'or the tag "dr:rebuilt-from" when it can be indexed again',
        _Z: 'cluster_config={"zone_awareness_enabled": True, "zone_awareness_config": {"availability_zone_count": 3}, ...}',
    },
    "redshift": {
        _R: f'aws.redshift.SnapshotCopy(cluster_identifier=..., destination_region="..."), with an aws.redshift.SnapshotSchedule where '
        f"eight hours are too long, or {_COPY}",
        _X: "automated_snapshot_retention_period=7",
        _Z: "multi_az=True, or availability_zone_relocation_enabled=True",
    },
    "msk": {
        _R: "aws.msk.Replicator to a cluster in another region",
        _X: "log.retention.hours longer than corruption takes to be noticed, or the tag "
        '"dr:rebuilt-from" when the messages can be sent again',
        _Z: "client_subnets in three zones, number_of_broker_nodes=3 or more, min.insync.replicas=2",
    },
    "stream": {_R: f"declare it again in another region: {_AGAIN}"},
    "firehose": {_R: f"declare it again in another region: {_AGAIN}"},
    "queue": {_R: f"declare it again in another region: {_AGAIN}"},
    "dsql": {
        _R: "two aws.dsql.ClusterPeering, of it and of a cluster in another region, each with the other",
        _X: _SELECT,
    },
    "cognito": {
        _R: 'lambda_config={"user_migration": ...}, whose function knows users by a store that both regions have, in a pool of each',
        _X: 'lambda_config={"user_migration": ...}, whose function knows users by a store that is backed up',
    },
    "compute": {_R: f"declare it, and its data, again in another region: {_AGAIN}"},
    "batch": {
        _R: f"declare it again in another region: {_AGAIN}",
        _Z: 'network_configuration={"subnet_ids": ...} in two zones or more',
    },
    "mail": {_R: f"declare it again in another region: {_AGAIN}"},
    "api": {_R: f"declare it again in another region: {_AGAIN}"},
    "load-balancer": {_R: f"declare it again in another region: {_AGAIN}"},
}
"""Kinds and failures that aren't here always have a way back."""


def advice(kind: str, failure: Failure) -> str:
    """What to type; empty when nothing is said."""
    return ADVICE.get(kind, {}).get(failure, "")
