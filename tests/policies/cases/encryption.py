from __future__ import annotations

from tests.policies.case import NOT_KNOWN, Case, R

INSTANCE = "aws:rds/instance:Instance"
TABLE = "aws:dynamodb/table:Table"
SEARCH = "aws:opensearch/domain:Domain"
BUCKET = "aws:s3/bucket:Bucket"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
KEY = "aws:kms/key:Key"
ARN = "arn:aws:kms:us-east-1:111122223333:key/1"


def sealed(**by_default: object) -> list[R]:
    rules = [{"applyServerSideEncryptionByDefault": by_default}]
    return [R(BUCKET), R(ENCRYPTION, "sse", {"bucket": NOT_KNOWN, "rules": rules}, {"bucket": ["it"]})]


def disk(encrypted: object) -> R:
    return R(
        TEMPLATE,
        props={"blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": {"encrypted": encrypted}}]},
    )


BUCKET_V2 = "aws:s3/bucketV2:BucketV2"
KMS = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": ARN}

BY_DEFAULT = "aws:ebs/encryptionByDefault:EncryptionByDefault"
VOLUME = "aws:ebs/volume:Volume"

CASES = [
    Case(
        rule="aws-store-encrypted",
        bad=[R(INSTANCE)],
        good=[R(INSTANCE, props={"storageEncrypted": True})],
        unsure=[R(INSTANCE, props={"storageEncrypted": NOT_KNOWN})],
    ),
    Case(
        rule="aws-store-encrypted",
        note="nested",
        bad=[R(SEARCH, props={"encryptAtRest": {"enabled": False}})],
        good=[R(SEARCH, props={"encryptAtRest": {"enabled": True}})],
        unsure=[R(SEARCH, props={"encryptAtRest": NOT_KNOWN})],
    ),
    Case(
        rule="aws-store-encrypted",
        note="text",
        bad=[R("aws:redshift/cluster:Cluster", props={"encrypted": "false"})],
        good=[R("aws:redshift/cluster:Cluster", props={"encrypted": "true"})],
        unsure=[R("aws:redshift/cluster:Cluster", props={"encrypted": NOT_KNOWN})],
    ),
    Case(
        rule="aws-store-customer-key",
        bad=[R(INSTANCE)],
        good=[R(INSTANCE, props={"kmsKeyId": ARN})],
        unsure=[R(INSTANCE, props={"kmsKeyId": NOT_KNOWN})],
        then="good",
    ),
    Case(
        rule="aws-store-customer-key",
        note="replicas",
        bad=[
            R(
                TABLE,
                props={
                    "serverSideEncryption": {"enabled": True, "kmsKeyArn": ARN},
                    "replicas": [{"regionName": "us-west-2"}],
                },
            )
        ],
        good=[
            R(
                TABLE,
                props={
                    "serverSideEncryption": {"kmsKeyArn": ARN},
                    "replicas": [{"regionName": "us-west-2", "kmsKeyArn": ARN}],
                },
            )
        ],
        unsure=[R(TABLE, props={"serverSideEncryption": NOT_KNOWN})],
    ),
    Case(
        rule="aws-store-customer-key",
        note="aws-key",
        bad=[R("aws:backup/vault:Vault", props={"kmsKeyArn": "alias/aws/backup"})],
        good=[R("aws:secretsmanager/secret:Secret", props={"kmsKeyId": ARN})],
        unsure=[R("aws:msk/cluster:Cluster", props={"encryptionInfo": NOT_KNOWN})],
    ),
    Case(
        rule="s3-bucket-customer-key",
        bad=sealed(sseAlgorithm="AES256"),
        good=sealed(sseAlgorithm="aws:kms", kmsMasterKeyId=NOT_KNOWN),
        unsure=sealed(sseAlgorithm=NOT_KNOWN, kmsMasterKeyId=ARN),
    ),
    Case(
        rule="s3-bucket-customer-key",
        note="published",
        bad=[R(BUCKET), R("aws:cloudfront/distribution:Distribution", "site", {"origins": NOT_KNOWN})],
        good=[
            R(BUCKET),
            R(
                "aws:cloudfront/distribution:Distribution",
                "site",
                {"origins": NOT_KNOWN},
                {"origins": ["it"]},
            ),
        ],
        unsure=sealed(sseAlgorithm=NOT_KNOWN, kmsMasterKeyId=ARN),
    ),
    Case(
        rule="s3-bucket-customer-key",
        note="access-logs",
        bad=[R(BUCKET)],
        good=[
            R(BUCKET),
            R(
                "aws:lb/loadBalancer:LoadBalancer",
                "alb",
                {"accessLogs": {"bucket": NOT_KNOWN}},
                {"accessLogs": ["it"]},
            ),
        ],
        unsure=[
            R(BUCKET),
            R(ENCRYPTION, "sse", {"bucket": NOT_KNOWN, "rules": NOT_KNOWN}, {"bucket": ["it"]}),
        ],
    ),
    Case(
        rule="s3-bucket-customer-key",
        note="inline",
        bad=[R(BUCKET, props={"serverSideEncryptionConfiguration": {"rule": {}}})],
        good=[
            R(
                BUCKET,
                props={
                    "serverSideEncryptionConfiguration": {"rule": {"applyServerSideEncryptionByDefault": KMS}}
                },
            )
        ],
        unsure=[R(BUCKET, props={"serverSideEncryptionConfiguration": NOT_KNOWN})],
    ),
    Case(
        rule="s3-bucket-customer-key",
        note="inline-lists",
        bad=[R(BUCKET_V2)],
        good=[
            R(
                BUCKET_V2,
                props={
                    "serverSideEncryptionConfigurations": [
                        {"rules": [{"applyServerSideEncryptionByDefaults": [KMS]}]}
                    ]
                },
            )
        ],
        unsure=[R(BUCKET_V2, props={"serverSideEncryptionConfigurations": [NOT_KNOWN]})],
    ),
    Case(
        rule="ec2-launch-template-encrypted-volumes",
        bad=[disk(False)],
        good=[disk(True)],
        unsure=[disk(NOT_KNOWN)],
    ),
    Case(
        rule="ec2-launch-template-encrypted-volumes",
        note="none",
        bad=[R(TEMPLATE)],
        good=[disk(True)],
        unsure=[R(TEMPLATE, props={"blockDeviceMappings": NOT_KNOWN})],
    ),
    Case(
        rule="kms-key-rotation",
        bad=[R(KEY)],
        good=[R(KEY, props={"enableKeyRotation": True})],
        unsure=[R(KEY, props={"enableKeyRotation": NOT_KNOWN})],
    ),
    Case(
        rule="kms-key-rotation",
        note="signing",
        bad=[R(KEY, props={"keyUsage": "ENCRYPT_DECRYPT"})],
        good=[R(KEY, props={"customerMasterKeySpec": "RSA_2048", "keyUsage": "SIGN_VERIFY"})],
        unsure=[R(KEY, props={"customerMasterKeySpec": NOT_KNOWN})],
    ),
    Case(
        rule="s3-bucket-customer-key",
        note="no-key",
        bad=sealed(sseAlgorithm="aws:kms"),
        good=sealed(sseAlgorithm="aws:kms:dsse", kmsMasterKeyId=ARN),
        unsure=sealed(sseAlgorithm=NOT_KNOWN, kmsMasterKeyId=ARN),
    ),
    *(
        Case(
            rule=rule,
            note="replica",
            bad=[R("aws:elasticache/replicationGroup:ReplicationGroup")],
            good=[R(INSTANCE, props={"replicateSourceDb": NOT_KNOWN})],
            unsure=[
                R(
                    "aws:elasticache/replicationGroup:ReplicationGroup",
                    props={"globalReplicationGroupId": NOT_KNOWN},
                )
            ],
            then="good",
        )
        for rule in ("aws-store-encrypted", "aws-store-customer-key")
    ),
    *(
        Case(
            rule=rule,
            note="restored",
            bad=[R(token, props={source: ""})],
            good=[R(token, props={source: "it", switch: True, "kmsKeyId": ARN})],
            unsure=[R(token, props={source: "it"})],
        )
        for rule, token, source, switch in (
            ("aws-store-encrypted", INSTANCE, "snapshotIdentifier", "storageEncrypted"),
            ("aws-store-customer-key", INSTANCE, "snapshotIdentifier", "storageEncrypted"),
            ("ebs-volume-encrypted", VOLUME, "snapshotId", "encrypted"),
        )
    ),
    Case(
        rule="ebs-volume-encrypted",
        bad=[R(VOLUME, props={"encrypted": False})],
        good=[R(VOLUME, props={"encrypted": True})],
        unsure=[
            R(VOLUME, props={"encrypted": NOT_KNOWN}, refs={"encrypted": ["other"]}),
            R(VOLUME, "other", {"encrypted": True}),
        ],
    ),
    *(
        Case(
            rule=rule,
            note="by-default",
            bad=[R(token), R(BY_DEFAULT, "default", {"enabled": False})],
            good=[R(token), R(BY_DEFAULT, "default", {"enabled": True})],
            unsure=[R(token), R(BY_DEFAULT, "default", {"enabled": NOT_KNOWN})],
            alone=True,
        )
        for rule, token in (
            ("ebs-volume-encrypted", VOLUME),
            ("ec2-launch-template-encrypted-volumes", "aws:ec2/launchTemplate:LaunchTemplate"),
        )
    ),
    Case(
        rule="kms-key-rotation",
        note="custom-key-store",
        bad=[R(KEY, props={"customKeyStoreId": ""})],
        good=[R(KEY, props={"customKeyStoreId": "cks-1"}), R(KEY, "external", {"xksKeyId": "1"})],
        unsure=[R(KEY, props={"enableKeyRotation": NOT_KNOWN})],
    ),
]
