from __future__ import annotations

from tests.policies.case import NOT_KNOWN, Case, R

INSTANCE = "aws:rds/instance:Instance"
CLUSTER = "aws:rds/cluster:Cluster"
TABLE = "aws:dynamodb/table:Table"
BUCKET = "aws:s3/bucket:Bucket"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
SELECTION = "aws:backup/selection:Selection"
PLAN = "aws:backup/plan:Plan"
VAULT = "aws:backup/vault:Vault"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
WAREHOUSE = "aws:redshift/cluster:Cluster"
COPY = "aws:redshift/snapshotCopy:SnapshotCopy"
MARKED = {"backup": "required"}
BY_TAG = {"type": "STRINGEQUALS", "key": "backup", "value": "required"}
WEST = "arn:aws:backup:us-west-2:111122223333:backup-vault:far"
EAST = "arn:aws:backup:us-east-1:111122223333:backup-vault:second"


def versioned(status: object) -> list[R]:
    return [
        R(BUCKET),
        R(
            VERSIONING,
            "v",
            {"bucket": NOT_KNOWN, "versioningConfiguration": {"status": status}},
            {"bucket": ["it"]},
        ),
    ]


def selected(store_tags: object, **selection: object) -> list[R]:
    return [
        R(TABLE, props={"tags": store_tags, "arn": NOT_KNOWN}),
        R(SELECTION, "all", {"planId": NOT_KNOWN, **selection}),
    ]


def condition(kind: str, value: str = "required") -> dict[str, object]:
    return {"resources": ["*"], "conditions": [{kind: [{"key": "aws:ResourceTag/backup", "value": value}]}]}


def plan(destination: object, *, region: str = "us-east-1", refs: dict[str, list[str]] | None = None) -> R:
    rules = [
        {
            "ruleName": "daily",
            "targetVaultName": "near",
            "copyActions": [{"destinationVaultArn": destination}],
        }
    ]
    return R(PLAN, props={"rules": rules}, refs=refs or {}, provider={"region": region})


BUCKET_V2 = "aws:s3/bucketV2:BucketV2"
REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
TAKEN = {"name": "orders", "region": "us-east-1"}
YES_TAG = {"type": "STRINGEQUALS", "key": "backup", "value": "yes"}
YES = {"conditions": [{"stringEquals": [{"key": "aws:ResourceTag/backup", "value": "yes"}]}]}
OPTED_OUT = R(
    "aws:backup/regionSettings:RegionSettings",
    "settings",
    {"resourceTypeOptInPreference": {"DynamoDB": False}, "region": "us-east-1"},
)

CASES = [
    Case(
        rule="rds-backup-retention",
        bad=[R(INSTANCE, props={"backupRetentionPeriod": 6})],
        good=[R(INSTANCE, props={"backupRetentionPeriod": 7})],
        unsure=[R(INSTANCE, props={"backupRetentionPeriod": NOT_KNOWN})],
    ),
    Case(
        rule="rds-backup-retention",
        note="configured",
        bad=[R(CLUSTER, props={"backupRetentionPeriod": 34})],
        good=[R(INSTANCE, props={"replicateSourceDb": "arn"})],
        unsure=[R(CLUSTER, props={"backupRetentionPeriod": NOT_KNOWN})],
        config={"rds-backup-retention": {"minimumDays": 35}},
    ),
    Case(
        rule="rds-backup-retention",
        note="default",
        bad=[R(CLUSTER)],
        good=[R(CLUSTER, props={"backupRetentionPeriod": 35})],
        unsure=[R("aws:docdb/cluster:Cluster", props={"backupRetentionPeriod": NOT_KNOWN})],
    ),
    Case(
        rule="dynamodb-table-point-in-time-recovery",
        bad=[R(TABLE, props={"pointInTimeRecovery": {"enabled": False}})],
        good=[
            R(
                TABLE,
                props={
                    "pointInTimeRecovery": {"enabled": True},
                    "replicas": [{"regionName": "us-west-2", "pointInTimeRecovery": True}],
                },
            )
        ],
        unsure=[R(TABLE, props={"pointInTimeRecovery": {"enabled": NOT_KNOWN}})],
    ),
    Case(
        rule="dynamodb-table-point-in-time-recovery",
        note="replica",
        bad=[
            R(
                TABLE,
                props={"pointInTimeRecovery": {"enabled": True}, "replicas": [{"regionName": "us-west-2"}]},
            )
        ],
        good=[R("aws:dynamodb/tableReplica:TableReplica", props={"pointInTimeRecovery": True})],
        unsure=[R(TABLE, props={"pointInTimeRecovery": {"enabled": True}, "replicas": [NOT_KNOWN]})],
    ),
    Case(
        rule="dynamodb-table-point-in-time-recovery",
        note="replica-resource",
        bad=[R("aws:dynamodb/tableReplica:TableReplica")],
        good=[R(TABLE, props={"pointInTimeRecovery": {"enabled": True}})],
        unsure=[R("aws:dynamodb/tableReplica:TableReplica", props={"pointInTimeRecovery": NOT_KNOWN})],
    ),
    Case(
        rule="s3-bucket-versioning", bad=[R(BUCKET)], good=versioned("Enabled"), unsure=versioned(NOT_KNOWN)
    ),
    Case(
        rule="s3-bucket-versioning",
        note="suspended",
        bad=versioned("Suspended"),
        good=[
            R(BUCKET, props={"bucket": "b"}),
            R(VERSIONING, "v", {"bucket": "b", "versioningConfiguration": {"status": "Enabled"}}),
        ],
        unsure=versioned(NOT_KNOWN),
    ),
    Case(
        rule="backup-plan-cross-region-copy",
        bad=[R(PLAN, props={"rules": [{"ruleName": "daily", "targetVaultName": "near"}]})],
        good=[plan(WEST)],
        unsure=[plan(NOT_KNOWN)],
    ),
    Case(
        rule="backup-plan-cross-region-copy",
        note="vault-of-stack",
        bad=[plan(WEST, region="us-west-2")],
        good=[plan(NOT_KNOWN, refs={"rules": ["far"]}), R(VAULT, "far", {"region": "us-west-2"})],
        unsure=[plan(NOT_KNOWN, refs={"rules": ["far"]}), R(VAULT, "far", {"region": "us-east-1"})],
    ),
    Case(
        rule="backup-vault-locked",
        bad=[R(VAULT)],
        good=[
            R(VAULT),
            R(
                "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
                "lock",
                {"backupVaultName": NOT_KNOWN},
                {"backupVaultName": ["it"]},
            ),
        ],
        unsure=[
            R(VAULT, props={"name": "v"}),
            R(
                "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
                "lock",
                {"backupVaultName": "v", "minRetentionDays": NOT_KNOWN},
            ),
        ],
        then="good",
    ),
    Case(
        rule="redshift-cluster-snapshot-copy",
        bad=[R(WAREHOUSE)],
        good=[
            R(WAREHOUSE),
            R(COPY, "copy", {"destinationRegion": "us-west-2"}, {"clusterIdentifier": ["it"]}),
        ],
        unsure=[R(WAREHOUSE, props={"multiAz": NOT_KNOWN})],
        then="bad",
    ),
    Case(
        rule="redshift-cluster-snapshot-copy",
        note="restored",
        bad=[R(WAREHOUSE, props={"snapshotIdentifier": "copy:rs:it-2027-01-01-00-00-00"})],
        good=[
            R(WAREHOUSE, props={"snapshotIdentifier": "copy:rs:it-2027-01-01-00-00-00"}),
            R(COPY, "copy", {"destinationRegion": "us-east-1"}, {"clusterIdentifier": ["it"]}),
        ],
        unsure=[R(WAREHOUSE, props={"snapshotArn": NOT_KNOWN})],
        then="bad",
        level="advisory",
    ),
    Case(
        rule="elasticache-replication-group-snapshots",
        bad=[R(CACHE)],
        good=[R(CACHE, props={"snapshotRetentionLimit": 1})],
        unsure=[R(CACHE, props={"snapshotRetentionLimit": NOT_KNOWN})],
    ),
    Case(
        rule="s3-bucket-versioning",
        note="inline",
        bad=[R(BUCKET, props={"versioning": {"enabled": False}})],
        good=[
            R(BUCKET, props={"versioning": {"enabled": True}}),
            R(BUCKET_V2, "v2", {"versionings": [{"enabled": True}]}),
        ],
        unsure=[R(BUCKET_V2, props={"versionings": NOT_KNOWN})],
    ),
    Case(
        rule="s3-bucket-versioning",
        note="object-lock",
        bad=[R(BUCKET, props={"objectLockEnabled": False})],
        good=[R(BUCKET, props={"objectLockEnabled": True})],
        unsure=[R(BUCKET, props={"objectLockEnabled": NOT_KNOWN})],
    ),
    Case(
        rule="backup-plan-cross-region-copy",
        note="region-of-its-arn",
        bad=[
            R(
                PLAN,
                props={**plan(EAST).props, "region": "", "arn": "arn:aws:backup:us-east-1:1:backup-plan:p"},
            )
        ],
        good=[
            R(
                PLAN,
                props={**plan(WEST).props, "region": "", "arn": "arn:aws:backup:us-east-1:1:backup-plan:p"},
            )
        ],
        unsure=[R(PLAN, props={**plan(NOT_KNOWN).props, "region": ""})],
    ),
]
