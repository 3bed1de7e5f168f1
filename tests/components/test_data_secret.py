"""The database password: generated, write-only, replicated."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.data import DatabaseSecret, DatabaseSecretArgs, SecretReplica
from tests.components.data_arguments import KEY, PEER_KEY, REQUIRED_TAGS, TAGS
from tests.pulumi_mocks import Deployment, deploy

PEER = SecretReplica(region="us-west-2", kms_key_arn=PEER_KEY)


def made(preview: bool = False, **changes: Any) -> tuple[Deployment, DatabaseSecret]:
    found: list[DatabaseSecret] = []
    args = {"tags": TAGS, "kms_key_arn": KEY, **changes}
    deployment = deploy(
        lambda: found.append(DatabaseSecret("db", DatabaseSecretArgs(**args))), preview=preview
    )
    return deployment, found[0]


def test_the_secret_is_encrypted_kept_and_copied_with_each_regions_key():
    deployment, _ = made(replicas=[PEER], recovery_window_days=7)
    secret = deployment.one("Secret")
    assert secret.inputs["kmsKeyId"] == KEY
    assert secret.inputs["replicas"] == [{"region": "us-west-2", "kmsKeyId": PEER_KEY}]
    assert secret.inputs["recoveryWindowInDays"] == 7
    assert secret.protect
    assert secret.tags.keys() >= REQUIRED_TAGS
    assert secret.parent == deployment.one("holdfast:data:DatabaseSecret").urn


def test_the_password_goes_to_aws_by_write_only_arguments_alone():
    deployment, made_secret = made(username="shop", password_version=4)
    version = deployment.one("SecretVersion")
    assert json.loads(version.inputs["secretStringWo"]) == {"username": "shop", "password": "generated"}
    assert version.inputs["secretStringWoVersion"] == 4
    assert version.secrets == {"secretStringWo"}
    assert "secretString" not in version.inputs
    assert made_secret.password_version == 4
    elsewhere = [r for r in deployment.resources if r is not version]
    assert "generated" not in json.dumps([r.inputs for r in elsewhere]) + json.dumps(deployment.outputs)


def test_the_database_gets_what_the_secret_keeps_so_a_broken_deployment_heals():
    deployment, _ = made()
    asked = dict(deployment.invokes)
    assert asked["aws:secretsmanager/getSecretVersion:getSecretVersion"] == {
        "secretId": "db-secret-id",
        "versionId": "version-1",
    }
    random = asked["aws:secretsmanager/getRandomPassword:getRandomPassword"]
    assert random == {"passwordLength": 32, "excludePunctuation": True, "requireEachIncludedType": True}


def test_replicas_are_reachable_by_their_own_arn():
    deployment, _ = made(replicas=[PEER])
    assert deployment.outputs[deployment.one("holdfast:data:DatabaseSecret").urn] == {
        "arn": "arn:aws:mock:us-east-1:123456789012:db-secret",
        "replicaArns": {"us-west-2": "arn:aws:mock:us-west-2:123456789012:db-secret"},
    }


def test_a_preview_generates_but_reads_nothing_back():
    deployment, _ = made(preview=True)
    assert [token for token, _ in deployment.invokes] == [
        "aws:secretsmanager/getRandomPassword:getRandomPassword"
    ]
    assert deployment.one("SecretVersion").inputs["secretStringWoVersion"] == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"password_version": 0}, "password_version: got 0, allowed is 1 or more; raise it by one to"),
        ({"username": "a-b"}, "username: got 'a-b', allowed is a letter and up to 15 letters,"),
        (
            {"username": "a" * 17},
            "username: got 'aaaaaaaaaaaaaaaaa', allowed is a letter and up to 15 letters,",
        ),
        ({"recovery_window_days": 6}, "recovery_window_days: got 6, allowed is 7 to 30 days"),
        ({"recovery_window_days": 31}, "recovery_window_days: got 31, allowed is 7 to 30 days"),
        (
            {"replicas": [PEER, PEER]},
            "replicas.region: got us-west-2 more than once, allowed is each once",
        ),
    ],
)
def test_bad_arguments(changes: dict[str, Any], message: str):
    with pytest.raises(ValueError, match=re.escape(message)):
        made(**changes)


@settings(max_examples=20, deadline=None)
@given(st.integers(-5, 5))
def test_only_a_version_that_can_be_raised_is_taken(version: int):
    if version < 1:
        with pytest.raises(ValueError, match="password_version"):
            made(password_version=version)
    else:
        assert (
            made(password_version=version)[0].one("SecretVersion").inputs["secretStringWoVersion"] == version
        )
