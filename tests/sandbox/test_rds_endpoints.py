"""Custom endpoints of Aurora clusters: on the sandbox's AWS, and by the provider's row."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from sandbox.aws.clockwork import databases
from tests.sandbox.rds_world import cluster, global_database
from tests.sandbox.test_rds_rows import Made


def endpoint(boto, name="reads", kind="ANY", **more):
    return boto("rds").create_db_cluster_endpoint(
        DBClusterIdentifier="db", DBClusterEndpointIdentifier=name, EndpointType=kind, **more
    )


def answers(host, region="us-east-1"):
    """The member that answers who reads by a host; None: nobody."""
    found = databases.reader(host, region)
    assert databases.reads(host, region) is (found is not None)
    return found and found.db_instance_identifier


@pytest.fixture
def failed():
    """Members whose host has failed, which nobody has seen yet."""
    yield databases.FAILED
    databases.FAILED.clear()


def test_the_endpoint_for_writing_answers_from_the_writer_alone(boto, failed):
    made = cluster(boto, members=2)
    writes, reads = made["Endpoint"], made["ReaderEndpoint"]
    assert (answers(writes), answers(reads)) == ("db-0", "db-1")
    failed.add("db-0")
    assert (answers(writes), answers(reads)) == (None, "db-1"), "until a replica is promoted"
    databases.settle("us-east-1")
    assert (answers(writes), answers(reads)) == ("db-1", "db-1")
    failed.add("db-1")
    assert (answers(writes), answers(reads)) == (None, None)


def test_the_endpoint_for_writing_leads_to_the_new_writer_once_its_name_does(boto, failed, monkeypatch):
    made = cluster(boto, members=2)
    monkeypatch.setattr(databases.CLOCK, "lasts", lambda *_: 5.0)
    failed.add("db-0")
    databases.settle("us-east-1")
    [found] = databases._backends()["us-east-1"].clusters.values()
    databases.follow(found)
    assert (answers(made["Endpoint"]), answers(made["ReaderEndpoint"])) == (None, "db-1")


def test_a_cluster_that_follows_answers_by_either_endpoint_while_a_member_lives(boto, failed):
    global_database(boto)
    [follows] = boto("rds", "us-west-2").describe_db_clusters()["DBClusters"]
    failed.add("west-0")
    assert [answers(follows[each], "us-west-2") for each in ("Endpoint", "ReaderEndpoint")] == ["west-1"] * 2


def test_one_is_made_shown_changed_and_removed(boto):
    cluster(boto, members=2)
    made = endpoint(boto, StaticMembers=["db-0"], Tags=[{"Key": "owner", "Value": "team"}])
    assert made["Endpoint"].startswith("reads.cluster-custom-")
    assert (made["EndpointType"], made["CustomEndpointType"], made["StaticMembers"]) == (
        "CUSTOM",
        "ANY",
        ["db-0"],
    )
    rds = boto("rds")
    listed = rds.list_tags_for_resource(ResourceName=made["DBClusterEndpointArn"])["TagList"]
    assert listed == [{"Key": "owner", "Value": "team"}]
    rds.modify_db_cluster_endpoint(
        DBClusterEndpointIdentifier="reads", StaticMembers=["db-1"], EndpointType="READER"
    )
    [found] = rds.describe_db_cluster_endpoints(DBClusterIdentifier="db")["DBClusterEndpoints"]
    assert (found["StaticMembers"], found["CustomEndpointType"]) == (["db-1"], "READER")
    assert boto("rds", "us-west-2").describe_db_cluster_endpoints()["DBClusterEndpoints"] == []
    rds.delete_db_cluster_endpoint(DBClusterEndpointIdentifier="reads")
    assert rds.describe_db_cluster_endpoints()["DBClusterEndpoints"] == []
    with pytest.raises(ClientError, match="DBClusterEndpointNotFoundFault"):
        rds.delete_db_cluster_endpoint(DBClusterEndpointIdentifier="reads")


def test_what_aws_refuses_is_refused(boto):
    cluster(boto, members=2)
    for given, message in (
        ({"StaticMembers": ["other"]}, "DBInstanceNotFound"),
        ({"StaticMembers": ["db-0"], "ExcludedMembers": ["db-1"]}, "InvalidParameterCombination"),
        ({"kind": "WRITER"}, "InvalidParameterValue"),
    ):
        with pytest.raises(ClientError, match=message):
            endpoint(boto, **given)
    for number in range(5):
        endpoint(boto, f"reads-{number}")
    with pytest.raises(ClientError, match="DBClusterEndpointQuotaExceededFault"):
        endpoint(boto, "reads-5")
    with pytest.raises(ClientError, match="DBClusterEndpointAlreadyExistsFault"):
        endpoint(boto, "reads-0")


def test_the_row_makes_reads_changes_replaces_and_removes(boto, provider):
    cluster(boto, members=2)
    made = Made(
        provider,
        "aws:rds/clusterEndpoint:ClusterEndpoint",
        clusterIdentifier="db",
        clusterEndpointIdentifier="reads",
        customEndpointType="ANY",
        staticMembers=["db-0"],
        tags={"owner": "team"},
    )
    assert made.id == "reads"
    assert made.outputs["arn"].endswith(":cluster-endpoint:reads")
    assert made.outputs["endpoint"].startswith("reads.cluster-custom-")
    assert made.read()["staticMembers"] == ["db-0"]
    made.update(staticMembers=["db-1"], customEndpointType="READER", tags={"owner": "new"})
    [found] = boto("rds").describe_db_cluster_endpoints()["DBClusterEndpoints"]
    assert (found["StaticMembers"], found["CustomEndpointType"]) == (["db-1"], "READER")
    assert boto("rds").list_tags_for_resource(ResourceName=found["DBClusterEndpointArn"])["TagList"] == [
        {"Key": "owner", "Value": "new"}
    ]
    for name in ("clusterIdentifier", "clusterEndpointIdentifier"):
        assert made.diff(**{name: "other"}).replaces == [name]
    made.delete()
    assert made.read() is None
    made.delete()


def test_a_cluster_takes_its_endpoints_along(boto):
    cluster(boto, members=1)
    endpoint(boto)
    boto("rds").delete_db_instance(DBInstanceIdentifier="db-0", SkipFinalSnapshot=True)
    boto("rds").delete_db_cluster(DBClusterIdentifier="db", SkipFinalSnapshot=True)
    assert boto("rds").describe_db_cluster_endpoints()["DBClusterEndpoints"] == []
