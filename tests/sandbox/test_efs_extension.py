"""EFS on the sandbox's AWS: which file system follows which, who may be overwritten, and what AWS refuses."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from sandbox.aws import faults

WEST = "us-west-2"


def made(boto, region="us-east-1", token="files", **more):
    client = boto("efs", region)
    return client.create_file_system(CreationToken=token, **{"Encrypted": True, **more})["FileSystemId"]


@pytest.fixture
def pair(boto):
    """A file system of each region, the western one open to be overwritten."""
    here, there = made(boto), made(boto, WEST)
    boto("efs", WEST).update_file_system_protection(
        FileSystemId=there, ReplicationOverwriteProtection="DISABLED"
    )
    return here, there


def replicate(boto, source, target, region="us-east-1", to=WEST):
    return boto("efs", region).create_replication_configuration(
        SourceFileSystemId=source, Destinations=[{"FileSystemId": target, "Region": to}]
    )


def protection(boto, identifier, region="us-east-1"):
    (found,) = boto("efs", region).describe_file_systems(FileSystemId=identifier)["FileSystems"]
    return found["FileSystemProtection"]["ReplicationOverwriteProtection"]


def test_both_regions_tell_of_the_replication(boto, pair):
    here, there = pair
    replicate(boto, here, there)
    assert (protection(boto, here), protection(boto, there, WEST)) == ("ENABLED", "REPLICATING")
    for region, identifier in (("us-east-1", here), (WEST, there)):
        (found,) = boto("efs", region).describe_replication_configurations(FileSystemId=identifier)[
            "Replications"
        ]
        assert (found["SourceFileSystemId"], found["SourceFileSystemRegion"]) == (here, "us-east-1")
        assert found["Destinations"][0]["FileSystemId"] == there
        assert found["Destinations"][0]["Status"] == "ENABLED"
        assert len(boto("efs", region).describe_replication_configurations()["Replications"]) == 1


def test_efs_makes_a_file_system_where_none_is_given(boto):
    here = made(boto)
    answer = boto("efs").create_replication_configuration(
        SourceFileSystemId=here, Destinations=[{"Region": WEST, "KmsKeyId": "arn:aws:kms:us-west-2:1:key/x"}]
    )
    there = answer["Destinations"][0]["FileSystemId"]
    (files,) = boto("efs", WEST).describe_file_systems()["FileSystems"]
    assert (files["FileSystemId"], files["Encrypted"]) == (there, True)
    assert files["KmsKeyId"].endswith("key/x")
    assert protection(boto, there, WEST) == "REPLICATING"


def test_the_direction_turns_when_the_old_files_may_be_overwritten(boto, pair):
    here, there = pair
    replicate(boto, here, there)
    faults.apply({"regions": {"us-east-1": [503, "ServiceUnavailable"]}})
    boto("efs", WEST).delete_replication_configuration(SourceFileSystemId=here)
    assert protection(boto, there, WEST) == "ENABLED"
    faults.apply({"clear": True})
    with pytest.raises(ClientError, match=r"BadRequest.*must be disabled"):
        replicate(boto, there, here, WEST, "us-east-1")
    boto("efs").update_file_system_protection(FileSystemId=here, ReplicationOverwriteProtection="DISABLED")
    replicate(boto, there, here, WEST, "us-east-1")
    assert protection(boto, here) == "REPLICATING"


def test_what_is_part_of_a_replication_is_part_of_no_other_and_stays(boto, pair):
    here, there = pair
    replicate(boto, here, there)
    other = made(boto, token="other")
    for source in (here, other):
        with pytest.raises(ClientError, match="ReplicationAlreadyExists"):
            replicate(boto, source, there)
    for region, identifier in (("us-east-1", here), (WEST, there)):
        with pytest.raises(ClientError, match="FileSystemInUse"):
            boto("efs", region).delete_file_system(FileSystemId=identifier)
    with pytest.raises(
        ClientError, match=r"ReplicationAlreadyExists.*while the file system is a replication destination"
    ):
        boto("efs", WEST).update_file_system_protection(
            FileSystemId=there, ReplicationOverwriteProtection="ENABLED"
        )
    boto("efs").delete_replication_configuration(SourceFileSystemId=here)
    with pytest.raises(ClientError, match="ReplicationNotFound"):
        boto("efs").delete_replication_configuration(SourceFileSystemId=here)
    boto("efs", WEST).delete_file_system(FileSystemId=there)


def test_what_does_not_exist_or_go_together_is_refused(boto, pair):
    here, _ = pair
    plain = made(boto, WEST, "plain", Encrypted=False)
    west = boto("efs", WEST)
    west.update_file_system_protection(FileSystemId=plain, ReplicationOverwriteProtection="DISABLED")
    for target, message in ((plain, "ConflictException"), ("fs-0123456789abcdef0", "FileSystemNotFound")):
        with pytest.raises(ClientError, match=message):
            replicate(boto, here, target)
    with pytest.raises(ClientError, match="FileSystemNotFound"):
        replicate(boto, "fs-0123456789abcdef0", plain)
    with pytest.raises(ClientError, match="ReplicationNotFound"):
        boto("efs").describe_replication_configurations(FileSystemId=here)
    with pytest.raises(ClientError, match=r"BadRequest.*ENABLED or DISABLED"):
        west.update_file_system_protection(FileSystemId=plain, ReplicationOverwriteProtection="REPLICATING")
    with pytest.raises(ClientError, match="FileSystemNotFound"):
        west.create_access_point(ClientToken="t", FileSystemId="fs-0123456789abcdef0")


def test_backups_policy_and_throughput_are_kept(boto):
    here, client = made(boto), boto("efs")
    with pytest.raises(ClientError, match="PolicyNotFound"):
        client.describe_backup_policy(FileSystemId=here)
    for status in ("ENABLED", "DISABLED"):
        client.put_backup_policy(FileSystemId=here, BackupPolicy={"Status": status})
        assert client.describe_backup_policy(FileSystemId=here)["BackupPolicy"]["Status"] == status
    client.put_file_system_policy(FileSystemId=here, Policy='{"Version": "2012-10-17"}')
    with pytest.raises(ClientError, match="InvalidPolicyException"):
        client.put_file_system_policy(FileSystemId=here, Policy="no policy")
    client.delete_file_system_policy(FileSystemId=here)
    with pytest.raises(ClientError, match="PolicyNotFound"):
        client.describe_file_system_policy(FileSystemId=here)
    client.update_file_system(
        FileSystemId=here, ThroughputMode="provisioned", ProvisionedThroughputInMibps=10
    )
    found = client.update_file_system(FileSystemId=here, ThroughputMode="elastic")
    assert found["ThroughputMode"] == "elastic"
    assert "ProvisionedThroughputInMibps" not in found
