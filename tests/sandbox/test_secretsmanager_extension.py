"""Replicated secrets on the sandbox's AWS."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError


def test_a_replica_keeps_its_regions_key(boto):
    boto("secretsmanager").create_secret(
        Name="db",
        SecretString="x",
        KmsKeyId="east",
        AddReplicaRegions=[{"Region": "us-west-2", "KmsKeyId": "west"}],
    )
    west = boto("secretsmanager", "us-west-2")
    (copy,) = west.list_secrets()["SecretList"]
    assert west.describe_secret(SecretId=copy["ARN"])["KmsKeyId"] == "west"
    (status,) = boto("secretsmanager").describe_secret(SecretId="db")["ReplicationStatus"]
    assert status["KmsKeyId"] == "west"


def test_the_version_with_the_label_is_read_where_none_is_asked_for(boto):
    east, west = boto("secretsmanager"), boto("secretsmanager", "us-west-2")
    first = east.create_secret(Name="db", SecretString="old", AddReplicaRegions=[{"Region": "us-west-2"}])
    second = east.put_secret_value(SecretId="db", SecretString="new", VersionStages=["AWSPENDING"])
    assert east.get_secret_value(SecretId="db")["SecretString"] == "old"
    east.update_secret_version_stage(
        SecretId="db",
        VersionStage="AWSCURRENT",
        MoveToVersionId=second["VersionId"],
        RemoveFromVersionId=first["VersionId"],
    )
    (copy,) = west.list_secrets()["SecretList"]
    for client, name in ((east, "db"), (west, copy["ARN"])):
        assert client.get_secret_value(SecretId=name)["SecretString"] == "new"
        assert client.get_secret_value(SecretId=name, VersionStage="AWSPREVIOUS")["SecretString"] == "old"


def test_a_replica_can_be_made_a_secret_of_its_own(boto):
    east, west = boto("secretsmanager"), boto("secretsmanager", "us-west-2")
    east.create_secret(Name="db", SecretString="old", AddReplicaRegions=[{"Region": "us-west-2"}])
    (copy,) = west.list_secrets()["SecretList"]
    with pytest.raises(ClientError):
        west.put_secret_value(SecretId=copy["ARN"], SecretString="new")
    with pytest.raises(ClientError, match="InvalidRequestException"):
        east.stop_replication_to_replica(SecretId="db")
    assert west.stop_replication_to_replica(SecretId=copy["ARN"])["ARN"] == copy["ARN"]
    west.put_secret_value(SecretId=copy["ARN"], SecretString="new")
    assert west.get_secret_value(SecretId=copy["ARN"])["SecretString"] == "new"
    assert east.get_secret_value(SecretId="db")["SecretString"] == "old"
    assert "ReplicationStatus" not in east.describe_secret(SecretId="db")
