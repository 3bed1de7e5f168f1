"""The provider's rows of RDS, Secrets Manager and S3: create, read, update, what replaces, delete."""

from __future__ import annotations

import json

import pytest

from sandbox.provider import Provider, ProviderError
from tests.sandbox.rds_world import groups

RDS = "aws:rds/"
CLUSTER = f"{RDS}cluster:Cluster"
GLOBAL = f"{RDS}globalCluster:GlobalCluster"
INSTANCE = f"{RDS}instance:Instance"
MEMBER = f"{RDS}clusterInstance:ClusterInstance"
SECRET = "aws:secretsmanager/secret:Secret"
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
BUCKET = "aws:s3/bucket:Bucket"


class Made:
    """A resource that the provider made."""

    def __init__(self, provider, token, name="it", **inputs):
        self.provider, self.token = provider, token
        self.urn = f"urn:pulumi:prod::holdfast::{token}::{name}"
        self.inputs = self.check(inputs)
        self.id, self.outputs = provider.create(token, self.inputs)

    def check(self, inputs, olds=None):
        checked, failures = self.provider.check(self.token, self.urn, olds or {}, inputs)
        assert failures == []
        return checked

    def news(self, **changes):
        return self.check(
            {k: v for k, v in {**self.inputs, **changes}.items() if k != "tagsAll"}, self.inputs
        )

    def diff(self, **changes):
        return self.provider.diff(self.token, self.inputs, self.news(**changes))

    def update(self, **changes):
        news = self.news(**changes)
        self.outputs = self.provider.update(self.token, self.id, self.inputs, self.outputs, news)
        self.inputs = news

    def read(self):
        return self.provider.read(self.token, self.id, self.inputs)

    def delete(self):
        self.provider.delete(self.token, self.id, self.inputs, self.outputs)


def cluster(provider, **more):
    base = {
        "engine": "aurora-postgresql",
        "engineVersion": "16.8",
        "masterUsername": "holdfast",
        "masterPasswordWo": "first-password",
        "masterPasswordWoVersion": 1,
        "skipFinalSnapshot": False,
        "finalSnapshotIdentifier": "the-end",
        "enabledCloudwatchLogsExports": ["postgresql"],
        "tags": {"owner": "team"},
    }
    return Made(provider, CLUSTER, "db", **{**base, **more})


def stored_password(name):
    from moto.rds.models import rds_backends

    return rds_backends["123456789012"]["us-east-1"].clusters[name]._master_user_password


def test_a_cluster_from_creation_to_deletion(provider, boto):
    made = cluster(provider, deletionProtection=True)
    assert made.outputs["endpoint"].startswith(f"{made.id}.cluster-")
    assert made.outputs["arn"].endswith(f":cluster:{made.id}")
    assert "masterPasswordWo" not in made.outputs
    assert "first-password" not in repr(made.outputs)
    assert made.read()["clusterResourceId"] == made.outputs["clusterResourceId"]
    assert not made.diff(masterPasswordWo="other").changes, "a write-only value alone changes nothing"
    made.update(masterPasswordWo="second-password", masterPasswordWoVersion=2)
    assert stored_password(made.id) == "second-password"
    made.update(backupRetentionPeriod=7, enabledCloudwatchLogsExports=["instance"], tags={"owner": "new"})
    (found,) = boto("rds").describe_db_clusters()["DBClusters"]
    assert found["BackupRetentionPeriod"] == 7
    assert found["EnabledCloudwatchLogsExports"] == ["instance"]
    assert found["TagList"] == [{"Key": "owner", "Value": "new"}]
    for name, value in (
        ("kmsKeyId", "k"),
        ("storageEncrypted", True),
        ("databaseName", "x"),
        ("engine", "aurora-mysql"),
    ):
        assert made.diff(**{name: value}).replaces == [name]
    assert made.diff(engineVersion="17.4").replaces == []
    with pytest.raises(ProviderError, match="disable deletion protection"):
        made.delete()
    made.update(deletionProtection=False)
    made.delete()
    assert made.read() is None
    manual = boto("rds").describe_db_cluster_snapshots(SnapshotType="manual")["DBClusterSnapshots"]
    assert [s["DBClusterSnapshotIdentifier"] for s in manual] == ["the-end"]
    made.delete()


def test_a_global_database_is_made_around_a_restored_cluster_of_any_region(aws_endpoint, boto):
    west = Provider(aws_endpoint, "us-west-2")
    first = cluster(west)
    client = boto("rds", region="us-west-2")
    client.create_db_cluster_snapshot(DBClusterIdentifier=first.id, DBClusterSnapshotIdentifier="clean")
    restored = cluster(west, clusterIdentifier="again", snapshotIdentifier="clean", backupRetentionPeriod=9)
    assert restored.id == "again"
    assert restored.read()["backupRetentionPeriod"] == 9  # what a restore doesn't take is set afterwards
    assert restored.diff(snapshotIdentifier="other").replaces == ["snapshotIdentifier"]
    top = Made(
        west, GLOBAL, "top", globalClusterIdentifier="shop", sourceDbClusterIdentifier=restored.outputs["arn"], forceDestroy=True
    )  # fmt: skip
    (member,) = top.read()["globalClusterMembers"]
    assert (member["dbClusterArn"], member["isWriter"]) == (restored.outputs["arn"], True)
    joined = cluster(
        Provider(aws_endpoint, "us-east-1"),
        globalClusterIdentifier="shop",
        masterUsername=None,
        masterPasswordWo=None,
        masterPasswordWoVersion=None,
    )
    assert len(top.read()["globalClusterMembers"]) == 2
    top.delete()  # lets go of both, the one that writes last
    assert top.read() is None
    assert joined.read()
    assert restored.read()


def test_a_global_database_is_destroyed_in_pulumis_order(provider, aws_endpoint, boto):
    west = Provider(aws_endpoint, "us-west-2")
    top = Made(
        provider, GLOBAL, "top", globalClusterIdentifier="shop", engine="aurora-postgresql", deletionProtection=True,
        storageEncrypted=True, tags={"owner": "team"},
    )  # fmt: skip
    here = cluster(provider, globalClusterIdentifier="shop", deletionProtection=True)
    there = cluster(
        west,
        globalClusterIdentifier="shop",
        masterUsername=None,
        masterPasswordWo=None,
        masterPasswordWoVersion=None,
    )
    members = {(m["dbClusterArn"], m["isWriter"]) for m in top.read()["globalClusterMembers"]}
    assert members == {(here.outputs["arn"], True), (there.outputs["arn"], False)}
    reader = Made(
        west,
        MEMBER,
        "r",
        clusterIdentifier=there.id,
        engine="aurora-postgresql",
        instanceClass="db.r7g.large",
    )
    writer = Made(
        provider,
        MEMBER,
        "w",
        clusterIdentifier=here.id,
        engine="aurora-postgresql",
        instanceClass="db.r7g.large",
    )
    assert (writer.outputs["writer"], reader.outputs["writer"]) == (True, False)
    writer.update(promotionTier=3, instanceClass="db.r7g.xlarge")
    assert boto("rds").describe_db_instances()["DBInstances"][0]["PromotionTier"] == 3
    top.update(engineVersion="17.4", tags={"owner": "new"})
    assert there.read()["engineVersionActual"] == "17.4"
    with pytest.raises(ProviderError, match="deletion protection"):
        top.delete()
    for resource in (reader, there, writer, here, top):
        resource.provider.force_delete = True  # the whole sandbox is taken down
        resource.delete()
    assert boto("rds").describe_global_clusters()["GlobalClusters"] == []
    assert boto("rds", "us-west-2").describe_db_clusters()["DBClusters"] == []


def test_what_the_real_provider_refuses(provider):
    for inputs, message in (
        ({"masterPasswordWo": "x"}, "masterPasswordWoVersion go together"),
        (
            {"globalClusterIdentifier": "g", "snapshotIdentifier": "s"},
            "can't be restored into a global database",
        ),
        ({"globalClusterIdentifier": "g", "manageMasterUserPassword": True}, "password managed by RDS"),
    ):
        _, failures = provider.check(
            CLUSTER, "urn:pulumi:s::p::t::n", {}, {"engine": "aurora-mysql", **inputs}
        )
        assert message in failures[0][1]


def test_an_instance_a_replica_and_its_promotion(provider, boto):
    group, _ = groups(boto)
    base = {"instanceClass": "db.m7g.large", "skipFinalSnapshot": True}
    source = Made(
        provider, INSTANCE, "db", engine="postgres", engineVersion="16.8", username="holdfast", passwordWo="long-password",
        passwordWoVersion=1, allocatedStorage=100, multiAz=True, dbSubnetGroupName=group, **base,
    )  # fmt: skip
    assert source.outputs["endpoint"].endswith(":5432")
    assert "passwordWo" not in source.outputs
    assert source.diff(allocatedStorage=200).replaces == []
    assert source.diff(dbName="x").replaces == ["dbName"]
    copy = Made(provider, INSTANCE, "copy", replicateSourceDb=source.id, storageType="gp3", **base)
    assert source.read()["replicas"] == [copy.id]
    assert copy.diff(replicateSourceDb=None).replaces == ["replicateSourceDb"]
    source.update(backupRetentionPeriod=9, enabledCloudwatchLogsExports=["postgresql"])
    (found,) = boto("rds").describe_db_instances(DBInstanceIdentifier=source.id)["DBInstances"]
    assert found["BackupRetentionPeriod"] == 9
    assert found["EnabledCloudwatchLogsExports"] == ["postgresql"]
    copy.delete()
    source.delete()
    assert boto("rds").describe_db_instances()["DBInstances"] == []
    _, failures = provider.check(
        INSTANCE, source.urn, {}, {**base, "multiAz": True, "availabilityZone": "us-east-1a"}
    )
    assert "not valid for Multi-AZ" in failures[0][1]


def test_parameter_groups_change_in_place(provider, boto):
    force = {"name": "rds.force_ssl", "value": "1", "applyMethod": "immediate"}
    memory = {"name": "work_mem", "value": "8192", "applyMethod": "pending-reboot"}
    for kind, describe in (
        ("clusterParameterGroup:ClusterParameterGroup", "describe_db_cluster_parameters"),
        ("parameterGroup:ParameterGroup", "describe_db_parameters"),
    ):
        made = Made(provider, f"{RDS}{kind}", "g", family="aurora-postgresql16", parameters=[force, memory])
        made.update(parameters=[{**force, "value": "0"}])
        argument = "DBClusterParameterGroupName" if "cluster" in kind else "DBParameterGroupName"
        found = getattr(boto("rds"), describe)(**{argument: made.id})["Parameters"]
        assert [(p["ParameterName"], p["ParameterValue"]) for p in found] == [("rds.force_ssl", "0")]
        assert made.diff(family="aurora-postgresql17").replaces == ["family"]
        made.delete()
        assert made.read() is None


def test_a_secret_its_versions_and_its_replicas(provider, boto):
    secret = Made(
        provider, SECRET, "s", description="a", recoveryWindowInDays=7, tags={"owner": "team"},
        replicas=[{"region": "us-west-2", "kmsKeyId": "k"}],
    )  # fmt: skip
    version = Made(
        provider, VERSION, "v", secretId=secret.id, secretStringWo="hidden", secretStringWoVersion=1
    )
    assert version.outputs["hasSecretStringWo"] is True
    assert "hidden" not in repr(version.outputs) + repr(version.read())
    assert version.diff(secretStringWo="other").diffs == []
    assert version.diff(secretStringWo="other", secretStringWoVersion=2).replaces == ["secretStringWoVersion"]
    read = provider.invoke(
        "aws:secretsmanager/getSecretVersion:getSecretVersion",
        {"secretId": secret.id, "versionId": version.outputs["versionId"]},
    )
    assert read["secretString"] == "hidden"
    secret.update(description="b", replicas=[{"region": "eu-west-1"}], tags={"owner": "new"})
    found = boto("secretsmanager").describe_secret(SecretId=secret.id)
    assert [r["Region"] for r in found["ReplicationStatus"]] == ["eu-west-1"]
    assert found["Description"] == "b"
    assert found["Tags"] == [{"Key": "owner", "Value": "new"}]
    version.delete()
    secret.delete()
    assert secret.read() is None
    assert version.read() is None
    assert boto("secretsmanager", "eu-west-1").list_secrets()["SecretList"] == []


def test_a_random_password_has_what_was_asked(provider):
    asked = {"passwordLength": 40, "excludePunctuation": True, "requireEachIncludedType": True}
    answers = {
        provider.invoke("aws:secretsmanager/getRandomPassword:getRandomPassword", asked)["randomPassword"]
        for _ in range(2)
    }
    assert len(answers) == 2
    assert all(len(a) == 40 and a.isalnum() for a in answers)


def test_a_bucket_its_settings_and_objects(provider, boto):
    s3 = boto("s3")
    bucket = Made(provider, BUCKET, "media", tags={"owner": "team"})
    west = Made(provider, BUCKET, "west", region="us-west-2")
    assert s3.get_bucket_location(Bucket=west.id)["LocationConstraint"] == "us-west-2"
    assert bucket.diff(bucket="other").replaces == ["bucket"]
    bucket.update(tags={"owner": "new", "tier": "1"})
    assert len(s3.get_bucket_tagging(Bucket=bucket.id)["TagSet"]) == 2
    Made(
        provider,
        "aws:s3/bucketVersioning:BucketVersioning",
        bucket=bucket.id,
        versioningConfiguration={"status": "Enabled"},
    )
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutBucketAcl", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    policy = Made(provider, "aws:s3/bucketPolicy:BucketPolicy", bucket=bucket.id, policy=document)
    _, failures = provider.check(policy.token, policy.urn, {}, {"bucket": bucket.id, "policy": "{"})
    assert "MalformedPolicy" in failures[0][1]
    policy.delete()
    assert policy.read() is None
    for token in ("aws:s3/bucketObjectv2:BucketObjectv2", "aws:s3/bucketObject:BucketObject"):
        page = Made(
            provider, token, "page", bucket=bucket.id, key="index.html", content="<h1>", contentType="text/html",
            cacheControl="max-age=60", tags={"owner": "team"},
        )  # fmt: skip
        page.update(content="<h2>", tags={"owner": "new"})
        found = s3.get_object(Bucket=bucket.id, Key="index.html")
        assert (found["Body"].read(), found["ContentType"], found["CacheControl"]) == (
            b"<h2>",
            "text/html",
            "max-age=60",
        )
        assert s3.get_object_tagging(Bucket=bucket.id, Key="index.html")["TagSet"] == [
            {"Key": "owner", "Value": "new"}
        ]
        assert page.outputs["etag"] == found["ETag"].strip('"')
        assert page.diff(key="other").replaces == ["key"]
        page.delete()
        assert page.read() is None
        assert "Versions" not in s3.list_object_versions(Bucket=bucket.id)
    s3.put_object(Bucket=bucket.id, Key="users", Body=b"data")
    with pytest.raises(ProviderError, match="BucketNotEmpty"):
        bucket.delete()
    provider.force_delete = True  # the whole sandbox is taken down
    bucket.delete()
    assert bucket.id not in [b["Name"] for b in s3.list_buckets()["Buckets"]]
