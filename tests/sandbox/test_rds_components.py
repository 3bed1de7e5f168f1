"""The data room's components, deployed whole: a global database over two stacks, instances with replicas and proxy, buckets."""

from __future__ import annotations

import json

import pytest

from tests.sandbox.projects import Runner, project, state_of

ROOM = """
from components.data import *
from components.tags import Tags

tags = Tags(environment="prod", system="shop", owner="team", cost_center="42", dr_tier=1, rto_hours=1, rpo_minutes=5)
region = pulumi.Config("aws").require("region")

def key(name, where=None):
    return aws.kms.Key(name, region=where).arn

def network(name, where=region, opts=None):
    vpc = aws.ec2.Vpc(name, cidr_block="10.0.0.0/16", region=where)
    zones = {"us-east-1": ["use1-az1", "use1-az2", "use1-az4"], "us-west-2": ["usw2-az1", "usw2-az2", "usw2-az3"]}
    subnets = {
        zone: aws.ec2.Subnet(
            f"{name}-{zone}", vpc_id=vpc.id, cidr_block=f"10.0.{n}.0/24", availability_zone_id=zone, region=where
        )
        for n, zone in enumerate(zones[where])
    }
    group = aws.ec2.SecurityGroup(f"{name}-db", description="db", vpc_id=vpc.id, region=where)
    return subnets, group

def ids(subnets):
    return {zone: subnet.id for zone, subnet in subnets.items()}
"""

GLOBAL = (
    ROOM
    + """
subnets, group = network("net")
peer = config.get("peer")
joins = pulumi.StackReference(f"organization/small/{peer}").require_output("global") if peer else None
db = AuroraGlobal("db", AuroraGlobalArgs(
    tags=tags,
    engine="aurora-postgresql",
    engine_version="16.8",
    zones={zone: subnet.availability_zone for zone, subnet in subnets.items()},
    subnet_ids=ids(subnets),
    security_group_ids=[group.id],
    kms_key_arn=key("key"),
    global_cluster_identifier=joins,
    database_name=None if peer else "shop",
    secret_replicas=() if peer else [SecretReplica(region="us-west-2", kms_key_arn=key("peer-key", "us-west-2"))],
))
pulumi.export("global", db.global_cluster_identifier)
pulumi.export("instances", db.instance_identifiers)
"""
)


@pytest.fixture
def up(tmp_path, aws_endpoint, monkeypatch):
    def run(program, stacks=None):
        root = project(tmp_path / "project", program, stacks)
        results = Runner(root, state_of(aws_endpoint, tmp_path / "state"), monkeypatch).up(
            *(stacks or ("one",))
        )
        assert not (errors := [error for result in results for error in result.errors]), "\n".join(errors)
        return results

    return run


def test_one_global_database_over_two_stacks(up, boto):
    east, _ = up(
        GLOBAL,
        {
            "prod": {"aws:region": "us-east-1"},
            "dr": {"aws:region": "us-west-2", "small:peer": "prod"},
        },
    )
    (cluster,) = boto("rds", "us-west-2").describe_global_clusters()["GlobalClusters"]
    assert cluster["GlobalClusterIdentifier"] == east.outputs["global"] == "db"
    writer, reader = cluster["GlobalClusterMembers"]
    assert (writer["IsWriter"], reader["IsWriter"]) == (True, False)
    assert writer["DBClusterArn"].startswith("arn:aws:rds:us-east-1:")
    assert writer["Readers"] == [reader["DBClusterArn"]]
    assert reader["DBClusterArn"].startswith("arn:aws:rds:us-west-2:")
    for region, writers in (("us-east-1", 1), ("us-west-2", 0)):
        (local,) = boto("rds", region).describe_db_clusters()["DBClusters"]
        instances = boto("rds", region).describe_db_instances()["DBInstances"]
        assert len({i["AvailabilityZone"] for i in instances}) == len(instances) == 3
        assert len({i["DbiResourceId"] for i in instances}) == 3
        assert sum(m["IsClusterWriter"] for m in local["DBClusterMembers"]) == writers
        assert all(i["PerformanceInsightsEnabled"] and i["MonitoringInterval"] == 60 for i in instances)
        assert local["DeletionProtection"] is local["StorageEncrypted"] is True
        assert local["BackupRetentionPeriod"] == 35
        assert len(local["AvailabilityZones"]) == 3
        for thing in (local, *instances):
            assert {t["Key"] for t in thing["TagList"]} >= {"dr-tier", "rpo-minutes", "backup"}


def test_the_databases_password_is_the_secrets_and_reaches_no_output(up, boto, tmp_path):
    (result,) = up(GLOBAL)
    (secret,) = boto("secretsmanager").list_secrets()["SecretList"]
    kept = json.loads(boto("secretsmanager").get_secret_value(SecretId=secret["ARN"])["SecretString"])
    abroad = boto("secretsmanager", "us-west-2")
    (copy,) = abroad.list_secrets()["SecretList"]
    assert json.loads(abroad.get_secret_value(SecretId=copy["ARN"])["SecretString"]) == kept
    assert kept["username"] == "holdfast"
    assert len(kept["password"]) == 30

    from moto.rds.models import rds_backends

    (cluster,) = rds_backends["123456789012"]["us-east-1"].clusters.values()
    assert cluster._master_user_password == kept["password"]
    assert kept["password"] not in repr([resource.outputs for resource in result.resources])
    assert kept["password"] not in "".join(path.read_text() for path in tmp_path.rglob("*.json"))


def test_an_instance_its_copies_and_its_proxy(up, boto):
    up(
        ROOM
        + """
subnets, group = network("net")
west, west_group = network("west", "us-west-2")
db = RdsInstance("db", RdsInstanceArgs(
    tags=tags, engine="postgres", engine_version="16.8", subnet_ids=ids(subnets),
    security_group_ids=[group.id], kms_key_arn=key("key"),
))
near = RdsReplica("near", RdsReplicaArgs(
    tags=tags, source=db.identifier, engine="postgres", engine_version="16.8", security_group_ids=[group.id],
))
far = RdsReplica("far", RdsReplicaArgs(
    tags=tags, source=db.arn, engine="postgres", engine_version="16.8", security_group_ids=[west_group.id],
    home=ReplicaHome(kms_key_arn=key("west-key", "us-west-2"), subnet_ids=ids(west), region="us-west-2"),
    multi_az=True,
))
RdsProxy("pool", RdsProxyArgs(
    tags=tags, engine="postgres", instance_identifier=db.identifier, secret_arns=[db.secret_arn],
    kms_key_arn=key("proxy-key"), subnet_ids=ids(subnets), security_group_ids=[group.id],
))
"""
    )
    here = {
        i["DBInstanceIdentifier"].rpartition("-")[0]: i
        for i in boto("rds").describe_db_instances()["DBInstances"]
    }
    db, near = here["db"], here["near"]
    assert db["MultiAZ"] is True
    assert db["SecondaryAvailabilityZone"] != db["AvailabilityZone"]
    assert near["ReadReplicaSourceDBInstanceIdentifier"] == db["DBInstanceIdentifier"]
    assert "SecondaryAvailabilityZone" not in near
    (far,) = boto("rds", "us-west-2").describe_db_instances()["DBInstances"]
    assert far["DBSubnetGroup"]["DBSubnetGroupName"].startswith("far-subnets")
    assert far["AvailabilityZone"].startswith("us-west-2")
    assert set(db["ReadReplicaDBInstanceIdentifiers"]) == {near["DBInstanceIdentifier"], far["DBInstanceArn"]}
    (proxy,) = boto("rds").describe_db_proxies()["DBProxies"]
    assert proxy["RequireTLS"] is True
    (target,) = boto("rds").describe_db_proxy_targets(DBProxyName=proxy["DBProxyName"])["Targets"]
    assert target["RdsResourceId"] == db["DBInstanceIdentifier"]
    (pool,) = boto("rds").describe_db_proxy_target_groups(DBProxyName=proxy["DBProxyName"])["TargetGroups"]
    assert pool["ConnectionPoolConfig"]["ConnectionBorrowTimeout"] == 30


def test_a_multi_az_cluster_has_three_members(up, boto):
    up(
        ROOM
        + """
subnets, group = network("net")
RdsMultiAzCluster("db", RdsMultiAzClusterArgs(
    tags=tags, engine="mysql", engine_version="8.4.5", subnet_ids=ids(subnets),
    security_group_ids=[group.id], kms_key_arn=key("key"),
))
"""
    )
    (cluster,) = boto("rds").describe_db_clusters()["DBClusters"]
    assert cluster["MultiAZ"] is True
    assert cluster["StorageType"] == "gp3"
    assert cluster["IAMDatabaseAuthenticationEnabled"] is True
    assert [m["IsClusterWriter"] for m in cluster["DBClusterMembers"]] == [True, False, False]
    members = boto("rds").describe_db_instances()["DBInstances"]
    assert len({m["AvailabilityZone"] for m in members}) == 3


def test_a_bucket_and_its_copy(up, boto):
    (result,) = up(
        ROOM
        + """
bucket = Bucket("media", BucketArgs(
    tags=tags,
    kms_key_arn=key("key"),
    replica=BucketReplica(region="us-west-2", kms_key_arn=key("peer-key", "us-west-2")),
    transitions=[Transition(days=30, storage_class="STANDARD_IA")],
))
logs = Bucket("logs", BucketArgs(tags=tags, log_writers=["logdelivery.elasticloadbalancing.amazonaws.com"], expiration_days=365))
pulumi.export("bucket", bucket.bucket)
pulumi.export("copy", bucket.replica_bucket)
pulumi.export("logs", logs.bucket)
"""
    )
    s3, name, copy = boto("s3"), result.outputs["bucket"], result.outputs["copy"]
    assert s3.get_bucket_location(Bucket=copy)["LocationConstraint"] == "us-west-2"
    for bucket in (name, copy, result.outputs["logs"]):
        assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
        assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())
        assert "TlsOnly" in s3.get_bucket_policy(Bucket=bucket)["Policy"]
        tagged = {t["Key"] for t in s3.get_bucket_tagging(Bucket=bucket)["TagSet"]}
        assert "rpo-minutes" in tagged
        assert ("backup" in tagged) == (bucket != result.outputs["logs"])
        rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
        assert [rule["ID"] for rule in rules] == ["history", "unfinished-uploads"]
        owner = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
        assert owner == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    s3.put_object(Bucket=name, Key="a", Body=b"content", Metadata={"kind": "text"})
    there = boto("s3", "us-west-2").get_object(Bucket=copy, Key="a")
    assert (there["Body"].read(), there["Metadata"], there["ReplicationStatus"]) == (
        b"content",
        {"kind": "text"},
        "REPLICA",
    )
    assert there["SSEKMSKeyId"].startswith("arn:aws:kms:us-west-2:")
