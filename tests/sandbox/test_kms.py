"""Multi-Region keys in the sandbox: moto's extension by boto3, the provider's rows by the provider."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import botocore.exceptions
import pytest

from sandbox.provider import Provider, ProviderError
from tests.sandbox.emptied import emptied

KEY, REPLICA, ALIAS = "aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey", "aws:kms/alias:Alias"
POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Mine",
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                "Action": "kms:*",
                "Resource": "*",
            }
        ],
    }
)
INPUTS = {
    "description": "Shop",
    "multiRegion": True,
    "enableKeyRotation": True,
    "rotationPeriodInDays": 180.0,
    "deletionWindowInDays": 30.0,
    "policy": POLICY,
    "tags": {"system": "shop"},
}
Boto = Callable[..., Any]


@pytest.fixture
def aws_endpoint(aws_server: Any) -> str:
    return emptied(aws_server, "kms")


@pytest.fixture
def pair(boto: Boto) -> str:
    """The id of a primary key in us-east-1 with a replica in us-west-2."""
    key = boto("kms").create_key(MultiRegion=True, Description="here")["KeyMetadata"]["KeyId"]
    boto("kms").replicate_key(
        KeyId=key, ReplicaRegion="us-west-2", Description="there", Tags=[{"TagKey": "a", "TagValue": "b"}]
    )
    return key


def configuration(boto: Boto, key: str, region: str) -> dict:
    return boto("kms", region).describe_key(KeyId=key)["KeyMetadata"]["MultiRegionConfiguration"]


def test_reading_the_replica_leaves_the_primary_primary(boto: Boto, pair: str) -> None:
    for _ in range(2):
        assert configuration(boto, pair, "us-west-2")["MultiRegionKeyType"] == "REPLICA"
        primary = configuration(boto, pair, "us-east-1")
        assert primary["MultiRegionKeyType"] == "PRIMARY"
        assert [r["Region"] for r in primary["ReplicaKeys"]] == ["us-west-2"]


def test_a_replica_has_its_own_description_tags_policy_and_aliases(boto: Boto, pair: str) -> None:
    here, there = boto("kms"), boto("kms", "us-west-2")
    assert there.describe_key(KeyId=pair)["KeyMetadata"]["Description"] == "there"
    assert here.describe_key(KeyId=pair)["KeyMetadata"]["Description"] == "here"
    assert there.list_resource_tags(KeyId=pair)["Tags"] == [{"TagKey": "a", "TagValue": "b"}]
    there.put_key_policy(KeyId=pair, PolicyName="default", Policy=POLICY)
    assert "Mine" not in here.get_key_policy(KeyId=pair, PolicyName="default")["Policy"]
    here.create_alias(AliasName="alias/shop", TargetKeyId=pair)
    there.create_alias(AliasName="alias/shop", TargetKeyId=pair)
    arns = [
        a["AliasArn"]
        for client in (here, there)
        for a in client.list_aliases()["Aliases"]
        if a["AliasName"] == "alias/shop"
    ]
    assert arns == [f"arn:aws:kms:{r}:123456789012:alias/shop" for r in ("us-east-1", "us-west-2")]


def test_what_one_region_encrypts_the_other_decrypts(boto: Boto, pair: str) -> None:
    blob = boto("kms").encrypt(KeyId=pair, Plaintext=b"secret")["CiphertextBlob"]
    for region in ("us-east-1", "us-west-2"):
        answer = boto("kms", region).decrypt(CiphertextBlob=blob)
        assert answer["Plaintext"] == b"secret"
        assert answer["KeyId"] == f"arn:aws:kms:{region}:123456789012:key/{pair}"


def test_a_single_region_key_still_decrypts(boto: Boto) -> None:
    key = boto("kms").create_key()["KeyMetadata"]["KeyId"]
    blob = boto("kms").encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    assert boto("kms").decrypt(CiphertextBlob=blob, KeyId=key)["Plaintext"] == b"x"


def test_an_asymmetric_key_still_signs(boto: Boto) -> None:
    kms = boto("kms")
    key = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    given = {"KeyId": key, "Message": b"m", "SigningAlgorithm": "ECDSA_SHA_256"}
    signature = kms.sign(**given)["Signature"]
    assert kms.verify(**given, Signature=signature)["SignatureValid"]
    assert kms.get_public_key(KeyId=key)["PublicKey"]


def test_rotation_period_is_kept_and_shared(boto: Boto, pair: str) -> None:
    boto("kms").enable_key_rotation(KeyId=pair, RotationPeriodInDays=90)
    for region in ("us-east-1", "us-west-2"):
        status = boto("kms", region).get_key_rotation_status(KeyId=pair)
        assert (status["KeyRotationEnabled"], status["RotationPeriodInDays"]) == (True, 90)
    boto("kms").disable_key_rotation(KeyId=pair)
    assert "RotationPeriodInDays" not in boto("kms").get_key_rotation_status(KeyId=pair)


def test_refusals(boto: Boto, pair: str) -> None:
    def code(call: Callable[..., Any], **params: Any) -> str:
        with pytest.raises(botocore.exceptions.ClientError) as caught:
            call(**params)
        return caught.value.response["Error"]["Code"]

    here, there = boto("kms"), boto("kms", "us-west-2")
    single = here.create_key()["KeyMetadata"]["KeyId"]
    assert code(here.replicate_key, KeyId=pair, ReplicaRegion="us-west-2") == "AlreadyExistsException"
    assert (
        code(here.replicate_key, KeyId=single, ReplicaRegion="us-west-2") == "UnsupportedOperationException"
    )
    assert code(there.replicate_key, KeyId=pair, ReplicaRegion="eu-west-1") == "UnsupportedOperationException"
    assert code(there.enable_key_rotation, KeyId=pair) == "UnsupportedOperationException"
    assert code(here.enable_key_rotation, KeyId=pair, RotationPeriodInDays=2561) == "ValidationException"
    assert code(here.get_public_key, KeyId=single) == "UnsupportedOperationException"
    missing = "mrk-" + "0" * 8 + "-0000-0000-0000-" + "0" * 12
    assert code(here.enable_key_rotation, KeyId=missing) == "NotFoundException"
    assert code(here.get_key_rotation_status, KeyId=missing) == "NotFoundException"


def test_a_primary_waits_for_its_replicas(boto: Boto, pair: str) -> None:
    boto("kms").schedule_key_deletion(KeyId=pair, PendingWindowInDays=7)
    assert boto("kms").describe_key(KeyId=pair)["KeyMetadata"]["KeyState"] == "PendingReplicaDeletion"
    assert boto("kms", "us-west-2").describe_key(KeyId=pair)["KeyMetadata"]["KeyState"] == "Enabled"


def make(provider: Provider, token: str, inputs: dict) -> tuple[str, dict, dict]:
    checked, failures = provider.check(token, f"urn:pulumi:prod::holdfast::{token}::shop", {}, inputs)
    assert failures == []
    id_, outputs = provider.create(token, checked)
    assert id_ is not None
    return id_, checked, outputs


def test_key_row(provider: Provider, boto: Boto) -> None:
    id_, inputs, outputs = make(provider, KEY, INPUTS)
    assert id_.startswith("mrk-")
    assert outputs["keyId"] == id_
    assert outputs["arn"] == f"arn:aws:kms:us-east-1:123456789012:key/{id_}"
    kms = boto("kms")
    status = kms.get_key_rotation_status(KeyId=id_)
    assert (status["KeyRotationEnabled"], status["RotationPeriodInDays"]) == (True, 180)
    assert json.loads(kms.get_key_policy(KeyId=id_, PolicyName="default")["Policy"]) == json.loads(POLICY)
    assert kms.list_resource_tags(KeyId=id_)["Tags"] == [{"TagKey": "system", "TagValue": "shop"}]

    news = {
        **inputs,
        "description": "New",
        "rotationPeriodInDays": 365.0,
        "isEnabled": False,
        "tags": {"a": "b"},
        "tagsAll": {"a": "b"},
    }
    assert provider.diff(KEY, inputs, news).replaces == []
    provider.update(KEY, id_, inputs, outputs, news)
    found = kms.describe_key(KeyId=id_)["KeyMetadata"]
    assert (found["Description"], found["KeyState"]) == ("New", "Disabled")
    assert kms.get_key_rotation_status(KeyId=id_)["RotationPeriodInDays"] == 365
    assert kms.list_resource_tags(KeyId=id_)["Tags"] == [{"TagKey": "a", "TagValue": "b"}]
    assert provider.diff(KEY, inputs, {**inputs, "multiRegion": False}).replaces == ["multiRegion"]
    unrotated = {**news, "enableKeyRotation": False, "isEnabled": True}
    provider.update(KEY, id_, news, outputs, unrotated)
    assert not kms.get_key_rotation_status(KeyId=id_)["KeyRotationEnabled"]

    assert provider.read(KEY, id_, inputs) is not None
    provider.delete(KEY, id_, inputs, outputs)
    assert kms.describe_key(KeyId=id_)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    assert provider.read(KEY, id_, inputs) is None


def test_replica_and_alias_rows(provider: Provider, boto: Boto) -> None:
    _, _, key = make(provider, KEY, INPUTS)
    inputs = {
        "primaryKeyArn": key["arn"],
        "region": "us-west-2",
        "description": "Copy",
        "policy": POLICY,
        "deletionWindowInDays": 7.0,
        "tags": {"system": "shop"},
    }
    id_, inputs, replica = make(provider, REPLICA, inputs)
    assert id_ == replica["keyId"] == key["keyId"]
    assert replica["arn"] == f"arn:aws:kms:us-west-2:123456789012:key/{id_}"
    there = boto("kms", "us-west-2")
    assert there.describe_key(KeyId=id_)["KeyMetadata"]["Description"] == "Copy"
    assert there.list_resource_tags(KeyId=id_)["Tags"] == [{"TagKey": "system", "TagValue": "shop"}]
    assert "Mine" in there.get_key_policy(KeyId=id_, PolicyName="default")["Policy"]

    name, alias_inputs, alias = make(
        provider, ALIAS, {"name": "alias/shop", "targetKeyId": id_, "region": "us-west-2"}
    )
    assert name == "alias/shop"
    assert alias["arn"] == "arn:aws:kms:us-west-2:123456789012:alias/shop"
    assert alias["targetKeyArn"] == replica["arn"]
    assert there.describe_key(KeyId="alias/shop")["KeyMetadata"]["KeyId"] == id_
    other = there.create_key()["KeyMetadata"]["KeyId"]
    moved = {**alias_inputs, "targetKeyId": other}
    assert provider.diff(ALIAS, alias_inputs, moved).replaces == []
    provider.update(ALIAS, name, alias_inputs, alias, moved)
    assert there.describe_key(KeyId="alias/shop")["KeyMetadata"]["KeyId"] == other
    assert provider.diff(ALIAS, alias_inputs, {**alias_inputs, "name": "alias/x"}).replaces == ["name"]

    news = {**inputs, "description": "Changed"}
    provider.update(REPLICA, id_, inputs, replica, news)
    assert there.describe_key(KeyId=id_)["KeyMetadata"]["Description"] == "Changed"
    assert provider.diff(REPLICA, inputs, {**inputs, "primaryKeyArn": "x"}).replaces == ["primaryKeyArn"]
    provider.delete(ALIAS, name, moved, alias)
    assert provider.read(ALIAS, name, moved) is None
    provider.delete(REPLICA, id_, news, replica)
    assert provider.read(REPLICA, id_, news) is None


def test_refused_by_the_provider(provider: Provider) -> None:
    _, failures = provider.check(ALIAS, "urn:a::b::c::d", {}, {"name": "shop", "targetKeyId": "x"})
    assert "must begin with 'alias/'" in failures[0][1]
    _, failures = provider.check(ALIAS, "urn:a::b::c::d", {}, {"targetKeyId": "x"})
    assert "needs a name" in failures[0][1]
    checked, _ = provider.check(KEY, "urn:a::b::c::d", {}, {**INPUTS, "rotationPeriodInDays": 1.0})
    with pytest.raises(ProviderError, match=r"kms/key:Key: EnableKeyRotation: ValidationException"):
        provider.create(KEY, checked)
