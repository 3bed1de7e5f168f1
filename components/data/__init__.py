"""Data: relational databases, their passwords, tables, caches, shared files, and object storage."""

from components.data.aurora import AuroraGlobal, engine_port
from components.data.aurora_args import AuroraGlobalArgs, ServerlessCapacity
from components.data.bucket import Bucket
from components.data.bucket_args import BucketArgs, BucketReplica, Transition
from components.data.bucket_events import bucket_sender, declare_events
from components.data.bucket_policy import tls_only_statements
from components.data.bucket_replication import promising_replication
from components.data.cache import CacheGlobal
from components.data.cache_args import CacheGlobalArgs
from components.data.connections import max_connections, serverless_connections
from components.data.dsql import DsqlCluster
from components.data.dsql_access import DsqlAccess, DsqlAccessArgs, connecting_statements
from components.data.dsql_args import DsqlClusterArgs, DsqlPeer
from components.data.files import SharedFiles
from components.data.files_args import FilesPeer, SharedFilesArgs
from components.data.global_table import GlobalTable
from components.data.global_table_args import GlobalTableArgs, LocalTableIndex, TableIndex, TableReplica
from components.data.instance import RdsInstance
from components.data.instance_alarms import declare_instance_alarms
from components.data.instance_args import RdsInstanceArgs
from components.data.joined_bucket import JoinedBucket, JoinedBucketArgs
from components.data.joined_table import JoinedTable, JoinedTableArgs, item_statements
from components.data.letters import declare_letters
from components.data.moment import Moment
from components.data.multi_az_cluster import RdsMultiAzCluster, RdsMultiAzClusterArgs
from components.data.oracle import DatabaseOption, apex_options
from components.data.proxy import RdsProxy
from components.data.proxy_args import RdsProxyArgs
from components.data.queue import Sender, WorkQueue, WorkQueueArgs
from components.data.replica import RdsReplica, RdsReplicaArgs, ReplicaHome
from components.data.replicated_backups import ReplicatedBackups, ReplicatedBackupsArgs
from components.data.rotation import PasswordRotation, PasswordRotationArgs
from components.data.secret import DatabaseSecret, DatabaseSecretArgs, SecretReplica, reading_statements
from components.data.volumes import DataVolumes, DataVolumesArgs, SnapshotCopies

__all__ = [
    "AuroraGlobal",
    "AuroraGlobalArgs",
    "Bucket",
    "BucketArgs",
    "BucketReplica",
    "CacheGlobal",
    "CacheGlobalArgs",
    "DataVolumes",
    "DataVolumesArgs",
    "DatabaseOption",
    "DatabaseSecret",
    "DatabaseSecretArgs",
    "DsqlAccess",
    "DsqlAccessArgs",
    "DsqlCluster",
    "DsqlClusterArgs",
    "DsqlPeer",
    "FilesPeer",
    "GlobalTable",
    "GlobalTableArgs",
    "JoinedBucket",
    "JoinedBucketArgs",
    "JoinedTable",
    "JoinedTableArgs",
    "LocalTableIndex",
    "Moment",
    "PasswordRotation",
    "PasswordRotationArgs",
    "RdsInstance",
    "RdsInstanceArgs",
    "RdsMultiAzCluster",
    "RdsMultiAzClusterArgs",
    "RdsProxy",
    "RdsProxyArgs",
    "RdsReplica",
    "RdsReplicaArgs",
    "ReplicaHome",
    "ReplicatedBackups",
    "ReplicatedBackupsArgs",
    "SecretReplica",
    "Sender",
    "ServerlessCapacity",
    "SharedFiles",
    "SharedFilesArgs",
    "SnapshotCopies",
    "TableIndex",
    "TableReplica",
    "Transition",
    "WorkQueue",
    "WorkQueueArgs",
    "apex_options",
    "bucket_sender",
    "connecting_statements",
    "declare_events",
    "declare_instance_alarms",
    "declare_letters",
    "engine_port",
    "item_statements",
    "max_connections",
    "promising_replication",
    "reading_statements",
    "serverless_connections",
    "tls_only_statements",
]
