"""One customer key that encrypts in two regions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.checks import between, need, one_of
from components.options import handed_down
from components.security.key_policy import PUBLISHERS, VIA_SERVICES, key_policy
from components.tags import Tags

DELETION_DAYS = (7, 30)
"""https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html"""
ROTATION_DAYS = (90, 2560)
"""https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html"""


@dataclass(frozen=True, kw_only=True)
class MultiRegionKeyArgs:
    """What a key in two regions needs."""

    region: str
    """Region of the key itself: the stack's own, for example `us-east-1`."""
    peer_region: str
    """Region of the replica key, another one."""
    tags: Tags
    alias: str | None = None
    """Name of the alias in both regions, without `alias/`: letters, digits and `/_-`. Default: the
    component's name."""
    description: str | None = None
    """What the key is for. Default: the alias."""
    via_services: Sequence[str] = ("backup", "ec2", "rds", "s3", "secretsmanager", "sns")
    """Services that may use the key for principals of the account, of `VIA_SERVICES`."""
    publishers: Sequence[str] = ("logs", "cloudwatch", "events", "backup", "events.rds")
    """Services that use the key in their own name, of `PUBLISHERS`."""
    statements: Sequence[Mapping[str, Any]] = ()
    """Further statements of both keys' policies."""
    rotation_days: int = 365
    """Days between two rotations of the key material, 90 to 2560."""
    deletion_window_days: int = 30
    """Days between the order to delete a key and its end, 7 to 30."""
    protect: bool = True
    """Whether Pulumi refuses to delete the keys."""


def validate_key(args: MultiRegionKeyArgs, alias: str) -> None:
    """Raise ArgumentError for the first argument that AWS would refuse."""
    need(args.region != args.peer_region, "peer_region", repr(args.peer_region), "another than the key's own")
    fits = re.fullmatch(r"[A-Za-z0-9/_-]{1,250}", alias) and not alias.startswith(("aws/", "alias/"))
    letters = "up to 250 letters, digits and /_-, not beginning with 'aws/' or 'alias/'"
    need(bool(fits), "alias", repr(alias), letters)
    between("rotation_days", args.rotation_days, *ROTATION_DAYS, "days")
    between("deletion_window_days", args.deletion_window_days, *DELETION_DAYS, "days")
    for service in args.via_services:
        one_of("via_services", service, VIA_SERVICES)
    for service in args.publishers:
        one_of("publishers", service, PUBLISHERS)


class MultiRegionKey(pulumi.ComponentResource):
    """A customer key and its replica: what one region encrypts, the other can decrypt.

    Creates: KMS key with rotation, replica key in the peer region, an alias in each.
    Survives: the loss of either region; each key answers from its own region. Replication of ciphertext needs
    no re-encryption.
    Costs: 1 USD a month for each of the two keys, plus 1 USD each for the first two rotations, plus requests.
    Source: https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
    """

    arn: pulumi.Output[str]
    key_id: pulumi.Output[str]
    """The same in both regions; begins with `mrk-`."""
    alias_name: pulumi.Output[str]
    """The same in both regions; begins with `alias/`."""
    alias_arn: pulumi.Output[str]
    peer_arn: pulumi.Output[str]
    """ARN of the replica key, for what is encrypted in the peer region."""

    def __init__(
        self, name: str, args: MultiRegionKeyArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        alias = args.alias or name
        validate_key(args, alias)
        super().__init__("holdfast:security:MultiRegionKey", name, {}, handed_down(opts))
        description = args.description or alias
        invoke = pulumi.InvokeOutputOptions(parent=self)
        account = aws.get_caller_identity_output(opts=invoke).account_id
        partition = aws.get_partition_output(opts=invoke).partition

        def policy(region: str) -> pulumi.Output[str]:
            return pulumi.Output.json_dumps(
                pulumi.Output.all(account, partition).apply(
                    lambda known: key_policy(
                        region=region,
                        account=known[0],
                        partition=known[1],
                        via_services=args.via_services,
                        publishers=args.publishers,
                        statements=args.statements,
                    )
                )
            )

        kept = pulumi.ResourceOptions(parent=self, protect=args.protect)
        key = aws.kms.Key(
            f"{name}-key",
            description=description,
            multi_region=True,
            enable_key_rotation=True,
            rotation_period_in_days=args.rotation_days,
            deletion_window_in_days=args.deletion_window_days,
            policy=policy(args.region),
            tags=args.tags.resource(f"{name}-key"),
            opts=kept,
        )
        replica = aws.kms.ReplicaKey(
            f"{name}-replica",
            region=args.peer_region,
            primary_key_arn=key.arn,
            description=description,
            deletion_window_in_days=args.deletion_window_days,
            policy=policy(args.peer_region),
            tags=args.tags.resource(f"{name}-replica"),
            opts=kept,
        )
        plain = pulumi.ResourceOptions(parent=self)
        named = aws.kms.Alias(f"{name}-alias", name=f"alias/{alias}", target_key_id=key.key_id, opts=plain)
        aws.kms.Alias(
            f"{name}-replica-alias",
            name=f"alias/{alias}",
            target_key_id=replica.key_id,
            region=args.peer_region,
            opts=plain,
        )

        self.arn, self.key_id = key.arn, key.key_id
        self.alias_name, self.alias_arn = named.name, named.arn
        self.peer_arn = replica.arn
        self.register_outputs(
            {
                "arn": self.arn,
                "key_id": self.key_id,
                "alias_name": self.alias_name,
                "alias_arn": self.alias_arn,
                "peer_arn": self.peer_arn,
            }
        )
