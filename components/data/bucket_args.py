"""What a bucket needs, and the checks on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.data import checks
from components.tags import Tags

STORAGE_CLASSES = {
    "STANDARD_IA": 30,
    "ONEZONE_IA": 30,
    "INTELLIGENT_TIERING": 0,
    "GLACIER_IR": 0,
    "GLACIER": 0,
    "DEEP_ARCHIVE": 0,
}
"""Storage classes of transitions, with the fewest days an object must be old.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
"""
ONE_ZONE = "ONEZONE_IA"


@dataclass(frozen=True, kw_only=True)
class Transition:
    """When objects move to a cheaper storage class."""

    days: int
    """Days after creation."""
    storage_class: str
    """STANDARD_IA (from 30 days), INTELLIGENT_TIERING, GLACIER_IR, GLACIER or DEEP_ARCHIVE."""


@dataclass(frozen=True, kw_only=True)
class BucketReplica:
    """Where a bucket's objects are copied to."""

    region: str
    """Region of the copy, another than the bucket's."""
    kms_key_arn: pulumi.Input[str] | None = None
    """Key of that region; None when the bucket itself uses SSE-S3."""


@dataclass(frozen=True, kw_only=True)
class BucketArgs:
    """What a bucket needs."""

    tags: Tags
    kms_key_arn: pulumi.Input[str] | None = None
    """Customer key (SSE-KMS with a bucket key). None: SSE-S3, the only one that load balancer logs can be
    written with."""
    replica: BucketReplica | None = None
    """Copy every object to a bucket in another region, within 15 minutes by agreement (replication time
    control)."""
    own_policy: bool = True
    """The component writes the bucket's policy (TLS only). False: somebody else does, with
    `tls_only_statements`."""
    log_writers: Sequence[str] = ()
    """Service principals that may write, for this account's resources, e.g.
    "logdelivery.elasticloadbalancing.amazonaws.com"."""
    noncurrent_days: int = 90
    """Days that overwritten and deleted objects can be brought back; 1 or more."""
    abort_multipart_days: int = 7
    """Days after which uploads never finished are removed; 1 or more."""
    expiration_days: int | None = None
    """Days after which objects expire, e.g. logs. None: never."""
    transitions: Sequence[Transition] = ()
    protect: bool = True
    """Pulumi refuses to delete or replace the bucket. AWS deletes no bucket that has objects."""

    def check(self) -> None:
        """Raise ValueError on an argument that AWS would refuse or that undoes resilience."""
        for argument in ("noncurrent_days", "abort_multipart_days", "expiration_days"):
            days = getattr(self, argument)
            if days is not None and days < 1:
                msg = f"{argument} is {days}: allowed is 1 day or more"
                raise ValueError(msg)
        if self.log_writers and not self.own_policy:
            msg = (
                f"log_writers are {list(self.log_writers)} with own_policy False: they are granted in the "
                "bucket's own policy"
            )
            raise ValueError(msg)
        if self.replica is not None and (self.replica.kms_key_arn is None) != (self.kms_key_arn is None):
            msg = "replica.kms_key_arn: to be given exactly when kms_key_arn is, so that both encrypt alike"
            raise ValueError(msg)
        self._check_transitions()

    def _check_transitions(self) -> None:
        before = -1
        for transition in self.transitions:
            checks.one_of("transitions.storage_class", transition.storage_class, STORAGE_CLASSES)
            if transition.storage_class == ONE_ZONE:
                msg = (
                    f"transitions.storage_class is {ONE_ZONE!r}: objects would be lost with their zone; "
                    "use 'STANDARD_IA'"
                )
                raise ValueError(msg)
            least = max(STORAGE_CLASSES[transition.storage_class], before + 1)
            if transition.days < least:
                msg = (
                    f"transitions.days is {transition.days} for {transition.storage_class}: "
                    f"allowed is {least} or more"
                )
                raise ValueError(msg)
            before = transition.days
        if self.expiration_days is not None and before >= self.expiration_days:
            msg = (
                f"expiration_days is {self.expiration_days}: "
                f"allowed is more than the last transition's {before} days"
            )
            raise ValueError(msg)
