"""RDS: automated backups replicated to another region."""

from __future__ import annotations

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.table import Call, Read

REPLICATION = simulated(
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
    create=Call(
        "StartDBInstanceAutomatedBackupsReplication",
        take=("kmsKeyId", "preSignedUrl", "retentionPeriod", "sourceDbInstanceArn"),
    ),
    id="DBInstanceAutomatedBackup.DBInstanceAutomatedBackupsArn",
    read=Read(
        "DescribeDBInstanceAutomatedBackups",
        {"DBInstanceAutomatedBackupsArn": "id"},
        path="DBInstanceAutomatedBackups[0]",
    ),
    delete=(
        Call(
            "StopDBInstanceAutomatedBackupsReplication",
            {"SourceDBInstanceArn": "in.sourceDbInstanceArn"},
        ),
    ),
    rename={"retentionPeriod": "BackupRetentionPeriod", "sourceDbInstanceArn": "SourceDBInstanceArn"},
    outputs={"sourceDbInstanceArn": "DBInstanceArn"},
    kind="extended",
)

RESOURCES = (REPLICATION,)
