from __future__ import annotations

from tests.policies.case import NOT_KNOWN, Case, R

INSTANCE = "aws:rds/instance:Instance"
TABLE = "aws:dynamodb/table:Table"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
KEY = "aws:kms/key:Key"
BUCKET = "aws:s3/bucket:Bucket"

CASES = [
    Case(
        rule="rds-deletion-protection",
        bad=[R(INSTANCE)],
        good=[R(INSTANCE, props={"deletionProtection": True})],
        unsure=[R(INSTANCE, props={"deletionProtection": NOT_KNOWN})],
    ),
    Case(
        rule="rds-deletion-protection",
        note="global",
        bad=[R("aws:rds/globalCluster:GlobalCluster")],
        good=[R("aws:neptune/cluster:Cluster", props={"deletionProtection": True})],
        unsure=[R("aws:rds/cluster:Cluster", props={"deletionProtection": NOT_KNOWN})],
    ),
    Case(
        rule="dynamodb-table-deletion-protection",
        bad=[R(TABLE)],
        good=[R(TABLE, props={"deletionProtectionEnabled": True})],
        unsure=[R(TABLE, props={"deletionProtectionEnabled": NOT_KNOWN})],
    ),
    Case(
        rule="dynamodb-table-deletion-protection",
        note="replica",
        bad=[R(TABLE, props={"deletionProtectionEnabled": True, "replicas": [{"regionName": "us-west-2"}]})],
        good=[
            R(
                TABLE,
                props={
                    "deletionProtectionEnabled": True,
                    "replicas": [{"regionName": "us-west-2", "deletionProtectionEnabled": True}],
                },
            )
        ],
        unsure=[
            R(
                TABLE,
                props={
                    "deletionProtectionEnabled": True,
                    "replicas": [{"regionName": "us-west-2", "deletionProtectionEnabled": NOT_KNOWN}],
                },
            )
        ],
    ),
    Case(
        rule="lb-deletion-protection",
        bad=[R(BALANCER)],
        good=[R(BALANCER, props={"enableDeletionProtection": True})],
        unsure=[R(BALANCER, props={"enableDeletionProtection": NOT_KNOWN})],
    ),
    Case(
        rule="rds-final-snapshot",
        bad=[R(INSTANCE, props={"skipFinalSnapshot": True})],
        good=[R(INSTANCE, props={"finalSnapshotIdentifier": NOT_KNOWN})],
        unsure=[R(INSTANCE, props={"skipFinalSnapshot": NOT_KNOWN})],
    ),
    Case(
        rule="rds-final-snapshot",
        note="unnamed",
        bad=[R("aws:rds/cluster:Cluster")],
        good=[R(INSTANCE, props={"replicateSourceDb": "arn", "skipFinalSnapshot": True})],
        unsure=[R("aws:rds/cluster:Cluster", props={"skipFinalSnapshot": NOT_KNOWN})],
    ),
    Case(
        rule="aws-store-protect",
        bad=[R(INSTANCE)],
        good=[R(INSTANCE, protect=True)],
        unsure=[R(INSTANCE, props={"identifier": NOT_KNOWN})],
        then="bad",
    ),
    Case(
        rule="kms-key-deletion-window",
        bad=[R(KEY, props={"deletionWindowInDays": 7})],
        good=[R(KEY)],
        unsure=[R(KEY, props={"deletionWindowInDays": NOT_KNOWN})],
    ),
    Case(
        rule="kms-key-deletion-window",
        note="configured",
        bad=[R("aws:kms/replicaKey:ReplicaKey", props={"deletionWindowInDays": 13})],
        good=[R(KEY, props={"deletionWindowInDays": 14})],
        unsure=[R(KEY, props={"deletionWindowInDays": NOT_KNOWN})],
        config={"kms-key-deletion-window": {"minimumDays": 14}},
    ),
    Case(
        rule="aws-resource-no-force-destroy",
        bad=[R(BUCKET, props={"forceDestroy": True, "tags": {"environment": "prod"}})],
        good=[R(BUCKET, props={"forceDestroy": True, "tags": {"environment": "test"}})],
        unsure=[R(BUCKET, props={"forceDestroy": NOT_KNOWN})],
    ),
    Case(
        rule="aws-resource-no-force-destroy",
        note="repository",
        bad=[R("aws:ecr/repository:Repository", props={"forceDelete": True})],
        good=[R(BUCKET)],
        unsure=[R(BUCKET, props={"forceDestroy": True, "tags": {"environment": NOT_KNOWN}})],
        then="bad",
    ),
]
