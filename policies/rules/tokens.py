"""Type tokens that several rules speak of. Some AWS resources have more than one."""

from __future__ import annotations

from typing import Final

DB_INSTANCE: Final = "aws:rds/instance:Instance"
DB_CLUSTER: Final = "aws:rds/cluster:Cluster"
DB_CLUSTER_INSTANCE: Final = "aws:rds/clusterInstance:ClusterInstance"
DOCUMENT_CLUSTER: Final = "aws:docdb/cluster:Cluster"
GRAPH_CLUSTER: Final = "aws:neptune/cluster:Cluster"
DB_CLUSTERS: Final = (DB_CLUSTER, DOCUMENT_CLUSTER, GRAPH_CLUSTER)
DB_CLUSTER_INSTANCES: Final = (
    DB_CLUSTER_INSTANCE,
    "aws:docdb/clusterInstance:ClusterInstance",
    "aws:neptune/clusterInstance:ClusterInstance",
)
GLOBAL_CLUSTERS: Final = (
    "aws:rds/globalCluster:GlobalCluster",
    "aws:docdb/globalCluster:GlobalCluster",
    "aws:neptune/globalCluster:GlobalCluster",
)
TABLE: Final = "aws:dynamodb/table:Table"
FILE_SYSTEM: Final = "aws:efs/fileSystem:FileSystem"
MOUNT_TARGET: Final = "aws:efs/mountTarget:MountTarget"
VOLUME: Final = "aws:ebs/volume:Volume"
WAREHOUSE: Final = "aws:redshift/cluster:Cluster"
SEARCH_DOMAIN: Final = "aws:opensearch/domain:Domain"
BROKERS: Final = "aws:msk/cluster:Cluster"
CACHE: Final = "aws:elasticache/replicationGroup:ReplicationGroup"
CACHE_CLUSTER: Final = "aws:elasticache/cluster:Cluster"
FSX: Final = (
    "aws:fsx/windowsFileSystem:WindowsFileSystem",
    "aws:fsx/ontapFileSystem:OntapFileSystem",
    "aws:fsx/openZfsFileSystem:OpenZfsFileSystem",
    "aws:fsx/lustreFileSystem:LustreFileSystem",
)
BUCKETS: Final = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
LOAD_BALANCERS: Final = ("aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer")
LISTENERS: Final = ("aws:lb/listener:Listener", "aws:alb/listener:Listener")
TARGET_GROUPS: Final = ("aws:lb/targetGroup:TargetGroup", "aws:alb/targetGroup:TargetGroup")
GROUP: Final = "aws:autoscaling/group:Group"
FUNCTION: Final = "aws:lambda/function:Function"
SERVICE: Final = "aws:ecs/service:Service"
SUBNET: Final = "aws:ec2/subnet:Subnet"
VAULT: Final = "aws:backup/vault:Vault"
KEY: Final = "aws:kms/key:Key"
REPLICA_KEY: Final = "aws:kms/replicaKey:ReplicaKey"
RECORD: Final = "aws:route53/record:Record"
HEALTH_CHECK: Final = "aws:route53/healthCheck:HealthCheck"
SECRET: Final = "aws:secretsmanager/secret:Secret"  # noqa: S105 - a type token
SECURITY_GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_SECURITY_GROUP: Final = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"

BACKED_UP: Final = (DB_INSTANCE, *DB_CLUSTERS, TABLE, FILE_SYSTEM, VOLUME, WAREHOUSE, *FSX, *BUCKETS)
"""Stores that AWS Backup protects: https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html"""
