"""Drift of single resources: something is changed behind the provider's back, and a refresh shows that and nothing else."""

from __future__ import annotations

import json

import pytest

from sandbox.provider import Provider, ProviderError

ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def document(action, **more):
    return json.dumps({"Version": "2012-10-17", "Statement": [{**(more or ALLOW), "Action": action}]})


def trust(action):
    return document(action, Effect="Allow", Principal={"Service": "ec2.amazonaws.com"})


def make(provider, token, news, name="thing"):
    inputs, failures = provider.check(token, f"urn:pulumi:p::s::{token}::{name}", {}, news)
    assert failures == []
    id_, outputs = provider.create(token, inputs)
    return id_, inputs, outputs


def drift(provider, token, made):
    """What a refresh changes in the inputs: old and new value by name."""
    id_, inputs, outputs = made
    fresh, _ = provider.refresh(token, id_, inputs, outputs)
    names = sorted({*fresh, *inputs})
    return {n: (inputs.get(n), fresh.get(n)) for n in names if inputs.get(n) != fresh.get(n)}


def vpc(boto, id_):
    boto("ec2").modify_vpc_attribute(VpcId=id_, EnableDnsHostnames={"Value": False})


def key(boto, id_):
    boto("kms").disable_key_rotation(KeyId=id_)


def queue(boto, id_):
    boto("sqs").set_queue_attributes(QueueUrl=id_, Attributes={"VisibilityTimeout": "7"})


def topic(boto, id_):
    boto("sns").set_topic_attributes(TopicArn=id_, AttributeName="DisplayName", AttributeValue="new")


def group(boto, id_):
    boto("logs").put_retention_policy(logGroupName=id_, retentionInDays=1)


def parameter(boto, id_):
    boto("ssm").put_parameter(Name=id_, Value="new", Overwrite=True, Type="String")


def table(boto, id_):
    boto("dynamodb").update_table(TableName=id_, DeletionProtectionEnabled=False)


def role(boto, id_):
    boto("iam").update_assume_role_policy(RoleName=id_, PolicyDocument=trust("sts:TagSession"))


def alarm(boto, id_):
    cloudwatch = boto("cloudwatch")
    [found] = cloudwatch.describe_alarms(AlarmNames=[id_])["MetricAlarms"]
    names = (
        "AlarmName",
        "ComparisonOperator",
        "EvaluationPeriods",
        "MetricName",
        "Namespace",
        "Period",
        "Statistic",
    )
    cloudwatch.put_metric_alarm(**{n: found[n] for n in names}, Threshold=99, AlarmDescription="d")


ALARM = {
    "alarmDescription": "d", "comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 1, "metricName": "m",
    "namespace": "n", "period": 60, "statistic": "Sum", "threshold": 5,
}  # fmt: skip
CASES = [
    ("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": True}, vpc, {"enableDnsHostnames": (True, False)}),
    ("aws:kms/key:Key", {"enableKeyRotation": True}, key, {"enableKeyRotation": (True, False)}),
    ("aws:sqs/queue:Queue", {"visibilityTimeoutSeconds": 60}, queue, {"visibilityTimeoutSeconds": (60, 7)}),
    ("aws:sns/topic:Topic", {"displayName": "old"}, topic, {"displayName": ("old", "new")}),
    ("aws:cloudwatch/logGroup:LogGroup", {"retentionInDays": 30}, group, {"retentionInDays": (30, 1)}),
    ("aws:ssm/parameter:Parameter", {"type": "String", "value": "old"}, parameter, {"value": ("old", "new")}),
    (
        "aws:dynamodb/table:Table",
        {"name": "t", "hashKey": "k", "attributes": [{"name": "k", "type": "S"}], "billingMode": "PAY_PER_REQUEST",
         "deletionProtectionEnabled": True},
        table,
        {"deletionProtectionEnabled": (True, False)},
    ),
    (
        "aws:iam/role:Role",
        {"assumeRolePolicy": trust("sts:AssumeRole")},
        role,
        {"assumeRolePolicy": (trust("sts:AssumeRole"), trust("sts:TagSession").replace(" ", ""))},
    ),
    ("aws:cloudwatch/metricAlarm:MetricAlarm", ALARM, alarm, {"threshold": (5, 99)}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_a_change_behind_its_back_is_the_one_drift(provider, boto, case):
    token, news, change, expected = case
    made = make(provider, token, news)
    assert drift(provider, token, made) == {}
    change(boto, made[0])
    assert drift(provider, token, made) == expected
    id_, inputs, outputs = made
    fresh, seen = provider.refresh(token, id_, inputs, outputs)
    assert drift(provider, token, (id_, fresh, seen)) == {}, "a second refresh finds nothing new"
    after = provider.update(token, id_, fresh, seen, inputs)
    assert drift(provider, token, (id_, inputs, after)) == {}, "an update brings the program's value back"


def test_tags_are_read_back_without_the_default_ones(aws_endpoint, boto):
    provider = Provider(aws_endpoint, "us-east-1", {"owner": "platform"})
    token = "aws:ec2/vpc:Vpc"
    made = make(provider, token, {"cidrBlock": "10.0.0.0/16", "tags": {"a": "1"}})
    assert drift(provider, token, made) == {}
    boto("ec2").create_tags(Resources=[made[0]], Tags=[{"Key": "b", "Value": "2"}])
    boto("ec2").delete_tags(Resources=[made[0]], Tags=[{"Key": "owner"}])
    assert drift(provider, token, made) == {
        "tags": ({"a": "1"}, {"a": "1", "b": "2"}),
        "tagsAll": ({"owner": "platform", "a": "1"}, {"a": "1", "b": "2"}),
    }
    id_, inputs, outputs = made
    fresh, seen = provider.refresh(token, id_, inputs, outputs)
    provider.update(token, id_, fresh, seen, inputs)
    [found] = boto("ec2").describe_vpcs(VpcIds=[id_])["Vpcs"]
    assert {t["Key"]: t["Value"] for t in found["Tags"]} == {"owner": "platform", "a": "1"}


def test_a_rule_of_a_security_group_and_one_written_in_the_group(provider, boto):
    net, _, _ = make(provider, "aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"})
    inside = [{"protocol": "tcp", "fromPort": 80, "toPort": 80, "cidrBlocks": ["10.0.0.0/8"]}]
    group = make(
        provider, "aws:ec2/securityGroup:SecurityGroup", {"vpcId": net, "description": "d", "ingress": inside}
    )
    token = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
    other, _, _ = make(
        provider, "aws:ec2/securityGroup:SecurityGroup", {"vpcId": net, "description": "d"}, "other"
    )
    rule = make(
        provider, token,
        {"securityGroupId": other, "ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "cidrIpv4": "10.0.0.0/8"},
    )  # fmt: skip
    assert drift(provider, "aws:ec2/securityGroup:SecurityGroup", group) == drift(provider, token, rule) == {}
    changed = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 444, "CidrIpv4": "10.0.0.0/8"}
    boto("ec2").modify_security_group_rules(
        GroupId=other, SecurityGroupRules=[{"SecurityGroupRuleId": rule[0], "SecurityGroupRule": changed}]
    )
    boto("ec2").authorize_security_group_ingress(
        GroupId=group[0], IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="0.0.0.0/0"
    )
    assert drift(provider, token, rule) == {"toPort": (443, 444)}
    (_, now) = drift(provider, "aws:ec2/securityGroup:SecurityGroup", group)["ingress"]
    assert sorted(each["fromPort"] for each in now) == [22, 80]


def test_settings_of_a_bucket(provider, boto):
    bucket, _, _ = make(provider, "aws:s3/bucket:Bucket", {"bucket": "holdfast-drift"})
    token = "aws:s3/bucketVersioning:BucketVersioning"
    versioning = make(provider, token, {"bucket": bucket, "versioningConfiguration": {"status": "Enabled"}})
    policy = make(
        provider, "aws:s3/bucketPolicy:BucketPolicy", {"bucket": bucket, "policy": document("s3:GetObject")}
    )
    assert drift(provider, token, versioning) == {}
    boto("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    changed = {"versioningConfiguration": ({"status": "Enabled"}, {"status": "Suspended"})}
    assert drift(provider, token, versioning) == changed
    boto("s3").delete_bucket_policy(Bucket=bucket)
    id_, inputs, outputs = policy
    assert provider.refresh("aws:s3/bucketPolicy:BucketPolicy", id_, inputs, outputs) is None


def test_a_record(provider, boto):
    zone, _, _ = make(provider, "aws:route53/zone:Zone", {"name": "holdfast.example"})
    token = "aws:route53/record:Record"
    record = make(
        provider, token, {"zoneId": zone, "name": "www", "type": "A", "ttl": 60, "records": ["192.0.2.1"]}
    )
    assert drift(provider, token, record) == {}
    route53 = boto("route53")
    [found] = [
        r
        for r in route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
        if r["Type"] == "A"
    ]
    changed = {**found, "TTL": 5, "ResourceRecords": [{"Value": "192.0.2.2"}]}
    batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": changed}]}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)
    assert drift(provider, token, record) == {"ttl": (60, 5), "records": (["192.0.2.1"], ["192.0.2.2"])}


def test_a_recorded_resource_is_read_in_awss_words(provider):
    token = "aws:batch/jobQueue:JobQueue"
    made = make(
        provider, token,
        {"name": "q", "priority": 1, "state": "ENABLED", "computeEnvironmentOrders": [{"order": 1, "computeEnvironment": "arn"}]},
    )  # fmt: skip
    assert drift(provider, token, made) == {}
    row, ctx = provider.row(token), provider._context(provider.row(token), made[1], made[0])
    found = provider.api.record("GET", row._path(ctx))
    found["request"] |= {"state": "DISABLED", "priority": 2}
    provider.api.record("PUT", row._path(ctx), found)
    assert drift(provider, token, made) == {"priority": (1, 2), "state": ("ENABLED", "DISABLED")}
    provider.api.record("DELETE", row._path(ctx))
    assert provider.refresh(token, *made) is None


def test_a_default_that_was_changed_goes_back_to_the_default(provider, boto):
    token = "aws:ec2/vpc:Vpc"
    id_, inputs, outputs = make(provider, token, {"cidrBlock": "10.0.0.0/16"})
    fresh, seen = provider.refresh(token, id_, inputs, outputs)
    assert fresh == inputs
    boto("ec2").modify_vpc_attribute(VpcId=id_, EnableDnsSupport={"Value": False})
    fresh, later = provider.refresh(token, id_, inputs, seen)
    assert fresh == {**inputs, "enableDnsSupport": False}
    provider.update(token, id_, fresh, later, inputs)
    answer = boto("ec2").describe_vpc_attribute(VpcId=id_, Attribute="enableDnsSupport")
    assert answer["EnableDnsSupport"]["Value"] is True


def test_a_flag_that_is_no_longer_given_is_false(provider, boto):
    """As a region's writes are no longer forwarded once it writes itself."""
    boto("rds").create_global_cluster(
        GlobalClusterIdentifier="shop", Engine="aurora-postgresql", EngineVersion="16.8"
    )
    common = {"engine": "aurora-postgresql", "engineVersion": "16.8", "globalClusterIdentifier": "shop"}
    writer = {"masterUsername": "holdfast", "masterPassword": "correct-horse", "clusterIdentifier": "east"}
    make(provider, "aws:rds/cluster:Cluster", {**common, **writer})
    forwarding = {**common, "clusterIdentifier": "west", "region": "us-west-2", "skipFinalSnapshot": True}
    id_, inputs, outputs = make(
        provider, "aws:rds/cluster:Cluster", {**forwarding, "enableGlobalWriteForwarding": True}
    )
    rds = boto("rds", "us-west-2")
    asked = "GlobalWriteForwardingRequested"
    assert rds.describe_db_clusters()["DBClusters"][0][asked] is True
    rest = {name: value for name, value in inputs.items() if name != "enableGlobalWriteForwarding"}
    provider.update("aws:rds/cluster:Cluster", id_, inputs, outputs, rest)
    assert rds.describe_db_clusters()["DBClusters"][0][asked] is False


def test_what_has_no_documented_default_can_not_be_unset(provider):
    token = "aws:kms/key:Key"
    owner = {"AWS": "arn:aws:iam::123456789012:root"}
    policy = document("kms:*", Effect="Allow", Principal=owner, Resource="*")
    id_, inputs, outputs = make(provider, token, {"policy": policy})
    with pytest.raises(ProviderError, match="can't unset policy"):
        provider.update(token, id_, inputs, outputs, {})


def test_tags_that_aws_lists_by_pages_are_all_read(provider, boto):
    token, tags = "aws:dynamodb/table:Table", {f"key-{number:02}": "value" for number in range(12)}
    said = {
        "attributes": [{"name": "id", "type": "S"}],
        "hashKey": "id",
        "billingMode": "PAY_PER_REQUEST",
        "tags": tags,
    }
    said["replicas"] = [{"regionName": "us-west-2", "propagateTags": True}]
    said |= {"streamEnabled": True, "streamViewType": "NEW_AND_OLD_IMAGES"}
    id_, inputs, outputs = make(provider, token, said)
    fresh, _ = provider.refresh(token, id_, inputs, outputs)
    assert fresh["tags"] == tags
    fewer = {**inputs, "tags": {"key-11": "value"}, "tagsAll": {"key-11": "value"}}
    provider.update(token, id_, inputs, outputs, fewer)
    arn = outputs["arn"].replace("us-east-1", "us-west-2")
    assert boto("dynamodb", "us-west-2").list_tags_of_resource(ResourceArn=arn)["Tags"] == [
        {"Key": "key-11", "Value": "value"}
    ]
