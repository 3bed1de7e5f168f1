"""Aurora global databases on the sandbox's AWS: join, switch over, fail over, leave."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from sandbox.aws import faults
from tests.sandbox.rds_world import PASSWORD, cluster, global_database, members


def writers(boto, region, identifier):
    (found,) = boto("rds", region).describe_db_clusters(DBClusterIdentifier=identifier)["DBClusters"]
    return [m["DBInstanceIdentifier"] for m in found["DBClusterMembers"] if m["IsClusterWriter"]]


def test_only_the_region_that_writes_has_a_writer(boto):
    east, west = global_database(boto)
    assert members(boto, "us-west-2") == {east: True, west: False}
    assert writers(boto, "us-east-1", "east") == ["east-0"]
    assert writers(boto, "us-west-2", "west") == []
    (reader,) = boto("rds", "us-west-2").describe_db_clusters()["DBClusters"]
    assert reader["ReplicationSourceIdentifier"] == east
    with pytest.raises(ClientError, match="InvalidDBClusterStateFault"):
        boto("rds", "us-west-2").failover_db_cluster(DBClusterIdentifier="west")


def test_a_switchover_moves_the_writer_and_back(boto):
    east, west = global_database(boto)
    rds = boto("rds", "us-west-2")
    rds.switchover_global_cluster(GlobalClusterIdentifier="shop", TargetDbClusterIdentifier=west)
    assert members(boto) == {west: True, east: False}
    assert writers(boto, "us-west-2", "west") == ["west-0"]
    assert writers(boto, "us-east-1", "east") == []
    (source,) = boto("rds").describe_db_clusters()["DBClusters"]
    assert source["ReplicationSourceIdentifier"] == west
    with pytest.raises(ClientError, match="already writes"):
        rds.switchover_global_cluster(GlobalClusterIdentifier="shop", TargetDbClusterIdentifier=west)
    rds.failover_global_cluster(GlobalClusterIdentifier="shop", TargetDbClusterIdentifier=east)
    assert members(boto) == {east: True, west: False}


def test_a_lost_region_can_be_failed_over_from_but_not_switched(boto):
    east, west = global_database(boto)
    faults.apply({"regions": {"us-east-1": [503, "ServiceUnavailable"]}})
    rds = boto("rds", "us-west-2")
    target = {"GlobalClusterIdentifier": "shop", "TargetDbClusterIdentifier": west}
    for operation in (rds.switchover_global_cluster, rds.failover_global_cluster):
        with pytest.raises(ClientError, match="InvalidGlobalClusterStateFault"):
            operation(**target)
    answer = rds.failover_global_cluster(**target, AllowDataLoss=True)["GlobalCluster"]
    assert answer["GlobalClusterMembers"][0]["DBClusterArn"] == west
    assert members(boto, "us-west-2") == {west: True, east: False}
    faults.apply({"clear": True})
    assert members(boto) == {west: True, east: False}


def test_members_leave_the_writer_last_and_only_then_can_all_be_deleted(boto):
    east, west = global_database(boto)
    rds = boto("rds", "us-west-2")
    for name in ("west-0", "west-1"):
        rds.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)
    with pytest.raises(ClientError, match="part of a global cluster"):
        rds.delete_db_cluster(DBClusterIdentifier="west", SkipFinalSnapshot=True)
    with pytest.raises(ClientError, match="remove the other members"):
        boto("rds").remove_from_global_cluster(GlobalClusterIdentifier="shop", DbClusterIdentifier=east)
    with pytest.raises(ClientError, match="InvalidGlobalClusterStateFault"):
        rds.delete_global_cluster(GlobalClusterIdentifier="shop")
    rds.remove_from_global_cluster(GlobalClusterIdentifier="shop", DbClusterIdentifier=west)
    assert members(boto) == {east: True}
    rds.delete_db_cluster(DBClusterIdentifier="west", SkipFinalSnapshot=True)
    with pytest.raises(ClientError, match="is not found in global cluster"):
        rds.remove_from_global_cluster(GlobalClusterIdentifier="shop", DbClusterIdentifier=west)
    boto("rds").remove_from_global_cluster(GlobalClusterIdentifier="shop", DbClusterIdentifier=east)
    boto("rds").delete_global_cluster(GlobalClusterIdentifier="shop")
    assert boto("rds").describe_global_clusters()["GlobalClusters"] == []


def test_a_member_that_left_writes_on_its_own(boto):
    east, west = global_database(boto)
    rds = boto("rds", "us-west-2")
    rds.remove_from_global_cluster(GlobalClusterIdentifier="shop", DbClusterIdentifier=west)
    assert members(boto) == {east: True}
    (alone,) = rds.describe_db_clusters()["DBClusters"]
    assert "ReplicationSourceIdentifier" not in alone
    assert writers(boto, "us-west-2", "west") == ["west-0"]


def test_protection_version_and_tags_of_a_global_cluster(boto):
    rds = boto("rds")
    made = rds.create_global_cluster(
        GlobalClusterIdentifier="shop", Engine="aurora-postgresql", DeletionProtection=True,
        Tags=[{"Key": "owner", "Value": "team"}],
    )["GlobalCluster"]  # fmt: skip
    cluster(boto, "east", GlobalClusterIdentifier="shop")
    arn = made["GlobalClusterArn"]
    rds.add_tags_to_resource(ResourceName=arn, Tags=[{"Key": "tier", "Value": "1"}])
    tags = rds.list_tags_for_resource(ResourceName=arn)["TagList"]
    assert tags == [{"Key": "owner", "Value": "team"}, {"Key": "tier", "Value": "1"}]
    with pytest.raises(ClientError, match="disable deletion protection"):
        rds.delete_global_cluster(GlobalClusterIdentifier="shop")
    rds.modify_global_cluster(
        GlobalClusterIdentifier="shop",
        DeletionProtection=False,
        EngineVersion="17.4",
        AllowMajorVersionUpgrade=True,
    )
    (found,) = rds.describe_global_clusters(GlobalClusterIdentifier="shop")["GlobalClusters"]
    assert (found["DeletionProtection"], found["EngineVersion"]) == (False, "17.4")
    assert rds.describe_db_clusters()["DBClusters"][0]["EngineVersion"] == "17.4"
    with pytest.raises(ClientError, match="GlobalClusterAlreadyExistsFault"):
        rds.create_global_cluster(GlobalClusterIdentifier="shop", Engine="aurora-postgresql")
    with pytest.raises(ClientError, match="GlobalClusterNotFoundFault"):
        rds.describe_global_clusters(GlobalClusterIdentifier="other")


def test_what_aws_refuses_at_joining(boto):
    global_database(boto)
    west = boto("rds", "eu-west-1")
    base = {"DBClusterIdentifier": "x", "Engine": "aurora-postgresql"}
    credentials = {"MasterUsername": "u", "MasterUserPassword": PASSWORD}
    with pytest.raises(ClientError, match="GlobalClusterNotFoundFault"):
        west.create_db_cluster(**base, GlobalClusterIdentifier="other")
    with pytest.raises(ClientError, match="Cannot specify user name for cross region replication cluster"):
        west.create_db_cluster(**base, **credentials, GlobalClusterIdentifier="shop")
    with pytest.raises(ClientError, match="has a member in us-west-2"):
        boto("rds", "us-west-2").create_db_cluster(**base, GlobalClusterIdentifier="shop")
    boto("rds").create_global_cluster(GlobalClusterIdentifier="empty", Engine="aurora-postgresql")
    with pytest.raises(ClientError, match="MasterUsername must be provided"):
        west.create_db_cluster(**base, GlobalClusterIdentifier="empty")


def test_a_snapshot_of_a_member_can_be_restored(boto):
    global_database(boto)
    for region, name in (("us-east-1", "east"), ("us-west-2", "west")):
        rds = boto("rds", region)
        rds.create_db_cluster_snapshot(DBClusterIdentifier=name, DBClusterSnapshotIdentifier="snap")
        restored = rds.restore_db_cluster_from_snapshot(
            DBClusterIdentifier="again", SnapshotIdentifier="snap", Engine="aurora-postgresql"
        )["DBCluster"]
        assert "GlobalClusterIdentifier" not in restored
        assert restored["EngineVersion"] == "16.8"
