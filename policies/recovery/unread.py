"""What keeps data or serves and no reader knows: it is named in the report, never passed over in silence."""

from __future__ import annotations

from collections.abc import Iterable

from policies.graph import Resource

from .readers.passing import PROMISES

STORES = {
    "aws:cloudhsmv2/cluster:": "CloudHSM cluster",
    "aws:cloudtrail/eventDataStore:": "CloudTrail event data store",
    "aws:codeartifact/repository:": "CodeArtifact repository",
    "aws:codecommit/repository:": "CodeCommit repository",
    "aws:cognito/identityPool:": "Cognito identity pool",
    "aws:connect/instance:": "Connect instance",
    "aws:datazone/domain:": "DataZone domain",
    "aws:dax/cluster:": "DAX cluster",
    "aws:directoryservice/directory:": "directory",
    "aws:docdb/clusterSnapshot:": "DocumentDB snapshot",
    "aws:docdb/elasticCluster:": "DocumentDB elastic cluster",
    "aws:ebs/snapshot:": "EBS snapshot",
    "aws:ec2/ami:": "machine image",
    "aws:ecr/repository:": "ECR repository",
    "aws:ecrpublic/repository:": "public ECR repository",
    "aws:elasticsearch/domain:": "Elasticsearch domain",
    "aws:finspace/": "FinSpace",
    "aws:fsx/": "FSx",
    "aws:glacier/vault:": "Glacier vault",
    "aws:glue/catalogDatabase:": "Glue catalogue",
    "aws:kendra/index:": "Kendra index",
    "aws:keyspaces/table:": "Keyspaces table",
    "aws:kinesis/firehoseDeliveryStream:": "Firehose stream",
    "aws:kinesis/stream:": "Kinesis stream",
    "aws:kinesis/videoStream:": "Kinesis video stream",
    "aws:lightsail/bucket:": "Lightsail bucket",
    "aws:lightsail/database:": "Lightsail database",
    "aws:lightsail/disk:": "Lightsail disk",
    "aws:location/geofenceCollection:": "Location geofence collection",
    "aws:mediastore/container:": "MediaStore container",
    "aws:memorydb/cluster:": "MemoryDB cluster",
    "aws:mq/broker:": "Amazon MQ broker",
    "aws:neptune/clusterSnapshot:": "Neptune snapshot",
    "aws:neptune/graph:": "Neptune Analytics graph",
    "aws:neptunegraph/": "Neptune Analytics graph",
    "aws:opensearch/serverlessCollection:": "OpenSearch Serverless collection",
    "aws:qldb/ledger:": "QLDB ledger",
    "aws:rds/clusterSnapshot:": "RDS cluster snapshot",
    "aws:rds/snapshot:": "RDS snapshot",
    "aws:redshiftserverless/namespace:": "Redshift Serverless namespace",
    "aws:rekognition/collection:": "Rekognition collection",
    "aws:s3/directoryBucket:": "S3 directory bucket",
    "aws:s3/filesFileSystem:": "S3 Files file system",
    "aws:s3/vectorsVectorBucket:": "S3 vector bucket",
    "aws:s3control/bucket:": "S3 on Outposts bucket",
    "aws:s3tables/tableBucket:": "S3 table bucket",
    "aws:sagemaker/domain:": "SageMaker domain",
    "aws:sagemaker/featureGroup:": "SageMaker feature group",
    "aws:secretsmanager/secret:": "secret",
    "aws:simpledb/domain:": "SimpleDB domain",
    "aws:sns/topic:": "SNS topic",
    "aws:sqs/queue:": "SQS queue",
    "aws:ssm/parameter:": "Systems Manager parameter",
    "aws:storagegateway/gateway:": "Storage Gateway",
    "aws:timestreaminfluxdb/": "Timestream for InfluxDB",
    "aws:timestreamwrite/table:": "Timestream table",
    "aws:transfer/server:": "Transfer Family server",
    "aws:workmail/organization:": "WorkMail organization",
    "aws:workspaces/workspace:": "WorkSpaces desktop",
}
"""By the beginning of the type: what keeps data, in words."""
SERVERS = {
    "aws:amplify/app:": "Amplify application",
    "aws:apprunner/service:": "App Runner service",
    "aws:appstream/fleet:": "AppStream fleet",
    "aws:appsync/graphQLApi:": "AppSync API",
    "aws:batch/computeEnvironment:": "Batch compute environment",
    "aws:cloudwatch/eventBus:": "event bus",
    "aws:dms/replicationInstance:": "DMS replication instance",
    "aws:ec2/fleet:": "EC2 fleet",
    "aws:ec2/spotFleetRequest:": "Spot fleet",
    "aws:ec2/spotInstanceRequest:": "Spot instance",
    "aws:ecs/expressGatewayService:": "ECS express service",
    "aws:ecs/taskSet:": "ECS task set",
    "aws:eks/cluster:": "EKS control plane",
    "aws:eks/fargateProfile:": "EKS Fargate profile",
    "aws:elb/loadBalancer:": "classic load balancer",
    "aws:emr/cluster:": "EMR cluster",
    "aws:gamelift/fleet:": "GameLift fleet",
    "aws:grafana/workspace:": "Grafana workspace",
    "aws:kinesisanalyticsv2/application:": "Managed Flink application",
    "aws:lightsail/containerService:": "Lightsail container service",
    "aws:lightsail/instance:": "Lightsail instance",
    "aws:mwaa/environment:": "Airflow environment",
    "aws:redshiftserverless/workgroup:": "Redshift Serverless workgroup",
    "aws:sagemaker/endpoint:": "SageMaker endpoint",
    "aws:sagemaker/notebookInstance:": "SageMaker notebook",
    "aws:sfn/stateMachine:": "state machine",
}
"""By the beginning of the type: what serves or works, in words."""
_HIDDEN = {
    "aws:cloudformation/stack:": "CloudFormation stack",
    "aws:cloudformation/stackSet:": "CloudFormation stack set",
    "aws:cloudcontrol/resource:": "Cloud Control resource",
    "aws:serverlessrepository/cloudFormationStack:": "CloudFormation stack",
    "aws:servicecatalog/provisionedProduct:": "Service Catalog product",
}
"""By the beginning of the type: what declares resources that can't be seen."""


_HELPERS = {
    "pulumi",
    "pulumi-nodejs",
    "pulumi-python",
    "archive",
    "command",
    "local",
    "null",
    "random",
    "std",
    "time",
    "tls",
}
"""Providers that keep nothing and serve nobody."""
_IF_SILENT = ("aws:kinesis/firehoseDeliveryStream:", "aws:kinesis/stream:", "aws:sqs/queue:")
"""By the beginning of the type: what is judged where it promises."""
_TAKER = "aws:cognito/identityPool:"
"""By the beginning of the type: what belongs to the user pool whose tokens it takes."""
_TABLES = (
    (STORES, "keeps data, and the estimator has no figures for it"),
    (SERVERS, "serves, and the estimator has no figures for it"),
    (_HIDDEN, "declares resources that can't be seen from here"),
)


def unread(resources: Iterable[Resource]) -> list[str]:
    """What may matter and isn't judged, each name once: one line for those of a type, or of another provider."""
    found: dict[str, dict[str, None]] = {}
    for r in resources:
        said = _said(r) if r.declared else ""
        if said:
            found.setdefault(said, {})[r.name] = None
    return [f"{', '.join(names)}: {said}: not judged" for said, names in found.items()]


def _said(r: Resource) -> str:
    """Why a resource isn't judged; empty when it needn't be."""
    provider = r.type.partition(":")[0]
    if r.type.startswith(_IF_SILENT) and r.tags.get(PROMISES) is not None:
        return ""  # a reader has it
    if r.type.startswith(_TAKER) and r.get("cognitoIdentityProviders") is not None:
        return ""  # its pool's reader has it
    if provider == "aws":
        return next(
            (
                f"{words}: {what}"
                for table, what in _TABLES
                for start, words in table.items()
                if r.type.startswith(start)
            ),
            "",
        )
    if provider == "aws-native":
        return f"{r.type}: the estimator doesn't read what the provider aws-native declares"
    foreign = r.custom and provider not in _HELPERS
    return f"the estimator doesn't read what the provider {provider} declares" if foreign else ""
