"""What AWS refuses and moto takes: each with AWS's error code, and before anything is made where it can be known before."""

from __future__ import annotations

import base64
import json

import pulumi
import pytest
from botocore.exceptions import ClientError
from pulumi.output import UNKNOWN

from sandbox.protocol import SIGNATURE
from sandbox.provider import Provider, ProviderError

POLICY = '{"Version": "2012-10-17", "Statement": []}'
CLUSTER = {
    "engine": "aurora-postgresql",
    "masterUsername": "root",
    "masterPassword": "secret-enough",
    "skipFinalSnapshot": True,
}


def without(inputs, name):
    return {key: value for key, value in inputs.items() if key != name}


LB = "aws:lb/loadBalancer:LoadBalancer"
VPC = {"cidrBlock": "10.0.0.0/16"}
CASES = [
    ("aws:ec2/vpc:Vpc", {**VPC, "tags": {"aws:x": "y"}}, "tags", "InvalidParameterValue: key 'aws:x' begins with aws:"),
    ("aws:ec2/vpc:Vpc", {**VPC, "tags": {"k" * 129: "y"}}, "tags", "has 129 characters; 1 to 128 are allowed"),
    ("aws:ec2/vpc:Vpc", {**VPC, "tags": {"k": "v" * 257}}, "tags", "has 257 characters; at most 256"),
    ("aws:ec2/vpc:Vpc", {**VPC, "tags": {f"k{n}": "v" for n in range(51)}}, "tags", "51 tags; at most 50 are allowed"),
    ("aws:sns/topic:Topic", {"tags": {"k": "a#b"}}, "tags", "InvalidParameter: the value of 'k', 'a#b', has characters"),
    ("aws:batch/jobQueue:JobQueue", {"priority": 1, "state": "ENABLED", "tags": {"a;b": "c"}}, "tags", "ValidationException: key 'a;b'"),
    (LB, {"name": "x" * 33, "subnets": ["a", "b"]}, "name", "ValidationError: 'x"),
    (LB, {"name": "internal-app", "subnets": ["a", "b"]}, "name", "not internal- first"),
    (LB, {"subnets": ["a", "b"], "idleTimeout": 4001}, "idleTimeout", "ValidationError: 4001; allowed are 1 to 4000"),
    ("aws:lb/targetGroup:TargetGroup", {"name": "a_b"}, "name", "'a_b' (3 characters)"),
    ("aws:lb/targetGroup:TargetGroup", {"slowStart": 5}, "slowStart", "5; allowed are 30 to 900 or 0"),
    ("aws:rds/cluster:Cluster", {**CLUSTER, "clusterIdentifier": "a--b"}, "clusterIdentifier", "no two hyphens together"),
    ("aws:rds/cluster:Cluster", {**CLUSTER, "backupRetentionPeriod": 36}, "backupRetentionPeriod", "36; allowed are 1 to 35"),
    ("aws:rds/cluster:Cluster", {**CLUSTER, "monitoringInterval": 7}, "monitoringInterval", "7; allowed are 0 to 1 or 5 or 10"),
    ("aws:s3/bucket:Bucket", {"bucket": "Big"}, "bucket", "InvalidBucketName: 'Big'"),
    ("aws:s3/bucket:Bucket", {"bucket": "192.168.5.4"}, "bucket", "no IP address"),
    ("aws:sns/topic:Topic", {"name": "a b"}, "name", "InvalidParameter: 'a b'"),
    ("aws:sqs/queue:Queue", {"visibilityTimeoutSeconds": 43201}, "visibilityTimeoutSeconds", "InvalidAttributeValue: 43201"),
    ("aws:iam/role:Role", {"name": "r" * 65, "assumeRolePolicy": POLICY}, "name", "1 to 64 letters"),
    ("aws:kms/key:Key", {"deletionWindowInDays": 6}, "deletionWindowInDays", "ValidationException: 6; allowed are 7 to 30"),
    ("aws:backup/vault:Vault", {"name": "a b"}, "name", "InvalidParameterValueException: 'a b'"),
    ("aws:secretsmanager/secret:Secret", {"recoveryWindowInDays": 3}, "recoveryWindowInDays", "3; allowed are 7 to 30 or 0"),
    ("aws:ec2/launchTemplate:LaunchTemplate", {"name": "n" * 129}, "name", "129 characters; at most 128 are allowed"),
    (
        "aws:kms/key:Key",
        {"customerMasterKeySpec": "RSA_2048", "keyUsage": "SIGN_VERIFY", "enableKeyRotation": True},
        "",
        "UnsupportedOperationException: a key of spec RSA_2048 can't be rotated",
    ),
    (
        "aws:backup/selection:Selection",
        {"planId": "p", "iamRoleArn": "arn:aws:iam::123456789012:role/r"},
        "",
        "InvalidParameterValueException: the selection names nothing",
    ),
    (
        "aws:rds/cluster:Cluster",
        {**without(CLUSTER, "masterPassword"), "globalClusterIdentifier": "g", "manageMasterUserPassword": True},
        "",
        "InvalidParameterCombination: a global database can't use a password managed by RDS",
    ),
]  # fmt: skip


RECORD = {"zoneId": "Z", "name": "www", "type": "A"}
PLAIN = {**RECORD, "ttl": 60, "records": ["192.0.2.1"]}
ROUTED = {**PLAIN, "setIdentifier": "a"}
ALIAS = {"aliases": [{"name": "a.example.com", "zoneId": "Z", "evaluateTargetHealth": True}]}
RULE_OF_LIFE = {"id": "a", "status": "Enabled", "filter": {"prefix": ""}}
BACKUP_RULE = {"ruleName": "r", "targetVaultName": "v", "schedule": "cron(0 5 * * ? *)"}
ALARM = {
    "comparisonOperator": "GreaterThanThreshold",
    "evaluationPeriods": 1,
    "metricName": "m",
    "namespace": "n",
    "period": 60,
    "statistic": "Sum",
    "threshold": 1,
}
INGRESS = {
    "securityGroupId": "sg-1",
    "ipProtocol": "tcp",
    "fromPort": 443,
    "toPort": 443,
    "cidrIpv4": "10.0.0.0/8",
}
VISIBLE = {"cloudwatchMetricsEnabled": True, "metricName": "m", "sampledRequestsEnabled": True}
ACL = {"scope": "REGIONAL", "defaultAction": {"allow": {}}, "visibilityConfig": VISIBLE}
COUNTRY = {
    "priority": 1,
    "action": {"block": {}},
    "statement": {"geoMatchStatement": {"countryCodes": ["US"]}},
    "visibilityConfig": VISIBLE,
}
FUNCTION = {"role": "arn:aws:iam::123456789012:role/r", "handler": "i.x", "runtime": "python3.12"}
CHECK = {"type": "HTTPS", "fqdn": "a.example.com", "port": 443}


def allow(actions, principal="123456789012"):
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": actions, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def lives(**days):
    return {"bucket": "b", "rules": [{**RULE_OF_LIFE, **days}]}


def backs_up(**more):
    return {"rules": [{**BACKUP_RULE, **more}]}


R53, LIFE, PLAN, WATCH, RULE_IN = (
    "aws:route53/record:Record",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:backup/plan:Plan",
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
)
CASES += [
    (R53, without({**ROUTED, "failoverRoutingPolicies": [{"type": "SECONDARY"}]}, "setIdentifier"), "", "InvalidInput: Invalid request: Missing field 'SetIdentifier'"),
    (R53, {**ROUTED, "failoverRoutingPolicies": [{"type": "SECONDARY"}], "weightedRoutingPolicies": [{"weight": 1}]}, "", "but found more than one"),
    (R53, ROUTED, "", "Expected exactly one of [Weight, Region, Failover, GeoLocation, MultiValueAnswer], but found none"),
    (R53, {**RECORD, **ALIAS, "ttl": 60}, "", "InvalidInput: Invalid request: Expected exactly one of [AliasTarget, all of [TTL"),
    (R53, {**RECORD, **ALIAS, "records": ["192.0.2.1"]}, "", "but found more than one"),
    (R53, without(PLAIN, "ttl"), "", "or TrafficPolicyInstanceId], but found none"),
    (R53, {**ROUTED, "weightedRoutingPolicies": [{"weight": 256}]}, "", "InvalidInput: Invalid value for Weight: 256; 0 to 255"),
    (R53, {**PLAIN, "ttl": 2**31}, "", "InvalidInput: Invalid value for TTL: 2147483648"),
    (R53, {**PLAIN, "records": ["www.example.com"]}, "", "InvalidChangeBatch: [Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address"),
    (R53, {**PLAIN, "type": "AAAA"}, "", "AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address) encountered with '192.0.2.1'"),
    (R53, {**PLAIN, "type": "TXT", "records": ["x" * 256]}, "", "CharacterStringTooLong (Value is too long)"),
    (R53, {**PLAIN, "records": ["192.0.2.1"] * 2}, "", "InvalidChangeBatch: [Duplicate Resource Record: '192.0.2.1']"),
    (R53, {**PLAIN, "type": "CNAME", "records": ["a.example.com", "b.example.com"]}, "", "a CNAME has one value, but found 2"),
    (R53, {**PLAIN, "name": "a..b"}, "", "DomainLabelEmpty"),
    (R53, {**PLAIN, "name": "a" * 64}, "", "DomainLabelTooLong"),
    (R53, {**PLAIN, "name": ".".join(["a" * 63] * 4) + ".b"}, "", "DomainNameTooLong"),
    ("aws:route53/healthCheck:HealthCheck", {**CHECK, "requestInterval": 20}, "requestInterval", "InvalidInput: 20; allowed are 30 or 10"),
    ("aws:route53/healthCheck:HealthCheck", {**CHECK, "regions": ["us-east-1"]}, "regions", "InvalidInput: 1 items; AWS allows 3 to 64"),
    ("aws:sns/topic:Topic", {"name": "t", "fifoTopic": True}, "name", "InvalidParameter: Fifo Topic names must end with .fifo"),
    ("aws:sns/topic:Topic", {"name": "t.fifo"}, "name", "those of FIFO topics alone end with .fifo"),
    ("aws:sns/topic:Topic", {"contentBasedDeduplication": True}, "contentBasedDeduplication", "InvalidParameter: Invalid parameter: Attributes Reason"),
    ("aws:sns/topicSubscription:TopicSubscription", {"topic": "arn:aws:sns:us-east-1:123456789012:t.fifo", "protocol": "email", "endpoint": "a@example.com"}, "protocol", "InvalidParameter: Invalid parameter: Invalid protocol type: email"),
    ("aws:sqs/queue:Queue", {"name": "q", "fifoQueue": True}, "name", "InvalidParameterValue: The name of a FIFO queue must end with .fifo"),
    ("aws:sqs/queue:Queue", {"name": "q.fifo"}, "name", "InvalidParameterValue: Can only include alphanumeric characters"),
    ("aws:sqs/queue:Queue", {"deduplicationScope": "queue"}, "deduplicationScope", "InvalidAttributeName: Unknown Attribute DeduplicationScope"),
    (LIFE, lives(transitions=[{"days": 29, "storageClass": "STANDARD_IA"}]), "rules", "InvalidArgument: 'Days' in Transition action must be greater than or equal to 30"),
    (LIFE, lives(transitions=[{"days": 60, "storageClass": "GLACIER"}], expiration={"days": 60}), "rules", "must be greater than 'Days' in the Transition action"),
    (LIFE, {"bucket": "b", "rules": [{**RULE_OF_LIFE, "expiration": {"days": 1}}] * 2}, "rules", "InvalidArgument: Rule ID must be unique"),
    (PLAN, backs_up(lifecycle={"coldStorageAfter": 30, "deleteAfter": 119}), "rules", "InvalidParameterValueException: Error in rule r : Invalid lifecycle. DeleteAfterDays cannot be less than 90 days apart"),
    (PLAN, backs_up(copyActions=[{"destinationVaultArn": "arn", "lifecycle": {"coldStorageAfter": 30, "deleteAfter": 60}}]), "rules", "cannot be less than 90 days apart"),
    (PLAN, backs_up(enableContinuousBackup=True, lifecycle={"deleteAfter": 36}), "rules", "DeleteAfterDays cannot be less than 1 or more than 35 days"),
    (PLAN, backs_up(enableContinuousBackup=True, lifecycle={"coldStorageAfter": 1, "deleteAfter": 91}), "rules", "MoveToColdStorageAfterDays is unavailable"),
    (PLAN, backs_up(startWindow=59), "rules", "StartWindowMinutes must be at least 60"),
    (PLAN, backs_up(startWindow=60, completionWindow=60), "rules", "must be greater than StartWindowMinutes"),
    ("aws:rds/cluster:Cluster", {**CLUSTER, "masterUsername": "admin"}, "masterUsername", "InvalidParameterValue: MasterUsername admin cannot be used as it is a reserved word"),
    ("aws:rds/cluster:Cluster", {**CLUSTER, "masterPassword": "with/slash"}, "masterPassword", "InvalidParameterValue: The parameter MasterUserPassword is not a valid password"),
    ("aws:rds/cluster:Cluster", {**CLUSTER, "manageMasterUserPassword": True}, "masterPassword", "InvalidParameterCombination: You can't specify MasterUserPassword"),
    ("aws:rds/cluster:Cluster", {**CLUSTER, "enabledCloudwatchLogsExports": ["audit"]}, "enabledCloudwatchLogsExports", "InvalidParameterCombination: You cannot use the log types 'audit'"),
    ("aws:rds/cluster:Cluster", {**CLUSTER, "preferredBackupWindow": "23:30-00:30", "preferredMaintenanceWindow": "mon:00:00-mon:01:00"}, "preferredBackupWindow", "must not overlap"),
    ("aws:rds/cluster:Cluster", {**CLUSTER, "preferredBackupWindow": "05:00-05:29"}, "preferredBackupWindow", "at least 30 minutes"),
    (WATCH, {**ALARM, "period": 45}, "period", "ValidationError: Period must be 10, 20, 30 or a multiple of 60"),
    (WATCH, {**ALARM, "evaluationPeriods": 1441}, "evaluationPeriods", "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400)"),
    (WATCH, {**ALARM, "period": 86400, "evaluationPeriods": 8}, "evaluationPeriods", "across more than a week"),
    (WATCH, {**ALARM, "datapointsToAlarm": 2}, "datapointsToAlarm", "ValidationError: DatapointsToAlarm 2"),
    (WATCH, {**ALARM, "extendedStatistic": "p99"}, "extendedStatistic", "exactly one of Statistic and ExtendedStatistic"),
    (WATCH, {**ALARM, "treatMissingData": "ok"}, "treatMissingData", "breaching, notBreaching, ignore, missing, got ok"),
    (WATCH, {**ALARM, "alarmActions": [f"arn:aws:sns:us-east-1:123456789012:t{n}" for n in range(6)]}, "alarmActions", "ValidationError: 6 items; AWS allows at most 5"),
    ("aws:cloudwatch/logGroup:LogGroup", {"retentionInDays": 10}, "retentionInDays", "InvalidParameterException: 10 is no retention"),
    ("aws:wafv2/webAcl:WebAcl", {**ACL, "scope": "CLOUDFRONT", "region": "us-west-2"}, "scope", "WAFInvalidParameterException: Error reason: The scope is not valid"),
    ("aws:wafv2/webAcl:WebAcl", {**ACL, "rules": [{**COUNTRY, "name": n} for n in "ab"]}, "rules", "A rule's priority must be unique, parameter: 1"),
    ("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", {"resourceArn": "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/w/1", "logDestinationConfigs": ["arn:aws:logs:us-east-1:123456789012:log-group:waf"]}, "logDestinationConfigs", "its name must begin with aws-waf-logs-"),
    ("aws:kms/key:Key", {"policy": allow("kms:Decrypt")}, "policy", "MalformedPolicyDocumentException: The new key policy will not allow you to update"),
    ("aws:kms/key:Key", {"policy": allow("kms:*", "arn:aws:iam::210987654321:root")}, "policy", "MalformedPolicyDocumentException"),
    ("aws:iam/policy:Policy", {"policy": allow([f"s3:Get{n:04}" for n in range(600)])}, "policy", "LimitExceeded: Cannot exceed quota for PolicySize: 6144"),
    ("aws:iam/role:Role", {"assumeRolePolicy": POLICY, "description": "größer €"}, "description", "ValidationError: 'größer €' does not have the form"),
    ("aws:lambda/function:Function", {**FUNCTION, "environment": {"variables": {"AWS_REGION": "x"}}}, "environment", "Reserved keys used in this request: AWS_REGION"),
    ("aws:lambda/function:Function", {**FUNCTION, "environment": {"variables": {"A": "x" * 4096}}}, "environment", "exceeded the 4KB limit: 4097 bytes"),
    ("aws:lambda/function:Function", {**FUNCTION, "timeout": 901}, "timeout", "ValidationException: 901; allowed are 1 to 900"),
    ("aws:lambda/function:Function", {**FUNCTION, "memorySize": 64}, "memorySize", "ValidationException: 64 is out of range"),
    ("aws:ec2/launchTemplate:LaunchTemplate", {"userData": base64.b64encode(b"x" * 16385).decode()}, "userData", "InvalidUserData.Malformed: User data is limited to 16384 bytes"),
    ("aws:ec2/securityGroup:SecurityGroup", {"description": "it's"}, "description", "InvalidParameterValue: Value (it's)"),
    ("aws:ec2/securityGroup:SecurityGroup", {"name": "sg-web"}, "name", "Group names may not be in the format sg-*"),
    (RULE_IN, {**INGRESS, "description": "größer €"}, "description", "InvalidParameterValue: Invalid rule description"),
    (RULE_IN, {**INGRESS, "fromPort": 444}, "toPort", "InvalidParameterValue: Invalid TCP/UDP port range (444:443)"),
]  # fmt: skip


def urn(token):
    return f"urn:pulumi:p::s::{token}::thing"


def make(provider, token, news):
    inputs, failures = provider.check(token, urn(token), {}, news)
    assert failures == []
    id_, outputs = provider.create(token, inputs)
    return id_, inputs, outputs


def refusal(code):
    return pytest.raises(ClientError, match=code)


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{case[0].split(':')[-1]}-{case[2]}-{n}" for n, case in enumerate(CASES)]
)
def test_a_check_refuses_it_before_anything_is_made(case):
    token, news, name, reason = case
    _, failures = Provider("http://127.0.0.1:1", "us-east-1").check(token, urn(token), {}, news)
    assert [found for found in failures if found[0] == name and reason in found[1]], failures


@pytest.mark.parametrize(
    ("token", "news"),
    [
        ("aws:ec2/vpc:Vpc", {**VPC, "tags": {"a#b": "any; character", "empty": ""}}),
        (
            "aws:sns/topic:Topic",
            {"name": "t.fifo", "fifoTopic": True, "tags": {"größe": "a b+c-d=e.f_g:h/i@j"}},
        ),
        ("aws:lb/targetGroup:TargetGroup", {"name": "a" * 32, "slowStart": 0, "deregistrationDelay": 3600}),
        ("aws:rds/cluster:Cluster", {**CLUSTER, "clusterIdentifier": "a" * 63, "monitoringInterval": 60}),
        ("aws:kms/key:Key", {"customerMasterKeySpec": "RSA_2048", "enableKeyRotation": False}),
        ("aws:kms/key:Key", {"policy": allow(["kms:PutKeyPolicy"], "*")}),
        ("aws:kms/key:Key", {"policy": allow("kms:Decrypt"), "bypassPolicyLockoutSafetyCheck": True}),
        (R53, {**ROUTED, "weightedRoutingPolicies": [{"weight": 255}], "ttl": 2**31 - 1}),
        (R53, {**ROUTED, "multivalueAnswerRoutingPolicy": True}),
        (R53, {**PLAIN, "type": "TXT", "records": ["x" * 255, '"' + "x" * 255 + '" "y"']}),
        (R53, {**RECORD, **ALIAS, "setIdentifier": "a", "latencyRoutingPolicies": [{"region": "us-east-1"}]}),
        (R53, {**RECORD, "name": UNKNOWN, "ttl": UNKNOWN, "records": [UNKNOWN]}),
        (R53, {**PLAIN, "ttl": UNKNOWN, "records": [UNKNOWN, UNKNOWN]}),
        (R53, {**PLAIN, "setIdentifier": UNKNOWN, "weightedRoutingPolicies": [{"weight": UNKNOWN}]}),
        (LIFE, lives(transitions=[{"days": 30, "storageClass": "STANDARD_IA"}], expiration={"days": 31})),
        (LIFE, lives(transitions=[{"days": 0, "storageClass": "INTELLIGENT_TIERING"}])),
        (
            PLAN,
            backs_up(
                lifecycle={"coldStorageAfter": 30, "deleteAfter": 120}, startWindow=60, completionWindow=61
            ),
        ),
        (PLAN, backs_up(enableContinuousBackup=True, lifecycle={"deleteAfter": 35})),
        (
            "aws:rds/cluster:Cluster",
            {
                **CLUSTER,
                "preferredBackupWindow": "23:30-00:30",
                "preferredMaintenanceWindow": "sun:00:30-sun:23:30",
            },
        ),
        ("aws:rds/cluster:Cluster", {**CLUSTER, "engine": "aurora-mysql", "masterUsername": "admin"}),
        (WATCH, {**ALARM, "evaluationPeriods": 1440}),
        (WATCH, {**ALARM, "period": 86400, "evaluationPeriods": 7, "treatMissingData": "notBreaching"}),
        ("aws:cloudwatch/logGroup:LogGroup", {"retentionInDays": 3653}),
        ("aws:wafv2/webAcl:WebAcl", {**ACL, "scope": "CLOUDFRONT"}),
        (
            "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
            {
                "resourceArn": "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/w/1",
                "logDestinationConfigs": [
                    "arn:aws:firehose:us-east-1:123456789012:deliverystream/aws-waf-logs-x"
                ],
            },
        ),
        (
            "aws:lambda/function:Function",
            {**FUNCTION, "timeout": 900, "environment": {"variables": {"A": "x" * 4095}}},
        ),
        ("aws:ec2/launchTemplate:LaunchTemplate", {"userData": base64.b64encode(b"x" * 16384).decode()}),
        (RULE_IN, {**INGRESS, "ipProtocol": "-1", "fromPort": None, "toPort": None}),
        (RULE_IN, {**INGRESS, "ipProtocol": "icmp", "fromPort": 8, "toPort": -1}),
    ],
)
def test_what_stands_at_the_border_is_taken(token, news):
    _, failures = Provider("http://127.0.0.1:1", "us-east-1").check(token, urn(token), {}, news)
    assert failures == []


@pytest.mark.parametrize(
    "source",
    [
        pulumi.FileAsset("nosuch.txt"),
        {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "path": "nosuch.txt"},
        pulumi.AssetArchive({"a": pulumi.FileArchive("nosuch.txt")}),
    ],
)
def test_a_file_that_is_not_there_is_refused_before_anything_is_made(source):
    token, provider = "aws:s3/bucketObjectv2:BucketObjectv2", Provider("http://127.0.0.1:1", "us-east-1")
    _, failures = provider.check(token, urn(token), {}, {"bucket": "b", "key": "k", "source": source})
    assert failures == [("source", f"{token}: can't read nosuch.txt: there is no such file")]
    there = {"bucket": "b", "key": "k", "source": pulumi.FileAsset(__file__)}
    assert provider.check(token, urn(token), {}, there)[1] == []


@pytest.fixture
def database(boto):
    """A global database of two members with an instance each; clients by region."""
    rds = {region: boto("rds", region) for region in ("us-east-1", "us-west-2")}
    for engine, version in (("aurora-postgresql", "16.4"), ("aurora-mysql", "8.0.mysql_aurora.3.08.0")):
        rds["us-east-1"].create_global_cluster(
            GlobalClusterIdentifier=engine, Engine=engine, EngineVersion=version
        )
        for region, client in rds.items():
            first = (
                {"MasterUsername": "root", "MasterUserPassword": "secret-enough"}
                if region == "us-east-1"
                else {}
            )
            of = {"Engine": engine, "DBClusterIdentifier": engine}
            client.create_db_cluster(**of, EngineVersion=version, GlobalClusterIdentifier=engine, **first)
            client.create_db_instance(**of, DBInstanceIdentifier=engine, DBInstanceClass="db.r6g.large")
    return rds


def test_minor_versions_reach_the_secondaries_first(database):
    east, west = database["us-east-1"], database["us-west-2"]
    new = {"DBClusterIdentifier": "aurora-postgresql", "EngineVersion": "16.6"}
    with refusal(r"InvalidParameterValue.*Please upgrade global replicas first"):
        east.modify_db_cluster(**new)
    assert (
        east.describe_db_clusters(DBClusterIdentifier="aurora-postgresql")["DBClusters"][0]["EngineVersion"]
        == "16.4"
    )
    west.modify_db_cluster(**new)
    assert east.modify_db_cluster(**new)["DBCluster"]["EngineVersion"] == "16.6"


def test_major_versions_are_the_global_clusters(database):
    east = database["us-east-1"]
    with refusal("InvalidParameterCombination"):
        east.modify_db_cluster(
            DBClusterIdentifier="aurora-postgresql", EngineVersion="17.4", AllowMajorVersionUpgrade=True
        )
    whole = {"GlobalClusterIdentifier": "aurora-postgresql", "EngineVersion": "17.4"}
    with refusal("AllowMajorVersionUpgrade"):
        east.modify_global_cluster(**whole)
    east.modify_global_cluster(**whole, AllowMajorVersionUpgrade=True)
    for client in database.values():
        (found,) = client.describe_db_clusters(DBClusterIdentifier="aurora-postgresql")["DBClusters"]
        assert found["EngineVersion"] == "17.4"


def test_a_minor_version_of_a_mysql_global_database_goes_member_by_member(database, provider):
    version = "8.0.mysql_aurora.3.09.0"
    with refusal("InvalidParameterValue"):
        database["us-east-1"].modify_global_cluster(
            GlobalClusterIdentifier="aurora-mysql", EngineVersion=version, AllowMajorVersionUpgrade=True
        )
    token = "aws:rds/globalCluster:GlobalCluster"
    old = {
        "globalClusterIdentifier": "aurora-mysql",
        "engine": "aurora-mysql",
        "engineVersion": "8.0.mysql_aurora.3.08.0",
    }
    provider.update(token, "aurora-mysql", old, old, {**old, "engineVersion": version})
    for client in database.values():
        (found,) = client.describe_db_clusters(DBClusterIdentifier="aurora-mysql")["DBClusters"]
        assert found["EngineVersion"] == version


def test_the_last_instance_of_the_cluster_that_writes_stays_while_others_read(database):
    east, west = database["us-east-1"], database["us-west-2"]
    gone = {"DBInstanceIdentifier": "aurora-postgresql", "SkipFinalSnapshot": True}
    with refusal("Cannot delete the last instance of the master cluster"):
        east.delete_db_instance(**gone)
    west.delete_db_instance(**gone)
    (member,) = west.describe_db_clusters(DBClusterIdentifier="aurora-postgresql")["DBClusters"]
    west_arn = member["DBClusterArn"]
    east.remove_from_global_cluster(GlobalClusterIdentifier="aurora-postgresql", DbClusterIdentifier=west_arn)
    east.delete_db_instance(**gone)


def test_a_member_of_a_global_database_has_no_password_managed_by_rds(boto):
    rds = boto("rds")
    rds.create_global_cluster(GlobalClusterIdentifier="g", Engine="aurora-postgresql")
    with refusal("InvalidParameterCombination"):
        rds.create_db_cluster(
            DBClusterIdentifier="c", Engine="aurora-postgresql", GlobalClusterIdentifier="g", MasterUsername="root",
            ManageMasterUserPassword=True,
        )  # fmt: skip
    assert rds.describe_db_clusters()["DBClusters"] == []


def test_a_replica_in_another_region_has_its_sources_user(provider, aws_endpoint):
    token = "aws:rds/cluster:Cluster"
    mysql = {"engine": "aurora-mysql", "skipFinalSnapshot": True}
    _, _, source = make(provider, token, {**CLUSTER, **mysql})
    other = Provider(aws_endpoint, "us-west-2")
    id_, _, outputs = make(other, token, {**mysql, "replicationSourceIdentifier": source["arn"]})
    assert outputs["replicationSourceIdentifier"] == source["arn"]
    instance = {
        "clusterIdentifier": id_,
        "engine": "aurora-mysql",
        "instanceClass": "db.r6g.large",
        "identifier": "only",
    }
    made = make(other, "aws:rds/clusterInstance:ClusterInstance", instance)
    with pytest.raises(ProviderError, match="Cannot delete the last instance of the read replica"):
        other.delete("aws:rds/clusterInstance:ClusterInstance", *made)


@pytest.fixture
def buckets(boto):
    s3 = boto("s3")
    for name in ("from", "into"):
        s3.create_bucket(Bucket=name)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return s3


RULE = {
    "ID": "all", "Status": "Enabled", "Priority": 1, "Filter": {"Prefix": ""}, "Destination": {"Bucket": "arn:aws:s3:::into"},
    "DeleteMarkerReplication": {"Status": "Enabled"},
}  # fmt: skip
KEY = {"EncryptionConfiguration": {"ReplicaKmsKeyID": "arn:aws:kms:us-west-2:123456789012:key/k"}}
SELECTED = {"SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Enabled"}}}


def replicate(s3, *rules):
    configuration = {"Role": "arn:aws:iam::123456789012:role/r", "Rules": list(rules)}
    s3.put_bucket_replication(Bucket="from", ReplicationConfiguration=configuration)


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        (
            [{**RULE, "Destination": {**RULE["Destination"], **KEY}}],
            "SseKmsEncryptedObjects must be specified",
        ),
        ([{**RULE, **SELECTED}], "EncryptionConfiguration must be specified"),
        (
            [{k: v for k, v in RULE.items() if k != "DeleteMarkerReplication"}],
            "DeleteMarkerReplication must be specified",
        ),
        ([RULE, {**RULE, "ID": "again"}], "Found identical priorities"),
    ],
)
def test_replication_rules_whose_parts_do_not_go_together(buckets, rules, reason):
    with refusal(reason):
        replicate(buckets, *rules)
    with refusal("ReplicationConfigurationNotFoundError"):
        buckets.get_bucket_replication(Bucket="from")


def test_versioning_stays_while_replication_is_configured(buckets):
    replicate(buckets, {**RULE, **SELECTED, "Destination": {**RULE["Destination"], **KEY}})
    with refusal("InvalidBucketState"):
        buckets.put_bucket_versioning(Bucket="from", VersioningConfiguration={"Status": "Suspended"})
    assert buckets.get_bucket_versioning(Bucket="from")["Status"] == "Enabled"
    buckets.delete_bucket_replication(Bucket="from")
    buckets.put_bucket_versioning(Bucket="from", VersioningConfiguration={"Status": "Suspended"})


def test_the_whole_sandbox_is_taken_down_all_the_same(buckets, aws_endpoint):
    replicate(buckets, RULE)
    token = "aws:s3/bucketVersioning:BucketVersioning"
    inputs = {"bucket": "from", "versioningConfiguration": {"status": "Enabled"}}
    Provider(aws_endpoint, "us-east-1", force_delete=True).delete(token, "from", inputs, inputs)
    assert buckets.get_bucket_versioning(Bucket="from")["Status"] == "Suspended"


@pytest.mark.parametrize(
    ("token", "news", "code"),
    [
        ("aws:cognito/userPool:UserPool", {"deletionProtection": "ACTIVE"}, "InvalidParameterException"),
        (
            "aws:neptune/cluster:Cluster",
            {"deletionProtection": True, "skipFinalSnapshot": True},
            "InvalidParameterCombination",
        ),
    ],
)
def test_a_protected_resource_stays_though_it_is_only_recorded(provider, aws_endpoint, token, news, code):
    id_, inputs, outputs = make(provider, token, news)
    with pytest.raises(ProviderError, match=rf"{code}: .* can't be deleted while {next(iter(news))} is on"):
        provider.delete(token, id_, inputs, outputs)
    assert provider.read(token, id_, inputs) is not None
    off = {**inputs, next(iter(news)): "INACTIVE" if news.get("deletionProtection") == "ACTIVE" else False}
    after = provider.update(token, id_, inputs, outputs, off)
    provider.delete(token, id_, off, after)
    assert provider.read(token, id_, off) is None
    made = make(provider, token, news)
    Provider(aws_endpoint, "us-east-1", force_delete=True).delete(token, *made)
    assert provider.read(token, made[0], inputs) is None


def test_a_fault_that_several_know_is_said_once():
    _, failures = Provider("http://127.0.0.1:1", "us-east-1").check(
        "aws:kms/key:Key", urn("aws:kms/key:Key"), {}, {"deletionWindowInDays": 6, "rotationPeriodInDays": 89}
    )
    assert sorted(name for name, _ in failures) == ["deletionWindowInDays", "rotationPeriodInDays"]


def test_a_protected_log_group_stays(provider, aws_endpoint, boto):
    token, logs = "aws:cloudwatch/logGroup:LogGroup", boto("logs")
    on = {"name": "kept", "deletionProtectionEnabled": True}
    id_, inputs, outputs = make(provider, token, on)
    assert logs.describe_log_groups()["logGroups"][0]["deletionProtectionEnabled"] is True
    with pytest.raises(ProviderError, match=r"ValidationException: .*deletion protection"):
        provider.delete(token, id_, inputs, outputs)
    off = {**inputs, "deletionProtectionEnabled": False}
    provider.delete(token, id_, off, provider.update(token, id_, inputs, outputs, off))
    assert logs.describe_log_groups()["logGroups"] == []
    Provider(aws_endpoint, "us-east-1", force_delete=True).delete(token, *make(provider, token, on))
    assert logs.describe_log_groups()["logGroups"] == []


def test_a_function_has_a_role_that_lambda_may_assume(provider):
    function = "aws:lambda/function:Function"
    code = pulumi.AssetArchive({"i.py": pulumi.StringAsset("x = 1")})
    for service in ("ec2", "lambda"):
        trust = {
            "Effect": "Allow",
            "Principal": {"Service": f"{service}.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
        role = {
            "name": service,
            "assumeRolePolicy": json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
        }
        _, _, made = make(provider, "aws:iam/role:Role", role)
        inputs = {**FUNCTION, "role": made["arn"], "name": service, "code": code}
        if service == "lambda":
            assert make(provider, function, inputs)[0] == "lambda"
            continue
        with pytest.raises(
            ProviderError, match=r"InvalidParameterValueException: The role defined .* cannot be assumed"
        ):
            make(provider, function, inputs)
