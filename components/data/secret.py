"""A database's master user in a secret that is replicated to other regions, with a first password that is written once."""

from __future__ import annotations

import secrets
import string
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components import outputs
from components.checks import between, each_once
from components.data import checks
from components.options import handed_down
from components.permissions import allow, document
from components.tags import Tags

PASSWORD_LENGTH = 30
"""Characters; letters and digits, some 178 bits. All engines take it (Oracle up to 30). Clients put passwords into URLs and
shell commands; length makes up for the punctuation."""
FIRST = "first"
"""Label of the version that the program writes. Secrets Manager makes a secret's first version the current one by itself; a later one
with a label of its own stays aside. So the program can't put a password over one that a rotation made, not even when it has to write
the version again, and the version that it knows is never without a label, as those are that Secrets Manager removes.
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html"""
WRITTEN = 1
"""Version of the write-only arguments: what rises is written again, and this never does."""
RECOVERY_WINDOW_DAYS = (7, 30)
"""Days in which a deleted secret can be restored.

Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
"""


@dataclass(frozen=True, kw_only=True)
class SecretReplica:
    """Where a secret is replicated to."""

    region: str
    """Region of the replica, e.g. "us-west-2"."""
    kms_key_arn: pulumi.Input[str]
    """Key of that region which encrypts the replica."""


@dataclass(frozen=True, kw_only=True)
class DatabaseSecretArgs:
    """What the secret of a database needs."""

    tags: Tags
    kms_key_arn: pulumi.Input[str]
    """Customer key that encrypts the secret."""
    username: str = "holdfast"
    """Master user: a letter, then up to 15 letters, digits or underscores."""
    replicas: Sequence[SecretReplica] = ()
    """Other regions that hold a copy, so that a failover needs nothing of the lost region."""
    recovery_window_days: int = 30
    """Days in which a deleted secret can be restored, 7 to 30."""
    protect: bool = True
    """Pulumi refuses to delete or replace the secret."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse or that undoes resilience."""
        between("recovery_window_days", self.recovery_window_days, *RECOVERY_WINDOW_DAYS, "days")
        checks.username(self.username)
        each_once("replicas.region", [replica.region for replica in self.replicas])


class DatabaseSecret(pulumi.ComponentResource):
    """A database's master user in Secrets Manager, as JSON with username and password.

    Creates: a secret with its replicas, a policy that keeps out other accounts and requests without TLS, and the first version. Its
    password is made anew in every run and goes to AWS through write-only arguments, marked secret, in the first run only. It is
    good until `PasswordRotation` replaces it, minutes later; nothing of the program reads the secret.

    Survives: the loss of a region (the replica is readable alone). Costs: 0.40 USD a month for the secret and
    for each replica. Source:
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html
    """

    arn: pulumi.Output[str]
    replica_arns: dict[str, pulumi.Output[str]]
    """ARN in each region of `replicas`."""
    username: str
    password: pulumi.Output[str]
    """The first password, secret; for write-only arguments of version `WRITTEN` only."""

    def __init__(
        self, name: str, args: DatabaseSecretArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.check()
        super().__init__("holdfast:data:DatabaseSecret", name, {}, handed_down(opts))
        secret = aws.secretsmanager.Secret(
            f"{name}-secret",
            description=f"Master user of {name}",
            kms_key_id=args.kms_key_arn,
            recovery_window_in_days=args.recovery_window_days,
            replicas=[
                aws.secretsmanager.SecretReplicaArgs(region=replica.region, kms_key_id=replica.kms_key_arn)
                for replica in args.replicas
            ]
            or None,
            tags=args.tags.resource(f"{name}-secret"),
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        self._guard(name, secret)
        self.password = pulumi.Output.secret(
            "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(PASSWORD_LENGTH))
        )
        aws.secretsmanager.SecretVersion(
            f"{name}-version",
            secret_id=secret.id,
            secret_string_wo=pulumi.Output.json_dumps({"username": args.username, "password": self.password}),
            secret_string_wo_version=WRITTEN,
            version_stages=[FIRST],
            # Rotations move AWS's own labels from version to version.
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["version_stages"]),
        )
        self.arn = secret.arn
        self.replica_arns = {
            replica.region: outputs.in_region(secret.arn, replica.region) for replica in args.replicas
        }
        self.username = args.username
        outputs.register(self, "arn", "replica_arns")

    def _guard(self, name: str, secret: aws.secretsmanager.Secret) -> None:
        """Nobody outside the account, nothing without TLS, whatever IAM policies allow. Replicas have the policy too.

        Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html
        """
        account = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=self)).account_id
        elsewhere = {
            "StringNotEquals": {"aws:PrincipalAccount": account},
            "Bool": {"aws:PrincipalIsAWSService": "false"},
        }
        aws.secretsmanager.SecretPolicy(
            f"{name}-policy",
            secret_arn=secret.arn,
            policy=document(
                [
                    _deny("OtherAccounts", elsewhere),
                    _deny("WithoutTls", {"Bool": {"aws:SecureTransport": "false"}}),
                ]
            ),
            block_public_policy=True,
            opts=pulumi.ResourceOptions(parent=self),
        )


def _deny(sid: str, condition: dict[str, Any]) -> dict[str, Any]:
    everything = {"Principal": "*", "Action": "secretsmanager:*", "Resource": "*"}
    return {"Sid": sid, "Effect": "Deny", **everything, "Condition": condition}


def reading_statements(
    secret_arn: pulumi.Input[str], key_arn: pulumi.Input[str], region: str
) -> list[dict[str, Any]]:
    """IAM statements for whoever signs in with the secret, or its replica, in `region`, where `key_arn` encrypts it.

    Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
    """
    return [
        allow(["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"], secret_arn),
        allow(
            "kms:Decrypt",
            key_arn,
            {"StringEquals": {"kms:ViaService": f"secretsmanager.{region}.amazonaws.com"}},
        ),
    ]
