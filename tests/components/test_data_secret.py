"""The database's master user in a secret: its first password is made anew in each run, written once, and put over nothing."""

from __future__ import annotations

import json
import re
from typing import Any

import pulumi
import pytest

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


def first(deployment: Deployment) -> dict[str, str]:
    return json.loads(deployment.one("SecretVersion").inputs["secretStringWo"])


def test_the_first_password_goes_to_aws_by_a_write_only_argument_alone():
    deployment, _ = made(username="shop")
    version, written = deployment.one("SecretVersion"), first(deployment)
    assert written.keys() == {"username", "password"}
    assert written["username"] == "shop"
    assert re.fullmatch(r"[A-Za-z0-9]{30}", written["password"])
    assert version.inputs["secretStringWoVersion"] == 1
    assert version.secrets == {"secretStringWo"}
    assert "secretString" not in version.inputs
    elsewhere = [r for r in deployment.resources if r is not version]
    assert written["password"] not in json.dumps([r.inputs for r in elsewhere]) + json.dumps(
        deployment.outputs
    )


def test_the_first_password_is_secret_wherever_it_goes():
    def program() -> None:
        password = DatabaseSecret("db", DatabaseSecretArgs(tags=TAGS, kms_key_arn=KEY)).password
        pulumi.CustomResource("aws:sqs/queue:Queue", "elsewhere", {"name": password})

    assert deploy(program).one("Queue").secrets == {"name"}


def test_every_run_makes_another_password_and_asks_aws_for_none():
    runs = [made()[0], made()[0], made(preview=True)[0]]
    assert len({first(run)["password"] for run in runs}) == 3
    for run in runs:
        assert run.invokes == [("aws:index/getCallerIdentity:getCallerIdentity", {})]


def test_the_programs_version_never_becomes_current_over_another():
    """A version with a label of its own is the current one only where there was none before."""
    version = made()[0].one("SecretVersion")
    assert version.inputs["versionStages"] == ["first"]
    assert version.ignore_changes == ("versionStages",)


def test_nobody_outside_the_account_and_nothing_without_tls():
    deployment, _ = made(replicas=[PEER])
    policy = deployment.one("SecretPolicy")
    assert policy.inputs["secretArn"] == "arn:aws:mock:us-east-1:123456789012:db-secret"
    assert policy.inputs["blockPublicPolicy"] is True
    everything = {"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:*", "Resource": "*"}
    assert json.loads(policy.inputs["policy"])["Statement"] == [
        {
            "Sid": "OtherAccounts",
            **everything,
            "Condition": {
                "StringNotEquals": {"aws:PrincipalAccount": "123456789012"},
                "Bool": {"aws:PrincipalIsAWSService": "false"},
            },
        },
        {"Sid": "WithoutTls", **everything, "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
    ]


def test_replicas_are_reachable_by_their_own_arn():
    deployment, _ = made(replicas=[PEER])
    assert deployment.outputs[deployment.one("holdfast:data:DatabaseSecret").urn] == {
        "arn": "arn:aws:mock:us-east-1:123456789012:db-secret",
        "replicaArns": {"us-west-2": "arn:aws:mock:us-west-2:123456789012:db-secret"},
    }


@pytest.mark.parametrize(
    ("changes", "message"),
    [
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
