"""Forty-odd types that the sandbox's table has no row for, one or two of a service, some reading others' outputs."""

import json

import pulumi
import pulumi_aws as aws

config = pulumi.Config()
note = config.get("note") or "first"
tags = {"note": note}
role = "arn:aws:iam::123456789012:role/service"
key = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
subnets = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
group = "sg-0123456789abcdef0"

aws.ecs.CapacityProvider("ecs", auto_scaling_group_provider={"auto_scaling_group_arn": "arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:1:autoScalingGroupName/g"}, tags=tags)  # fmt: skip
fargate = aws.eks.FargateProfile(
    "eks", cluster_name="c", pod_execution_role_arn=role, selectors=[{"namespace": "web"}], tags=tags
)
aws.eks.Addon("addon", cluster_name=fargate.cluster_name, addon_name="coredns", tags=tags)
api_key = aws.apigateway.ApiKey("key", description=note)
plan = aws.apigateway.UsagePlan("plan", description=note)
aws.apigateway.UsagePlanKey("plan-key", key_id=api_key.id, key_type="API_KEY", usage_plan_id=plan.id)
aws.lambda_.CodeSigningConfig("signing", allowed_publishers={"signing_profile_version_arns": ["arn:aws:signer:us-east-1:123456789012:/signing-profiles/p/v"]}, description=note)  # fmt: skip
aws.dynamodb.ContributorInsights("insights", table_name="orders")
aws.sfn.Activity("activity", tags=tags)
settings = aws.msk.Configuration(
    "msk-settings", server_properties="auto.create.topics.enable = false", description=note
)
msk = aws.msk.Cluster(
    "msk",
    kafka_version="3.6.0",
    number_of_broker_nodes=2,
    broker_node_group_info={
        "instance_type": "kafka.m5.large",
        "client_subnets": subnets,
        "security_groups": [group],
    },
    configuration_info={"arn": settings.arn, "revision": settings.latest_revision},
    tags=tags,
)
aws.msk.ClusterPolicy("msk-policy", cluster_arn=msk.arn, policy="{}")
search = aws.opensearch.Domain("search", domain_name="search", engine_version="OpenSearch_2.11", tags=tags)
space = aws.redshiftserverless.Namespace("space", namespace_name="sales", tags=tags)
aws.redshiftserverless.Workgroup(
    "group", namespace_name=space.namespace_name, workgroup_name="sales", tags=tags
)
aws.elasticache.ServerlessCache("cache", name="cache", engine="valkey", description=note, tags=tags)
aws.memorydb.Acl("acl", tags=tags)
files = aws.fsx.LustreFileSystem("files", subnet_ids=subnets[0], storage_capacity=1200, tags=tags)
aws.fsx.Backup("files-backup", file_system_id=files.id, tags=tags)
pool = aws.cognito.UserPool("users", password_policy={"minimum_length": 12}, tags=tags)
aws.cognito.UserPoolClient("client", user_pool_id=pool.id)
aws.iot.Thing("thing", attributes={"note": note})
aws.iot.TopicRule("rule", enabled=True, sql="SELECT * FROM 't'", sql_version="2016-03-23", description=note)
store = {"location": "artifacts", "type": "S3"}
action = {
    "category": "Source",
    "name": "s",
    "owner": "AWS",
    "provider": "S3",
    "version": "1",
    "output_artifacts": ["out"],
}
build = {
    **action,
    "category": "Build",
    "name": "b",
    "provider": "CodeBuild",
    "input_artifacts": ["out"],
    "output_artifacts": [],
}
aws.codepipeline.Pipeline("pipeline", role_arn=role, artifact_stores=[store], stages=[{"name": "Source", "actions": [action]}, {"name": "Build", "actions": [build]}], tags=tags)  # fmt: skip
aws.codebuild.Project("build", artifacts={"type": "NO_ARTIFACTS"}, environment={"compute_type": "BUILD_GENERAL1_SMALL", "image": "i", "type": "LINUX_CONTAINER"}, service_role=role, source={"type": "NO_SOURCE", "buildspec": "version: 0.2"}, description=note)  # fmt: skip
recorder = aws.cfg.Recorder("recorder", role_arn=role)
aws.cfg.Rule("config-rule", source={"owner": "AWS", "source_identifier": "S3_BUCKET_VERSIONING_ENABLED"}, description=note, opts=pulumi.ResourceOptions(depends_on=[recorder]))  # fmt: skip
detector = aws.guardduty.Detector("guard", tags=tags)
aws.guardduty.Filter("guard-filter", detector_id=detector.id, action="ARCHIVE", rank=1, description=note, finding_criteria={"criterions": [{"field": "region", "equals": ["us-east-1"]}]})  # fmt: skip
aws.budgets.Budget(
    "budget",
    name="all",
    budget_type="COST",
    limit_amount="100",
    limit_unit="USD",
    time_unit="MONTHLY",
    tags=tags,
)
aws.costexplorer.AnomalyMonitor(
    "anomalies", monitor_type="DIMENSIONAL", monitor_dimension="SERVICE", tags=tags
)
aws.keyspaces.Keyspace("rows", name="rows", tags=tags)
aws.kinesis.FirehoseDeliveryStream("firehose", destination="extended_s3", tags=tags)
catalog = aws.glue.CatalogDatabase("catalog", description=note)
aws.glue.Crawler("crawler", database_name=catalog.name, role=role, description=note)
aws.athena.Workgroup("queries", description=note, tags=tags)
queue = aws.batch.JobQueue("jobs", priority=1, state="ENABLED", compute_environment_orders=[{"order": 1, "compute_environment": "arn:aws:batch:us-east-1:123456789012:compute-environment/e"}], tags=tags)  # fmt: skip
aws.mq.Broker("broker", engine_type="RabbitMQ", engine_version="3.13", host_instance_type="mq.m5.large", users=[{"username": "root", "password": "long-enough-1"}], tags=tags)  # fmt: skip
aws.transfer.Server("transfer", tags=tags)
aws.appconfig.Application("settings", description=note, tags=tags)
aws.amplify.App("app", description=note)
aws.ssm.Document(
    "document",
    document_type="Command",
    content=json.dumps({"schemaVersion": "2.2", "mainSteps": []}),
    tags=tags,
)
aws.schemas.Registry("schemas", description=note)
aws.wafv2.IpSet(
    "addresses", scope="REGIONAL", ip_address_version="IPV4", addresses=["192.0.2.0/24"], tags=tags
)
aws.globalaccelerator.Accelerator("accelerator", tags=tags)
aws.servicediscovery.HttpNamespace("names", description=note, tags=tags)

pulumi.export("brokers", msk.arn)
pulumi.export("search", search.endpoint)
pulumi.export("warehouse", space.arn)
pulumi.export("pool", pool.id)
