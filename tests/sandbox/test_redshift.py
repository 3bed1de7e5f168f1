"""Redshift as AWS has it: zones, passwords, parameters, schedules, and snapshots that cross regions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.emptied import emptied

EAST, WEST = "us-east-1", "us-west-2"
KEY = "arn:aws:kms:us-west-2:123456789012:key/mrk-1"
Boto = Callable[..., Any]
TWO: dict[str, Any] = {
    "NodeType": "ra3.xlplus",
    "ClusterType": "multi-node",
    "NumberOfNodes": 2,
    "Encrypted": True,
    "MultiAZ": True,
}


@pytest.fixture
def aws_endpoint(aws_server: Any) -> str:
    return emptied(aws_server, "redshift", "secretsmanager", "ec2")


def subnets(boto: Boto, region: str, zones: str) -> str:
    """A subnet group with a subnet in each of these zones."""
    ec2 = boto("ec2", region)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    made = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"{region}{zone}")
        for n, zone in enumerate(zones)
    ]
    boto("redshift", region).create_cluster_subnet_group(
        ClusterSubnetGroupName=f"nets-{zones}",
        Description="it",
        SubnetIds=[each["Subnet"]["SubnetId"] for each in made],
    )
    return f"nets-{zones}"


def cluster(boto: Boto, region: str = EAST, zones: str = "abc", **more: Any) -> dict[str, Any]:
    given = {
        **TWO,
        "ClusterIdentifier": "wh",
        "MasterUsername": "root",
        "ManageMasterPassword": True,
        "ClusterSubnetGroupName": subnets(boto, region, zones),
        **more,
    }
    made: dict[str, Any] = boto("redshift", region).create_cluster(**given)["Cluster"]
    return made


def test_it_stands_in_two_zones_and_the_other_one_takes_over(boto: Boto) -> None:
    made = cluster(boto)
    zones = made["AvailabilityZone"], made["MultiAZSecondary"]["AvailabilityZone"]
    assert (made["MultiAZ"], made["AvailabilityZoneRelocationStatus"]) == ("Enabled", "disabled")
    assert zones == ("us-east-1a", "us-east-1b")
    redshift = boto("redshift")
    redshift.failover_primary_compute(ClusterIdentifier="wh")
    [after] = redshift.describe_clusters(ClusterIdentifier="wh")["Clusters"]
    assert (after["MultiAZSecondary"]["AvailabilityZone"], after["AvailabilityZone"]) == zones
    alone = redshift.modify_cluster(ClusterIdentifier="wh", MultiAZ=False, AvailabilityZoneRelocation=True)
    assert (alone["Cluster"]["MultiAZ"], alone["Cluster"]["AvailabilityZoneRelocationStatus"]) == (
        "Disabled",
        "enabled",
    )
    with pytest.raises(ClientError, match="is no Multi-AZ cluster"):
        redshift.failover_primary_compute(ClusterIdentifier="wh")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"NodeType": "dc2.large"}, "takes RA3 node types only, not dc2.large"),
        ({"NumberOfNodes": 1}, "two or more nodes in each zone"),
        ({"Encrypted": False}, "must be encrypted to use Multi-AZ"),
        ({"zones": "ab"}, "needs subnets in three zones"),
        ({"AvailabilityZoneRelocation": True}, "can't be relocated"),
    ],
)
def test_what_two_zones_ask_for_is_refused_where_it_is_not(
    boto: Boto, more: dict[str, Any], message: str
) -> None:
    with pytest.raises(ClientError, match=f"InvalidParameterCombination.*{message}"):
        cluster(boto, **more)
    assert boto("redshift").describe_clusters()["Clusters"] == []


def test_the_administrator_s_password_is_a_secret_that_goes_with_the_cluster(boto: Boto) -> None:
    secrets = boto("secretsmanager")
    arn = cluster(boto, MasterPasswordSecretKmsKeyId=KEY)["MasterPasswordSecretArn"]
    [found] = secrets.list_secrets()["SecretList"]
    assert (found["ARN"], found["Name"], found["KmsKeyId"]) == (arn, "redshift!wh-root", KEY)
    assert '"username": "root"' in secrets.get_secret_value(SecretId=arn)["SecretString"]
    boto("redshift").delete_cluster(ClusterIdentifier="wh", SkipFinalClusterSnapshot=True)
    assert secrets.list_secrets()["SecretList"] == []


def test_parameters_are_set_and_go_back(boto: Boto) -> None:
    redshift = boto("redshift")
    named = {"ParameterGroupName": "own"}
    redshift.create_cluster_parameter_group(**named, ParameterGroupFamily="redshift-1.0", Description="it")

    def own() -> dict[str, str]:
        found = redshift.describe_cluster_parameters(**named)["Parameters"]
        return {e["ParameterName"]: e["ParameterValue"] for e in found if e["Source"] == "user"}

    tls = {"ParameterName": "require_ssl", "ParameterValue": "true"}
    redshift.modify_cluster_parameter_group(**named, Parameters=[tls])
    assert own() == {"require_ssl": "true"}
    with pytest.raises(ClientError, match="Could not find parameter with name: nosuch"):
        redshift.modify_cluster_parameter_group(**named, Parameters=[{**tls, "ParameterName": "nosuch"}])
    redshift.reset_cluster_parameter_group(**named, Parameters=[{"ParameterName": "require_ssl"}])
    assert own() == {}


def test_subnets_of_a_group_change(boto: Boto) -> None:
    redshift, group = boto("redshift"), subnets(boto, EAST, "abc")

    def now() -> list[str]:
        [found] = redshift.describe_cluster_subnet_groups(ClusterSubnetGroupName=group)["ClusterSubnetGroups"]
        return [each["SubnetIdentifier"] for each in found["Subnets"]]

    before = now()
    redshift.modify_cluster_subnet_group(ClusterSubnetGroupName=group, SubnetIds=before[:2])
    assert now() == before[:2]
    with pytest.raises(ClientError, match="InvalidSubnet"):
        redshift.modify_cluster_subnet_group(ClusterSubnetGroupName=group, SubnetIds=["subnet-none"])
    assert now() == before[:2]


def test_a_schedule_is_given_to_a_cluster_and_kept_while_it_is(boto: Boto) -> None:
    redshift, named = boto("redshift"), {"ScheduleIdentifier": "often"}
    with pytest.raises(ClientError, match="InvalidSchedule"):
        redshift.create_snapshot_schedule(**named, ScheduleDefinitions=["now and then"])
    redshift.create_snapshot_schedule(**named, ScheduleDefinitions=["cron(0 0/2 *)"])
    cluster(boto)
    given = {"ClusterIdentifier": "wh", **named}
    redshift.modify_cluster_snapshot_schedule(**given)
    [found] = redshift.describe_snapshot_schedules(ClusterIdentifier="wh")["SnapshotSchedules"]
    assert (found["ScheduleDefinitions"], found["AssociatedClusterCount"]) == (["cron(0 0/2 *)"], 1)
    with pytest.raises(ClientError, match="still associated"):
        redshift.delete_snapshot_schedule(**named)
    redshift.modify_cluster_snapshot_schedule(**given, DisassociateSchedule=True)
    redshift.delete_snapshot_schedule(**named)
    with pytest.raises(ClientError, match="SnapshotScheduleNotFound"):
        redshift.describe_snapshot_schedules(**named)


def test_a_copy_is_the_other_region_s_and_a_cluster_is_made_of_it(boto: Boto) -> None:
    east, west = boto("redshift"), boto("redshift", WEST)
    cluster(boto)
    copied = {"ClusterIdentifier": "wh", "DestinationRegion": WEST, "SnapshotCopyGrantName": "here"}
    with pytest.raises(ClientError, match="SnapshotCopyGrantNotFoundFault"):
        east.enable_snapshot_copy(**copied)
    west.create_snapshot_copy_grant(SnapshotCopyGrantName="here", KmsKeyId=KEY)
    east.enable_snapshot_copy(**copied)
    east.create_cluster_snapshot(ClusterIdentifier="wh", SnapshotIdentifier="one")
    east.delete_cluster(ClusterIdentifier="wh", SkipFinalClusterSnapshot=True)
    [found] = west.describe_cluster_snapshots()["Snapshots"]
    assert (found["SourceRegion"], found["KmsKeyId"], found["ClusterIdentifier"]) == (EAST, KEY, "wh")
    restored = {
        "ClusterIdentifier": "first",
        "SnapshotIdentifier": found["SnapshotIdentifier"],
        "MultiAZ": True,
        "ManageMasterPassword": True,
        "KmsKeyId": KEY,
    }
    with pytest.raises(ClientError, match="needs subnets in three zones"):
        west.restore_from_cluster_snapshot(**restored)
    group = subnets(boto, WEST, "abc")
    made = west.restore_from_cluster_snapshot(**restored, ClusterSubnetGroupName=group)["Cluster"]
    assert (made["MultiAZ"], made["KmsKeyId"], made["NumberOfNodes"]) == ("Enabled", KEY, 2)
    assert (made["MasterUsername"], made["MasterPasswordSecretArn"].split(":")[3]) == ("root", WEST)


def test_without_the_grant_nothing_is_copied(boto: Boto) -> None:
    east, west = boto("redshift"), boto("redshift", WEST)
    cluster(boto)
    west.create_snapshot_copy_grant(SnapshotCopyGrantName="here", KmsKeyId=KEY)
    east.enable_snapshot_copy(ClusterIdentifier="wh", DestinationRegion=WEST, SnapshotCopyGrantName="here")
    west.delete_snapshot_copy_grant(SnapshotCopyGrantName="here")
    east.create_cluster_snapshot(ClusterIdentifier="wh", SnapshotIdentifier="one")
    assert west.describe_cluster_snapshots()["Snapshots"] == []


def test_the_rows_change_and_remove_what_they_made(boto: Boto, provider: Any) -> None:
    token, redshift = "aws:redshift/cluster:Cluster", boto("redshift")
    urn = f"urn:pulumi:prod::holdfast::{token}::it"

    def checked(old: dict[str, Any], **more: Any) -> dict[str, Any]:
        inputs = {
            "clusterIdentifier": "wh", "clusterType": "multi-node", "nodeType": "ra3.xlplus", "numberOfNodes": 2, "encrypted": "true",
            "masterUsername": "root", "manageMasterPassword": True, "clusterSubnetGroupName": "nets-abc", "multiAz": True,
            "finalSnapshotIdentifier": "wh-final", **more,
        }  # fmt: skip
        found, failures = provider.check(token, urn, old, inputs)
        assert failures == []
        return dict(found)

    subnets(boto, EAST, "abc")
    first = checked({})
    id_, outputs = provider.create(token, first)
    assert outputs["endpoint"].endswith(".us-east-1.redshift.amazonaws.com:5439")
    fresh = checked(first, numberOfNodes=3, multiAz=False)
    outputs = provider.update(token, id_, first, outputs, fresh)
    [now] = redshift.describe_clusters()["Clusters"]
    assert (now["NumberOfNodes"], now["MultiAZ"]) == (3, "Disabled")
    provider.delete(token, id_, fresh, outputs)
    assert redshift.describe_clusters()["Clusters"] == []
    [final] = redshift.describe_cluster_snapshots(SnapshotType="manual")["Snapshots"]
    assert final["SnapshotIdentifier"] == "wh-final"
    with pytest.raises(Exception, match="multi_az cannot be both true"):
        provider.create(token, checked({}, availabilityZoneRelocationEnabled=True))


def test_parameters_of_a_row_are_told_by_a_refresh(boto: Boto, provider: Any) -> None:
    token = "aws:redshift/parameterGroup:ParameterGroup"
    urn = f"urn:pulumi:prod::holdfast::{token}::it"
    inputs = {"family": "redshift-1.0", "parameters": [{"name": "require_ssl", "value": "true"}]}
    first, failures = provider.check(token, urn, {}, inputs)
    assert failures == []
    id_, outputs = provider.create(token, first)
    told = provider.refresh(token, id_, first, outputs)
    assert told[0]["parameters"] == inputs["parameters"]
    boto("redshift").modify_cluster_parameter_group(
        ParameterGroupName=id_, Parameters=[{"ParameterName": "require_ssl", "ParameterValue": "false"}]
    )
    told = provider.refresh(token, id_, first, outputs)
    assert told[0]["parameters"] == [{"name": "require_ssl", "value": "false"}]
    fresh, _ = provider.check(token, urn, first, {"family": "redshift-1.0"})
    outputs = provider.update(token, id_, first, outputs, fresh)
    found = boto("redshift").describe_cluster_parameters(ParameterGroupName=id_)["Parameters"]
    assert [each for each in found if each["Source"] == "user"] == []
