"""Automated backups replicated to another region, on the sandbox's AWS."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.rds_world import cluster, instance

KEY = "arn:aws:kms:us-west-2:123456789012:key/x"


def start(boto, arn, region="us-west-2", **more):
    client = boto("rds", region)
    return client.start_db_instance_automated_backups_replication(SourceDBInstanceArn=arn, **more)[
        "DBInstanceAutomatedBackup"
    ]


def test_backups_stand_in_the_region_they_are_copied_to(boto):
    made = instance(boto, BackupRetentionPeriod=7, StorageEncrypted=True)
    kept = start(boto, made["DBInstanceArn"], KmsKeyId=KEY, BackupRetentionPeriod=14)
    assert (kept["Region"], kept["BackupRetentionPeriod"], kept["KmsKeyId"]) == ("us-east-1", 14, KEY)
    assert kept["DBInstanceAutomatedBackupsArn"].startswith(
        "arn:aws:rds:us-west-2:123456789012:auto-backup:ab-"
    )
    west = boto("rds", "us-west-2")
    listed = west.describe_db_instance_automated_backups()["DBInstanceAutomatedBackups"]
    assert [each["DBInstanceArn"] for each in listed] == [made["DBInstanceArn"]]
    (own,) = boto("rds").describe_db_instance_automated_backups()["DBInstanceAutomatedBackups"]
    assert "DBInstanceAutomatedBackupsArn" not in own
    with pytest.raises(ClientError, match=r"InvalidDBInstanceState.*already"):
        start(boto, made["DBInstanceArn"], KmsKeyId=KEY)
    west.stop_db_instance_automated_backups_replication(SourceDBInstanceArn=made["DBInstanceArn"])
    assert west.describe_db_instance_automated_backups()["DBInstanceAutomatedBackups"] == []
    with pytest.raises(ClientError, match="InvalidDBInstanceState"):
        west.stop_db_instance_automated_backups_replication(SourceDBInstanceArn=made["DBInstanceArn"])
    with pytest.raises(ClientError, match="DBInstanceAutomatedBackupNotFound"):
        west.describe_db_instance_automated_backups(
            DBInstanceAutomatedBackupsArn=kept["DBInstanceAutomatedBackupsArn"]
        )


def test_what_aws_does_not_replicate_is_refused(boto):
    arn = instance(boto, BackupRetentionPeriod=7, StorageEncrypted=True)["DBInstanceArn"]
    bare = instance(boto, "bare", BackupRetentionPeriod=0)["DBInstanceArn"]
    aurora = cluster(boto, "aurora", members=1)
    member = arn.replace(":db:db", ":db:aurora-0")
    for given, more, message in (
        (arn, {}, r"InvalidParameterCombination.*KmsKeyId"),
        (arn, {"KmsKeyId": KEY, "BackupRetentionPeriod": 36}, "between 1 and 35"),
        (bare, {}, "has no automated backups"),
        (aurora["DBClusterArn"], {}, "backups of clusters are not replicated"),
        (member, {}, "is a cluster's"),
        (arn.replace(":db:db", ":db:none"), {}, "DBInstanceNotFound"),
    ):
        with pytest.raises(ClientError, match=message):
            start(boto, given, **more)
    with pytest.raises(ClientError, match="replicated to another region"):
        start(boto, arn, "us-east-1", KmsKeyId=KEY)
