"""What keeps data: RDS, Redshift, S3, KMS, Secrets Manager, DynamoDB, parameters."""

from __future__ import annotations

from sandbox.provider.deviations.deviation import Deviation
from sandbox.provider.table import Read

_POLICY = Read("GetKeyPolicy", {"KeyId": "id", "PolicyName": "'default'"}, path="{Policy: Policy}")


def _parameters(kind: str) -> Deviation:
    read = Read(
        f"Describe{kind}Parameters", {f"{kind}ParameterGroupName": "id"}, path="{Parameters: Parameters}"
    )
    return Deviation(
        reads=(read,),
        told={
            "parameters": "Parameters[?ParameterValue != `null`]"
            ".{name: ParameterName, value: ParameterValue, applyMethod: ApplyMethod}"
        },
    )


_CONTENT = "AWS gives an object's ETag; the real provider reads no content back"
_OBJECT = Deviation(silent=dict.fromkeys(("content", "contentBase64", "source"), _CONTENT))

DEVIATIONS = {
    "aws:rds/subnetGroup:SubnetGroup": Deviation(told={"subnetIds": "Subnets[].SubnetIdentifier"}),
    "aws:rds/parameterGroup:ParameterGroup": _parameters("DB"),
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": _parameters("DBCluster"),
    "aws:redshift/subnetGroup:SubnetGroup": Deviation(told={"subnetIds": "Subnets[].SubnetIdentifier"}),
    "aws:redshift/parameterGroup:ParameterGroup": Deviation(
        reads=(
            Read("DescribeClusterParameters", {"ParameterGroupName": "id"}, path="{Parameters: Parameters}"),
        ),
        told={"parameters": "Parameters[?Source == 'user'].{name: ParameterName, value: ParameterValue}"},
    ),
    "aws:redshift/cluster:Cluster": Deviation(
        silent={
            "clusterType": "told by the number of nodes",
            "finalSnapshotIdentifier": "read at deletion only",
            "manageMasterPassword": "told by the secret that there is",
            "skipFinalSnapshot": "read at deletion only",
            "snapshotIdentifier": "read at creation only",
        }
    ),
    "aws:s3/bucketVersioning:BucketVersioning": Deviation(
        told={"versioningConfiguration": "{status: Status, mfaDelete: MFADelete}"}
    ),
    "aws:s3/bucketObjectv2:BucketObjectv2": _OBJECT,
    "aws:s3/bucketObject:BucketObject": _OBJECT,
    "aws:s3/bucketAcl:BucketAcl": Deviation(
        silent={"acl": "AWS tells grants; the canned one is not among them"}
    ),
    "aws:kms/key:Key": Deviation(
        reads=(_POLICY, Read("GetKeyRotationStatus", {"KeyId": "id"})),
        told={"enableKeyRotation": "KeyRotationEnabled", "isEnabled": "Enabled"},
    ),
    "aws:kms/replicaKey:ReplicaKey": Deviation(reads=(_POLICY,)),
    "aws:kms/alias:Alias": Deviation(told={"targetKeyId": "KeyId"}),
    "aws:secretsmanager/secret:Secret": Deviation(
        told={"replicas": "ReplicationStatus[].{region: Region, kmsKeyId: KmsKeyId}"}
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": Deviation(told={"secretId": "ARN"}),
    "aws:ssm/parameter:Parameter": Deviation(
        reads=(
            Read(
                "DescribeParameters",
                {"ParameterFilters": "[{Key: 'Name', Values: [id]}]"},
                path="Parameters[0].{Description: Description, Tier: Tier, AllowedPattern: AllowedPattern}",
            ),
        ),
        told={"insecureValue": "Type != 'SecureString' && Value || `null`"},
    ),
}
