"""Resources as the engine hands them over, for tests: short to write, linked by URN."""

from __future__ import annotations

from typing import Any

from policies.graph import UNKNOWN, Resource
from policies.recovery import Report, Settings, judge
from policies.recovery.estimate import Node
from policies.recovery.model import Failure

TIER1 = {"dr-tier": "1", "rto-hours": "4", "rpo-minutes": "5"}
TYPES = {
    "rds": "aws:rds/instance:Instance",
    "cluster": "aws:rds/cluster:Cluster",
    "member": "aws:rds/clusterInstance:ClusterInstance",
    "global": "aws:rds/globalCluster:GlobalCluster",
    "log-copy": "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
    "proxy-target": "aws:rds/proxyTarget:ProxyTarget",
    "table": "aws:dynamodb/table:Table",
    "table-replica": "aws:dynamodb/tableReplica:TableReplica",
    "bucket": "aws:s3/bucket:Bucket",
    "versioning": "aws:s3/bucketVersioning:BucketVersioning",
    "replication": "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
    "cache": "aws:elasticache/replicationGroup:ReplicationGroup",
    "datastore": "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup",
    "efs": "aws:efs/fileSystem:FileSystem",
    "efs-replication": "aws:efs/replicationConfiguration:ReplicationConfiguration",
    "efs-backup": "aws:efs/backupPolicy:BackupPolicy",
    "ebs": "aws:ebs/volume:Volume",
    "dlm": "aws:dlm/lifecyclePolicy:LifecyclePolicy",
    "search": "aws:opensearch/domain:Domain",
    "connection": "aws:opensearch/outboundConnection:OutboundConnection",
    "redshift": "aws:redshift/cluster:Cluster",
    "firehose": "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
    "snapshot-copy": "aws:redshift/snapshotCopy:SnapshotCopy",
    "snapshot-schedule": "aws:redshift/snapshotSchedule:SnapshotSchedule",
    "snapshot-scheduled": "aws:redshift/snapshotScheduleAssociation:SnapshotScheduleAssociation",
    "msk": "aws:msk/cluster:Cluster",
    "replicator": "aws:msk/replicator:Replicator",
    "dsql": "aws:dsql/cluster:Cluster",
    "peering": "aws:dsql/clusterPeering:ClusterPeering",
    "plan": "aws:backup/plan:Plan",
    "selection": "aws:backup/selection:Selection",
    "vault": "aws:backup/vault:Vault",
    "asg": "aws:autoscaling/group:Group",
    "tracking": "aws:autoscaling/policy:Policy",
    "task-tracking": "aws:appautoscaling/policy:Policy",
    "template": "aws:ec2/launchTemplate:LaunchTemplate",
    "ec2": "aws:ec2/instance:Instance",
    "ecs": "aws:ecs/service:Service",
    "task": "aws:ecs/taskDefinition:TaskDefinition",
    "range": "aws:appautoscaling/target:Target",
    "lambda": "aws:lambda/function:Function",
    "subnet": "aws:ec2/subnet:Subnet",
    "lb": "aws:lb/loadBalancer:LoadBalancer",
    "tg": "aws:lb/targetGroup:TargetGroup",
    "listener": "aws:lb/listener:Listener",
    "record": "aws:route53/record:Record",
    "check": "aws:route53/healthCheck:HealthCheck",
    "alarm": "aws:cloudwatch/metricAlarm:MetricAlarm",
    "cdn": "aws:cloudfront/distribution:Distribution",
    "accelerator": "aws:globalaccelerator/accelerator:Accelerator",
    "ga-listener": "aws:globalaccelerator/listener:Listener",
    "endpoints": "aws:globalaccelerator/endpointGroup:EndpointGroup",
    "switch": "aws:arcregionswitch/plan:Plan",
    "stack": "pulumi:pulumi:Stack",
}


def res(
    kind: str,
    name: str,
    props: dict[str, Any] | None = None,
    *,
    stack: str = "prod",
    parent: str = "",
    **links: Any,
) -> Resource:
    """A resource; `links` are properties that refer to other resources (their value is unknown unless props says it)."""
    type_ = TYPES.get(kind, kind)
    found = {k: [v] if isinstance(v, Resource) else list(v) for k, v in links.items()}
    values = {
        k: UNKNOWN if isinstance(links[k], Resource) else [UNKNOWN] * len(v)
        for k, v in found.items()
        if k != "dependsOn"
    }
    return Resource(
        type=type_,
        name=name,
        urn=f"urn:pulumi:{stack}::app::{type_}::{name}",
        props={**values, **(props or {})},
        parent=parent,
        dependencies=frozenset(r.urn for v in found.values() for r in v),
        property_dependencies={k: frozenset(r.urn for r in v) for k, v in found.items() if k != "dependsOn"},
    )


def home(
    *resources: Resource, region: str = "us-east-1", settings: Settings | None = None, peers: Any = ()
) -> Report:
    """Judge resources that live in us-east-1 unless they say otherwise."""
    return judge(resources, settings or Settings(home=region), peers)


def node(report: Report, failure: str, name: str) -> Node:
    found = [n for n in report.failures[Failure(failure)].nodes if n.unit.name == name]
    assert len(found) == 1, f"{len(found)} nodes {name} in {failure}"
    return found[0]


def times(n: Node) -> tuple[float, float]:
    return n.rto.low, n.rto.high


def losses(n: Node) -> tuple[float, float]:
    assert n.rpo is not None
    return n.rpo.low, n.rpo.high


def zones(count: int = 3, region: str = "us-east-1", stack: str = "prod") -> list[Resource]:
    """Subnets, one a zone."""
    return [
        res("subnet", f"{region}-{i}", {"availabilityZoneId": f"{region}-az{i}"}, stack=stack)
        for i in range(count)
    ]


def backed_up(
    *, copy_to: str | None = None, schedule: str = "cron(0 5 ? * * *)", keep: int = 35
) -> list[Resource]:
    """A daily plan that selects by the tag backup=required, with a start window of an hour."""
    rule: dict[str, Any] = {
        "ruleName": "daily",
        "schedule": schedule,
        "startWindow": 60,
        "lifecycle": {"deleteAfter": keep},
    }
    if copy_to:
        rule["copyActions"] = [
            {
                "destinationVaultArn": f"arn:aws:backup:{copy_to}:1:backup-vault:v",
                "lifecycle": {"deleteAfter": keep},
            }
        ]
    plan = res("plan", "plan", {"rules": [rule]})
    tag = [{"type": "STRINGEQUALS", "key": "backup", "value": "required"}]
    return [plan, res("selection", "selection", {"selectionTags": tag}, planId=plan)]
