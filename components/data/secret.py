"""A database's master password: generated, write-only, in a secret that is replicated to other regions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components import outputs
from components.checks import between, each_once
from components.data import checks
from components.options import handed_down
from components.tags import Tags

PASSWORD_LENGTH = 32
"""Characters; letters and digits, some 190 bits. All engines take it (Aurora MySQL up to 41)."""
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
    password_version: int = 1
    """1 or more. Raising it by one makes a new password and sets it in the secret and the database."""
    replicas: Sequence[SecretReplica] = ()
    """Other regions that hold a copy, so that a failover needs nothing of the lost region."""
    recovery_window_days: int = 30
    """Days in which a deleted secret can be restored, 7 to 30."""
    protect: bool = True
    """Pulumi refuses to delete or replace the secret."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse or that undoes resilience."""
        checks.password_version(self.password_version)
        between("recovery_window_days", self.recovery_window_days, *RECOVERY_WINDOW_DAYS, "days")
        checks.username(self.username)
        each_once("replicas.region", [replica.region for replica in self.replicas])


class DatabaseSecret(pulumi.ComponentResource):
    """A generated database password in Secrets Manager, as JSON with username and password.

    Creates: a secret with its replicas and one version. The password appears in no code and no configuration;
    it goes to AWS through write-only arguments, marked secret. What the database is given is read back from
    the secret, so both agree also after a deployment that stopped half-way. Rotation: raise
    `password_version`, in the stack whose region writes.

    Survives: the loss of a region (the replica is readable alone). Costs: 0.40 USD a month for the secret and
    for each replica. Source:
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html
    """

    arn: pulumi.Output[str]
    replica_arns: dict[str, pulumi.Output[str]]
    """ARN in each region of `replicas`."""
    username: str
    password: pulumi.Output[str]
    """The current password, secret; for write-only arguments only."""
    password_version: int

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
        generated = aws.secretsmanager.get_random_password_output(
            password_length=PASSWORD_LENGTH,
            # Clients put passwords into URLs and shell commands; length makes up for the punctuation.
            exclude_punctuation=True,
            require_each_included_type=True,
            opts=pulumi.InvokeOutputOptions(parent=self),
        )
        version = aws.secretsmanager.SecretVersion(
            f"{name}-version",
            secret_id=secret.id,
            secret_string_wo=_secret(
                pulumi.Output.json_dumps({"username": args.username, "password": generated.random_password})
            ),
            secret_string_wo_version=args.password_version,
            opts=pulumi.ResourceOptions(parent=self),
        )
        stored = aws.secretsmanager.get_secret_version_output(
            secret_id=secret.id,
            version_id=version.version_id,
            opts=pulumi.InvokeOutputOptions(parent=self),
        )
        self.arn = secret.arn
        self.replica_arns = {
            replica.region: _in_region(secret.arn, replica.region) for replica in args.replicas
        }
        self.username = args.username
        self.password = _secret(stored.secret_string.apply(_password))
        self.password_version = args.password_version
        outputs.register(self, "arn", "replica_arns")


def reading_statements(
    secret_arn: pulumi.Input[str], key_arn: pulumi.Input[str], region: str
) -> list[dict[str, Any]]:
    """IAM statements for whoever signs in with the secret, or its replica, in `region`, where `key_arn` encrypts it.

    Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
    """
    return [
        {
            "Effect": "Allow",
            "Action": ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
            "Resource": secret_arn,
        },
        {
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            "Resource": key_arn,
            "Condition": {"StringEquals": {"kms:ViaService": f"secretsmanager.{region}.amazonaws.com"}},
        },
    ]


def _in_region(arn: pulumi.Output[str], region: str) -> pulumi.Output[str]:
    """ARN of the replica: the same but for the region."""
    return arn.apply(lambda known: ":".join([*known.split(":")[:3], region, *known.split(":")[4:]]))


def _secret(value: pulumi.Output[str]) -> pulumi.Output[str]:
    """Mark a value as secret, so that the state keeps it encrypted."""
    return pulumi.Output.secret(value)


def _password(stored: str) -> str:
    return str(json.loads(stored)["password"])
