"""What AWS refuses and moto takes: each with AWS's error code, and before anything is made where it can be known before."""

from __future__ import annotations

import pulumi
import pytest
from botocore.exceptions import ClientError

from sandbox.protocol import SIGNATURE
from sandbox.provider import Provider, ProviderError

POLICY = '{"Version": "2012-10-17", "Statement": []}'
CLUSTER = {
    "engine": "aurora-postgresql",
    "masterUsername": "root",
    "masterPassword": "secret-enough",
    "skipFinalSnapshot": True,
}
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
        {**CLUSTER, "globalClusterIdentifier": "g", "manageMasterUserPassword": True},
        "",
        "InvalidParameterCombination: a global database can't use a password managed by RDS",
    ),
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
            {"name": "t.fifo", "tags": {"größe": "a b+c-d=e.f_g:h/i@j"}},
        ),
        ("aws:lb/targetGroup:TargetGroup", {"name": "a" * 32, "slowStart": 0, "deregistrationDelay": 3600}),
        ("aws:rds/cluster:Cluster", {**CLUSTER, "clusterIdentifier": "a" * 63, "monitoringInterval": 60}),
        ("aws:kms/key:Key", {"customerMasterKeySpec": "RSA_2048", "enableKeyRotation": False}),
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
    with refusal("InvalidDBClusterStateFault"):
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
        ("aws:dsql/cluster:Cluster", {"deletionProtectionEnabled": True}, "ValidationException"),
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
