"""DB instances and clusters on the sandbox's AWS: zones, standbys, replicas, snapshots, protection."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from sandbox.aws import faults
from tests.sandbox.rds_world import PASSWORD, cluster, groups, instance

WEST_KEY = "arn:aws:kms:us-west-2:123456789012:key/x"


def one(boto, identifier="db", region="us-east-1"):
    return boto("rds", region).describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"][0]


def test_every_instance_has_an_id_of_its_own(boto):
    first, second = instance(boto, "first"), instance(boto, "second")
    assert first["DbiResourceId"] != second["DbiResourceId"]
    assert one(boto, "first")["DbiResourceId"] == first["DbiResourceId"]


def test_a_forced_failover_swaps_the_zones(boto):
    group, _ = groups(boto)
    made = instance(boto, MultiAZ=True, DBSubnetGroupName=group)
    zones = made["AvailabilityZone"], made["SecondaryAvailabilityZone"]
    assert len(set(zones)) == 2
    boto("rds").reboot_db_instance(DBInstanceIdentifier="db", ForceFailover=True)
    after = one(boto)
    assert (after["SecondaryAvailabilityZone"], after["AvailabilityZone"]) == zones
    instance(boto, "alone", DBSubnetGroupName=group)
    with pytest.raises(ClientError, match="has no standby"):
        boto("rds").reboot_db_instance(DBInstanceIdentifier="alone", ForceFailover=True)


def test_instances_lie_where_they_were_asked_to(boto):
    group, zones = groups(boto, zones=2)
    assert instance(boto, DBSubnetGroupName=group, AvailabilityZone=zones[1])["AvailabilityZone"] == zones[1]
    with pytest.raises(ClientError, match="InvalidVPCNetworkStateFault"):
        instance(boto, "other", DBSubnetGroupName=group, AvailabilityZone="us-east-1f")
    cluster(boto, "c", members=0, DBSubnetGroupName=group)
    for number in range(4):
        boto("rds").create_db_instance(
            DBInstanceIdentifier=f"c{number}",
            DBInstanceClass="db.r7g.large",
            DBClusterIdentifier="c",
            Engine="aurora-postgresql",
        )
    assert sorted(one(boto, f"c{n}")["AvailabilityZone"] for n in range(4)) == [zones[0]] * 2 + [zones[1]] * 2
    (found,) = boto("rds").describe_db_clusters()["DBClusters"]
    assert len(set(found["AvailabilityZones"])) == 3
    assert set(zones) < set(found["AvailabilityZones"])


def test_a_subnet_group_covers_two_zones_and_survives_a_change(boto):
    group, _ = groups(boto)
    rds = boto("rds")
    (found,) = rds.describe_db_subnet_groups(DBSubnetGroupName=group)["DBSubnetGroups"]
    subnets = [s["SubnetIdentifier"] for s in found["Subnets"]]
    rds.modify_db_subnet_group(DBSubnetGroupName=group, SubnetIds=subnets[:2])
    (found,) = rds.describe_db_subnet_groups(DBSubnetGroupName=group)["DBSubnetGroups"]
    assert len(found["Subnets"]) == 2
    more = {"DBSubnetGroupDescription": "d", "SubnetIds": subnets[:1]}
    with pytest.raises(ClientError, match="DBSubnetGroupDoesNotCoverEnoughAZs"):
        rds.create_db_subnet_group(DBSubnetGroupName="one", **more)
    with pytest.raises(ClientError, match="DBSubnetGroupAlreadyExists"):
        rds.create_db_subnet_group(DBSubnetGroupName=group, **{**more, "SubnetIds": subnets})


def test_a_replica_in_another_region_lives_promotes_and_dies_on_its_own(boto):
    group, _ = groups(boto)
    west_group, west_zones = groups(boto, "us-west-2")
    boto("rds").create_db_parameter_group(
        DBParameterGroupName="own", DBParameterGroupFamily="postgres16", Description="d"
    )
    source = instance(boto, DBSubnetGroupName=group, DBParameterGroupName="own", StorageEncrypted=True)
    west = boto("rds", "us-west-2")
    asked = {
        "DBInstanceIdentifier": "far",
        "SourceDBInstanceIdentifier": source["DBInstanceArn"],
        "DBSubnetGroupName": west_group,
    }
    with pytest.raises(ClientError, match="needs a KmsKeyId"):
        west.create_db_instance_read_replica(**asked)
    west.create_db_instance_read_replica(**asked, KmsKeyId=WEST_KEY)
    far = one(boto, "far", "us-west-2")
    assert far["AvailabilityZone"] in west_zones
    assert far["DBSubnetGroup"]["DBSubnetGroupName"] == west_group
    assert far["DbiResourceId"] != source["DbiResourceId"]
    assert far["ReadReplicaSourceDBInstanceIdentifier"] == source["DBInstanceArn"]
    assert one(boto)["ReadReplicaDBInstanceIdentifiers"] == [far["DBInstanceArn"]]
    west.promote_read_replica(DBInstanceIdentifier="far")
    assert "ReadReplicaSourceDBInstanceIdentifier" not in one(boto, "far", "us-west-2")
    assert one(boto)["ReadReplicaDBInstanceIdentifiers"] == []
    with pytest.raises(ClientError, match="is not a read replica"):
        west.promote_read_replica(DBInstanceIdentifier="far")
    west.create_db_instance_read_replica(**{**asked, "DBInstanceIdentifier": "next"}, KmsKeyId=WEST_KEY)
    west.delete_db_instance(DBInstanceIdentifier="next", SkipFinalSnapshot=True)
    assert one(boto)["ReadReplicaDBInstanceIdentifiers"] == []


def test_a_replica_needs_backups_at_its_source(boto):
    instance(boto, BackupRetentionPeriod=0)
    with pytest.raises(ClientError, match="Automated backups are not enabled"):
        boto("rds").create_db_instance_read_replica(
            DBInstanceIdentifier="near", SourceDBInstanceIdentifier="db"
        )


def test_deletion_asks_for_a_final_snapshot_and_makes_it(boto):
    rds = boto("rds")
    instance(boto)
    with pytest.raises(ClientError, match="FinalDBSnapshotIdentifier is required"):
        rds.delete_db_instance(DBInstanceIdentifier="db")
    rds.delete_db_instance(DBInstanceIdentifier="db", FinalDBSnapshotIdentifier="last")
    assert [s["DBSnapshotIdentifier"] for s in rds.describe_db_snapshots()["DBSnapshots"]] == ["last"]
    cluster(boto, members=0)
    with pytest.raises(ClientError, match="FinalDBSnapshotIdentifier is required"):
        rds.delete_db_cluster(DBClusterIdentifier="db")
    rds.delete_db_cluster(DBClusterIdentifier="db", FinalDBSnapshotIdentifier="end")
    snapshots = rds.describe_db_cluster_snapshots()["DBClusterSnapshots"]
    assert [s["DBClusterSnapshotIdentifier"] for s in snapshots] == ["end"]


def test_a_protected_cluster_stays(boto):
    cluster(boto, members=0, DeletionProtection=True)
    with pytest.raises(ClientError, match="disable deletion protection"):
        boto("rds").delete_db_cluster(DBClusterIdentifier="db", SkipFinalSnapshot=True)
    boto("rds").modify_db_cluster(DBClusterIdentifier="db", DeletionProtection=False)
    boto("rds").delete_db_cluster(DBClusterIdentifier="db", SkipFinalSnapshot=True)


def test_a_name_in_use_is_refused_and_one_freed_is_not(boto):
    cluster(boto, members=0)
    with pytest.raises(ClientError, match="DBClusterAlreadyExistsFault"):
        cluster(boto, members=0)
    boto("rds").delete_db_cluster(
        DBClusterIdentifier="db", SkipFinalSnapshot=True, DeleteAutomatedBackups=False
    )
    cluster(boto, members=0)  # within the minute that names automated backups


def test_groups_that_are_not_there_are_refused(boto):
    with pytest.raises(ClientError, match="DBSubnetGroupNotFoundFault"):
        cluster(boto, DBSubnetGroupName="none")
    with pytest.raises(ClientError, match="DBClusterParameterGroupNotFound"):
        cluster(boto, DBClusterParameterGroupName="none")


def test_a_cluster_keeps_what_it_was_told(boto):
    told = {
        "DatabaseInsightsMode": "standard",
        "EnablePerformanceInsights": True,
        "PerformanceInsightsRetentionPeriod": 7,
        "MonitoringInterval": 60,
        "MonitoringRoleArn": "arn:aws:iam::123456789012:role/m",
        "StorageType": "aurora-iopt1",
        "EnableCloudwatchLogsExports": ["postgresql"],
    }
    cluster(boto, members=0, **told)
    rds = boto("rds")
    (found,) = rds.describe_db_clusters()["DBClusters"]
    assert found["PerformanceInsightsEnabled"] is True
    assert found["EnabledCloudwatchLogsExports"] == ["postgresql"]
    for name in (
        "DatabaseInsightsMode",
        "PerformanceInsightsRetentionPeriod",
        "MonitoringInterval",
        "StorageType",
    ):
        assert found[name] == told[name]
    rds.modify_db_cluster(
        DBClusterIdentifier="db",
        EnableIAMDatabaseAuthentication=True,
        CloudwatchLogsExportConfiguration={"EnableLogTypes": ["instance"], "DisableLogTypes": ["postgresql"]},
    )
    (found,) = rds.describe_db_clusters()["DBClusters"]
    assert found["EnabledCloudwatchLogsExports"] == ["instance"]
    assert found["IAMDatabaseAuthenticationEnabled"] is True


def test_a_multi_az_cluster_comes_and_goes_with_its_members(boto):
    group, zones = groups(boto)
    rds = boto("rds")
    rds.create_db_cluster(
        DBClusterIdentifier="maz", Engine="mysql", EngineVersion="8.4.5", DBClusterInstanceClass="db.m6gd.large",
        StorageType="gp3", AllocatedStorage=100, MasterUsername="u", MasterUserPassword=PASSWORD,
        DBSubnetGroupName=group, EnableIAMDatabaseAuthentication=True,
    )  # fmt: skip
    (found,) = rds.describe_db_clusters()["DBClusters"]
    assert found["MultiAZ"] is True
    assert len(found["DBClusterMembers"]) == 3
    assert sorted(i["AvailabilityZone"] for i in rds.describe_db_instances()["DBInstances"]) == zones
    rds.failover_db_cluster(DBClusterIdentifier="maz")
    rds.delete_db_cluster(DBClusterIdentifier="maz", SkipFinalSnapshot=True)
    assert rds.describe_db_instances()["DBInstances"] == []


def test_a_lost_zone_moves_what_has_somewhere_to_go(boto):
    group, zones = groups(boto)
    instance(boto, "pair", MultiAZ=True, DBSubnetGroupName=group)
    instance(boto, "alone", DBSubnetGroupName=group, AvailabilityZone=zones[0])
    cluster(boto, "c", DBSubnetGroupName=group)
    faults.apply({"zones": {zones[0]: True}})
    assert one(boto, "pair")["AvailabilityZone"] != zones[0]
    assert one(boto, "pair")["DBInstanceStatus"] == "available"
    assert one(boto, "alone")["DBInstanceStatus"] != "available"
    (found,) = boto("rds").describe_db_clusters()["DBClusters"]
    assert [m["DBInstanceIdentifier"] for m in found["DBClusterMembers"] if m["IsClusterWriter"]] == ["c-1"]
    faults.apply({"clear": True})
    assert one(boto, "alone")["DBInstanceStatus"] == "available"


def test_parameters_go_back_to_the_engines_own(boto):
    rds = boto("rds")
    rds.create_db_parameter_group(
        DBParameterGroupName="g", DBParameterGroupFamily="postgres16", Description="d"
    )
    parameter = {"ParameterName": "work_mem", "ParameterValue": "8192", "ApplyMethod": "immediate"}
    rds.modify_db_parameter_group(DBParameterGroupName="g", Parameters=[parameter])
    assert rds.describe_db_parameters(DBParameterGroupName="g")["Parameters"]
    rds.reset_db_parameter_group(DBParameterGroupName="g", Parameters=[parameter])
    assert rds.describe_db_parameters(DBParameterGroupName="g")["Parameters"] == []
